"""Step 4: which category leaves is the statement about? A prior on products, never a filter.

Four readings are added: BM25 against all that is known of a leaf, BM25 against its single needs, and, with vectors,
the nearest of its needs and of its products' solves, and its terms. Similarity did as well as any classifier tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .lexical import Query, Rows, bm25, text_frequencies, weigh_text
from .semantic import Matrix
from .types import Knowledge, Statement

NEAREST = 3  # examples of a leaf that count
SHARPNESS = 2.0  # how fast a leaf's weight falls behind the best one's: e^(2 × distance)
SHARE_SHARPNESS = 8.0  # the same for the shares shown: with it the best leaf's share is how often it is right
ALSO_WEIGHT = 0.7  # of a product's further categories
TERMS_WEIGHT = 0.5


def leaf_texts(knowledge: Knowledge) -> list[str]:
    """Return every text of the leaves that gets a vector: the needs of each leaf, then each leaf's terms."""
    return [
        *(need for leaf in knowledge.leaves for need in leaf.needs),
        *(", ".join(leaf.terms) or leaf.label for leaf in knowledge.leaves),
    ]


def known_texts(knowledge: Knowledge) -> list[str]:
    """Return every text of the knowledge that gets a vector: `leaf_texts`, then the examples out of scope."""
    return [*leaf_texts(knowledge), *knowledge.outside]


@dataclass(frozen=True, slots=True)
class LeafModel:
    """What the leaves look like, ready to be compared with statements."""

    keys: tuple[str, ...]
    leaf_rows: Rows
    leaf_df: Mapping[int, int]
    need_rows: Rows
    need_df: Mapping[int, int]
    need_leaf: NDArray[np.int64]
    need_vectors: Matrix | None
    term_vectors: Matrix | None

    @classmethod
    def of(cls, knowledge: Knowledge, vectors: Matrix | None) -> LeafModel:
        """vectors: centred, in the order of `leaf_texts`; None when there are none."""
        leaf_rows = Rows.of(weigh_text(" ".join([leaf.label, *leaf.terms, *leaf.needs])) for leaf in knowledge.leaves)
        needs = [(at, need) for at, leaf in enumerate(knowledge.leaves) for need in leaf.needs]
        need_rows = Rows.of(weigh_text(need) for _, need in needs)
        return cls(
            tuple(leaf.key for leaf in knowledge.leaves),
            leaf_rows,
            text_frequencies(leaf_rows),
            need_rows,
            text_frequencies(need_rows),
            np.array([at for at, _ in needs], np.int64),
            None if vectors is None else vectors[: len(needs)],
            None if vectors is None else vectors[len(needs) :],
        )

    def scores(
        self, statement: Statement, vector: Matrix | None, solves: Matrix, solves_leaf: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return a score for each leaf, 0 (least) to 1 (most); all 0 when nothing matches.

        solves: similarity of the candidates' solves; solves_leaf: the leaf of each (−1: none known).
        """
        if not self.keys:
            return np.zeros(0)
        total = _spread(_bm25(statement, self.leaf_rows, self.leaf_df))
        total = total + _spread(
            _nearest(_bm25(statement, self.need_rows, self.need_df), self.need_leaf, len(self.keys))
        )
        if vector is not None and self.need_vectors is not None and self.term_vectors is not None:
            known = solves_leaf >= 0
            examples = np.concatenate([self.need_vectors @ vector, solves[known]])
            owners = np.concatenate([self.need_leaf, solves_leaf[known]])
            total = total + _spread(_nearest(examples, owners, len(self.keys)))
            total = total + TERMS_WEIGHT * _spread(self.term_vectors @ vector)
        return _spread(total)

    def prior(self, scores: NDArray[np.float64], category: str, also: Sequence[str]) -> float:
        """Return how much these leaf scores speak for a product of these categories, 0 to 1."""
        weights = leaf_weights(scores)
        places = [(1.0, category), *((ALSO_WEIGHT, key) for key in also)]
        return max(
            (share * float(weights[self.keys.index(key)]) for share, key in places if key in self.keys), default=0.0
        )


def leaf_weights(scores: NDArray[np.float64], sharpness: float = SHARPNESS) -> NDArray[np.float64]:
    """Return e^(sharpness × (score − 1)), 1 for the best leaf; all 0 when no leaf matched at all."""
    if not scores.any():
        return np.zeros_like(scores)
    return np.exp(sharpness * (scores - 1))


def _bm25(statement: Statement, rows: Rows, df: Mapping[int, int]) -> NDArray[np.float64]:
    if not len(rows):
        return np.zeros(0)
    query = Query.of(statement.terms, df, len(rows))
    scores, _ = bm25(query, rows, np.arange(len(rows)), float(rows.lengths.mean()))
    return scores.astype(np.float64)


def _nearest(similarity: NDArray[np.floating], owner: NDArray[np.int64], groups: int) -> NDArray[np.float64]:
    """Return for each group the mean of its best `NEAREST` similarities; the lowest of all for a group with none."""
    out = np.full(groups, float(similarity.min(initial=0)))
    order = np.lexsort((-similarity, owner))
    owners, ranked = owner[order], similarity[order]
    starts = np.searchsorted(owners, np.arange(groups))
    ends = np.searchsorted(owners, np.arange(groups), side="right")
    for group, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if end > start:
            out[group] = ranked[start : min(end, start + NEAREST)].mean()
    return out


def _spread(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Scale to 0 … 1; all 0 when all are equal."""
    low, high = float(values.min(initial=np.inf)), float(values.max(initial=-np.inf))
    return np.zeros(len(values)) if not high > low else (values.astype(np.float64) - low) / (high - low)
