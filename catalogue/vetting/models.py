"""A submission for vetting, what was found about each criterion, and each step it took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import User
from catalogue.common.models import one_of
from catalogue.documents.models import Document
from catalogue.platforms.models import Platform
from catalogue.platforms.revisions import Revision

from .criteria import Criterion
from .querysets import SubmissionQuerySet
from .states import Action, Proposal, State, Verdict

if TYPE_CHECKING:
    from datetime import date

LONGEST_TEXT = 2_000  # characters of an explanation, a question or a reason
_DECIDED = ["vetted", "suspended", "rejected", "expired", "replaced", "revoked"]


class Submission(models.Model):
    """One vetting of one product. With a revision, that text is vetted and published when it is accepted.

    Without one, what is public is vetted as it stands: the first time, or again before it expires.
    """

    platform = models.ForeignKey(Platform, models.PROTECT, related_name="submissions", verbose_name=_("nền tảng"))
    revision = models.OneToOneField(
        Revision, models.PROTECT, null=True, blank=True, related_name="submission", verbose_name=_("bản sửa")
    )
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewals", verbose_name=_("gia hạn cho")
    )
    state = models.CharField(_("tình trạng"), max_length=15, choices=State, default=State.DRAFT, editable=False)
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người lập"))
    opened_at = models.DateTimeField(_("lúc lập"))
    submitted_at = models.DateTimeField(_("lúc nộp"), null=True, blank=True)
    moved_at = models.DateTimeField(_("lúc vào bước này"))
    due_on = models.DateField(_("hạn của bước này"), null=True, blank=True)
    warned_on = models.DateField(_("ngày nhắc hạn"), null=True, blank=True)
    # How closely to look, the number of findings that speak against it: the queue begins with the most.
    risk = models.PositiveSmallIntegerField(_("số điểm cần chú ý"), default=0)
    reviewer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người thẩm định")
    )
    proposal = models.CharField(_("đề xuất"), max_length=10, choices=Proposal, default=Proposal.NONE, blank=True)
    proposal_note = models.TextField(_("lý do đề xuất"), max_length=LONGEST_TEXT, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người quyết định")
    )
    decided_at = models.DateTimeField(_("lúc quyết định"), null=True, blank=True)
    reason = models.TextField(_("lý do"), max_length=LONGEST_TEXT, blank=True)
    valid_until = models.DateField(_("có hiệu lực đến"), null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("hồ sơ thẩm định")
        verbose_name_plural = _("hồ sơ thẩm định")
        ordering = ("-opened_at", "-pk")
        constraints = (
            one_of("state", State, "submission_state_known"),
            one_of("proposal", Proposal, "submission_proposal_known"),
            models.UniqueConstraint(
                name="one_open_submission_per_platform", fields=["platform"], condition=Q(state__in=State.open())
            ),
            models.UniqueConstraint(
                name="one_standing_submission_per_platform",
                fields=["platform"],
                condition=Q(state__in=State.standing()),
            ),
            models.CheckConstraint(
                name="submission_submitted_is_dated",
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="submission_under_review_has_reviewer",
                condition=~Q(state__in=["in_review", "clarification", "to_decide", *_DECIDED])
                | Q(reviewer__isnull=False),
            ),
            models.CheckConstraint(
                name="submission_to_decide_has_proposal", condition=~Q(state="to_decide") | ~Q(proposal="")
            ),
            models.CheckConstraint(
                name="submission_decided_by_two",
                condition=~Q(state__in=_DECIDED)
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("reviewer")),
            ),
            models.CheckConstraint(
                name="submission_vetted_until",
                condition=~Q(state__in=State.standing()) | Q(valid_until__isnull=False),
            ),
            models.CheckConstraint(
                name="submission_refused_says_why",
                condition=~Q(state__in=["rejected", "suspended", "revoked"]) | ~Q(reason=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.platform} · {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("vetting-submission", args=[self.pk])

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today


class Answer(models.Model):
    """What a vendor brings for one criterion, and what the reviewer concluded."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="answers", verbose_name=_("hồ sơ"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="answers", verbose_name=_("tiêu chí"))
    text = models.TextField(_("giải trình"), max_length=LONGEST_TEXT, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("giấy tờ")
    )
    verdict = models.CharField(_("kết luận"), max_length=15, choices=Verdict, default=Verdict.OPEN)
    note = models.TextField(_("lý do"), max_length=LONGEST_TEXT, blank=True)  # public once it is decided
    # When it was found to be met, and until when that counts.
    concluded_on = models.DateField(_("ngày kết luận"), null=True, blank=True)
    holds_until = models.DateField(_("có giá trị đến"), null=True, blank=True)
    # The answer of the last vetting that still holds, and was taken over with its conclusion.
    taken_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("lấy từ")
    )

    class Meta:
        verbose_name = _("kết luận theo tiêu chí")
        verbose_name_plural = _("kết luận theo tiêu chí")
        ordering = ("submission", "criterion__criteria_set", "criterion__position")
        constraints = (
            one_of("verdict", Verdict, "answer_verdict_known"),
            models.UniqueConstraint(name="answer_once_per_criterion", fields=["submission", "criterion"]),
            models.CheckConstraint(
                name="answer_met_is_dated",
                condition=Q(verdict="met", concluded_on__isnull=False, holds_until__isnull=False)
                | ~Q(verdict="met") & Q(concluded_on__isnull=True, holds_until__isnull=True),
            ),
            models.CheckConstraint(
                name="answer_not_met_says_why",
                condition=~Q(verdict__in=["not_met", "not_applicable"]) | ~Q(note=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.criterion} · {self.get_verdict_display()}"


class Clarification(models.Model):
    """A reviewer's question about one criterion, and the vendor's reply."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="clarifications", verbose_name=_("tiêu chí"))
    question = models.TextField(_("câu hỏi"), max_length=LONGEST_TEXT)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người hỏi"))
    asked_at = models.DateTimeField(_("lúc hỏi"))
    reply = models.TextField(_("trả lời"), max_length=LONGEST_TEXT, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("giấy tờ")
    )
    replied_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("người trả lời")
    )
    replied_at = models.DateTimeField(_("lúc trả lời"), null=True, blank=True)

    class Meta:
        verbose_name = _("câu hỏi làm rõ")
        verbose_name_plural = _("câu hỏi làm rõ")
        ordering = ("asked_at", "pk")
        constraints = (
            models.CheckConstraint(name="clarification_asks", condition=~Q(question="")),
            models.CheckConstraint(
                name="clarification_replied_says", condition=Q(replied_at__isnull=True) | ~Q(reply="")
            ),
            models.UniqueConstraint(
                name="one_open_clarification_per_answer", fields=["answer"], condition=Q(replied_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.question[:80]


class Step(models.Model):
    """One move of a submission: who took it, when, and what was said."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="steps", verbose_name=_("hồ sơ"))
    action = models.CharField(_("việc"), max_length=15, choices=Action)
    state = models.CharField(_("tình trạng sau đó"), max_length=15, choices=State)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("người làm"))
    at = models.DateTimeField(_("lúc"))
    note = models.TextField(_("ghi chú"), max_length=LONGEST_TEXT, blank=True)

    class Meta:
        verbose_name = _("bước")
        verbose_name_plural = _("bước")
        ordering = ("submission", "at", "pk")
        constraints = (
            one_of("action", Action, "step_action_known"),
            one_of("state", State, "step_state_known"),
        )

    def __str__(self) -> str:
        return f"{self.submission_id} · {self.get_action_display()}"


class Finding(models.Model):
    """What an automatic check found before a person looks; see `checks`. Never a verdict."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="findings", verbose_name=_("hồ sơ"))
    code = models.SlugField(_("mã"), max_length=60)
    passed = models.BooleanField(_("ổn"), null=True)  # None: could not be checked
    facts = models.JSONField(_("chi tiết"), default=dict, blank=True)
    found_at = models.DateTimeField(_("lúc kiểm tra"))

    class Meta:
        verbose_name = _("kết quả kiểm tra tự động")
        verbose_name_plural = _("kết quả kiểm tra tự động")
        ordering = ("submission", "passed", "code", "pk")

    def __str__(self) -> str:
        return self.code
