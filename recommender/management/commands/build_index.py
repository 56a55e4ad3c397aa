"""Build the recommender's index anew; the old one serves until the new one is whole."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalogue.platforms import changes
from recommender import store, vectors


class Command(BaseCommand):
    help = "Build the index. Vectors that are kept are used; missing ones are made first unless --lexical is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lexical", action="store_true", help="do not make missing vectors now")
        parser.add_argument(
            "--missing", action="store_true", help="build only when vectors were missing, or the index is"
        )

    def handle(self, *args: Any, lexical: bool, missing: bool, **options: Any) -> None:
        made = 0 if lexical else self._fill()
        index = store.store().current() if missing and not made else store.store().rebuild()
        without = f", {index.stamp.missing} without vectors" if index.stamp.model and index.stamp.missing else ""
        meaning = f"words and meaning ({index.stamp.model}{without})" if index.stamp.model else "words only"
        self.stdout.write(f"index of {len(index)} platforms: {meaning}")

    def _fill(self) -> int:
        """Make the missing vectors; return how many."""
        if vectors.embedder() is None:
            self.stderr.write("No embedder: the index is by words only, a little worse. See docs/settings.md.")
            return 0
        columns = (TextColumn("vectors"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True, disable=not self.stderr.isatty()) as bar:
            task = bar.add_task("vectors", total=None)

            def show(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)
                self._say(done, total)

            made = store.fill_vectors(progress=show)
        if made:
            changes.record([changes.EVERYTHING])  # listings read differently now, on every machine
            self.stdout.write(f"{made} vectors were made")
        return made

    def _say(self, done: int, total: int) -> None:
        """Where no bar is seen, say about ten times how far it is."""
        tenth = max(1, total // 10)
        if not self.stderr.isatty() and (done == total or done // tenth != (done - vectors.BATCH) // tenth):
            self.stderr.write(f"vectors: {done} of {total}")
