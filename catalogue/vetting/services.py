"""What can be done with a submission. One function a use case; who may do what in which state stands in `states.MOVES`.

The guard of each step is one conditional UPDATE: of two who try at once, one wins and the other is told.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone

from catalogue.accounts.models import User
from catalogue.accounts.policy import is_reviewer
from catalogue.accounts.scopes import is_operator
from catalogue.audit.record import record
from catalogue.common.errors import DomainError
from catalogue.common.periods import months_later
from catalogue.documents.models import Document
from catalogue.platforms import editing
from catalogue.platforms.content import Content, changed, parse
from catalogue.platforms.models import Category, Platform
from catalogue.platforms.publishing import content_of
from catalogue.platforms.revisions import Revision, RevisionState

from . import news, outcomes, service_levels
from .criteria import criteria_for
from .errors import (
    AlreadyOpen,
    ConflictOfInterest,
    IllegalMove,
    MandatoryNotMet,
    NoCriteria,
    NothingAsked,
    NotYours,
    SamePerson,
    Unanswered,
    Undecided,
)
from .models import Answer, Clarification, Step, Submission
from .querysets import is_partial
from .states import MOVES, Action, Actor, Proposal, State, Verdict
from .texts import told

logger = logging.getLogger(__name__)
moved = Signal()  # after commit; submission_id: int, action: Action


@dataclass(frozen=True, slots=True)
class Reply:
    """A vendor's answer to one question."""

    text: str
    document: Document | None = None


# From the vendor


def hand_in(revision: Revision, *, by: User, now: datetime, version: int | None = None) -> Revision:
    """Hand a product's text in. What needs no review is published at once; the rest becomes a submission in the queue.

    version: as of `editing.submit`. Raises what that does, AlreadyOpen while what is public is being vetted as it stands,
    NoCriteria.
    """
    with transaction.atomic():
        revision = editing.submit(revision, version=version, by=by, now=now)
        if revision.state == RevisionState.SUBMITTED:
            submission = begin(revision.platform, revision=revision, by=by, now=now)
            _move(submission, Action.SUBMIT, by=by, now=now, submitted_at=now)
    return revision


def begin(platform: Platform, *, by: User, now: datetime, revision: Revision | None = None) -> Submission:
    """Return the draft of a submission of what is public, or of a revision; a new one, or the one that was begun before.

    It takes over what the last one said, and each conclusion that still holds. Raises AlreadyOpen, NoCriteria.
    """
    there = platform.submissions.open().first()
    if there is not None:
        if there.state != State.DRAFT:
            raise AlreadyOpen
        if revision is not None:
            there.revision = revision
            there.save(update_fields=["revision"])
            _ask_what_applies(there, now)
        return there
    try:
        with transaction.atomic():
            submission = Submission.objects.create(
                platform=platform,
                revision=revision,
                renews=platform.submissions.standing().first(),
                opened_by=by,
                opened_at=now,
                moved_at=now,
            )
            _ask_what_applies(submission, now)
    except IntegrityError:  # somebody else began one in the same moment
        raise AlreadyOpen from None
    return submission


@transaction.atomic
def explain(answer: Answer, *, text: str, document: Document | None, by: User) -> None:
    """Keep what the vendor says about one criterion, while the submission is a draft. Raises IllegalMove, NotYours."""
    submission = answer.submission
    _check(submission, Action.SUBMIT, by)
    if submission.state != State.DRAFT:
        raise IllegalMove(State(submission.state), Action.SUBMIT)
    answer.text, answer.document = text.strip(), document
    answer.save(update_fields=["text", "document"])


@transaction.atomic
def submit(submission: Submission, *, by: User, now: datetime) -> None:
    """Hand in a submission of what is public as it stands. Raises IllegalMove, NotYours."""
    _move(submission, Action.SUBMIT, by=by, now=now, submitted_at=now)


@transaction.atomic
def answer(submission: Submission, *, replies: Mapping[int, Reply], by: User, now: datetime) -> None:
    """Reply to all that was asked, by the number of each question. Raises Unanswered, IllegalMove, NotYours."""
    asked = list(
        Clarification.objects.select_related("answer__criterion").filter(
            answer__submission=submission, replied_at__isnull=True
        )
    )
    said = {number: reply for number, reply in replies.items() if reply.text.strip()}
    if silent := [one.answer.criterion.label for one in asked if one.pk not in said]:
        raise Unanswered(silent)
    _move(submission, Action.ANSWER, by=by, now=now)
    for one in asked:
        reply = said[one.pk]
        one.reply, one.document, one.replied_by, one.replied_at = reply.text.strip(), reply.document, by, now
        one.save()


