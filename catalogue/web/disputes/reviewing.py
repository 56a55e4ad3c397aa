"""What reviewers answer: challenges, and appeals against what others decided."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.vetting import challenges
from catalogue.vetting.challenges import Appeal, Challenge, Outcome
from catalogue.vetting.models import Submission
from catalogue.vetting.states import State
from catalogue.web.forms import carried_out
from catalogue.web.paging import numbered, page_of, ways
from catalogue.web.vetting.access import reviewers_only

from .forms import DecideForm, SettleForm
from .public import FORM
from .shown import appeal_lines, challenge_lines

AT_ONCE = 50  # of appeals, which are few


@reviewers_only
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Open challenges and appeals, what is due first before the rest; late ones are marked."""
    today = timezone.localdate()
    rows = Challenge.objects.for_reviewers(request.user).open().select_related("platform__vendor")
    appeals = Appeal.objects.for_reviewers(request.user).open()
    page = page_of(request, rows)
    context = {
        "challenges": [{"one": one, "late": one.due_on < today} for one in page],
        "n_challenges": page.paginator.count,
        "appeals": [
            {"one": one, "late": one.due_on < today}
            for one in appeals.select_related("submission__platform__vendor", "challenge__platform__vendor")[:AT_ONCE]
        ],
        "pages": ways(page, lambda number: f"{reverse('vetting-challenges')}{numbered(number)}"),
    }
    return render(request, "disputes/waiting.html", context)


@reviewers_only
@FORM
def challenge(request: HttpRequest, pk: int) -> HttpResponse:
    """One challenge with what it is about; founded or not, and why."""
    rows = Challenge.objects.for_reviewers(request.user).select_related("platform__vendor")
    one = get_object_or_404(rows, pk=pk)
    standing = one.platform.submissions.standing().select_related("reviewer").first()
    may_suspend = standing is not None and standing.state == State.VETTED and standing.reviewer_id != request.user.pk
    form, done = None, None
    if one.outcome == Outcome.OPEN or request.method == "POST":
        form = SettleForm(request.POST if request.method == "POST" else None, may_suspend=may_suspend)
        done = _taken(request, form, one, challenges.settle)
    if done:
        return done
    context = {
        "challenge": challenge_lines(one),
        "late": one.outcome == Outcome.OPEN and one.due_on < timezone.localdate(),
        "platform": one.platform,
        "standing": standing,
        "form": form,
    }
    return render(request, "disputes/settle.html", context, status=400 if form and form.errors else 200)


@reviewers_only
@FORM
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """One appeal with the decision it is about. Who had a part in that decision is told that there is nothing."""
    rows = Appeal.objects.for_reviewers(request.user)
    one = get_object_or_404(rows.select_related("submission__platform__vendor", "challenge__platform__vendor"), pk=pk)
    form, done = None, None
    if one.outcome == Outcome.OPEN or request.method == "POST":
        form = DecideForm(request.POST if request.method == "POST" else None)
        done = _taken(request, form, one, challenges.decide)
    if done:
        return done
    context = {
        "appeal": appeal_lines(one),
        "late": one.outcome == Outcome.OPEN and one.due_on < timezone.localdate(),
        "platform": one.platform,
        "submission": one.submission,
        "missed": _missed(one.submission),
        "challenge": challenge_lines(one.challenge) if one.challenge else None,
        "form": form,
    }
    return render(request, "disputes/decide.html", context, status=400 if form and form.errors else 200)


def _taken(request: HttpRequest, form: Any, one: Any, decide: Any) -> HttpResponse | None:
    """Decide where that was sent and is allowed; else leave the form with what is wrong."""
    said = _("Đã ghi quyết định vào sổ đăng ký và báo cho các bên.")
    if carried_out(request, form, lambda by, now: decide(one, by=by, now=now, **form.told()), said):
        return redirect("vetting-challenges")
    return None


def _missed(submission: Submission | None) -> list[Any]:
    if submission is None:
        return []
    return list(submission.answers.filter(verdict="not_met").select_related("criterion"))
