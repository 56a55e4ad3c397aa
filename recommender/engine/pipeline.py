"""The recommender, read aloud: read, retrieve by words and by meaning, understand, score, split, explain, bundle, or abstain.

The score of a listing is a weighted mean of three parts, each 0 to 1 within the run:
  lexical   BM25 of the whole listing against the statement
  semantic  nearness of meaning, where vectors are there; a statement without marks is given them first
  need      how much the categories the statement seems to be about speak for the listing's
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log1p
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bundles import MOST_CANDIDATES, Candidate, find_bundle
from .confidence import Signals, confidence, digital, digital_threshold, met, met_threshold, threshold
from .constraints import failures
from .explain import explain
from .index import Index, Standing, tie
from .leaves import prior, shares
from .lexical import Query
from .quoting import Asked, Without, without, worth_looking
from .read import read
from .semantic import Embedder, Matrix, statement_vector
from .thesaurus import Meant, related
from .types import Assurance, Bundle, Document, Hit, NoResult, Recommendation, Required, Statement, Why

WEIGHTS = {"lexical": 1.0, "semantic": 0.7, "need": 1.0}
DIGITS = 6  # of a score and its parts: on these an index that was changed and one built anew agree
NEEDS_SHOWN = 3
NO_SPREAD = 1e-6  # values that differ by less are equal but for the order in which they were added up
BORNE_OUT = 0.5  # support from which a listing is an example of its category
MOST_PER_VENDOR = 4  # among the first ten
NEAR_TOP = 10
NOTHING_REQUIRED = Required()
# Share of the best score below which a listing is no answer: it cuts 1 % of the relevant, 39 % of the rest.
WORTH_SHOWING = 0.5
# Share of the first category from which it is taken at its word: with no product of it, nothing fits.
UNSERVED = 0.6
SERVED = 0.5


@dataclass(frozen=True, slots=True)
class Scored:
    """The candidates of one statement, scored, best first."""

    statement: Statement
    query: Query
    documents: Sequence[Document]
    parts: dict[str, NDArray[np.float64]]
    scores: NDArray[np.float64]
    solves: tuple[Matrix, ...]  # of each listing, how near its solves are in meaning; empty when unknown
    needs: tuple[tuple[str, float], ...]
    signals: Signals
    semantic: bool
    rows: NDArray[np.int64]  # of each listing in the index
    standing: Standing
    leaves: NDArray[np.float64]  # the score of each leaf
    meant: tuple[Meant, ...]  # what phrases of the statement also stand for
    served: float  # how far the best category among the candidates is expected to answer, 1 where it is the best of all


def recommend(
    text: str,
    index: Index,
    embedder: Embedder | None = None,
    *,
    required: Required = NOTHING_REQUIRED,
    min_assurance: Assurance = Assurance.PUBLIC_RECORD,
    top: int = 10,
    bundles: bool = True,
) -> Recommendation:
    """Answer a statement with at most `top` results and as many that are relevant but below what was asked.

    bundles: whether to look for a set of products where none alone meets every need.
    """
    scored = score(read(text, index.expander), index, embedder)
    sure, abstained = _sure(scored)
    worth = [] if abstained else np.flatnonzero(scored.scores >= WORTH_SHOWING * scored.scores[0]).tolist()
    meets = fitting(scored, worth, required, min_assurance)
    others = sorted({*worth}.difference(meets))
    results, also = (
        tuple(_hit(scored, place, required, index.labels) for place in _spread_vendors(scored, places)[:top])
        for places in (meets, others)
    )
    signals = ("lexical", "semantic", "need") if scored.semantic else ("lexical", "need")
    bundle = _bundle(scored, index, embedder, required, min_assurance) if results and bundles else None
    why = None if results else _why(scored, NoResult.BELOW_ASKED if also else None)
    chance = 0.0 if abstained else met(scored.signals, semantic=scored.semantic)
    doubtful = not abstained and chance < met_threshold(semantic=scored.semantic)
    return Recommendation(
        scored.statement, abstained, sure, scored.needs, results, also, signals, bundle, why, chance, doubtful
    )


def fitting(scored: Scored, places: Sequence[int], required: Required, min_assurance: Assurance) -> list[int]:
    """Return those of the places whose listings reach the level and fail nothing that was confirmed."""
    reaches = scored.standing.levels >= min_assurance
    if required.confirmed_since is not None:
        reaches &= scored.standing.confirmed >= required.confirmed_since.toordinal()
        required = replace(required, confirmed_since=None)
    told = reaches.tolist()
    reaching = [place for place in places if told[place]]
    if required == NOTHING_REQUIRED:  # then none of them has to be read
        return reaching
    return [place for place in reaching if not any(one.known for one in failures(scored.documents[place], required))]


def _bundle(
    scored: Scored, index: Index, embedder: Embedder | None, required: Required, min_assurance: Assurance
) -> Bundle | None:
    """A product of a bundle may answer too little of the whole statement to be a result: one need of three."""
    best = fitting(scored, range(len(scored.rows)), required, min_assurance)[:MOST_CANDIDATES]
    candidates = [
        Candidate(int(scored.rows[place]), scored.documents[place], float(scored.scores[place])) for place in best
    ]
    return find_bundle(
        scored.statement, scored.query, candidates, scored.leaves, index, embedder if scored.semantic else None, tie
    )


def rank(
    text: str, index: Index, embedder: Embedder | None = None, *, weights: Mapping[str, float] = WEIGHTS
) -> tuple[list[str], bool]:
    """Return every candidate's key, best first, whatever its assurance, and whether the engine abstains."""
    scored = score(read(text, index.expander), index, embedder, weights)
    return [scored.documents[place].key for place in _spread_vendors(scored, range(len(scored.documents)))], _sure(
        scored
    )[1]


