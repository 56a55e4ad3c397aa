"""The full-text search that databases bring along, asked as they best can be: all words of a statement, joined by OR.

Without `marks` both get folded text, so that they find a listing however it is typed, as this engine does. With `marks`
they keep them: better and faster for statements typed with marks, and blind to those without. Text is folded in Python,
as SQLite's own folding leaves the đ. Neither is asked for all words at once (AND): that answers nothing to a paragraph.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql

from catalogue.common.text import fold
from recommender.engine.text import syllables

TOP = 10
POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"


def words(text: str, *, marks: bool) -> list[str]:
    """Return the words of a text that a full-text parser takes as one word each."""
    return [word if marks else fold(word) for word in syllables(text) if word.isalnum()]


class Fts5:
    """SQLite FTS5, ranked by its bm25(). It keeps the index alone, without the texts."""

    def __init__(self, file: Path, *, marks: bool = False) -> None:
        self._file, self._marks = file, marks
        self._database = sqlite3.connect(file)

    def build(self, texts: Iterable[str]) -> None:
        self._database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;"
            "CREATE VIRTUAL TABLE listing USING fts5(body, content='', tokenize='unicode61 remove_diacritics 0');"
        )
        rows = ((row, " ".join(words(text, marks=self._marks))) for row, text in enumerate(texts))
        self._database.executemany("INSERT INTO listing (rowid, body) VALUES (?, ?)", rows)
        self._database.execute("INSERT INTO listing (listing) VALUES ('optimize')")
        self._database.commit()

    def best(self, statement: str) -> list[int]:
        wanted = " OR ".join(f'"{word}"' for word in dict.fromkeys(words(statement, marks=self._marks)))
        found = self._database.execute(
            "SELECT rowid FROM listing WHERE listing MATCH ? ORDER BY rank LIMIT ?", (wanted, TOP)
        )
        return [row for (row,) in found]

    def index_bytes(self) -> int:
        return self._file.stat().st_size


class Postgres:
    """PostgreSQL with a GIN index, ranked by ts_rank or ts_rank_cd; `simple`, so that no word is stemmed or dropped."""

    def __init__(self, connection: psycopg.Connection, *, marks: bool = False) -> None:
        self._connection, self._marks = connection, marks
        self._table = "listing_marks" if marks else "listing"

    def build(self, texts: Iterable[str]) -> None:
        run = self._run
        run("SET jit = off")  # compiling a query that runs once only costs
        run("CREATE TABLE {table} (id integer PRIMARY KEY, body tsvector NOT NULL)")
        run("CREATE TEMPORARY TABLE said (id integer, body text)")
        with self._connection.cursor().copy("COPY said FROM STDIN") as copy:
            for row, text in enumerate(texts):
                copy.write_row((row, " ".join(words(text, marks=self._marks))))
        run("INSERT INTO {table} SELECT id, to_tsvector('simple', body) FROM said ORDER BY id")
        run("DROP TABLE said")
        run("CREATE INDEX ON {table} USING gin (body)")
        run("VACUUM ANALYZE {table}")

    def best(self, statement: str, function: str = "ts_rank") -> list[int]:
        wanted = " | ".join(dict.fromkeys(words(statement, marks=self._marks)))
        found = self._run(
            "SELECT id FROM {table}, to_tsquery('simple', %s) AS wanted WHERE body @@ wanted"
            " ORDER BY {function}(body, wanted) DESC, id LIMIT %s",
            wanted, TOP, function=function,
        )  # fmt: skip
        return [row for (row,) in found]

    def index_bytes(self) -> int:
        row = self._run("SELECT pg_total_relation_size(%s)", self._table).fetchone()
        return int(row[0]) if row else 0

    def databases(self) -> list[str]:
        return [name for (name,) in self._run("SELECT datname FROM pg_database")]

    def _run(self, query: str, *values: str | int, function: str = "") -> psycopg.Cursor[tuple[Any, ...]]:
        names = {"table": sql.Identifier(self._table), "function": sql.Identifier(function or "ts_rank")}
        return self._connection.execute(sql.SQL(query).format(**names), values or None)


@contextmanager
def postgres() -> Iterator[psycopg.Connection | None]:
    """Lend a database of our own on this machine's server, gone afterwards; None where no server answers."""
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield None
        return
    name = f"benchmark_{uuid4().hex}"
    with server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            with psycopg.connect(POSTGRES, dbname=name, autocommit=True) as connection:
                yield connection
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
