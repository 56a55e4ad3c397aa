"""Step 2: lexical retrieval. tantivy finds the candidates, numpy scores them exactly.

`Rows` holds the terms of texts as flat arrays (compressed sparse rows), so a candidate's BM25 is known term by
term, does not depend on how the index was built up, and is the same on every machine.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from .text import document_terms, syllables, visible
from .types import Document

Ids = NDArray[np.uint64]
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Codes = NDArray[np.unsignedinteger]
Weighed = tuple[Mapping[str, float], float]  # a text's terms with their counts, and its length
Said = tuple[Mapping[str, float], float, Sequence[int]]  # and for each term the piece that alone says it, or SEVERAL

K1, B = 1.2, 0.75  # Robertson's; on eight Vietnamese sets no other pair was better by more than 0.002 nDCG
QUERY_K = 8  # a term said f times in a statement counts 9f / (8 + f)

SEVERAL = 0  # the piece of a term that more than one piece says, or of a text that has no pieces
# What the piece of a listing that says most alone may add, as a share of what the rest says: whoever has a problem
# solved says so in more than one place, and a statement pasted into a listing stands there alone.
ALONE = 0.5
UNCORROBORATED = 0.1  # share of it that counts in any case: a rare word may be all that a short statement has

# How often a field's words count. The vendor's name finds its products without outweighing what they do.
FIELD_WEIGHTS = {
    "name": 1.0,
    "vendor_name": 0.3,
    "summary": 1.0,
    "description": 1.0,
    "capabilities": 1.0,
    "solves": 1.0,
    "customers": 1.0,
}
_TERM_FIELD = "terms"
_PIECES = 64  # SEVERAL, and as many pieces as are told apart
_SORTED_AT_ONCE = 4096  # rows; bounds the memory of a build


def term_hash(term: str) -> int:
    """Return the 64-bit number that stands for a term in the arrays."""
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")


term_id = lru_cache(maxsize=8192)(term_hash)  # a statement's terms are asked for by every part of the engine


def field_texts(document: Document) -> list[tuple[str, str]]:
    """Return every (field, text) of a listing that can be searched, one entry a statement."""
    return [
        ("name", visible(document.name)),
        ("vendor_name", visible(document.vendor_name)),
        ("summary", visible(document.summary)),
        ("description", visible(document.description)),
        *(("capabilities", visible(text)) for text in document.capabilities),
        *(("solves", visible(text)) for text in document.solves),
        *(("customers", visible(text)) for text in document.customers),
    ]


def weigh_text(text: str) -> tuple[dict[str, float], float]:
    """Return a plain text's terms with their counts, and its length in syllables."""
    words = syllables(text)
    return dict(document_terms(words)), float(len(words))


