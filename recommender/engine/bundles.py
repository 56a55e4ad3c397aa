"""Step 8, second half: where no single product answers every need, the smallest set of products that does.

A need takes part when its category is clear: one leaf is at least `CLEAR` likely. A product answers it when
its listing says so in the need's own rare words, or when it is of that category. Among sets of equal size the one whose
members answer their needs best is taken, then the higher total score, then the published seed. No vendor is preferred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations
from operator import or_

import numpy as np
from numpy.typing import NDArray

from .connections import connections
from .explain import SUPPORTED, Support, reason, supports
from .index import Index
from .leaves import shares
from .lexical import Query
from .read import read_need
from .semantic import Embedder, Matrix, statement_vectors
from .thesaurus import related
from .types import Bundle, Cover, Document, Left, Member, Statement

MOST_MEMBERS = 3  # more products than that are a project of their own, not an answer
MOST_CANDIDATES = 60  # the best for the whole statement; the others are not looked at
# How likely the leaf of a need must be, when the whole statement speaks half as loud as the need itself. Read without it,
# short needs stray: two problems of one product then ask for a bundle three times as often.
CLEAR = 0.5
CONTEXT = 0.5
BEST_BY_WORDS = 2  # candidates read for each need because their words are its own
BEST_OF_CATEGORY = 4  # because they are of its category

Answers = Mapping[int, "_Answer"]  # by place of the need


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that fits what was asked. row: its row in the index; score: for the whole statement, 0 to 1."""

    row: int
    document: Document
    score: float


@dataclass(frozen=True, slots=True)
class _Need:
    """A need and what is known of it.

    wanted: without the words of a requirement. leaf: its category, "" when that is not clear. near: of each candidate,
    the similarity of its nearest solve, and that solve ("" when unknown). words: candidates that share most of its words.
    """

    text: str
    wanted: str
    leaf: str
    near: Sequence[tuple[float, str]]
    words: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Answer:
    """How a candidate answers a need, and with which text. strength compares candidates for one need, 0 to 1."""

    strength: float
    basis: str
    field: str
    text: str


def find_bundle(
    statement: Statement,
    query: Query,
    candidates: Sequence[Candidate],
    leaves: NDArray[np.float64],
    index: Index,
    embedder: Embedder | None,
    tie: Callable[[str], int],
) -> Bundle | None:
    """Return the bundle, or None when one product answers all that can be answered.

    candidates: best first. leaves: the scores of the leaves for the whole statement. embedder: None to go by words alone.
    tie: orders what is equal otherwise, by key. Raises EmbedderDown.
    """
    candidates = candidates[:MOST_CANDIDATES]
    if len(statement.clauses) < 2 or len(candidates) < 2:
        return None
    if all(support.covers for support in supports(candidates[0].document, statement, query)):
        return None
    needs = _needs(statement, candidates, leaves, index, embedder)
    pool = sorted(set(_worth_reading(needs, candidates)))
    asked = replace(statement, clauses=tuple(need.wanted for need in needs))
    answers = {at: _answers(candidates[at], at, needs, asked, query, index.labels) for at in pool}
    masks = [sum(1 << place for place in answers[at] if needs[place].leaf) for at in pool]

    def worth(chosen: Sequence[int]) -> tuple[float, float, list[int]]:
        """Return what orders sets of equal size, the best first."""
        strengths = sum(_best(place, chosen, answers)[1] for place, need in enumerate(needs) if need.leaf)
        scores = sum(candidates[at].score for at in chosen)
        return -round(strengths, 6), -round(scores, 6), sorted(tie(candidates[at].document.key) for at in chosen)

    chosen = min(([pool[one] for one in places] for places in smallest(masks, MOST_MEMBERS)), key=worth)
    if len(chosen) < 2:
        return None
    by = {place: _best(place, chosen, answers)[0] for place in range(len(needs))}
    answered = {place: at for place, at in by.items() if at is not None}
    members = [candidates[at] for at in dict.fromkeys(answered.values())]
    reachable = reduce(or_, masks)
    return Bundle(
        tuple(Member(member.document, member.score) for member in members),
        tuple(
            _cover(needs[place].text, candidates[at].document, answers[at][place], statement, query)
            for place, at in answered.items()
        ),
        tuple(
            Left(need.text, "limit" if reachable >> place & 1 else "nobody" if need.leaf else "vague")
            for place, need in enumerate(needs)
            if place not in answered
        ),
        connections([member.document for member in members]),
    )


def _best(place: int, chosen: Iterable[int], answers: Mapping[int, Answers]) -> tuple[int | None, float]:
    """Return which of the chosen candidates answers a need best, and how strongly; (None, 0) when none does."""
    strengths = {at: answers[at][place].strength for at in chosen if place in answers[at]}
    best = max(strengths, key=lambda at: strengths[at], default=None)
    return best, 0.0 if best is None else strengths[best]


