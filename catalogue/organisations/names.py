"""Names by which organisations are found: of today, of before the mergers of 2025, and as people write them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation
from catalogue.accounts.scopes import OrganisationQuerySet
from catalogue.common import tax_codes
from catalogue.common.models import one_of
from catalogue.common.text import name_words, words
from catalogue.lexicon.models import Abbreviation
from catalogue.places.models import NameKind, Province, ProvinceKind, ProvinceName

LONGEST_QUERY = 200  # characters
MOST_FOUND = 20
SYLLABLE = 2  # letters: an abbreviation so short is an ordinary syllable in lower case


class OrganisationName(models.Model):
    """Another name of an organisation: one of before, with when it ended, or another way to write it."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names", verbose_name=_("tổ chức"))
    kind = models.CharField(_("loại"), max_length=10, choices=NameKind)
    name = models.CharField(_("tên"), max_length=200)
    folded = models.CharField(max_length=210, editable=False)
    valid_from = models.DateField(_("có hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("có hiệu lực đến"), null=True, blank=True)
    source = models.CharField(_("căn cứ"), max_length=300)

    class Meta:
        verbose_name = _("tên khác của tổ chức")
        verbose_name_plural = _("tên khác của tổ chức")
        ordering = ("organisation", "kind", "name")
        constraints = (
            one_of("kind", NameKind, "organisation_name_kind_known"),
            models.UniqueConstraint(name="organisation_name_once", fields=["organisation", "kind", "folded"]),
            models.CheckConstraint(name="organisation_name_has_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="organisation_former_name_has_end", condition=~Q(kind="former") | Q(valid_to__isnull=False)
            ),
            models.CheckConstraint(
                name="organisation_name_begins_before_it_ends",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=models.F("valid_to")),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = f" {name_words(self.name)} "
        super().save(*args, **kwargs)


class Renaming(models.Model):
    """A kind of office that changed its name everywhere: each province's department of information is one of science now."""

    former = models.CharField(_("tên trước"), max_length=150)
    folded = models.CharField(max_length=150, unique=True, editable=False)
    name = models.CharField(_("tên nay"), max_length=150)
    valid_to = models.DateField(_("tên trước có hiệu lực đến"))
    source = models.CharField(_("căn cứ"), max_length=300)

    class Meta:
        verbose_name = _("cơ quan đổi tên")
        verbose_name_plural = _("cơ quan đổi tên")
        ordering = ("former",)
        constraints = (models.CheckConstraint(name="renaming_has_source", condition=~Q(source="")),)

    def __str__(self) -> str:
        return f"{self.former} → {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = words(self.former)
        super().save(*args, **kwargs)


def find(rows: OrganisationQuerySet, text: str) -> list[Organisation]:
    """Return at most MOST_FOUND of the rows whose name, old or new, holds every word typed; the words in a row come first.

    Marks, case and abbreviations do not matter, and the last word need not be whole. A company's tax code finds it too;
    nobody is found by a person's.
    """
    typed = words(text[:LONGEST_QUERY])
    if not typed:
        return []
    asked = list(dict.fromkeys(name_words(reading) for reading in _readings(typed)))
    found, phrase = _by_tax_code(text), Q()
    for reading in asked:
        found |= _holding([*(f" {word} " for word in reading.split()[:-1]), f" {reading.split()[-1]}"])
        phrase |= _holding([f" {reading}"])
    first = Case(When(phrase, then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(rows.filter(found).select_related("province").order_by(first, "name", "pk")[:MOST_FOUND])


def named_exactly(rows: OrganisationQuerySet, name: str) -> OrganisationQuerySet:
    """Those of the rows that bear just this name, today or before."""
    folded = name_words(name)
    same = OrganisationName.objects.filter(organisation=OuterRef("pk"), folded=f" {folded} ")
    return rows.filter(Q(folded__startswith=f" {folded} |") | Q(folded__endswith=f"| {folded} ") | Q(Exists(same)))


def name_of_today(text: str) -> str:
    """Return what a renamed office of a province is called now, "" when the text names none.

    "Sở TT&TT Hà Giang" → "Sở Khoa học và Công nghệ tỉnh Tuyên Quang".
    """
    full = name_words(_replace(words(text[:LONGEST_QUERY]), _abbreviations()))
    for office in Renaming.objects.all():
        if not f"{full} ".startswith(f"{office.folded} "):
            continue
        province = _province_called(full.removeprefix(office.folded).strip())
        if province:
            title = "thành phố" if province.kind == ProvinceKind.CITY else "tỉnh"
            return f"{office.name} {title} {province.name}"
    return ""


def _province_called(name: str) -> Province | None:
    for row in ProvinceName.objects.select_related("province"):
        if name_words(row.name) == name:
            return row.province
    return next((row for row in Province.objects.all() if name_words(row.name) == name), None)


def _readings(typed: str) -> list[str]:
    """Return what was typed, with its abbreviations written out, and in the words of today."""
    full = _replace(typed, _abbreviations())
    return [typed, full, _replace(_replace(full, _renamed()), _provinces())]


def _holding(pieces: list[str]) -> Q:
    """Every piece within one of the names, not one here and one there."""
    own = Q()
    names = OrganisationName.objects.filter(organisation=OuterRef("pk"))
    for piece in dict.fromkeys(pieces):
        own &= Q(folded__contains=piece)
        names = names.filter(folded__contains=piece)
    return own | Q(Exists(names))


def _by_tax_code(text: str) -> Q:
    try:
        code = tax_codes.normalised(text)
    except tax_codes.WrongTaxCode:
        return Q(pk__in=[])
    return Q(tax_code=code) if tax_codes.is_public(code) else Q(pk__in=[])


def _replace(text: str, table: dict[str, str]) -> str:
    """Replace whole words, the longest first, each place once."""
    parts, rest = text.split(), 0
    longest = max((len(key.split()) for key in table), default=0)
    given: list[str] = []
    while rest < len(parts):
        for size in range(min(longest, len(parts) - rest), 0, -1):
            if (key := " ".join(parts[rest : rest + size])) in table:
                given.append(table[key])
                rest += size
                break
        else:
            given.append(parts[rest])
            rest += 1
    return " ".join(given)


def _abbreviations() -> dict[str, str]:
    """Those that mean one thing only, and are no word by themselves."""
    return {
        words(short): words(entry.expansions[0])
        for entry in Abbreviation.objects.all()
        if len(entry.expansions) == 1
        for written in [entry.short, *entry.also]
        for short in [written, written.replace("&", "").replace("-", "")]
        if len(words(short)) > SYLLABLE
    }


def _renamed() -> dict[str, str]:
    return {row.folded: words(row.name) for row in Renaming.objects.all()}


def _provinces() -> dict[str, str]:
    rows = ProvinceName.objects.select_related("province")
    return {words(row.name): words(row.province.name) for row in rows}
