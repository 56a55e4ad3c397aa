"""Opening the envelopes, scoring, agreeing, and telling everybody what came of it.

Who reads what is settled here: nobody before the envelopes are opened together; then evaluators who declared that they have
no conflict, without names until all have scored where that was chosen; once there is an outcome, the agency's members.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from catalogue.accounts.models import Organisation, OrganisationKind, User
from catalogue.accounts.scopes import Caller
from catalogue.audit.record import record
from catalogue.platforms.models import Platform

from . import services, telling, totals
from .errors import IllegalMove, ReasonMissing
from .evaluation import (
    LEAST_EVALUATORS,
    MOST_POINTS,
    Aftermath,
    AgreedScore,
    Aspect,
    Code,
    Evaluator,
    PaidFor,
    Panel,
    Reason,
    Result,
    Score,
)
from .models import LONGEST_REASON, Problem
from .offers import Offer
from .proposals import Proposal, inside
from .querysets import ProblemQuerySet
from .refusals import (
    CannotChange,
    NotFirst,
    NotOfTheAgency,
    PriceUnclear,
    ReasonsMissing,
    ScoresMissing,
    TooFewEvaluators,
    WrongStep,
    said_in,
)
from .requirements import Requirement
from .states import Ending, RequirementKind, State

HIDDEN = "█████"


@dataclass(frozen=True, slots=True)
class Opened:
    """A proposal as an evaluator reads it. `vendor` is None while names are hidden."""

    letter: str  # what it is called in the evaluation: "A"; says nothing of when it was handed in
    proposal: Proposal
    offer: Offer
    vendor: Organisation | None
    product: Platform | None


@dataclass(frozen=True, slots=True)
class Given:
    """Points that somebody gives: to a letter, for an aspect, with the requirement's number where it is fit."""

    letter: str
    aspect: str
    points: int
    reason: str
    requirement: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Why, for one requirement of one letter."""

    letter: str
    requirement: int
    code: str
    note: str = ""


@transaction.atomic
def convene(problem: Problem, *, users: Iterable[User], blind: bool, by: User, now: datetime) -> Panel:
    """Name who evaluates; again, to add more. Whether names are hidden is settled until the envelopes are opened.

    Raises NotOfTheAgency, TooFewEvaluators, WrongStep once there is an outcome.
    """
    named = list(users)
    members = set(problem.agency.memberships.values_list("user", flat=True))
    if any(user.pk not in members for user in named):
        raise NotOfTheAgency
    if not Problem.objects.filter(pk=problem.pk, state__in=[State.PUBLISHED, State.CLOSED]).exists():
        raise WrongStep(_("Bài toán chưa đăng, hoặc đã có kết quả."))
    panel, fresh = Panel.objects.get_or_create(problem=problem, defaults={"blind": blind, "convened_at": now})
    for user in named:
        Evaluator.objects.get_or_create(panel=panel, user=user)
    if panel.evaluators.exclude(conflict=True).count() < LEAST_EVALUATORS:
        raise TooFewEvaluators(LEAST_EVALUATORS)
    if Panel.objects.filter(pk=panel.pk, opened_at=None).update(blind=blind):
        panel.blind = blind
    record(
        "panel.convened" if fresh else "panel.extended",
        problem,
        by=by,
        at=now,
        evaluators=len(named),
        blind=panel.blind,
    )
    return panel


@transaction.atomic
def open_(problem: Problem, *, by: User, now: datetime) -> int:
    """Open all envelopes together, once, after the closing time of the database's clock; return how many there are.

    Raises WrongStep before that, without evaluators, or when they are open already; SealCannotOpen opens none.
    """
    over = Problem.objects.select_for_update().filter(closes_at__lte=Now(), state__in=[State.PUBLISHED, State.CLOSED])
    current = over.filter(pk=problem.pk).first()  # waits for who is just handing in
    if current is None:
        raise WrongStep(_("Chưa đến hạn trả lời, nên chưa mở được hồ sơ nào."))
    panel = Panel.objects.filter(problem=current).first()
    if panel is None:
        raise WrongStep(_("Hãy lập tổ chấm trước khi mở hồ sơ."))
    found = list(current.proposals.submitted())
    for one in found:
        inside(one)
    if not Panel.objects.filter(pk=panel.pk, opened_at=None).update(opened_at=Now(), opened=len(found)):
        raise WrongStep(_("Hồ sơ đã được mở rồi."))
    if current.state == State.PUBLISHED:
        services.close(current, now=max(now, current.closes_at or now))
    record("proposals.opened", current, by=by, at=now, count=len(found))
    problem.refresh_from_db()
    return len(found)


@transaction.atomic
def declare(problem: Problem, *, conflict: bool, note: str = "", by: User, now: datetime) -> None:
    """Say whether one has a conflict of interest; who has one sees nothing.

    Raises ReasonMissing, WrongStep the second time, and for who belongs to a vendor and says that there is none.
    """
    if conflict and not note.strip():
        raise ReasonMissing
    if not conflict and by.memberships.filter(organisation__kind=OrganisationKind.VENDOR).exists():
        raise WrongStep(_("Bạn thuộc một doanh nghiệp trên trang này, nên phải ghi là có xung đột lợi ích."))
    rows = Evaluator.objects.filter(panel__problem=problem, user=by, declared_at=None)
    said = {"conflict": conflict, "conflict_note": note.strip() if conflict else "", "declared_at": now}
    if not rows.update(**said):
        raise WrongStep(_("Bạn đã cam kết rồi, hoặc không có tên trong tổ chấm."))
    record("conflict.declared", problem, by=by, at=now, conflict=conflict)


def judged_by(user: Caller) -> ProblemQuerySet:
    """Problems that the caller was named to evaluate, and whose agency they still belong to."""
    named = Panel.objects.filter(evaluators__user=user.pk).values("problem")
    return Problem.objects.filter(pk__in=named).read_by_members(user)


def worked_on_by(user: Caller) -> ProblemQuerySet:
    """Problems whose evaluation the caller leads for the agency, or takes part in."""
    led, judged = Problem.objects.written_by(user).posted(), judged_by(user)
    return Problem.objects.filter(Q(pk__in=led.values("pk")) | Q(pk__in=judged.values("pk")))


def read_by(user: Caller) -> ProblemQuerySet:
    """Problems of which the caller has a page of work: also members of the agency, once there is an outcome."""
    worked, over = worked_on_by(user), Problem.objects.read_by_members(user).filter(state=State.ENDED)
    return Problem.objects.filter(Q(pk__in=worked.values("pk")) | Q(pk__in=over.values("pk"))).select_related("agency")


def may_read(problem: Problem, user: User) -> bool:
    """Say whether this person may read the proposals now."""
    panel = Panel.objects.filter(problem=problem, opened_at__isnull=False).first()
    if panel is None or not problem.agency.memberships.filter(user=user).exists():
        return False
    return problem.state == State.ENDED or panel.evaluators.filter(user=user, conflict=False).exists()


def opened(problem: Problem, *, by: User) -> list[Opened]:
    """Return the proposals as this person may read them, by letter; none where nothing may be read."""
    if not may_read(problem, by):
        return []
    named = names_shown(problem)
    return [_shown(letter, one, named) for letter, one in _lettered(problem).items()]


def letters(problem: Problem) -> dict[str, int]:
    """Return which proposal each letter is, by its number; says nothing of what is in them."""
    return {letter: one.pk for letter, one in _lettered(problem).items()}


def names_shown(problem: Problem) -> bool:
    """Say whether the evaluation is past its blind pass, or never had one."""
    panel = Panel.objects.filter(problem=problem).first()
    return panel is not None and (not panel.blind or _all_scored(panel))


@transaction.atomic
def score(problem: Problem, *, given: Sequence[Given], by: User, now: datetime) -> None:
    """Keep what one evaluator found; until `finish` it may be changed. Raises WrongStep, CannotChange, TextMissing."""
    evaluator = _scoring(problem, by)
    by_letter = _lettered(problem)
    for one in given:
        where, what = _checked(one, problem, by_letter)
        Score.objects.update_or_create(evaluator=evaluator, **where, defaults=what)
    record("proposals.scored", problem, by=by, at=now, cells=len(given))


@transaction.atomic
def finish(problem: Problem, *, by: User, now: datetime) -> None:
    """Say that one's own pass is whole; afterwards it stands. Raises ScoresMissing, WrongStep."""
    evaluator = _scoring(problem, by)
    if lacking := len(_cells(problem)) - evaluator.scores.count():
        raise ScoresMissing(lacking)
    Evaluator.objects.filter(pk=evaluator.pk).update(finished_at=now)
    record("scoring.finished", problem, by=by, at=now)


