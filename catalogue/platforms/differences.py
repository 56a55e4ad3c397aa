"""Two contents side by side, field by field, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from .content import Content, changed, parse
from .publishing import content_of
from .reading import LABELS, lines
from .revisions import Revision

_WORD = re.compile(r"(?:\w+|[^\s\w])\s*|\s+")  # with the space behind it, so that runs of words stay whole
_LEAST_ALIKE = 0.4  # below, two lines are told as one gone and one come, not as one reworded


class Mark(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in a line, with what happened to it."""

    mark: Mark
    text: str


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: its lines before, where what went is marked, and after, where what came is. No line: it said nothing."""

    field: str
    label: str
    before: tuple[Line, ...]
    after: tuple[Line, ...]


def differences(before: Content, after: Content) -> list[Difference]:
    """Return the fields in which two contents differ, in the order in which they are written."""
    return [
        Difference(field, str(LABELS[field]), *compared(lines(before, field), lines(after, field)))
        for field in changed(after, before)
    ]


def of_revision(revision: Revision) -> list[Difference]:
    """Return what the revision changes, against what the public sees now; all it says when the public sees nothing yet."""
    now = content_of(revision.platform)
    wanted, base = parse(revision.content), parse(revision.base_content)
    fields = changed(wanted, base) if revision.platform.listed_at else list(Content.model_fields)
    result = now.model_copy(update={field: getattr(wanted, field) for field in fields})
    return (
        differences(now, result)
        if revision.platform.listed_at
        else differences(Content.model_construct(name=""), result)
    )


def compared(before: Sequence[str], after: Sequence[str]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return both lists of lines with their words marked."""
    left: list[Line] = []
    right: list[Line] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = before[a:b], after[c:d]
        if kind == "equal":
            left += [(Span(Mark.SAME, line),) for line in gone]
            right += [(Span(Mark.SAME, line),) for line in come]
            continue
        for at in range(max(len(gone), len(come))):
            one, other = _words(gone[at] if at < len(gone) else "", come[at] if at < len(come) else "")
            left += [one] if one else []
            right += [other] if other else []
    return tuple(left), tuple(right)


def _words(before: str, after: str) -> tuple[Line, Line]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False)
    if not before or not after or matcher.ratio() < _LEAST_ALIKE:
        return _line([(Mark.REMOVED, before)]), _line([(Mark.ADDED, after)])
    left: list[tuple[Mark, str]] = []
    right: list[tuple[Mark, str]] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        left.append((Mark.SAME if kind == "equal" else Mark.REMOVED, "".join(old[a:b])))
        right.append((Mark.SAME if kind == "equal" else Mark.ADDED, "".join(new[c:d])))
    return _line(left), _line(right)


def _line(parts: list[tuple[Mark, str]]) -> Line:
    return tuple(Span(mark, text) for mark, text in parts if text)
