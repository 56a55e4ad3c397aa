"""Problems that agencies post: the list, and the page of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from catalogue.common.text import one_line
from catalogue.platforms.models import Category
from catalogue.problems.models import Problem
from catalogue.problems.querysets import ProblemQuerySet
from catalogue.problems.states import Route, Sort, State

from . import structured
from .cards import category_link
from .paging import PAGE_PARAMETER, page_of, ways

LONGEST_TEXT = 200
ALL = "all"
STAGES = {
    State.PUBLISHED.value: State.PUBLISHED.label,
    State.CLOSED.value: State.CLOSED.label,
    State.ENDED.value: State.ENDED.label,
    State.WITHDRAWN.value: State.WITHDRAWN.label,
    ALL: gettext_lazy("Tất cả"),
}


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list. Left out: problems that are open, by their closing time."""

    text: str = ""
    category: str = ""
    stage: str = State.PUBLISHED.value
    sort: Sort = Sort.CLOSING

    @classmethod
    def read(cls, query: QueryDict) -> Asked:
        """Return what can be read; what makes no sense is left out."""
        text = one_line(query.get("q", "").replace("\0", ""))[:LONGEST_TEXT]
        stage, sort = query.get("state", ""), query.get("sort", "")
        return cls(
            text=text,
            category=query.get("category", "").replace("\0", "")[:60],
            stage=stage if stage in STAGES else cls.stage,
            sort=Sort(sort) if sort in Sort.values else cls.sort,
        )

    def address(self, page: int = 1) -> str:
        """Return the one address of this choice: nothing in it that would be so without."""
        usual = Asked()
        asked = [
            ("q", self.text),
            ("category", self.category),
            ("state", self.stage if self.stage != usual.stage else ""),
            ("sort", self.sort.value if self.sort != usual.sort else ""),
            (PAGE_PARAMETER, str(page) if page > 1 else ""),
        ]
        query = urlencode([(name, value) for name, value in asked if value])
        return reverse("problems") + (f"?{query}" if query else "")


@require_safe
def problems_page(request: HttpRequest) -> HttpResponse:
    """What can be answered now, and what became of the others."""
    now = timezone.now()
    asked = Asked.read(request.GET)
    public = Problem.objects.visible_to(request.user).public()
    leaves = list(Category.objects.filter(pk__in=public.values("categories")).select_related("parent"))
    category = Category.objects.filter(key=asked.category).first() if asked.category else None
    within = public.matching(asked.text)
    within = within.in_category(category) if category else within
    counts = within.by_stage(now)
    shown = within if asked.stage == ALL else within.at_stage(State(asked.stage), now)
    page = page_of(request, shown.for_cards().in_order(asked.sort, now))
    plain = asked == Asked()
    context = {
        "asked": asked,
        "category": category,
        "unknown": asked.category if asked.category and category is None else "",
        "page": page,
        "cards": [card(problem, now) for problem in page],
        "pages": ways(page, asked.address, label=_("Các bài toán")) | ({} if plain else {"query": ""}),
        "plain": plain,
        "stages": [
            {"value": value, "label": label, "n": counts.get(value, 0) if value != ALL else sum(counts.values())}
            for value, label in STAGES.items()
        ],
        "groups": _groups(leaves, category),
        "sorts": Sort.choices,
        "everything_url": replace(Asked(), stage=ALL).address(),
        "other_stages_url": replace(asked, stage=ALL).address() if counts and not page.object_list else "",
    }
    return render(request, "catalogue/problems.html", context)


def _groups(leaves: list[Category], chosen: Category | None) -> list[dict[str, Any]]:
    """Return the categories that have problems, and the chosen one, by group."""
    also = [chosen] if chosen and chosen.parent_id else []
    groups: dict[str, dict[str, str]] = {}
    for leaf in sorted({*leaves, *also}, key=lambda leaf: (leaf.position, leaf.key)):
        groups.setdefault(leaf.parent.label if leaf.parent else "", {})[leaf.key] = leaf.label
    return [{"label": label, "leaves": list(inside.items())} for label, inside in groups.items()]


@require_safe
def problem_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One problem as its agency states it, where it stands, and what became of it."""
    now = timezone.now()
    visible = Problem.objects.visible_to(request.user).for_cards()
    problem = get_object_or_404(visible, slug=slug)
    stage = problem.stage_at(now)
    context = {
        "problem": problem,
        "stage": stage,
        "is_draft": stage == State.DRAFT,
        "is_open": stage == State.PUBLISHED,
        "left": left(problem, now),
        "route": Route(problem.route).label,
        "categories": [category_link(category) for category in problem.categories.all()],
        "trail": [{"label": _("Các bài toán"), "url": reverse("problems")}],
        "graph": structured.demand(request, problem) if stage != State.DRAFT else None,
    }
    return render(request, "catalogue/problem.html", context)


def card(problem: Problem, now: datetime) -> dict[str, Any]:
    """One problem as components/problem_card.html takes it. The rows of `for_cards()` are enough."""
    return {
        "url": problem.get_absolute_url(),
        "title": problem.title,
        "number": problem.number,
        "agency": problem.agency.name,
        "outcome": problem.outcome,
        "categories": [category.label for category in problem.categories.all()],
        "stage": problem.stage_at(now),
        "ending": problem.get_ending_display(),
        "posted_at": problem.posted_at,
        "closes_at": problem.closes_at,
        "left": left(problem, now),
    }


def left(problem: Problem, now: datetime) -> str:
    """Say how long an open problem can still be answered, in whole days; "" for any other."""
    if problem.stage_at(now) != State.PUBLISHED or problem.closes_at is None:
        return ""
    days = (timezone.localdate(problem.closes_at) - timezone.localdate(now)).days
    return ngettext("còn %(n)d ngày", "còn %(n)d ngày", days) % {"n": days} if days else _("hết hạn hôm nay")


def open_in(category: Category, problems: ProblemQuerySet, most: int) -> dict[str, Any]:
    """Return the open problems of a category for its page, those that close first."""
    now = timezone.now()
    found = list(problems.open(now).in_category(category).for_cards().in_order(Sort.CLOSING, now)[: most + 1])
    return {
        "cards": [card(problem, now) for problem in found[:most]],
        "all_url": Asked(category=category.key).address() if len(found) > most else "",
    }
