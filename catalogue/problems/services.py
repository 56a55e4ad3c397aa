"""What can be done with a problem. One function a use case; the guard of each step is one conditional UPDATE."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.dispatch import Signal
from django.utils import timezone

from catalogue.accounts.models import OrganisationKind, User
from catalogue.audit.record import record
from catalogue.common import working_days
from catalogue.platforms import originals

from . import news, returns, telling
from .errors import (
    ClosingTimePast,
    IllegalMove,
    NotOpen,
    ProblemIncomplete,
    ReasonMissing,
    ResponderUntold,
    StillOpen,
)
from .models import Problem
from .proposals import Proposal
from .states import Ending, Route, State

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
    _move(problem, State.PUBLISHED, now=now, posted_at=now, closes_at=closes_at, reason="")
    # Who writes it into a listing from now on says nothing of a product.
    said = "\n".join((problem.title, problem.today, problem.affected, problem.outcome))
    originals.note_statement(said, key=problem.slug, now=now)


@transaction.atomic
def hand_to_ministry(problem: Problem, *, now: datetime) -> None:
    """Put a problem into the ministry's queue. Raises ProblemIncomplete, ClosingTimePast, IllegalMove."""
    if missing := problem.missing():
        raise ProblemIncomplete(missing)
    if problem.closes_at is None or problem.closes_at <= now:
        raise ClosingTimePast
    _move(problem, State.MODERATION, Q(route=Route.MINISTRY), now=now, submitted_at=now, reason="")
    news.tell_ministry(problem, at=now)


@transaction.atomic
def take_back(problem: Problem, *, now: datetime) -> None:
    """Make a draft again of what waits for the ministry. Raises IllegalMove once it was decided."""
    _move(problem, State.DRAFT, now=now, submitted_at=None)


@transaction.atomic
def publish_for_agency(problem: Problem, *, by: User, now: datetime) -> None:
    """Publish what an agency sent through the ministry. Raises what `publish` does.

    Working days that it waited here are added to the time for answers: the firms lose none of them.
    """
    current = Problem.objects.select_for_update().get(pk=problem.pk)
    if current.state != State.MODERATION or current.closes_at is None or current.submitted_at is None:
        raise IllegalMove(current.stage_at(now), State.PUBLISHED)
    publish(problem, closes_at=_prolonged(current.closes_at, current.submitted_at, now), now=now)
    record("problem.moderated", problem, by=by, at=now, published=True)
    news.tell_agency(problem, "published", at=now)


def _prolonged(closes_at: datetime, submitted_at: datetime, now: datetime) -> datetime:
    waited = working_days.between(timezone.localdate(submitted_at), timezone.localdate(now))
    if waited <= 0:
        return closes_at
    local = timezone.localtime(closes_at)
    day = working_days.add(local.date(), waited)
    return local.replace(year=day.year, month=day.month, day=day.day)


@transaction.atomic
def return_to_agency(problem: Problem, *, reason: str, by: User, now: datetime) -> None:
    """Have an agency write anew what it sent in, and say why. Raises ReasonMissing, IllegalMove."""
    _move(problem, State.RETURNED, now=now, reason=_told(reason))
    returns.keep(problem, by=by, now=now)
    record("problem.moderated", problem, by=by, at=now, published=False)
    news.tell_agency(problem, "returned", at=now)


def must_be_open(problem: Problem, *, now: datetime) -> None:
    """Raise NotOpen unless it can be answered."""
    if not Problem.objects.open(now).filter(pk=problem.pk).exists():
        raise NotOpen


@transaction.atomic
def close(problem: Problem, *, now: datetime) -> None:
    """Note that the time for answers is over. Raises StillOpen before that, IllegalMove."""
    if problem.state == State.PUBLISHED and problem.stage_at(now) == State.PUBLISHED:
        raise StillOpen
    _move(problem, State.CLOSED, Q(closes_at__lte=now), now=now, closed_at=now)


@transaction.atomic
def end(problem: Problem, *, ending: Ending, reason: str, now: datetime) -> None:
    """Tell what became of a problem, and why; one that is over and not noted so is closed on the way.

    Raises ReasonMissing, StillOpen, IllegalMove, ResponderUntold while a firm that answered has no reasons (`judging.decide`).
    """
    reason = _told(reason)
    if problem.state == State.PUBLISHED:
        close(problem, now=now)
    untold = Exists(Proposal.objects.submitted().filter(problem=OuterRef("pk"), result=None))
    if Problem.objects.filter(untold, pk=problem.pk).exists():
        raise ResponderUntold
    _move(problem, State.ENDED, ~Q(untold), now=now, ending=ending, reason=reason, ended_at=now)
    telling.tell_concerned(problem, "ended", at=now, once="ended", reason=reason)


@transaction.atomic
def withdraw(problem: Problem, *, reason: str, now: datetime) -> None:
    """Take an open problem back, and say why. It stays readable. Raises ReasonMissing, IllegalMove once it is over."""
    reason = _told(reason)
    _move(problem, State.WITHDRAWN, Q(closes_at__gt=now), now=now, reason=reason, ended_at=now)
    telling.tell_concerned(problem, "withdrawn", at=now, once="withdrawn", reason=reason)


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
