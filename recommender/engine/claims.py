"""What a listing's own text may claim: which of its words count, and how much.

Whoever writes a listing wants it found, and a search engine believes every word. These rules keep text from buying rank.
Each looks at one listing alone, and at what the catalogue keeps of it, so a change is analysed exactly as a full build
would.

  seen          markup, what it hides, and letters of no width do not count (`text.visible`)
  said once     a word counts once a sentence, a sentence that repeats another not at all, and only so much of a field
  one's own     a sentence that another vendor's listing said first does not count, nor does it bear out a category
  corroborated  what only one piece of a listing says counts up to a share of what the rest says (`lexical.bm25`)
  one product   a field that speaks of another category than the listing's counts less, or not at all
  borne out     a category that the listing's own text does not bear out counts less, or not at all

The last four are not asked of a vetted listing: a reviewer has confirmed what it is. Text that does not count still makes
a listing longer, so it can only cost places.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log1p

import numpy as np
from numpy.typing import NDArray

from catalogue.common.copies import folded, passage_key

from .lexical import FIELD_WEIGHTS, K1, SEVERAL, B, Said, field_texts, weigh_text
from .text import document_terms, sentences, syllables
from .types import Assurance, Document, Knowledge

# Syllables of a field that count: about three times the longest of the seed catalogue.
FIELD_SYLLABLES = {
    "name": 24,
    "vendor_name": 24,
    "summary": 80,
    "description": 300,
    "capabilities": 200,
    "solves": 400,
    "customers": 150,
}
MOST_OFTEN = 6  # sentences that say a word; BM25 has nearly stopped growing there
MOST_ALSO = 3  # further categories that count
SAME = 0.7  # share of a sentence's terms that an earlier one has, from which it only repeats
BULK = 1 / 3  # share of a listing's syllables from which a piece is the listing, and needs no other to corroborate it
VOICES = ("summary", "description", "capabilities", "solves")  # each one voice, however long, on what the product is
STRAY = 8.0  # BM25 with a category by stray words; a text that reaches no more speaks of nothing in particular
COMMON = 0.8  # quantile of the categories; what a text has in common with so many is no sign of any of them
# Evidence for a declared category as a share of that for the category the text speaks of most. Of the seed catalogue
# 98 % reach 0.44 with their main category, of the others 95 % stay below 0.25.
UNFOUNDED = (0.2, 0.35)
# The same for one field, and one sentence, and all the categories that are borne out.
FOREIGN_FIELD = (0.1, 0.25)
FOREIGN_SENTENCE = (0.2, 0.4)
CONTRADICTED = 0.25  # how much a listing counts that says nothing of any category it declares, but of another
STEPS = 4  # a weight is a number of quarters: a few counts, which an index keeps in one byte
MOST_PIECES = 63  # told apart by a byte of an index; what follows counts as one


@dataclass(frozen=True, slots=True)
class Reader:
    """Tells by its words which category leaves a text speaks of. table: BM25 of term (row) and leaf (column)."""

    keys: tuple[str, ...]
    places: dict[str, int]
    table: NDArray[np.float32]

    @classmethod
    def of(cls, knowledge: Knowledge) -> Reader:
        known = [weigh_text(" ".join([leaf.label, *leaf.terms, *leaf.needs])) for leaf in knowledge.leaves]
        places: dict[str, int] = {}
        for terms, _ in known:
            for term in terms:
                places.setdefault(term, len(places))
        tf = np.zeros((len(places), len(known)), np.float32)
        for leaf, (terms, _) in enumerate(known):
            tf[[places[term] for term in terms], leaf] = list(terms.values())
        lengths = np.array([length for _, length in known], np.float32)
        norm = K1 * (1 - B + B * lengths / max(float(lengths.mean()) if known else 0.0, 1e-9))
        df = (tf > 0).sum(axis=1).tolist()
        idf = np.array([log1p((len(known) - n + 0.5) / (n + 0.5)) for n in df], np.float32)
        return cls(
            tuple(leaf.key for leaf in knowledge.leaves),
            places,
            (idf[:, None] * tf * (K1 + 1) / (tf + norm)).astype(np.float32),
        )

    @property
    def _common(self) -> int:
        return int(COMMON * (len(self.keys) - 1))

    def read(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Return for each text, given by its terms, the BM25 with every leaf above what it has with most: n × leaves."""
        known = [[self.places[term] for term in terms if term in self.places] for terms in texts]
        out = np.zeros((len(texts), len(self.keys)), np.float32)
        some = [place for place, found in enumerate(known) if found]
        if some:
            starts = np.cumsum([0, *(len(known[place]) for place in some[:-1])])
            out[some] = np.add.reduceat(self.table[[term for place in some for term in known[place]]], starts, axis=0)
            common = np.partition(out, self._common, axis=1)[:, self._common]
            out = np.maximum(out - common[:, None], 0)
        return out


