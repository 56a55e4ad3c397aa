"""Stretches of calendar time."""

from calendar import monthrange
from datetime import date


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later; the last of that month where it is shorter."""
    at = day.year * 12 + day.month - 1 + months
    year, month = divmod(at, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
