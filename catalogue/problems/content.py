"""The one shape of what an agency writes about a problem: its types and limits, and what must be there before it is posted.

A draft may lack anything but its title, and may hold nothing wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from catalogue.common.text import canonical
from catalogue.platforms.content import Clean, CleanLine, Key, Money, Once, checked

from .models import ALL_WEIGHTS, LONGEST_TERM, LONGEST_TEXT, Problem
from .requirements import LONGEST_REQUIREMENT, MOST_REQUIREMENTS
from .states import Mode, RequirementKind, Route, Visibility

LONGEST_TITLE = 160
MOST_CATEGORIES = 5
MOST_INVITED = 50

Told = Annotated[str, Field(max_length=LONGEST_TEXT), Clean]
Sentence = Annotated[str, Field(max_length=LONGEST_REQUIREMENT), CleanLine]
Sentences = Annotated[list[Sentence], Field(max_length=MOST_REQUIREMENTS), Once]
Weight = Annotated[int, Field(ge=0, le=ALL_WEIGHTS)]


def _known_mode(value: str) -> str:
    if value and value not in Mode.values:
        raise PydanticCustomError("enum", "", {})
    return value


HowToGet = Annotated[str, AfterValidator(_known_mode), Field(json_schema_extra={"enum": ["", *Mode.values]})]


class Written(BaseModel):
    """A problem as its agency writes it; see `models.Problem`."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_enum_values=True, validate_default=False)

    title: Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE), CleanLine]
    categories: Annotated[list[Key], Field(max_length=MOST_CATEGORIES), Once] = []
    today: Told = ""
    systems: Told = ""
    affected: Told = ""
    outcome: Told = ""
    must: Sentences = []
    nice: Sentences = []
    mode: HowToGet = ""
    budget_min: Money | None = None
    budget_max: Money | None = None
    closes_at: AwareDatetime | None = None
    start_on: date | None = None
    duration_months: Annotated[int, Field(ge=1, le=LONGEST_TERM)] | None = None
    weight_fit: Weight = 50
    weight_price: Weight = 30
    weight_delivery: Weight = 20
    not_reuse: Told = ""
    route: Route = Route.MINISTRY
    visibility: Visibility = Visibility.PUBLIC
    invited: Annotated[list[Key], Field(max_length=MOST_INVITED), Once] = []

    @model_validator(mode="after")
    def _adds_up(self) -> Written:
        total = self.weight_fit + self.weight_price + self.weight_delivery
        if total != ALL_WEIGHTS:
            raise PydanticCustomError("weights_sum", "", {"field": "weight_fit", "n": total})
        if self.budget_min is not None and self.budget_max is not None and self.budget_max < self.budget_min:
            raise PydanticCustomError("budget_below", "", {"field": "budget_max"})
        musts = {canonical(text) for text in self.must}
        if both := [text for text in self.nice if canonical(text) in musts]:
            raise PydanticCustomError("twice_in_both", "", {"field": "nice", "item": both[0][:80]})
        return self


Step = Literal["need", "today", "affected", "outcome", "requirements", "money", "dates", "weights", "reuse", "reach"]
STEPS: dict[Step, tuple[str, ...]] = {
    "need": ("title", "categories"),
    "today": ("today", "systems"),
    "affected": ("affected",),
    "outcome": ("outcome",),
    "requirements": ("must", "nice"),
    "money": ("mode", "budget_min", "budget_max"),
    "dates": ("closes_at", "start_on", "duration_months"),
    "weights": ("weight_fit", "weight_price", "weight_delivery"),
    "reuse": ("not_reuse",),
    "reach": ("route", "visibility", "invited"),
}
STEP_TITLES: dict[Step, Any] = {
    "need": _("Tên và nhóm nhu cầu"),
    "today": _("Hiện nay ra sao"),
    "affected": _("Ai gặp, bao nhiêu"),
    "outcome": _("Cần đạt điều gì"),
    "requirements": _("Yêu cầu"),
    "money": _("Hình thức và ngân sách"),
    "dates": _("Thời gian"),
    "weights": _("Cách chấm điểm"),
    "reuse": _("Đã có ai giải chưa?"),
    "reach": _("Đăng cho ai, bằng cách nào"),
}
_LISTS = {"must": _("Bắt buộc phải có"), "nice": _("Nên có")}
LABELS: dict[str, Any] = {
    name: _LISTS.get(name) or Problem._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    for name in Written.model_fields
}
MUST: dict[str, Callable[[Written], bool]] = {
    "categories": lambda written: bool(written.categories),
    "today": lambda written: bool(written.today),
    "affected": lambda written: bool(written.affected),
    "outcome": lambda written: bool(written.outcome),
    "must": lambda written: bool(written.must),
    "mode": lambda written: bool(written.mode),
    "closes_at": lambda written: written.closes_at is not None,
    "not_reuse": lambda written: bool(written.not_reuse),
    "invited": lambda written: written.visibility != Visibility.INVITED or bool(written.invited),
}


def written(values: dict[str, Any]) -> Written:
    """Return what plain values say. Raises ContentInvalid with every reason."""
    return checked(Written, values)


def of_problem(problem: Problem) -> Written:
    """Return what a problem's rows say."""
    rows = list(problem.requirements.order_by("position"))
    plain = {name: getattr(problem, name) for name in Written.model_fields if name not in _OF_ROWS}
    return Written.model_construct(
        **plain,
        categories=[category.key for category in problem.categories.order_by("position", "key")],
        invited=list(problem.invited.order_by("key").values_list("key", flat=True)),
        must=[row.text for row in rows if row.kind == RequirementKind.MUST],
        nice=[row.text for row in rows if row.kind == RequirementKind.NICE],
    )


def missing(said: Written) -> list[str]:
    """Name the fields that must still be filled in before the problem can be posted."""
    return [field for field, is_there in MUST.items() if not is_there(said)]


def step_of(field: str) -> Step:
    return next(step for step, fields in STEPS.items() if field.split(".")[0] in fields)


_OF_ROWS = ("categories", "invited", "must", "nice")
