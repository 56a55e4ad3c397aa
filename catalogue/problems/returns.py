"""What the ministry returned: each time with its reason, kept after the problem was written anew and sent in again."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation, OrganisationKind, User
from catalogue.common.models import one_of

from .models import LONGEST_REASON, Problem


class Side(models.TextChoices):
    """As what somebody decided. Who it was stands in the audit log, and is nobody else's business."""

    MINISTRY = "ministry", _("Bộ quản lý")
    OPERATOR = "operator", _("Người vận hành, thay bộ quản lý")
    UNKNOWN = "unknown", _("Không rõ")  # before returns were kept

    @classmethod
    def of(cls, user: User) -> Side:
        """Return as what a person moderates: for a regulator, or as an operator in its place."""
        regulators = Organisation.objects.filter(kind=OrganisationKind.REGULATOR)
        return cls.MINISTRY if regulators.edited_by(user).exists() else cls.OPERATOR


class Return(models.Model):
    """One time that a problem was sent in and came back."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="returns", verbose_name=_("bài toán"))
    reason = models.TextField(_("lý do"), max_length=LONGEST_REASON)
    side = models.CharField(_("ai trả lại"), max_length=10, choices=Side)
    submitted_at = models.DateTimeField(_("lúc gửi bộ quản lý"))
    returned_at = models.DateTimeField(_("lúc trả lại"))

    class Meta:
        verbose_name = _("lần trả lại bài toán")
        verbose_name_plural = _("lần trả lại bài toán")
        ordering = ("problem", "-returned_at", "-pk")
        constraints = (
            one_of("side", Side, "return_side_known"),
            models.CheckConstraint(name="return_says_why", condition=~Q(reason="")),
            models.CheckConstraint(name="return_comes_after_sending", condition=Q(returned_at__gte=F("submitted_at"))),
        )

    def __str__(self) -> str:
        return f"{self.problem} · {self.pk}"


def keep(problem: Problem, *, by: User, now: datetime) -> None:
    """Write down that a problem was returned just now, with the reason that it has."""
    sent_at = problem.submitted_at or now  # by a constraint it is known
    Return.objects.create(
        problem=problem, reason=problem.reason, side=Side.of(by), submitted_at=min(sent_at, now), returned_at=now
    )
