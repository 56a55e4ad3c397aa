"""The questions of each step: how they are asked, and how what is typed becomes plain values.

What may be said stands in `catalogue.platforms.content`, and only there: these forms refuse nothing themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.platforms import content as shape
from catalogue.platforms.choices import (
    Answer,
    Connected,
    Deployment,
    EvidenceKind,
    Maker,
    PackagePeriod,
    PackageUnit,
    PricingModel,
    SourceOwner,
    Status,
)
from catalogue.platforms.content import Content, Fields, Step
from catalogue.platforms.models import Category
from catalogue.platforms.prompts import offered_capabilities
from catalogue.platforms.reading import LABELS


def _attributes(**more: Any) -> dict[str, Any]:
    return {"autocomplete": "off", **{name.replace("_", "-"): value for name, value in more.items() if value}}


class Line(forms.CharField):
    """One line of text."""

    part = "line"

    def __init__(self, *, wide: bool = True, numeric: bool = False, **kwargs: Any) -> None:
        mode = "numeric" if numeric else ""
        css = "input" if not wide else "input input--wide"
        widget = forms.TextInput(attrs=_attributes(**{"class": css}, inputmode=mode))
        super().__init__(required=False, strip=True, widget=widget, **kwargs)


class Text(forms.CharField):
    """A text of so many words at most."""

    part = "text"

    def __init__(self, *, words: int, rows: int = 4, **kwargs: Any) -> None:
        self.words = words
        attrs = _attributes(**{"class": "input input--wide", "data-words": str(words)}, rows=rows)
        super().__init__(required=False, strip=False, widget=forms.Textarea(attrs=attrs), **kwargs)


class Lines(forms.CharField):
    """A list of short texts, one a line."""

    part = "text"
    words = 0

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs=_attributes(**{"class": "input input--wide"}, rows=rows))
        super().__init__(required=False, strip=False, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]


class Whole(Line):
    """A whole number as people write it: 1.500.000, 1 500 000 đ. None when nothing is typed; text when it is no number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(wide=False, numeric=True, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}".replace(",", ".") if isinstance(value, int) and value > 9999 else value

    def to_python(self, value: Any) -> Any:
        typed = re.sub(r"(?i)\s|đồng|đ|vnd", "", str(value or ""))
        if not typed:
            return None
        grouped = re.fullmatch(r"\d{1,3}([.,]\d{3})+", typed)
        return re.sub(r"[.,]", "", typed) if grouped else typed


class Percent(Line):
    """A share, with a comma or a point before the decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(wide=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(value).replace(".", ",") if value is not None else value

    def to_python(self, value: Any) -> Any:
        typed = str(value or "").strip().rstrip("%").strip().replace(",", ".")
        return typed or None


class One(forms.ChoiceField):
    """One of a few, all shown."""

    part = "options"

    def __init__(self, options: type[TextChoices], **kwargs: Any) -> None:
        super().__init__(required=False, choices=options.choices, widget=forms.RadioSelect, **kwargs)

    def to_python(self, value: Any) -> Any:
        return value or "unknown"  # each list has it, and nothing chosen is just that

    def validate(self, value: Any) -> None: ...


class Pick(forms.ChoiceField):
    """One of many."""

    part = "line"

    def __init__(self, options: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(
            required=False, choices=options, widget=forms.Select(attrs={"class": "input input--wide"}), **kwargs
        )

    def validate(self, value: Any) -> None: ...


class Several(forms.MultipleChoiceField):
    """Any of a list; a long one is folded away until something of it is chosen."""

    part = "options"

    def __init__(self, options: Iterable[Any] = (), *, folded: bool = False, **kwargs: Any) -> None:
        self.folded = folded
        super().__init__(required=False, choices=options, widget=forms.CheckboxSelectMultiple, **kwargs)

    def validate(self, value: Any) -> None: ...


def leaves() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the categories that a product may stand in, under their groups."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for leaf in Category.objects.leaves_only().select_related("parent").order_by("parent__position", "position"):
        groups.setdefault(leaf.parent.label if leaf.parent else "", []).append((leaf.key, leaf.label))
    return list(groups.items())


class Questions(forms.Form):
    """The questions of one page. `label_suffix` is nothing: labels are read aloud as they stand."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", auto_id="o-%s", **kwargs)
        for name, field in self.fields.items():
            if not field.label and name in LABELS:
                field.label = LABELS[name]

    def values(self) -> dict[str, Any]:
        """Return what was typed as plain values of the content."""
        return dict(self.cleaned_data)

    def refuse(self, fields: Fields) -> None:
        """Show each reason at its field; what belongs to no field of this page stands on top."""
        for path, sentences in fields.items():
            name = self.field_of(path)
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)

    def field_of(self, path: str) -> str:
        return path.split(".")[0]