@transaction.atomic
def agree(problem: Problem, *, given: Sequence[Given], by: User, now: datetime) -> None:
    """Keep what the evaluators agreed on, entered by one of them. Raises WrongStep until all have scored alone."""
    panel = Panel.objects.select_for_update().filter(problem=problem, problem__state=State.CLOSED).first()
    scoring = panel is not None and panel.evaluators.filter(user=by, finished_at__isnull=False).exists()
    if panel is None or not scoring or not _all_scored(panel):
        raise WrongStep(_("Chỉ thống nhất điểm sau khi mọi người đã chấm riêng xong."))
    by_letter = _lettered(problem)
    for one in given:
        where, what = _checked(one, problem, by_letter)
        AgreedScore.objects.update_or_create(**where, defaults=what)
    record("scores.agreed", problem, by=by, at=now, cells=len(given))


def ranking(problem: Problem) -> Mapping[int, Decimal]:
    """Return the total of each proposal by its number, best first; {} until everything is agreed."""
    agreed: dict[int, list[AgreedScore]] = {}
    rows = AgreedScore.objects.filter(proposal__problem=problem).select_related("requirement")
    for row in rows:
        agreed.setdefault(row.proposal_id, []).append(row)
    if not agreed or rows.count() < len(_cells(problem)):
        return {}
    scored = [_scored(one, agreed[one.pk]) for one in problem.proposals.submitted()]
    weights = totals.Weights(problem.weight_fit, problem.weight_price, problem.weight_delivery)
    return totals.totals(scored, weights, MOST_POINTS)


