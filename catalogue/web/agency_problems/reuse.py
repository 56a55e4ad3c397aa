"""“Already solved?”: similar problems of others with how they ended, and platforms that the State runs for all."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalogue.problems import judging
from catalogue.problems.evaluation import Result
from catalogue.problems.reusing import already_there
from catalogue.web.problems import card

from .steps import read_problem, trail


@require_safe
def reuse(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """The page, and with htmx its inside for the step in which the officer says why not to reuse."""
    problem, now = read_problem(request, key, slug), timezone.now()
    found = already_there(problem)
    won = judging.chosen_of(found.problems)
    context = {
        "problem": problem,
        "trail": trail(problem),
        "cards": [card(one, now) | {"reason": one.reason} | _what_came_of(won.get(one.pk)) for one in found.problems],
        "platforms": found.platforms,
    }
    part = getattr(request, "htmx", False)
    return render(request, "agency/reuse_panel.html" if part else "agency/reuse.html", context)


def _what_came_of(won: Result | None) -> dict[str, Any]:
    """What an agency chose, and what it said of it afterwards."""
    return {"won": won if won and won.product else None, "aftermath": won.aftermath.all() if won else []}
