"""Directive 16/CT-BTTTT: its ten tasks, and how far the catalogue covers them."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalogue.platforms import coverage
from catalogue.platforms.choices import Assurance
from catalogue.platforms.coverage import Coverage
from catalogue.platforms.models import Category, Platform, Scheme
from catalogue.problems.models import Problem

from .cards import BAR_ROW, bars, category_link
from .categories import DIRECTIVE
from .problems import Asked

# The whole text was not at hand when the catalogue was made: these pages tell what is in it.
SOURCES = (
    "https://stttt.hanam.gov.vn/Pages/chi-thi-phat-dong-cuoc-van-dong-ung-dung-cong-nghe-viet-cho-cuoc-song-so.aspx",
)


@require_safe
def directive_page(request: HttpRequest) -> HttpResponse:
    """Ten tasks with their leaves and numbers, a picture of the coverage, and the other groups."""
    scheme = get_object_or_404(Scheme, key=DIRECTIVE)
    visible = Platform.objects.visible_to(request.user)
    by_group, by_leaf = coverage.by_group(visible), coverage.by_leaf(visible)
    problems = Problem.objects.visible_to(request.user).open_by_group(timezone.now())
    leaves = Prefetch("leaves", Category.objects.select_related("scheme").order_by("position", "key"))
    groups = Category.objects.groups().prefetch_related(leaves).order_by("position", "key")
    tasks: list[tuple[dict[str, Any], Coverage]] = []
    others: list[dict[str, Any]] = []
    for group in groups:
        number = by_group.get(group.pk, Coverage())
        row = {
            **(category_link(group) or {}),
            "number": group.scheme_item,
            "problems": problems.get(group.pk, 0),
            "problems_url": Asked(category=group.key).address(),
            "leaves": [
                {
                    **(category_link(leaf) or {}),
                    "coverage": by_leaf.get(leaf.pk, Coverage()),
                    "named": leaf.scheme_id == DIRECTIVE,
                }
                for leaf in group.leaves.all()
            ],
        }
        if group.scheme_id == DIRECTIVE:
            tasks.append((row, number))
        else:
            others.append({**row, "number": None, "coverage": number})
    tasks.sort(key=lambda task: task[0]["number"] or 0)
    drawn = bars(tasks)
    context = {
        "scheme": scheme,
        "tasks": drawn,
        "others": others,
        "height": BAR_ROW * len(drawn),
        "levels": [(level.value, level.label) for level in reversed(Assurance)],
        "empty": [leaf for task in drawn for leaf in task["leaves"] if not leaf["coverage"].total],
        "sources": SOURCES,
    }
    return render(request, "catalogue/directive.html", context)
