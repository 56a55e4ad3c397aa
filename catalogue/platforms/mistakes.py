"""What readers say is wrong on a listing. Never published; an operator reads it, checks, and marks it handled."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from catalogue.accounts import personal_data
from catalogue.accounts.models import User
from catalogue.common.models import one_of
from catalogue.notifications.send import notify

from .choices import MistakeAbout, MistakeStatus
from .models import Platform

LONGEST_REASON = 2_000  # characters


class MistakeReportQuerySet(models.QuerySet["MistakeReport"]):
    def handle(self, by: User | AnonymousUser) -> int:
        """Mark the new ones handled and forget their e-mail addresses; return how many there were."""
        return self.filter(status=MistakeStatus.NEW).update(
            status=MistakeStatus.HANDLED, handled_at=timezone.now(), handled_by_id=by.pk, email=""
        )

    def reopen(self) -> int:
        """Make the handled ones new again; return how many there were. Their addresses stay forgotten."""
        return self.filter(status=MistakeStatus.HANDLED).update(
            status=MistakeStatus.NEW, handled_at=None, handled_by=None
        )


class MistakeReport(models.Model):
    """One report. An e-mail address is kept only until the report is handled."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="mistake_reports", verbose_name=_("nền tảng"))
    about = models.CharField(_("phần bị sai"), max_length=20, choices=MistakeAbout)
    reason = models.TextField(_("sai ở đâu"), max_length=LONGEST_REASON)
    source = models.URLField(_("trang chứng minh"), max_length=500, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    status = models.CharField(_("tình trạng"), max_length=10, choices=MistakeStatus, default=MistakeStatus.NEW)
    created_at = models.DateTimeField(_("lúc gửi"), auto_now_add=True)
    handled_at = models.DateTimeField(_("lúc xử lý"), null=True, blank=True)
    handled_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("người xử lý")
    )

    objects = MistakeReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("báo sai sót")
        verbose_name_plural = _("báo sai sót")
        ordering = ("-created_at", "-pk")
        constraints = (
            one_of("about", MistakeAbout, "mistake_report_about_known"),
            one_of("status", MistakeStatus, "mistake_report_status_known"),
            models.CheckConstraint(name="mistake_report_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="mistake_report_handled_is_dated",
                condition=Q(status="handled", handled_at__isnull=False) | Q(status="new", handled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="mistake_report_handled_forgets_email", condition=~Q(status="handled") | Q(email="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.platform}: {self.get_about_display()}"


@transaction.atomic
def receive(report: MistakeReport) -> None:
    """Keep a report, and tell the operators who may handle it. What the reader wrote stays out of the mail."""
    report.save()
    operators = User.objects.with_perm(
        "catalogue.change_mistakereport", backend="django.contrib.auth.backends.ModelBackend"
    ).filter(is_staff=True)
    with translation.override("vi"):  # the templates translate it for each reader
        what = str(MistakeAbout(report.about).label)
    for operator in operators:
        notify(
            "mistake_reported",
            to=operator,
            about=f"mistake:{report.pk}",
            platform=report.platform.slug,
            name=report.platform.name,
            what=what,
        )


def register_own() -> None:
    """Reports carry no account, only an address: those of a person are found by theirs."""
    personal_data.register(personal_data.Holding("mistake_reports", _reports, _forget_address))


def _reports(user: User) -> list[dict[str, Any]]:
    fields = ("platform__slug", "about", "reason", "source", "status", "created_at")
    return list(MistakeReport.objects.filter(email__iexact=user.email).values(*fields))


def _forget_address(user: User) -> None:
    MistakeReport.objects.filter(email__iexact=user.email).update(email="")
