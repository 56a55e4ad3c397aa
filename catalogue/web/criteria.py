"""What products are vetted by, for everybody to read: every set in force on a day, and the versions there have been."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from catalogue.platforms.choices import EvidenceKind
from catalogue.platforms.reading import LABELS
from catalogue.vetting.criteria import CriteriaSet, Criterion


@require_safe
def criteria_page(request: HttpRequest) -> HttpResponse:
    """The criteria as they hold on `?ngay=` (ISO), today unless a day is asked for."""
    today = timezone.localdate()
    on = _day(request.GET.get("ngay", "")) or today
    sets = CriteriaSet.objects.current(on).select_related("group").prefetch_related("criteria")
    context = {
        "on": on,
        "is_today": on == today,
        "sets": [{"version": one, "criteria": [_criterion(row, on) for row in one.criteria.all()]} for one in sets],
        "versions": CriteriaSet.objects.order_by("-valid_from", "key", "-version"),
    }
    return render(request, "catalogue/criteria.html", context)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # well formed, and no day of the calendar
        return None


def _criterion(criterion: Criterion, on: date) -> dict[str, Any]:
    return {
        "criterion": criterion,
        "kinds": [str(EvidenceKind(kind).label) for kind in criterion.evidence_kinds],
        "confirms": [str(LABELS[field]) for field in criterion.fields],
        "expired": criterion.basis_in_force(on) is False and criterion.basis_to is not None,
    }
