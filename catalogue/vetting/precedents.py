"""What a reviewer may lean on: how the same criteria were decided before, in which words, and what was vetted last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from catalogue.platforms.content import Content

from .models import Answer, Submission
from .services import content_under_review
from .states import State, Verdict

MOST_REASONS = 4  # a criterion
MOST_DECISIONS = 3  # a criterion
_LOOKED_AT = 20  # submissions of the category, the latest first
_WERE_VETTED = [State.VETTED, State.SUSPENDED, State.EXPIRED, State.REPLACED, State.REVOKED]


@dataclass(frozen=True, slots=True)
class Precedent:
    """How another product of the same category fared by a criterion."""

    submission: int
    product: str
    verdict: Verdict
    note: str
    at: datetime | None


def standing_reasons(criteria: Iterable[str]) -> dict[str, list[str]]:
    """Return by key of a criterion the reasons for which it was found missed, the most frequent first."""
    rows = (
        Answer.objects.filter(criterion__key__in=list(criteria), verdict=Verdict.NOT_MET)
        .exclude(submission__decided_at=None)
        .values_list("criterion__key", "note")
        .annotate(times=Count("pk"))
        .order_by("-times", "note")
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key, note, _times in rows[:500]:
        if len(found[key]) < MOST_REASONS:
            found[key].append(note)
    return dict(found)


def past_decisions(submission: Submission) -> dict[str, list[Precedent]]:
    """Return by key of a criterion how other products of the same category fared, the latest first."""
    others = Submission.objects.decided().filter(platform__category=submission.platform.category_id)
    latest = others.exclude(platform=submission.platform_id).order_by("-decided_at").values_list("pk", flat=True)
    rows = Answer.objects.filter(submission__in=list(latest[:_LOOKED_AT])).select_related(
        "criterion", "submission__platform"
    )
    found: defaultdict[str, list[Precedent]] = defaultdict(list)
    for one in rows.order_by("-submission__decided_at", "-submission_id"):
        if len(found[one.criterion.key]) < MOST_DECISIONS:
            found[one.criterion.key].append(
                Precedent(
                    one.submission_id,
                    one.submission.platform.name,
                    Verdict(one.verdict),
                    one.note,
                    one.submission.decided_at,
                )
            )
    return dict(found)


def last_vetted(submission: Submission) -> Content | None:
    """Return the text of the product that was vetted last before; None when none was."""
    before = submission.platform.submissions.filter(state__in=_WERE_VETTED).exclude(pk=submission.pk)
    last = before.select_related("revision", "platform__category").order_by("-decided_at").first()
    return content_under_review(last) if last else None
