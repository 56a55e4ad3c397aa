"""Who sees which submissions. Pages and the API ask here and nowhere else."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from catalogue.accounts.models import Organisation, OrganisationKind
from catalogue.accounts.policy import is_reviewer
from catalogue.accounts.scopes import Caller, is_operator
from catalogue.platforms.models import Platform

from .states import State

if TYPE_CHECKING:
    from .models import Submission  # noqa: F401


def is_partial(user: Caller) -> bool:
    """Whether this person belongs to a vendor, in whatever role, and so examines nobody's product."""
    return Organisation.objects.filter(kind=OrganisationKind.VENDOR).read_by(user).exists()


def may_review(user: Caller) -> bool:
    return is_reviewer(user) and not is_partial(user)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def written_by(self, user: Caller) -> Self:
        """Those of vendors that the caller may write for."""
        return self.filter(platform__in=Platform.objects.written_by(user))

    def read_by_members(self, user: Caller) -> Self:
        """Those of vendors that the caller belongs to, in whatever role."""
        return self.filter(platform__in=Platform.objects.read_by_members(user))

    def for_reviewers(self, user: Caller) -> Self:
        """All that were handed in, for a reviewer who speaks for no vendor; none for anybody else."""
        return self.exclude(state=State.DRAFT) if may_review(user) else self.none()

    def for_operators(self, user: Caller) -> Self:
        """All that were handed in, for who keeps the queue moving."""
        return self.exclude(state=State.DRAFT) if is_operator(user) else self.none()

    def open(self) -> Self:
        return self.filter(state__in=State.open())

    def standing(self) -> Self:
        return self.filter(state__in=State.standing())

    def queue(self) -> Self:
        """Those that wait for a reviewer, the riskiest first, then the longest waiting."""
        return self.filter(state=State.SUBMITTED).order_by("-risk", "submitted_at", "pk")

    def held_by(self, user: Caller) -> Self:
        """Those that this reviewer took and has not handed on, the most urgent first."""
        return self.filter(reviewer=user.pk, state__in=[State.IN_REVIEW, State.CLARIFICATION]).order_by("due_on", "pk")

    def to_decide_by(self, user: Caller) -> Self:
        """Those that wait for a second person who is not this one."""
        return self.filter(~Q(reviewer=user.pk), state=State.TO_DECIDE).order_by("due_on", "pk")

    def late(self, today: date) -> Self:
        """Those whose step should have been done before this day."""
        return self.filter(state__in=State.open(), due_on__lt=today)

    def decided(self) -> Self:
        return self.exclude(decided_at=None)

    def for_lists(self) -> Self:
        return self.select_related("platform__vendor", "platform__category", "reviewer", "decided_by", "revision")
