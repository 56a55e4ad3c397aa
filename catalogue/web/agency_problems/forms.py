"""The questions of each step of a problem. What may be said stands in `catalogue.problems.content`, and only there."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from catalogue.accounts.models import Organisation
from catalogue.platforms.models import Platform
from catalogue.problems.content import LABELS, STEPS, Step, Written
from catalogue.problems.models import LONGEST_REASON
from catalogue.problems.requirements import LONGEST_VOLUME
from catalogue.problems.states import Mode, Route, Visibility
from catalogue.web.vendor_products.forms import Line, Lines, Pick, Questions, Several, Whole, leaves

CLOSING_TIME = time(17)  # the end of an office's day, in Viet Nam
MOST_OFFERED = 60  # firms to invite


class Told(forms.CharField):
    """A text of some paragraphs."""

    part = "text"
    words = 0

    def __init__(self, *, rows: int = 8, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"class": "input input--wide", "rows": rows, "autocomplete": "off"})
        super().__init__(required=False, strip=False, widget=widget, **kwargs)


class Day(forms.CharField):
    """A day, as calendars of browsers give it."""

    part = "line"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input"}),
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        return str(value or "").strip() or None


class ProblemQuestions(Questions):
    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, field in self.fields.items():
            if name in LABELS:
                field.label = capfirst(LABELS[name])


class NeedForm(ProblemQuestions):
    title = Line(
        help_text=gettext_lazy("Một câu ngắn nói việc cần giải quyết, không phải tên phần mềm. Nhiều nhất 160 ký tự.")
    )
    categories = Several(
        folded=True, help_text=gettext_lazy("Nhiều nhất 5 nhóm. Doanh nghiệp của các nhóm này sẽ tìm thấy bài toán.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["categories"].choices = leaves()  # type: ignore[attr-defined]


class TodayForm(ProblemQuestions):
    today = Told(
        help_text=gettext_lazy(
            "Việc đang làm thế nào, vướng ở đâu, mất bao lâu. Kể việc, đừng nêu tên sản phẩm muốn mua."
        )
    )
    systems = Told(
        rows=4,
        help_text=gettext_lazy("Mỗi dòng một phần mềm hoặc cơ sở dữ liệu mà cái mới phải nối với, hoặc thay cho. Ở đây nêu tên được."),
    )  # fmt: skip


class AffectedForm(ProblemQuestions):
    affected = Told(help_text=gettext_lazy("Ai dùng, ai chờ, bao nhiêu người, hồ sơ, đơn vị, mỗi năm mấy lần."))


class OutcomeForm(ProblemQuestions):
    outcome = Told(
        help_text=gettext_lazy(
            "Sau này thì khác thế nào, đo bằng con số nào. Đừng viết cách làm: để doanh nghiệp đề xuất."
        )
    )


class RequirementsForm(ProblemQuestions):
    must = Lines(
        rows=6, help_text=gettext_lazy("Mỗi dòng một câu. Thiếu điều nào thì không dùng được? Nên dưới sáu điều.")
    )
    nice = Lines(rows=6, help_text=gettext_lazy("Mỗi dòng một câu. Có thì hơn điểm, không có vẫn xét."))


class MoneyForm(ProblemQuestions):
    mode = Pick(
        [("", gettext_lazy("Chọn một hình thức")), *Mode.choices],
        help_text=gettext_lazy("Dịch vụ sẵn có được ưu tiên thuê trước: không phải lập dự án hay kế hoạch thuê."),
    )
    budget_min = Whole(help_text=gettext_lazy("Để trống nếu chỉ biết mức cao nhất. Ví dụ: 300.000.000."))
    budget_max = Whole(help_text=gettext_lazy("Tổng cho cả thời gian dùng, đã gồm thuế. Được công bố cùng bài toán."))


class DatesForm(ProblemQuestions):
    closes_on = Day(
        label=gettext_lazy("Hạn trả lời"),
        help_text=gettext_lazy(
            "Đến 17 giờ ngày này. Nên để từ mười ngày làm việc; hạn đã đăng thì không đóng sớm được."
        ),
    )
    start_on = Day()
    duration_months = Whole(help_text=gettext_lazy("Số tháng. Để trống nếu mua hẳn."))

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        closes_at = (initial or {}).get("closes_at")
        day = timezone.localdate(closes_at) if closes_at else None
        super().__init__(data, initial={**(initial or {}), "closes_on": day}, **kwargs)

    def values(self) -> dict[str, Any]:
        values = super().values()
        typed = values.pop("closes_on")
        try:
            day = parse_date(typed or "")
        except ValueError:
            day = None
        local = timezone.make_aware(datetime.combine(day, CLOSING_TIME)) if day else None
        return {**values, "closes_at": local if day or not typed else typed}

    def field_of(self, path: str) -> str:
        return {"closes_at": "closes_on"}.get(path, path)


class WeightsForm(ProblemQuestions):
    weight_fit = Whole(help_text=gettext_lazy("Đáp ứng yêu cầu đến đâu. Ba số cộng lại bằng 100."))
    weight_price = Whole(help_text=gettext_lazy("Rẻ hơn thì được nhiều điểm hơn."))
    weight_delivery = Whole(help_text=gettext_lazy("Bao lâu thì dùng được, hỗ trợ thế nào."))


class ReuseForm(ProblemQuestions):
    not_reuse = Told(
        rows=6,
        help_text=gettext_lazy(
            "Đã xem sản phẩm gợi ý, bài toán tương tự và nền tảng dùng chung ở dưới chưa? Ghi vì sao vẫn cần đăng. Không có gì giống thì ghi như vậy."
        ),
    )


class ReachForm(ProblemQuestions):
    route = Pick(
        Route.choices,
        help_text=gettext_lazy("Qua bộ quản lý: bộ đọc trước, đăng hoặc trả lại kèm lý do. Tự đăng: hiện ngay."),
    )
    visibility = Pick(Visibility.choices, help_text=gettext_lazy("Nhiều người đọc thì nhiều đề xuất hơn."))
    invited = Several(
        folded=True,
        help_text=gettext_lazy("Chỉ dùng khi chọn “Doanh nghiệp được mời”. Danh sách là doanh nghiệp có sản phẩm trong nhóm nhu cầu."),
    )  # fmt: skip

    def __init__(self, *args: Any, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        told = dict(initial or {})
        offered = told.pop("offered", [])
        super().__init__(*args, initial=told, **kwargs)
        self.fields["invited"].choices = offered  # type: ignore[attr-defined]


FORMS: dict[Step, type[ProblemQuestions]] = {
    "need": NeedForm,
    "today": TodayForm,
    "affected": AffectedForm,
    "outcome": OutcomeForm,
    "requirements": RequirementsForm,
    "money": MoneyForm,
    "dates": DatesForm,
    "weights": WeightsForm,
    "reuse": ReuseForm,
    "reach": ReachForm,
}


def form_of(step: Step, written: Written, data: Any = None) -> ProblemQuestions:
    """Return the form of a step, filled with what is saved, or with what was sent."""
    initial = {field: getattr(written, field) for field in STEPS[step]}
    if step == "reach":
        initial["offered"] = firms_to_invite(written)
    return FORMS[step](data, initial=initial)


def firms_to_invite(written: Written) -> list[tuple[str, str]]:
    """Return the firms with a product in the categories, and those invited already."""
    leaves_ = written.categories
    offers = Platform.objects.listed().filter(Q(category__key__in=leaves_) | Q(also__key__in=leaves_))
    vendors = Organisation.objects.shown()
    shown = vendors.filter(pk__in=offers.values("vendor")) | vendors.filter(key__in=written.invited)
    return [(vendor.key, vendor.short_name) for vendor in shown.order_by("short_name")[:MOST_OFFERED]]


class StartForm(NeedForm):
    """What must be known before there is a draft."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Lý do"),
        max_length=LONGEST_REASON,
        required=False,  # the service refuses, in one sentence for pages and the API
        widget=forms.Textarea(attrs={"class": "input input--wide", "rows": 5}),
    )


class JoinForm(forms.Form):
    """For which of one's agencies, and with which volume."""

    agency = forms.ChoiceField(label=gettext_lazy("Cơ quan"), widget=forms.Select(attrs={"class": "input input--wide"}))
    volume = forms.CharField(
        label=gettext_lazy("Quy mô của cơ quan bạn"),
        help_text=gettext_lazy("Bao nhiêu người, hồ sơ, đơn vị. Được công bố."),
        max_length=LONGEST_VOLUME,
        required=False,
        widget=forms.TextInput(attrs={"class": "input input--wide", "autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, agencies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", auto_id="o-%s", **kwargs)
        self.fields["agency"].choices = agencies  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.part = "line"  # type: ignore[attr-defined]
