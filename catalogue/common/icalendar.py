"""Calendars that programs subscribe to, as RFC 5545 has them. Times are UTC, so no time zone has to be described."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75  # octets without the line end; what is longer goes on in the next line, after a space
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True)
class Event:
    """A moment that somebody must not miss. uid: the same as long as it is the same event."""

    uid: str
    at: datetime
    changed: datetime
    summary: str
    description: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()


def calendar(name: str, events: Iterable[Event]) -> bytes:
    """Write a calendar. Who subscribes is asked to look twice a day."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//nen-tang-viet//han tra loi//VI",
        "CALSCALE:GREGORIAN",
        f"NAME:{text(name)}",
        f"X-WR-CALNAME:{text(name)}",  # what programs knew before RFC 7986
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        *(line for event in events for line in _event(event)),
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def text(value: str) -> str:
    """Return a text as the value of a property."""
    return _CONTROLS.sub("", value.replace("\r\n", "\n")).translate(_ESCAPED)


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_utc(event.changed)}"
    yield f"LAST-MODIFIED:{_utc(event.changed)}"
    yield f"DTSTART:{_utc(event.at)}"
    yield f"SUMMARY:{text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{text(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    if event.categories:
        yield f"CATEGORIES:{','.join(text(one) for one in event.categories)}"
    yield "TRANSP:TRANSPARENT"  # nobody is busy because of a deadline
    yield "END:VEVENT"


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _folded(line: str) -> bytes:
    """Return a line in pieces of at most 75 octets, never cut inside a letter."""
    pieces, piece = [], b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece])
