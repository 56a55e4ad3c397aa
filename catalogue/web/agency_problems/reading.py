"""What an agency wrote, and what the coach says of it, as pages show it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalogue.accounts.models import Organisation
from catalogue.platforms.models import Category
from catalogue.problems.coach import Finding, Review
from catalogue.problems.content import Written
from catalogue.problems.states import Mode, Route, Visibility

_CHOICES = {"mode": Mode, "route": Route, "visibility": Visibility}
_MONEY = ("budget_min", "budget_max")


def lines(said: Written, field: str) -> list[str]:
    """Return a field as lines to read; none where nothing is said."""
    value = getattr(said, field)
    if value in ("", None, []):
        return []
    if field == "categories":
        labels = {category.key: category.label for category in Category.objects.filter(key__in=value)}
        return [labels.get(key, key) for key in value]
    if field == "invited":
        return list(Organisation.objects.filter(key__in=value).order_by("name").values_list("name", flat=True))
    if field in _CHOICES:
        return [str(_CHOICES[field](value).label)]
    if field in _MONEY:
        return [f"{value:,} đồng".replace(",", ".")]
    if isinstance(value, datetime):
        return [date_format(timezone.localtime(value), "H:i, d/m/Y")]
    if isinstance(value, date):
        return [date_format(value, "d/m/Y")]
    if isinstance(value, list):
        return [str(one) for one in value]
    return [line for line in str(value).splitlines() if line.strip()]


def shown_review(found: Review) -> dict[str, Any]:
    """Return what components/coach.html takes."""
    return {
        "grade": found.grade,
        "percent": round(found.share * 100),
        "meaning": grade_in_words(found.grade),
        "missing": [_finding(one) for one in found.missing],
        "flags": [_finding(one) for one in found.flags],
        "good": [_finding(one) for one in found.good if one.words or one.kind.value == "needed"],
    }


def grade_in_words(grade: str) -> str:
    words = {
        "A": _("doanh nghiệp trả lời được ngay"),
        "B": _("trả lời được, còn vài chỗ phải hỏi"),
        "C": _("phải hỏi nhiều mới trả lời được"),
        "D": _("còn sơ sài"),
        "E": _("chưa đủ để trả lời"),
    }
    return words[grade]


def _finding(one: Finding) -> dict[str, Any]:
    return {"say": one.say, "why": one.why, "words": one.words}
