"""Fit the engine's confidence anew, after the catalogue or the engine changed."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.progress import Progress

from recommender import reliability, services, store, vectors
from recommender.calibration import KEPT, samples
from recommender.engine.confidence import CALIBRATION
from recommender.engine.index import ENGINE_VERSION


class Command(BaseCommand):
    help = "Fit the confidence on the catalogue's own texts and the examples out of scope. --write keeps the result."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="replace the engine's calibration.json")
        parser.add_argument(
            "--report", type=Path, metavar="MD", help="also write how far the confidence can be trusted"
        )

    def handle(self, *args: Any, write: bool, report: Path | None, **options: Any) -> None:
        index = store.store().current()
        with Progress(console=Console(stderr=True), transient=True, disable=not self.stderr.isatty()) as bar:
            task = bar.add_task("calibrate", total=len(index) + len(index.knowledge.outside))
            learned = samples(index, services.embedder_of(index), vectors.find, lambda: bar.advance(task))
        models = {name: sample.fit() for name, sample in learned.items()}
        kept = {"engine": ENGINE_VERSION, "models": {name: model.to_json() for name, model in models.items()}}
        for name, model in models.items():
            self.stdout.write(
                f"{name}: AUC {model.auc:.3f}; keeping {KEPT:.0%} of the answerable lets {model.let_through:.0%} of the "
                f"out-of-scope through (threshold {model.threshold:.3f})"
            )
        if report:
            reliability.write(learned, index, report)
        if write:
            before = json.loads(CALIBRATION.read_text())
            before["models"].update(kept["models"])  # without vectors, the model that needs them stays
            CALIBRATION.write_text(json.dumps({**before, "engine": ENGINE_VERSION}, indent=2) + "\n")
