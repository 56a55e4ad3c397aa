"""Public problems as open contracting data: a record of each, and the releases of all, by pages or one a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalogue.problems import ocds
from catalogue.problems.contracting import publisher, record_of, released

from .paging import PAGE_PARAMETER, numbered

ON_A_PAGE = 100  # problems
_AT_ONCE = 200  # rows read while all are streamed
_HEADERS = {"X-Robots-Tag": "noindex"}
_cached = cache_control(public=True, max_age=300)


@require_safe
@_cached
def record_file(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(
        _json(record_of(slug, request.build_absolute_uri)), content_type="application/json", headers=_HEADERS
    )


@require_safe
@_cached
def releases_file(request: HttpRequest) -> HttpResponse:
    """Every release, by pages of problems in the order they were posted. No page without one: the standard has none."""
    paginator = Paginator(released(), ON_A_PAGE, allow_empty_first_page=False)
    try:
        page = paginator.page(request.GET.get(PAGE_PARAMETER, 1))
    except InvalidPage:
        raise Http404 from None
    with translation.override(ocds.LANGUAGE):
        address = request.build_absolute_uri(reverse("problems-ocds"))
    package = ocds.release_package(page, publisher(request.build_absolute_uri), address + numbered(page.number))
    links = {
        **({"next": address + numbered(page.next_page_number())} if page.has_next() else {}),
        **({"prev": address + numbered(page.previous_page_number())} if page.has_previous() else {}),
    }
    package |= {"links": links} if links else {}
    return HttpResponse(_json(package), content_type="application/json", headers=_HEADERS)


@require_safe
@_cached
def releases_lines(request: HttpRequest) -> StreamingHttpResponse:
    """Every release, one a line."""
    return StreamingHttpResponse(
        _lines(publisher(request.build_absolute_uri)), content_type="application/x-ndjson", headers=_HEADERS
    )


def _lines(by: ocds.Publisher) -> Iterator[bytes]:
    for problem in released().iterator(chunk_size=_AT_ONCE):
        for release in ocds.releases(problem, by):
            yield _json(release) + b"\n"


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
