"""What an evaluation leaves behind: who scored, what, what was agreed, and what each firm is told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import User
from catalogue.common.models import one_of
from catalogue.platforms.models import Platform

from .models import LONGEST_REASON, Problem
from .proposals import Proposal
from .requirements import Requirement

MOST_POINTS = 5  # of one score
LEAST_EVALUATORS = 2


class Aspect(models.TextChoices):
    """What is scored. FIT is scored once for each requirement."""

    FIT = "fit", _("Mức đáp ứng")
    PRICE = "price", _("Giá")
    DELIVERY = "delivery", _("Triển khai và hỗ trợ")


class Code(models.TextChoices):
    """Why, in a word, for one requirement of one proposal."""

    MET = "met", _("Đáp ứng")
    PARTLY = "partly", _("Đáp ứng một phần")
    NOT_SHOWN = "not_shown", _("Chưa có bằng chứng")
    NOT_MET = "not_met", _("Không đáp ứng")
    NOT_ASSESSED = "not_assessed", _("Không chấm, vì cơ quan không làm nữa")


class Panel(models.Model):
    """The evaluation of one problem. Who evaluates, and whether blind, is settled before the envelopes are opened."""

    problem = models.OneToOneField(Problem, models.PROTECT, related_name="panel", verbose_name=_("bài toán"))
    blind = models.BooleanField(_("chấm lần đầu không biết tên"), default=False)
    convened_at = models.DateTimeField(_("lúc lập"))
    opened_at = models.DateTimeField(_("lúc mở hồ sơ"), null=True)
    opened = models.PositiveIntegerField(_("số hồ sơ đã mở"), default=0)

    class Meta:
        verbose_name = _("tổ chấm")
        verbose_name_plural = _("tổ chấm")
        constraints = (
            models.CheckConstraint(
                name="panel_opens_after_it_is_convened",
                condition=Q(opened_at__isnull=True, opened=0) | Q(opened_at__gte=models.F("convened_at")),
            ),
        )

    def __str__(self) -> str:
        return str(self.problem)


class Evaluator(models.Model):
    """One member of the agency who scores. Until a conflict is declared or denied, nothing is shown."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="evaluators", verbose_name=_("tổ chấm"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("người chấm"))
    conflict = models.BooleanField(_("có xung đột lợi ích"), null=True)
    conflict_note = models.TextField(_("xung đột gì"), max_length=LONGEST_REASON, blank=True)
    declared_at = models.DateTimeField(_("lúc cam kết"), null=True)
    finished_at = models.DateTimeField(_("lúc chấm xong"), null=True)

    class Meta:
        verbose_name = _("người chấm")
        verbose_name_plural = _("người chấm")
        ordering = ("panel", "pk")
        constraints = (
            models.UniqueConstraint(name="evaluator_once", fields=["panel", "user"]),
            models.CheckConstraint(
                name="evaluator_declares_whole",
                condition=Q(conflict__isnull=True, declared_at__isnull=True)
                | Q(conflict=False, declared_at__isnull=False)
                | Q(conflict=True, declared_at__isnull=False) & ~Q(conflict_note=""),
            ),
            models.CheckConstraint(
                name="evaluator_in_conflict_scores_nothing", condition=Q(finished_at__isnull=True) | Q(conflict=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.panel} · {self.user_id}"


class Mark(models.Model):
    """Points for one aspect of one proposal, with the reason."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+", verbose_name=_("hồ sơ"))
    aspect = models.CharField(_("tiêu chí"), max_length=10, choices=Aspect)
    requirement = models.ForeignKey(Requirement, models.PROTECT, null=True, related_name="+", verbose_name=_("yêu cầu"))
    points = models.PositiveSmallIntegerField(_("điểm"))
    reason = models.TextField(_("lý do"), max_length=LONGEST_REASON)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            one_of("aspect", Aspect, "%(class)s_aspect_known"),
            models.CheckConstraint(name="%(class)s_points_range", condition=Q(points__lte=MOST_POINTS)),
            models.CheckConstraint(name="%(class)s_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="%(class)s_fit_is_of_a_requirement",
                condition=Q(aspect=Aspect.FIT, requirement__isnull=False)
                | ~Q(aspect=Aspect.FIT) & Q(requirement__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_aspect_display()}: {self.points}"


class Score(Mark):
    """What one evaluator found."""

    evaluator = models.ForeignKey(Evaluator, models.CASCADE, related_name="scores", verbose_name=_("người chấm"))

    class Meta(Mark.Meta):
        verbose_name = _("điểm chấm")
        verbose_name_plural = _("điểm chấm")
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            *Mark.Meta.constraints,
            models.UniqueConstraint(
                name="score_once", fields=["evaluator", "proposal", "aspect", "requirement"],
                condition=Q(requirement__isnull=False),
            ),
            models.UniqueConstraint(
                name="score_of_aspect_once", fields=["evaluator", "proposal", "aspect"],
                condition=Q(requirement__isnull=True),
            ),
        )  # fmt: skip


class AgreedScore(Mark):
    """What the evaluators agreed on, after each had scored alone."""

    class Meta(Mark.Meta):
        verbose_name = _("điểm thống nhất")
        verbose_name_plural = _("điểm thống nhất")
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            *Mark.Meta.constraints,
            models.UniqueConstraint(
                name="agreed_once", fields=["proposal", "aspect", "requirement"], condition=Q(requirement__isnull=False)
            ),
            models.UniqueConstraint(
                name="agreed_of_aspect_once", fields=["proposal", "aspect"], condition=Q(requirement__isnull=True)
            ),
        )


class Result(models.Model):
    """What became of one proposal. Its vendor reads all of it; the public only who was chosen."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="result", verbose_name=_("hồ sơ"))
    chosen = models.BooleanField(_("được chọn"), default=False)
    product = models.ForeignKey(
        Platform, models.PROTECT, null=True, related_name="chosen_for", verbose_name=_("sản phẩm được chọn")
    )
    points = models.DecimalField(_("tổng điểm"), max_digits=5, decimal_places=2, null=True)
    told_at = models.DateTimeField(_("lúc báo"))

    class Meta:
        verbose_name = _("kết quả của hồ sơ")
        verbose_name_plural = _("kết quả của hồ sơ")
        constraints = (
            models.CheckConstraint(
                name="result_chosen_names_product",
                condition=Q(chosen=False, product__isnull=True) | Q(chosen=True, product__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return str(self.proposal)


class Reason(models.Model):
    """Why, for one requirement."""

    result = models.ForeignKey(Result, models.CASCADE, related_name="reasons", verbose_name=_("kết quả"))
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="+", verbose_name=_("yêu cầu"))
    code = models.CharField(_("lý do"), max_length=15, choices=Code)
    note = models.TextField(_("giải thích"), max_length=LONGEST_REASON, blank=True)

    class Meta:
        verbose_name = _("lý do theo yêu cầu")
        verbose_name_plural = _("lý do theo yêu cầu")
        ordering = ("result", "requirement__position")
        constraints = (
            one_of("code", Code, "reason_code_known"),
            models.UniqueConstraint(name="reason_once", fields=["result", "requirement"]),
        )

    def __str__(self) -> str:
        return f"{self.requirement}: {self.get_code_display()}"


class Delivered(models.TextChoices):
    YES = "yes", _("Đúng như đã hẹn")
    PARTLY = "partly", _("Một phần")
    NO = "no", _("Không")


class PaidFor(models.TextChoices):
    """What a price that was paid is for."""

    WHOLE = "whole", _("cả hợp đồng")
    YEAR = "year", _("mỗi năm")
    MONTH = "month", _("mỗi tháng")


class Aftermath(models.Model):
    """What the agency says afterwards of what it chose. Public; a later row adds, none is altered.

    paid: đồng with tax, where the agency says what it paid: the market price that the next one asks for.
    """

    result = models.ForeignKey(Result, models.PROTECT, related_name="aftermath", verbose_name=_("kết quả"))
    delivered = models.CharField(_("có làm đúng như đã hẹn không"), max_length=10, choices=Delivered)
    again = models.BooleanField(_("có chọn lại không"))
    note = models.TextField(_("nhận xét"), max_length=LONGEST_REASON, blank=True)
    paid = models.PositiveBigIntegerField(_("đã trả (đồng, gồm thuế)"), null=True)
    paid_for = models.CharField(_("đã trả cho"), max_length=10, choices=PaidFor, blank=True)
    said_at = models.DateTimeField(_("lúc ghi"))

    class Meta:
        verbose_name = _("nhận xét sau khi dùng")
        verbose_name_plural = _("nhận xét sau khi dùng")
        ordering = ("said_at", "pk")
        constraints = (
            one_of("delivered", Delivered, "aftermath_delivered_known"),
            models.CheckConstraint(
                name="aftermath_paid_for_something",
                condition=Q(paid__isnull=True, paid_for="") | Q(paid__isnull=False, paid_for__in=PaidFor.values),
            ),
        )

    def __str__(self) -> str:
        return f"{self.result} · {self.said_at:%Y-%m-%d}"
