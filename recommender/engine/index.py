"""The index: a base of analysed listings, and a small second segment of those that changed since it was built.

A changed listing becomes a row of the second segment and hides its row in the base. Statistics are corrected exactly,
so scores are those of a full rebuild, on every machine and whatever the order of changes. `snapshot` keeps it on disk.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from itertools import chain, islice, pairwise
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from .abbreviations import Expander
from .claims import MOST_ALSO, Claims, Reader, claims, damp
from .leaves import LeafModel, Places, known_texts, leaf_places, leaf_texts
from .lexical import (
    Candidates,
    Floats,
    Found,
    Ids,
    Ints,
    Query,
    Rows,
    RowsWriter,
    Weighed,
    bm25,
    frequencies_of,
    term_hash,
    term_id,
)
from .outside import Outside
from .quoting import Without
from .restore import Restorer
from .semantic import FIXED, Find, Matrix, Packed, centred, listing_means, listing_scores, passages, text_key
from .thesaurus import Thesaurus
from .types import Document, Knowledge, Statement

ENGINE_VERSION = "1.10"  # part of every run; a snapshot of another version is rebuilt
ALL = 1000  # a catalogue of at most so many listings is compared with every statement whole
MOST_CANDIDATES = 200  # of a larger one so many are scored by their words, and as many by their meaning
# Of a larger catalogue only the rarer words of a statement look for candidates: as many as together stand in this many
# listings, as a share of all. Every word counts again when the candidates are scored.
POSTINGS = 2.0
FEWEST_TERMS = 8
TIE_SEED = "16/CT-BTTTT"  # published: equal scores are ordered by a hash of it, so no name has an advantage
DISCONTINUED = -1  # below every level of assurance
_AT_ONCE = 1000  # listings whose vectors are fetched together
Quoting = Mapping[int, Without]  # by their places among the rows asked for
NOTHING_QUOTED: Quoting = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a snapshot was made from. sequence: the last change of the catalogue in it. model: of its vectors, "" for none.

    missing: how many listings still wait for vectors.
    """

    sequence: int
    model: str = ""
    missing: int = 0
    engine: str = ENGINE_VERSION


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides besides the score whether a listing is shown, and where: known without reading it.

    levels: its assurance, DISCONTINUED when it is offered no more. vendors: a number for each vendor. ties: the order of
    listings with equal scores. confirmed: the ordinal of the day it was last confirmed, 0 for never.
    """

    levels: NDArray[np.int8]
    vendors: Ids
    ties: Ids
    confirmed: NDArray[np.int32]

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Standing:
        told = [
            (
                one.assurance if one.available else DISCONTINUED,
                term_hash(one.vendor),
                tie(one.key),
                one.assured_on.toordinal() if one.assured_on else 0,
            )
            for one in documents
        ]
        levels, vendors, ties, confirmed = zip(*told, strict=True) if told else ((), (), (), ())
        return cls(
            np.array(levels, np.int8),
            np.array(vendors, np.uint64),
            np.array(ties, np.uint64),
            np.array(confirmed, np.int32),
        )

    def take(self, places: Ints) -> Standing:
        return Standing(self.levels[places], self.vendors[places], self.ties[places], self.confirmed[places])


def tie(key: str) -> int:
    """Return the number that orders listings with equal scores, the least first: a hash with a published seed."""
    return int.from_bytes(blake2b(f"{TIE_SEED}\n{key}".encode(), digest_size=8).digest(), "big")


@dataclass(frozen=True)
class Segment:
    """Some listings, analysed. Row i of every array is documents[i]."""

    rows: Rows
    vector_indptr: Ints
    vectors: Packed  # centred; a listing without vectors has no rows here
    means: Packed  # one a listing, to find what is near; none when every listing is compared exactly
    key_hashes: Ids  # sorted
    key_rows: Ints  # whose they are
    categories: Places  # among the leaves; scoring a listing must not cost reading it
    documents: Sequence[Document]
    support: Matrix  # how far its text bears out each category, see `Claims`
    standing: Standing

    @classmethod
    def of(
        cls,
        documents: Sequence[Document],
        rows: Rows,
        vectors: tuple[Ints, Packed],
        leaves: Sequence[str],
        support: Matrix,
        *,
        means: bool = False,
    ) -> Segment:
        """leaves: the keys of all leaves. means: whether there are too many listings to compare each exactly."""
        told = [(term_hash(document.key), document.leaves) for document in documents]
        hashes = np.array([number for number, _ in told], np.uint64)
        order = np.argsort(hashes, kind="stable")
        near = listing_means(*vectors) if means else Packed.none()
        categories = leaf_places([keys for _, keys in told], leaves)
        standing = Standing.of(documents)
        return cls(rows, *vectors, near, hashes[order], order, categories, documents, support, standing)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def keys(self) -> list[str]:
        return [document.key for document in self.documents]

    @cached_property
    def place(self) -> Mapping[str, int]:
        return _Places(self)

    @cached_property
    def waiting(self) -> NDArray[np.bool_]:
        """Which rows have no vectors."""
        return np.diff(self.vector_indptr) == 0

    def document(self, row: int) -> Document:
        return self.documents[row]

    def nearest(self, vector: Matrix | None) -> list[int]:
        """Return the rows nearest in meaning, of those that have vectors."""
        if vector is None or not len(self.vectors):
            return []
        most = _most(self)
        if len(self.means) > most:
            rough, off = self.means.rough(vector)
            rough[self.waiting] = -np.inf
            least = np.partition(rough, -most)[
                -most
            ]  # of `most` listings at least, so nobody further below is among them
            rows = np.flatnonzero((rough >= least - 2 * off) & np.isfinite(rough))
            scores = self.means.take(rows).similarity(vector)
        else:
            exact, _ = listing_scores(self.vectors.similarity(vector), self.vector_indptr)
            rows = np.flatnonzero(~self.waiting & ~np.isnan(exact))
            scores = exact[rows]
        near = np.argpartition(scores, -most)[-most:] if len(scores) > most else slice(None)
        return rows[near].tolist()

    def passages(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return where the vectors of these rows stand in `vectors`, and where each row's begin among them."""
        starts = self.vector_indptr[rows]
        sizes = self.vector_indptr[rows + 1] - starts
        indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return np.repeat(starts - indptr[:-1], sizes) + np.arange(indptr[-1]), indptr


