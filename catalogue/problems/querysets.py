"""Who sees which problems, and in which order. Pages and the API ask here and nowhere else."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Count, F, Q, Value, When
from django.utils import timezone

from catalogue.accounts.models import Organisation, OrganisationKind, User
from catalogue.accounts.scopes import Caller, OrganisationQuerySet, is_operator
from catalogue.common.text import canonical, fold
from catalogue.platforms.choices import Assurance
from catalogue.platforms.models import Category, Platform

from .states import Sort, State, Visibility

if TYPE_CHECKING:
    from .models import Problem, ReceivingOffice  # noqa: F401

MOST_WORDS = 12  # of a search
_WORD = re.compile(r"[^\W_]+")


def searchable(text: str) -> str:
    """Return the words of a text as searches compare them: lower case, without marks, single spaces between."""
    return " ".join(_WORD.findall(fold(canonical(text))))


def agencies_read_by(user: Caller) -> OrganisationQuerySet:
    return Organisation.objects.filter(kind=OrganisationKind.AGENCY).read_by(user)


def agencies_written_by(user: Caller) -> OrganisationQuerySet:
    return Organisation.objects.filter(kind=OrganisationKind.AGENCY).edited_by(user)


def may_moderate(user: Caller) -> bool:
    """Say whether this person looks at problems for the managing ministry.

    Editors and owners of a regulator do, and operators, who stand in where no regulator has an account here yet.
    """
    regulators = Organisation.objects.filter(kind=OrganisationKind.REGULATOR)
    return isinstance(user, User) and (is_operator(user) or regulators.edited_by(user).exists())


class ProblemQuerySet(models.QuerySet["Problem"]):
    def posted(self) -> Self:
        """Those that were published, to whomever."""
        return self.filter(state__in=State.public())

    def public(self) -> Self:
        """Those that anybody reads."""
        return self.posted().filter(visibility=Visibility.PUBLIC)

    def visible_to(self, user: Caller) -> Self:
        """What everybody sees, what was posted to the caller's firm, and all of the caller's own agency.

        The ministry also sees what was sent through it, and whatever is posted; operators who may look at problems see all.
        """
        if not isinstance(user, User):
            return self.public()
        if user.is_staff and user.has_perm("catalogue.view_problem"):
            return self
        ours = user.memberships.values("organisation")
        return self.filter(
            Q(pk__in=self._model().public().values("pk"))
            | Q(agency__in=ours)
            | Q(pk__in=self._model().posted_to(ours).values("pk"))
            | Q(pk__in=self._model().moderated_by(user).values("pk"))
            | Q(pk__in=self._model().overseen_by(user).values("pk"))
        )

    def posted_to(self, vendors: models.QuerySet[Any] | list[int]) -> Self:
        """Those that are published to some firms only, these among them. vendors: primary keys of organisations."""
        through = self.model.categories.through.objects
        vetted = Platform.objects.listed().filter(vendor__in=vendors, assurance=Assurance.VETTED)
        of_their_leaves = through.filter(
            Q(category__in=vetted.values("category")) | Q(category__in=vetted.further_leaves(timezone.localdate()))
        )
        return self.posted().filter(
            Q(visibility=Visibility.VETTED_VENDORS, pk__in=of_their_leaves.values("problem"))
            | Q(
                visibility=Visibility.INVITED,
                pk__in=self.model.invited.through.objects.filter(organisation__in=vendors).values("problem"),
            )
        )

    def answerable_by(self, vendor: Organisation) -> Self:
        """Those that a firm may ask about and answer: what it may read, and what it has answered already.

        It is the firm that was invited or vetted. Who also writes for another one cannot answer in that one's name.
        """
        read = Q(visibility=Visibility.PUBLIC) | Q(pk__in=self._model().posted_to([vendor.pk]).values("pk"))
        return self.posted().filter(read | Q(pk__in=self._model().filter(proposals__vendor=vendor).values("pk")))

    def written_by(self, user: Caller) -> Self:
        """Those of the agencies in whose name the caller may write."""
        return self.filter(agency__in=agencies_written_by(user))

    def read_by_members(self, user: Caller) -> Self:
        """Those of the agencies that the caller belongs to, drafts among them."""
        return self.filter(agency__in=agencies_read_by(user))

    def moderated_by(self, user: Caller) -> Self:
        """What the managing ministry sees: what was sent through it, and whatever is published to it alone.

        Nobody moderates for an agency they belong to.
        """
        if not may_moderate(user):
            return self.none()
        own = user.memberships.values("organisation")  # type: ignore[union-attr]
        sent = Q(state__in=[State.MODERATION, State.RETURNED]) | Q(submitted_at__isnull=False, state__in=State.public())
        alone = Q(visibility=Visibility.MINISTRY, state__in=State.public())
        return self.filter(sent | alone).exclude(agency__in=own)

    def overseen_by(self, user: Caller) -> Self:
        """Posted ones that the managing ministry may ask about, whoever else reads them; never those of one's own agency."""
        if not may_moderate(user):
            return self.none()
        return self.posted().exclude(agency__in=user.memberships.values("organisation"))  # type: ignore[union-attr]

    def _model(self) -> ProblemQuerySet:
        return type(self)(self.model)

    def with_stage(self, now: datetime) -> Self:
        """Add `stage`, the state as the clock has it: what is past its closing time is closed, whoever has noted it."""
        over = When(state=State.PUBLISHED, closes_at__lte=now, then=Value(State.CLOSED.value))
        return self.annotate(stage=Case(over, default=F("state"), output_field=models.CharField()))

    def at_stage(self, stage: State, now: datetime) -> Self:
        return self.with_stage(now).filter(stage=stage)

    def by_stage(self, now: datetime) -> dict[str, int]:
        """Return how many stand at each stage, in one query."""
        return dict(self.with_stage(now).order_by().values_list("stage").annotate(n=Count("pk")))

    def open(self, now: datetime) -> Self:
        """Those that can still be answered."""
        return self.filter(state=State.PUBLISHED, closes_at__gt=now)

    def in_category(self, category: Category) -> Self:
        """Those of a leaf, or of any leaf of a group. Each once."""
        through = self.model.categories.through.objects
        within = through.filter(Q(category=category.pk) | Q(category__parent=category.pk))
        return self.filter(pk__in=within.values("problem"))

    def matching(self, text: str) -> Self:
        """Those that hold every word typed, with marks or without, as a word or its beginning."""
        found = self
        for word in searchable(text).split()[:MOST_WORDS]:
            found = found.filter(words__contains=f" {word}")
        return found

    def in_order(self, sort: Sort, now: datetime) -> Self:
        """By posting time the latest first; or those that close soonest first, then what is over, the latest first."""
        if sort == Sort.NEWEST:
            return self.order_by("-posted_at", "-pk")
        time_left = Case(When(state=State.PUBLISHED, closes_at__gt=now, then=F("closes_at")))
        return self.order_by(time_left.asc(nulls_last=True), "-closes_at", "pk")

    def for_cards(self) -> Self:
        return self.select_related("agency").prefetch_related("categories")

    def open_by_group(self, now: datetime) -> dict[int, int]:
        """Return how many open problems each group has, each problem once, by the group's primary key."""
        rows = self.model.categories.through.objects.filter(problem__in=self.open(now))
        counted = rows.values_list("category__parent").annotate(n=Count("problem", distinct=True))
        return dict(counted.order_by("category__parent"))


class ReceivingOfficeQuerySet(models.QuerySet["ReceivingOffice"]):
    def on(self, day: date) -> ReceivingOffice | None:
        """Return the office that takes problems on that day; None where nobody has named one."""
        valid = self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
        return valid.order_by("-valid_from", "-pk").first()
