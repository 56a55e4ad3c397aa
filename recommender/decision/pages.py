"""The decision file of a run, to print or to go on writing in. Of a problem, where it names the run: for its own agency."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from catalogue.accounts.scopes import Caller
from catalogue.problems.models import Problem
from catalogue.web.posting import DOTS
from recommender.models import Run

from . import content
from .word import MEDIA_TYPE, as_docx

PROBLEM = "bai-toan"  # in the address: the key of a problem
_private = cache_control(private=True, no_store=True)


@require_safe
@_private
def decision_page(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show the draft as it prints; around it the page is in the reader's language."""
    run, problem = asked(request.user, run_id, request.GET.get(PROBLEM, ""))
    query = f"?{urlencode({PROBLEM: problem.slug})}" if problem else ""
    context = {
        "run": run,
        "letter": drafted(request, run, problem),
        "said": content,
        "dots": DOTS,
        "docx_url": reverse("decision-docx", args=[run.pk]) + query,
    }
    return render(request, "recommender/decision.html", context)


@require_safe
@_private
def decision_docx(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run, problem = asked(request.user, run_id, request.GET.get(PROBLEM, ""))
    return HttpResponse(
        as_docx(drafted(request, run, problem)),
        content_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="to-trinh-{str(run.pk)[:8]}.docx"',
            "X-Robots-Tag": "noindex",
        },
    )


def asked(user: Caller, run_id: UUID, slug: str) -> tuple[Run, Problem | None]:
    """Return the run, and the problem where one is asked for: of the reader's own agency, and made from this run."""
    run = get_object_or_404(Run, pk=run_id)
    if not slug:
        return run, None
    own = Problem.objects.read_by_members(user).select_related("agency").prefetch_related("requirements")
    return run, get_object_or_404(own, slug=slug.replace("\0", ""), run=str(run.pk))


def drafted(request: HttpRequest | Request, run: Run, problem: Problem | None) -> content.Letter:
    with translation.override(content.LANGUAGE):
        address = request.build_absolute_uri(run.get_absolute_url())
    return content.letter(run, address, problem)
