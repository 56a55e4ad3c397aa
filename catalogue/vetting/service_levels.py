"""How long each step of vetting may take, in working days: a promise that is public, and whose breach is counted."""

from __future__ import annotations

from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.common import working_days
from catalogue.common.languages import in_readers_language
from catalogue.common.models import one_of


class Step(models.TextChoices):
    """What somebody is waited for."""

    SUBMITTED = "submitted", _("Chờ người thẩm định nhận hồ sơ")
    IN_REVIEW = "in_review", _("Đang thẩm định")
    CLARIFICATION = "clarification", _("Chờ doanh nghiệp làm rõ")
    TO_DECIDE = "to_decide", _("Chờ người thứ hai quyết định")
    CHALLENGE = "challenge", _("Trả lời một phản đối")
    APPEAL = "appeal", _("Giải quyết khiếu nại")


class ServiceLevel(models.Model):
    """The term of one step, and how many working days before its end a reminder goes out."""

    step = models.CharField(_("bước"), max_length=20, primary_key=True, choices=Step)
    days = models.PositiveSmallIntegerField(_("thời hạn (ngày làm việc)"), validators=[MinValueValidator(1)])
    warn_days = models.PositiveSmallIntegerField(_("nhắc trước (ngày làm việc)"))
    reason = models.CharField(_("lý do"), max_length=300)
    reason_en = models.CharField(_("lý do bằng tiếng Anh"), max_length=300)

    class Meta:
        verbose_name = _("thời hạn của một bước")
        verbose_name_plural = _("thời hạn của các bước")
        ordering = ("step",)
        constraints = (
            one_of("step", Step, "service_level_step_known"),
            models.CheckConstraint(name="service_level_gives_time", condition=Q(days__gte=1)),
            models.CheckConstraint(name="service_level_warns_within", condition=Q(warn_days__lt=F("days"))),
            models.CheckConstraint(name="service_level_says_why", condition=~Q(reason="") & ~Q(reason_en="")),
        )

    def __str__(self) -> str:
        return self.get_step_display()

    @property
    def why(self) -> str:
        """The reason in the reader's language."""
        return in_readers_language(self.reason, self.reason_en)


def due(step: str, from_: date) -> date:
    """Return the last day of a step that begins on a day. Raises ServiceLevel.DoesNotExist for a step without a term."""
    return working_days.add(from_, ServiceLevel.objects.get(pk=step).days)


def warn_on(step: str, due_on: date) -> date:
    """Return the day on which a reminder of a step goes out that is due on a day."""
    return working_days.add(due_on, -ServiceLevel.objects.get(pk=step).warn_days)
