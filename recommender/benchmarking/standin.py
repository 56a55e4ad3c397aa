"""Vectors that cost what real ones cost: a million texts would take the real model days.

Random indexing: a pair of neighbouring syllables is a random direction, a text the sum of its pairs'. It knows no
synonyms, so no ranking gains what words would not give; number, length and type of the vectors are those of the model.
Source: Kanerva, Kristoferson & Holst, Random Indexing of Text Samples, CogSci 2000.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recommender.engine.semantic import Matrix, Vectors, text_key
from recommender.engine.snapshot import all_texts
from recommender.engine.text import syllables
from recommender.engine.types import Document, Knowledge

DIMENSIONS = 384  # of multilingual-e5-small
DIRECTIONS = 1 << 16  # more than there are different pairs in most catalogues


class StandIn:
    """An embedder without a model."""

    name = "stand-in"

    def __init__(self) -> None:
        self._signs: NDArray[np.int8] = np.random.default_rng(1).choice(
            np.array([-1, 1], np.int8), (DIRECTIONS, DIMENSIONS)
        )

    def queries(self, texts: Sequence[str]) -> Matrix:
        """Return one vector of length 1 a text."""
        said = [[_direction(*pair) for pair in pairwise(["", *syllables(text), ""])] for text in texts]
        starts = np.cumsum([0, *(len(pairs) for pairs in said[:-1])])
        sums = np.add.reduceat(self._signs[np.concatenate(said)], starts, dtype=np.float32)
        return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), np.float32)

    passages = queries


class Prepared(StandIn):
    """Makes the vector of a statement once: what it takes is not the engine's time."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, Matrix] = {}

    def queries(self, texts: Sequence[str]) -> Matrix:
        for text in texts:
            if text not in self._made:
                self._made[text] = super().queries([text])[0]
        return np.array([self._made[text] for text in texts])


class Made:
    """The vectors of a catalogue as a database would hand them out, made when they are asked for."""

    def __init__(self, documents: Iterable[Document], knowledge: Knowledge) -> None:
        self._embedder = StandIn()
        self._texts: Mapping[str, str] = {
            text_key(text, StandIn.name): text for text in all_texts(documents, knowledge)
        }

    def find(self, keys: Iterable[str]) -> Vectors:
        wanted = [key for key in keys if key in self._texts]
        return (
            dict(zip(wanted, self._embedder.queries([self._texts[key] for key in wanted]), strict=True))
            if wanted
            else {}
        )


@lru_cache(maxsize=1 << 16)
def _direction(first: str, second: str) -> int:
    return int.from_bytes(blake2b(f"{first} {second}".encode(), digest_size=4).digest(), "little") % DIRECTIONS
