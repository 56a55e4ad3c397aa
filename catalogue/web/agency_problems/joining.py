"""“Me too”: an agency joins another's problem with its own volume, or takes that back."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.accounts.models import User
from catalogue.common.errors import DomainError
from catalogue.problems import writing
from catalogue.problems.models import Problem
from catalogue.problems.querysets import agencies_written_by

from .forms import JoinForm


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """For whom may write for another agency than the one that posted it. What was joined is shown to be changed."""
    user, now = cast(User, request.user), timezone.now()
    problem = get_object_or_404(Problem.objects.visible_to(user).posted().select_related("agency"), slug=slug)
    agencies = {one.key: one for one in agencies_written_by(user).exclude(pk=problem.agency_id)}
    if not agencies:
        raise Http404
    joined = {
        one.agency.key: one for one in problem.joiners.filter(agency__in=agencies.values()).select_related("agency")
    }
    first = next(iter(joined), next(iter(agencies)))
    initial = {"agency": first, "volume": joined[first].volume if first in joined else ""}
    options = [(key, one.name) for key, one in agencies.items()]
    form = JoinForm(request.POST if request.method == "POST" else None, agencies=options, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        agency = agencies[form.cleaned_data["agency"]]
        try:
            if request.POST.get("lam") == "rut":
                writing.leave(problem, agency=agency, by=user, now=now)
            else:
                writing.join(problem, agency=agency, volume=form.cleaned_data["volume"], by=user, now=now)
        except DomainError as refusal:
            form.add_error(refusal.field or None, str(refusal))
            status = 409
        else:
            return redirect(problem)
    context = {
        "problem": problem,
        "trail": [
            {"label": _("Các bài toán"), "url": reverse("problems")},
            {"label": problem.title, "url": problem.get_absolute_url()},
        ],
        "form": form,
        "joined": list(joined.values()),
    }
    return render(request, "agency/join.html", context, status=400 if form.errors and status == 200 else status)