@transaction.atomic
def decide(
    problem: Problem,
    *,
    ending: Ending,
    reason: str,
    winner: str = "",
    told: Sequence[Told] = (),
    by: User,
    now: datetime,
) -> None:
    """Tell what became of the problem, and every firm that answered why, requirement by requirement.

    winner: the letter that is chosen, or tried out; the first by the agreed points. Where the agency gives the problem up,
    requirements without a reason of their own were not assessed.
    Raises ReasonMissing, ReasonsMissing, NotFirst, ScoresMissing, TooFewEvaluators, CannotChange, StillOpen, and IllegalMove once it has ended.
    """
    current = Problem.objects.select_for_update(of=("self",)).get(pk=problem.pk)
    if current.state not in (State.PUBLISHED, State.CLOSED):
        raise IllegalMove(State(current.state), State.ENDED)
    by_letter, order = _lettered(problem), ranking(problem)
    first = _winner(problem, ending, winner, by_letter, order)
    requirements = list(problem.requirements.all())
    codes = {(one.letter, one.requirement): one for one in told}
    if ending == Ending.CANCELLED:
        for letter in by_letter:
            for one in requirements:
                codes.setdefault((letter, one.pk), Told(letter, one.pk, Code.NOT_ASSESSED))
    wanted = {(letter, one.pk) for letter in by_letter for one in requirements}
    if wanted != codes.keys():
        raise ReasonsMissing(len(wanted - codes.keys()))
    if any(one.code not in Code.values for one in codes.values()):
        raise CannotChange("code")
    for letter, proposal in by_letter.items():
        product = Platform.objects.get(slug=inside(proposal).product) if proposal == first else None
        result = Result.objects.create(
            proposal=proposal, chosen=proposal == first, product=product, points=order.get(proposal.pk), told_at=now
        )
        Reason.objects.bulk_create(
            Reason(
                result=result, requirement=one, code=codes[letter, one.pk].code, note=codes[letter, one.pk].note.strip()
            )
            for one in requirements
        )
        telling.tell_vendor(proposal.vendor, problem, "decided", at=now, once="decided")
    services.end(problem, ending=ending, reason=reason, now=now)
    record("problem.decided", problem, by=by, at=now, ending=str(ending), responders=len(by_letter))