@transaction.atomic
def withdraw(submission: Submission, *, by: User, now: datetime) -> None:
    """Take a submission back, and the text that was handed in with it. Raises IllegalMove, NotYours."""
    was_seen = submission.state != State.DRAFT
    _move(submission, Action.WITHDRAW, by=by, now=now)
    if submission.revision is not None and submission.revision.state == RevisionState.SUBMITTED:
        editing.withdraw(submission.revision, by=by, now=now)
    if was_seen:
        outcomes.enter(submission, "withdrawn", now=now)


def take_back(revision: Revision, *, by: User, now: datetime) -> None:
    """Take a product's text back, and with it the submission that it was handed in with. Raises IllegalMove, NotYours."""
    submission = Submission.objects.open().filter(revision=revision).first()
    if submission is None:
        editing.withdraw(revision, by=by, now=now)
    else:
        withdraw(submission, by=by, now=now)


# From the reviewer who holds it


@transaction.atomic
def take(submission: Submission, *, by: User, now: datetime) -> None:
    """Begin to examine it. Raises IllegalMove when somebody else was faster, ConflictOfInterest, NotYours."""
    _move(submission, Action.TAKE, by=by, now=now, reviewer=by)


@transaction.atomic
def give_back(submission: Submission, *, reason: str, by: User, now: datetime) -> None:
    """Put it back into the queue, for instance because of a conflict of interest. Raises ReasonMissing, IllegalMove, NotYours."""
    _move(submission, Action.GIVE_BACK, by=by, now=now, note=told(reason), reviewer=None)


@transaction.atomic
def release(submission: Submission, *, reason: str, by: User, now: datetime) -> None:
    """Take it from a reviewer who cannot go on, by an operator. Raises ReasonMissing, IllegalMove, NotYours."""
    _move(submission, Action.RELEASE, by=by, now=now, note=told(reason), reviewer=None, proposal="", proposal_note="")


@transaction.atomic
def conclude(one: Answer, *, verdict: Verdict, note: str, by: User, now: datetime) -> None:
    """Write down what was found about one criterion. Raises ReasonMissing, IllegalMove, NotYours."""
    submission = Submission.objects.select_for_update().get(pk=one.submission_id)
    _check(submission, Action.PROPOSE, by)
    if submission.state not in MOVES[Action.PROPOSE].sources:
        raise IllegalMove(State(submission.state), Action.PROPOSE)
    if note.strip() or verdict in (Verdict.NOT_MET, Verdict.NOT_APPLICABLE):
        note = told(note, "note")
    one.verdict, one.note, one.taken_from = verdict, note.strip(), None
    one.concluded_on = timezone.localdate(now) if verdict == Verdict.MET else None
    one.holds_until = one.concluded_on and months_later(one.concluded_on, one.criterion.lasts_months)
    one.save(update_fields=["verdict", "note", "taken_from", "concluded_on", "holds_until"])


@transaction.atomic
def ask(submission: Submission, *, questions: Mapping[int, str], by: User, now: datetime) -> None:
    """Ask the vendor about criteria, by the number of each answer. Raises NothingAsked, IllegalMove, NotYours."""
    said = {number: text.strip() for number, text in questions.items() if text.strip()}
    answers = list(submission.answers.filter(pk__in=said))
    if not answers:
        raise NothingAsked
    _move(submission, Action.ASK, by=by, now=now, warned_on=None)
    for one in answers:
        one.clarifications.create(question=said[one.pk], asked_by=by, asked_at=now)


@transaction.atomic
def propose(submission: Submission, *, proposal: Proposal, note: str, by: User, now: datetime) -> None:
    """Hand it to a second person, with what the first one would decide.

    Raises Undecided, MandatoryNotMet, ReasonMissing, IllegalMove, NotYours.
    """
    answers = list(submission.answers.select_related("criterion__criteria_set"))
    if open_ := [one.criterion.label for one in answers if one.verdict == Verdict.OPEN]:
        raise Undecided(open_)
    if proposal == Proposal.ACCEPT:
        _all_mandatory_met(answers)
    _move(
        submission,
        Action.PROPOSE,
        by=by,
        now=now,
        note=told(note, "note"),
        proposal=proposal,
        proposal_note=told(note, "note"),
    )


# From the second person


@transaction.atomic
def send_back(submission: Submission, *, reason: str, by: User, now: datetime) -> None:
    """Have the first person look again. Raises ReasonMissing, IllegalMove, SamePerson, ConflictOfInterest."""
    _move(submission, Action.SEND_BACK, by=by, now=now, note=told(reason), proposal="", proposal_note="")


