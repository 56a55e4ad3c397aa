"""The list of platforms: looked through by facets, searched by words, at an address that says all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, TypedDict
from urllib.parse import urlencode

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from catalogue.common.text import canonical, fold, one_line
from catalogue.platforms import search
from catalogue.platforms.browsing import CLOSED, FACETS, LONGEST_TEXT, TEXT, Cards, Chosen, Found, Shelf, Sort
from catalogue.platforms.models import Category, Platform

from .cards import card
from .paging import PAGE_PARAMETER, page_of, ways

MOST_VALUES = 50  # of one facet in an address
MOST_SPELLINGS = 3
MOST_SHOWN = 12  # vendors or provinces: the biggest; the others are found by their name
DIRECTIVE = "directive-16"
TITLES = {
    "category": gettext_lazy("Nhóm nhu cầu"),
    "assurance": gettext_lazy("Mức bảo đảm"),
    "confirmed": gettext_lazy("Xác nhận gần đây"),
    "deployment": gettext_lazy("Cách triển khai"),
    "pricing": gettext_lazy("Cách tính giá"),
    "vendor": gettext_lazy("Nhà cung cấp"),
    "province": gettext_lazy("Tỉnh, thành của nhà cung cấp"),
    "status": gettext_lazy("Tình trạng"),
    TEXT: gettext_lazy("Từ tìm"),
}


class Option(TypedDict):
    """A value of a facet, and how many platforms there would be with it."""

    value: str
    label: str
    n: int
    checked: bool


@require_safe
@vary_on_headers("HX-Request")
def platforms(request: HttpRequest) -> HttpResponse:
    """The platforms a visitor may see. What makes no sense in the address is left out, and said."""
    rows = Platform.objects.visible_to(request.user)
    shelf = Shelf(rows)
    chosen, unknown = shelf.known(read(request.GET))
    found = shelf.find(chosen)
    cards = rows.select_related("vendor", "category")
    page = page_of(request, Cards(cards, found.pks))
    labels = _labels(shelf)
    context = {
        "address": reverse("platforms"),
        "here_address": address(chosen, page.number),
        "chosen": chosen,
        "total": len(found.pks),
        "listed": len(shelf.rows),
        "unknown": unknown[:3],
        "groups": _groups(shelf, chosen, found),
        "facets": [_facet(facet, labels[facet], chosen, found) for facet in TITLES if facet in FACETS[1:]],
        "category_title": TITLES["category"],
        "chips": list(_chips(chosen, labels)),
        "sorts": _sorts(chosen),
        "cards": [card(platform) for platform in page],
        "pages": _pages(page, chosen),
        "page": page,
        "corrected": found.answer.corrected if found.answer and found.pks else (),
        "partial": bool(found.answer and found.answer.partial),
        "ways_out": [] if found.pks else list(_ways_out(chosen, found, labels)),
        "spellings": [] if found.pks else list(_spellings(shelf, chosen, found)),
    }
    response = render(request, "catalogue/browse.html", context)
    if getattr(request, "htmx", False):
        response["HX-Replace-Url"] = address(chosen, page.number)
    return response


def read(asked: QueryDict) -> Chosen:
    """Return what the address asks for, as far as it can be read at all."""
    text = asked.get(TEXT, "").replace("\0", "")[:LONGEST_TEXT].lstrip()
    values = {facet: frozenset(filter(None, asked.getlist(facet)[:MOST_VALUES])) for facet in FACETS}
    sort = asked.get("sort", "")
    return Chosen(text, values, Sort(sort) if sort in Sort.values else None)


def address(chosen: Chosen, page: int = 1) -> str:
    """Return the one address of this choice: nothing empty in it, always in the same order."""
    asked = [(TEXT, one_line(chosen.text))] if chosen.text.strip() else []
    asked += [(facet, value) for facet in FACETS for value in sorted(chosen.of(facet))]
    if chosen.sort and chosen.sort == chosen.order and chosen.order != Chosen(chosen.text).order:
        asked.append(("sort", chosen.sort.value))
    if page > 1:
        asked.append((PAGE_PARAMETER, str(page)))
    return reverse("platforms") + (f"?{urlencode(asked)}" if asked else "")


def _sorts(chosen: Chosen) -> list[dict[str, Any]]:
    """Return the orders there are. The usual one has no value: it becomes relevance as soon as something is typed."""
    usual = Chosen(chosen.text).order
    orders = [sort for sort in Sort if chosen.text.strip() or sort != Sort.RELEVANCE]
    return [
        {"value": "" if sort == usual else sort.value, "label": sort.label, "chosen": sort == chosen.order}
        for sort in orders
    ]


def _labels(shelf: Shelf) -> dict[str, dict[str, str]]:
    return {
        "category": {category.key: category.label for category in shelf.categories.values()},
        **shelf.names,
        **{facet: {choice.value: str(choice.label) for choice in choices} for facet, choices in CLOSED.items()},
    }


def _option(facet: str, value: str, label: str, chosen: Chosen, found: Found) -> Option:
    return {"value": value, "label": label, "n": found.counts[facet][value], "checked": value in chosen.of(facet)}


def _worth_showing(options: Iterable[Option]) -> list[Option]:
    return [option for option in options if option["n"] or option["checked"]]


def _groups(shelf: Shelf, chosen: Chosen, found: Found) -> list[dict[str, Any]]:
    """Return the directive's ten tasks and the other groups; what is chosen of them with its leaves."""

    def option(category: Category) -> Option:
        return _option("category", category.key, category.label, chosen, found)

    leaves: dict[int | None, list[Category]] = {}
    for category in sorted(shelf.categories.values(), key=lambda category: (category.position, category.key)):
        leaves.setdefault(category.parent_id, []).append(category)
    parts: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for group in leaves.get(None, []):
        inner = _worth_showing(option(leaf) for leaf in leaves.get(group.pk, []))
        itself, ours = option(group), group.scheme_id == DIRECTIVE
        is_open = itself["checked"] or any(leaf["checked"] for leaf in inner)
        if is_open or itself["n"]:
            number = group.scheme_item if ours else None
            parts[ours].append({**itself, "number": number, "leaves": inner if is_open else []})
    titles = {True: _("Mười nhiệm vụ của Chỉ thị 16"), False: _("Nhóm khác")}
    return [{"title": titles[ours], "groups": groups} for ours, groups in parts.items() if groups]


