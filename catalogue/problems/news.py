"""Who is told what when a problem moves. The texts are templates/emails/problem_*.txt and .html."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from catalogue.accounts.models import OrganisationKind, User
from catalogue.accounts.roles import OrganisationState, Role
from catalogue.accounts.scopes import operators
from catalogue.notifications.send import notify
from catalogue.organisations.models import Membership

from .models import Problem


def tell_agency(problem: Problem, what: str, *, at: datetime) -> None:
    """Tell those who write for the agency."""
    for user in _writers(organisation=problem.agency_id):
        notify("problem_news", to=user, at=at, what=what, reason=problem.reason, **_facts(problem))


def tell_ministry(problem: Problem, *, at: datetime) -> None:
    """Tell the regulator's people that something waits; operators where no regulator has anybody here."""
    regulators = _writers(organisation__kind=OrganisationKind.REGULATOR, organisation__state=OrganisationState.ACTIVE)
    for user in regulators or list(operators()):
        notify("problem_to_moderate", to=user, at=at, **_facts(problem))


def _writers(**where: Any) -> list[User]:
    rows = Membership.objects.select_related("user").filter(role__in=Role.editing(), **where)
    return list({row.user_id: row.user for row in rows}.values())


def _facts(problem: Problem) -> dict[str, Any]:
    return {"name": problem.title, "agency": problem.agency.key, "slug": problem.slug}
