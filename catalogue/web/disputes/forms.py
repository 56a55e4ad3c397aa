"""The forms. They take what is typed; the services check it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.platforms.choices import MistakeAbout
from catalogue.vetting.challenges import Challenge
from catalogue.vetting.models import LONGEST_TEXT, Submission
from catalogue.web.forms import SheetForm

SHORTEST_REASON = 10  # characters
_PUBLIC = _(
    "Được công khai, và ghi vào sổ đăng ký không ai sửa được. Không ghi tên, số điện thoại hay địa chỉ của người nào."
)


def _text(label: Any, hint: Any, *, shortest: int | None = None) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        widget=forms.Textarea,
        min_length=shortest,
        max_length=LONGEST_TEXT,
        error_messages={
            "required": _("Hãy ghi lý do."),
            "min_length": _("Hãy viết rõ hơn một chút, ít nhất %(limit_value)d ký tự."),
            "max_length": _("Hãy viết gọn lại, nhiều nhất %(limit_value)d ký tự."),
        },
    )


class ChallengeForm(SheetForm):
    """What is doubted, why, where that can be read, and whom to answer who is not signed in."""

    about = forms.ChoiceField(
        label=_("Phần bạn phản đối"),
        choices=[("", _("Chọn một phần")), *MistakeAbout.choices],
        error_messages={"required": _("Hãy chọn phần bạn phản đối.")},
    )
    reason = _text(_("Điều gì không đúng, vì sao"), _PUBLIC, shortest=SHORTEST_REASON)
    source = forms.URLField(
        label=_("Trang chứng minh"),
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": _("Địa chỉ trang chưa đúng, ví dụ đúng: https://example.vn/trang.")},
    )
    email = forms.EmailField(
        label=_("Thư điện tử để nhận trả lời"),
        required=False,
        help_text=_("Không được công khai, và bị xóa khi không còn khiếu nại được nữa."),
        error_messages={"invalid": _("Thư điện tử chưa đúng, ví dụ đúng: can-bo@example.gov.vn.")},
    )
    honeypot = forms.CharField(label=_("Để trống ô này"), required=False)

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.fields["email"]

    def told(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "honeypot"}


class AppealForm(SheetForm):
    reason = _text(_("Vì sao quyết định chưa đúng"), _PUBLIC, shortest=SHORTEST_REASON)


class VendorAppealForm(AppealForm):
    """Against which of several decisions; one alone is not asked for."""

    against = forms.ChoiceField(
        label=_("Khiếu nại về"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn quyết định bạn khiếu nại.")},
    )
    field_order = ("against", "reason")

    def __init__(self, *args: Any, rows: Sequence[Submission | Challenge], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {f"{row._meta.model_name}-{row.pk}": row for row in rows}
        self.fields["against"].choices = [(key, _label(row)) for key, row in self.rows.items()]  # type: ignore[attr-defined]
        if len(self.rows) == 1:
            self.fields["against"].initial = next(iter(self.rows))

    def told(self) -> tuple[Submission | Challenge, str]:
        return self.rows[self.cleaned_data["against"]], self.cleaned_data["reason"]


def _label(row: Submission | Challenge) -> Any:
    if isinstance(row, Submission):
        return _("Quyết định thẩm định: %(state)s") % {"state": row.get_state_display()}
    return _("Trả lời phản đối về “%(about)s”: %(outcome)s") % {
        "about": row.get_about_display(),
        "outcome": row.get_outcome_display(),
    }


class OutcomeForm(SheetForm):
    """Founded or not, and why."""

    upheld = forms.ChoiceField(
        label=_("Kết luận"), widget=forms.RadioSelect, error_messages={"required": _("Hãy chọn một kết luận.")}
    )
    answer = _text(_("Trả lời"), _PUBLIC)
    choices: Sequence[tuple[str, Any]] = (("yes", _("Có cơ sở")), ("no", _("Không có cơ sở")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upheld"].choices = list(self.choices)  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        return {**self.cleaned_data, "upheld": self.cleaned_data["upheld"] == "yes"}


class SettleForm(OutcomeForm):
    suspends = forms.BooleanField(
        label=_("Tạm dừng hiệu lực thẩm định của sản phẩm ngay"),
        required=False,
        help_text=_("Chỉ khi có cơ sở. Sản phẩm thôi được ghi là đã thẩm định cho tới khi được khôi phục."),
    )

    def __init__(self, *args: Any, may_suspend: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_suspend:
            del self.fields["suspends"]

    def told(self) -> dict[str, Any]:
        return {"suspends": False, **super().told()}


class DecideForm(OutcomeForm):
    choices = (("yes", _("Chấp nhận khiếu nại")), ("no", _("Không chấp nhận khiếu nại")))
