"""The ministry's desk: problems that were sent through it, each published or returned with a reason.

Editors and owners of a regulator, and operators, who stand in where no regulator has an account. Nobody decides for an
agency they belong to.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.accounts.models import User
from catalogue.common import working_days
from catalogue.common.errors import DomainError
from catalogue.problems import services
from catalogue.problems.coaching import coach
from catalogue.problems.content import of_problem
from catalogue.problems.models import Problem
from catalogue.problems.querysets import may_moderate
from catalogue.problems.states import State
from catalogue.web.paging import numbered, page_of, ways

from .forms import ReasonForm
from .pages import groups
from .reading import shown_review

DECIDED_SHOWN = 10


def moderators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may_moderate(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(login_required(guarded))


@moderators_only
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits, the longest first; then what was decided last."""
    rows = Problem.objects.moderated_by(request.user).select_related("agency")
    today = timezone.localdate()
    page = page_of(request, rows.filter(state=State.MODERATION).order_by("submitted_at", "pk"))
    url = reverse("moderation")
    context = {
        "rows": [
            {"problem": one, "days": working_days.between(timezone.localdate(one.submitted_at), today)} for one in page
        ],
        "pages": ways(page, lambda number: f"{url}{numbered(number)}"),
        "decided": rows.exclude(state=State.MODERATION).order_by("-updated_at", "-pk")[:DECIDED_SHOWN],
    }
    return render(request, "desk/moderation.html", context)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def moderated_problem(request: HttpRequest, slug: str) -> HttpResponse:
    """One problem as the agency wrote it, what the coach says of it, and the two things that can be done."""
    problem = get_object_or_404(Problem.objects.moderated_by(request.user).select_related("agency"), slug=slug)
    form, refusal = ReasonForm(request.POST if request.method == "POST" else None, auto_id="o-%s"), ""
    if request.method == "POST":
        form.is_valid()
        by, now = cast(User, request.user), timezone.now()
        try:
            if request.POST.get("lam") == "dang":
                services.publish_for_agency(problem, by=by, now=now)
            else:
                services.return_to_agency(problem, reason=form.cleaned_data.get("reason", ""), by=by, now=now)
        except DomainError as problem_:
            refusal = str(problem_)
            problem.refresh_from_db()
        else:
            return redirect("moderation")
    said = of_problem(problem)
    context = {
        "problem": problem,
        "trail": [{"label": _("Bài toán gửi qua bộ quản lý"), "url": reverse("moderation")}],
        "groups": groups(problem, said),
        "found": shown_review(coach(problem, said)),
        "waits": problem.state == State.MODERATION,
        "returns": problem.returns.all(),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "desk/moderated.html", context, status=409 if refusal else 200)
