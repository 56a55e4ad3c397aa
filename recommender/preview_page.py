"""What the engine and the quality check say of a draft, for people (sentences) and for programs (JSON)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalogue.platforms.completeness import Completeness, Question, completeness
from catalogue.platforms.content import Content
from catalogue.platforms.models import Category, Platform
from catalogue.platforms.prompts import advice
from catalogue.platforms.quality import Hint

from . import wording
from .engine.selfreading import Doubt, Doubted
from .preview import MOST_NEEDS, Placed, Preview, Standing, preview

# Of the seed catalogue three quarters of the listings speak of their category with 0.46 or more, one in twenty with less
# than 0.31 (`SelfReading.leaves`).
STRONG, CLEAR = 0.46, 0.31
BORNE_OUT = 0.5
MOST_HINTS = 6  # while somebody types

DOUBTS: dict[Doubt, Any] = {
    Doubt.REPEATED: gettext_lazy("Nhắc lại điều một câu trước đã nói, nên không được tính thêm."),
    Doubt.TOO_MUCH: gettext_lazy("Phần này đã dài quá mức được đọc, nên câu này không được tính."),
    Doubt.UNFOUNDED: gettext_lazy("Toàn hồ sơ nói về nhóm khác với nhóm đã chọn, nên mọi câu được tính rất ít."),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything that is said of a draft."""

    completeness: Completeness
    hints: list[Hint]
    preview: Preview


def check(platform: Platform, content: Content, *, most: int = MOST_NEEDS) -> Checked:
    """Look at a draft from every side. platform: with its vendor and category. Writes nothing."""
    return Checked(completeness(content), advice(platform, content), preview(platform, content, most=most))


def shown(checked: Checked, labels: dict[str, str], address: Callable[[str], str]) -> dict[str, Any]:
    """Return what the page says. labels: of the categories, by key. address: of the step in which a field is written."""
    found, reading = checked.preview, checked.preview.reading
    groups = {standing: [_need(one, labels) for one in found.of(standing)] for standing in Standing}
    return {
        "percent": checked.completeness.percent,
        "answered": [_question(one, address) for one in checked.completeness.answered],
        "open": [_question(one, address) for one in checked.completeness.open],
        "hints": [_hint(one, address) for one in checked.hints],
        "leaves": [{"label": labels.get(key, key), "strength": _strength(value)} for key, value in reading.leaves],
        "support": [
            {"label": labels.get(key, key), "borne_out": share >= BORNE_OUT, "partly": 0 < share < BORNE_OUT}
            for key, share in reading.support
        ],
        "doubted": [_doubted(one, labels) for one in reading.doubted],
        "by_meaning": found.by_meaning,
        "recommended": found.recommended,
        "needs": len(found.needs),
        "shown": groups[Standing.SHOWN],
        "nearly": groups[Standing.NEARLY],
        "not": groups[Standing.NOT],
    }


def labels_of_leaves() -> dict[str, str]:
    return {leaf.key: leaf.label for leaf in Category.objects.leaves_only()}


def to_json(checked: Checked) -> dict[str, Any]:
    found = checked.preview
    return {
        "completeness": {
            "percent": checked.completeness.percent,
            "answered": [one.field for one in checked.completeness.answered],
            "open": [
                {"field": one.field, "points": one.points, "what": str(one.what), "why": str(one.why)}
                for one in checked.completeness.open
            ],
        },
        "hints": [
            {
                "code": hint.code.value,
                "severity": str(hint.severity.value),
                "field": hint.field,
                "message": hint.message,
                "why": hint.why,
                "example": hint.example,
            }
            for hint in checked.hints
        ],
        "reading": {
            "categories": [{"category": key, "strength": value} for key, value in found.reading.leaves],
            "declared": [{"category": key, "support": value} for key, value in found.reading.support],
            "doubted": [
                {
                    "field": _field(one),
                    "text": one.text,
                    "doubt": one.doubt.value,
                    "weight": one.weight,
                    "category": one.leaf or None,
                }
                for one in found.reading.doubted
            ],
        },
        "needs": [
            {
                "need": one.need,
                "category": one.category,
                "standing": one.standing.value,
                "place": one.place,
                "missing": list(one.missing),
                "ahead": {"platform": one.ahead.key, "platform_name": one.ahead.name, "text": one.ahead.text}
                if one.ahead
                else None,
            }
            for one in found.needs
        ],
        "recommended": found.recommended,
        "by_meaning": found.by_meaning,
    }


def _field(one: Doubted) -> str:
    return f"{one.field}.{one.item}" if one.field in ("solves", "capabilities", "customers") else one.field


def _strength(value: float) -> str:
    return _("rõ") if value >= STRONG else _("vừa") if value >= CLEAR else _("mờ nhạt")


def _question(one: Question, address: Callable[[str], str]) -> dict[str, Any]:
    return {"what": one.what, "why": one.why, "url": address(one.field)}


def _hint(one: Hint, address: Callable[[str], str]) -> dict[str, Any]:
    return {
        "severity": one.severity.value,
        "label": one.severity.label,
        "message": one.message,
        "why": one.why,
        "example": one.example,
        "url": address(one.field),
    }


def _doubted(one: Doubted, labels: dict[str, str]) -> dict[str, Any]:
    why = DOUBTS.get(one.doubt) or _("Nói về “%(category)s”, không phải nhóm của sản phẩm, nên được tính ít hoặc không.") % {
        "category": labels.get(one.leaf, one.leaf)
    }  # fmt: skip
    return {"text": one.text, "source": wording.FIELDS.get(one.field, ""), "why": why}


def _need(one: Placed, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "text": one.need,
        "category": labels.get(one.category, one.category),
        "place": one.place,
        "missing": list(one.missing),
        "ahead": one.ahead
        and {"name": one.ahead.name, "url": reverse("platform", args=[one.ahead.key]), "text": one.ahead.text},
    }


def in_a_sentence(checked: Checked) -> str:
    """Say for how many needs the draft would be shown: what a screen reader is told while somebody types."""
    needs, n = len(checked.preview.needs), len(checked.preview.of(Standing.SHOWN))
    return ngettext(
        "Hiện trong mười hạng đầu cho %(n)d trên %(needs)d nhu cầu.",
        "Hiện trong mười hạng đầu cho %(n)d trên %(needs)d nhu cầu.",
        n,
    ) % {"n": n, "needs": needs}
