"""Who is told what about a problem. The sentences are templates/emails/sentences/proposal_*.txt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from catalogue.accounts.models import Organisation, User
from catalogue.notifications.send import notify
from catalogue.organisations.models import Role

from .models import Problem


def writers(organisations: QuerySet[Organisation]) -> QuerySet[User]:
    """Return those who write for these organisations, each once."""
    held = Q(memberships__organisation__in=organisations, memberships__role__in=Role.editing())
    return User.objects.filter(held, is_active=True).distinct().order_by("pk")


def concerned(problem: Problem) -> QuerySet[Organisation]:
    """Return the vendors that asked, drafted a proposal, or were invited."""
    asked, drafted = Q(questions__problem=problem), Q(proposals__problem=problem)
    invited = Q(invited_to=problem)
    return Organisation.objects.filter(asked | drafted | invited).distinct()


def may_read(vendor: QuerySet[Organisation], problem: Problem) -> bool:
    """Say whether a vendor reads a posted problem."""
    return problem.is_public or Problem.objects.posted_to(vendor.values("pk")).filter(pk=problem.pk).exists()


def who_may_answer(problem: Problem, user: User) -> list[Organisation]:
    """Return the vendors in whose name somebody may ask about a problem and answer it."""
    written = Organisation.objects.vendors().edited_by(user).order_by("name")
    return [one for one in written if Problem.objects.answerable_by(one).filter(pk=problem.pk).exists()]


def tell_concerned(problem: Problem, what: str, *, at: datetime, once: str = "", reason: str = "") -> None:
    for user in writers(concerned(problem)):
        tell(user, problem, what, at=at, once=once, reason=reason)


def tell_vendor(vendor: Organisation, problem: Problem, what: str, *, at: datetime, once: str = "") -> None:
    for user in writers(Organisation.objects.filter(pk=vendor.pk)):
        tell(user, problem, what, at=at, once=once, vendor=vendor.key)


def tell_agency(problem: Problem, what: str, *, at: datetime, once: str = "", days: int = 0) -> None:
    for user in writers(Organisation.objects.filter(pk=problem.agency_id)):
        tell(user, problem, what, at=at, once=once, kind="proposal_work", days=days)


def tell(
    user: User, problem: Problem, what: str, *, at: datetime, once: str = "", kind: str = "proposal_news", **facts: Any
) -> None:
    """Write one notice. once: the same about the same is told only one time."""
    about = f"problem:{problem.pk}:{once}" if once else ""
    known = {"vendor": "", "reason": "", "days": 0, **facts}
    notify(kind, to=user, about=about, at=at, what=what, title=problem.title, slug=problem.slug, **known)
