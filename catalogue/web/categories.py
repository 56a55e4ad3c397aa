"""A category: what it is, what people ask of it, what is listed, and what is missing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.platforms import coverage
from catalogue.platforms.choices import PhraseKind
from catalogue.platforms.models import Category, CategoryPhrase, CategoryRelation, Platform
from catalogue.problems.models import Problem

from .cards import bars, category_link, page_of_cards
from .problems import open_in

NEEDS_AT_ONCE = 6
MOST_PROBLEMS = 4
DIRECTIVE = "directive-16"


@require_safe
def category_page(request: HttpRequest, key: str) -> HttpResponse:
    """A group with its leaves, or a leaf with its needs; the products of either, page by page."""
    category = get_object_or_404(Category.objects.select_related("parent__scheme", "scheme"), key=key)
    visible = Platform.objects.visible_to(request.user)
    platforms = visible.in_category(category)
    context = {
        "category": category,
        "trail": [category_link(category.parent)] if category.parent else [],
        "basis": _basis(category),
        "problems": open_in(category, Problem.objects.visible_to(request.user), MOST_PROBLEMS),
        "coverage": coverage.of(platforms),
        **page_of_cards(request, platforms, label=category.label),
        **(_of_leaf(category) if category.parent else {"leaves": _leaves(category, visible)}),
    }
    return render(request, "catalogue/category.html", context)


def _basis(category: Category) -> dict[str, Any]:
    """The document that the category rests on; the directive has a page here."""
    number = category.scheme_item or (category.parent.scheme_item if category.parent else None)
    same = category.parent is None or category.parent.scheme_id == category.scheme_id
    item = ""
    if number and same:
        item = _("Nhiệm vụ %(number)d") if category.scheme_id == DIRECTIVE else _("Chương trình %(number)d")
        item %= {"number": number}
    url = reverse("directive") if category.scheme_id == DIRECTIVE else ""
    return {"title": category.scheme.title, "item": item, "url": url}


def _of_leaf(leaf: Category) -> dict[str, Any]:
    phrases: dict[str, list[CategoryPhrase]] = {kind: [] for kind in PhraseKind.values}
    for phrase in leaf.phrases.select_related("instead").order_by("position"):
        phrases[phrase.kind].append(phrase)
    relations = CategoryRelation.objects.filter(category=leaf).select_related("related").order_by("-weight", "related")
    needs = [phrase.text for phrase in phrases[PhraseKind.NEED]]
    return {
        "needs": needs[:NEEDS_AT_ONCE],
        "more_needs": needs[NEEDS_AT_ONCE:],
        "terms": [phrase.text for phrase in phrases[PhraseKind.TERM]],
        "confusions": [
            {"text": phrase.text, "instead": category_link(phrase.instead)} for phrase in phrases[PhraseKind.CONFUSION]
        ],
        "relations": [{**(category_link(one.related) or {}), "reason": one.reason} for one in relations],
    }


def _leaves(group: Category, visible: Any) -> list[dict[str, Any]]:
    numbers = coverage.by_leaf(visible)
    rows = [(category_link(leaf) or {}, numbers.get(leaf.pk, coverage.Coverage())) for leaf in group.leaves.all()]
    return bars(rows)
