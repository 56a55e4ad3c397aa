"""How an agency answers those who answered it: what everybody reads of its problems, and how long it has been silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from catalogue.accounts.models import Organisation, OrganisationKind
from catalogue.accounts.scopes import OrganisationQuerySet

from . import judging
from .models import Problem
from .querysets import ProblemQuerySet
from .states import State


@dataclass(frozen=True, slots=True)
class Silent:
    """A problem that is over and has no outcome, and for how many whole days."""

    problem: Problem
    days: int


@dataclass(frozen=True, slots=True)
class Standing:
    """An agency's public problems by state, each state named; and those without an outcome, the longest first."""

    by_state: dict[State, int]
    silent: list[Silent]


def agencies() -> OrganisationQuerySet:
    """Return the agencies that everybody knows of: they posted something that everybody reads."""
    posted = Problem.objects.public().values("agency")
    return Organisation.objects.filter(kind=OrganisationKind.AGENCY, pk__in=posted)


def public_problems(agency: Organisation) -> ProblemQuerySet:
    return Problem.objects.public().filter(agency=agency)


def standing(agency: Organisation, now: datetime) -> Standing:
    problems = public_problems(agency)
    counts = problems.by_stage(now)
    over = problems.at_stage(State.CLOSED, now).order_by("closes_at", "pk")
    silent = [Silent(one, judging.silent_days(one, now) or 0) for one in over]
    return Standing({state: counts.get(state, 0) for state in State.public()}, silent)
