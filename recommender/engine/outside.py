"""Step 8, first half: how much does a statement look like what no digital platform answers?

Cars, road works and uniforms share many words with fleets, traffic and schools; only examples tell them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .postings import Postings
from .semantic import Matrix
from .types import Statement

NEAREST = 3


@dataclass(frozen=True, slots=True)
class Outside:
    """Examples of statements out of scope, ready to be compared with a statement."""

    texts: tuple[str, ...]
    words: Postings
    vectors: Matrix | None

    @classmethod
    def of(cls, texts: Sequence[str], vectors: Matrix | None) -> Outside:
        """vectors: centred, one a text; None when there are none."""
        return cls(tuple(texts), Postings.of(texts), vectors)

    def without(self, text: str) -> Outside:
        """Return the examples but this one, so that it can be judged by the others."""
        kept = [place for place, other in enumerate(self.texts) if other != text]
        return Outside.of([self.texts[place] for place in kept], None if self.vectors is None else self.vectors[kept])

    def lexical(self, statement: Statement) -> float:
        """Return BM25 of the nearest example over the most a text could reach; 0 without examples."""
        if not self.texts:
            return 0.0
        scores, most = self.words.scores(statement.terms)
        return float(scores.max()) / max(most, 1e-9)

    def semantic(self, vector: NDArray[np.float32] | None) -> float:
        """Return the mean similarity of the nearest three examples; 0 without vectors."""
        if vector is None or self.vectors is None or not len(self.vectors):
            return 0.0
        return float(np.sort(self.vectors @ vector)[-NEAREST:].mean())
