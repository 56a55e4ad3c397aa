"""A catalogue of any size, made of the project's own texts: the same for the same number, on every machine.

A listing takes most of its segments from one real product and its category, the rest from others as popular as Zipf's
law has it, and a name that nobody else bears. So words, pairs of words and their rarity are those of real listings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, overload

import yaml

from recommender.engine.types import Abbreviation, Assurance, Document, Knowledge, Leaf

SEED = "benchmark 1"
SEGMENT = 20  # syllables
OWN, OTHERS = 6, 4  # segments of a listing: of one product, and of others
RUN = 4  # syllables that a statement takes from a listing in one piece
VENDOR_SIZE = 12  # products a vendor has
# Invented syllables: no text holds them, so a name is as rare as a real one.
_ONSETS = "b c ch d đ g gi h kh l m n ng nh ph qu r s t th tr v x"
_RHYMES = "ăp oay uyn ươp uêch oăm iêng ưt ôp uơ oach uân eng yêm oong ưu uynh âng oet ươi"
_NAMES = [onset + rhyme for onset in _ONSETS.split() for rhyme in _RHYMES.split()]
_STRIDE = 7_368_787  # shares no factor with the number of names, so every row gets another one


@dataclass(frozen=True, slots=True)
class Texts:
    """What the listings are made of: segments of each real product, with its category."""

    products: tuple[tuple[str, tuple[str, ...]], ...]
    knowledge: Knowledge

    @classmethod
    def of_seeds(cls, folder: Path) -> Texts:
        leaf_needs = _load(folder / "leaf_needs.yaml")["leaves"]
        products = [
            (row["category"], _segments([*_said(row), *leaf_needs.get(row["category"], {}).get("needs", [])]))
            for row in _load(folder / "platforms.yaml")["platforms"]
        ]
        return cls(tuple(products), _knowledge(folder, leaf_needs))


class Catalogue(Sequence[Document]):
    """`size` listings, each made when it is asked for; `changed` makes another text of the same listing."""

    def __init__(self, texts: Texts, size: int) -> None:
        self.texts, self.size = texts, size
        order = list(range(len(texts.products)))
        Random(SEED).shuffle(order)  # noqa: S311 (texts, not secrets)
        self._popular = list(accumulate(1 / (1 + place) for place in order))

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, row: int) -> Document: ...

    @overload
    def __getitem__(self, row: slice) -> list[Document]: ...

    def __getitem__(self, row: int | slice) -> Document | list[Document]:
        if isinstance(row, slice):
            return [self[place] for place in range(*row.indices(self.size))]
        if not 0 <= row < self.size:
            raise IndexError(row)
        return self.changed(row, 0)

    def changed(self, row: int, version: int) -> Document:
        chance = Random(f"{SEED}/{row}/{version}")  # noqa: S311
        products = self.texts.products
        category, own = chance.choice(products)
        others = chance.choices(products, cum_weights=self._popular, k=OTHERS)
        summary, *said = chance.sample(own, min(OWN, len(own)))
        said += [chance.choice(segments) for _, segments in others]
        chance.shuffle(said)
        name = self.name(row)
        vendor = row // VENDOR_SIZE
        return Document(
            key=key_of(row),
            name=f"Nền tảng {name}",
            vendor=f"vendor-{vendor}",
            vendor_name=self.name(vendor + 1_000_003),
            category=category,
            summary=summary,
            description=f"{name}: {'. '.join(said[:4])}",
            capabilities=tuple(said[4:6]),
            solves=tuple(said[6:]),
            assurance=Assurance(row % 3),
        )

    def name(self, row: int) -> str:
        number = row * _STRIDE % len(_NAMES) ** 3
        parts = []
        for _ in range(3):
            number, place = divmod(number, len(_NAMES))
            parts.append(_NAMES[place])
        return " ".join(parts).title()

    def statements(self, syllables: int, many: int, share: float) -> Iterator[tuple[str, str]]:
        """Yield statements whose answer is known, with the key of the listing they were taken from.

        share: of the pieces, how many are the listing's own; the others are of listings chosen blindly. Two at least
        are its own, never its name: an agency says what it lacks among much else, and knows no product.
        """
        for at in range(many):
            chance = Random(f"{SEED}/statement/{syllables}/{at}")  # noqa: S311
            row = chance.randrange(self.size)
            pieces = max(2, syllables // RUN)
            own = max(2, round(pieces * share))
            said = [_piece(chance, self[row]) for _ in range(own)]
            said += [_piece(chance, self[chance.randrange(self.size)]) for _ in range(pieces - own)]
            chance.shuffle(said)
            yield ", ".join(said), self[row].key


def _piece(chance: Random, document: Document) -> str:
    body = chance.choice(
        [
            document.summary,
            *document.description.partition(": ")[2].split(". "),
            *document.capabilities,
            *document.solves,
        ]
    ).split()
    start = chance.randrange(max(1, len(body) - RUN + 1))
    return " ".join(body[start : start + RUN]).strip(",.;:")


def key_of(row: int) -> str:
    return f"platform-{row:07}"


def text_of(document: Document) -> str:
    """Return all that is said in a listing, for engines that know no fields."""
    said = [document.name, document.vendor_name, document.summary, document.description]
    return ". ".join([*said, *document.capabilities, *document.solves])


def _said(row: Mapping[str, Any]) -> list[str]:
    return [row["summary"], row["description"], "; ".join(row["capabilities"]), *row["solves"]]


def _segments(texts: Sequence[str]) -> tuple[str, ...]:
    words = re.sub(r"\s+", " ", " ".join(texts)).split()
    cut = [" ".join(words[start : start + SEGMENT]).strip(" .,;:") for start in range(0, len(words), SEGMENT)]
    return tuple(segment for segment in cut if segment)


def _knowledge(folder: Path, leaf_needs: Mapping[str, Any]) -> Knowledge:
    leaves = [
        Leaf(key, key.replace("-", " "), tuple(leaf["needs"]), tuple(leaf["terms"]))
        for key, leaf in sorted(leaf_needs.items())
    ]
    abbreviations = [
        Abbreviation(row["short"], tuple(row["expansions"]))
        for row in _load(folder / "abbreviations.yaml")["abbreviations"]
        if len(row["expansions"]) == 1
    ]
    outside = [row["text"] for row in _load(folder / "out_of_scope.yaml")["statements"]]
    return Knowledge(tuple(leaves), tuple(abbreviations), tuple(outside))


def _load(path: Path) -> Any:
    quick = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where PyYAML has it
    return yaml.load(path.read_text(encoding="utf-8"), Loader=quick)  # noqa: S506 (both are safe)
