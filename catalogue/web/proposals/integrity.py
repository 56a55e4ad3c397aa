"""The ministry's page of questions about posted problems."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.problems import integrity
from catalogue.web.agency_problems.moderation import moderators_only
from catalogue.web.paging import numbered, page_of, ways


@moderators_only
@require_safe
def integrity_page(request: HttpRequest) -> HttpResponse:
    """Posted problems, the latest first, each with what may be asked."""
    page = page_of(request, integrity.looked_at_by(request.user))
    context = {
        "rows": [{"problem": problem, "doubts": integrity.doubts(problem)} for problem in page],
        "pages": ways(page, lambda number: f"{request.path}{numbered(number)}", label=_("Các bài toán")),
    }
    return render(request, "desk/integrity.html", context)
