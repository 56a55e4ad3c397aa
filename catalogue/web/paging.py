"""Long lists in pages: the page that an address asks for, and the ways to the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PAGE_SIZE = 20
PAGE_PARAMETER = "trang"


def page_of(request: HttpRequest, rows: Any, *, parameter: str = PAGE_PARAMETER) -> Page[Any]:
    """Return the page that the address asks for, or the nearest that there is. parameter: another one for a second list."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get(parameter))


def numbered(number: int) -> str:
    """Return what names a page in its address. The first has none, so that it has one address."""
    return f"?{PAGE_PARAMETER}={number}" if number > 1 else ""


def ways(page: Page[Any], address: Callable[[int], str], *, label: str = "") -> dict[str, Any]:
    """Return the ways to the other pages as components/pager.html takes them; `query` names this page to the frame."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "label": label,
        "number": page.number,
        "several": page.has_other_pages(),
        "query": numbered(page.number),
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
        "numbers": [
            {"number": number, "url": address(number) if isinstance(number, int) else ""} for number in numbers
        ],
    }
