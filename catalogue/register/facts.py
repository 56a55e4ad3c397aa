"""The facts of an entry, as they are hashed: only what every language writes in the same way, and nothing of a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from catalogue.common.plain import names_address

LONGEST_TEXT = 2_000  # characters of a reason
LARGEST = 2**53 - 1  # beyond it JavaScript reads another number
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,79}")
_UNSEEN = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]"
)  # control characters but the line feed, halves of a character


def stamp(at: datetime) -> str:
    """Write a moment as entries do: in UTC, to the microsecond. Raises ValueError for one without a zone."""
    if at.tzinfo is None:
        raise ValueError("a moment without a zone can be any moment")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def written(facts: Mapping[str, Any], name: str = "facts") -> dict[str, Any]:
    """Return facts as JSON holds them: dates in ISO form, lists and objects of facts.

    Raises ValueError for what cannot stand in a log that nobody can correct: an e-mail address, a text that is too long,
    a row, a fraction (languages write the same one differently), a name that is not a key.
    """
    wrong = [key for key in facts if not isinstance(key, str) or not _NAME.fullmatch(key)]
    if wrong:
        raise ValueError(f"{name}: {wrong[0]!r} is no key")
    return {key: _one(f"{name}.{key}", value) for key, value in facts.items()}


def _one(name: str, value: object) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise ValueError(f"{name} is too large to be read by every language")
        return value
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        text = str(value)  # of a choice its value
        if len(text) > LONGEST_TEXT or names_address(text) or _UNSEEN.search(text):
            raise ValueError(f"{name} is too long, holds an address of a person or characters nobody sees")
        return text
    if isinstance(value, Mapping):
        return written(value, name)
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    if isinstance(value, list | tuple):
        return [_one(f"{name}.{at}", part) for at, part in enumerate(value)]
    raise ValueError(f"{name} is a {type(value).__name__}: facts are codes, dates, whole numbers and reasons")
