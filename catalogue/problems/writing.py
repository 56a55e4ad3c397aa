"""What an agency does with a problem before it is posted: begin, write, send in, take back, join another's.

One function a use case. Who may call it is settled by the querysets that its caller took the rows from.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from catalogue.accounts.models import Organisation, OrganisationKind, User
from catalogue.audit.record import record
from catalogue.platforms.models import Category

from . import services
from .content import LABELS, STEPS, Step, Written, missing, of_problem, written
from .errors import EditConflict, NotWritable, Outdated, OwnProblem, ProblemIncomplete, UnknownKeys, VolumeMissing
from .models import Problem
from .requirements import Joiner, Requirement
from .states import RequirementKind, Route, State


@transaction.atomic
def start(agency: Organisation, *, title: str, categories: list[str], by: User, now: datetime) -> Problem:
    """Begin a draft that nobody outside the agency sees. Raises ContentInvalid."""
    said = written({"title": title, "categories": categories})
    problem = Problem(agency=agency, title=said.title, edited_by=by)
    problem.save()
    problem.categories.set(_leaves(said.categories))
    record("problem.started", problem, by=by, at=now, agency=agency)
    return problem


@transaction.atomic
def edit(problem: Problem, *, step: Step, values: dict[str, Any], version: int, by: User) -> Problem:
    """Save the fields of one step, plain values of `content.Written`, and return the problem as it is now.

    version: the one that the writer saw. Somebody else's save of another step in between is no conflict: both are kept.
    Raises EditConflict, NotWritable once it was sent in, and ContentInvalid.
    """
    current = Problem.objects.select_for_update().get(pk=problem.pk)
    if current.state not in State.writable():
        raise NotWritable
    before = of_problem(current)
    known = {field: values[field] for field in STEPS[step] if field in values}
    said = written({**before.model_dump(), **known})
    if said.model_dump() == before.model_dump():
        return current
    if current.saved.get(step, 0) > version:
        theirs = {field: getattr(before, field) for field in STEPS[step]}
        raise EditConflict(theirs=theirs, yours=known, version=current.version)
    _keep(current, said, STEPS[step])
    current.version += 1
    current.saved[step] = current.version
    current.edited_by = by
    current.save()
    return current


def _keep(problem: Problem, said: Written, fields: tuple[str, ...]) -> None:
    """Put the fields into the problem and its rows."""
    for field in fields:
        if field == "categories":
            problem.categories.set(_leaves(said.categories))
        elif field == "invited":
            problem.invited.set(_vendors(said.invited))
        elif field == "must":  # both lists are of one step, and are numbered together
            problem.requirements.all().delete()
            told = [(RequirementKind.MUST, text) for text in said.must] + [
                (RequirementKind.NICE, text) for text in said.nice
            ]
            Requirement.objects.bulk_create(
                Requirement(problem=problem, kind=kind, text=text, position=at) for at, (kind, text) in enumerate(told)
            )
        elif field != "nice":
            setattr(problem, field, getattr(said, field))


def _leaves(keys: list[str]) -> list[Category]:
    found = list(Category.objects.leaves_only().filter(key__in=keys))
    if unknown := set(keys) - {category.key for category in found}:
        raise UnknownKeys("categories", unknown)
    return found


def _vendors(keys: list[str]) -> list[Organisation]:
    found = list(Organisation.objects.shown().filter(key__in=keys))
    if unknown := set(keys) - {vendor.key for vendor in found}:
        raise UnknownKeys("invited", unknown)
    return found


@transaction.atomic
def confirm(problem: Problem, *, constraints: dict[str, Any], run: str, by: User, now: datetime) -> None:
    """Keep the recommendation that was looked at, and what it read from the text and the officer confirmed.

    Raises NotWritable.
    """
    rows = Problem.objects.filter(pk=problem.pk, state__in=State.writable())
    if not rows.update(constraints=constraints, run=run, updated_at=now):
        raise NotWritable
    problem.refresh_from_db()
    record("problem.confirmed", problem, by=by, at=now, run=run)


@transaction.atomic
def send_in(problem: Problem, *, version: int, by: User, now: datetime) -> Problem:
    """Post a problem, or hand it to the ministry, as its route says. Publishing is refused as `services.publish` refuses.

    version: the one that was read; 0 sends in whatever is there. Raises Outdated, ProblemIncomplete, ClosingTimePast, IllegalMove.
    """
    current = Problem.objects.select_for_update().get(pk=problem.pk)
    if version and current.version != version:
        raise Outdated(current.version)
    if lacking := missing(of_problem(current)):
        raise ProblemIncomplete([str(LABELS[field]) for field in lacking])
    if current.route == Route.DIRECT and current.closes_at is not None:
        services.publish(current, closes_at=current.closes_at, now=now)
    else:
        services.hand_to_ministry(current, now=now)
    record("problem.sent_in", current, by=by, at=now, route=current.route)
    return current


@transaction.atomic
def take_back(problem: Problem, *, by: User, now: datetime) -> None:
    """Take a problem back from the ministry before it was looked at; it is a draft again. Raises IllegalMove."""
    services.take_back(problem, now=now)
    record("problem.taken_back", problem, by=by, at=now)


@transaction.atomic
def discard(problem: Problem, *, by: User, now: datetime) -> None:
    """Delete what was never published. Raises NotWritable."""
    current = Problem.objects.select_for_update().get(pk=problem.pk)
    if current.state not in State.writable():
        raise NotWritable
    record("problem.discarded", current, by=by, at=now)
    current.delete()


@transaction.atomic
def withdraw(problem: Problem, *, reason: str, by: User, now: datetime) -> None:
    """Take an open problem back, and say why. Raises ReasonMissing, IllegalMove."""
    services.withdraw(problem, reason=reason, now=now)
    record("problem.withdrawn", problem, by=by, at=now)


@transaction.atomic
def join(problem: Problem, *, agency: Organisation, volume: str, by: User, now: datetime) -> Joiner:
    """Say "me too" for an agency, or say its volume anew. It is bound to nothing.

    Raises OwnProblem, VolumeMissing, NotOpen.
    """
    if agency.pk == problem.agency_id or agency.kind != OrganisationKind.AGENCY:
        raise OwnProblem
    if not volume.strip():
        raise VolumeMissing
    services.must_be_open(problem, now=now)
    fields = {"volume": volume.strip(), "joined_by": by}
    joiner, _new = Joiner.objects.update_or_create(
        problem=problem, agency=agency, defaults=fields, create_defaults={**fields, "joined_at": now}
    )
    joiner.full_clean(validate_unique=False)
    record("problem.joined", problem, by=by, at=now, agency=agency)
    return joiner


@transaction.atomic
def leave(problem: Problem, *, agency: Organisation, by: User, now: datetime) -> None:
    """Take the "me too" back; nothing happens where there is none."""
    if Joiner.objects.filter(problem=problem, agency=agency).delete()[0]:
        record("problem.left", problem, by=by, at=now, agency=agency)