@transaction.atomic
def accept(submission: Submission, *, by: User, now: datetime, note: str = "") -> None:
    """Vet the product until what it rests on runs out, and publish what was handed in with it.

    Raises MandatoryNotMet, IllegalMove, SamePerson, ConflictOfInterest.
    """
    platform = Platform.objects.select_for_update().get(pk=submission.platform_id)
    answers = list(submission.answers.select_related("criterion__criteria_set"))
    _all_mandatory_met(answers)
    _check(submission, Action.ACCEPT, by)
    before = platform.submissions.standing().exclude(pk=submission.pk).first()
    if before is not None:
        _move(before, Action.REPLACE, by=None, now=now)
    _move(
        submission, Action.ACCEPT, by=by, now=now, note=note.strip(),
        decided_by=by, decided_at=now, valid_until=holds_until(answers),
    )  # fmt: skip
    if submission.revision is not None:
        editing.publish(submission.revision, by=by, now=now)
    outcomes.vet(submission, now=now)


@transaction.atomic
def reject(submission: Submission, *, reason: str, by: User, now: datetime) -> None:
    """Refuse the product, with a reason for each criterion that it misses; the text goes back to its vendor.

    Raises ReasonMissing, IllegalMove, SamePerson, ConflictOfInterest.
    """
    reason = told(reason)
    _move(
        submission, Action.REJECT, by=by, now=now, note=reason,
        decided_by=by, decided_at=now, reason=reason,
    )  # fmt: skip
    if submission.revision is not None:
        missed = outcomes.reasons(submission)
        editing.return_(submission.revision, reason="\n".join([reason, *missed]), by=by, now=now)
    outcomes.enter(submission, "rejected", now=now)


@transaction.atomic
def suspend(submission: Submission, *, reason: str, by: User, now: datetime) -> None:
    """Stop the effect of a vetting for now, after a founded challenge. Raises ReasonMissing, IllegalMove, SamePerson."""
    reason = told(reason)
    _move(submission, Action.SUSPEND, by=by, now=now, note=reason, reason=reason)
    outcomes.unvet(submission, "suspended", now=now)


@transaction.atomic
def reinstate(submission: Submission, *, reason: str, by: User, now: datetime) -> None:
    """Give a suspended vetting its effect again. Raises ReasonMissing, IllegalMove, SamePerson."""
    _move(submission, Action.REINSTATE, by=by, now=now, note=told(reason), reason="")
    outcomes.reinstate(submission, now=now)


@transaction.atomic
def revoke(submission: Submission, *, reason: str, by: User, now: datetime) -> None:
    """End a vetting for good, before its time. Raises ReasonMissing, IllegalMove, SamePerson."""
    reason = told(reason)
    _move(submission, Action.REVOKE, by=by, now=now, note=reason, reason=reason)
    outcomes.unvet(submission, "revoked", now=now)


# When a time is over


@transaction.atomic
def lapse(submission: Submission, *, now: datetime) -> None:
    """Close what its vendor left unanswered. Raises IllegalMove."""
    _move(submission, Action.LAPSE, by=None, now=now)
    if submission.revision is not None:
        editing.return_(submission.revision, reason=str(State.LAPSED.label), by=None, now=now)
    outcomes.enter(submission, "lapsed", now=now)


@transaction.atomic
def expire(submission: Submission, *, now: datetime) -> None:
    """End a vetting whose time is over. Raises IllegalMove."""
    _move(submission, Action.EXPIRE, by=None, now=now)
    outcomes.unvet(submission, "expired", now=now)


def may_decide(by: User | None) -> None:
    """Refuse who is no reviewer, and a reviewer who speaks for a vendor. Raises NotYours, ConflictOfInterest."""
    if by is None or not is_reviewer(by):
        raise NotYours
    if is_partial(by):
        raise ConflictOfInterest


# Inside


def _all_mandatory_met(answers: list[Answer]) -> None:
    """A mandatory criterion is met, or does not apply and says why; at least one is met, so that there is an end to it."""
    mandatory = [one for one in answers if one.criterion.mandatory]
    missed = [one for one in mandatory if one.verdict not in (Verdict.MET, Verdict.NOT_APPLICABLE)]
    if missed or holds_until(mandatory) is None:
        raise MandatoryNotMet([one.criterion.label for one in missed or mandatory])


def _check(submission: Submission, action: Action, by: User | None) -> None:
    """Refuse who may not take this step, whatever the state."""
    actor = MOVES[action].actor
    if actor is Actor.CLOCK:
        if by is not None:
            raise NotYours
        return
    if actor in (Actor.REVIEWER, Actor.HOLDER, Actor.SECOND):
        may_decide(by)
    if by is None:
        raise NotYours
    if actor is Actor.SECOND and submission.reviewer_id == by.pk:
        raise SamePerson
    refused = (
        (actor is Actor.HOLDER and submission.reviewer_id != by.pk)
        or (actor is Actor.OPERATOR and not is_operator(by))
        or (actor is Actor.VENDOR and not Platform.objects.written_by(by).filter(pk=submission.platform_id).exists())
    )
    if refused:
        raise NotYours


