"""The forms of asking, answering and evaluating. They take what is typed; the services check it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation
from catalogue.common.errors import DomainError
from catalogue.organisations.models import Membership
from catalogue.platforms.packages import Package
from catalogue.problems import amendments, offers
from catalogue.problems.evaluation import MOST_POINTS, Aspect, Code, Delivered, Mark, PaidFor
from catalogue.problems.judging import Given, Told
from catalogue.problems.models import LONGEST_REASON, LONGEST_TEXT, Problem
from catalogue.problems.offers import LONGEST_EVIDENCE, LONGEST_NOTE, MOST_WORDS, Meets, Offer
from catalogue.problems.questions import LONGEST_ANSWER, LONGEST_QUESTION, Question
from catalogue.problems.requirements import Requirement
from catalogue.problems.states import Ending, RequirementKind
from catalogue.web.forms import SheetForm

MOST_PRICE_ROWS = 4


class AskForm(SheetForm):
    vendor = forms.ChoiceField(label=_("Doanh nghiệp hỏi"), help_text=_("Cơ quan và mọi người không thấy tên này."))
    text = forms.CharField(
        label=_("Câu hỏi"), max_length=LONGEST_QUESTION, widget=forms.Textarea,
        help_text=_("Câu hỏi và câu trả lời được công khai. Đừng ghi tên doanh nghiệp hay sản phẩm."),
    )  # fmt: skip

    def __init__(self, vendors: Sequence[Organisation], data: Any = None) -> None:
        super().__init__(data)
        self.fields["vendor"].choices = [(one.key, one.name) for one in vendors]  # type: ignore[attr-defined]


class AnswerForm(SheetForm):
    wording = forms.CharField(
        label=_("Câu hỏi như sẽ công bố"), max_length=LONGEST_QUESTION, widget=forms.Textarea,
        help_text=_("Bỏ những chỗ cho biết ai hỏi."),
    )  # fmt: skip
    answer = forms.CharField(label=_("Trả lời công khai"), max_length=LONGEST_ANSWER, widget=forms.Textarea)

    def __init__(self, question: Question, data: Any = None) -> None:
        super().__init__(data, initial={"wording": question.text})


class AmendForm(SheetForm):
    """The texts of a live problem as they stand, to be put in other words."""

    def __init__(self, problem: Problem, data: Any = None) -> None:
        super().__init__(data)
        for name in amendments.TEXTS:
            self._ask(name, amendments.label_of(name), getattr(problem, name), LONGEST_TEXT)
        for number, one in enumerate(problem.requirements.all(), start=1):
            label = _now("Yêu cầu %(n)d") % {"n": number}
            self._ask(amendments.name_of(one), label, one.text, LONGEST_TEXT)
        self.fields["closes_at"] = forms.DateTimeField(
            label=_("Hạn trả lời"), initial=problem.closes_at, help_text=_("Chỉ lùi về sau được, không sớm hơn."),
            widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "input"}, format="%Y-%m-%dT%H:%M"),
        )  # fmt: skip
        self.fields["reason"] = forms.CharField(
            label=_("Vì sao sửa đổi"), max_length=LONGEST_REASON, help_text=_("Được công khai cùng nội dung cũ và mới."),
            widget=forms.Textarea(attrs={"class": "sheet-input sheet-input--short", "rows": 5}),
        )  # fmt: skip
        self.fields["seen"] = forms.IntegerField(
            initial=problem.amendments.count(), min_value=0, widget=forms.HiddenInput
        )

    def other_words(self) -> list[dict[str, str]]:
        """Return the parts whose published text differs from what was typed."""
        texts = {name: field for name, field in self.fields.items() if isinstance(field.widget, forms.Textarea)}
        return [
            {"label": str(field.label), "text": field.initial}
            for name, field in texts.items()
            if field.initial and self.cleaned_data.get(name) != field.initial
        ]

    def _ask(self, name: str, label: str, text: str, most: int) -> None:
        widget = forms.Textarea(attrs={"class": "sheet-input sheet-input--short", "rows": 5})
        self.fields[name] = forms.CharField(label=label.capitalize(), initial=text, max_length=most, widget=widget)

    def told(self) -> dict[str, Any]:
        """Return what was changed, as the service takes it."""
        said = dict(self.cleaned_data)
        before, closes_at = self.fields["closes_at"].initial, said.pop("closes_at")
        if closes_at == before.replace(second=0, microsecond=0):  # as far as the form shows it
            closes_at = None
        return {"reason": said.pop("reason"), "closes_at": closes_at, "seen": said.pop("seen"), "texts": said}


class OfferForm(SheetForm):
    """A proposal. Everything may be left open until it is handed in."""

    def __init__(self, problem: Problem, vendor: Organisation, offer: Offer, data: Any = None) -> None:
        super().__init__(data)
        self.requirements: list[Requirement] = list(problem.requirements.all())
        own = offers.products(vendor)
        self.packages = list(Package.objects.filter(platform__in=own).select_related("platform"))
        add = self.fields.__setitem__
        named = [("", "—"), *((one.slug, one.name) for one in own)]
        add("product", _due(_choice(_("Sản phẩm"), named, offer.product)))
        for one in self.requirements:
            reply = offer.reply_to(one.pk)
            kind = RequirementKind(one.kind).label
            label = f"{one.text} ({kind})"
            field = _choice(label, Meets.choices, reply.answer)
            field.widget = forms.RadioSelect(choices=Meets.choices)
            add(f"answer-{one.pk}", field)
            hint = _now("Nhiều nhất %(most)d từ: nơi đã dùng, số liệu, văn bản.") % {"most": MOST_WORDS}
            evidence = _text(_("Bằng chứng"), LONGEST_EVIDENCE, reply.evidence, hint)
            add(f"evidence-{one.pk}", _about(_due(evidence), one.text))
        priced = [
            ("", "—"),
            *((str(one.pk), f"{one.platform.name}: {one.name} ({one.counted})") for one in self.packages),
        ]
        self.price_rows = range(1, max(len(offer.lines), min(len(self.packages), MOST_PRICE_ROWS)) + 1)
        for row in self.price_rows:
            line = offer.lines[row - 1] if row <= len(offer.lines) else None
            label = _now("Gói giá %(n)d") % {"n": row}
            add(f"line-{row}", _choice(label, priced, self._package(offer.product, line)))
            counted = {
                "quantity": _number(_("Số lượng"), line.quantity if line else None),
                "periods": _number(_("Số kỳ (tháng, năm)"), line.periods if line else None),
                "unit_price": _number(_("Đơn giá (đồng)"), line.unit_price if line else None, least=0),
            }
            for name, number in counted.items():
                add(f"{name}-{row}", _about(number, label))
        add("stated_total", _number(_("Hoặc tổng giá (đồng), khi không tính theo gói"), offer.stated_total, least=0))
        add("price_note", _text(_("Giá gồm những gì"), LONGEST_NOTE, offer.price_note))
        add("delivery", _due(_text(_("Triển khai và hỗ trợ"), LONGEST_NOTE, offer.delivery)))
        add("trial", _text(_("Cho dùng thử"), LONGEST_NOTE, offer.trial))

    def content(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        said = self.cleaned_data
        names = {str(one.pk): one.name for one in self.packages}
        return {
            "product": said["product"],
            "replies": [
                {"requirement": one.pk, "answer": said[f"answer-{one.pk}"], "evidence": said[f"evidence-{one.pk}"]}
                for one in self.requirements
            ],
            "lines": [
                {
                    "package": names[said[f"line-{row}"]],
                    "quantity": said[f"quantity-{row}"] or 1,
                    "periods": said[f"periods-{row}"] or 1,
                    "unit_price": said[f"unit_price-{row}"] or 0,
                }
                for row in self.price_rows
                if said[f"line-{row}"]
            ],
            **{name: said[name] for name in ("stated_total", "price_note", "delivery", "trial")},
        }

    def refuse(self, refusal: DomainError) -> None:
        for name, sentences in refusal.fields.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)
        if not refusal.fields:
            super().refuse(refusal)

    def _package(self, product: str, line: offers.Line | None) -> str:
        if line is None:
            return ""
        found = (one for one in self.packages if one.name == line.package and one.platform.slug == product)
        return str(next((one.pk for one in found), ""))


class ConveneForm(SheetForm):
    members = forms.MultipleChoiceField(
        label=_("Người chấm"), widget=forms.CheckboxSelectMultiple, help_text=_("Ít nhất hai người của cơ quan."),
    )  # fmt: skip
    blind = forms.BooleanField(
        label=_("Chấm lần đầu không biết tên doanh nghiệp, sản phẩm"), required=False,
        help_text=_("Tên hiện ra khi mọi người đã chấm xong. Mở hồ sơ rồi thì không đổi được."),
    )  # fmt: skip

    def __init__(self, members: Sequence[Membership], data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        names = [(str(one.pk), one.user.get_full_name() or one.user.email) for one in members]
        self.fields["members"].choices = names  # type: ignore[attr-defined]
        self.fields["members"].widget.attrs.pop("class", None)


class DeclareForm(SheetForm):
    conflict = forms.ChoiceField(
        label=_("Bạn hoặc người thân có lợi ích ở doanh nghiệp nào có thể trả lời bài toán này không?"),
        choices=[("no", _("Không")), ("yes", _("Có"))], widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(
        label=_("Có thì lợi ích gì"), required=False, max_length=LONGEST_REASON, widget=forms.Textarea,
        help_text=_("Có xung đột thì bạn không xem và không chấm hồ sơ nào."),
    )  # fmt: skip


class MarksForm(SheetForm):
    """Points for every cell of every letter."""

    def __init__(
        self, letters: Sequence[str], requirements: Sequence[Requirement], kept: dict[tuple[str, str, int | None], Mark],
        data: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(data)
        aspects: list[tuple[Aspect, Requirement | None]] = [
            *((Aspect.FIT, one) for one in requirements), (Aspect.PRICE, None), (Aspect.DELIVERY, None),
        ]  # fmt: skip
        self.cells: list[tuple[str, str, str, int | None]] = []
        for letter in letters:
            whose = _now("hồ sơ %(letter)s") % {"letter": letter}
            for aspect, one in aspects:
                name = f"{letter}-{aspect}-{one.pk if one else 0}"
                mark = kept.get((letter, str(aspect), one.pk if one else None))
                choices = [("", "—"), *((str(n), str(n)) for n in range(MOST_POINTS + 1))]
                what = one.text if one else aspect.label
                points = _choice(what, choices, "" if mark is None else str(mark.points))
                reason = _text(_("Lý do"), LONGEST_REASON, mark.reason if mark else "")
                self.fields[f"points-{name}"] = _about(_due(points), whose)
                self.fields[f"reason-{name}"] = _about(_due(reason), f"{whose}, {what}")
                self.fields[f"reason-{name}"].widget.attrs["rows"] = 2
                self.cells.append((name, letter, str(aspect), one.pk if one else None))

    def of(self, letter: str) -> list[forms.BoundField]:
        """Return the fields of one letter, in their order."""
        names = [name for name, whose, _aspect, _one in self.cells if whose == letter]
        return [self[f"{part}-{name}"] for name in names for part in ("points", "reason")]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for name, *_rest in self.cells:
            if said.get(f"points-{name}") and not said.get(f"reason-{name}", "").strip():
                self.add_error(f"reason-{name}", _now("Hãy ghi lý do cho điểm này."))
        return said

    def given(self) -> list[Given]:
        """Return the cells that have points."""
        said = self.cleaned_data
        return [
            Given(letter, aspect, int(said[f"points-{name}"]), said[f"reason-{name}"], requirement)
            for name, letter, aspect, requirement in self.cells
            if said[f"points-{name}"]
        ]


class DecideForm(SheetForm):
    """The outcome, and a reason for each requirement of each letter."""

    def __init__(
        self, letters: Sequence[str], first: str, requirements: Sequence[Requirement], data: Any = None
    ) -> None:
        super().__init__(data)
        self.letters, self.first, self.requirements = letters, first, requirements
        self.fields["ending"] = forms.ChoiceField(
            label=_("Kết quả"), choices=Ending.choices, widget=forms.RadioSelect, help_text=self._whom()
        )
        self.fields["reason"] = forms.CharField(
            label=_("Lý do, được công khai"), max_length=LONGEST_REASON,
            widget=forms.Textarea(attrs={"class": "sheet-input sheet-input--short", "rows": 5}),
        )  # fmt: skip
        for letter in letters:
            for one in requirements:
                words = {"letter": letter, "text": one.text}
                label = _now("Hồ sơ %(letter)s: %(text)s") % words
                self.fields[f"code-{letter}-{one.pk}"] = _due(_choice(label, [("", "—"), *Code.choices], ""))
                note = _text(_("Giải thích cho doanh nghiệp"), LONGEST_REASON, "")
                self.fields[f"note-{letter}-{one.pk}"] = _about(note, label)
                self.fields[f"note-{letter}-{one.pk}"].widget.attrs["rows"] = 2

    def _whom(self) -> str:
        if not self.first:
            return ""
        return _now("Chọn hoặc dùng thử thì là hồ sơ %(letter)s, đứng đầu theo điểm thống nhất.") % {
            "letter": self.first
        }

    def told(self) -> list[Told]:
        said = self.cleaned_data
        return [
            Told(letter, one.pk, said[f"code-{letter}-{one.pk}"], said[f"note-{letter}-{one.pk}"])
            for letter in self.letters
            for one in self.requirements
            if said[f"code-{letter}-{one.pk}"]
        ]


class LookBackForm(SheetForm):
    delivered = forms.ChoiceField(
        label=_("Có làm đúng như đã hẹn không?"), choices=Delivered.choices, widget=forms.RadioSelect
    )
    again = forms.ChoiceField(
        label=_("Có chọn lại không?"), choices=[("yes", _("Có")), ("no", _("Không"))], widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Nhận xét, được công khai"), required=False, max_length=LONGEST_REASON, widget=forms.Textarea
    )
    paid = forms.IntegerField(
        label=_("Đã trả bao nhiêu (đồng, gồm thuế)"),
        help_text=_("Được công khai, để cơ quan sau biết giá thị trường. Để trống nếu chưa công bố được."),
        min_value=0,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input"}),
    )
    paid_for = forms.ChoiceField(
        label=_("Trả cho"),
        choices=[("", _("Không ghi giá")), *PaidFor.choices],
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )


def _due(field: forms.Field) -> forms.Field:
    """Mark what may be open in a draft and not in what is handed in: it is not called optional."""
    field.sometimes_required = True  # type: ignore[attr-defined]
    return field


def _about(field: forms.Field, what: str) -> forms.Field:
    """Say which of several alike a field is: read out after its label, and shown beside its mistakes above the form."""
    field.about = what  # type: ignore[attr-defined]
    return field


def _choice(label: Any, choices: Any, chosen: str) -> forms.ChoiceField:
    select = forms.Select(attrs={"class": "input input--wide"})
    return forms.ChoiceField(label=label, choices=choices, initial=chosen, required=False, widget=select)


def _text(label: Any, most: int, text: str, hint: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"class": "sheet-input sheet-input--short", "rows": 4})
    return forms.CharField(label=label, max_length=most, initial=text, required=False, widget=widget, help_text=hint)


def _number(label: Any, value: int | None, least: int = 1) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "input"})
    return forms.IntegerField(label=label, min_value=least, initial=value, required=False, widget=widget)
