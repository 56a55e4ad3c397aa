"""Step 7: say why a product is there, in its own words, and what it does not cover.

A statement is a handful of needs. For each, the listing's sentence that shares most of the need's rare words supports
it, or the solved problem that is nearest in meaning; words of a need that stand nowhere in the listing are not covered,
as far as the listing says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from catalogue.common.text import canonical, fold

from .lexical import Query, field_texts
from .text import BETWEEN, FOLDED, query_terms, sentences, syllables
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
class _Piece:
    field: str
    text: str
    terms: frozenset[str]


def explain(
    document: Document, statement: Statement, query: Query, *, nearest: str = "", label: str = "", most: int = 3
) -> tuple[tuple[Reason, ...], tuple[Unmet, ...]]:
    """Return at most `most` supporting sentences, best first and at least one, and what is not covered.

    nearest: the listing's solve that is nearest in meaning, "" when unknown; it speaks where words do not.
    label: the name of the product's category, the reason of last resort.
    """
    weights = _weights(query)
    pieces = _pieces(document, statement.marked)
    listed = frozenset(term for piece in pieces for term in piece.terms)
    found: list[tuple[float, Reason]] = []
    unmet: list[Unmet] = []
    for support in _supports(statement, pieces, listed, weights):
        if support.sentence >= SUPPORTED:
            reason = _reason(support.field, support.text, support.need, weights, statement.marked)
            found.append((support.sentence * support.weight, reason))
        if support.listed < COVERED:
            unmet += _missing(support.need, listed, weights, statement.marked, whole=support.listed < BARELY)
    found.sort(key=lambda scored: -scored[0])
    reasons = _distinct(reason for _, reason in found)[:most]
    if not reasons:
        reasons = (_fallback(statement, pieces, weights, nearest, label),)
    return reasons, tuple(unmet)


def supports(document: Document, statement: Statement, query: Query) -> tuple[Support, ...]:
    """Return what the listing says to each need of the statement that has a rare word."""
    pieces = _pieces(document, statement.marked)
    listed = frozenset(term for piece in pieces for term in piece.terms)
    return tuple(_supports(statement, pieces, listed, _weights(query)))


def _supports(
    statement: Statement, pieces: list[_Piece], listed: frozenset[str], weights: Weights
) -> Iterator[Support]:
    for need in statement.clauses:
        wanted = {term: weight for term in _terms(need, statement.marked) if (weight := weights.get(term, 0.0))}
        total = sum(wanted.values())
        if not total:
            continue
        best = max(pieces, key=lambda piece: _weight(piece.terms, wanted))
        share, whole = _weight(best.terms, wanted) / total, _weight(listed, wanted) / total
        yield Support(need, share, whole, total, best.field, best.text)


def reason(field: str, text: str, need: str, statement: Statement, query: Query) -> Reason:
    """Return that text of a listing as the reason for one need, with the words they share marked."""
    return _reason(field, text, need, _weights(query), statement.marked)


def _fallback(statement: Statement, pieces: list[_Piece], weights: Weights, nearest: str, label: str) -> Reason:
    """Return the nearest solve, else the sentence that shares most with the statement, else the category."""
    if nearest:
        return _reason("solves", nearest, statement.raw, weights, statement.marked)
    best = max(pieces, key=lambda piece: _weight(piece.terms, weights))
    if _weight(best.terms, weights):
        return _reason(best.field, best.text, statement.raw, weights, statement.marked)
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


@lru_cache(maxsize=256)  # a need is compared with every listing that is explained
def _terms(text: str, marked: bool) -> frozenset[str]:
    return frozenset(query_terms(syllables(text), marked=marked))


def _pieces(document: Document, marked: bool) -> list[_Piece]:
    return [
        _Piece(field, sentence, _terms(sentence, marked))
        for field, text in [("summary", document.summary), *field_texts(document)]
        if field in _SHOWN_FIELDS
        for sentence in sentences(text) or [text]
    ]


def _weight(terms: frozenset[str], wanted: Weights) -> float:
    return sum([weight for term, weight in wanted.items() if term in terms])  # a list takes half the time


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


def _missing(need: str, listed: frozenset[str], weights: Weights, marked: bool, *, whole: bool) -> Iterator[Unmet]:
    """Yield what of a need stands nowhere in the listing: the need as it was said, or its weightiest missing words."""
    if whole:
        yield Unmet("need", need, known=False)
        return

    def is_missing(word: str) -> bool:
        return _form(word, marked) not in listed

    def heaviness(text: str) -> float:
        return sum(weights.get(_form(word, marked), 0.0) for word in _WORD.findall(text))

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


def _distinct(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Keep each sentence once, with the first need it answers."""
    kept: dict[str, Reason] = {}
    for reason in reasons:
        kept.setdefault(reason.text, reason)
    return tuple(kept.values())
