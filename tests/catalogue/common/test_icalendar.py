"""Calendars, read back by the rules of RFC 5545: lines of 75 octets, folded, escaped."""

import re
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from catalogue.common.icalendar import LONGEST_LINE, Event, calendar
from tests.support.calendars import read

AT = datetime(2026, 12, 25, 17, 30, tzinfo=timezone(timedelta(hours=7)))
CHANGED = datetime(2026, 11, 25, 2, tzinfo=UTC)


def event(**fields) -> Event:
    return Event(**{"uid": "a@b", "at": AT, "changed": CHANGED, "summary": "Hạn", **fields})


def test_a_calendar_says_when_in_utc_and_blocks_nobody():
    properties, (one,) = read(
        calendar("Hạn", [event(url="https://example.gov.vn/x", categories=("Y tế, từ xa", "Họp"))])
    )

    assert properties["VERSION"] == "2.0"
    assert properties["PRODID"]
    assert one["UID"] == "a@b"
    assert one["DTSTART"] == "20261225T103000Z"
    assert one["DTSTAMP"] == "20261125T020000Z"
    assert one["URL"] == "https://example.gov.vn/x"
    assert one["CATEGORIES"] == "Y tế, từ xa,Họp"
    assert one["TRANSP"] == "TRANSPARENT"


def test_an_empty_calendar_is_a_calendar():
    assert read(calendar("Hạn", []))[1] == []


def test_nothing_typed_becomes_a_property_of_its_own():
    _, (one,) = read(calendar("Hạn", [event(summary="Họp\r\nBEGIN:VALARM\nATTACH:x", description="a;b,c\\n")]))

    assert one["SUMMARY"] == "Họp\nBEGIN:VALARM\nATTACH:x"
    assert one["DESCRIPTION"] == "a;b,c\\n"
    assert "ATTACH" not in one


@given(st.text(max_size=300))
def test_every_text_comes_back_as_it_was_and_no_line_is_too_long(text):
    content = calendar("Hạn", [event(summary=text)])

    assert all(len(line) <= LONGEST_LINE for line in content.split(b"\r\n"))
    content.decode()  # no letter is cut
    seen = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text.replace("\r\n", "\n"))
    assert read(content)[1][0]["SUMMARY"] == seen
