"""Does the engine refuse what it should? Measured on statements that nothing was fitted to (seeds/abstention_check.yaml)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from catalogue.seeding.files import read

from .engine.index import Index
from .engine.pipeline import rank
from .engine.semantic import Embedder
from .evaluation import Ranker, interval


@dataclass(frozen=True, slots=True)
class Checked:
    """A statement, and whether the catalogue has an answer. near: it has none, but shares words with what has."""

    id: str
    text: str
    answerable: bool
    near: bool
    marks: bool


def read_checks(path: Path) -> list[Checked]:
    """Read the file. Raises BadSeeds with every row that is wrong."""
    return [
        Checked(row["id"], row["text"], row["leaf"] is not None, row["near"], row["marks"])
        for row in read(path)["statements"]
    ]


def report(checks: Sequence[Checked], index: Index, embedder: Embedder | None, source: str) -> dict[str, Any]:
    """Return what `judge` finds by words only, and as the site answers. source: the name of the file."""
    ways: dict[str, Ranker] = {"words": partial(rank, index=index)}
    if embedder is not None:
        ways["both"] = partial(rank, index=index, embedder=embedder)
    return {
        "source": source,
        "answerable": sum(check.answerable for check in checks),
        "outside": sum(not check.answerable for check in checks),
        "ways": {name: judge(checks, ranker) for name, ranker in ways.items()},
    }


def judge(checks: Sequence[Checked], ranker: Ranker) -> dict[str, Any]:
    """Return how well the ranker refuses, each share with its interval; None where there is nothing to take one of.

    precision: of the refused, how many have no answer. recall: of those without an answer, how many are refused;
    near and far part them. answered: of those with an answer, how many get one; unmarked: of those typed without marks.
    """
    refused = {check.id: ranker(check.text)[1] for check in checks}
    without = [check for check in checks if not check.answerable]
    having = [check for check in checks if check.answerable]
    return {
        "refused": sum(refused.values()),
        "precision": share([not check.answerable for check in checks if refused[check.id]]),
        "recall": share([refused[check.id] for check in without]),
        "near": share([refused[check.id] for check in without if check.near]),
        "far": share([refused[check.id] for check in without if not check.near]),
        "answered": share([not refused[check.id] for check in having]),
        "unmarked": share([refused[check.id] != check.answerable for check in checks if not check.marks]),
        "slipped": [check.id for check in without if not refused[check.id]],
        "lost": [check.id for check in having if refused[check.id]],
    }


def share(right: Sequence[bool]) -> dict[str, Any]:
    """Return how often it was right, with the interval; None of nothing."""
    values = [float(one) for one in right]
    value = round(sum(values) / len(values), 4) if values else None
    return {"value": value, "interval": interval(values), "n": len(values)}
