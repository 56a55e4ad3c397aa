"""What can be done with a problem. One function a use case; the guard of each step is one conditional UPDATE."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal

from catalogue.accounts.models import OrganisationKind
from catalogue.platforms import originals

from .errors import ClosingTimePast, IllegalMove, ProblemIncomplete, ReasonMissing, StillOpen
from .models import Problem
from .states import Ending, State

moved = Signal()  # after commit; problem_id: int, state: State


@transaction.atomic
def publish(problem: Problem, *, closes_at: datetime, now: datetime) -> None:
    """Show a draft to everybody, to be answered until `closes_at`.

    Raises ProblemIncomplete, ClosingTimePast, IllegalMove.
    """
    missing = problem.missing()
    if problem.agency.kind != OrganisationKind.AGENCY:
        missing.append(str(Problem._meta.get_field("agency").verbose_name))
    if missing:
        raise ProblemIncomplete(missing)
    if closes_at <= now:
        raise ClosingTimePast
    _move(problem, State.PUBLISHED, now=now, posted_at=now, closes_at=closes_at)
    # Who writes it into a listing from now on says nothing of a product.
    said = "\n".join((problem.title, problem.today, problem.affected, problem.outcome))
    originals.note_statement(said, key=problem.slug, now=now)


@transaction.atomic
def close(problem: Problem, *, now: datetime) -> None:
    """Note that the time for answers is over. Raises StillOpen before that, IllegalMove."""
    if problem.state == State.PUBLISHED and problem.stage_at(now) == State.PUBLISHED:
        raise StillOpen
    _move(problem, State.CLOSED, Q(closes_at__lte=now), now=now, closed_at=now)


@transaction.atomic
def end(problem: Problem, *, ending: Ending, reason: str, now: datetime) -> None:
    """Tell what became of a problem, and why; one that is over and not noted so is closed on the way.

    Raises ReasonMissing, StillOpen, IllegalMove.
    """
    reason = _told(reason)
    if problem.state == State.PUBLISHED:
        close(problem, now=now)
    _move(problem, State.ENDED, now=now, ending=ending, reason=reason, ended_at=now)


@transaction.atomic
def withdraw(problem: Problem, *, reason: str, now: datetime) -> None:
    """Take an open problem back, and say why. It stays readable. Raises ReasonMissing, IllegalMove once it is over."""
    reason = _told(reason)
    _move(problem, State.WITHDRAWN, Q(closes_at__gt=now), now=now, reason=reason, ended_at=now)


def _told(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()


def _move(problem: Problem, target: State, guard: Q | None = None, *, now: datetime, **changes: Any) -> None:
    """Take one legal step, or raise IllegalMove and change nothing: of two who try at once, one wins."""
    rows = Problem.objects.filter(guard or Q(), pk=problem.pk, state__in=target.sources)
    won = rows.update(state=target, updated_at=now, **changes)
    problem.refresh_from_db()
    if not won:
        raise IllegalMove(problem.stage_at(now), target)
    transaction.on_commit(partial(_announce, problem.pk, target))


def _announce(problem_id: int, state: State) -> None:
    moved.send(Problem, problem_id=problem_id, state=state)
