"""Judge the recommender by a file of problems with known answers."""

import json
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalogue.seeding.files import BadSeeds
from recommender import abstention_check, evaluation, findings, needs_check, retrieval_sets, services, store
from recommender.engine.pipeline import rank


class Command(BaseCommand):
    help = "Measure relevance on judged problems (a file like seeds/problems_dev.yaml), whatever products' assurance."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="every measure as JSON")
        parser.add_argument(
            "--public",
            type=Path,
            metavar="DIR",
            help="also measure on public retrieval sets, each a folder of this one",
        )
        parser.add_argument(
            "--abstention",
            type=Path,
            metavar="FILE",
            help="also check abstention, on a file like seeds/abstention_check.yaml",
        )
        parser.add_argument(
            "--needs", type=Path, metavar="FILE", help="also check categories, on a file like seeds/needs_check.yaml"
        )
        parser.add_argument("--floor", type=float, metavar="NDCG", help="fail when nDCG@10 is below this")
        parser.add_argument(
            "--report", type=Path, metavar="MD", help="also write the whole report, and its numbers beside it as JSON"
        )

    def handle(self, *args: Any, file: Path, floor: float | None, **options: Any) -> None:
        try:
            problems = evaluation.read_problems(file)
            sets = retrieval_sets.read_sets(options["public"]) if options["public"] else []
            checks = abstention_check.read_checks(options["abstention"]) if options["abstention"] else []
            kept = needs_check.read_kept(options["needs"]) if options["needs"] else []
        except (evaluation.BadProblems, BadSeeds) as bad:
            raise CommandError(str(bad)) from bad
        index = store.store().current()
        embedder = services.embedder_of(index)
        measured = evaluation.report(problems, partial(rank, index=index, embedder=embedder))
        public = [retrieval_sets.judge(one, index, embedder) for one in sets]
        checked = abstention_check.report(checks, index, embedder, str(options["abstention"])) if checks else None
        understood = needs_check.report(kept, index, embedder, str(options["needs"])) if kept else None
        more = {"public": public, "abstention_check": checked, "needs_check": understood}
        if options["json"]:
            self.stdout.write(json.dumps({**measured, **more}, ensure_ascii=False, indent=2))
        else:
            self._write_for_people(measured)
            self._write_more_for_people(public, checked, understood)
        if options["report"]:
            found = findings.gather(problems, index, embedder, str(file))
            findings.write({**found, **more}, options["report"])
        reached = measured["ndcg@10"]
        if floor is not None and (reached is None or reached < floor):
            raise CommandError(f"nDCG@10 is {reached}, below the floor of {floor}")

    def _write_for_people(self, measured: dict[str, Any]) -> None:
        self.stdout.write(f"{'':<20} {'nDCG@10':>22} {'P@1':>6} {'hit@3':>6} {'recall':>7} {'n':>4}")
        for name, row in {"all": measured, **measured["slices"]}.items():
            numbers = [
                row[key] if row[key] is not None else float("nan") for key in ("ndcg@10", "p@1", "hit@3", "recall@10")
            ]
            low, high = row["intervals"]["ndcg@10"] or (float("nan"), float("nan"))
            self.stdout.write(
                f"{name:<20} {numbers[0]:6.3f} ({low:.3f} – {high:.3f}) {numbers[1]:6.3f} {numbers[2]:6.3f} "
                f"{numbers[3]:7.3f} {row['n']:4}"
            )

    def _write_more_for_people(
        self, public: list[dict[str, Any]], checked: dict[str, Any] | None, understood: dict[str, Any] | None
    ) -> None:
        for one in public:
            self.stdout.write(f"{one['title']}: {one['questions']} questions, {one['passages']} passages")
            for way, of in one["ways"].items():
                numbers = [of[typed]["ndcg@10"]["value"] for typed in ("marked", "unmarked")]
                self.stdout.write(f"  {way:<18} nDCG@10 {numbers[0]:.3f}, without marks {numbers[1]:.3f}")
        for way, of in (checked or {"ways": {}})["ways"].items():
            shares = [of[name]["value"] for name in ("precision", "recall", "answered")]
            texts = ["–" if share is None else f"{share:.3f}" for share in shares]
            self.stdout.write(f"abstention, {way:<8} precision {texts[0]}, recall {texts[1]}, answered {texts[2]}")
        for way, of in (understood or {"ways": {}})["ways"].items():
            shares = [of[typed][name]["value"] for typed in ("marked", "unmarked") for name in ("first", "three")]
            self.stdout.write(
                f"category, {way:<9} first {shares[0]:.3f}, in three {shares[1]:.3f};"
                f" without marks {shares[2]:.3f}, {shares[3]:.3f}"
            )
