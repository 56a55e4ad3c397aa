"""“Already solved?”: what other agencies asked before and how it ended, and what the State runs for everybody."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.common.nearness import Pairs, nearness, pairs

from .models import Problem
from .querysets import ProblemQuerySet
from .shared import SharedPlatform

MOST_CANDIDATES = 400  # read for one page, the latest first, so that years of problems cost no more
MOST_SHOWN = 5
NEAR = 0.06  # less shares hardly more than the forms of official writing
IN_CATEGORY = 0.05  # what the same category counts for, beside words


@dataclass(frozen=True, slots=True)
class Found:
    """What is already there for a problem, the nearest first."""

    problems: list[Problem]
    platforms: list[SharedPlatform]


def already_there(problem: Problem) -> Found:
    """Return public problems of other agencies, and shared platforms, that are near to a problem as it is kept."""
    own = _pairs(problem)
    leaves = {category.pk for category in problem.categories.all()}
    return Found(_problems(problem, own, leaves), _platforms(own, leaves))


def _problems(problem: Problem, own: Pairs, leaves: set[int]) -> list[Problem]:
    among: ProblemQuerySet = Problem.objects.public().exclude(agency=problem.agency_id)
    candidates = list(among.for_cards().order_by("-posted_at", "-pk")[:MOST_CANDIDATES])
    near = nearness(own, [_pairs(one) for one in candidates])
    scored = [
        (value + IN_CATEGORY * bool(leaves & {category.pk for category in one.categories.all()}), one)
        for value, one in zip(near, candidates, strict=True)
    ]
    found = sorted((one for one in scored if one[0] >= NEAR), key=lambda one: (-one[0], -one[1].pk))
    return [one for _value, one in found[:MOST_SHOWN]]


def _platforms(own: Pairs, leaves: set[int]) -> list[SharedPlatform]:
    """Those of the problem's categories, those whose words it shares first; without a category, by words alone."""
    rows = list(SharedPlatform.objects.prefetch_related("categories"))
    near = nearness(own, [pairs((one.name, one.does)) for one in rows])
    scored = [
        (value, one)
        for value, one in zip(near, rows, strict=True)
        if value >= NEAR or leaves & {category.pk for category in one.categories.all()}
    ]
    return [one for _value, one in sorted(scored, key=lambda one: (-one[0], one[1].name))[:MOST_SHOWN]]


def _pairs(problem: Problem) -> Pairs:
    return pairs((problem.title, problem.today, problem.affected, problem.outcome))
