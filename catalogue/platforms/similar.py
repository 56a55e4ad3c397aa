"""Which other products a reader of one may want to see: those of its categories whose listings share most words with it."""

from __future__ import annotations

from django.db.models import Q

from catalogue.common.nearness import Pairs, nearness, pairs

from .models import Platform
from .querysets import PlatformQuerySet

MOST_CANDIDATES = 400  # read for one page, the best assured first, so that a large category costs no more


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
    near = dict(zip(candidates, nearness(_pairs(platform), [_pairs(one) for one in candidates]), strict=True))
    return sorted(candidates, key=lambda one: (-near[one], one.name))[:most]


def _pairs(platform: Platform) -> Pairs:
    return pairs((platform.summary, *platform.capabilities, *platform.solves))
