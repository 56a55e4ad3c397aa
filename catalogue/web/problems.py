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

from catalogue.accounts.models import Organisation
from catalogue.common.text import one_line
from catalogue.platforms.models import Category
from catalogue.problems.content import LABELS, of_problem
from catalogue.problems.models import Problem
from catalogue.problems.querysets import ProblemQuerySet, agencies_written_by
from catalogue.problems.states import Route, Sort, State

from . import structured
from .agency_problems.reading import lines
from .cards import category_link
from .paging import PAGE_PARAMETER, page_of, ways
from .proposals.showing import public_side

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
        return _with_query(reverse("problems"), asked)

    def deadlines_address(self) -> str:
        """Return the calendar of the open problems among these."""
        return _with_query(reverse("problem-deadlines"), [("q", self.text), ("category", self.category)])


def _with_query(path: str, asked: list[tuple[str, str]]) -> str:
    query = urlencode([(name, value) for name, value in asked if value])
    return path + (f"?{query}" if query else "")


def ways_to_save(request: HttpRequest, asked: Asked) -> list[dict[str, str]]:
    """Return where the search of a list can be saved: each vendor the reader writes for; none for a search of everything."""
    if not request.user.is_authenticated or not (asked.text or asked.category):
        return []
    vendors = Organisation.objects.vendors().edited_by(request.user).order_by("name")
    searched = [("q", asked.text), ("category", asked.category)]
    return [
        {"name": one.short_name, "url": _with_query(reverse("saved-searches", args=[one.key]), searched)}
        for one in vendors
    ]


@require_safe
def problems_page(request: HttpRequest) -> HttpResponse:
    """What can be answered now, and what became of the others."""
    now = timezone.now()
    asked = Asked.read(request.GET)
    public = Problem.objects.visible_to(request.user).posted()
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
        "deadlines_url": asked.deadlines_address(),
        "ways_to_save": ways_to_save(request, asked),
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
        "is_draft": problem.state not in State.public(),
        "is_public": problem.is_public,
        "has_decision_file": bool(problem.run)
        and Problem.objects.read_by_members(request.user).filter(pk=problem.pk).exists(),
        "requirements": problem.requirements.all(),
        "terms": terms(problem),
        "joiners": problem.joiners.select_related("agency"),
        "may_join": stage == State.PUBLISHED
        and request.user.is_authenticated
        and agencies_written_by(request.user).exclude(pk=problem.agency_id).exists(),
        "is_open": stage == State.PUBLISHED,
        "left": left(problem, now),
        "route": Route(problem.route).label,
        "categories": [category_link(category) for category in problem.categories.all()],
        "trail": [{"label": _("Các bài toán"), "url": reverse("problems")}],
        "graph": structured.demand(request, problem) if problem.is_public else None,
        **public_side(problem, request.user, now),
    }
    return render(request, "catalogue/problem.html", context)


def terms(problem: Problem) -> list[dict[str, Any]]:
    """Return what is said of money, dates and weights; nothing of one that only has its texts."""
    if not problem.mode:
        return []
    said = of_problem(problem)
    fields = ("mode", "budget_min", "budget_max", "start_on", "duration_months", "weight_fit", "weight_price", "weight_delivery")  # fmt: skip
    rows = [{"label": LABELS[field], "lines": lines(said, field)} for field in fields]
    return [row for row in rows if row["lines"]]


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
