"""Which other products a reader of one may want to see: those of its categories whose listings share most words with it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from django.db.models import Q

from catalogue.common.text import canonical

from .models import Platform
from .querysets import PlatformQuerySet

MOST_CANDIDATES = 400  # read for one page, the best assured first, so that a large category costs no more
_SYLLABLE = re.compile(r"\w+")


def similar(platform: Platform, among: PlatformQuerySet, most: int) -> list[Platform]:
    """Return at most `most` platforms of the same categories, nearest first; ties go by name.

    Nearness is the cosine of the pairs of syllables in summary, capabilities and solved problems, rare pairs weighing more.
    """
    leaves = [platform.category_id, *(leaf.pk for leaf in platform.also.all())]
    candidates = list(
        among.filter(Q(category__in=leaves) | Q(pk__in=Platform.objects.filter(also=platform.category_id).values("pk")))
        .exclude(pk=platform.pk)
        .best_assured_first()
        .for_cards()[:MOST_CANDIDATES]
    )
    texts = {candidate.pk: _pairs(candidate) for candidate in candidates}
    own = _pairs(platform)
    rarity = _rarity([own, *texts.values()])
    near = {key: _cosine(own, pairs, rarity) for key, pairs in texts.items()}
    return sorted(candidates, key=lambda one: (-near[one.pk], one.name))[:most]


def _pairs(platform: Platform) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for text in (platform.summary, *platform.capabilities, *platform.solves):
        syllables = _SYLLABLE.findall(canonical(text))
        found.update(pairwise(syllables))
    return found


def _rarity(texts: list[Counter[tuple[str, str]]]) -> dict[tuple[str, str], float]:
    within = Counter(pair for text in texts for pair in text)
    return {pair: math.log(1 + len(texts) / n) for pair, n in within.items()}


def _cosine(
    one: Counter[tuple[str, str]], other: Counter[tuple[str, str]], rarity: dict[tuple[str, str], float]
) -> float:
    shared = math.fsum(rarity[pair] ** 2 for pair in one.keys() & other.keys())
    size = _length(one, rarity) * _length(other, rarity)
    return shared / size if size else 0.0


def _length(pairs: Iterable[tuple[str, str]], rarity: dict[tuple[str, str], float]) -> float:
    return math.sqrt(math.fsum(rarity[pair] ** 2 for pair in pairs))
