"""Step 7: say why a product is there, in its own words, and what it does not cover.

A statement is a handful of needs. For each, the listing's sentence that shares most of the need's rare words supports
it, else one with words that the thesaurus knows to mean the same or to answer it, else the solved problem that is nearest
in meaning; words of a need that stand nowhere in the listing are not covered, as far as the listing says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from catalogue.common.text import canonical, fold

from .claims import borrowed_keys, key_of
from .lexical import Query, field_texts
from .text import BETWEEN, FOLDED, folded_term, query_terms, sentences, syllables, syllables_of
from .thesaurus import Meant
from .types import Document, Reason, Statement, Unmet

SUPPORTED = 0.3  # share of a need's weight that one sentence must cover to support it
COVERED = 0.5  # share that the whole listing must cover for the need to count as covered
BARELY = 0.25  # below this share the whole need is named as not covered, above it only the missing words
COMMON = 0.25  # of the heaviest term's idf: lighter words ("của", "hệ thống") support nothing
MOST_PHRASES = 2
WORTH_NAMING = 0.15  # of a need's weight: lighter missing words are not named
_SHOWN_FIELDS = ("solves", "capabilities", "summary", "description")
_WORD = re.compile(r"[^\W_]+")

Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Support:
    """What a listing says to one need. sentence, listed: the share of the need's rare words in its best sentence, in all.

    weight: of the need within the statement. field, text: that sentence. Both shares are 0 to 1.
    """

    need: str
    sentence: float
    listed: float
    weight: float
    field: str
    text: str

    @property
    def covers(self) -> bool:
        """Whether one sentence of the listing answers the need by its words alone."""
        return self.sentence >= COVERED


@dataclass(frozen=True, slots=True)
class _Asked:
    """A statement's terms and those of its needs, numbered: every sentence is compared with them alone.

    pairs: the number of each bigram, by its two syllables folded. table: the weight of each term (row) in each need
    (column), and in the whole statement (last column); 0 where it does not stand there.
    """

    marked: bool
    needs: Sequence[str]
    weights: Weights
    singles: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]
    table: NDArray[np.float64]

    @classmethod
    def of(cls, query: Query, needs: Sequence[str], marked: bool) -> _Asked:
        weights = _weights(query)
        said = [query_terms(syllables(need), marked=marked) for need in needs]
        terms = list(dict.fromkeys([*query.terms, *(term for of_need in said for term in of_need)]))
        table = [[weights.get(term, 0.0) * (term in some) for some in (*said, weights)] for term in terms]
        pairs: dict[tuple[str, str], int] = {}
        for number, term in enumerate(terms):
            if BETWEEN in term:
                first, second = term.split(BETWEEN, 1)
                pairs[first, FOLDED + second] = number
        singles = {term: number for number, term in enumerate(terms) if BETWEEN not in term}
        return cls(marked, needs, weights, singles, pairs, np.array(table).reshape(-1, len(needs) + 1))

    def found(self, words: Sequence[str]) -> tuple[int, ...]:
        """Return the numbers of the terms that stand in a text, given by its syllables, in order."""
        folded = [folded_term(word) for word in words]
        single = self.singles.keys() & (words if self.marked else folded)
        double = self.pairs.keys() & pairwise(folded)
        return tuple(sorted([*map(self.singles.__getitem__, single), *map(self.pairs.__getitem__, double)]))

    def sums(self, pieces: Sequence[tuple[int, ...]]) -> NDArray[np.float64]:
        """Return the weight of the terms of each piece (row) in each need, and in the whole statement (column)."""
        out = np.zeros((len(pieces), self.table.shape[1]))
        some = [at for at, terms in enumerate(pieces) if terms]
        if some:
            starts = np.cumsum([0, *(len(pieces[at]) for at in some[:-1])])
            out[some] = np.add.reduceat(self.table[list(chain.from_iterable(pieces))], starts, axis=0)
        return out

    def has(self, word: str, listed: Container[int]) -> bool:
        return self.singles.get(_form(word, self.marked), -1) in listed


class _Piece(NamedTuple):  # not a frozen dataclass: two hundred are made for an answer
    field: str
    text: str
    terms: tuple[int, ...]


def explain(
    document: Document,
    statement: Statement,
    query: Query,
    *,
    meant: Sequence[Meant] = (),
    nearest: str = "",
    label: str = "",
    most: int = 3,
) -> tuple[tuple[Reason, ...], tuple[Unmet, ...]]:
    """Return at most `most` supporting sentences, best first and at least one, and what is not covered.

    meant: what phrases of the statement also stand for.
    nearest: the listing's solve that is nearest in meaning, "" when unknown; it speaks where words do not.
    label: the name of the product's category, the reason of last resort.
    """
    asked = _asked(query, statement.clauses, statement.marked)
    pieces, listed = _pieces(document, asked)
    found: list[Support] = []
    other_words: list[Reason] = []
    unmet: list[Unmet] = []
    for support in _supports(pieces, listed, asked):
        if support.sentence >= SUPPORTED:
            found.append(support)
        elif in_other_words := _in_other_words(support.need, pieces, meant, asked.marked):
            other_words.append(in_other_words)
            continue
        if support.listed < COVERED:
            unmet += _missing(support.need, listed, asked, whole=support.listed < BARELY)
    found.sort(key=lambda support: -support.sentence * support.weight)
    reasons = tuple(
        [
            *(
                _reason(support.field, support.text, support.need, asked.weights, asked.marked)
                for support in _distinct(found)[:most]
            ),
            *other_words,
        ][:most]
    )
    return reasons or (_fallback(statement, pieces, asked, nearest, label),), tuple(unmet)


def supports(document: Document, statement: Statement, query: Query) -> tuple[Support, ...]:
    """Return what the listing says to each need of the statement that has a rare word."""
    asked = _asked(query, statement.clauses, statement.marked)
    return tuple(_supports(*_pieces(document, asked), asked))


def _supports(pieces: Sequence[_Piece], listed: tuple[int, ...], asked: _Asked) -> Iterator[Support]:
    sums = asked.sums([*(piece.terms for piece in pieces), listed])
    totals, best = asked.table.sum(axis=0).tolist(), sums[:-1].argmax(axis=0).tolist()
    for place, need in enumerate(asked.needs):
        if total := totals[place]:
            piece = pieces[best[place]]
            sentence, whole = float(sums[best[place], place]), float(sums[-1, place])
            yield Support(need, sentence / total, whole / total, total, piece.field, piece.text)


def reason(field: str, text: str, need: str, statement: Statement, query: Query) -> Reason:
    """Return that text of a listing as the reason for one need, with the words they share marked."""
    return _reason(field, text, need, _weights(query), statement.marked)


def _in_other_words(need: str, pieces: Sequence[_Piece], meant: Sequence[Meant], marked: bool) -> Reason | None:
    """Return the first sentence that says a phrase of the need in other words, with these marked."""
    for one in meant:
        if _spans(need, one.said, marked):
            for piece in pieces:
                for phrase in one.phrases:
                    if " " in phrase and (spans := _spans(piece.text, phrase, marked)):
                        return Reason(piece.field, piece.text, need, spans, one.said)
    return None


def _spans(text: str, phrase: str, marked: bool) -> tuple[tuple[int, int], ...]:
    """Return where a phrase stands in a text, word by word; places do not overlap."""
    wanted, said = _forms(phrase, marked), _forms(text, marked)
    if f" {' '.join(wanted)} " not in f" {' '.join(said)} ":
        return ()
    words = [match.span() for match in _WORD.finditer(text)]
    spans: list[tuple[int, int]] = []
    for at in range(len(said) - len(wanted) + 1):
        if said[at : at + len(wanted)] == wanted and not (spans and words[at][0] < spans[-1][1]):
            spans.append((words[at][0], words[at + len(wanted) - 1][1]))
    return tuple(spans)


@lru_cache(maxsize=4096)  # the phrases of a group are looked for in every listing that is explained
def _forms(text: str, marked: bool) -> tuple[str, ...]:
    return tuple(_form(word, marked) for word in _WORD.findall(text))


def _fallback(statement: Statement, pieces: Sequence[_Piece], asked: _Asked, nearest: str, label: str) -> Reason:
    """Return the nearest solve, else the sentence that shares most with the statement, else the category."""
    if nearest:
        return _reason("solves", nearest, statement.raw, asked.weights, asked.marked)
    sums = asked.sums([piece.terms for piece in pieces])[:, -1]
    best = pieces[int(sums.argmax())]
    if sums.any():
        return _reason(best.field, best.text, statement.raw, asked.weights, asked.marked)
    return Reason("category", label, statement.raw)


@lru_cache(maxsize=8)  # every listing of an answer is explained with the same ones
def _weights(query: Query) -> Weights:
    """Weigh the statement's terms by how rare they are. Two words that meet nowhere in the catalogue are no phrase."""
    unseen = float(query.idf.max(initial=0.0))
    floor = COMMON * unseen
    return {
        term: max(0.0, (idf if count else 0.0 if BETWEEN in term else unseen) - floor)
        for term, idf, count in zip(query.terms, query.idf.tolist(), query.df.tolist(), strict=True)
    }


