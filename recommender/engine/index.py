"""The index: a base of analysed listings, and a small second segment of those that changed since it was built.

A changed listing becomes a row of the second segment and hides its row in the base. Statistics are corrected exactly,
so scores are those of a full rebuild, on every machine and whatever the order of changes. `snapshot` keeps it on disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from .abbreviations import Expander
from .leaves import LeafModel, known_texts, leaf_texts
from .lexical import Candidates, Floats, Ids, Ints, Query, Rows, bm25, frequencies_of, term_id, weigh
from .outside import Outside
from .semantic import FIXED, Find, Matrix, centred, listing_scores, passages, text_key
from .types import Document, Knowledge, Statement

ENGINE_VERSION = "1.0"  # part of every run; a snapshot of another version is rebuilt
MOST_CANDIDATES = 1000
Weighed = tuple[Mapping[str, float], float]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a snapshot was made from. sequence: the last change of the catalogue in it. model: of its vectors, "" for none.

    missing: how many listings still wait for vectors.
    """

    sequence: int
    model: str = ""
    missing: int = 0
    engine: str = ENGINE_VERSION


@dataclass(frozen=True)
class Segment:
    """Some listings, analysed. Row i of every array is listing keys[i]."""

    keys: tuple[str, ...]
    rows: Rows
    terms: Ids
    df: Ints
    vector_indptr: Ints
    vectors: Matrix  # centred, float16 on disk; a listing without vectors has no rows here
    documents: Sequence[Document]

    @cached_property
    def place(self) -> Mapping[str, int]:
        return {key: row for row, key in enumerate(self.keys)}

    def document(self, row: int) -> Document:
        return self.documents[row]

    @classmethod
    def of(
        cls, documents: Sequence[Document], find: Find, model: str, centre: Matrix | None
    ) -> tuple[Segment, list[Weighed]]:
        """Analyse the listings; also return their weighed terms, for the candidates' index."""
        weighed: list[Weighed] = [weigh(document) for document in documents]
        rows = Rows.of(weighed)
        terms, df = rows.frequencies()
        indptr, vectors = _vectors(documents, find, model, centre)
        return cls(tuple(document.key for document in documents), rows, terms, df, indptr, vectors, documents), weighed


def _vectors(documents: Sequence[Document], find: Find, model: str, centre: Matrix | None) -> tuple[Ints, Matrix]:
    """Return the centred vectors of those listings of which every passage has one."""
    if centre is None:
        return np.zeros(len(documents) + 1, np.int64), np.zeros((0, 1), np.float16)
    keys = [[text_key(text, model) for text in passages(document)] for document in documents]
    have = find([key for of_one in keys for key in of_one])
    complete = [of_one if all(key in have for key in of_one) else [] for of_one in keys]
    indptr = np.concatenate([[0], np.cumsum([len(of_one) for of_one in complete])]).astype(np.int64)
    flat = [have[key] for of_one in complete for key in of_one]
    vectors = centred(np.array(flat, np.float32), centre) if flat else np.zeros((0, len(centre)), np.float32)
    return indptr, vectors.astype(np.float16)


def models(knowledge: Knowledge, vectors: Matrix | None) -> tuple[LeafModel, Outside]:
    """Make ready what is known besides the listings. vectors: centred, in the order of `known_texts`."""
    of_leaves = len(leaf_texts(knowledge))
    return (
        LeafModel.of(knowledge, None if vectors is None else vectors[:of_leaves]),
        Outside.of(knowledge.outside, None if vectors is None else vectors[of_leaves:]),
    )


