"""What a decision makes of a product: its level, what is confirmed of its listing, and the entry in the public register."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

from django.utils import timezone

from catalogue.platforms.confirmations import Confirmation
from catalogue.platforms.models import Platform
from catalogue.platforms.services import mark_vetted, unmark_vetted
from catalogue.register import chain
from catalogue.register.models import Entry
from catalogue.register.states import EntryKind

from .models import Submission
from .states import Verdict


def vet(submission: Submission, *, now: datetime) -> None:
    """Write down that the product is vetted, and which facts of its listing are confirmed thereby."""
    _give(submission)
    enter(submission, EntryKind.VETTED, now=now)


def reinstate(submission: Submission, *, now: datetime) -> None:
    """Give back what a suspension took, as it was decided."""
    _give(submission)
    enter(submission, EntryKind.REINSTATED, now=now)


def _give(submission: Submission) -> None:
    platform = Platform.objects.get(pk=submission.platform_id)
    decided_at, until = cast(datetime, submission.decided_at), cast(date, submission.valid_until)  # by a constraint
    for one in submission.answers.select_related("criterion").filter(verdict=Verdict.MET):
        for field in one.criterion.fields:
            told = {
                "level": one.criterion.level, "confirmed_on": one.concluded_on, "until": one.holds_until,
                "criterion": one.criterion.key, "submission": submission.pk,
            }  # fmt: skip
            Confirmation.objects.update_or_create(platform=platform, field=field, defaults=told)
    mark_vetted(platform, on=timezone.localdate(decided_at), until=until)


def unvet(submission: Submission, kind: str, *, now: datetime) -> None:
    """Take the level away, with what was confirmed under it."""
    platform = Platform.objects.get(pk=submission.platform_id)
    unmark_vetted(platform)
    if kind != EntryKind.EXPIRED:  # what was confirmed ages by itself
        platform.confirmations.filter(submission=submission.pk).delete()
    enter(submission, kind, now=now)


def reasons(submission: Submission) -> list[str]:
    """Say of each criterion that is missed why, in the order of the criteria."""
    missed = submission.answers.select_related("criterion").filter(verdict=Verdict.NOT_MET)
    return [f"{one.criterion.label}: {one.note}" for one in missed]


def enter(submission: Submission, kind: str, *, now: datetime, **more: Any) -> Entry:
    """Write a decision into the public register: what, by which criteria, and why; never by whom."""
    answers = list(submission.answers.select_related("criterion__criteria_set"))
    facts: dict[str, Any] = {
        "submission": submission.pk,
        "criteria": sorted({str(one.criterion.criteria_set) for one in answers}),
        **more,
    }
    if submission.revision is not None:
        facts["revision"] = submission.revision.number
    if submission.decided_at is not None:
        facts["verdicts"] = {one.criterion.key: one.verdict for one in answers}
        facts["reasons"] = {one.criterion.key: one.note for one in answers if one.verdict == Verdict.NOT_MET}
    if submission.valid_until is not None:
        facts["until"] = submission.valid_until.isoformat()
    if submission.reason:
        facts["reason"] = submission.reason
    platform = submission.platform
    return chain.append(EntryKind(kind), platform=platform.slug, vendor=platform.vendor.key, at=now, facts=facts)
