"""What a solution must do, or should, one sentence each; and the agencies that have the same problem."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation, OrganisationKind, User
from catalogue.common.models import one_of

from .models import Problem
from .states import RequirementKind

LONGEST_REQUIREMENT = 200  # characters
MOST_REQUIREMENTS = 20  # of each kind
LONGEST_VOLUME = 300


class Requirement(models.Model):
    """One thing that is asked of a solution. Whoever answers says of each whether it is met."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="requirements", verbose_name=_("bài toán"))
    kind = models.CharField(_("mức"), max_length=4, choices=RequirementKind, default=RequirementKind.MUST)
    text = models.CharField(_("yêu cầu"), max_length=LONGEST_REQUIREMENT)
    position = models.PositiveSmallIntegerField(_("thứ tự"))

    class Meta:
        verbose_name = _("yêu cầu")
        verbose_name_plural = _("yêu cầu")
        ordering = ("problem", "position")
        constraints = (
            one_of("kind", RequirementKind, "requirement_kind_known"),
            models.CheckConstraint(name="requirement_says_something", condition=~Q(text="")),
            models.UniqueConstraint(name="requirement_position_once", fields=["problem", "position"]),
        )

    def __str__(self) -> str:
        return self.text


class Joiner(models.Model):
    """An agency that says "me too". It decides for itself what it buys, or whether."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="joiners", verbose_name=_("bài toán"))
    agency = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="joined_problems",
        limit_choices_to={"kind": OrganisationKind.AGENCY},
        verbose_name=_("cơ quan"),
    )
    volume = models.CharField(_("quy mô của mình"), max_length=LONGEST_VOLUME)
    joined_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người ghi"))
    joined_at = models.DateTimeField(_("lúc tham gia"))

    class Meta:
        verbose_name = _("cơ quan cùng bài toán")
        verbose_name_plural = _("cơ quan cùng bài toán")
        ordering = ("joined_at", "pk")
        constraints = (
            models.CheckConstraint(name="joiner_says_how_much", condition=~Q(volume="")),
            models.UniqueConstraint(name="joiner_once", fields=["problem", "agency"]),
        )

    def __str__(self) -> str:
        return self.agency.name