@dataclass(frozen=True, slots=True)
class Claims:
    """A listing as it counts.

    said: terms with their weighted counts, the weighted length of all that was said, counted or not, and the piece that
    alone says a term. support: how far the text bears out the category and the further ones, `1 + MOST_ALSO` shares of
    0 to 1. passages: how much each text of `semantic.passages` counts, 0 to 1.
    """

    said: Said
    support: tuple[float, ...]
    passages: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Sentence:
    field: str
    item: int  # place among the texts of its field
    terms: tuple[str, ...]
    size: int
    new: bool  # no earlier one says it
    own: bool  # no other vendor's listing said it first

    @property
    def counts(self) -> bool:
        return self.new and self.own


def claims(document: Document, reader: Reader) -> Claims:
    """Return what counts of a listing."""
    said, length = _said(document)
    declared = [document.category, *document.also[:MOST_ALSO]]
    places = [reader.keys.index(key) if key in reader.keys else -1 for key in declared]
    support, weights = [1.0] * len(places), [1.0] * len(said)
    if document.assurance < Assurance.VETTED and reader.keys:
        readings = reader.read([one.terms for one in said]).astype(np.float64)
        voices = _voices(said, readings)
        whole = np.sum(list(voices.values()), axis=0)
        borrowed = np.sum(list(_voices(said, readings, own=False).values()), axis=0)
        support = [_support(whole, borrowed, place) for place in places]
        own = {place: share for place, share in zip(places, support, strict=True) if share} or {
            int((whole if whole.any() else borrowed).argmax()): 1.0
        }
        trust = 1.0 if any(support) else CONTRADICTED
        of_field = {field: _weight(voice, own, 0.1, FOREIGN_FIELD) for field, voice in voices.items()}
        weights = [
            trust
            * of_field.get(one.field, 1.0)
            * (one.field == "vendor_name" or _weight(reading, own, STRAY, FOREIGN_SENTENCE))
            for one, reading in zip(said, readings, strict=True)
        ]
    counts: dict[str, float] = {}
    for one, share in zip(said, weights, strict=True):
        if weight := FIELD_WEIGHTS[one.field] * _quarters(share) * one.counts:
            for term in one.terms:
                counts[term] = counts.get(term, 0.0) + weight
    most = {term: min(count, MOST_OFTEN) for term, count in counts.items()}
    alone = _alone(said) if document.assurance < Assurance.VETTED else {}
    support += [0.0] * (1 + MOST_ALSO - len(support))
    return Claims(
        (most, length, [alone.get(term, SEVERAL) for term in most]),
        tuple(support),
        tuple(_passages(document, said, weights)),
    )


def _said(document: Document) -> tuple[list[_Sentence], float]:
    """Return the sentences within the bounds of their fields, and the weighted length of all that was said."""
    found: list[_Sentence] = []
    length = 0.0
    room = dict(FIELD_SYLLABLES)
    items: Counter[str] = Counter()
    first: dict[str, int] = {}  # the sentence that says a term first
    borrowed = borrowed_keys(document)
    for field, text in field_texts(document):
        for sentence in sentences(text):
            words = syllables(sentence)
            length += FIELD_WEIGHTS[field] * len(words)
            own = not borrowed or key_of(words) not in borrowed
            words = words[: room[field]]
            room[field] -= len(words)
            if words:
                terms = tuple(document_terms(words))
                before = Counter(first[term] for term in terms if term in first)
                new = max(before.values(), default=0) < SAME * len(terms) or field in ("name", "vendor_name")
                for term in terms:
                    first.setdefault(term, len(found))
                found.append(_Sentence(field, items[field], terms, len(words), new, own))
        items[field] += 1
    return found, length


def borrowed_keys(document: Document) -> frozenset[str]:
    """Return the keys of the sentences that do not count as the listing's own."""
    return frozenset(document.borrowed if document.assurance < Assurance.VETTED else ())


