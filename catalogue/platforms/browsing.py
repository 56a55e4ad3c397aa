"""The list of platforms: which ones, in which order, and how many would be behind every other choice.

Values of one facet widen the choice (but a leaf stands for its group), facets narrow it. The count beside a value says how many platforms there would be
with it, everything chosen in the other facets kept. Page and API ask here, so that both always agree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, overload

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalogue.common.text import fold

from . import search
from .choices import Assurance, Deployment, Freshness, PricingModel, Status
from .models import Category, Platform
from .querysets import PlatformQuerySet

CLOSED: dict[str, type[TextChoices]] = {
    "deployment": Deployment,
    "pricing": PricingModel,
    "assurance": Assurance,
    "status": Status,
    "confirmed": Freshness,
}
FACETS = ("category", "vendor", "province", *CLOSED)
TEXT = "q"  # what was typed narrows like a facet
LONGEST_TEXT = 200


class Sort(TextChoices):
    RELEVANCE = "relevance", _("Sát từ tìm nhất")
    CONFIRMED = "confirmed", _("Xác nhận mới nhất")
    NAME = "name", _("Tên")


@dataclass(frozen=True)
class Chosen:
    """What a visitor asks of the list. A facet without values leaves all in."""

    text: str = ""
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sort: Sort | None = None

    def of(self, facet: str) -> frozenset[str]:
        return self.values.get(facet, frozenset())

    def without(self, facet: str, value: str | None = None) -> Chosen:
        """Return the choice without one value of a facet, or without the whole facet (`TEXT`: what was typed)."""
        if facet == TEXT:
            return replace(self, text="")
        kept = self.of(facet) - {value} if value is not None else frozenset[str]()
        return replace(self, values={**self.values, facet: kept})

    @property
    def is_empty(self) -> bool:
        return not self.text.strip() and not any(self.values.values())

    @property
    def order(self) -> Sort:
        """The order asked for, where it makes sense: nothing is relevant to no words."""
        if self.text.strip():
            return self.sort or Sort.RELEVANCE
        return self.sort if self.sort and self.sort != Sort.RELEVANCE else Sort.CONFIRMED


@dataclass(frozen=True, slots=True)
class Row:
    pk: int
    name: str
    confirmed: date | None
    values: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Found:
    """The platforms in order, the count beside each value, and how many there would be without a whole facet."""

    pks: list[int]
    counts: Mapping[str, Counter[str]]
    without: Counter[str]  # only those that nothing else keeps out
    answer: search.Answer | None


# What is read of a platform to know its values of a facet.
_COLUMNS: dict[str, tuple[str, ...]] = {
    "category": ("category_id",),
    "vendor": ("vendor__key", "vendor__short_name"),
    "province": ("vendor__province_id", "vendor__province__name"),
    "deployment": ("deployment",),
    "pricing": ("pricing_model",),
    "assurance": ("assurance",),
    "status": ("status",),
    "confirmed": ("assured_on",),
}


class Shelf:
    """The facets of all platforms somebody may see, read in three queries whatever their number.

    facets: the only ones that are read, and so can be chosen or counted. Without the category it is one query.
    """

    def __init__(self, rows: PlatformQuerySet, facets: Sequence[str] = FACETS) -> None:
        self.facets = facets
        self._a_year_ago = Freshness.YEAR.since(timezone.localdate())
        self.categories: dict[int, Category] = {}
        self.names: dict[str, dict[str, str]] = {"vendor": {}, "province": {}}
        self._known_places: dict[tuple[int, ...], frozenset[str]] = {}
        self._also: defaultdict[int, list[int]] = defaultdict(list)
        if "category" in facets:
            self.categories = {one.pk: one for one in Category.objects.select_related("parent", "scheme")}
            for platform, category in Platform.also.through.objects.values_list("platform_id", "category_id"):
                self._also[platform].append(category)
        columns = ["pk", "name", "assured_on", *(column for facet in facets for column in _COLUMNS[facet])]
        self.rows = [self._row(row) for row in rows.order_by().values(*columns)]

    def _row(self, row: Mapping[str, Any]) -> Row:
        values = {facet: self._values(facet, row) for facet in self.facets}
        return Row(row["pk"], row["name"], row["assured_on"], values)

    def _values(self, facet: str, row: Mapping[str, Any]) -> frozenset[str]:
        value, *label = (row[column] for column in _COLUMNS[facet])
        if facet == "category":
            return self._places(value, *self._also.get(row["pk"], ()))
        if facet == "deployment":
            return _set(*value)
        if facet == "confirmed":
            return _set(Freshness.YEAR.value) if value and value >= self._a_year_ago else _set()
        if label and value:
            self.names[facet][value] = label[0]
        return _set(value) if value else _set()

    def _places(self, *leaves: int) -> frozenset[str]:
        """Return the keys of the leaves and of their groups."""
        if leaves not in self._known_places:
            found = [self.categories[leaf] for leaf in leaves]
            groups = [category.parent.key for category in found if category.parent]
            self._known_places[leaves] = _set(*(category.key for category in found), *groups)
        return self._known_places[leaves]

    def _narrowest(self, wanted: frozenset[str]) -> frozenset[str]:
        """Leave out a group of which a leaf is wanted: the leaf says which part of it."""
        narrowed = {leaf.parent.key for leaf in self.categories.values() if leaf.parent and leaf.key in wanted}
        return wanted - narrowed

    def known(self, chosen: Chosen) -> tuple[Chosen, list[str]]:
        """Return the choice without values that do not exist, and those values."""
        exist: dict[str, set[str]] = {
            "category": {category.key for category in self.categories.values()},
            **{facet: set(names) for facet, names in self.names.items()},
            **{facet: set(choices.values) for facet, choices in CLOSED.items()},
        }
        unknown = [value for facet in FACETS for value in sorted(chosen.of(facet) - exist[facet])]
        return replace(chosen, values={facet: chosen.of(facet) & exist[facet] for facet in FACETS}), unknown

    def order(self, chosen: Chosen) -> list[int]:
        """Return the platforms of the choice in their order, and count nothing."""
        answer = _answer(chosen)
        asked = self._asked(chosen)
        inside = [row for row in self.rows if next(_against(row, asked, answer), None) is None]
        return [row.pk for row in _ordered(inside, chosen.order, answer)]

    def find(self, chosen: Chosen) -> Found:
        answer = _answer(chosen)
        asked = self._asked(chosen)
        inside: list[Row] = []
        counts: dict[str, Counter[str]] = {facet: Counter() for facet in self.facets}
        without: Counter[str] = Counter()
        for row in self.rows:
            against = list(_against(row, asked, answer))
            if not against:
                inside.append(row)
                for facet, values in row.values.items():
                    counts[facet].update(values)
            elif len(against) == 1:
                without[against[0]] += 1
                if against[0] != TEXT:
                    counts[against[0]].update(row.values[against[0]])
        return Found([row.pk for row in _ordered(inside, chosen.order, answer)], counts, without, answer)

    def _asked(self, chosen: Chosen) -> list[tuple[str, frozenset[str]]]:
        wanted_of = {facet: chosen.of(facet) for facet in FACETS} | {"category": self._narrowest(chosen.of("category"))}
        return [(facet, wanted) for facet, wanted in wanted_of.items() if wanted]


def _answer(chosen: Chosen) -> search.Answer | None:
    return search.current().search(chosen.text[:LONGEST_TEXT]) if chosen.text.strip() else None


def _against(row: Row, asked: list[tuple[str, frozenset[str]]], answer: search.Answer | None) -> Iterator[str]:
    """Yield what keeps a platform out: facets, and TEXT."""
    for facet, wanted in asked:
        if not wanted & row.values[facet]:
            yield facet
    if answer is not None and row.pk not in answer.scores:
        yield TEXT


@lru_cache(maxsize=10_000)
def _set(*values: str) -> frozenset[str]:
    return frozenset(values)


@lru_cache(maxsize=50_000)
def _alphabetical(name: str) -> str:
    return fold(name).lower()


def _ordered(rows: list[Row], order: Sort, answer: search.Answer | None) -> list[Row]:
    rows = sorted(rows, key=lambda row: (_alphabetical(row.name), row.pk))
    if order == Sort.CONFIRMED:
        rows.sort(key=lambda row: row.confirmed or date.min, reverse=True)
    elif order == Sort.RELEVANCE and answer is not None:
        rows.sort(key=lambda row: -answer.scores[row.pk])
    return rows


class Cards(Sequence[Platform]):
    """The found platforms in order; rows are read when a page of them is taken."""

    def __init__(self, rows: PlatformQuerySet, pks: Sequence[int]) -> None:
        self._rows, self._pks = rows, pks

    def __len__(self) -> int:
        return len(self._pks)

    @overload
    def __getitem__(self, at: int) -> Platform: ...
    @overload
    def __getitem__(self, at: slice) -> list[Platform]: ...
    def __getitem__(self, at: int | slice) -> Platform | list[Platform]:
        if isinstance(at, int):
            return self._rows.get(pk=self._pks[at])
        wanted = self._pks[at]
        read = {platform.pk: platform for platform in self._rows.filter(pk__in=wanted)}
        return [read[pk] for pk in wanted if pk in read]
