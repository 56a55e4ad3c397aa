"""Put the marks back on a statement typed without: "phan mem ke toan" becomes "phần mềm kế toán".

Words are compared without marks, so they need none; the embedder does. Each syllable gets the spelling that most likely
follows the one before it in the texts the engine knows (a bigram model, searched by Viterbi; doi:10.1109/TIT.1967.1054010).
A syllable that no text has stays as it was typed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import log

from catalogue.common.text import canonical, fold

from .types import Knowledge

_WORD = re.compile(r"[^\W_]+")
_START = ""
PRIOR = 30.0  # sightings of a pair that the frequency of a spelling weighs as much as


class Restorer:
    """What is known of Vietnamese spelling: how often each syllable stands in some texts, and after which other."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._seen: Counter[str] = Counter()  # how often each stands before another, or before nothing
        for text in texts:
            words = _WORD.findall(canonical(text))
            for word in words:
                self._spellings[fold(word)][word] += 1
            self._pairs.update(zip([_START, *words], words, strict=False))
            self._seen.update([_START, *words])
        self._all = max(self._seen.total(), 1)

    @classmethod
    def of(cls, knowledge: Knowledge) -> Restorer:
        """Learn from the knowledge alone, so that no listing changes how a statement is read."""
        return cls(
            [
                *(text for leaf in knowledge.leaves for text in (leaf.label, *leaf.needs, *leaf.terms)),
                *(text for abbreviation in knowledge.abbreviations for text in abbreviation.expansions),
                *knowledge.outside,
            ]
        )

    def restore(self, text: str) -> str:
        """Return the text in canonical form with marks; what stands between the words is kept."""
        typed = canonical(text)
        spelt = iter(self._likeliest([fold(word) for word in _WORD.findall(typed)]))
        return _WORD.sub(lambda match: next(spelt), typed)

    def _likeliest(self, words: Sequence[str]) -> list[str]:
        best: dict[str, tuple[float, tuple[str, ...]]] = {_START: (0.0, ())}
        for word in words:
            after: dict[str, tuple[float, tuple[str, ...]]] = {}
            for spelling, count in (self._spellings.get(word) or {word: 1}).items():
                alone = PRIOR * count / self._all
                after[spelling] = max(
                    (
                        likelihood + log((self._pairs[before, spelling] + alone) / (self._seen[before] + PRIOR)),
                        (*path, spelling),
                    )
                    for before, (likelihood, path) in best.items()
                )
            best = after
        return list(max(best.values())[1])
