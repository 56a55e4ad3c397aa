"""What the catalogue has for a problem that an agency is writing: a panel of its form, and a page. Nobody else has it."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.accounts.models import User
from catalogue.common.errors import DomainError
from catalogue.problems import writing
from catalogue.problems.models import Problem
from catalogue.problems.states import State
from catalogue.web.agency_problems.steps import address, draft_problem, read_problem, trail

from . import services, wording
from .answer import required_from_json, required_to_json
from .engine.types import Required
from .models import Run
from .vendor_pages import PreviewThrottle
from .whatif import WhatIfForm, state, written

SHOWN = 5


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def problem_recommendation(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Answer the text as it is saved (GET, nothing is kept), or keep the answer and what was confirmed with it (POST)."""
    posting = request.method == "POST"
    problem = (draft_problem if posting else read_problem)(request, key, slug)
    throttle = PreviewThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]
        refusal = _("Bạn xem gợi ý quá nhiều lần trong một phút. Hãy thử lại sau ít giây.")
        answer = _page(request, problem, None, refusal, status=429)
        answer["Retry-After"] = str(int(throttle.wait() or 60))
        return answer
    try:
        if posting:
            return _keep(request, problem)
        return _page(request, problem, services.answer(_asked(problem, required_from_json(problem.constraints))), "")
    except DomainError as refusal:
        return _page(request, problem, None, str(refusal), status=400)


def statement_of(problem: Problem) -> str:
    """Return what the recommender is asked: the parts that tell the problem, as far as it reads."""
    said = "\n".join(filter(None, (problem.title, problem.today, problem.affected, problem.outcome)))
    return said[: settings.STATEMENT_MAX_LENGTH]


def _asked(problem: Problem, required: Required) -> services.Asked:
    return services.Asked(statement_of(problem), required=required)


def _keep(request: HttpRequest, problem: Problem) -> HttpResponse:
    form = WhatIfForm(request.POST)
    if not form.is_valid():
        return _page(request, problem, None, _("Yêu cầu không đọc được; hãy chọn lại."), status=400)
    required = form.required()
    run = services.answer_and_record(_asked(problem, required))
    writing.confirm(
        problem,
        constraints=required_to_json(required),
        run=str(run.pk),
        by=cast(User, request.user),
        now=timezone.now(),
    )
    return redirect(address("agency-problem-step", problem, step="reuse"))


def _page(
    request: HttpRequest, problem: Problem, answer: dict[str, Any] | None, refusal: str, status: int = 200
) -> HttpResponse:
    confirmed = state(required_from_json(problem.constraints), services.Asked("").min_assurance, SHOWN)
    run = Run.objects.filter(pk=problem.run).first() if problem.run else None
    context = {
        "problem": problem,
        "trail": trail(problem),
        "url": address("problem-recommendation", problem),
        "refusal": refusal,
        "hits": [_hit(one) for one in answer["results"][:SHOWN]] if answer else [],
        "abstained": bool(answer and answer["abstained"]),
        "items": _items(answer["constraints"], confirmed) if answer else [],
        "run_url": run.get_absolute_url() if run else "",
        "changed": bool(run and run.statement != services.check(statement_of(problem))),
        "may_write": Problem.objects.written_by(request.user).filter(pk=problem.pk).exists()
        and problem.state in State.writable(),
    }
    part = getattr(request, "htmx", False)  # htmx swaps nothing in for another status
    name = "recommender/problem_panel.html" if part else "recommender/problem.html"
    return render(request, name, context, status=200 if part else status)


def _hit(hit: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": hit["platform_name"],
        "vendor": hit["vendor_name"],
        "url": reverse("platform", args=[hit["platform"]]),
        "reason": hit["reasons"][0]["text"] if hit["reasons"] else "",
    }


def _items(found: list[dict[str, Any]], confirmed: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Return what was read from the text, to be confirmed or not."""
    return [
        {
            "id": f"{one['kind']}-{at}",
            "kind": one["kind"],
            "value": written(one["value"]),
            "label": wording.REQUIREMENTS[one["kind"]],
            "text": wording.requirement_value(one["kind"], one["value"]),
            "words": one["words"],
            "checked": written(one["value"]) in confirmed.get(one["kind"], ()),
        }
        for at, one in enumerate(found, start=1)
    ]
