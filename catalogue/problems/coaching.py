"""The coach beside the catalogue: the names that lock others out, and a problem's rows as the coach reads them."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from catalogue.accounts.models import LegalForm, Organisation
from catalogue.platforms.models import Platform

from .coach import Review, Stated, review
from .content import Written, of_problem
from .models import Problem

SHORTEST_NAME = 3


def names_that_lock() -> frozenset[str]:
    """Return the names of listed products and their firms.

    Those of public bodies are left out: that one connects to the national portal shuts nobody out. So are names without a
    capital or a digit, which cannot be told from words.
    """
    offered = Platform.objects.listed().exclude(vendor__legal_form=LegalForm.PUBLIC_BODY)
    firms = Organisation.objects.shown().exclude(legal_form=LegalForm.PUBLIC_BODY)
    names = {*offered.values_list("name", flat=True), *firms.values_list("short_name", flat=True)}
    return frozenset(name for name in names if len(name) >= SHORTEST_NAME and name != name.lower())


def stated(written: Written, *, names: frozenset[str], today: date) -> Stated:
    closes_on = timezone.localdate(written.closes_at) if written.closes_at else None
    return Stated(
        title=written.title,
        today=written.today,
        affected=written.affected,
        outcome=written.outcome,
        systems=written.systems,
        must=tuple(written.must),
        nice=tuple(written.nice),
        budget_min=written.budget_min,
        budget_max=written.budget_max,
        closes_on=closes_on,
        today_is=today,
        names=names,
    )


def coach(problem: Problem, written: Written | None = None) -> Review:
    """Return what the coach says of a problem as it is kept, or as it is being written."""
    said = of_problem(problem) if written is None else written
    return review(stated(said, names=names_that_lock(), today=timezone.localdate()))
