"""Few texts that are all compared with every statement by words: needs of categories, examples out of scope.

`Postings` holds them by term with each text's part of BM25 worked out, so only the terms of a statement are looked at.
Listings change, and have pieces: `lexical.bm25` scores those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from .lexical import K1, B, Floats, Ids, Ints, Query, Rows, frequencies_of, term_id, weigh_text


@dataclass(frozen=True, slots=True)
class Postings:
    """Term i of `terms` stands in the texts owner[indptr[i]:indptr[i + 1]]; impact: BM25 without the statement's weight."""

    terms: Ids  # sorted
    df: Ints
    indptr: Ints
    owner: Ints
    impact: Floats
    size: int

    @classmethod
    def of(cls, texts: Iterable[str]) -> Postings:
        rows = Rows.of(weigh_text(text) for text in texts)
        owner = np.repeat(np.arange(len(rows)), np.diff(rows.indptr))
        order = np.argsort(rows.at, kind="stable")
        average = float(rows.lengths.mean()) if len(rows) else 1.0
        norm = K1 * (1 - B + B * rows.lengths / max(average, 1e-9))
        impact = rows.counts * (K1 + 1) / (rows.counts + norm[owner])
        indptr = np.concatenate([[0], np.cumsum(rows.df)]).astype(np.int64)
        return cls(rows.terms, rows.df, indptr, owner[order], impact[order].astype(np.float32), len(rows))

    def __len__(self) -> int:
        return self.size

    def scores(self, asked: Mapping[str, float]) -> tuple[Floats, float]:
        """Return the BM25 of every text, and the weight of the statement's terms together: no BM25 is above 2.2 times it."""
        df = frequencies_of([term_id(term) for term in asked], self.terms, self.df)
        query = Query.of(asked, df, self.size)
        known = np.flatnonzero(query.df)
        at = np.searchsorted(self.terms, query.ids[known])
        starts, sizes = self.indptr[at], self.df[at]
        places = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
        parts = np.repeat(query.weights[known], sizes) * self.impact[places]
        found = np.bincount(self.owner[places], parts, self.size) if self.size else np.zeros(0)
        return found.astype(np.float32), float(query.weights.sum())