@transaction.atomic
def look_back(
    problem: Problem,
    *,
    delivered: str,
    again: bool,
    note: str = "",
    paid: int | None = None,
    paid_for: str = "",
    by: User,
    now: datetime,
) -> Aftermath:
    """Say afterwards whether it was delivered, whether one would choose it again, and what was paid.

    paid: đồng with tax; paid_for: one of `PaidFor`, both or neither.
    Raises WrongStep where nothing was chosen, PriceUnclear where only one of the two is there.
    """
    if (paid is None) == bool(paid_for):
        raise PriceUnclear
    result = chosen(problem)
    if result is None or problem.state != State.ENDED:
        raise WrongStep(_("Bài toán này chưa chọn sản phẩm nào."))
    made = Aftermath.objects.create(
        result=result,
        delivered=delivered,
        again=again,
        note=note.strip()[:LONGEST_REASON],
        paid=paid,
        paid_for=paid_for,
        said_at=now,
    )
    record("problem.looked_back", problem, by=by, at=now, delivered=delivered, again=again)
    return made


def chosen(problem: Problem) -> Result | None:
    """Return the result of the proposal that was chosen or tried out."""
    return chosen_of([problem]).get(problem.pk)


def chosen_of(problems: Iterable[Problem]) -> dict[int, Result]:
    """Return the same for several problems at once, by their primary keys, with what was said afterwards."""
    rows = Result.objects.filter(proposal__problem__in=list(problems), chosen=True)
    rows = rows.select_related("proposal__vendor", "product").prefetch_related("aftermath")
    return {row.proposal.problem_id: row for row in rows}


def choices_of(product: Platform) -> QuerySet[Result]:
    """Return the public problems for which a product was chosen or tried out, the latest first, with what was said afterwards."""
    public = Problem.objects.public().filter(state=State.ENDED)
    rows = Result.objects.filter(chosen=True, product=product, proposal__problem__in=public)
    rows = rows.select_related("proposal__problem__agency").prefetch_related("aftermath")
    return rows.order_by("-told_at", "-pk")


@dataclass(frozen=True, slots=True)
class Paid:
    """What agencies say they paid for a product: least and most in đồng with tax, and how many of them said so."""

    paid_for: PaidFor
    least: int
    most: int
    agencies: int


def paid(choices: Iterable[Result]) -> list[Paid]:
    """Return what was paid in these choices, a row for each kind of price. Of one choice the latest word counts."""
    said: dict[PaidFor, list[tuple[int, int]]] = {kind: [] for kind in PaidFor}
    for row in choices:
        prices = [(one.paid, one.paid_for) for one in row.aftermath.all() if one.paid is not None]
        if prices:
            price, kind = prices[-1]
            said[PaidFor(kind)].append((price, row.proposal.problem.agency_id))
    return [
        Paid(kind, min(rows)[0], max(rows)[0], len({agency for _price, agency in rows}))
        for kind, rows in said.items()
        if rows
    ]


def silent_days(problem: Problem, now: datetime) -> int | None:
    """Return for how many days a problem has been over without an outcome; None when it is not, or has one."""
    if problem.stage_at(now) != State.CLOSED or problem.closes_at is None:
        return None
    return (now - problem.closes_at).days


REMIND_EVERY = 7  # days


def remind(now: datetime) -> int:
    """Remind agencies of problems that are over and have no outcome, once a week each; return of how many."""
    waiting = Problem.objects.at_stage(State.CLOSED, now).select_related("agency")
    reminded = 0
    for problem in waiting:
        days = silent_days(problem, now) or 0
        if days >= REMIND_EVERY:
            with transaction.atomic():
                telling.tell_agency(problem, "silent", at=now, once=f"silent:{days // REMIND_EVERY}", days=days)
            reminded += 1
    return reminded


def _winner(
    problem: Problem, ending: Ending, letter: str, letters: Mapping[str, Proposal], order: Mapping[int, Decimal]
) -> Proposal | None:
    if ending == Ending.CANCELLED:
        return None
    if letters and not order:
        raise ScoresMissing(len(_cells(problem)) - AgreedScore.objects.filter(proposal__problem=problem).count())
    if letters and problem.panel.evaluators.filter(finished_at__isnull=False).count() < LEAST_EVALUATORS:
        raise TooFewEvaluators(LEAST_EVALUATORS)
    if ending == Ending.NONE_SUITABLE:
        return None
    first = letters.get(letter)
    if first is None or first.pk != next(iter(order)):
        raise NotFirst
    return first