def _sure(scored: Scored) -> tuple[float, bool]:
    sure = confidence(scored.signals, semantic=scored.semantic)
    return sure, not scored.documents or sure < threshold(semantic=scored.semantic) or _unserved(scored)


def _unserved(scored: Scored) -> bool:
    """Say whether the statement is clearly about one category, and no candidate is of it or of one that answers for it."""
    return bool(scored.needs) and scored.needs[0][1] >= UNSERVED and scored.served < SERVED


def _why(scored: Scored, code: NoResult | None) -> Why:
    """Say why there is no result: that of the caller, else out of scope or no product."""
    chance = digital(scored.signals, semantic=scored.semantic) if scored.needs else 0.0
    if code is None:
        inside = scored.needs and chance >= digital_threshold(semantic=scored.semantic)
        code = NoResult.NO_PRODUCT if inside or _unserved(scored) else NoResult.OUTSIDE
    category = "" if code == NoResult.OUTSIDE or not scored.needs else scored.needs[0][0]
    if code != NoResult.NO_PRODUCT or not scored.documents:
        return Why(code, chance, category)
    nearest = scored.documents[0]
    _, unmet = explain(nearest, scored.statement, scored.query, meant=scored.meant)
    return Why(code, chance, category, nearest, tuple(gap.text for gap in unmet))


def score(
    statement: Statement, index: Index, embedder: Embedder | None, weights: Mapping[str, float] = WEIGHTS
) -> Scored:
    """Find and score the candidates of a statement, best first."""
    vector = None
    if embedder is not None and index.centre is not None and statement.terms:
        vector = statement_vector(embedder, index.spelt(statement), index.centre)
    meant = tuple(index.thesaurus.found(statement))
    asked = {**related(meant, statement), **statement.terms}
    rows = index.candidates(asked, vector) if asked else np.empty(0, np.int64)
    query = index.query(statement.terms)
    standing = index.standing(rows)
    wider = index.query(asked)
    words, covered, widely = index.lexical(query, wider, rows)
    if quoting := _quoting(statement, index, rows, covered, standing):
        words, covered, widely = index.lexical(query, wider, rows, quoting)
    meaning, solves, owners = _meaning(index, vector, rows, quoting)
    categories, support = index.categories(rows), index.support(rows, quoting)
    own = np.where(support[:, 0] < BORNE_OUT, -1, categories[:, 0])  # else it would teach what a category is about
    leaves = index.leaves.scores(asked, (widely, own), vector, (solves, own[owners]))
    about = shares(leaves)
    parts = {"lexical": _share(widely.astype(np.float64))}
    if vector is not None:
        parts["semantic"] = _spread(np.nan_to_num(meaning, nan=float(np.nanmedian(meaning)) if _any(meaning) else 0.0))
    parts["need"] = prior(index.leaves.fit(about), categories, support)
    served = float(parts["need"].max(initial=0.0))
    whole = sum(weights[name] for name in parts)
    parts = {name: np.round(weights[name] / whole * values, DIGITS) for name, values in parts.items()}
    scores = np.round(np.sum(list(parts.values()), axis=0), DIGITS)
    order = np.lexsort((standing.ties, -scores))
    needs = _needs(index.leaves.keys, about)
    listings = _Listings(index, rows[order], {int(rows[place]): one.document for place, one in quoting.items()})
    best = listings[0] if len(order) else None
    return Scored(
        statement,
        query,
        listings,
        {name: values[order] for name, values in parts.items()},
        scores[order],
        _of_each(order, solves, owners),
        needs,
        _signals(index, statement, query, words[order], covered[order], meaning, vector, needs, best),
        vector is not None,
        rows[order],
        standing.take(order),
        leaves,
        meant,
        served,
    )


