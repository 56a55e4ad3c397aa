"""One product in a list, and lists in pages: what several pages show alike."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.platforms.choices import Assurance, Status
from catalogue.platforms.coverage import Coverage
from catalogue.platforms.models import Category, Platform
from catalogue.platforms.querysets import PlatformQuerySet

from .paging import numbered, page_of, ways


def assurance(platform: Platform) -> dict[str, Any]:
    """The level as components/badge.html takes it."""
    level = Assurance(platform.assurance)
    return {"level": level.value, "label": level.label, "date": platform.assured_on, "explanation": level.explanation}


def card(platform: Platform) -> dict[str, Any]:
    """One product as components/hit_compact.html takes it."""
    discontinued = platform.status == Status.DISCONTINUED
    return {
        "slug": platform.slug,
        "url": platform.get_absolute_url(),
        "name": platform.name,
        "vendor": platform.vendor.short_name,
        "category": platform.category.label,
        "summary": platform.summary,
        "status_note": _("Sản phẩm này đã ngừng cung cấp.") if discontinued else "",
        "assurance": assurance(platform),
    }


def page_of_cards(request: HttpRequest, platforms: PlatformQuerySet, *, label: str) -> dict[str, Any]:
    """Return the page that the address asks for (the nearest there is), its products as cards, and the ways to others."""
    page = page_of(request, platforms.best_assured_first().for_cards())
    return {
        "page": page,
        "cards": [card(platform) for platform in page],
        "pages": ways(page, lambda number: f"{request.path}{numbered(number)}#san-pham", label=label),
    }


def category_link(category: Category | None) -> dict[str, str] | None:
    """The category's name and address."""
    return {"label": category.label, "url": reverse("category", args=[category.key])} if category else None


def bars(rows: list[tuple[dict[str, Any], Coverage]]) -> list[dict[str, Any]]:
    """Return the rows with their numbers and, for the picture, where each part of their bar begins and how wide it is.

    The widest bar is the whole width. Shares are written with a point, as SVG wants them.
    """
    widest = max((coverage.total for _, coverage in rows), default=0) or 1
    drawn: list[dict[str, Any]] = []
    for at, (row, coverage) in enumerate(rows):
        parts, before = [], 0
        for level in ("vetted", "public_record", "listed"):
            n = getattr(coverage, level)
            if n:
                parts.append(
                    {"level": level, "x": f"{100 * before / widest:.2f}%", "width": f"{100 * n / widest:.2f}%"}
                )
            before += n
        top = at * BAR_ROW
        drawn.append({**row, "coverage": coverage, "parts": parts, "text_y": top + 16, "bar_y": top + 24})
    return drawn


BAR_ROW = 52  # of the picture, in pixels: a line of text and its bar
