"""What waits: for anybody, for who took it, for a second person."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalogue.accounts.models import User
from catalogue.vetting.challenges import Appeal, Challenge
from catalogue.vetting.models import Submission
from catalogue.vetting.states import State
from catalogue.web.paging import numbered, page_of, ways

from .access import reviewers_only

AT_ONCE = 50  # of what one person holds, or is to decide; more is no list to work through


@reviewers_only
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The riskiest first, then the longest waiting; before it what this reviewer has in hand."""
    user, today = cast(User, request.user), timezone.localdate()
    rows = Submission.objects.for_reviewers(user).for_lists()
    page = page_of(request, rows.queue())
    context = {
        "counts": _counts(rows, today),
        "held": [_row(one, today) for one in rows.held_by(user)[:AT_ONCE]],
        "to_decide": [_row(one, today) for one in rows.to_decide_by(user)[:AT_ONCE]],
        "queue": [_row(one, today) for one in page],
        "first": page.number == 1,
        "pages": ways(page, lambda number: f"{reverse('vetting-desk')}{numbered(number)}"),
        "challenges": Challenge.objects.for_reviewers(user).open().count(),
        "appeals": Appeal.objects.for_reviewers(user).open().count(),
    }
    return render(request, "desk/desk.html", context)


def _counts(rows: Any, today: date) -> dict[str, int]:
    """Return how many there are of what keeps the desk busy."""
    late = Q(state__in=State.open(), due_on__lt=today)
    kinds = {
        "waiting": Q(state=State.SUBMITTED),
        "examined": Q(state=State.IN_REVIEW),
        "asked": Q(state=State.CLARIFICATION),
        "to_decide": Q(state=State.TO_DECIDE),
        "late": late,
    }
    return rows.aggregate(**{name: Count("pk", filter=kind) for name, kind in kinds.items()})


def _row(one: Submission, today: date) -> dict[str, Any]:
    return {
        "submission": one,
        "late": one.is_late(today),
        "days": (today - timezone.localdate(one.submitted_at)).days if one.submitted_at else 0,
    }