def _move(
    submission: Submission, action: Action, *, by: User | None, now: datetime, note: str = "", **changes: Any
) -> None:
    """Take one legal step and write it down, or refuse and change nothing."""
    _check(submission, action, by)
    move = MOVES[action]
    guard = Q(pk=submission.pk, state__in=move.sources)
    if move.actor is Actor.HOLDER:
        guard &= Q(reviewer=by)
    timed = move.target in service_levels.Step.values
    term = service_levels.due(move.target, timezone.localdate(now)) if timed else None
    values = {"due_on": term, **changes}
    won = Submission.objects.filter(guard).update(state=move.target, moved_at=now, **values)
    submission.refresh_from_db()
    if not won:
        raise IllegalMove(State(submission.state), action)
    Step.objects.create(submission=submission, action=action, state=move.target, by=by, at=now, note=note)
    record(f"submission.{action}", submission, by=by, at=now, platform=submission.platform.slug, state=move.target)
    news.tell(submission, action, at=now)
    transaction.on_commit(partial(_announce, submission.pk, action))


def _announce(submission_id: int, action: Action) -> None:
    moved.send(Submission, submission_id=submission_id, action=action)
    if action == Action.SUBMIT:
        have_examined(submission_id)


def have_examined(submission_id: int) -> None:
    """Ask a worker for the automatic checks. Without a broker the reviewer can have them run."""
    from .tasks import examine

    try:
        examine.delay(submission_id)
    except Exception:  # noqa: BLE001 (any broker trouble: the submission is handed in)
        logger.warning("the broker does not answer; the checks wait", extra={"submission": submission_id})


def content_under_review(submission: Submission) -> Content:
    """Return the text that is vetted; of a decided submission the text that was. Raises ContentInvalid.

    What was vetted as it stood is what was public then: where something was published since, what that began from.
    """
    if submission.revision:
        return parse(submission.revision.content)
    published = submission.platform.revisions.filter(state=RevisionState.PUBLISHED).order_by("decided_at")
    since = published.filter(decided_at__gt=submission.decided_at).first() if submission.decided_at else None
    return parse(since.base_content) if since else content_of(submission.platform)


def open_to(submission: Submission, user: User) -> set[Action]:
    """Return what this person may do with the submission as it stands now."""
    return {
        action
        for action, move in MOVES.items()
        if submission.state in move.sources and _is_allowed(submission, action, user)
    }


def _is_allowed(submission: Submission, action: Action, user: User) -> bool:
    try:
        _check(submission, action, user)
    except DomainError:
        return False
    return True


def holds_until(answers: Iterable[Answer]) -> date | None:
    """Return the last day of a vetting that rests on these answers; None while no mandatory criterion is met."""
    return min((one.holds_until for one in answers if one.criterion.mandatory and one.holds_until), default=None)


def _ask_what_applies(submission: Submission, now: datetime) -> None:
    """Make an answer for each criterion in force, with what the last submission leaves of it. Raises NoCriteria."""
    today = timezone.localdate(now)
    content = content_under_review(submission)
    leaf = Category.objects.leaves_only().get(key=content.category)
    criteria = criteria_for(leaf, today)
    if not any(criterion.mandatory for criterion in criteria):
        raise NoCriteria
    submission.answers.exclude(criterion__in=criteria).delete()
    there = set(submission.answers.values_list("criterion", flat=True))
    last = submission.platform.submissions.exclude(pk=submission.pk).order_by("-opened_at", "-pk").first()
    before = {one.criterion_id: one for one in last.answers.all()} if last else {}
    rewritten = set(changed(content, content_under_review(last))) if last else set()
    Answer.objects.bulk_create(
        _taken_over(Answer(submission=submission, criterion=criterion), before.get(criterion.pk), rewritten, today)
        for criterion in criteria
        if criterion.pk not in there
    )


def _taken_over(new: Answer, old: Answer | None, rewritten: set[str], today: date) -> Answer:
    """Fill in what the last submission said; and its conclusion, where it holds and the text it is about is the same."""
    if old is None:
        return new
    new.text, new.document = old.text, old.document
    holds = old.verdict == Verdict.MET and old.holds_until is not None and old.holds_until > today
    if holds and not rewritten.intersection(new.criterion.fields):
        new.verdict, new.note, new.taken_from = old.verdict, old.note, old
        new.concluded_on, new.holds_until = old.concluded_on, old.holds_until
    return new