def _most(segment: Segment) -> int:
    return ALL if len(segment) <= ALL else MOST_CANDIDATES


class _Places(Mapping[str, int]):
    """The row of each key, by its hash: keys of a snapshot stay on disk."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def __getitem__(self, key: str) -> int:
        segment = self._segment
        wanted = np.uint64(term_hash(key))
        first, end = (np.searchsorted(segment.key_hashes, wanted, side) for side in ("left", "right"))
        for row in segment.key_rows[first:end].tolist():
            if segment.documents[row].key == key:
                return int(row)
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._segment)

    def __iter__(self) -> Iterator[str]:
        return iter(self._segment.keys)


def _vectors(
    documents: Iterable[Document],
    weigh: Callable[[int, Document], Sequence[float]],
    find: Find,
    model: str,
    centre: Matrix | None,
) -> tuple[Ints, Packed]:
    """Return the centred vectors of those listings of which every passage has one.

    weigh: how much each passage of a listing counts, see `Claims.passages`; asked only where all vectors are there, as
    answering can mean to analyse the listing again.
    """
    sizes: list[int] = [0]
    found = [Packed.none(1 if centre is None else len(centre))]
    remaining = enumerate(documents)
    while some := list(islice(remaining, _AT_ONCE)):
        if centre is None:
            sizes += [0] * len(some)
            continue
        keys = [[text_key(text, model) for text in passages(document)] for _, document in some]
        have = find([key for of_one in keys for key in of_one])
        complete = [of_one if all(key in have for key in of_one) else [] for of_one in keys]
        sizes += [len(of_one) for of_one in complete]
        for of_one, (at, document) in zip(complete, some, strict=True):
            if of_one:
                own = centred(np.array([have[key] for key in of_one], np.float32), centre)
                found.append(Packed.of(damp(own, weigh(at, document))))
    return np.cumsum(sizes).astype(np.int64), Packed.joined(found)


def models(
    knowledge: Knowledge, vectors: Matrix | None
) -> tuple[LeafModel, Outside, Expander, Restorer, Thesaurus, Reader]:
    """Make ready what is known besides the listings. vectors: centred, in the order of `known_texts`."""
    of_leaves = len(leaf_texts(knowledge))
    return (
        LeafModel.of(knowledge, None if vectors is None else vectors[:of_leaves]),
        Outside.of(knowledge.outside, None if vectors is None else vectors[of_leaves:]),
        Expander(knowledge.abbreviations),
        Restorer.of(knowledge),
        Thesaurus(knowledge.synonyms),
        Reader.of(knowledge),
    )


@dataclass(frozen=True)
class Index:
    """All that the engine asks. Immutable: `with_changes` returns another one, so a thread may keep what it has."""

    stamp: Stamp
    knowledge: Knowledge
    leaves: LeafModel
    outside: Outside
    expander: Expander
    restorer: Restorer
    thesaurus: Thesaurus
    reader: Reader
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
        of_knowledge = models(knowledge, near)
        writer = _Writer(of_knowledge[-1])
        candidates = Candidates.build(writer.each(documents), folder)
        vectors = _vectors(documents, lambda at, _: writer.passages[at], find, model, centre)
        leaves = [leaf.key for leaf in knowledge.leaves]
        base = Segment.of(documents, writer.rows.rows(), vectors, leaves, writer.support(), means=len(documents) > ALL)
        missing = len(documents) if centre is None else int(base.waiting.sum())
        return cls(
            Stamp(sequence, model if centre is not None else "", missing if model else 0),
            knowledge,
            *of_knowledge,
            centre,
            base,
            candidates,
        )

    def with_changes(self, changes: Mapping[str, Document | None], sequence: int, find: Find) -> Index:
        """Return the index as it is after these listings changed (None: gone) at that sequence."""
        new = [document for document in changes.values() if document is not None]
        hidden = self.hidden | {self.base.place[key] for key in changes if key in self.base.place}
        old = self.delta or _NOTHING
        kept = [row for row, document in enumerate(old.documents) if document.key not in changes]
        documents = [*(old.documents[row] for row in kept), *new]
        # What did not change is not analysed again: two percent of a large catalogue would take seconds.
        analysed = {document.key: claims(document, self.reader) for document in new}
        rows = old.rows.take(np.array(kept, np.int64)).followed_by(Rows.of(one.said for one in analysed.values()))
        support = np.concatenate([old.support[kept], _supports(analysed.values())])
        order = np.array(sorted(range(len(documents)), key=lambda row: documents[row].key), np.int64)
        listed = [documents[row] for row in order.tolist()]
        vectors = self._vectors_of(listed, analysed, changes, find)
        delta = Segment.of(listed, rows.take(order), vectors, self.leaves.keys, support[order])
        changed = replace(self, delta=delta if listed else None, hidden=frozenset(hidden))
        return replace(changed, stamp=replace(self.stamp, sequence=sequence, missing=changed._missing()))

    def _missing(self) -> int:
        """Return how many listings still wait for vectors."""
        if self.centre is None:  # none has any, as `build` counts them where a model is there at all
            return len(self) if self.stamp.missing else 0
        waiting = self.base.waiting
        hidden = int(waiting[np.array(sorted(self.hidden), np.int64)].sum())
        return int(waiting.sum()) - hidden + (int(self.delta.waiting.sum()) if self.delta else 0)

    def _vectors_of(
        self, documents: Sequence[Document], analysed: Mapping[str, Claims], changed: Container[str], find: Find
    ) -> tuple[Ints, Packed]:
        """Return the vectors of the second segment: what it has already, and what can be found for the others."""
        old = self.delta or _NOTHING
        have: dict[str, Packed] = {}
        for row, document in enumerate(old.documents):
            start, end = old.vector_indptr[row], old.vector_indptr[row + 1]
            if end > start and document.key not in changed:
                have[document.key] = old.vectors.take(slice(start, end))
        waiting = [document for document in documents if document.key not in have]

        def weigh(_: int, document: Document) -> Sequence[float]:
            return (analysed.get(document.key) or claims(document, self.reader)).passages

        indptr, vectors = _vectors(waiting, weigh, find, self.stamp.model, self.centre)
        for document, bounds in zip(waiting, pairwise(indptr.tolist()), strict=True):
            have[document.key] = vectors.take(slice(*bounds))
        parts = [have[document.key] for document in documents]
        return np.cumsum([0, *(len(part) for part in parts)]), Packed.joined([vectors.take(slice(0)), *parts])

    # Asking. A row number below len(base) is a row of the base, one above is a row of the delta.

    def __len__(self) -> int:
        return len(self.base) - len(self.hidden) + (len(self.delta) if self.delta else 0)

    @property
    def changed(self) -> int:
        """How many rows differ from the snapshot on disk."""
        return len(self.hidden) + (len(self.delta) if self.delta else 0)

    def document(self, row: int) -> Document:
        size = len(self.base)
        if row < size:
            return self.base.document(row)
        assert self.delta is not None  # noqa: S101 (no caller can have such a row otherwise)
        return self.delta.document(row - size)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The name of each category leaf, by its key."""
        return {leaf.key: leaf.label for leaf in self.knowledge.leaves}

    def documents(self) -> Iterator[Document]:
        """Yield every listing, in no promised order."""
        yield from (self.base.document(row) for row in range(len(self.base)) if row not in self.hidden)
        if self.delta:
            yield from self.delta.documents

    def spelt(self, statement: Statement) -> str:
        """Return the text whose meaning is compared: that of the statement, with its marks put back where it has none."""
        return statement.text if statement.marked else self.restorer.restore(statement.text)

    def candidates(self, terms: Mapping[str, float], vector: Matrix | None) -> Ints:
        """Return the rows worth scoring: those that have some of the terms, and the nearest in meaning."""
        found = set(self.candidates_index.best(self._asked(terms), _most(self.base)).tolist())
        found.update(self.base.nearest(vector))
        found -= self.hidden
        if self.delta:
            local = np.arange(len(self.delta))
            words, covered = bm25(self.query(terms), self.delta.rows, local, self._average_length)
            best = np.argsort(-words, kind="stable")[: _most(self.delta)]
            near = {*best[covered[best] > 0].tolist(), *self.delta.nearest(vector)}
            found.update(len(self.base) + row for row in near)
        return np.array(sorted(found), np.int64)

    def _asked(self, terms: Mapping[str, float]) -> Mapping[str, float]:
        """Return the terms that look for candidates in the base: all of them when it is small, else the rarest."""
        if len(self.base) <= ALL:
            return terms
        df = frequencies_of([term_id(term) for term in terms], self.base.rows.terms, self.base.rows.df)
        left = POSTINGS * len(self.base)
        asked: dict[str, float] = {}
        for count, term in sorted((df[term_id(term)], term) for term in terms if term_id(term) in df):
            if (left := left - count) < 0 and len(asked) >= FEWEST_TERMS:
                break
            asked[term] = terms[term]
        return asked

    def query(self, terms: Mapping[str, float]) -> Query:
        """Weigh the terms by how rare they are in the catalogue as it stands."""
        ids = [term_id(term) for term in terms]
        df = frequencies_of(ids, self.base.rows.terms, self.base.rows.df)
        for number, count in self._hidden_frequencies(ids).items():
            df[number] = df.get(number, 0) - count
        if self.delta:
            for number, count in frequencies_of(ids, self.delta.rows.terms, self.delta.rows.df).items():
                df[number] = df.get(number, 0) + count
        return Query.of(terms, df, len(self))

    def lexical(
        self, query: Query, wider: Query, rows: Ints, quoting: Quoting = NOTHING_QUOTED
    ) -> tuple[Floats, Floats, Floats]:
        """Return for each row BM25 and covered share of idf for a query, and BM25 for one that holds its terms and more.

        quoting: the listings of some places in `rows` without what they quote.
        """
        out = np.zeros((3, len(rows)), np.float32)
        weights, idf = query.among(wider)
        of_segments = ((segment.rows, places, local) for segment, places, local in self._split(rows))
        for texts, places, local in chain(of_segments, _read_again(quoting)):
            found = Found.of(wider, texts, local, self._average_length)
            out[:, places] = found.scores(weights), found.covered(idf), found.scores(wider.weights)
        return out[0], out[1], out[2]

    def support(self, rows: Ints, quoting: Quoting = NOTHING_QUOTED) -> Matrix:
        """Return for each row how far its text bears out its categories, see `Claims`."""
        out = np.zeros((len(rows), 1 + MOST_ALSO), np.float32)
        for segment, places, local in self._split(rows):
            out[places] = segment.support[local]
        for place, without in quoting.items():
            out[place] = without.claims.support
        return out

    def standing(self, rows: Ints) -> Standing:
        size = len(rows)
        vendors, ties = np.zeros((2, size), np.uint64)
        out = Standing(np.zeros(size, np.int8), vendors, ties, np.zeros(size, np.int32))
        for segment, places, local in self._split(rows):
            of_some = segment.standing.take(local)
            out.levels[places], out.vendors[places], out.ties[places] = of_some.levels, of_some.vendors, of_some.ties
            out.confirmed[places] = of_some.confirmed
        return out

    def semantic(self, vector: Matrix, rows: Ints, quoting: Quoting = NOTHING_QUOTED) -> tuple[Floats, Matrix, Ints]:
        """Return the similarity of each row (NaN: no vectors), and of every solve with the place in `rows` of its owner."""
        scores = np.full(len(rows), np.nan, np.float32)
        solves: list[Matrix] = [np.empty(0, np.float32)]
        owners: list[Ints] = [np.empty(0, np.int64)]
        for segment, places, local in self._split(rows):
            if not len(segment.vectors):
                continue
            at, indptr = segment.passages(local)
            similarity = segment.vectors.take(at).similarity(vector)
            for place, without in quoting.items():
                for mine in np.flatnonzero((places == place) & (np.diff(indptr) > 0)).tolist():
                    own = slice(indptr[mine], indptr[mine + 1])
                    similarity[own] = damp(similarity[own, None], without.passages)[:, 0]
            scores[places], _ = listing_scores(similarity, indptr)
            owner = np.repeat(np.arange(len(local)), np.diff(indptr))
            solved = np.flatnonzero(np.arange(len(at)) - indptr[owner] >= FIXED)
            solves.append(similarity[solved])
            owners.append(places[owner[solved]])
        return scores, np.concatenate(solves), np.concatenate(owners)

    def categories(self, rows: Ints) -> Places:
        """Return the places among the leaves of each row's categories, −1 where there are no more."""
        wide = max(segment.categories.shape[1] for segment in (self.base, self.delta) if segment is not None)
        out = np.full((len(rows), wide), -1, np.int16)
        for segment, places, local in self._split(rows):
            out[places, : segment.categories.shape[1]] = segment.categories[local]
        return out

    def _split(self, rows: Ints) -> Iterator[tuple[Segment, Ints, Ints]]:
        """Yield for each segment the places in `rows` that are its own, and their rows in it."""
        size = len(self.base)
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
        rows = self.base.rows
        places, _ = rows.places(np.array(sorted(self.hidden), np.int64))
        at, counts = np.unique(rows.at[places], return_counts=True)
        return rows.terms[at], counts.astype(np.int64)

    def _hidden_frequencies(self, ids: Sequence[int]) -> dict[int, int]:
        return frequencies_of(ids, *self._hidden_terms) if self.hidden else {}


