"""Step 5, what is quoted: a listing that says what was asked word for word says nothing of a product.

Whoever guesses a statement and writes it into a listing has a listing in which it stands word for word; an honest one
says the same in other words. What such a listing has of the statement is borrowed from the office that asks, as other
sentences are from another vendor's listing (`claims`): it does not count, and the rest of the listing does. Not asked of
a vetted listing: a reviewer has confirmed what it is.

A listing quotes that has half of a statement of sixteen syllables or more. Of 292 statements and 263 listings of the
seeds no listing has three tenths (docs/ranking.md). A shorter one names a few features, as any listing may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from catalogue.common.copies import COPIED, Passage, passages, passages_of

from .claims import Claims, Reader, claims
from .types import Assurance, Document, Statement

ITS_OWN = 16  # syllables of a statement from which it is told apart from what anybody says
A_PHRASE = 8  # a shorter sentence of it is anybody's: "ký số từ xa"
COVERED = 1 / 3  # share of a statement's idf that a listing must cover to be looked at: half of its words are more
MOST = 30  # listings looked at, those that cover most first


@dataclass(frozen=True, slots=True)
class Without:
    """A listing without what it quotes. passages: how much each of its vectors still counts, 0 to 1, of what it did."""

    document: Document
    claims: Claims
    passages: tuple[float, ...]


class Asked:
    """The sentences of a statement, ready to be looked for in listings. False where it is too short to be anybody's."""

    def __init__(self, statement: Statement) -> None:
        said = [one for one in passages_of(statement.text) if len(one.words) >= A_PHRASE]
        self._words = frozenset(word for one in said for word in one.words)
        self._numbers = frozenset().union(*(one.numbers for one in said))
        self._long = sum(len(one.words) for one in said) >= ITS_OWN

    def __bool__(self) -> bool:
        return self._long

    def quoted(self, document: Document) -> frozenset[str]:
        """Return the keys of the listing's sentences that are the statement's own, whole or in part."""
        said = [one for one in passages(document) if self._alike(one)]
        shared = [one.numbers & self._numbers for one in said]
        enough = COPIED * len(self._numbers)
        if len(frozenset().union(*shared)) < enough:
            return frozenset()
        return frozenset(
            one.key
            for one, some in zip(said, shared, strict=True)
            if len(some) >= COPIED * len(one.numbers) or len(some) >= enough / 2
        )

    def _alike(self, passage: Passage) -> bool:
        """Say whether a passage can hold enough of the statement: comparing words costs a tenth of comparing numbers."""
        same = sum(word in self._words for word in passage.words)
        return same >= COPIED * len(passage.words) or same >= COPIED * len(self._words) / 2


def without(document: Document, quoted: frozenset[str], reader: Reader) -> Without:
    """Return a listing as it counts without the sentences of these keys."""
    other = replace(document, borrowed=(*document.borrowed, *sorted(quoted)))
    before, after = claims(document, reader), claims(other, reader)
    kept = (min(1.0, now / was) if was else 1.0 for now, was in zip(after.passages, before.passages, strict=True))
    return Without(other, after, tuple(kept))


def worth_looking(covered: NDArray[np.float32], levels: NDArray[np.int8]) -> Sequence[int]:
    """Return the places of the listings that may quote: not vetted, and with enough of the statement's words."""
    some = np.flatnonzero((covered >= COVERED) & (levels < Assurance.VETTED))
    return some[np.argsort(-covered[some], kind="stable")[:MOST]].tolist()