@dataclass(frozen=True, slots=True)
class Rows:
    """The terms of n texts. Row i is indptr[i]:indptr[i + 1] of `at` and `codes`, by ascending term id.

    A term is its place in `terms` and a count its place in `values`: five bytes instead of twelve. `pieces` says which
    piece of the text alone says the term, from 1, or SEVERAL.
    """

    indptr: Ints
    at: NDArray[np.uint32]
    codes: Codes
    pieces: NDArray[np.uint8]
    lengths: Floats
    terms: Ids  # every term id, sorted
    df: Ints  # in how many rows each stands
    values: Floats

    @classmethod
    def of(cls, weighed: Iterable[Weighed | Said]) -> Rows:
        writer = RowsWriter()
        for text in weighed:
            writer.add(*text)
        return writer.rows()

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def ids(self) -> Ids:
        return self.terms[self.at]

    @property
    def counts(self) -> Floats:
        return self.values[self.codes]

    def frequencies(self) -> tuple[Ids, Ints]:
        """Return every term id, sorted, and in how many rows it stands."""
        return self.terms, self.df

    def places(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return where the terms of these rows stand in `at`, and for each the place of its row in `rows`."""
        starts = self.indptr[rows]
        sizes = self.indptr[rows + 1] - starts
        owner = np.repeat(np.arange(len(rows)), sizes)
        starts = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
        return starts + np.arange(len(owner)), owner

    def take(self, rows: Ints) -> Rows:
        """Return these rows, in this order. Terms that stand in none of them stay, with a df of 0."""
        places, _ = self.places(rows)
        at = self.at[places]
        indptr = np.concatenate([[0], np.cumsum(np.diff(self.indptr)[rows])]).astype(np.int64)
        df = np.bincount(at, minlength=len(self.terms)).astype(np.int64)
        return replace(
            self,
            indptr=indptr,
            at=at,
            codes=self.codes[places],
            pieces=self.pieces[places],
            lengths=self.lengths[rows],
            df=df,
        )

    def followed_by(self, other: Rows) -> Rows:
        """Return these rows with others after them."""
        terms, values = np.union1d(self.terms, other.terms), np.union1d(self.values, other.values)
        at, codes, df = [], [], np.zeros(len(terms), np.int64)
        for part in (self, other):
            moved = np.searchsorted(terms, part.terms)
            df[moved] += part.df
            at.append(moved.astype(np.uint32)[part.at])
            codes.append(np.searchsorted(values, part.values).astype(np.uint32)[part.codes])
        return Rows(
            np.concatenate([self.indptr, self.indptr[-1] + other.indptr[1:]]),
            np.concatenate(at),
            np.concatenate(codes),
            np.concatenate([self.pieces, other.pieces]),
            np.concatenate([self.lengths, other.lengths]),
            terms,
            df,
            values,
        )


class RowsWriter:
    """Takes texts one by one, so that a large catalogue is analysed in the memory its arrays need."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}  # of each term, in order of appearance
        self._codes: dict[float, int] = {}
        self._at, self._counts, self._pieces = array("I"), array("I"), array("B")
        self._sizes, self._lengths = array("q"), array("f")

    def add(self, terms: Mapping[str, float], length: float, pieces: Sequence[int] | None = None) -> None:
        numbers, codes = self._numbers, self._codes
        self._at.extend([numbers.setdefault(term, len(numbers)) for term in terms])
        self._counts.extend([codes.setdefault(count, len(codes)) for count in terms.values()])
        self._pieces.extend(pieces if pieces is not None else bytes(len(terms)))
        self._sizes.append(len(terms))
        self._lengths.append(length)

    def rows(self) -> Rows:
        """Return all rows; the writer is spent after that."""
        hashed = np.fromiter((term_hash(term) for term in self._numbers), np.uint64, len(self._numbers))
        self._numbers.clear()
        order = np.argsort(hashed)
        rank = np.empty(len(order), np.uint32)
        rank[order] = np.arange(len(order), dtype=np.uint32)
        values, code = np.unique(np.fromiter(self._codes, np.float32, len(self._codes)), return_inverse=True)
        narrow: Codes = code.astype(np.uint8 if len(values) <= 256 else np.uint32)
        at, codes = rank[np.frombuffer(self._at, np.uint32)], narrow[np.frombuffer(self._counts, np.uint32)]
        pieces = np.array(self._pieces, np.uint8)
        indptr = np.concatenate([[0], np.cumsum(np.frombuffer(self._sizes, np.int64))]).astype(np.int64)
        for first in range(0, len(indptr) - 1, _SORTED_AT_ONCE):  # by rows, then by term id
            bounds = indptr[first : first + _SORTED_AT_ONCE + 1]
            part = slice(bounds[0], bounds[-1])
            owner = np.repeat(np.arange(len(bounds) - 1, dtype=np.uint64), np.diff(bounds))
            sorting = np.argsort(owner << np.uint64(32) | at[part])
            at[part], codes[part], pieces[part] = at[part][sorting], codes[part][sorting], pieces[part][sorting]
        df = np.bincount(at, minlength=len(hashed)).astype(np.int64)
        return Rows(indptr, at, codes, pieces, np.array(self._lengths, np.float32), hashed[order], df, values)


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A statement's terms as arrays: ids sorted, each with its row count, idf and weight (idf × query frequency)."""

    terms: tuple[str, ...]
    ids: Ids
    df: Floats
    idf: Floats
    weights: Floats

    def among(self, wider: Query) -> tuple[Floats, Floats]:
        """Return the weights and idf of its terms among those of a query that holds them all, 0 for the others."""
        places = np.searchsorted(wider.ids, self.ids)
        weights, idf = np.zeros((2, len(wider.ids)), np.float32)
        weights[places], idf[places] = self.weights, self.idf
        return weights, idf

    @classmethod
    def of(cls, terms: Mapping[str, float], df: Mapping[int, int], size: int) -> Query:
        """terms: each with its count, below 1 where it was not said itself. df: in how many of `size` texts a term id stands."""
        found = sorted((term_id(term), count, term) for term, count in terms.items())
        ids = np.array([number for number, _, _ in found], np.uint64)
        tf = np.array([count for _, count, _ in found], np.float32)
        n = np.array([df.get(number, 0) for number, _, _ in found], np.float32)
        idf = np.log1p((size - n + 0.5) / (n + 0.5)).astype(np.float32)
        return cls(tuple(term for *_, term in found), ids, n, idf, idf * (QUERY_K + 1) * tf / (QUERY_K + tf))


@dataclass(frozen=True, slots=True)
class Found:
    """Where the terms of a query stand in some texts: for each such place the text, the term, and the piece that says it.

    impact: BM25 of the term in that text, without the weight that the query gives it.
    """

    owner: Ints
    at: Ints
    pieces: NDArray[np.uint8]
    impact: Floats
    size: int

    @classmethod
    def of(cls, query: Query, rows: Rows, wanted: Ints, average_length: float) -> Found:
        known = np.searchsorted(rows.terms, query.ids)
        known[known == len(rows.terms)] = 0
        found = np.flatnonzero(rows.terms[known] == query.ids) if len(rows.terms) else np.empty(0, np.int64)
        said = np.zeros(
            len(rows.terms), np.min_scalar_type(len(query.ids))
        )  # of each term its place in the query, from 1
        said[known[found]] = found + 1
        starts, ends = rows.indptr[wanted], rows.indptr[wanted + 1]
        # Slices, not places: a listing's terms lie together, and few of them are in the query.
        texts = [rows.at[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        at = said[np.concatenate(texts)] if texts else said[:0]
        same = np.flatnonzero(at)
        first = np.cumsum(ends - starts) - (ends - starts)
        owner = np.searchsorted(first, same, "right") - 1
        place = same + (starts - first)[owner]
        tf = rows.values[rows.codes[place]]
        norm = K1 * (1 - B + B * rows.lengths[wanted] / max(average_length, 1e-9))
        impact = tf * (K1 + 1) / (tf + norm[owner])
        return cls(owner, at[same].astype(np.int64) - 1, rows.pieces[place], impact, len(wanted))

    def scores(self, weights: Floats) -> Floats:
        """Return each text's BM25 for a query whose terms have these weights.

        What one piece of a text alone says counts up to `ALONE` of what the rest of the text says, or `UNCORROBORATED`
        of it.
        Source: Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, doi:10.1561/1500000019 (Lucene's idf).
        """
        by_piece = np.bincount(
            self.owner * _PIECES + self.pieces, weights[self.at] * self.impact, self.size * _PIECES
        ).reshape(-1, _PIECES)
        most = by_piece[:, SEVERAL + 1 :].max(axis=1)
        rest = by_piece.sum(axis=1) - most
        return (rest + np.clip(ALONE * rest, UNCORROBORATED * most, most)).astype(np.float32)

    def covered(self, idf: Floats) -> Floats:
        """Return the share (0 to 1) of a query's idf that the terms of each text cover."""
        covered = np.bincount(self.owner, idf[self.at], self.size)
        return (covered / max(float(idf.sum()), 1e-9)).astype(np.float32)


def bm25(query: Query, rows: Rows, wanted: Ints, average_length: float) -> tuple[Floats, Floats]:
    """Return for each wanted row its BM25, and the share of the query's idf that its terms cover, see `Found`."""
    found = Found.of(query, rows, wanted, average_length)
    return found.scores(query.weights), found.covered(query.idf)


class Candidates:
    """The tantivy index over pre-analysed terms: which rows share most with a statement, roughly ranked."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._searcher = index.searcher()

    @classmethod
    def build(cls, weighed: Iterable[Weighed], folder: Path | None = None) -> Candidates:
        index = tantivy.Index(_schema(), path=str(folder) if folder else None)
        writer = index.writer(heap_size=64_000_000, num_threads=1)  # one thread: the same segments every time
        for row, (terms, _) in enumerate(weighed):
            said = " ".join([f"{term} " * round(count) if count >= 1.5 else term for term, count in terms.items()])
            writer.add_document(tantivy.Document(**{_TERM_FIELD: said, "row": row}))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    @classmethod
    def open(cls, folder: Path) -> Candidates:
        return cls(tantivy.Index.open(str(folder)))

    def best(self, terms: Mapping[str, float], most: int) -> Ints:
        """Return at most `most` rows that share a term with the statement."""
        clauses = []
        for term, count in terms.items():
            asked = tantivy.Query.term_query(_schema(), _TERM_FIELD, term, "freq")
            if count != 1:  # a boost of 1 is none, and costs a quarter of the search
                asked = tantivy.Query.boost_query(asked, (QUERY_K + 1) * count / (QUERY_K + count))
            clauses.append((tantivy.Occur.Should, asked))
        hits = self._searcher.search(tantivy.Query.boolean_query(clauses), limit=most, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits]) if hits else []
        return np.array(rows, np.int64)


@cache
def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_TERM_FIELD, tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("row", fast=True)
    return builder.build()


def frequencies_of(ids: Sequence[int], terms: Ids, df: Ints) -> dict[int, int]:
    """Look these term ids up in sorted arrays of terms and their row counts."""
    wanted = np.array(ids, np.uint64)
    at = np.searchsorted(terms, wanted)
    inside = at < len(terms)
    wanted, at = wanted[inside], at[inside]
    same = terms[at] == wanted
    return dict(zip(wanted[same].tolist(), df[at[same]].tolist(), strict=True))
