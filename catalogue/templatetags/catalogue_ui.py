"""Filters that write numbers, money and dates the way the reader's language does."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from django import template
from django.forms import BoundField, Select
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


def _reads_vietnamese() -> bool:
    """Say whether the page is written in Vietnamese, the source language (so also when none is active)."""
    return (get_language() or "vi").startswith("vi")


def _decimal(value: object) -> Decimal | None:
    """Return `value` as an exact number, or None when it is not one (None, "", text, NaN, infinity)."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _write(number: Decimal, places: int) -> str:
    """Write `number` with `places` decimals: 1.234,5 in Vietnamese, 1,234.5 in English."""
    text = f"{number:,.{places}f}"
    if _reads_vietnamese():
        text = text.translate(str.maketrans(",.", ".,"))
    return text.replace("-", "\N{MINUS SIGN}")


@register.filter
def money(value: object) -> str:
    """Write an amount of đồng: 1000000 is "1.000.000 đ", in English "VND 1,000,000"; "" when unknown."""
    number = _decimal(value)
    if number is None:
        return ""
    amount = _write(number, 0)
    return f"{amount} đ" if _reads_vietnamese() else f"VND {amount}"


@register.filter
def grouped(value: object) -> str:
    """Write a count with its thousands grouped: 12041 is "12.041", in English "12,041"; "" when unknown."""
    number = _decimal(value)
    return "" if number is None else _write(number, 0)


@register.filter
def points(value: object) -> str:
    """Write a score between 0 and 1 as points out of a hundred with one decimal: 0.713 is "71,3"."""
    number = _decimal(value)
    return "" if number is None else _write(number * 100, 1)


@register.filter
def vndate(value: object) -> str:
    """Write a date as 25/11/2026, in English 25 Nov 2026; "" for anything that is not a date.

    A time with a zone is first moved to the current zone, so that an evening in Hà Nội keeps its day.
    """
    if not isinstance(value, date):
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return format_date(value, "d/m/Y" if _reads_vietnamese() else "j M Y")


@register.filter
def bar_width(share: object) -> str:
    """Write a share of 0 to 100 as the width of an SVG bar, always with a point: 31.4 is "31.4%".

    Anything outside is drawn at the nearest end. Needed because Vietnamese pages write 31,4, which SVG refuses.
    """
    number = min(max(_decimal(share) or Decimal(0), Decimal(0)), Decimal(100))
    return f"{number:.1f}%"


@register.filter
def host(url: object) -> str:
    """Return the site a link leads to, without "www.": "https://www.viettel.vn/x" is "viettel.vn"."""
    try:
        name = urlsplit(str(url or "")).hostname or ""
    except ValueError:  # an address such as "http://[" is shown as typed rather than breaking the page
        return str(url)
    return name.removeprefix("www.")


@register.filter
def control(field: BoundField) -> SafeString:
    """Return the input of a form's field in the site's look; hints stand before a field, never inside it."""
    attrs = field.field.widget.attrs
    attrs.pop("placeholder", None)
    if "class" in attrs:
        return field.as_widget()
    wide = "" if isinstance(field.field.widget, Select) else " input--wide"
    return field.as_widget(attrs={"class": f"input{wide}"})
