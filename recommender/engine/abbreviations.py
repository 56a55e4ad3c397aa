"""Abbreviations of official writing, expanded where their meaning is clear.

The short form stays in the text and the long one is added behind it, since listings use both. A short form
with several meanings ("TMĐT": thương mại điện tử, tổng mức đầu tư) takes the one whose context words stand
nearest in the statement, else its default, else none.
"""

import re
from collections.abc import Iterable

from catalogue.common.text import canonical, fold

from .types import Abbreviation

_NEAR = 60  # characters on either side in which a context word counts
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)  # what a Vietnamese syllable looks like without its marks


class Expander:
    """Expands the abbreviations it was given, in text typed with or without marks."""

    def __init__(self, abbreviations: Iterable[Abbreviation]) -> None:
        self._exact = {entry.short: entry for entry in abbreviations}
        # "tmdt" can only be the short form, however typed; one that could be a syllable (SOC, TAT) needs its capitals.
        self._folded = {fold(short).lower(): entry for short, entry in self._exact.items() if _unpronounceable(short)}
        names = sorted(self._exact, key=len, reverse=True)
        self._pattern = (
            re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r"|[^\W\d_]{2,8})(?![\w&])") if names else None
        )

    def expand(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return the text with long forms added, and the (short, long) pairs that were used, each once."""
        if self._pattern is None:
            return text, ()
        used: dict[tuple[str, str], None] = {}
        whole = canonical(text)

        def add(match: re.Match[str]) -> str:
            short = match[0]
            entry = self._exact.get(short) or self._folded.get(fold(short).lower())
            meaning = _meaning(entry, text, match.start(), match.end()) if entry else None
            if meaning is None or (short, meaning) in used or canonical(meaning) in whole:
                return short
            used[short, meaning] = None
            return f"{short} ({meaning})"

        return self._pattern.sub(add, text), tuple(used)


def _unpronounceable(short: str) -> bool:
    plain = fold(short).lower()
    return len(plain) >= 3 and plain.isalpha() and not _SYLLABLE.fullmatch(plain)


def _meaning(entry: Abbreviation, text: str, start: int, end: int) -> str | None:
    """Return the one expansion, or the one whose context words stand nearest; its default when none is near."""
    if len(entry.expansions) == 1:
        return entry.expansions[0]
    before, after = canonical(text[max(0, start - _NEAR) : start]), canonical(text[end : end + _NEAR])
    distance = {
        meaning: min((_distance(canonical(word), before, after) for word in words), default=_NEAR)
        for meaning, words in entry.contexts.items()
    }
    nearest = min(distance.values(), default=_NEAR)
    closest = [meaning for meaning, far in distance.items() if far == nearest]
    return closest[0] if nearest < _NEAR and len(closest) == 1 else entry.default


def _distance(word: str, before: str, after: str) -> int:
    """Return how many characters stand between the short form and the word; _NEAR when it is not near."""
    if fold(before + after) == before + after:  # typed without marks
        word = fold(word)
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    behind = [len(before) - match.end() for match in pattern.finditer(before)]
    ahead = [match.start() for match in pattern.finditer(after)]
    return min([*behind, *ahead], default=_NEAR)
