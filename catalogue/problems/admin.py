"""How operators enter problems that agencies sent by letter, and take them through their course."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import User
from catalogue.admin_parts import asked_first, public_link

from . import services
from .content import LABELS, step_of
from .models import LONGEST_REASON, Problem, ReceivingOffice
from .states import Ending, State

_WRITTEN = ("agency", "route", "title", "today", "affected", "outcome", "categories")
_STEPS = ("number", "state", "posted_at", "closes_at", "closed_at", "ended_at", "ending", "reason")


class PublishForm(forms.Form):
    closes_at = forms.SplitDateTimeField(
        label=_("Hạn trả lời (ngày, giờ Việt Nam)"),
        widget=forms.SplitDateTimeWidget(date_attrs={"type": "date"}, time_attrs={"type": "time"}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Lý do, được công bố"), widget=forms.Textarea, max_length=LONGEST_REASON)


class EndForm(ReasonForm):
    ending = forms.ChoiceField(label=_("Kết quả"), choices=Ending.choices)
    field_order = ("ending", "reason")


class ProblemForm(forms.ModelForm):
    """A draft as whoever opened it saw it: a save over somebody else's is refused, and what was typed stays in the form."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if self.instance.pk and said.get("seen") != self.instance.version:
            raise forms.ValidationError(
                _(
                    "Người khác vừa lưu bài toán này; nội dung của bạn chưa ghi đè lên gì cả. "
                    "Mở trang này ở một cửa sổ khác để so, rồi chép phần của bạn sang."
                )
            )
        return said


@admin.register(Problem)
class ProblemAdmin(admin.ModelAdmin):
    """A draft can be written and deleted; what was published only takes the steps of its course."""

    form = ProblemForm
    list_display = ("title", "agency", "state", "route", "posted_at", "closes_at", "page")
    list_filter = ("state", "route", "ending", "categories__parent")
    search_fields = ("title", "slug", "words", "agency__name")
    search_help_text = _("Tìm theo tên, mã, nội dung hoặc cơ quan; gõ không dấu cũng được")
    autocomplete_fields = ("agency", "categories")
    list_select_related = ("agency",)
    date_hierarchy = "posted_at"
    actions = ("publish", "close", "end", "withdraw")
    fieldsets = (
        (None, {"fields": (*_WRITTEN, "seen")}),
        (_("Diễn biến"), {"fields": (*_STEPS, "created_at", "updated_at")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Problem | None = None) -> tuple[str, ...]:
        fixed = (*_STEPS, "created_at", "updated_at")
        return fixed if obj is None or obj.state == State.DRAFT else (*fixed, *_WRITTEN)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Problem | None:
        """Let nobody else save a problem between its being read and being written, nor take a step with it."""
        if request.method == "POST" and object_id.isascii() and object_id.isdigit():
            list(Problem.objects.select_for_update().filter(pk=object_id).values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def save_model(self, request: HttpRequest, obj: Problem, form: Any, change: bool) -> None:
        """Count the save as the agency's pages do: who has the same step open there is told."""
        if change and (touched := [name for name in form.changed_data if name in LABELS]):
            obj.version += 1
            obj.saved |= {step_of(name): obj.version for name in touched}
            obj.edited_by = request.user if isinstance(request.user, User) else None
        super().save_model(request, obj, form, change)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Many at once are not deleted: most of them are public, and stay so."""
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (not isinstance(obj, Problem) or obj.state == State.DRAFT)

    @admin.display(description=_("mã"))
    def number(self, problem: Problem) -> str:
        return problem.number if problem.slug else ""

    @admin.display(description=_("trang"))
    def page(self, problem: Problem) -> SafeString:
        return public_link(problem.get_absolute_url())

    @admin.action(description=_("Đăng công khai"), permissions=["change"])
    def publish(self, request: HttpRequest, rows: QuerySet[Problem]) -> HttpResponse | None:
        def change(problem: Problem, closes_at: Any) -> str:
            services.publish(problem, closes_at=closes_at, now=timezone.now())
            return gettext("Đăng công khai, hạn trả lời %(day)s") % {
                "day": date_format(timezone.localtime(closes_at), "SHORT_DATETIME_FORMAT")
            }

        return asked_first(
            self, request, rows, title=gettext("Đăng công khai?"), action="publish", change=change, form_class=PublishForm,
            consequence=gettext(
                "Ai cũng đọc được các bài toán này cùng tên cơ quan, và nội dung không sửa được nữa. "
                "Chỉ đăng khi cơ quan đã gửi văn bản đề nghị."
            ),
        )  # fmt: skip

    @admin.action(description=_("Ghi là đã hết hạn"), permissions=["change"])
    def close(self, request: HttpRequest, rows: QuerySet[Problem]) -> HttpResponse | None:
        def change(problem: Problem) -> str:
            services.close(problem, now=timezone.now())
            return gettext("Hết hạn trả lời")

        return asked_first(
            self, request, rows, title=gettext("Ghi là đã hết hạn?"), action="close", change=change,
            consequence=gettext("Các bài toán này chờ kết quả."),
        )  # fmt: skip

    @admin.action(description=_("Ghi kết quả"), permissions=["change"])
    def end(self, request: HttpRequest, rows: QuerySet[Problem]) -> HttpResponse | None:
        def change(problem: Problem, ending: str, reason: str) -> str:
            services.end(problem, ending=Ending(ending), reason=reason, now=timezone.now())
            return gettext("Kết quả: %(ending)s. %(reason)s") % {"ending": Ending(ending).label, "reason": reason}

        return asked_first(
            self, request, rows, title=gettext("Ghi kết quả?"), action="end", change=change, form_class=EndForm,
            consequence=gettext("Kết quả và lý do được công bố, không sửa được nữa."),
        )  # fmt: skip

    @admin.action(description=_("Rút bài toán"), permissions=["change"])
    def withdraw(self, request: HttpRequest, rows: QuerySet[Problem]) -> HttpResponse | None:
        def change(problem: Problem, reason: str) -> str:
            services.withdraw(problem, reason=reason, now=timezone.now())
            return gettext("Rút. %(reason)s") % {"reason": reason}

        return asked_first(
            self, request, rows, title=gettext("Rút bài toán?"), action="withdraw", change=change, form_class=ReasonForm,
            consequence=gettext("Doanh nghiệp không trả lời được nữa. Bài toán vẫn đọc được, kèm lý do rút."),
        )  # fmt: skip


@admin.register(ReceivingOffice)
class ReceivingOfficeAdmin(admin.ModelAdmin):
    list_display = ("name", "email", "address", "valid_from", "valid_to")
    search_fields = ("name", "email", "address")