def _read_again(quoting: Quoting) -> Iterator[tuple[Rows, Ints, Ints]]:
    """Yield the listings that were read again for one statement as rows of their own, with their places."""
    if quoting:
        yield Rows.of(one.claims.said for one in quoting.values()), np.array(list(quoting)), np.arange(len(quoting))


class _Writer:
    """Analyses listings for two indexes at once: what `each` yields goes to the candidates', the rest is kept here."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.rows = RowsWriter()
        self.passages: list[tuple[float, ...]] = []
        self._support = array("f")

    def each(self, documents: Iterable[Document]) -> Iterator[Weighed]:
        for document in documents:
            found = claims(document, self._reader)
            self.rows.add(*found.said)
            self.passages.append(found.passages)
            self._support.extend(found.support)
            yield found.said[:2]

    def support(self) -> Matrix:
        return np.array(self._support, np.float32).reshape(-1, 1 + MOST_ALSO)


def _supports(found: Iterable[Claims]) -> Matrix:
    return np.array([one.support for one in found], np.float32).reshape(-1, 1 + MOST_ALSO)


_NOTHING = Segment.of(
    [], Rows.of([]), (np.zeros(1, np.int64), Packed.none()), (), np.zeros((0, 1 + MOST_ALSO), np.float32)
)