def _facet(facet: str, labels: dict[str, str], chosen: Chosen, found: Found) -> dict[str, Any]:
    options = _worth_showing(_option(facet, value, label, chosen, found) for value, label in labels.items())
    if facet not in CLOSED:
        options.sort(key=lambda option: (not option["checked"], -option["n"], fold(option["label"]).lower()))
    shown = options if facet in CLOSED else [o for at, o in enumerate(options) if at < MOST_SHOWN or o["checked"]]
    return {
        "key": facet,
        "title": TITLES[facet],
        "options": shown,
        "more": len(options) - len(shown),
        "is_open": bool(chosen.of(facet)) or facet in ("assurance", "deployment"),
    }


def _chips(chosen: Chosen, labels: dict[str, dict[str, str]]) -> Iterator[dict[str, str]]:
    """Yield everything that narrows the list, with the address of the list without it."""
    if chosen.text.strip():
        yield {"title": str(TITLES[TEXT]), "text": one_line(chosen.text), "url": address(chosen.without(TEXT))}
    for facet, title in TITLES.items():
        for value in sorted(chosen.of(facet), key=lambda value: labels[facet][value]):
            url = address(chosen.without(facet, value))
            yield {"title": str(title), "text": labels[facet][value], "url": url}


def _ways_out(chosen: Chosen, found: Found, labels: dict[str, dict[str, str]]) -> Iterator[dict[str, Any]]:
    """Yield what to give up so that something is found, the most telling first."""
    for facet, n in found.without.most_common():
        values = sorted(labels[facet][value] for value in chosen.of(facet)) if facet != TEXT else [chosen.text.strip()]
        yield {"title": TITLES[facet], "text": ", ".join(values), "n": n, "url": address(chosen.without(facet))}


def _spellings(shelf: Shelf, chosen: Chosen, found: Found) -> Iterator[dict[str, str]]:
    """Yield searches that find something, and differ from this one in a word that no listing has."""
    index = search.current()
    for word in found.answer.missing[:MOST_SPELLINGS] if found.answer else ():
        for other in index.similar(word, MOST_SPELLINGS):
            text = " ".join(other if canonical(typed) == word else typed for typed in chosen.text.split())
            for again in (replace(chosen, text=text), Chosen(text)):
                if text != one_line(chosen.text) and shelf.find(again).pks:
                    yield {"text": text, "url": address(again)}
                    break


def _pages(page: Page[Platform], chosen: Chosen) -> dict[str, Any]:
    """Return the ways to the other pages. Only the plain list has pages of their own to search engines."""
    found = ways(page, lambda number: address(chosen, number))
    return found if address(chosen) == reverse("platforms") else {**found, "query": ""}
