"""Fit the engine's confidence anew, after the catalogue or the engine changed."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.progress import Progress

from recommender import reliability, services, store, vectors
from recommender.calibration import KEPT, NEEDS_TRIED, UNDOUBTED, met_samples, samples, scope_samples
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
            leaves, outside = index.knowledge.leaves, len(index.knowledge.outside)
            tried = sum(min(NEEDS_TRIED, len(leaf.needs)) for leaf in leaves)
            task = bar.add_task("calibrate", total=3 * len(index) + tried + 2 * outside)
            given = index, services.embedder_of(index), vectors.find, lambda: bar.advance(task)
            learned, scope, nearby = samples(*given), scope_samples(*given), met_samples(*given)
        models = {name: sample.fit() for name, sample in learned.items()}
        scopes = {name: sample.fit() for name, sample in scope.items()}
        near = {name: sample.fit() for name, sample in nearby.items()}
        for name, model in models.items():
            self.stdout.write(
                f"{name}: AUC {model.auc:.3f}; keeping {KEPT:.0%} of the answerable lets {model.let_through:.0%} of the "
                f"out-of-scope through (threshold {model.threshold:.3f})"
            )
        for name, model in scopes.items():
            self.stdout.write(
                f"{name}: needs without a product against out-of-scope, AUC {model.auc:.3f} (threshold {model.threshold:.3f})"
            )
        for name, model in near.items():
            self.stdout.write(
                f"{name}: met against only nearby, AUC {model.auc:.3f}; keeping {UNDOUBTED:.0%} of the met free of a caution "
                f"gives it to {1 - model.let_through:.0%} of the others (threshold {model.threshold:.3f})"
            )
        if report:
            reliability.write(learned, scope, nearby, index, report)
        if write:
            kept = json.loads(CALIBRATION.read_text())  # without vectors, the models that need them stay
            for part, fitted in (("models", models), ("scope", scopes), ("met", near)):
                kept.setdefault(part, {}).update({name: model.to_json() for name, model in fitted.items()})
            CALIBRATION.write_text(json.dumps({**kept, "engine": ENGINE_VERSION}, indent=2) + "\n")
