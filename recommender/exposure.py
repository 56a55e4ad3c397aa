"""How often products are shown, and what they were nearly shown for: counts of whole days, taken from recorded answers.

A count says neither what anybody asked nor who. What a product was nearly shown for is told only where at least FEWEST
questions lie behind it, so that no single one can be read off.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min, Sum
from django.utils import timezone

from . import services, store
from .engine.index import Index
from .engine.semantic import EmbedderDown
from .engine.whynot import Obstacle, near_misses
from .models import Band, CountedDay, Exposure, NearMiss, Run

logger = logging.getLogger(__name__)
WITHIN = 20  # candidates that count as near
FEWEST = 5  # questions behind whatever is told of near misses
WINDOWS = (30, 90)  # days
WEEKS = 13
FEW = 200  # answers that may be counted while a page waits, where there is no worker
_AT_ONCE = 200  # answers held in memory
_ROWS = 500


@dataclass(slots=True)
class Tally:
    """What one day's answers come to. shown: by (platform, band, leaf); near: by (platform, obstacle, leaf)."""

    runs: int = 0
    shown: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    near: Counter[tuple[str, str, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Near:
    """A product came near to so many questions about a leaf, and this is what kept it out."""

    platform: str
    leaf: str
    obstacle: Obstacle
    questions: int


# Counting


def count(now: datetime) -> int:
    """Count every whole day up to yesterday that was not counted yet; return how many. Safe to run twice, and at once."""
    days = list(_due(now))
    for day in days:
        _keep(day, tally(day))
    return len(days)


def catch_up(now: datetime) -> None:
    """Where no worker counts at night, count before a page shows it, as long as that is quick."""
    if settings.CELERY_TASK_ALWAYS_EAGER:
        days = list(_due(now))
        if days and Run.objects.filter(created_at__range=(_begin(days[0]), _begin(days[-1] + _DAY))).count() <= FEW:
            count(now)


def tally(day: date) -> Tally:
    """Count the answers of a day. What came near is asked again of the catalogue as it stands."""
    found = Tally()
    index = store.store().current()
    runs = Run.objects.filter(created_at__gte=_begin(day), created_at__lt=_begin(day + _DAY)).defer("engine")
    for run in runs.order_by("created_at", "pk").iterator(chunk_size=_AT_ONCE):
        found.runs += 1
        leaf = run.answer["needs"][0]["category"] if run.answer["needs"] else ""
        shown = [(hit["platform"], Band.of_rank(hit["rank"])) for hit in run.answer["results"]]
        apart = [(hit["platform"], Band.APART) for hit in run.answer["also_listed"]]
        found.shown.update((platform, band.value, leaf) for platform, band in [*shown, *apart])
        if leaf and not run.abstained and not run.answer.get("parent"):
            results = {platform for platform, _band in shown}
            for platform, obstacle in _near(run, index).items():
                if platform not in results:
                    found.near[platform, obstacle.value, leaf] += 1
    return found


def _near(run: Run, index: Index) -> dict[str, Obstacle]:
    asked = services.Asked.again(run)
    wanted: dict[str, Any] = {
        "required": asked.required, "min_assurance": asked.min_assurance, "top": asked.top, "within": WITHIN,
    }  # fmt: skip
    try:
        return near_misses(asked.statement, index, services.embedder_of(index), **wanted)
    except EmbedderDown as trouble:
        logger.warning("no vector for a statement; counted by words alone", extra={"trouble": str(trouble)})
        return near_misses(asked.statement, index, None, **wanted)


@transaction.atomic
def _keep(day: date, found: Tally) -> None:
    """Write a day down in place of whatever was written of it. The lock lets one at a time do so."""
    CountedDay.objects.get_or_create(day=day, defaults={"runs": found.runs})
    CountedDay.objects.select_for_update().get(day=day)
    CountedDay.objects.filter(day=day).update(runs=found.runs)
    Exposure.objects.filter(day=day).delete()
    NearMiss.objects.filter(day=day).delete()
    Exposure.objects.bulk_create(
        (
            Exposure(day=day, platform=platform, band=band, leaf=leaf, count=n)
            for (platform, band, leaf), n in found.shown.items()
        ),
        batch_size=_ROWS,
    )
    NearMiss.objects.bulk_create(
        (
            NearMiss(day=day, platform=platform, obstacle=obstacle, leaf=leaf, count=n)
            for (platform, obstacle, leaf), n in found.near.items()
        ),
        batch_size=_ROWS,
    )


_DAY = timedelta(days=1)


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _due(now: datetime) -> Iterator[date]:
    last = CountedDay.objects.aggregate(last=Max("day"))["last"]
    first = Run.objects.aggregate(first=Min("created_at"))["first"] if last is None else None
    day = last + _DAY if last else timezone.localdate(first) if first else None
    while day is not None and day < timezone.localdate(now):
        yield day
        day += _DAY


# Reading


def counted_until() -> date | None:
    """Return the last day that was counted."""
    return CountedDay.objects.aggregate(last=Max("day"))["last"]


def shown(platforms: Collection[str], since: date) -> dict[str, dict[Band, int]]:
    """Return for each product in how many answers it stood in each band, from that day on."""
    rows = (
        Exposure.objects.filter(platform__in=platforms, day__gte=since)
        .values_list("platform", "band")
        .annotate(n=Sum("count"))
    )
    found: dict[str, dict[Band, int]] = {platform: {} for platform in platforms}
    for platform, band, n in rows:
        found[platform][Band(band)] = n
    return found


def by_week(platforms: Collection[str], until: date) -> list[tuple[date, dict[Band, int]]]:
    """Return for each of the WEEKS weeks that end with that day its first day, and the counts of all these products."""
    first = until - timedelta(days=7 * WEEKS - 1)
    weeks: list[tuple[date, dict[Band, int]]] = [(first + timedelta(days=7 * at), {}) for at in range(WEEKS)]
    rows = (
        Exposure.objects.filter(platform__in=platforms, day__gte=first, day__lte=until)
        .values_list("day", "band")
        .annotate(n=Sum("count"))
    )
    for day, band, n in rows:
        of_week = weeks[(day - first).days // 7][1]
        of_week[Band(band)] = of_week.get(Band(band), 0) + n
    return weeks


def nearly(platforms: Collection[str], since: date) -> list[Near]:
    """Return what products were nearly shown for, most often first; nothing of groups of fewer than FEWEST questions."""
    rows = (
        NearMiss.objects.filter(platform__in=platforms, day__gte=since)
        .values_list("platform", "leaf", "obstacle")
        .annotate(n=Sum("count"))
        .filter(n__gte=FEWEST)
        .order_by("-n", "platform", "leaf", "obstacle")
    )
    return [Near(platform, leaf, Obstacle(obstacle), n) for platform, leaf, obstacle, n in rows]
