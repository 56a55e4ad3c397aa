"""How the engine reads one listing, told to whoever writes it: what the text speaks of, and which of it does not count.

Everything comes from `claims`; this module only keeps what it throws away, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .claims import (
    CONTRADICTED,
    FIELD_SYLLABLES,
    FOREIGN_FIELD,
    FOREIGN_SENTENCE,
    STRAY,
    VOICES,
    Reader,
    _said,
    _voices,
    _weight,
    claims,
)
from .lexical import field_texts
from .text import sentences, syllables
from .types import Assurance, Document

MOST_LEAVES = 3
TOLD_TWICE = ("summary", "description", "solves")  # elsewhere a repetition is how a list of functions is written
HALF = 0.5  # of a sentence's weight: what counts more is not worth a word
HEARD = 0.05  # strength below which a category is noise


class Doubt(StrEnum):
    """Why a sentence counts little or not at all."""

    REPEATED = "repeated"  # an earlier sentence says the same
    TOO_MUCH = "too_much"  # its field is full
    ELSEWHERE = "elsewhere"  # it speaks of a category that the product is not in
    UNFOUNDED = "unfounded"  # the whole listing speaks of another category than it declares


@dataclass(frozen=True, slots=True)
class Doubted:
    """A sentence that counts little. item: its place in a list. weight: what is left of it, 0 to 1.

    leaf: what it speaks of instead, "" where that is not the reason.
    """

    field: str
    item: int
    text: str
    doubt: Doubt
    weight: float
    leaf: str = ""


@dataclass(frozen=True, slots=True)
class SelfReading:
    """leaves: what the text speaks of, strongest first, each 0 to 1. support: of each declared category, 0 to 1."""

    leaves: tuple[tuple[str, float], ...]
    support: tuple[tuple[str, float], ...]
    doubted: tuple[Doubted, ...]


def read_itself(document: Document, reader: Reader) -> SelfReading:
    """Return how a listing reads. A vetted one is taken at its word: only what is repeated or too much is doubted."""
    said, _ = _said(document)
    texts = list(_texts(document))
    kept = [text for text in texts if text.fits]
    readings = reader.read([one.terms for one in said]).astype(np.float64)
    voices = _voices(said, readings)
    whole = np.sum(list(voices.values()), axis=0) / len(VOICES)
    declared = document.leaves
    support = dict(zip(declared, claims(document, reader).support, strict=False))
    places = {reader.keys.index(key): share for key, share in support.items() if share and key in reader.keys}
    own = places or {int(whole.argmax()): 1.0}
    taken_at_its_word = document.assurance == Assurance.VETTED or not reader.keys
    found = [Doubted(text.field, text.item, text.text, Doubt.TOO_MUCH, 0.0) for text in texts if not text.fits]
    for text, one, reading in zip(kept, said, readings, strict=True):
        if not one.new and one.field in TOLD_TWICE:
            found.append(Doubted(text.field, text.item, text.text, Doubt.REPEATED, 0.0))
        elif one.new and not taken_at_its_word and text.field in VOICES:
            weight = _weight(reading, own, STRAY, FOREIGN_SENTENCE) * _weight(
                voices[one.field], own, 0.1, FOREIGN_FIELD
            )
            leaf = reader.keys[int(reading.argmax())]
            if weight < HALF:
                found.append(Doubted(text.field, text.item, text.text, Doubt.ELSEWHERE, round(weight, 2), leaf))
            elif not places and leaf not in declared:
                found.append(Doubted(text.field, text.item, text.text, Doubt.UNFOUNDED, CONTRADICTED, leaf))
    strongest = np.argsort(-whole, kind="stable")[:MOST_LEAVES]
    return SelfReading(
        tuple((reader.keys[at], round(float(whole[at]), 3)) for at in strongest if whole[at] >= HEARD),
        tuple(support.items()),
        tuple(found),
    )


@dataclass(frozen=True, slots=True)
class _Text:
    field: str
    item: int
    text: str
    fits: bool  # some of it is within the bounds of its field


def _texts(document: Document) -> Iterator[_Text]:
    """Yield the sentences in the order in which `claims` reads them, those it has no room for too."""
    room = dict(FIELD_SYLLABLES)
    items: dict[str, int] = {}
    for field, text in field_texts(document):
        item = items[field] = items.get(field, -1) + 1
        for sentence in sentences(text):
            if words := len(syllables(sentence)):
                yield _Text(field, item, sentence, room[field] > 0)
                room[field] -= min(words, max(room[field], 0))
