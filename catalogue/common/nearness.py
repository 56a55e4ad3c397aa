"""How near two texts stand: the cosine of their pairs of syllables, rare pairs weighing more."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from .text import canonical

Pairs = Counter[tuple[str, str]]
_SYLLABLE = re.compile(r"\w+")


def nearness(own: Pairs, others: Sequence[Pairs]) -> list[float]:
    """Return how near each of the others stands, 0 to 1. How rare a pair is follows from all that is compared."""
    rarity = _rarity([own, *others])
    return [_cosine(own, other, rarity) for other in others]


def pairs(texts: Iterable[str]) -> Pairs:
    """Count the pairs of neighbouring syllables; none goes over from one text into the next."""
    found: Pairs = Counter()
    for text in texts:
        found.update(pairwise(_SYLLABLE.findall(canonical(text))))
    return found


def _rarity(texts: list[Pairs]) -> dict[tuple[str, str], float]:
    within = Counter(pair for text in texts for pair in text)
    return {pair: math.log(1 + len(texts) / n) for pair, n in within.items()}


def _cosine(one: Pairs, other: Pairs, rarity: dict[tuple[str, str], float]) -> float:
    shared = math.fsum(rarity[pair] ** 2 for pair in one.keys() & other.keys())
    size = _length(one, rarity) * _length(other, rarity)
    return shared / size if size else 0.0


def _length(found: Iterable[tuple[str, str]], rarity: dict[tuple[str, str], float]) -> float:
    return math.sqrt(math.fsum(rarity[pair] ** 2 for pair in found))
