"""A second process: how soon it sees a change, and what it holds in memory.

It does what every web process does before an answer: it asks the database for the number of the last change and takes in
what is new. The time is that of the machine's one monotonic clock, from the commit to the answer that shows the listing.
"""

from __future__ import annotations

import multiprocessing
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from recommender.engine import snapshot
from recommender.engine.pipeline import rank, recommend
from recommender.engine.types import Assurance, Document

from .catalogue import Catalogue, key_of
from .memory import Memory, memory
from .standin import Prepared

POLL_S = 0.002
PATIENCE_S = 120.0
Change = tuple[int, int]  # row, version: what the listing says now


class Changes:
    """A numbered list of changes in SQLite, as the site's database keeps it."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
            "CREATE TABLE IF NOT EXISTS change (number INTEGER PRIMARY KEY, row INTEGER, version INTEGER)"
        )

    def last(self) -> int:
        return int(self._database.execute("SELECT coalesce(max(number), 0) FROM change").fetchone()[0])

    def record(self, changes: Sequence[Change]) -> float:
        """Commit these changes and return when."""
        self._database.execute("BEGIN IMMEDIATE")
        self._database.executemany("INSERT INTO change (row, version) VALUES (?, ?)", changes)
        self._database.execute("COMMIT")
        return time.monotonic()

    def since(self, number: int) -> list[Change]:
        found = self._database.execute("SELECT row, version FROM change WHERE number > ? ORDER BY number", (number,))
        return found.fetchall()


def as_changed(catalogue: Catalogue, row: int, version: int) -> Document:
    """Return the listing with another text and a further name, so that nothing else is called so."""
    document = catalogue.changed(row, version)
    return replace(document, name=f"{document.name} {catalogue.name(50_000_000 + 1_000 * version + row)}")


@dataclass(frozen=True, slots=True)
class _Watch:
    """Asks the second process to wait for something new, then to answer this statement and look for this listing."""

    statement: str
    key: str


@dataclass(frozen=True, slots=True)
class _Seen:
    at: float
    found: bool


def _follow(home: Path, file: Path, catalogue: Catalogue, pipe: Connection) -> None:
    """Do as asked: a `_Watch`, a list of statements to answer, or None to end."""
    changes, embedder = Changes(file), Prepared()
    before = memory(home)
    index = snapshot.open_current(home)
    pipe.send(before)
    while (asked := pipe.recv()) is not None:
        if not isinstance(asked, _Watch):
            for statement in asked:
                recommend(statement, index, embedder, min_assurance=Assurance.LISTED)
            pipe.send(memory(home))
            continue
        pipe.send(None)  # ready
        while (last := changes.last()) == index.stamp.sequence:
            if pipe.poll(POLL_S):  # nothing is asked meanwhile: the other side is gone
                return
        new = {key_of(row): as_changed(catalogue, row, version) for row, version in changes.since(index.stamp.sequence)}
        # Vectors of new texts come later, from a worker; until then the listing is found by its words.
        index = index.with_changes(new, last, lambda keys: {})
        recommend(asked.statement, index, embedder, min_assurance=Assurance.LISTED)
        at = time.monotonic()
        # Among all that is ranked: what stands in the first ten, or that nothing fits, is another question.
        pipe.send(_Seen(at, asked.key in rank(asked.statement, index, embedder)[0]))


class Follower:
    """The second process, seen from the first."""

    def __init__(self, pipe: Connection, changes: Changes, catalogue: Catalogue) -> None:
        self._pipe, self._changes, self._catalogue = pipe, changes, catalogue
        self._before: Memory | None = self._received()

    def change(self, changes: Sequence[Change]) -> float:
        """Change listings and return the milliseconds until an answer shows the first of them, or raise LookupError."""
        document = as_changed(self._catalogue, *changes[0])
        self._pipe.send(_Watch(f"{document.name}, {document.summary}", document.key))
        self._received()
        committed = self._changes.record(changes)
        seen: _Seen = self._received()
        if not seen.found:
            raise LookupError("the second process took in the change and did not find it")
        return (seen.at - committed) * 1000

    def answer(self, statements: Sequence[str]) -> Memory | None:
        """Let it answer these; return what the index and the answers added to its memory."""
        self._pipe.send(statements)
        after: Memory | None = self._received()
        if after is None or self._before is None:
            return None
        return replace(after, private=after.private - self._before.private)

    def _received(self) -> Any:
        if not self._pipe.poll(PATIENCE_S):
            raise TimeoutError("the second process does not answer")
        return self._pipe.recv()


@contextmanager
def following(home: Path, file: Path, catalogue: Catalogue) -> Iterator[Follower]:
    """Start a second process on the snapshot in `home`; it follows the changes recorded in `file`."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    changes = Changes(file)
    process = context.Process(target=_follow, args=(home, file, catalogue, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Follower(ours, changes, catalogue)
        ours.send(None)
        process.join(10)
    finally:
        process.terminate()
        process.join()
