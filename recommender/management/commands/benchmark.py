"""Compare this engine with the full-text search of SQLite and PostgreSQL, on the same made-up catalogue."""

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from recommender.benchmarking.measure import FEWEST, run
from recommender.benchmarking.page import page


class Command(BaseCommand):
    help = (
        "Measure speed, quality, size and freshness beside SQLite FTS5 and PostgreSQL (127.0.0.1:5432, if it answers)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--platforms", type=int, default=10_000, metavar="N", help="size of the catalogue")
        parser.add_argument("--queries", type=int, default=20, metavar="N", help="statements of each kind")
        parser.add_argument(
            "--seconds", type=float, default=20, metavar="S", help="time of each peer for each kind of statement"
        )
        parser.add_argument("--json", action="store_true", help="every number as JSON")
        parser.add_argument("--report", type=Path, metavar="FILE", help="write the findings to a Markdown file")

    def handle(self, *args: Any, platforms: int, queries: int, seconds: float, **options: Any) -> None:
        if platforms < FEWEST or queries < 1 or seconds <= 0:
            raise CommandError(f"at least {FEWEST} platforms, one query and some seconds are needed")
        console = Console(stderr=True, quiet=not sys.stderr.isatty())
        with console.status("…") as status:
            report = run(platforms, queries, seconds, settings.BASE_DIR / "seeds", status.update)
        if options["report"]:
            options["report"].write_text(page(report), encoding="utf-8")
        self.stdout.write(json.dumps(report, indent=2) if options["json"] else page(report))
