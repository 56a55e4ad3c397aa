"""The forms of the desk. They take what is typed; the services check it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.vetting.errors import NothingAsked
from catalogue.vetting.models import LONGEST_TEXT, Answer
from catalogue.vetting.states import Proposal, Verdict
from catalogue.web.forms import SheetForm


class VerdictForm(SheetForm):
    """What was found about one criterion; on one page there is one for each."""

    verdict = forms.ChoiceField(label=_("Kết luận"), choices=Verdict.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Lý do, căn cứ"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"class": "input input--wide"}),
        help_text=_("Bắt buộc khi không đạt hoặc không áp dụng; được công khai cùng quyết định."),
    )

    def __init__(self, answer: Answer, data: Any = None) -> None:
        initial = {"verdict": answer.verdict, "note": answer.note}
        super().__init__(data, initial=initial, auto_id=f"tc-{answer.pk}-%s")
        self.fields["note"].widget.attrs["rows"] = 3


class DeedForm(SheetForm):
    """What a move needs to be told."""

    def told(self) -> dict[str, Any]:
        """Return what was typed, by the names that the service knows."""
        return dict(self.cleaned_data)


class ReasonForm(DeedForm):
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        error_messages={"required": _("Hãy ghi lý do.")},
    )


class PublicReasonForm(ReasonForm):
    """A reason that stands in the register."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "Doanh nghiệp đọc được, và ghi vào sổ đăng ký công khai. Không ghi tên hay địa chỉ của người nào."
        )


class ProposalForm(DeedForm):
    proposal = forms.ChoiceField(
        label=_("Bạn đề xuất"),
        choices=[(one.value, one.label) for one in (Proposal.ACCEPT, Proposal.REJECT)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một đề xuất.")},
    )
    note = forms.CharField(
        label=_("Lý do đề xuất"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text=_("Cho người quyết định: điều gì đã rõ, điều gì nên xem kỹ."),
        error_messages={"required": _("Hãy ghi lý do.")},
    )


class AcceptForm(DeedForm):
    note = forms.CharField(label=_("Ghi chú nội bộ"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea)


class QuestionsForm(DeedForm):
    """A question about each criterion that was ticked."""

    def __init__(self, data: Any = None, *, answers: Iterable[Answer], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for one in answers:
            widget = forms.Textarea(attrs={"class": "sheet-input sheet-input--short", "rows": 4})
            self.fields[f"question-{one.pk}"] = forms.CharField(
                label=one.criterion.label, max_length=LONGEST_TEXT, required=False, widget=widget
            )
            self.fields[f"question-{one.pk}"].sometimes_required = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if not any(self.cleaned_data.values()):
            self.refuse(NothingAsked())
        return self.cleaned_data

    def told(self) -> dict[str, Any]:
        return {"questions": {int(name.partition("-")[2]): text for name, text in self.cleaned_data.items()}}
