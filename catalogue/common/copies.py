"""Which passages of one listing stand in an earlier one: told by what they share, not by how they are cut.

Three syllables within five, whatever their order and marks, are one number. A passage shares most of its numbers with
the text it was copied from, also when sentences were moved, joined or split, words turned round, or some changed; honest
texts about the same subject share few. Measured on the 263 seed listings (docs/ranking.md, "Who said it first").

After Schleimer, Wilkerson & Aiken, Winnowing, SIGMOD 2003, doi:10.1145/872757.872770 (fingerprints of a text, of which a
fixed share is kept to look them up by), with sets instead of runs of syllables, so that a changed word costs less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations
from typing import Protocol, TypeVar

from .reading import sentences, syllables, visible
from .text import fold

Source = TypeVar("Source", bound=Hashable)

WITHIN = 5  # syllables among which three are taken together
SAMPLED = 16  # one number in so many is kept to look listings up by
COMMON = 3  # other vendors; what so many say is nobody's
LONG = 12  # syllables from which a passage is judged by itself, a shorter one only beside such a one
SHORT = 6  # syllables from which an entry of a list is judged beside one; below that it is a name
COPIED = 0.5  # share of its numbers from which a passage is another's
# What was rewritten keeps less of it. So many long passages with such a share of one listing's numbers, or such a share of
# all that a text of so many syllables says besides, are no accident, and half of that is then enough.
MANY, TRACE = 5, 0.14
A_TEXT, REWRITTEN = 30, 0.19
FIELDS = (("summary", "description"), ("solves",))  # texts in sentences; the first two are one text
RUNNING = tuple(field for fields in FIELDS for field in fields)
LISTS = ("capabilities", "customers")  # names of things, alike among honest listings


class Listing(Protocol):
    """What a platform and the engine's document have in common."""

    @property
    def summary(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def capabilities(self) -> Sequence[str]: ...
    @property
    def solves(self) -> Sequence[str]: ...
    @property
    def customers(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence of a listing. words: its syllables, folded."""

    field: str
    text: str
    words: tuple[str, ...]

    @property
    def key(self) -> str:
        return passage_key(self.words)

    @property
    def numbers(self) -> frozenset[int]:
        return numbers(self.words)


def passages(listing: Listing) -> Iterator[Passage]:
    """Yield the sentences of a listing in which three syllables stand together."""
    for field in (*RUNNING, *LISTS):
        content = getattr(listing, field)
        for text in [content] if isinstance(content, str) else content:
            yield from passages_of(text, field)


def passages_of(text: str, field: str = "") -> Iterator[Passage]:
    for sentence in sentences(visible(text)):
        words = folded(syllables(sentence))
        if len(words) >= 3:
            yield Passage(field, sentence, words)


def folded(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(fold(word) for word in words)


def passage_key(words: Sequence[str]) -> str:
    """Return what a passage is known by: 16 hex digits, the same however it is typed."""
    return blake2b(" ".join(words).encode(), digest_size=8).hexdigest()


@lru_cache(maxsize=8192)
def _number(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little") >> 1  # fits a signed column


def numbers(words: Sequence[str]) -> frozenset[int]:
    """Return a number for every three different syllables within five of each other, in any order."""
    each = [_number(word) for word in words]
    return frozenset(
        first ^ second ^ third
        for near, far in combinations(range(1, WITHIN), 2)
        for first, second, third in zip(each, each[near:], each[far:], strict=False)
        if first != second != third != first
    )


def sampled(found: Iterable[int]) -> set[int]:
    """Return the numbers by which a listing is looked up: the same ones in every text."""
    return {number for number in found if number % SAMPLED == 0}


def borrowed(
    said: Sequence[Passage], others: Mapping[Source, frozenset[int]], vendors: Mapping[Source, Hashable]
) -> dict[str, Source]:
    """Return the key of every passage that another listing said before, and that listing.

    others: the numbers of earlier listings of other vendors, the earliest first: of equals the first one is named.
    """
    near = _near(said, others)
    common = _common(near, vendors)
    own = [passage.numbers - common for passage in said]
    found: dict[int, Source] = {}
    for at, one in enumerate(said):
        if len(one.words) >= LONG and near:
            source = max(near, key=lambda other: len(own[at] & near[other]))
            if _share(own[at], near[source]) >= COPIED:
                found[at] = source
    for source, theirs in near.items():
        if _rewritten(
            [(one, own[at]) for at, one in enumerate(said) if at not in found or found[at] == source], theirs
        ):
            # Of a text that is known to be another's, what many say is its author's too.
            more = [at for at, one in enumerate(said) if _share(one.numbers, theirs) >= TRACE / 2]
        elif source in found.values():
            whole = {name for name in LISTS if _share(_joined(own[at] for at in _of(said, name)), theirs) >= COPIED}
            judged = {at for name in (*RUNNING, *whole) for at in _of(said, name)}
            judged |= {at for at, one in enumerate(said) if len(one.words) >= SHORT}
            more = [at for at in sorted(judged) if _share(own[at], theirs) >= COPIED]
        else:
            continue
        found |= {at: source for at in more if at not in found}
    return {said[at].key: source for at, source in found.items()}


def _rewritten(said: Sequence[tuple[Passage, frozenset[int]]], theirs: frozenset[int]) -> bool:
    """Say whether so much of a listing is near another that it was copied and reworded. said: passages with their numbers."""
    long = [_share(own, theirs) for one, own in said if one.field in RUNNING and len(one.words) >= LONG]
    if sum(share >= TRACE for share in long) >= MANY:
        return True
    for fields in FIELDS:
        besides = [  # one sentence that is plainly copied says nothing of the rest
            (one, own)
            for one, own in said
            if one.field in fields and (len(one.words) < LONG or _share(own, theirs) < COPIED)
        ]
        size = sum(len(one.words) for one, _ in besides)
        if size >= A_TEXT and _share(_joined(own for _, own in besides), theirs) >= REWRITTEN:
            return True
    return False


def _of(said: Sequence[Passage], field: str) -> list[int]:
    return [at for at, one in enumerate(said) if one.field == field]


def _near(said: Sequence[Passage], others: Mapping[Source, frozenset[int]]) -> dict[Source, frozenset[int]]:
    """Return of each other listing the numbers that this one has too."""
    mine = _joined(passage.numbers for passage in said)
    return {source: shared for source, theirs in others.items() if (shared := theirs & mine)}


def _common(near: Mapping[Source, frozenset[int]], vendors: Mapping[Source, Hashable]) -> frozenset[int]:
    """Return what so many other vendors say that it is nobody's."""
    who: defaultdict[int, set[Hashable]] = defaultdict(set)
    for source, shared in near.items():
        for number in shared:
            who[number].add(vendors[source])
    return frozenset(number for number, by in who.items() if len(by) >= COMMON)


def _joined(texts: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*texts)


def _share(text: frozenset[int], theirs: frozenset[int]) -> float:
    return len(text & theirs) / len(text) if text else 0.0