@dataclass(frozen=True)
class Index:
    """All that the engine asks. Immutable: `with_changes` returns another one, so a thread may keep what it has."""

    stamp: Stamp
    knowledge: Knowledge
    leaves: LeafModel
    outside: Outside
    expander: Expander
    centre: Matrix | None
    base: Segment
    candidates_index: Candidates
    name: str = "memory"
    delta: Segment | None = None
    hidden: frozenset[int] = frozenset()  # rows of the base that the delta replaces or the catalogue took away

    # Building

    @classmethod
    def build(
        cls,
        documents: Sequence[Document],
        knowledge: Knowledge,
        find: Find,
        *,
        sequence: int = 0,
        model: str = "",
        folder: Path | None = None,
    ) -> Index:
        """Analyse everything. folder: where the candidates' index is kept; in memory without one."""
        texts = known_texts(knowledge)
        have = find([text_key(text, model) for text in texts]) if model else {}
        raw = [have.get(text_key(text, model)) for text in texts]
        known = [vector for vector in raw if vector is not None]
        # These texts say what every vector shares: few, curated and the same on every machine.
        complete = bool(texts) and len(known) == len(texts)
        centre = np.array(known, np.float32).mean(axis=0) if complete else None
        near = centred(np.array(known, np.float32), centre) if centre is not None else None
        base, weighed = Segment.of(documents, find, model, centre)
        missing = len(documents) if centre is None else int((np.diff(base.vector_indptr) == 0).sum())
        return cls(
            Stamp(sequence, model if centre is not None else "", missing if model else 0),
            knowledge,
            *models(knowledge, near),
            Expander(knowledge.abbreviations),
            centre,
            base,
            Candidates.build(weighed, folder),
        )

    def with_changes(self, changes: Mapping[str, Document | None], sequence: int, find: Find) -> Index:
        """Return the index as it is after these listings changed (None: gone) at that sequence."""
        documents = {} if self.delta is None else dict(zip(self.delta.keys, self.delta.documents, strict=True))
        documents.update({key: document for key, document in changes.items() if document is not None})
        for key in changes.keys() - {key for key, document in changes.items() if document is not None}:
            documents.pop(key, None)
        hidden = self.hidden | {self.base.place[key] for key in changes if key in self.base.place}
        listed = sorted(documents.values(), key=lambda document: document.key)
        delta, _ = Segment.of(listed, find, self.stamp.model, self.centre)
        return replace(
            self,
            stamp=replace(self.stamp, sequence=sequence),
            delta=delta if listed else None,
            hidden=frozenset(hidden),
        )

    # Asking. A row number below len(base) is a row of the base, one above is a row of the delta.

    def __len__(self) -> int:
        return len(self.base.keys) - len(self.hidden) + (len(self.delta.keys) if self.delta else 0)

    @property
    def changed(self) -> int:
        """How many rows differ from the snapshot on disk."""
        return len(self.hidden) + (len(self.delta.keys) if self.delta else 0)

    def document(self, row: int) -> Document:
        size = len(self.base.keys)
        if row < size:
            return self.base.document(row)
        assert self.delta is not None  # noqa: S101 (no caller can have such a row otherwise)
        return self.delta.document(row - size)

    def documents(self) -> Iterator[Document]:
        """Yield every listing, in no promised order."""
        yield from (self.base.document(row) for row in range(len(self.base.keys)) if row not in self.hidden)
        if self.delta:
            yield from self.delta.documents

    def candidates(self, statement: Statement, vector: Matrix | None) -> Ints:
        """Return the rows worth scoring: those that share words with the statement, and the nearest in meaning."""
        found = set(self.candidates_index.best(statement.terms, MOST_CANDIDATES).tolist())
        found.update(_nearest(self.base, vector))
        found -= self.hidden
        if self.delta:
            local = np.arange(len(self.delta.keys))
            words, _ = bm25(self.query(statement), self.delta.rows, local, self._average_length)
            near = {*np.flatnonzero(words > 0).tolist(), *_nearest(self.delta, vector)}
            found.update(len(self.base.keys) + row for row in near)
        return np.array(sorted(found), np.int64)

    def query(self, statement: Statement) -> Query:
        """Weigh the statement's terms by how rare they are in the catalogue as it stands."""
        ids = [term_id(term) for term in statement.terms]
        df = frequencies_of(ids, self.base.terms, self.base.df)
        for number, count in self._hidden_frequencies(ids).items():
            df[number] = df.get(number, 0) - count
        if self.delta:
            for number, count in frequencies_of(ids, self.delta.terms, self.delta.df).items():
                df[number] = df.get(number, 0) + count
        return Query.of(statement.terms, df, len(self))

    def lexical(self, query: Query, rows: Ints) -> tuple[Floats, Floats]:
        """Return BM25 and covered share of idf for each row."""
        scores, covered = np.zeros(len(rows), np.float32), np.zeros(len(rows), np.float32)
        for segment, places, local in self._split(rows):
            scores[places], covered[places] = bm25(query, segment.rows, local, self._average_length)
        return scores, covered

    def semantic(self, vector: Matrix, rows: Ints) -> tuple[Floats, Matrix, Ints]:
        """Return the similarity of each row (NaN: no vectors), and of every solve with the place in `rows` of its owner."""
        scores = np.full(len(rows), np.nan, np.float32)
        solves: list[Matrix] = [np.empty(0, np.float32)]
        owners: list[Ints] = [np.empty(0, np.int64)]
        for segment, places, local in self._split(rows):
            if not len(segment.vectors):
                continue
            similarity = segment.vectors.astype(np.float32) @ vector
            sizes = np.diff(segment.vector_indptr)
            all_scores, _ = listing_scores(similarity, segment.vector_indptr)
            scores[places] = all_scores[local]
            for place, row in zip(places, local, strict=True):
                start, end = segment.vector_indptr[row] + FIXED, segment.vector_indptr[row + 1]
                if sizes[row] > FIXED:
                    solves.append(similarity[start:end])
                    owners.append(np.full(end - start, place, np.int64))
        return scores, np.concatenate(solves), np.concatenate(owners)

    def _split(self, rows: Ints) -> Iterator[tuple[Segment, Ints, Ints]]:
        """Yield for each segment the places in `rows` that are its own, and their rows in it."""
        size = len(self.base.keys)
        for segment, mine, first in ((self.base, rows < size, 0), (self.delta, rows >= size, size)):
            if segment is not None and mine.any():
                yield segment, np.flatnonzero(mine), rows[mine] - first

    @cached_property
    def _average_length(self) -> float:
        lengths = np.concatenate([segment.rows.lengths for segment in (self.base, self.delta) if segment is not None])
        total = float(lengths.sum(dtype=np.float64))
        total -= float(sum(float(self.base.rows.lengths[row]) for row in self.hidden))
        return total / max(len(self), 1)

    @cached_property
    def _hidden_terms(self) -> tuple[Ids, Ints]:
        places, _ = self.base.rows.places(np.array(sorted(self.hidden), np.int64))
        terms, counts = np.unique(self.base.rows.ids[places], return_counts=True)
        return terms, counts.astype(np.int64)

    def _hidden_frequencies(self, ids: Sequence[int]) -> dict[int, int]:
        return frequencies_of(ids, *self._hidden_terms) if self.hidden else {}


def _nearest(segment: Segment, vector: Matrix | None) -> list[int]:
    """Return the rows nearest in meaning, of those that have vectors."""
    if vector is None or not len(segment.vectors):
        return []
    scores, _ = listing_scores(segment.vectors.astype(np.float32) @ vector, segment.vector_indptr)
    known = np.flatnonzero(np.isfinite(scores))
    return known[np.argsort(-scores[known], kind="stable")[:MOST_CANDIDATES]].tolist()
