"""Is a need understood? Measured on needs that the engine never learns from (seeds/needs_check.yaml), four a category."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from catalogue.common.text import fold
from catalogue.seeding.files import read as read_seeds

from .abstention_check import share
from .engine.index import Index
from .engine.pipeline import Scored, score
from .engine.read import read
from .engine.semantic import Embedder

Scorer = Callable[[str], Scored]


@dataclass(frozen=True, slots=True)
class Kept:
    """A need kept apart, and the category leaf it was written for."""

    text: str
    leaf: str


def read_kept(path: Path) -> list[Kept]:
    """Read the file. Raises BadSeeds with every row that is wrong."""
    return [Kept(row["text"], row["leaf"]) for row in read_seeds(path)["needs"]]


def report(kept: Sequence[Kept], index: Index, embedder: Embedder | None, source: str) -> dict[str, Any]:
    """Return what `judge` finds by words only and as the site answers, with marks and without. source: the file."""

    def scorer(embedder: Embedder | None, text: str) -> Scored:
        return score(read(text, index.expander), index, embedder)

    ways: dict[str, Scorer] = {"words": partial(scorer, None)}
    if embedder is not None:
        ways["both"] = partial(scorer, embedder)
    bare = [Kept(fold(need.text), need.leaf) for need in kept]
    return {
        "source": source,
        "needs": len(kept),
        "leaves": len({need.leaf for need in kept}),
        "ways": {
            name: {"marked": judge(kept, scorer), "unmarked": judge(bare, scorer)} for name, scorer in ways.items()
        },
    }


def judge(kept: Sequence[Kept], scorer: Scorer) -> dict[str, Any]:
    """Return shares with intervals. first, three: the category stands first, among the first three.

    product: the first listing is of that category, or declares it.
    """
    found = [(need.leaf, scorer(need.text)) for need in kept]
    return {
        "first": share([leaf in _leaves(scored)[:1] for leaf, scored in found]),
        "three": share([leaf in _leaves(scored)[:3] for leaf, scored in found]),
        "product": share([leaf in document.leaves for leaf, scored in found for document in scored.documents[:1]]),
    }


def _leaves(scored: Scored) -> list[str]:
    return [leaf for leaf, _ in scored.needs]
