"""Step 2: lexical retrieval. tantivy finds the candidates, numpy scores them exactly.

`Rows` holds the terms of texts as flat arrays (compressed sparse rows), so a candidate's BM25 is known term by
term, does not depend on how the index was built up, and is the same on every machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from .text import document_terms, syllables
from .types import Document

Ids = NDArray[np.uint64]
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

K1, B = 1.2, 0.75  # Robertson's; on eight Vietnamese sets no other pair was better by more than 0.002 nDCG
QUERY_K = 8  # a term said f times in a statement counts 9f / (8 + f)

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


def term_id(term: str) -> int:
    """Return the 64-bit number that stands for a term in the arrays."""
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")


def field_texts(document: Document) -> list[tuple[str, str]]:
    """Return every (field, text) of a listing that can be searched, one entry a statement."""
    return [
        ("name", document.name),
        ("vendor_name", document.vendor_name),
        ("summary", document.summary),
        ("description", document.description),
        *(("capabilities", text) for text in document.capabilities),
        *(("solves", text) for text in document.solves),
        *(("customers", text) for text in document.customers),
    ]


def weigh(document: Document) -> tuple[dict[str, float], float]:
    """Return a listing's terms with their weighted counts, and its weighted length in syllables (BM25F)."""
    counts: dict[str, float] = {}
    length = 0.0
    for name, text in field_texts(document):
        weight = FIELD_WEIGHTS[name]
        words = syllables(text)
        length += weight * len(words)
        for term, count in document_terms(words).items():
            counts[term] = counts.get(term, 0.0) + weight * count
    return counts, length


def weigh_text(text: str) -> tuple[dict[str, float], float]:
    """Return a plain text's terms with their counts, and its length in syllables."""
    words = syllables(text)
    return dict(document_terms(words)), float(len(words))


@dataclass(frozen=True, slots=True)
class Rows:
    """The terms of n texts. Row i holds ids[indptr[i]:indptr[i + 1]], sorted, with their counts beside them."""

    indptr: Ints
    ids: Ids
    counts: Floats
    lengths: Floats

    @classmethod
    def of(cls, weighed: Iterable[tuple[Mapping[str, float], float]]) -> Rows:
        ids: list[Ids] = []
        counts: list[Floats] = []
        lengths: list[float] = []
        for terms, length in weighed:
            row = np.fromiter((term_id(term) for term in terms), np.uint64, len(terms))
            order = np.argsort(row)
            ids.append(row[order])
            counts.append(np.fromiter(terms.values(), np.float32, len(terms))[order])
            lengths.append(length)
        indptr = np.concatenate([[0], np.cumsum([len(row) for row in ids], dtype=np.int64)]).astype(np.int64)
        return cls(
            indptr,
            np.concatenate(ids) if ids else np.empty(0, np.uint64),
            np.concatenate(counts) if counts else np.empty(0, np.float32),
            np.array(lengths, np.float32),
        )

    def __len__(self) -> int:
        return len(self.lengths)

    def frequencies(self) -> tuple[Ids, Ints]:
        """Return every term id, sorted, and in how many rows it stands."""
        terms, df = np.unique(self.ids, return_counts=True)
        return terms, df.astype(np.int64)

    def places(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return where the terms of these rows stand in `ids`, and for each the place of its row in `rows`."""
        sizes = self.indptr[rows + 1] - self.indptr[rows]
        owner = np.repeat(np.arange(len(rows)), sizes)
        starts = (
            np.repeat(self.indptr[rows] - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) if len(rows) else owner
        )
        return starts + np.arange(len(owner)), owner


@dataclass(frozen=True, slots=True)
class Query:
    """A statement's terms as arrays: ids sorted, each with its row count, idf and weight (idf × query frequency)."""

    ids: Ids
    df: Floats
    idf: Floats
    weights: Floats

    @classmethod
    def of(cls, terms: Mapping[str, int], df: Mapping[int, int], size: int) -> Query:
        """terms: each with its count. df: in how many of `size` texts a term id stands."""
        found = sorted((term_id(term), count) for term, count in terms.items())
        ids = np.array([number for number, _ in found], np.uint64)
        tf = np.array([count for _, count in found], np.float32)
        n = np.array([df.get(number, 0) for number, _ in found], np.float32)
        idf = np.log1p((size - n + 0.5) / (n + 0.5)).astype(np.float32)
        return cls(ids, n, idf, idf * (QUERY_K + 1) * tf / (QUERY_K + tf))


def bm25(query: Query, rows: Rows, wanted: Ints, average_length: float) -> tuple[Floats, Floats]:
    """Return for each wanted row its BM25, and the share (0 to 1) of the query's idf that its terms cover.

    Source: Robertson & Zaragoza, The Probabilistic Relevance Framework, 2009, doi:10.1561/1500000019 (Lucene's idf).
    """
    places, owner = rows.places(wanted)
    ids = rows.ids[places]
    at = np.searchsorted(query.ids, ids)
    at[at == len(query.ids)] = 0
    same = query.ids[at] == ids if len(query.ids) else np.zeros(len(ids), bool)
    at, owner, tf = at[same], owner[same], rows.counts[places][same]
    norm = K1 * (1 - B + B * rows.lengths[wanted] / max(average_length, 1e-9))
    scores = np.bincount(owner, query.weights[at] * tf * (K1 + 1) / (tf + norm[owner]), len(wanted))
    covered = np.bincount(owner, query.idf[at], len(wanted))
    return scores.astype(np.float32), (covered / max(float(query.idf.sum()), 1e-9)).astype(np.float32)


class Candidates:
    """The tantivy index over pre-analysed terms: which rows share most with a statement, roughly ranked."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._searcher = index.searcher()

    @classmethod
    def build(cls, weighed: Iterable[tuple[Mapping[str, float], float]], folder: Path | None = None) -> Candidates:
        schema = _schema()
        index = tantivy.Index(schema, path=str(folder) if folder else None)
        writer = index.writer(heap_size=64_000_000, num_threads=1)  # one thread: the same segments every time
        for row, (terms, _) in enumerate(weighed):
            said = " ".join(f"{term} " * max(1, round(count)) for term, count in terms.items())
            writer.add_document(tantivy.Document(**{_TERM_FIELD: said, "row": row}))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    @classmethod
    def open(cls, folder: Path) -> Candidates:
        return cls(tantivy.Index.open(str(folder)))

    def best(self, terms: Mapping[str, int], most: int) -> Ints:
        """Return at most `most` rows that share a term with the statement."""
        schema = _schema()
        clauses = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(schema, _TERM_FIELD, term, "freq"),
                    (QUERY_K + 1) * count / (QUERY_K + count),
                ),
            )
            for term, count in terms.items()
        ]
        hits = self._searcher.search(tantivy.Query.boolean_query(clauses), limit=most, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits]) if hits else []
        return np.array(rows, np.int64)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_TERM_FIELD, tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("row", fast=True)
    return builder.build()


def text_frequencies(rows: Rows) -> Counter[int]:
    """Return in how many rows each term id stands, as a mapping; for small collections."""
    terms, df = rows.frequencies()
    return Counter(dict(zip(terms.tolist(), df.tolist(), strict=True)))


def frequencies_of(ids: Sequence[int], terms: Ids, df: Ints) -> dict[int, int]:
    """Look these term ids up in sorted arrays of terms and their row counts."""
    wanted = np.array(ids, np.uint64)
    at = np.searchsorted(terms, wanted)
    return {
        int(number): int(df[place])
        for number, place in zip(wanted, at, strict=True)
        if place < len(terms) and terms[place] == number
    }
