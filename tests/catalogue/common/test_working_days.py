"""Working days: what the calendar says, what was announced besides, and that counting and adding agree."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalogue.common import working_days
from catalogue.common.working_days import add, between, is_working

days = st.dates(date(2015, 1, 1), date(2035, 12, 31))
few = st.integers(-60, 60)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-25", True),  # a Wednesday
        ("2026-11-28", False),  # Saturday
        ("2026-11-29", False),
        ("2026-11-24", False),  # the day of Vietnamese culture, since 2026
        ("2025-11-24", True),
        ("2026-02-16", False),  # the eve of Tết, and the four days from the first of the first month on
        ("2026-02-17", False),
        ("2026-02-20", False),
        ("2026-02-23", True),
        ("2027-02-05", False),  # Tết is 6/2/2027, a Saturday
        ("2027-02-10", False),  # given for its Sunday
        ("2026-04-27", False),  # given for the Hùng Kings' day (10 of the third month), a Sunday
        ("2026-04-30", False),
        ("2026-09-01", False),
        ("2026-08-31", False),  # free by a swap
        ("2026-08-22", True),  # the Saturday worked for it
        ("2018-12-31", False),  # a swap across the turn of the year
        ("2019-01-05", True),
        ("2015-01-02", False),
        ("2014-12-27", True),
    ],
)
def test_a_day_is_worked_or_free(day, works):
    assert is_working(date.fromisoformat(day)) is works


def test_what_was_announced_overrules_the_library(monkeypatch):
    assert not is_working(date(2026, 1, 2)), "free by seeds/special_days.yaml"
    assert is_working(date(2026, 1, 10)), "worked by seeds/special_days.yaml"

    monkeypatch.setattr(working_days, "_announced", dict)
    assert is_working(date(2026, 1, 2)), "the library does not know it: take the rows out once it does"
    assert not is_working(date(2026, 1, 10))


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2026-11-25", 0, "2026-11-25"),
        ("2026-11-28", 0, "2026-11-28"),  # even a free one
        ("2026-11-27", 1, "2026-11-30"),  # Friday, Monday
        ("2026-11-28", 1, "2026-11-30"),  # from a Saturday
        ("2026-11-23", 1, "2026-11-25"),  # over the 24th
        ("2026-02-13", 1, "2026-02-23"),  # over Tết
        ("2026-08-21", 1, "2026-08-22"),  # a Saturday that is worked
        ("2026-11-30", -1, "2026-11-27"),
        ("2026-02-23", -1, "2026-02-13"),
    ],
)
def test_a_term_is_counted_from_the_day_after(day, n, expected):
    assert add(date.fromisoformat(day), n) == date.fromisoformat(expected)


@given(days, few)
def test_counting_undoes_adding(day, n):
    assert between(day, add(day, n)) == n


@given(days, st.integers(0, 40), st.integers(0, 40))
def test_two_terms_are_one(day, n, more):
    assert add(add(day, n), more) == add(day, n + more)


@given(days, few)
def test_a_term_ends_on_a_working_day(day, n):
    assume(n)

    assert is_working(add(day, n))


@given(days, days, st.integers(0, 30))
def test_who_begins_later_ends_no_sooner(one, other, n):
    first, last = sorted((one, other))

    assert add(first, n) <= add(last, n)


@given(days, st.integers(0, 400))
def test_days_are_counted_as_one_counts_them_on_a_calendar(first, length):
    last = first + timedelta(days=length)
    counted = [first + timedelta(days=n) for n in range(1, length + 1)]

    assert between(first, last) == sum(map(is_working, counted))
    assert between(first, first) == 0


@given(days, days, days)
def test_what_lies_between_adds_up(one, two, three):
    first, middle, last = sorted((one, two, three))

    assert between(first, middle) + between(middle, last) == between(first, last)


@given(st.integers(2015, 2035))
def test_no_year_has_more_working_days_than_fit_nor_fewer_than_are_promised(year):
    """Eleven days are free by law, twelve since 2026: 261 or 262 weekdays less those."""
    worked = between(date(year - 1, 12, 31), date(year, 12, 31))

    assert 246 <= worked <= 254


def test_another_year_is_read_while_one_is_used():
    """What is kept of a year never changes, so threads cannot meet a calendar that is half made."""
    first = working_days._year(2026)

    is_working(date(2031, 5, 5))

    assert working_days._year(2026) is first
