"""Who said it first: a fact that is written down when a listing is saved, and never taken over.

Every passage that a platform says and no other vendor said before is kept, with the time. What another vendor said before
is borrowed: it is kept with the platform, for as long as the platform says it, together with the one who said it first. A
later change of the other listing, or its end, changes neither; so how a listing counts depends on nothing but its own
saves, and whoever indexes it reads the fact with it. `catalogue.common.copies` tells what is the same.

An agency's statement is noted too when it is published: whoever then writes it into a listing says nothing of a product.

What a listing said as its own stays its own. Who registers somebody else's text before they do is the first here: only a
reviewer can tell.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation
from catalogue.common import copies

from .models import Platform

NEAREST = 20  # listings with which a new text is compared: those that share most
STATEMENT = "problem:"  # before the key of a published statement; no slug has a colon
HOLDERS = 8  # listings kept for one number; what more say is too common to look anything up by
_AT_ONCE = 500  # values in one query; SQLite takes no more than some thousand parameters
TEXTS = frozenset({*copies.RUNNING, *copies.LISTS})


class SaidPassage(models.Model):
    """A passage, and the vendor that said it first, or independently of who did. Never changed."""

    slug = models.CharField(max_length=80)  # of the platform; it stays when the platform goes
    vendor = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")  # None: a published statement
    key = models.CharField(max_length=16)
    words = models.TextField()  # folded, between single spaces
    said_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="said_passage_once", fields=["key", "vendor"]),)
        indexes = (models.Index(name="said_passage_by_platform", fields=["slug"]),)

    def __str__(self) -> str:
        return f"{self.slug}: {self.words}"


class SaidNumber(models.Model):
    """A number of a passage that was said (see `copies`), by which the listing that said it is found."""

    number = models.BigIntegerField()
    slug = models.CharField(max_length=80)

    class Meta:
        constraints = (models.UniqueConstraint(name="said_number_once", fields=["number", "slug"]),)

    def __str__(self) -> str:
        return f"{self.number} {self.slug}"


class BorrowedPassage(models.Model):
    """A passage of a platform that another vendor's listing, or a published statement, had said before."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="borrowed", verbose_name=_("nền tảng"))
    key = models.CharField(max_length=16)
    text = models.TextField(_("đoạn giống"))
    original = models.ForeignKey(
        Platform, models.SET_NULL, null=True, related_name="+", verbose_name=_("nền tảng đăng trước")
    )
    said_at = models.DateTimeField(_("đăng trước lúc"))

    class Meta:
        verbose_name = _("đoạn giống nền tảng đăng trước")
        verbose_name_plural = _("đoạn giống nền tảng đăng trước")
        ordering = ("platform", "pk")
        constraints = (models.UniqueConstraint(name="borrowed_passage_once", fields=["platform", "key"]),)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Borrowed:
    """A sentence of a listing that stood elsewhere before.

    original: the platform that said it; None when it is not there any more, or it was a published statement.
    key: as of `copies.Passage`, the same for the same passage spelt otherwise.
    """

    sentence: str
    original: Platform | None
    said_at: datetime
    key: str


def borrowed_sentences(platform: Platform) -> list[Borrowed]:
    """Return what the platform's listing says that another vendor's had said before, in the order of the listing."""
    rows = {row.key: row for row in platform.borrowed.select_related("original__vendor")}
    order = dict.fromkeys(passage.key for passage in copies.passages(platform))
    return [Borrowed(row.text, row.original, row.said_at, key) for key in order if (row := rows.get(key))]


def would_borrow(platform: Platform, listing: copies.Listing) -> list[Borrowed]:
    """Return what a text that is not published yet would borrow if it were, in its order. Writes nothing down."""
    passages, _new, found = _told_apart(platform, listing, installed)
    originals = Platform.objects.select_related("vendor").in_bulk(
        {slug for slug, _ in found.values()}, field_name="slug"
    )
    return [
        Borrowed(passage.text, originals.get(found[key][0]), found[key][1], key)
        for key, passage in passages.items()
        if key in found
    ]


@transaction.atomic
def note(platform: Platform, *, now: datetime, tables: Apps = installed) -> None:
    """Write down what the platform says first, and what others said before it. Safe to run twice.

    tables: the models as they are, or as they were for a migration.
    """
    borrowed = tables.get_model("catalogue", "BorrowedPassage")
    passages, new, found = _told_apart(platform, platform, tables)

    earlier = borrowed.objects.filter(platform_id=platform.pk)
    known = set(earlier.values_list("key", flat=True))
    if gone := known - found.keys():
        earlier.filter(key__in=gone).delete()
    slugs = {slug for slug, _ in found.values()}
    originals = dict(tables.get_model("catalogue", "Platform").objects.filter(slug__in=slugs).values_list("slug", "pk"))
    borrowed.objects.bulk_create(
        borrowed(
            platform_id=platform.pk,
            key=key,
            text=passages[key].text,
            original_id=originals.get(slug),
            said_at=said_at,
        )
        for key, (slug, said_at) in found.items()
        if key not in known
    )
    _keep([one for one in new if one.key not in found], platform.slug, platform.vendor_id, now, tables)