def _quoting(
    statement: Statement, index: Index, rows: NDArray[np.int64], covered: Matrix, standing: Standing
) -> dict[int, Without]:
    """Return by their places the listings that say the statement in its own words, without that."""
    if not (places := worth_looking(covered, standing.levels)) or not (asked := Asked(statement)):
        return {}
    found = ((place, index.document(int(rows[place]))) for place in places)
    return {
        place: without(document, keys, index.reader) for place, document in found if (keys := asked.quoted(document))
    }


def _meaning(
    index: Index, vector: Matrix | None, rows: NDArray[np.int64], quoting: Mapping[int, Without]
) -> tuple[Matrix, Matrix, NDArray[np.int64]]:
    if vector is None:
        return np.full(len(rows), np.nan, np.float32), np.empty(0, np.float32), np.empty(0, np.int64)
    return index.semantic(vector, rows, quoting)


def _signals(
    index: Index,
    statement: Statement,
    query: Query,
    words: Matrix,
    covered: Matrix,
    meaning: Matrix,
    vector: Matrix | None,
    about: tuple[tuple[str, float], ...],
    best: Document | None,
) -> Signals:
    total = max(float(query.weights.sum()), 1e-9)
    near, at_most = index.leaves.needs.scores(statement.terms)
    return Signals(
        coverage=float(covered[:10].max(initial=0.0)),
        density=float(words.max(initial=0.0)) / total,
        need=float(near.max(initial=0.0)) / max(at_most, 1e-9),
        length=log1p(len(statement.terms)),
        outside=index.outside.lexical(statement),
        similarity=float(np.nanmax(meaning)) if _any(meaning) else 0.0,
        outside_similarity=index.outside.semantic(vector),
        need_similarity=index.leaves.nearest_needs(vector),
        agrees=float(bool(about) and best is not None and about[0][0] in best.leaves),
    )


class _Listings(Sequence[Document]):
    """Rows of the index as listings, each read when asked for: most candidates are scored and never shown.

    read: those that count otherwise than they stand in the index, by their rows.
    """

    def __init__(self, index: Index, rows: NDArray[np.int64], read: Mapping[int, Document]) -> None:
        self._index, self._rows, self._read = index, rows, read

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        row = int(self._rows[place])
        return self._read.get(row) or self._index.document(row)


def _of_each(order: NDArray[np.int64], solves: Matrix, owners: NDArray[np.int64]) -> tuple[Matrix, ...]:
    """Return the similarities of each listing's solves, which stand together."""
    starts, ends = (np.searchsorted(owners, order, side).tolist() for side in ("left", "right"))
    return tuple(solves[start:end] for start, end in zip(starts, ends, strict=True))


def _any(values: Matrix) -> bool:
    return bool(np.isfinite(values).any())


def _needs(keys: Sequence[str], about: NDArray[np.float64]) -> tuple[tuple[str, float], ...]:
    best = np.argsort(-about, kind="stable")[:NEEDS_SHOWN]
    return tuple((keys[place], float(about[place])) for place in best if about[place] > 0)


def _spread_vendors(scored: Scored, places: Sequence[int]) -> list[int]:
    """Return the places in their order, but at most four of one vendor in the first ten; the rest follow."""
    near: list[int] = []
    held: list[int] = []
    seen: Counter[int] = Counter()
    for place, vendor in zip(places, scored.standing.vendors[list(places)].tolist(), strict=True):
        if len(near) >= NEAR_TOP or seen[vendor] >= MOST_PER_VENDOR:
            held.append(place)
        else:
            seen[vendor] += 1
            near.append(place)
    return near + held


def _hit(scored: Scored, place: int, required: Required, labels: Mapping[str, str]) -> Hit:
    document = scored.documents[place]
    label = labels.get(document.category, document.category)
    near = scored.solves[place]
    nearest = document.solves[int(np.argmax(near))] if len(near) else ""
    reasons, uncovered = explain(
        document, scored.statement, scored.query, meant=scored.meant, nearest=nearest, label=label
    )
    parts = {name: float(values[place]) for name, values in scored.parts.items()}
    return Hit(document, float(scored.scores[place]), parts, reasons, (*uncovered, *failures(document, required)))


def _share(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values / max(float(values.max(initial=0.0)), 1e-9)


def _spread(values: NDArray[np.floating]) -> NDArray[np.float64]:
    low, high = float(values.min(initial=np.inf)), float(values.max(initial=-np.inf))
    return (values.astype(np.float64) - low) / (high - low) if high - low > NO_SPREAD else np.zeros(len(values))
