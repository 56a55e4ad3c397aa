"""Working days of offices of the State: Monday to Friday, without holidays, as announced for each year.

The library `holidays` knows the holidays of the Labour Code, Tết by the lunar calendar, days given for those that fall on a
weekend, and the swaps of years that are past. A swap is announced by the Prime Minister some weeks before: until a release of
the library has it, it stands in `seeds/special_days.yaml`, which overrules the library.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import holidays
import yaml

SPECIAL_DAYS = Path(__file__).resolve().parents[2] / "seeds" / "special_days.yaml"
_A_DAY = timedelta(days=1)
_SATURDAY = 5


def is_working(day: date) -> bool:
    announced = _announced().get(day)
    if announced is not None:
        return announced
    free, made_up = _year(day.year)
    return day in made_up or (day.weekday() < _SATURDAY and day not in free)


def add(day: date, n: int) -> date:
    """Return the n-th working day after a day, before it when n is negative. 0 is the day itself, even when it is free.

    The day on which something happens does not count, so a term of one day that begins on a Friday ends on Monday.
    """
    step = _A_DAY if n >= 0 else -_A_DAY
    for _ in range(abs(n)):
        day += step
        while not is_working(day):
            day += step
    return day


def between(first: date, last: date) -> int:
    """Count the working days after the first day up to and with the last; negative when the last comes before.

    `between(day, add(day, n))` is n.
    """
    if last < first:
        return -sum(is_working(last + _A_DAY * n) for n in range((first - last).days))
    return sum(is_working(first + _A_DAY * n) for n in range(1, (last - first).days + 1))


@cache
def _year(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return the free days of a year, and its Saturdays and Sundays that are worked.

    Years beside it are read too, for a swap may cross the turn of the year. What is kept never grows, as the library's own
    calendar does while another thread reads it.
    """
    calendar = holidays.country_holidays("VN", years=(year - 1, year, year + 1), expand=False)
    return frozenset(calendar), frozenset(calendar.weekend_workdays)


@cache
def _announced() -> Mapping[date, bool]:
    """Return which announced days are worked. Read once a process."""
    content = yaml.safe_load(SPECIAL_DAYS.read_text(encoding="utf-8"))
    return {row["day"]: row["works"] for row in content["days"]}
