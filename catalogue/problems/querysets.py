"""Who sees which problems, and in which order. Pages and the API ask here and nowhere else."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Count, F, Q, Value, When

from catalogue.accounts.models import User
from catalogue.common.text import canonical, fold
from catalogue.platforms.models import Category

from .states import Sort, State

if TYPE_CHECKING:
    from .models import Problem, ReceivingOffice  # noqa: F401

MOST_WORDS = 12  # of a search
_WORD = re.compile(r"[^\W_]+")


def searchable(text: str) -> str:
    """Return the words of a text as searches compare them: lower case, without marks, single spaces between."""
    return " ".join(_WORD.findall(fold(canonical(text))))


class ProblemQuerySet(models.QuerySet["Problem"]):
    def public(self) -> Self:
        return self.filter(state__in=State.public())

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """What everybody sees; drafts also for the agency's members, and for operators who may look at problems."""
        if not isinstance(user, User):
            return self.public()
        if user.is_staff and user.has_perm("catalogue.view_problem"):
            return self
        ours = user.memberships.values("organisation")
        return self.filter(Q(state__in=State.public()) | Q(agency__in=ours))

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

    def open_by_category(self, now: datetime) -> dict[int, int]:
        """Return how many open problems each leaf has, by its primary key."""
        rows = self.model.categories.through.objects.filter(problem__in=self.open(now))
        return dict(rows.values_list("category").annotate(n=Count("problem")).order_by("category"))

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
