"""How many wait at each step and how many of them are late: counts that anybody may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from .challenges import Appeal, Challenge
from .models import Submission
from .service_levels import ServiceLevel
from .states import State


@dataclass(frozen=True, slots=True)
class Waiting:
    """One step: how many working days it may take (None: no term), how many are in it, how many of those are late."""

    step: str
    label: str
    days: int | None
    open: int
    late: int


# Drafts are their vendor's own and have no clock.
_STEPS = [state for state in State.open() if state != State.DRAFT]


def waiting(today: date) -> list[Waiting]:
    """Return every step that somebody is waited for in, in their order: four queries."""
    levels = {level.step: level for level in ServiceLevel.objects.all()}
    rows = Submission.objects.filter(state__in=_STEPS).order_by().values("state")
    counted = {row["state"]: row for row in rows.annotate(n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))}
    found = {step.value: _numbers(counted.get(step)) for step in _STEPS}
    for step, model in (("challenge", Challenge), ("appeal", Appeal)):
        late = Count("pk", filter=Q(due_on__lt=today))
        found[step] = _numbers(model.objects.open().order_by().aggregate(n=Count("pk"), late=late))
    labels = {step.value: str(step.label) for step in _STEPS} | {
        "challenge": str(Challenge._meta.verbose_name),
        "appeal": str(Appeal._meta.verbose_name),
    }
    return [
        Waiting(step, labels[step].capitalize(), levels[step].days if step in levels else None, *numbers)
        for step, numbers in found.items()
    ]


def _numbers(row: Any) -> tuple[int, int]:
    return (row["n"], row["late"]) if row else (0, 0)
