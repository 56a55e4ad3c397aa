"""Step 7: say why a product is there, in its own words, and what it does not cover.

For each need of the statement, the listing's sentence that shares most of the need's rare words; a need no sentence
supports is not covered, as far as the listing says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from catalogue.common.text import canonical, fold

from .lexical import Query, field_texts, term_id
from .text import query_terms, sentences, syllables
from .types import Document, Reason, Statement, Unmet

SUPPORTED = 0.34  # share of a need's weight that a sentence must cover to count as support
_SHOWN_FIELDS = ("solves", "capabilities", "summary", "description")
_WORD = re.compile(r"[^\W_]+")

Weights = Mapping[str, float]


def explain(
    document: Document, statement: Statement, query: Query, most: int = 3
) -> tuple[tuple[Reason, ...], tuple[Unmet, ...]]:
    """Return at most `most` supporting sentences, best first, and the needs without support.

    When no need is supported well enough the single best sentence is still given: it is why the product was found.
    """
    weights = _weights(statement, query)
    pieces = _pieces(document, statement.marked)
    supported: list[tuple[float, Reason]] = []
    uncovered: list[Unmet] = []
    for need in statement.clauses:
        wanted = {term: weights.get(term, 0.0) for term in query_terms(syllables(need), marked=statement.marked)}
        total = sum(wanted.values())
        if not total:
            continue
        covered = [(sum(wanted.get(term, 0.0) for term in terms) / total, field, text) for field, text, terms in pieces]
        share, field, text = max(covered, key=lambda found: found[0], default=(0.0, "", ""))
        reason = Reason(field, text, need, _marks(text, need, weights, statement.marked))
        supported.append((share * total if share >= SUPPORTED else share * 1e-3, reason))
        if share < SUPPORTED:
            uncovered.append(Unmet("need", need, known=False))
    supported.sort(key=lambda found: -found[0])
    good = [reason for share, reason in supported if share >= 1e-2] or [
        reason for share, reason in supported[:1] if share > 0
    ]
    return _distinct(good)[:most], tuple(uncovered)


def _weights(statement: Statement, query: Query) -> Weights:
    """Weigh the statement's terms by idf, so that "của" and "hệ thống" support nothing."""
    by_id = dict(zip(query.ids.tolist(), query.idf.tolist(), strict=True))
    # Half of the most a term can weigh is where common words end.
    floor = 0.25 * max(by_id.values(), default=0.0)
    return {term: max(0.0, by_id.get(term_id(term), 0.0) - floor) for term in statement.terms}


def _pieces(document: Document, marked: bool) -> list[tuple[str, str, set[str]]]:
    return [
        (field, sentence, set(query_terms(syllables(sentence), marked=marked)))
        for field, text in field_texts(document)
        if field in _SHOWN_FIELDS
        for sentence in sentences(text)
    ]


def _marks(text: str, need: str, weights: Weights, marked: bool) -> tuple[tuple[int, int], ...]:
    """Return the spans of `text` to highlight: words of the need that weigh something, neighbours joined."""

    def form(word: str) -> str:
        return canonical(word) if marked else "~" + fold(canonical(word))

    wanted = {form(word) for word in _WORD.findall(need)}
    heavy = {word for word in wanted if weights.get(word, 0.0) > 0}
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        if form(match[0]) not in heavy:
            continue
        if spans and text[spans[-1][1] : match.start()] == " ":
            spans[-1] = (spans[-1][0], match.end())
        else:
            spans.append((match.start(), match.end()))
    return tuple(spans)


def _distinct(reasons: list[Reason]) -> tuple[Reason, ...]:
    """Keep each sentence once, with the first need it answers."""
    return tuple({reason.text: reason for reason in reversed(reasons)}.values())[::-1]