def smallest(masks: Sequence[int], most: int) -> list[tuple[int, ...]]:
    """Return every set of fewest places whose masks together hold every bit that any mask holds.

    Where that takes more than `most`, the sets of `most` that hold the most bits. [()] when no mask holds a bit. Exact:
    every combination is tried.
    """
    wanted = reduce(or_, masks, 0)
    useful = [place for place, mask in enumerate(masks) if mask]
    best: list[tuple[int, ...]] = [()]
    held = 0
    for size in range(1, min(most, len(useful)) + 1):
        if held == wanted.bit_count():
            break
        for places in combinations(useful, size):
            bits = reduce(or_, (masks[place] for place in places)).bit_count()
            if bits > held:
                best, held = [places], bits
            elif bits == held and len(places) == len(best[0]):
                best.append(places)
    return best


def _needs(
    statement: Statement,
    candidates: Sequence[Candidate],
    leaves: NDArray[np.float64],
    index: Index,
    embedder: Embedder | None,
) -> list[_Need]:
    read = [read_need(clause, statement, index.expander) for clause in statement.clauses]
    rows = np.array([candidate.row for candidate in candidates], np.int64)
    own = index.categories(rows)[:, 0]
    vectors: list[Matrix | None] = [None] * len(read)
    if embedder is not None and index.centre is not None:
        vectors = list(statement_vectors(embedder, [index.spelt(need) for need in read], index.centre))
    needs = []
    for need, vector in zip(read, vectors, strict=True):
        solves, owners = np.empty(0, np.float32), np.empty(0, np.int64)
        if vector is not None:
            _, solves, owners = index.semantic(vector, rows)
        asked = {**related(index.thesaurus.found(need), need), **need.terms}
        _, covered, words = index.lexical(index.query(need.terms), index.query(asked), rows)
        alone = index.leaves.scores(asked, (words, own), vector, (solves, own[owners]))
        likely = shares((alone + CONTEXT * leaves) / (1 + CONTEXT))
        clear = alone.any() and likely.max() >= CLEAR
        needs.append(
            _Need(
                need.raw,
                need.clauses[0],
                index.leaves.keys[int(np.argmax(likely))] if clear else "",
                list(_near(candidates, solves, owners)),
                [int(at) for at in np.argsort(-covered, kind="stable")[:BEST_BY_WORDS] if covered[at] > 0],
            )
        )
    return needs


def _near(candidates: Sequence[Candidate], solves: Matrix, owners: NDArray[np.int64]) -> Iterator[tuple[float, str]]:
    """Yield for each candidate its nearest solve and how near it is; solves of one listing stand together."""
    for at, candidate in enumerate(candidates):
        mine = np.flatnonzero(owners == at)
        if not len(mine):
            yield 0.0, ""
            continue
        nearest = int(np.argmax(solves[mine]))
        yield max(0.0, float(solves[mine][nearest])), candidate.document.solves[nearest]


def _worth_reading(needs: Sequence[_Need], candidates: Sequence[Candidate]) -> Iterator[int]:
    """Yield the candidates that may be members: for each need those that share most of its words and the best of its
    category, and whoever is of the categories of several needs."""
    leaves = {need.leaf for need in needs if need.leaf}
    of = {at: [leaf for leaf in leaves if leaf in one.document.leaves] for at, one in enumerate(candidates)}
    yield 0
    yield from (at for at, its in of.items() if len(its) > 1)
    for leaf in leaves:
        yield from [at for at, its in of.items() if leaf in its][:BEST_OF_CATEGORY]
    for need in needs:
        if need.leaf:
            yield from need.words


def _answers(
    candidate: Candidate,
    at: int,
    needs: Sequence[_Need],
    statement: Statement,
    query: Query,
    labels: Mapping[str, str],
) -> Answers:
    """Return how a candidate answers each need that it answers; one whose category is unclear only by its words."""
    document = candidate.document
    said = {support.need: support for support in supports(document, statement, query)}
    found: dict[int, _Answer] = {}
    for place, need in enumerate(needs):
        support = said.get(need.wanted)
        by_words = support is not None and support.covers
        if not (by_words or (need.leaf and need.leaf in document.leaves)):
            continue
        near, solve = need.near[at]
        strength = ((support.sentence if support else 0.0) + near) / 2
        label = labels.get(document.category, document.category)
        found[place] = _Answer(strength, "words" if by_words else "category", *_spoken(support, solve, label))
    return found


def _spoken(support: Support | None, solve: str, label: str) -> tuple[str, str]:
    """Return the field and the text that speak for the need: by words, else by meaning, else the category's name."""
    if support and (support.sentence >= SUPPORTED or (support.sentence > 0 and not solve)):
        return support.field, support.text
    return ("solves", solve) if solve else ("category", label)


def _cover(need: str, document: Document, answer: _Answer, statement: Statement, query: Query) -> Cover:
    said = reason(answer.field, answer.text, need, statement, query)
    return Cover(need, document.key, answer.basis, said)
