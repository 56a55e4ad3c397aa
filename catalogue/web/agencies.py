"""An agency: its public problems, what became of them, and for how long it has said nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.problems.standing import agencies, public_problems, standing
from catalogue.problems.states import Sort

from .paging import numbered, page_of, ways
from .problems import card


@require_safe
def agency_page(request: HttpRequest, key: str) -> HttpResponse:
    """What everybody may know of how an agency treats those who answer it. Nothing about a person."""
    agency, now = get_object_or_404(agencies(), key=key), timezone.now()
    stands = standing(agency, now)
    page = page_of(request, public_problems(agency).for_cards().in_order(Sort.CLOSING, now))
    url = reverse("agency", args=[key])
    context = {
        "agency": agency,
        "states": [{"label": state.label, "n": n} for state, n in stands.by_state.items()],
        "silent": stands.silent,
        "page": page,
        "cards": [card(problem, now) for problem in page],
        "pages": ways(page, lambda number: f"{url}{numbered(number)}", label=_("Các bài toán")),
        "trail": [{"label": _("Các bài toán"), "url": reverse("problems")}],
    }
    return render(request, "catalogue/agency.html", context)
