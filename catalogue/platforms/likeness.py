"""Sentences of a content that stand, nearly word for word, in another vendor's public listing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q

from catalogue.common.text import canonical

from .content import Content
from .models import Platform

MOST_CANDIDATES = 400  # listings read for one check, the best assured first
SHORTEST = 9  # syllables; two vendors may well hit on the same shorter sentence
RUN = 3  # syllables in a row that are compared
NEARLY = 0.75  # share of a sentence's runs that the other one has too
_SYLLABLE = re.compile(r"\w+")
_END = re.compile(r"(?<=[.!?…])\s+|\n+")
Run = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """A sentence of the content that a public listing has too. field: as in `Content`, "solves.2" for one of a list."""

    field: str
    text: str
    name: str
    slug: str


Finder = Callable[[Platform, Content], list[Copy]]  # whatever knows better who said what may stand in for `near_copies`


def near_copies(platform: Platform, content: Content) -> list[Copy]:
    """Return the sentences that listings of the same categories and of other vendors have nearly word for word."""
    keys = [key for key in (content.category, *content.also) if key]
    also = Platform.also.through.objects.filter(category__key__in=keys).values("platform")
    others = (
        Platform.objects.listed()
        .filter(Q(category__key__in=keys) | Q(pk__in=also))
        .exclude(vendor=platform.vendor_id)
        .best_assured_first()
        .only("slug", "name", "summary", "description", "solves")[:MOST_CANDIDATES]
    )
    said = [(field, text, runs) for field, text in sentences_of(content) if (runs := _runs(text))]
    wanted = {run for _field, _text, runs in said for run in runs}
    found: dict[str, Copy] = {}
    for other in others:
        for text in _texts(other.summary, other.description, other.solves):
            shared = _runs(text) & wanted
            for field, own, runs in said if shared else ():
                if len(runs & shared) >= NEARLY * len(runs):
                    found.setdefault(f"{field} {own}", Copy(field, own, other.name, other.slug))
    return list(found.values())


def sentences_of(content: Content) -> Iterator[tuple[str, str]]:
    """Yield each sentence with its field."""
    for field in ("summary", "description"):
        for sentence in split(getattr(content, field)):
            yield field, sentence
    for at, text in enumerate(content.solves):
        for sentence in split(text):
            yield f"solves.{at}", sentence


def split(text: str) -> list[str]:
    """Return the sentences of a text; lines end one too."""
    return [sentence.strip() for sentence in _END.split(text) if sentence.strip()]


def syllables(text: str) -> list[str]:
    """Return what is written between white space and signs: a syllable of Vietnamese, a number, a foreign word."""
    return _SYLLABLE.findall(text)


def _texts(summary: str, description: str, solves: Sequence[str]) -> Iterator[str]:
    for text in (summary, description, *solves):
        yield from split(text)


@lru_cache(maxsize=16_384)  # the listings of a category are compared again with each change of a draft
def _runs(text: str) -> frozenset[Run]:
    said = syllables(canonical(text))
    if len(said) < SHORTEST:
        return frozenset()
    return frozenset(tuple(said[at : at + RUN]) for at in range(len(said) - RUN + 1))
