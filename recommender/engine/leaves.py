"""Step 4: which category leaves is the statement about? A prior on products, never a filter.

Four readings are added: BM25 against all that is known of a leaf, that of its best products, and, with vectors, the
nearest of its needs and of its products' solves, and its terms. Similarity did as well as any classifier tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .postings import Postings
from .semantic import Matrix
from .types import Knowledge

Reading = tuple[NDArray[np.floating], NDArray[np.signedinteger]]  # values, and the leaf of each (−1: none known)
Places = NDArray[np.int16]

NEAREST = 3  # examples of a leaf that count
# How fast a leaf's share falls behind the best one's, e^(8 × distance): so it is how often the leaf is right.
SHARPNESS = 8.0
ALSO_WEIGHT = 0.7  # of a product's further categories
# What each reading counts for. Chosen on needs that were kept apart, not on judged statements; see docs/evaluation.md.
WEIGHTS = {"words": 1.0, "products": 1.0, "examples": 2.0, "terms": 0.5}


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
    words: Postings  # all that is known of each leaf
    needs: Postings
    need_leaf: NDArray[np.int64]
    need_vectors: Matrix | None
    term_vectors: Matrix | None
    related: NDArray[np.float64]  # of each leaf (row), how far products of every leaf (column) answer its needs

    @classmethod
    def of(cls, knowledge: Knowledge, vectors: Matrix | None) -> LeafModel:
        """vectors: centred, in the order of `leaf_texts`; None when there are none."""
        needs = [(at, need) for at, leaf in enumerate(knowledge.leaves) for need in leaf.needs]
        return cls(
            tuple(leaf.key for leaf in knowledge.leaves),
            Postings.of(" ".join([leaf.label, *leaf.terms, *leaf.needs]) for leaf in knowledge.leaves),
            Postings.of(need for _, need in needs),
            np.array([at for at, _ in needs], np.int64),
            None if vectors is None else vectors[: len(needs)],
            None if vectors is None else vectors[len(needs) :],
            _related(knowledge),
        )

    def nearest_needs(self, vector: Matrix | None) -> float:
        """Return the mean similarity of the nearest three needs of all leaves; 0 without vectors."""
        if vector is None or self.need_vectors is None or not len(self.need_vectors):
            return 0.0
        return float(np.sort(self.need_vectors @ vector)[-NEAREST:].mean())

    def scores(
        self,
        terms: Mapping[str, float],
        products: Reading,
        vector: Matrix | None,
        solves: Reading,
    ) -> NDArray[np.float64]:
        """Return a score for each leaf, 0 (least) to 1 (most); all 0 when nothing matches.

        terms: what the statement looks for. products: BM25 of the candidates. solves: similarity of their solves.
        """
        if not self.keys:
            return np.zeros(0)
        readings: dict[str, NDArray[np.floating]] = {
            "words": self.words.scores(terms)[0],
            "products": self._nearest([products]),
        }
        if vector is not None and self.need_vectors is not None and self.term_vectors is not None:
            readings["examples"] = self._nearest([(self.need_vectors @ vector, self.need_leaf), solves])
            readings["terms"] = self.term_vectors @ vector
        return _spread(sum((WEIGHTS[name] * _spread(reading) for name, reading in readings.items()), np.zeros(1)))

    def _nearest(self, readings: Sequence[Reading]) -> NDArray[np.float64]:
        values, leaves = (np.concatenate(column) for column in zip(*readings, strict=True))
        return _nearest(values[leaves >= 0], leaves[leaves >= 0], len(self.keys))

    def fit(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for each leaf how far its products are expected to answer the statement; 1 for the best leaf.

        It is the sum over all leaves of how likely the statement is about it, times how far it is answered from here.
        """
        expected = shares @ self.related
        return np.asarray(expected / max(float(expected.max(initial=0.0)), 1e-9))


def leaf_places(categories: Sequence[Sequence[str]], keys: Sequence[str]) -> Places:
    """Return the places among the leaves' keys of each product's categories, one row a product; −1 where there is none.

    categories: of each product, its own first, then the further ones.
    """
    at = {key: place for place, key in enumerate(keys)}
    places = np.full((len(categories), max(map(len, categories), default=1)), -1, np.int16)
    for row, of_one in enumerate(categories):
        places[row, : len(of_one)] = [at.get(key, -1) for key in of_one]
    return places


def shares(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how likely the statement is about each leaf; they add up to 1, or are all 0 when no leaf matched at all."""
    if not scores.any():
        return np.zeros_like(scores)
    weights = np.exp(SHARPNESS * (scores - 1))
    return weights / weights.sum()


def prior(fit: NDArray[np.float64], places: Places, support: Matrix) -> NDArray[np.float64]:
    """Return how far each product is expected to answer, 0 to 1: the best of its categories, a further one for less.

    places: of its categories, see `leaf_places`. support: how far each is borne out, see `claims.Claims`; categories
    beyond it do not count.
    """
    counted = min(places.shape[1], support.shape[1])
    of_leaf = np.append(fit, 0.0)  # place −1 is the last: no leaf, no answer
    counts = np.where(np.arange(counted) == 0, 1.0, ALSO_WEIGHT) * support[:, :counted]
    return np.asarray((counts * of_leaf[places[:, :counted]]).max(axis=1, initial=0.0))


def _related(knowledge: Knowledge) -> NDArray[np.float64]:
    at = {leaf.key: place for place, leaf in enumerate(knowledge.leaves)}
    related = np.eye(len(at))
    for leaf in knowledge.leaves:
        for key, weight in leaf.related:
            if key in at:
                related[at[leaf.key], at[key]] = weight
    return related


def _nearest(similarity: NDArray[np.floating], owner: NDArray[np.int64], groups: int) -> NDArray[np.float64]:
    """Return for each group the mean of its best `NEAREST` similarities; the lowest of all for a group with none."""
    order = np.lexsort((-similarity, owner))
    owners = owner[order]
    counted = np.flatnonzero(np.arange(len(order)) - np.searchsorted(owners, owners) < NEAREST)
    sizes = np.bincount(owners[counted], minlength=groups)
    sums = np.bincount(owners[counted], similarity[order][counted], groups)
    return np.where(sizes, sums / np.maximum(sizes, 1), float(similarity.min(initial=0)))


def _spread(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Scale to 0 … 1; all 0 when all are equal."""
    low, high = float(values.min(initial=np.inf)), float(values.max(initial=-np.inf))
    return np.zeros(len(values)) if not high > low else (values.astype(np.float64) - low) / (high - low)