_asked = lru_cache(maxsize=8)(_Asked.of)


def _pieces(document: Document, asked: _Asked) -> tuple[list[_Piece], tuple[int, ...]]:
    """Return the listing's own sentences, and the terms that stand in any of them. What it borrowed speaks for nothing."""
    borrowed = borrowed_keys(document)
    said = [
        (field, sentence)
        for field, text in field_texts(document)
        if field in _SHOWN_FIELDS
        for sentence in sentences(text)
    ]
    pieces = [
        _Piece(field, sentence, asked.found(words))
        for (field, sentence), words in zip(said, syllables_of([sentence for _, sentence in said]), strict=True)
        if not borrowed or key_of(words) not in borrowed
    ] or [_Piece("category", "", ())]
    return pieces, tuple(sorted({*chain.from_iterable(piece.terms for piece in pieces)}))


def _reason(field: str, text: str, need: str, weights: Weights, marked: bool) -> Reason:
    """Highlight the words the sentence shares with the need, neighbours joined, where at least one of a run is rare."""
    wanted = {_form(word, marked) for word in _WORD.findall(need)}
    runs = _runs(text, lambda word: _form(word, marked) in wanted)
    marks = tuple(
        (start, end)
        for start, end in runs
        if any(weights.get(_form(word, marked), 0.0) > 0 for word in _WORD.findall(text[start:end]))
    )
    return Reason(field, text, need, marks)


