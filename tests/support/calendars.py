"""Reads an iCalendar file as strictly as RFC 5545 writes it: what the pages make must be what a program takes in."""

import re

_LINE = re.compile(r"([A-Z0-9-]+)(;[A-Z-]+=[^:;]+)*:(.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\([\\;,nN])")


def read(content: bytes) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the properties of the calendar, and of each of its events."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b""), "every line ends in CRLF"
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    lines = content.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    calendar: dict[str, str] = {}
    events: list[dict[str, str]] = []
    inside = calendar
    for line in lines[1:-1]:
        if line == "BEGIN:VEVENT":
            inside = {}
            events.append(inside)
        elif line == "END:VEVENT":
            assert {"UID", "DTSTAMP", "DTSTART"} <= inside.keys()
            inside = calendar
        else:
            found = _LINE.fullmatch(line)
            assert found, line
            assert found[1] not in inside, f"{found[1]} stands twice"
            inside[found[1]] = _ESCAPE.sub(lambda one: "\n" if one[1] in "nN" else one[1], found[3])
    return calendar, events
