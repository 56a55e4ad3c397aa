"""Admin pages of vetting: what became of every submission, read only; and a way to free one whose reviewer cannot go on."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .accounts.models import User
from .accounts.scopes import is_operator
from .admin_parts import ReadOnly, asked_first, public_link
from .vetting import services
from .vetting.models import LONGEST_TEXT, Answer, Finding, Step, Submission


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Lý do"), widget=forms.Textarea, max_length=LONGEST_TEXT)


class _Read(admin.TabularInline):
    """Rows of a submission, as they are."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class StepInline(_Read):
    model = Step
    fields = ("at", "action", "state", "by", "note")


class FindingInline(_Read):
    model = Finding
    fields = ("code", "passed", "facts", "found_at")


class AnswerInline(_Read):
    model = Answer
    fields = ("criterion", "verdict", "note", "concluded_on", "holds_until")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return super().get_queryset(request).select_related("criterion__criteria_set")


@admin.register(Submission)
class SubmissionAdmin(ReadOnly):
    """Reviewers decide on their own pages; here an operator looks, and frees what a reviewer cannot go on with."""

    list_display = (
        "platform",
        "state",
        "risk",
        "submitted_at",
        "due_on",
        "reviewer",
        "decided_by",
        "valid_until",
        "see",
    )
    list_filter = ("state", "submitted_at", "proposal")
    search_fields = ("platform__name", "platform__slug", "platform__vendor__name")
    date_hierarchy = "submitted_at"
    inlines = (StepInline, FindingInline, AnswerInline)
    actions = ("release_submissions",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        return Submission.objects.for_operators(request.user).for_lists()

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions if is_operator(request.user) else {}

    @admin.display(description=_("sản phẩm"))
    def see(self, submission: Submission) -> SafeString | str:
        return public_link(submission.platform.get_absolute_url()) if submission.platform.listed_at else ""

    @admin.action(description=_("Lấy hồ sơ khỏi người đang giữ"))
    def release_submissions(self, request: HttpRequest, rows: QuerySet[Submission]) -> HttpResponse | None:
        return asked_first(
            self,
            request,
            rows,
            title=gettext("Đưa các hồ sơ này về hàng chờ?"),
            consequence=gettext(
                "Người đang giữ không làm tiếp được; người khác sẽ nhận. Kết luận đã ghi được giữ lại."
            ),
            action="release_submissions",
            form_class=ReasonForm,
            change=lambda submission, reason: _released(submission, reason, cast(User, request.user)),
        )


def _released(submission: Submission, reason: str, by: User) -> str:
    services.release(submission, reason=reason, by=by, now=timezone.now())
    return gettext("Đã đưa về hàng chờ: %(reason)s") % {"reason": reason}