def key_of(words: Sequence[str]) -> str:
    """Return the key of a sentence, given by its syllables."""
    return passage_key(folded(words))


def _alone(said: Sequence[_Sentence]) -> dict[str, int]:
    """Return for each term the number of the piece that alone says it, from 1; SEVERAL where no one piece does."""
    numbers: dict[tuple[str, int], int] = {}
    sizes: Counter[int] = Counter()
    found: dict[str, int] = {}
    for at, one in enumerate(said):
        piece = min(
            numbers.setdefault((one.field, at if one.field == "description" else one.item), len(numbers) + 1),
            MOST_PIECES,
        )
        if one.counts:
            sizes[piece] += one.size
            for term in one.terms:
                if found.setdefault(term, piece) != piece:
                    found[term] = SEVERAL
    bulk = {piece for piece, size in sizes.items() if size >= BULK * sizes.total()}
    return {term: SEVERAL if piece in bulk else piece for term, piece in found.items()} if bulk else found


def _voices(
    said: Sequence[_Sentence], readings: NDArray[np.float64], *, own: bool = True
) -> dict[str, NDArray[np.float64]]:
    """Return for each field what it speaks of: the mean of its sentences, each a voice of less than 1.

    own: whether the listing's own sentences are asked, or those that it borrowed; the others are silent.
    """
    each = readings / (STRAY + readings.max(axis=1, initial=0, keepdims=True))
    found = {}
    for field in VOICES:
        all_said = [at for at, one in enumerate(said) if one.field == field and one.new]
        asked = [at for at in all_said if said[at].own == own]
        found[field] = each[asked].sum(axis=0) / max(len(all_said), 1)
    return found


def _support(whole: NDArray[np.float64], borrowed: NDArray[np.float64], place: int) -> float:
    """Return how far the text bears out a declared leaf; a text that says nothing in particular contradicts none.

    Borrowed text contradicts what the listing's own does not say, and bears out nothing.
    """
    return _quarters(_ramp(_ratio(whole + borrowed, whole[place], 0.1), UNFOUNDED)) if place >= 0 else 0.0


def _weight(reading: NDArray[np.float64], own: dict[int, float], stray: float, bounds: tuple[float, float]) -> float:
    return _ramp(_ratio(reading, max(reading[place] * share for place, share in own.items()), stray), bounds)


def _ratio(reading: NDArray[np.float64], own: float, stray: float) -> float:
    return (own + stray) / (float(reading.max()) + stray)


def _ramp(value: float, bounds: tuple[float, float]) -> float:
    low, high = bounds
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _quarters(value: float) -> float:
    return round(STEPS * value) / STEPS


def _passages(document: Document, said: Sequence[_Sentence], weights: Sequence[float]) -> Iterator[float]:
    """Yield the weights of `semantic.passages`: the mean of their sentences', a repeated one 0, by syllables.

    A vector tells its sentences no longer apart: with one that is borrowed the whole passage counts for nothing.
    """
    sizes: Counter[tuple[str, int]] = Counter()
    new: dict[tuple[str, int], float] = defaultdict(float)
    mixed: set[tuple[str, int]] = set()
    for one, weight in zip(said, weights, strict=True):
        place = (one.field, one.item if one.field == "solves" else 0)
        sizes[place] += one.size
        new[place] += one.size * one.counts * weight
        if not one.own:
            mixed.add(place)

    def share(field: str, item: int = 0) -> float:
        return 0.0 if (field, item) in mixed else new[field, item] / max(sizes[field, item], 1)

    summary = share("summary")
    yield summary
    yield share("description") if document.description else summary
    yield share("capabilities") if any(document.capabilities) else summary
    yield from (share("solves", item) for item in range(len(document.solves)))


def damp(vectors: NDArray[np.float32], weights: Sequence[float]) -> NDArray[np.float32]:
    """Return a listing's vectors with what does not count of each replaced by the mean of what does.

    vectors: one a passage. A passage that counts for nothing then says what the others say, so it neither helps nor
    hurts; nothing is left of a listing of which nothing counts.
    """
    shares = np.array(weights, np.float32)[:, None]
    if (shares == 1).all():
        return vectors
    mean = (shares * vectors).sum(axis=0) / max(float(shares.sum()), 1e-9)
    return shares * vectors + (1 - shares) * mean
