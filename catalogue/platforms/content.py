"""The one shape of what a vendor writes about a product: its types, limits, and what must be there before it is handed in.

A draft may lack anything but may hold nothing wrong: each value has its type and keeps its limits from the first save on.
`MUST` and `missing` say what a complete one has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from catalogue.common.errors import DomainError
from catalogue.common.text import canonical, one_line

from .choices import (
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
from .models import FIRST_YEAR, LAST_YEAR
from .packages import MOST_MONEY

SUMMARY_WORDS, DESCRIPTION_WORDS, SOLVES_WORDS, EXIT_WORDS, INCLUDES_WORDS = 50, 300, 50, 150, 100
FEWEST_SOLVES, MOST_SOLVES = 4, 6
MOST_CAPABILITIES, MOST_PACKAGES, MOST_EVIDENCE, MOST_ITEMS = 20, 12, 30, 20

Shape = TypeVar("Shape", bound=BaseModel)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]"
)  # and what turns reading order round


def words(text: str) -> int:
    """Count words as a reader does: runs without white space that hold a letter or a digit."""
    return sum(any(char.isalnum() for char in run) for run in text.split())


def _clean(text: object) -> object:
    if not isinstance(text, str):
        return text
    return _CONTROL.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))).strip()


def _clean_line(text: object) -> object:
    cleaned = _clean(text)
    return one_line(cleaned) if isinstance(cleaned, str) else cleaned


def _at_most(limit: int) -> AfterValidator:
    def check(text: str) -> str:
        if words(text) > limit:
            raise PydanticCustomError("too_many_words", "", {"limit": limit, "n": words(text)})
        return text

    return AfterValidator(check)


def _each_once(items: list[Any]) -> list[Any]:
    """Drop empty items; refuse one that stands twice, however it is spelt."""
    kept = [item for item in items if item != ""]
    keys = [canonical(item) if isinstance(item, str) else item for item in kept]
    for at, key in enumerate(keys):
        if key in keys[:at]:
            raise PydanticCustomError("twice", "", {"item": str(kept[at])[:80]})
    return kept


def _web_address(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s/?#@\\]+\.[^\s/?#@\\]+([/?#][^\s]*)?", text):
        raise PydanticCustomError("address", "", {})
    return text


def _mail_address(text: str) -> str:
    if text and not re.fullmatch(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"']+", text):
        raise PydanticCustomError("mail", "", {})
    return text


def _phone(text: str) -> str:
    if text and not (re.fullmatch(r"\+?[0-9][0-9 .()-]*", text) and 3 <= sum(char.isdigit() for char in text) <= 15):
        raise PydanticCustomError("phone", "", {})
    return text


Clean, CleanLine = BeforeValidator(_clean), BeforeValidator(_clean_line)
Line = Annotated[str, CleanLine]
Short = Annotated[str, Field(max_length=120), CleanLine]
Once = AfterValidator(_each_once)
Money = Annotated[int, Field(ge=0, le=MOST_MONEY)]
Count = Annotated[int, Field(ge=1, le=10_000_000)]
Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Key = Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9-]*$"), CleanLine]
Address = Annotated[str, Field(max_length=200), CleanLine, AfterValidator(_web_address)]
LongAddress = Annotated[str, Field(max_length=500), CleanLine, AfterValidator(_web_address)]
Shorts = Annotated[list[Short], Field(max_length=MOST_ITEMS), Once]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_enum_values=True, validate_default=False)


class PackageContent(_Part):
    """One package as its vendor states it; see `packages.Package`."""

    name: Annotated[str, Field(min_length=1, max_length=100), CleanLine]
    unit: PackageUnit
    period: PackagePeriod
    price_min: Money | None = None
    price_max: Money | None = None
    min_quantity: Count | None = None
    min_months: Annotated[int, Field(ge=1, le=120)] | None = None
    setup_fee: Money | None = None
    support_fee: Money | None = None
    includes: Annotated[str, Field(max_length=2000), Clean, _at_most(INCLUDES_WORDS)] = ""

    @model_validator(mode="after")
    def _adds_up(self) -> PackageContent:
        if (self.unit == PackageUnit.TRANSACTION) != (self.period == PackagePeriod.USE):
            raise PydanticCustomError("period_of_unit", "", {"field": "period"})
        if self.price_max is not None and self.price_min is None:
            raise PydanticCustomError("max_without_min", "", {"field": "price_min"})
        if self.price_max is not None and self.price_min is not None and self.price_max < self.price_min:
            raise PydanticCustomError("max_below_min", "", {"field": "price_max"})
        return self


class EvidenceContent(_Part):
    """One piece of evidence; `document` is the id of a `Document` of the same vendor."""

    kind: EvidenceKind
    title: Annotated[str, Field(min_length=1, max_length=300), CleanLine]
    year: Year | None = None
    url: LongAddress = ""
    note: Annotated[str, Field(max_length=400), CleanLine] = ""
    issuer: Annotated[str, Field(max_length=200), CleanLine] = ""
    number: Annotated[str, Field(max_length=100), CleanLine] = ""
    expires_on: date | None = None
    document: UUID | None = None


class Content(_Part):
    """Everything a vendor says of a product. What is not said is "", null, an empty list or "unknown"."""

    name: Annotated[str, Field(min_length=1, max_length=120), CleanLine]
    category: Key = ""
    also: Annotated[list[Key], Field(max_length=5), Once] = []
    summary: Annotated[str, Field(max_length=300), CleanLine, _at_most(SUMMARY_WORDS)] = ""
    description: Annotated[str, Field(max_length=4000), Clean, _at_most(DESCRIPTION_WORDS)] = ""
    solves: Annotated[
        list[Annotated[str, Field(max_length=400), CleanLine, _at_most(SOLVES_WORDS)]],
        Once,
        Field(max_length=MOST_SOLVES),
    ] = []
    common_capabilities: Annotated[list[Key], Field(max_length=MOST_CAPABILITIES), Once] = []
    capabilities: Annotated[list[Short], Field(max_length=MOST_CAPABILITIES), Once] = []
    customers: Shorts = []
    status: Status = Status.UNKNOWN
    launched: Year | None = None
    pricing_model: PricingModel = PricingModel.UNKNOWN
    pricing_note: Annotated[str, Field(max_length=400), CleanLine] = ""
    packages: Annotated[list[PackageContent], Field(max_length=MOST_PACKAGES)] = []
    deployment: Annotated[list[Deployment], Once] = []
    data_in_vietnam: Answer = Answer.UNKNOWN
    security_level: Annotated[int, Field(ge=1, le=5)] | None = None
    connections: Annotated[list[Connected], Once] = []
    standards: Shorts = []
    languages: Shorts = []
    export_formats: Shorts = []
    exit_terms: Annotated[str, Field(max_length=2000), Clean, _at_most(EXIT_WORDS)] = ""
    vietnamese_share: Percent | None = None
    designed_by: Maker = Maker.UNKNOWN
    source_owner: SourceOwner = SourceOwner.UNKNOWN
    copyright_certificate: Annotated[str, Field(max_length=100), CleanLine] = ""
    rd_share: Percent | None = None
    vietnamese_documents: Answer = Answer.UNKNOWN
    support_commitment: Answer = Answer.UNKNOWN
    website: Address = ""
    support_phone: Annotated[str, Field(max_length=30), CleanLine, AfterValidator(_phone)] = ""
    support_email: Annotated[str, Field(max_length=254), CleanLine, AfterValidator(_mail_address)] = ""
    evidence: Annotated[list[EvidenceContent], Field(max_length=MOST_EVIDENCE)] = []

    @model_validator(mode="after")
    def _holds_together(self) -> Content:
        names = [canonical(package.name) for package in self.packages]
        for at, name in enumerate(names):
            if name in names[:at]:
                raise PydanticCustomError("twice", "", {"field": f"packages.{at}.name", "item": self.packages[at].name})
        marks = [(one.kind, one.title, one.url) for one in self.evidence]
        for at, mark in enumerate(marks):
            if mark in marks[:at]:
                raise PydanticCustomError("twice", "", {"field": f"evidence.{at}.title", "item": mark[1]})
        if self.category and self.category in self.also:
            raise PydanticCustomError("category_twice", "", {"field": "also"})
        return self

    def as_json(self) -> dict[str, Any]:
        """Return plain values, as they are kept."""
        return self.model_dump(mode="json")


Fields = dict[str, list[str]]  # field → sentences; a part of a list as "packages.0.price_max"


class ContentInvalid(DomainError):
    """What was written cannot be kept; `fields` says where and why."""

    code = "content_invalid"

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        super().__init__(" ".join(text for texts in fields.values() for text in texts))


def parse(values: dict[str, Any]) -> Content:
    """Return the content that plain values describe. Raises ContentInvalid with every reason."""
    return checked(Content, values)


def checked(shape: type[Shape], values: dict[str, Any]) -> Shape:
    """Return plain values as the shape has them. Raises ContentInvalid with every reason, in words for people."""
    try:
        return shape.model_validate(values)
    except ValidationError as error:
        fields: Fields = {}
        for problem in error.errors(include_url=False):
            context = problem.get("ctx", {})
            path = [str(step) for step in problem["loc"] if step != "function-after"]
            if "field" in context:
                path.append(str(context["field"]))
            fields.setdefault(".".join(path), []).append(_sentence(problem["type"], context))
        raise ContentInvalid(fields) from error


def _sentence(kind: str, context: dict[str, Any]) -> str:
    """Say what is wrong in words for people. What no one can type into a form gets the general sentence."""
    limit = next((context[name] for name in ("max_length", "limit", "le", "ge") if name in context), 0)
    sentences: dict[str, Callable[[], str]] = {
        "too_many_words": lambda: (
            ngettext("Nhiều nhất %(limit)d từ; đang có %(n)d từ.", "Nhiều nhất %(limit)d từ; đang có %(n)d từ.", limit)
            % {"limit": limit, "n": context["n"]}
        ),
        "string_too_long": lambda: (
            ngettext("Nhiều nhất %(limit)d ký tự.", "Nhiều nhất %(limit)d ký tự.", limit) % {"limit": limit}
        ),
        "string_too_short": lambda: _("Hãy điền nội dung này."),
        "missing": lambda: _("Hãy điền nội dung này."),
        "too_long": lambda: (
            ngettext("Nhiều nhất %(limit)d mục.", "Nhiều nhất %(limit)d mục.", limit) % {"limit": limit}
        ),
        "twice": lambda: _("“%(item)s” đã có rồi.") % {"item": context["item"]},
        "address": lambda: _("Địa chỉ trang chưa đúng, ví dụ đúng: https://example.vn/trang."),
        "mail": lambda: _("Thư điện tử chưa đúng, ví dụ đúng: ho-tro@example.vn."),
        "phone": lambda: _("Số điện thoại chưa đúng, ví dụ đúng: 024 3943 1234."),
        "greater_than_equal": lambda: _("Số nhỏ nhất là %(limit)s.") % {"limit": limit},
        "less_than_equal": lambda: _("Số lớn nhất là %(limit)s.") % {"limit": limit},
        "int_parsing": lambda: _("Hãy nhập một số nguyên."),
        "int_from_float": lambda: _("Hãy nhập một số nguyên."),
        "int_parsing_size": lambda: _("Số này quá lớn."),
        "decimal_parsing": lambda: _("Hãy nhập một số."),
        "decimal_max_places": lambda: _("Nhiều nhất hai chữ số sau dấu phẩy."),
        "date_from_datetime_parsing": lambda: _("Ngày chưa đúng."),
        "period_of_unit": lambda: _(
            "Tính theo giao dịch thì kỳ tính là “mỗi lần dùng”, và chỉ giao dịch mới tính như vậy."
        ),
        "max_without_min": lambda: _("Hãy điền cả giá thấp nhất."),
        "max_below_min": lambda: _("Giá cao nhất phải bằng hoặc lớn hơn giá thấp nhất."),
        "weights_sum": lambda: _("Ba số phải cộng lại bằng 100; đang là %(n)d.") % {"n": context["n"]},
        "budget_below": lambda: _("Mức cao nhất phải bằng hoặc lớn hơn mức thấp nhất."),
        "twice_in_both": lambda: _("“%(item)s” đứng ở cả hai danh sách.") % {"item": context["item"]},
        "timezone_aware": lambda: _("Hãy ghi giờ kèm múi giờ."),
        "category_twice": lambda: _("Nhóm chính không cần chọn lại ở đây."),
        "enum": lambda: _("Hãy chọn một mục trong danh sách."),
    }
    return sentences[kind]() if kind in sentences else _("Giá trị này không dùng được.")


# What a complete one has. A field of its own step each, so that the task list can say which step lacks what.
MUST: dict[str, Callable[[Content], bool]] = {
    "name": lambda content: bool(content.name),
    "category": lambda content: bool(content.category),
    "summary": lambda content: bool(content.summary),
    "description": lambda content: bool(content.description),
    "solves": lambda content: len(content.solves) >= FEWEST_SOLVES,
    "capabilities": lambda content: bool(content.capabilities or content.common_capabilities),
    "status": lambda content: content.status != Status.UNKNOWN,
    "pricing_model": lambda content: content.pricing_model != PricingModel.UNKNOWN,
    "deployment": lambda content: bool(content.deployment),
}


def missing(content: Content) -> list[str]:
    """Name the fields that must still be filled in before the product can be handed in."""
    return [field for field, is_there in MUST.items() if not is_there(content)]


def changed(content: Content, before: Content) -> list[str]:
    """Name the fields in which two contents differ, in the order in which they are written."""
    return [field for field in Content.model_fields if getattr(content, field) != getattr(before, field)]


Step = Literal["name", "summary", "description", "solves", "capabilities", "customers", "prices", "packages", "deployment", "connections", "exit", "origin", "contact", "evidence"]  # fmt: skip
STEPS: dict[Step, tuple[str, ...]] = {
    "name": ("name", "category", "also"),
    "summary": ("summary",),
    "description": ("description",),
    "solves": ("solves",),
    "capabilities": ("common_capabilities", "capabilities"),
    "customers": ("customers", "status", "launched"),
    "prices": ("pricing_model", "pricing_note"),
    "packages": ("packages",),
    "deployment": ("deployment", "data_in_vietnam", "security_level"),
    "connections": ("connections", "standards", "languages"),
    "exit": ("export_formats", "exit_terms"),
    "origin": (
        "vietnamese_share",
        "designed_by",
        "source_owner",
        "copyright_certificate",
        "rd_share",
        "vietnamese_documents",
        "support_commitment",
    ),
    "evidence": ("evidence",),
    "contact": ("website", "support_phone", "support_email"),
}


def step_of(field: str) -> Step:
    """Return the step in which a field is written."""
    return next(step for step, fields in STEPS.items() if field.split(".")[0] in fields)
