"""The findings of a run as a page, so that docs/benchmark.md is never written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

NAMES = {
    "engine": "this engine",
    "engine_by_words": "— without vectors",
    "engine_with_bundles": "— and a set of products",
    "fts5": "SQLite FTS5, bm25",
    "ts_rank": "PostgreSQL, ts_rank",
    "ts_rank_cd": "PostgreSQL, ts_rank_cd",
    "fts5_marks": "FTS5, marks kept",
    "ts_rank_marks": "ts_rank, marks kept",
}
KINDS = {"8": "8 syllables", "40": "40", "120": "120", "40_unmarked": "40, typed without marks"}
GOALS = """\
Goals: at 100,000 platforms and 120 syllables at least 40 times faster than FTS5 and 80 times faster than ts_rank, at higher
nDCG; at most 12 times slower than with a tenth of the catalogue; a change seen in less than 200 ms; at most 400 MB mapped
and 60 MB private."""


def page(report: dict[str, Any]) -> str:
    """Return the Markdown page of a report of `measure.run`."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: dict[str, Any]) -> Iterator[str]:
    machine, engine = report["machine"], report["engine"]
    yield from ["# Benchmark", ""]
    yield (
        f"Written by `manage.py benchmark --platforms {report['platforms']} --report docs/benchmark.md` (`make bench`) on"
        f" {datetime.now(UTC).date()}: engine {report['engine_version']}, Python {machine['python']}, SQLite"
        f" {machine['sqlite']}, {machine['processors']} processors. Numbers differ from machine to machine; the ratios less."
    )
    yield from ["", GOALS, "", "## What is compared", ""]
    yield (
        f"{report['platforms']:,} made-up listings of about 200 syllables, put together from sentences of the real ones, some"
        " far more popular than others (Zipf), each with a name of its own. Statements are pieces of four syllables: some of"
        " the listing sought, the others of any (8 syllables: all its own, 40: two fifths, 120: a quarter). nDCG@10 is that of"
        " the one listing they came from; other listings hold the same sentences, so nobody reaches 1. All engines get the"
        " same texts and statements, any word may match, and each returns ten. Databases only search: this engine also reads"
        " the statement, understands the category, ranks, and explains each result with sentences and what is not covered."
    )
    yield ""
    yield (
        "Folded text (“duong” for “đường”) lets a database find what is typed with and without marks, as this engine does; a"
        " database that keeps marks is faster and better while everybody types them, and blind otherwise. Vectors are"
        " stand-ins of the real size and number (random indexing): the real model would need days for the texts. Turning the"
        " statement into a vector is not in the times; it stands below. A peer that is too slow answers fewer statements."
    )
    yield from ["", "## Time (p50 / p99, ms) and nDCG@10", ""]
    yield from _table(report)
    yield from ["", "## How many times faster this engine is, and nDCG@10 on the same statements (theirs : ours)", ""]
    yield "| | " + " | ".join(KINDS.values()) + " |"
    yield "|---" * (1 + len(KINDS)) + "|"
    for name, kinds in report["times_faster"].items():
        cells = [f"{row['times']:,} × ({row['ndcg']:.2f} : {row['engine_ndcg']:.2f})" for row in kinds.values()]
        yield f"| {NAMES[name]} | {' | '.join(cells)} |"
    yield from ["", "## Growth, freshness, size", ""]
    growth = ", ".join(f"{report['growth_from_a_tenth'][kind]} × ({label})" for kind, label in KINDS.items())
    yield f"- Time against a tenth of the catalogue: {growth}."
    yield (
        f"- A change is in another process's answer after {engine['update_to_visible_ms']} ms"
        f" (at most {engine['update_to_visible_max_ms']} ms of ten), with the second segment nearly full after"
        f" {engine['update_to_visible_full_ms']} ms."
    )
    if engine["mapped_mb"] is not None:
        yield (
            f"- Memory: {engine['mapped_mb']} MB mapped, one copy for all processes of a machine"
            f" ({engine['resident_mb']} MB of it resident after these answers); {engine['private_mb']} MB private to each"
            " process, the embedder apart. Listings and their passages' vectors are read from disk when needed."
        )
    yield f"- Index: built in {engine['build_s']} s, {engine['index_bytes'] / 1e6:,.0f} MB on disk with texts and vectors."
    for name in ("fts5", "ts_rank"):
        if row := report.get(name):
            yield f"- {NAMES[name]}: built in {row['build_s']} s, {row['index_bytes'] / 1e6:,.0f} MB."
    if (taken := report["embedding_ms"]) is not None:
        yield f"- Turning a statement into a vector (multilingual-e5-small, its first 48 syllables): {taken} ms."


def _table(report: dict[str, Any]) -> Iterator[str]:
    yield "| | " + " | ".join(KINDS.values()) + " |"
    yield "|---" * (1 + len(KINDS)) + "|"
    for name, label in NAMES.items():
        if row := report.get(name):
            cells = [
                f"{row[kind]['p50_ms']:,.1f} / {row[kind]['p99_ms']:,.1f} ({row[kind]['ndcg']:.3f})" for kind in KINDS
            ]
            yield f"| {label} | {' | '.join(cells)} |"