def _lettered(problem: Problem) -> dict[str, Proposal]:
    """Return the proposals that were handed in, by a letter that follows from their envelopes."""
    found = problem.proposals.submitted().select_related("vendor", "problem")
    shuffled = sorted(found, key=lambda one: hashlib.sha256(bytes(one.envelope)).digest())
    return {_letter(n): one for n, one in enumerate(shuffled)}


def _letter(n: int) -> str:
    """0 is A, 25 Z, 26 AA."""
    return (_letter(n // 26 - 1) if n >= 26 else "") + chr(ord("A") + n % 26)


def _shown(letter: str, proposal: Proposal, named: bool) -> Opened:
    offer = inside(proposal)
    product = Platform.objects.filter(slug=offer.product).first()
    if named:
        return Opened(letter, proposal, offer, proposal.vendor, product)
    names = [proposal.vendor.name, proposal.vendor.short_name, *([product.name] if product else [])]
    return Opened(letter, proposal, _without(offer, names), None, None)


def _without(offer: Offer, names: Sequence[str]) -> Offer:
    """Return an offer in which nobody is named."""
    pattern = re.compile(
        "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name), re.IGNORECASE
    )

    def hide(text: str) -> str:
        return pattern.sub(HIDDEN, text)

    return replace(
        offer,
        product="",
        replies=[replace(one, evidence=hide(one.evidence)) for one in offer.replies],
        lines=[replace(line, package=hide(line.package)) for line in offer.lines],
        price_note=hide(offer.price_note), delivery=hide(offer.delivery), trial=hide(offer.trial),
    )  # fmt: skip


def _all_scored(panel: Panel) -> bool:
    """Say whether enough have scored, and nobody who may still has to."""
    free = panel.evaluators.exclude(conflict=True)
    return free.count() >= LEAST_EVALUATORS and not free.filter(finished_at=None).exists()


def _scoring(problem: Problem, user: User) -> Evaluator:
    """Return the evaluator, locked, where they may score now. Raises WrongStep."""
    rows = Evaluator.objects.select_for_update(of=("self",)).filter(
        Q(panel__opened_at__isnull=False), panel__problem=problem, panel__problem__state=State.CLOSED, user=user,
        conflict=False, finished_at=None,
    )  # fmt: skip
    found = rows.first()
    if found is None:
        raise WrongStep(_("Bạn không chấm được lúc này: hồ sơ chưa mở, chưa cam kết, hoặc đã chấm xong."))
    return found


def _cells(problem: Problem) -> list[tuple[int, str, int | None]]:
    """Return everything that has to be scored: (proposal, aspect, requirement)."""
    aspects: list[tuple[str, int | None]] = [
        *((Aspect.FIT, pk) for pk in problem.requirements.values_list("pk", flat=True)),
        (Aspect.PRICE, None),
        (Aspect.DELIVERY, None),
    ]
    return [(pk, *aspect) for pk in problem.proposals.submitted().values_list("pk", flat=True) for aspect in aspects]


def _checked(one: Given, problem: Problem, letters: Mapping[str, Proposal]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return where points go, and what is written there. Raises CannotChange, TextMissing, TextTooLong."""
    proposal = letters.get(one.letter)
    if proposal is None or (proposal.pk, one.aspect, one.requirement) not in set(_cells(problem)):
        raise CannotChange(one.letter)
    if not 0 <= one.points <= MOST_POINTS:
        raise CannotChange("points")
    where = {"proposal": proposal, "aspect": one.aspect, "requirement_id": one.requirement}
    return where, {"points": one.points, "reason": said_in(one.reason, "reason", LONGEST_REASON)}


def _scored(proposal: Proposal, rows: Sequence[AgreedScore]) -> totals.Scored:
    points = {row.aspect: row.points for row in rows}
    fit = [(_must(row.requirement), row.points) for row in rows if row.requirement is not None]
    amount, handed_in = inside(proposal).total or 0, cast(datetime, proposal.submitted_at)
    return totals.Scored(proposal.pk, fit, points[Aspect.PRICE], points[Aspect.DELIVERY], amount, handed_in)


def _must(requirement: Requirement) -> bool:
    return requirement.kind == RequirementKind.MUST