@transaction.atomic
def note_statement(text: str, *, key: str, now: datetime) -> None:
    """Write down that an agency published this statement: what a listing has of it later is borrowed.

    key: of the published problem. Only for what an agency known to the site published: else anybody could say first what
    a vendor is about to.
    """
    passages = {passage.key: passage for passage in copies.passages_of(text)}
    kept = SaidPassage.objects.filter(key__in=passages).values_list("key", flat=True)
    new = [passages[key] for key in passages.keys() - set(kept)]
    _keep(sorted(new, key=lambda passage: passage.key), f"{STATEMENT}{key}", None, now, installed)


def note_all(tables: Apps = installed) -> None:
    """Write it down for platforms that were there before this was: the older first, equals by slug."""
    for platform in tables.get_model("catalogue", "Platform").objects.order_by("created_at", "slug").iterator(500):
        note(platform, now=platform.created_at, tables=tables)


def _told_apart(
    platform: Platform, text: copies.Listing, tables: Apps
) -> tuple[dict[str, copies.Passage], list[copies.Passage], dict[str, tuple[str, datetime]]]:
    """Return the passages of a text by key; those that neither the platform nor its vendor said yet; and, of these, who did."""
    passages = {passage.key: passage for passage in copies.passages(text)}
    family = _family(platform.vendor_id, tables)
    own = Q(vendor__in=family) | Q(slug=platform.slug)
    said = tables.get_model("catalogue", "SaidPassage").objects.filter(own)
    kept = {key for some in _some(passages) for key in said.filter(key__in=some).values_list("key", flat=True)}
    new = [passage for key, passage in passages.items() if key not in kept]
    return passages, new, _before(new, platform.slug, family, tables) if new else {}


def _family(vendor: int, tables: Apps) -> set[int]:
    """Return the vendor and the firms of its group: a mother and her daughters may share what they say."""
    organisations = tables.get_model("catalogue", "Organisation").objects
    root, seen = vendor, {vendor}
    while (parent := organisations.values_list("parent_id", flat=True).get(pk=root)) and parent not in seen:
        root = parent
        seen.add(root)
    group = {*seen, root}
    while more := set(organisations.filter(parent__in=group).exclude(pk__in=group).values_list("pk", flat=True)):
        group |= more
    return group


def _before(
    new: Sequence[copies.Passage], slug: str, family: set[int], tables: Apps
) -> dict[str, tuple[str, datetime]]:
    """Return which of these passages another vendor said before: by key, who (a slug), and since when it is known."""
    numbers = copies.sampled(number for passage in new for number in passage.numbers)
    shared: Counter[str] = Counter()
    for some in _some(numbers):
        held = tables.get_model("catalogue", "SaidNumber").objects.filter(number__in=some)
        shared.update(held.exclude(slug=slug).values_list("slug", flat=True))
    near = [one for one, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:NEAREST]]
    rows = (
        tables.get_model("catalogue", "SaidPassage")
        .objects.filter(slug__in=near)
        .exclude(vendor__isnull=False, vendor__in=family)
        .order_by("pk")
        .values_list("slug", "vendor_id", "words", "said_at")
    )
    others: defaultdict[str, frozenset[int]] = defaultdict(frozenset)
    vendors: dict[str, int | str] = {}
    since: dict[str, datetime] = {}
    for other, vendor, words, said_at in rows:
        others[other] |= copies.numbers(words.split())
        vendors.setdefault(other, vendor or other)
        since.setdefault(other, said_at)
    return {key: (other, since[other]) for key, other in copies.borrowed(new, others, vendors).items()}


def _keep(first: Sequence[copies.Passage], slug: str, vendor: int | None, now: datetime, tables: Apps) -> None:
    """Keep what is said first. Two who say the same at the same moment are both first."""
    said, number = tables.get_model("catalogue", "SaidPassage"), tables.get_model("catalogue", "SaidNumber")
    said.objects.bulk_create(
        (
            said(
                slug=slug,
                vendor_id=vendor,
                key=passage.key,
                words=" ".join(passage.words),
                said_at=now,
            )
            for passage in first
        ),
        ignore_conflicts=True,
    )
    numbers = copies.sampled(one for passage in first for one in passage.numbers)
    held: Counter[int] = Counter()
    for some in _some(numbers):
        held.update(number.objects.filter(number__in=some).values_list("number", flat=True))
    number.objects.bulk_create(
        (number(number=one, slug=slug) for one in sorted(numbers) if held[one] < HOLDERS),
        batch_size=_AT_ONCE,
        ignore_conflicts=True,
    )


def _some(values: Iterable[Any]) -> Iterator[list[Any]]:
    wanted = list(values)
    return (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))