class NameForm(Questions):
    name = Line(help_text=gettext_lazy("Tên mà cơ quan sẽ thấy và tìm. Không kèm khẩu hiệu. Nhiều nhất 120 ký tự."))
    category = Pick(help_text=gettext_lazy("Chọn nhóm hợp nhất với bài toán mà sản phẩm giải quyết."))
    also = Several(
        folded=True, help_text=gettext_lazy("Nhiều nhất 5 nhóm khác mà cơ quan cũng có thể tìm thấy sản phẩm.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = leaves()
        self.fields["category"].choices = [("", _("Chọn một nhóm")), *options]  # type: ignore[attr-defined]
        self.fields["also"].choices = options  # type: ignore[attr-defined]


class StartForm(NameForm):
    """What must be known before there is a draft."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["also"]


class SummaryForm(Questions):
    summary = Text(
        words=shape.SUMMARY_WORDS,
        rows=3,
        help_text=gettext_lazy("Một câu: sản phẩm làm gì, cho ai. Câu này đứng trong danh sách gợi ý."),
    )


class DescriptionForm(Questions):
    description = Text(
        words=shape.DESCRIPTION_WORDS,
        rows=10,
        help_text=gettext_lazy("Sản phẩm hoạt động thế nào, ai dùng, dùng vào việc gì. Viết điều kiểm chứng được."),
    )


class SolvesForm(Questions):
    """Six boxes for one list."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        said = (initial or {}).get("solves", [])
        boxes = {f"solves_{at}": text for at, text in enumerate(said)}
        super().__init__(data, initial=boxes, **kwargs)
        for at in range(shape.MOST_SOLVES):
            label = _("Bài toán %(n)d") if at < shape.FEWEST_SOLVES else _("Bài toán %(n)d (nếu có)")
            self.fields[f"solves_{at}"] = Text(words=shape.SOLVES_WORDS, rows=2, label=label % {"n": at + 1})

    def _typed(self) -> list[tuple[int, str]]:
        typed = [(at, self.cleaned_data.get(f"solves_{at}", "")) for at in range(shape.MOST_SOLVES)]
        return [(at, text) for at, text in typed if text.strip()]

    def values(self) -> dict[str, Any]:
        return {"solves": [text for _at, text in self._typed()]}

    def field_of(self, path: str) -> str:
        """Find the box again: empty ones in between were left out."""
        _field, *rest = path.split(".")
        if not rest:
            return "solves_0"
        return f"solves_{self._typed()[int(rest[0])][0]}"


class CapabilitiesForm(Questions):
    common_capabilities = Several(
        help_text=gettext_lazy("Những chức năng nhiều sản phẩm cùng nhóm đã nêu. Chọn thì cơ quan so sánh được."),
    )
    capabilities = Lines(
        rows=8,
        help_text=gettext_lazy("Mỗi dòng một chức năng, vài từ là đủ. Nhiều nhất 20 dòng."),
    )

    def __init__(self, *args: Any, options: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["common_capabilities"].choices = options  # type: ignore[attr-defined]
        if not options:
            del self.fields["common_capabilities"]


class CustomersForm(Questions):
    status = One(Status)
    launched = Whole(help_text=gettext_lazy("Năm khách hàng đầu tiên dùng được. Ví dụ: 2021."))
    customers = Lines(
        help_text=gettext_lazy("Mỗi dòng một cơ quan hoặc nhóm khách hàng đang dùng. Chỉ nêu nơi đồng ý cho nêu.")
    )


class PricesForm(Questions):
    pricing_model = One(PricingModel)
    pricing_note = Line(
        help_text=gettext_lazy("Điều cần biết thêm về giá, ví dụ: chưa gồm thuế, giá áp dụng đến khi nào.")
    )


class DeploymentForm(Questions):
    deployment = Several(
        Deployment.choices, help_text=gettext_lazy("Chọn mọi cách mà doanh nghiệp đang thực sự cung cấp.")
    )
    data_in_vietnam = One(Answer, help_text=gettext_lazy("Gồm cả bản sao lưu."))
    security_level = Pick(
        [
            ("", gettext_lazy("Chưa có, hoặc chưa rõ")),
            *((str(n), format_lazy("{} {}", gettext_lazy("Cấp độ"), n)) for n in range(1, 6)),
        ],
        help_text=gettext_lazy(
            "Cấp độ an toàn hệ thống thông tin cao nhất đã được phê duyệt cho một nơi đang chạy sản phẩm. Nhớ thêm quyết định ở bước Bằng chứng."
        ),
    )

    def values(self) -> dict[str, Any]:
        values = super().values()
        return {**values, "security_level": values["security_level"] or None}


class ConnectionsForm(Questions):
    connections = Several(Connected.choices, help_text=gettext_lazy("Chỉ chọn kết nối đã chạy thật ở ít nhất một nơi."))
    standards = Lines(
        rows=3, help_text=gettext_lazy("Mỗi dòng một tiêu chuẩn, quy chuẩn. Ví dụ: TCVN 14423:2026, HL7 FHIR.")
    )
    languages = Lines(rows=3, help_text=gettext_lazy("Mỗi dòng một ngôn ngữ. Ví dụ: Tiếng Việt, Tiếng Tày."))


class ExitForm(Questions):
    export_formats = Lines(
        rows=3,
        help_text=gettext_lazy(
            "Cơ quan tự lấy toàn bộ dữ liệu ra được ở định dạng nào. Mỗi dòng một định dạng, ví dụ: CSV."
        ),
    )
    exit_terms = Text(
        words=shape.EXIT_WORDS,
        help_text=gettext_lazy(
            "Khi hết hợp đồng: bàn giao dữ liệu trong bao lâu, có mất phí không, xóa dữ liệu khi nào."
        ),
    )


class OriginForm(Questions):
    vietnamese_share = Percent(help_text=gettext_lazy("Phần vốn do tổ chức, cá nhân Việt Nam sở hữu. Ví dụ: 51."))
    designed_by = One(Maker)
    source_owner = One(SourceOwner)
    copyright_certificate = Line(
        help_text=gettext_lazy("Do Cục Bản quyền tác giả cấp. Nhớ thêm bản chụp ở bước Bằng chứng.")
    )
    rd_share = Percent(help_text=gettext_lazy("Ví dụ: 3,5."))
    vietnamese_documents = One(Answer)
    support_commitment = One(Answer)


class ContactForm(Questions):
    website = Line(help_text=gettext_lazy("Ví dụ: https://example.vn/san-pham."))
    support_phone = Line(wide=False, help_text=gettext_lazy("Số mà cơ quan gọi khi cần hỗ trợ."))
    support_email = Line(wide=False, help_text=gettext_lazy("Địa chỉ chung, không phải của một người."))


class PackageForm(Questions):
    """One package; see `PackageContent`."""

    name = Line(label=gettext_lazy("Tên gói"), help_text=gettext_lazy("Ví dụ: Gói xã, Gói tỉnh."))
    unit = Pick([("", gettext_lazy("Chọn đơn vị")), *PackageUnit.choices], label=gettext_lazy("Tính theo"), help_text=gettext_lazy("Hóa đơn tính tiền theo số lượng của cái gì."))  # fmt: skip
    period = Pick([("", gettext_lazy("Chọn kỳ")), *PackagePeriod.choices], label=gettext_lazy("Mỗi"), help_text=gettext_lazy("Giá của một đơn vị trả cho bao lâu."))  # fmt: skip
    price_min = Whole(
        label=gettext_lazy("Đơn giá từ (đồng)"), help_text=gettext_lazy("Để trống nếu không công bố. Ví dụ: 1.500.000.")
    )
    price_max = Whole(label=gettext_lazy("Đến (đồng)"), help_text=gettext_lazy("Để trống nếu chỉ có một giá."))
    min_quantity = Whole(
        label=gettext_lazy("Số lượng tối thiểu"), help_text=gettext_lazy("Để trống nếu mua bao nhiêu cũng được.")
    )
    min_months = Whole(label=gettext_lazy("Thời hạn tối thiểu (tháng)"))
    setup_fee = Whole(
        label=gettext_lazy("Phí khởi tạo, triển khai (đồng)"),
        help_text=gettext_lazy("Trả một lần. Ghi 0 nếu không thu."),
    )
    support_fee = Whole(
        label=gettext_lazy("Phí hỗ trợ mỗi năm (đồng)"), help_text=gettext_lazy("Ghi 0 nếu đã gồm trong giá.")
    )
    includes = Text(words=shape.INCLUDES_WORDS, rows=3, label=gettext_lazy("Gói gồm những gì"))

    def field_of(self, path: str) -> str:
        return path.split(".")[-1]


class EvidenceForm(Questions):
    """One piece of evidence; see `EvidenceContent`."""

    kind = Pick([("", gettext_lazy("Chọn một loại")), *EvidenceKind.choices], label=gettext_lazy("Loại"))
    title = Line(
        label=gettext_lazy("Nội dung"),
        help_text=gettext_lazy("Giấy tờ hoặc trang này cho thấy điều gì. Ví dụ: Triển khai tại 120 xã của tỉnh A."),
    )
    url = Line(label=gettext_lazy("Trang công khai nêu điều đó"))
    issuer = Line(label=gettext_lazy("Nơi cấp"))
    number = Line(label=gettext_lazy("Số hiệu"), wide=False)
    year = Whole(label=gettext_lazy("Năm"))
    expires_on = forms.CharField(required=False, label=gettext_lazy("Hết hạn ngày"), help_text=gettext_lazy("Để trống nếu không có hạn."), widget=forms.DateInput(attrs={"type": "date", "class": "input"}))  # fmt: skip
    note = Line(label=gettext_lazy("Ghi chú"))
    # Last, so that everything else has come in when an upload is broken off.
    file = forms.FileField(required=False, label=gettext_lazy("Tệp"), help_text=gettext_lazy("PDF, PNG, JPEG hoặc DOCX, nhiều nhất 10 MB. Chỉ doanh nghiệp và người thẩm định mở được."), widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.docx", "class": "input input--wide"}))  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].part = self.fields["expires_on"].part = "line"  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        values = super().values()
        del values["file"]
        return {**values, "expires_on": values["expires_on"] or None}

    def field_of(self, path: str) -> str:
        return {"document": "file", "evidence": "file"}.get(path.split(".")[-1], path.split(".")[-1])


FORMS: dict[Step, type[Questions]] = {
    "name": NameForm,
    "summary": SummaryForm,
    "description": DescriptionForm,
    "solves": SolvesForm,
    "capabilities": CapabilitiesForm,
    "customers": CustomersForm,
    "prices": PricesForm,
    "deployment": DeploymentForm,
    "connections": ConnectionsForm,
    "exit": ExitForm,
    "origin": OriginForm,
    "contact": ContactForm,
}


def form_of(step: Step, content: Content, data: Any = None) -> Questions:
    """Return the form of a step, filled with what is saved, or with what was sent."""
    initial = {field: getattr(content, field) for field in shape.STEPS[step]}
    more = {"options": offered_capabilities(content)} if step == "capabilities" else {}
    return FORMS[step](data, initial=initial, **more)
