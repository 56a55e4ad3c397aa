"""One run: a catalogue, statements of three lengths, every engine, the same texts for all."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from catalogue.common.text import fold
from recommender.engine.index import ENGINE_VERSION

from . import ours
from .catalogue import Catalogue, Texts, key_of, text_of
from .peers import Fts5, Postgres, postgres
from .timing import Answers, Asked, Say, answered, timed

# Syllables of a statement, and how many of its pieces are the sought listing's own: the longer, the more it says of else.
LENGTHS = {8: 1.0, 40: 0.4, 120: 0.25}
UNMARKED = 40  # statements of this length are also asked without marks
FEWEST = 100  # platforms; growth is measured from a tenth of the catalogue
Peer = tuple[str, dict[str, Answers], dict[str, Any]]


def run(platforms: int, queries: int, seconds: float, seeds: Path, say: Say = lambda text: None) -> dict[str, Any]:
    """Measure everything and return the report. queries: of each kind. seconds: of a peer for a kind; see `answered`."""
    texts = Texts.of_seeds(seeds)
    catalogue, tenth = Catalogue(texts, platforms), Catalogue(texts, max(FEWEST, platforms // 10))
    asked = _asked(catalogue, queries)
    with TemporaryDirectory(prefix="benchmark-") as home:
        engine = ours.build_and_ask(catalogue, asked, Path(home) / "index", say)
        followed = ours.follow(catalogue, asked, Path(home) / "index", say)
        peers = list(_peers(catalogue, asked, Path(home), seconds, say))
    with TemporaryDirectory(prefix="benchmark-") as home:
        smaller = ours.build_and_ask(tenth, _asked(tenth, queries), Path(home), say)
    growth = {kind: round(of.p50 / smaller.with_meaning[kind].p50, 1) for kind, of in engine.with_meaning.items()}
    return {
        "platforms": platforms,
        "engine_version": ENGINE_VERSION,
        "machine": {
            "processors": os.cpu_count(),
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
        },
        "engine": {**_rows(engine.with_meaning), **engine.built, **followed},
        "engine_by_words": _rows(engine.by_words),
        "engine_with_bundles": _rows(engine.with_bundles),
        **{name: {**_rows(answers), **built} for name, answers, built in peers},
        "times_faster": {name: _times_faster(engine.with_meaning, answers) for name, answers, _ in peers},
        "growth_from_a_tenth": growth,
        "embedding_ms": ours.embedding_ms(asked[str(max(LENGTHS))]),
    }


def _asked(catalogue: Catalogue, queries: int) -> dict[str, Asked]:
    asked = {str(size): list(catalogue.statements(size, queries, share)) for size, share in LENGTHS.items()}
    unmarked = [(fold(statement), key) for statement, key in asked[str(UNMARKED)]]
    return {**asked, f"{UNMARKED}_unmarked": unmarked}


def _rows(answers: Mapping[str, Answers]) -> dict[str, Any]:
    return {kind: of_kind.to_json() for kind, of_kind in answers.items()}


def _times_faster(engine: Mapping[str, Answers], peer: Mapping[str, Answers]) -> dict[str, Any]:
    """Compare over the statements that both answered."""
    return {
        kind: {
            "times": round(of_peer.p50 / engine[kind].first(len(of_peer.gains)).p50, 1),
            "ndcg": round(of_peer.ndcg, 4),
            "engine_ndcg": round(engine[kind].first(len(of_peer.gains)).ndcg, 4),
            "queries": len(of_peer.gains),
        }
        for kind, of_peer in peer.items()
    }


def _peers(catalogue: Catalogue, asked: Mapping[str, Asked], home: Path, seconds: float, say: Say) -> Iterator[Peer]:
    def answers(name: str, best: Callable[[str], list[int]]) -> dict[str, Answers]:
        measured = {}
        for kind, statements in asked.items():
            say(f"{name}: statements ({kind})")
            best(statements[-1][0])  # once for nothing, so that its files are in memory
            measured[kind] = answered(statements, lambda text: [key_of(row) for row in best(text)], seconds)
        return measured

    def built(name: str, peer: Fts5 | Postgres) -> dict[str, Any]:
        say(f"{name}: index")
        took_ms, _ = timed(lambda: peer.build(text_of(document) for document in catalogue))
        return {"build_s": round(took_ms / 1000, 1), "index_bytes": peer.index_bytes()}

    for marks, suffix in ((False, ""), (True, "_marks")):
        fts5 = Fts5(home / f"fts5{suffix}.sqlite3", marks=marks)
        size = built(f"fts5{suffix}", fts5)
        yield f"fts5{suffix}", answers(f"fts5{suffix}", fts5.best), size
    with postgres() as connection:
        if connection is None:
            say("PostgreSQL does not answer on 127.0.0.1:5432: left out")
            return
        for marks, name, functions in (
            (False, "ts_rank", ("ts_rank", "ts_rank_cd")), (True, "ts_rank_marks", ("ts_rank",)),
        ):  # fmt: skip
            server = Postgres(connection, marks=marks)
            size = built(name, server) | {"server": connection.info.server_version}
            for function in functions:
                row = function + name.removeprefix("ts_rank")
                yield row, answers(row, partial(server.best, function=function)), size
