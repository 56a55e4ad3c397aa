"""Grade statements as the coach does before a problem is posted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from catalogue.problems.coach import Kind, Review, Stated, review
from catalogue.problems.coaching import names_that_lock

PAGE = Path(__file__).resolve().parents[3] / "docs" / "coach.md"
BEGIN, END = "<!-- coach table begins -->", "<!-- coach table ends -->"
_SHOWN = 90  # characters of a statement


class Command(BaseCommand):
    help = "Grade the statements of a YAML file (problems: [{id, text}]), and write the table into docs/coach.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--page", type=Path, default=PAGE, help="where the table goes; '-' writes it to the terminal"
        )

    def handle(self, *args: Any, file: Path, page: Path, **options: Any) -> None:
        rows = yaml.safe_load(file.read_text(encoding="utf-8"))["problems"]
        names = names_that_lock()
        with translation.override("vi"):
            graded = [(row, review(Stated(today=row["text"], in_parts=False, names=names))) for row in rows]
            table = _table(graded, names=len(names))
        if str(page) == "-":
            self.stdout.write(table)
            return
        before, _begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        _old, _end, after = rest.partition(END)
        page.write_text(f"{before}{BEGIN}\n\n{table}\n{END}{after}", encoding="utf-8")
        self.stdout.write(f"{len(graded)} statements: {_counts(graded)}")


def _counts(graded: Sequence[tuple[dict[str, Any], Review]]) -> str:
    counts = Counter(found.grade for _row, found in graded)
    return ", ".join(f"{grade} {counts[grade]}" for grade in "ABCDE")


def _table(graded: Sequence[tuple[dict[str, Any], Review]], *, names: int) -> str:
    lines = [
        f"{len(graded)} statements; grades: {_counts(graded)}. {names} names of products and firms were looked for.",
        "",
        "| rule | kind | good | not good |",
        "|---|---|---|---|",
        *_by_rule(graded),
        "",
        "| statement | grade | missing | flags |",
        "|---|---|---|---|",
        *(_line(row, found) for row, found in graded),
    ]
    return "\n".join(lines) + "\n"


def _by_rule(graded: Sequence[tuple[dict[str, Any], Review]]) -> list[str]:
    good: Counter[tuple[str, Kind]] = Counter()
    seen: Counter[tuple[str, Kind]] = Counter()
    for _row, found in graded:
        for one in found.findings:
            seen[one.rule.value, one.kind] += 1
            good[one.rule.value, one.kind] += one.ok
    return [
        f"| {rule} | {kind.value} | {good[rule, kind]} | {n - good[rule, kind]} |" for (rule, kind), n in seen.items()
    ]


def _line(row: dict[str, Any], found: Review) -> str:
    text = " ".join(str(row["text"]).split()).replace("|", "/")
    text = text if len(text) <= _SHOWN else text[:_SHOWN].rsplit(" ", 1)[0] + "…"
    missing = ", ".join(one.rule.value for one in found.missing)
    flags = "; ".join(f"{one.rule.value}: {', '.join(one.words)}" for one in found.flags)
    return f"| {row['id']} {text} | {found.grade} | {missing} | {flags} |"