def _missing(need: str, listed: tuple[int, ...], asked: _Asked, *, whole: bool) -> Iterator[Unmet]:
    """Yield what of a need stands nowhere in the listing: the need as it was said, or its weightiest missing words."""
    if whole:
        yield Unmet("need", need, known=False)
        return

    def is_missing(word: str) -> bool:
        return not asked.has(word, listed)

    def heaviness(text: str) -> float:
        return sum(asked.weights.get(_form(word, asked.marked), 0.0) for word in _WORD.findall(text))

    enough = WORTH_NAMING * heaviness(need)
    runs = sorted(_runs(need, is_missing), key=lambda run: -heaviness(need[slice(*run)]))[:MOST_PHRASES]
    for start, end in sorted(runs):
        if heaviness(need[start:end]) >= enough > 0:
            yield Unmet("need", _readable(need, start, end), known=False)


def _readable(need: str, start: int, end: int) -> str:
    """Return the words from start to end; one syllable alone is no word, so the next, or the one before, joins it."""
    if " " in need[start:end] or need[start:end].isupper():
        return need[start:end]
    if after := re.match(r" [^\W_]+", need[end:]):
        return need[start : end + after.end()]
    before = re.search(r"[^\W_]+ $", need[:start])
    return need[before.start() if before else start : end]


def _runs(text: str, wanted: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Return the spans of neighbouring words that are wanted."""
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        if not wanted(match[0]):
            continue
        if spans and text[spans[-1][1] : match.start()] == " ":
            spans[-1] = (spans[-1][0], match.end())
        else:
            spans.append(match.span())
    return spans


@lru_cache(maxsize=16384)
def _form(word: str, marked: bool) -> str:
    return canonical(word) if marked else FOLDED + fold(canonical(word))


def _distinct(found: Iterable[Support]) -> list[Support]:
    """Keep each sentence once, with the first need it answers."""
    kept: dict[str, Support] = {}
    for support in found:
        kept.setdefault(support.text, support)
    return list(kept.values())
