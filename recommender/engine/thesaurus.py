"""The words of the problem and those of the product: what a statement also looks for.

An office says "xếp hàng", a listing "lấy số thứ tự". Reviewed groups tie the two; a phrase of one side that stands whole
in a statement lets the terms of the other side be looked for as well, for less than the words that were really said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalogue.common.text import fold

from .text import query_terms, syllables
from .types import Statement, Synonyms

CLOSE, LOOSE = 0.4, 0.3  # what a term counts for beside one that was said: of a synonym, of what answers the problem
Terms = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Meant:
    """A phrase that stands in a statement, and those that it also stands for; close: the same, not only what answers it."""

    said: str
    phrases: tuple[str, ...]
    close: bool


class Thesaurus:
    """Finds the phrases of its groups in statements, with or without marks."""

    def __init__(self, groups: Iterable[Synonyms]) -> None:
        self._marked: defaultdict[tuple[str, ...], list[Synonyms]] = defaultdict(list)
        self._folded: defaultdict[tuple[str, ...], list[Synonyms]] = defaultdict(list)
        for group in groups:
            for phrase in group.phrases:
                words = tuple(syllables(phrase))
                self._marked[words].append(group)
                if len(words) > 1:  # a single syllable without marks is too many words
                    self._folded[tuple(map(fold, words))].append(group)
        self._longest = max(map(len, self._marked), default=0)

    def found(self, statement: Statement) -> Iterator[Meant]:
        """Yield the phrases of groups that stand in the statement, the longest at each place."""
        words = syllables(statement.text)
        known = self._marked
        if not statement.marked:
            words, known = [fold(word) for word in words], self._folded
        for start in range(len(words)):
            for end in range(min(len(words), start + self._longest), start, -1):
                if groups := known.get(tuple(words[start:end])):
                    yield from (Meant(" ".join(words[start:end]), group.means, group.close) for group in groups)
                    break


def related(meant: Iterable[Meant], statement: Statement) -> Terms:
    """Return the terms that the statement looks for besides its own, each with a weight below 1."""
    found: dict[str, float] = {}
    for one in meant:
        strength = CLOSE if one.close else LOOSE
        said = [query_terms(syllables(phrase), marked=statement.marked) for phrase in one.phrases]
        for terms in said:
            for term in terms:
                # A term that only one of many phrases has says less than one that most share.
                share = sum(term in other for other in said) / len(said)
                found[term] = max(found.get(term, 0.0), strength * share**0.5)
    return {term: weight for term, weight in found.items() if term not in statement.terms}
