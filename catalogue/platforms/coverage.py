"""How many products stand in a category, and how far they were checked. Every product counts once in a leaf or a group."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F

from .choices import Assurance
from .querysets import PlatformQuerySet


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers of products by level."""

    listed: int = 0
    public_record: int = 0
    vetted: int = 0

    @property
    def total(self) -> int:
        return self.listed + self.public_record + self.vetted


def of(platforms: PlatformQuerySet) -> Coverage:
    """Count the platforms by level. One query."""
    rows = platforms.order_by().values_list("assurance").annotate(n=Count("pk", distinct=True))
    return Coverage(**{Assurance(level).value: n for level, n in rows})


def by_leaf(platforms: PlatformQuerySet) -> dict[int, Coverage]:
    """Count by leaf, the further categories of a platform included. Two queries, however many platforms."""
    return _by(platforms, "category", "also")


def by_group(platforms: PlatformQuerySet) -> dict[int, Coverage]:
    """Count by group; a platform in two leaves of a group counts once. Two queries, however many platforms."""
    return _by(platforms, "category__parent", "also__parent")


def _by(platforms: PlatformQuerySet, first: str, further: str) -> dict[int, Coverage]:
    """Count what stands first in a category, and what stands there further and not first."""
    numbers: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    standing = platforms.order_by().annotate(stands_in=F(first))
    besides = platforms.order_by().annotate(stands_in=F(further)).exclude(stands_in=None).exclude(stands_in=F(first))
    for rows in (standing, besides):
        for row in rows.values("stands_in", "assurance").annotate(n=Count("pk", distinct=True)):
            numbers[row["stands_in"]][row["assurance"]] += row["n"]
    return {category: Coverage(**levels) for category, levels in numbers.items()}
