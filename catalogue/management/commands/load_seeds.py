"""Load the seed files. Safe to run again: only what differs is written."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from catalogue.seeding.load import load


class Command(BaseCommand):
    help = "Load seeds/ (or another folder) into the database. A file with a bad row is refused whole."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", default=str(settings.BASE_DIR / "seeds"), metavar="DIR")

    def handle(self, *args: Any, folder: str, **options: Any) -> None:
        if not Path(folder).is_dir():
            raise CommandError(f"{folder} is not a folder")
        problems = 0
        with Progress(console=Console(stderr=True), transient=True, disable=not self.stderr.isatty()) as bar:
            task = bar.add_task("load_seeds", total=None)
            seen = False
            for report in load(
                Path(folder), lambda file, done, total: bar.update(task, description=file, completed=done, total=total)
            ):
                seen = True
                for problem in report.problems:
                    self.stderr.write(str(problem))
                problems += len(report.problems)
                if report.problems:
                    self.stderr.write(f"{report.file}: nothing was loaded, {len(report.problems)} problems")
                else:
                    self.stdout.write(
                        f"{report.file}: {report.added} added, {report.updated} updated, {report.unchanged} unchanged"
                    )
        if not seen:
            raise CommandError(f"{folder} holds no seed file")
        if problems:
            raise CommandError(f"{problems} problems; the files that have them were not loaded")
