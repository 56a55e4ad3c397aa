"""Answer a recorded run again from the catalogue as it was, and compare."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from recommender.models import Run
from recommender.replaying import Replay, replay

NOTEWORTHY = 0.001  # of a score; below it is rounding


class Command(BaseCommand):
    help = "Answer a run again, with the catalogue and vectors of that moment. Fails when the list is not the same."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", metavar="RUN", help="the id at the end of the run's address")
        parser.add_argument("--json", action="store_true", help="the whole comparison as JSON")

    def handle(self, *args: Any, run: str, **options: Any) -> None:
        try:
            recorded = Run.objects.get(pk=UUID(run))
        except (ValueError, Run.DoesNotExist) as missing:
            raise CommandError(f"there is no run {run}") from missing
        found = replay(recorded)
        if options["json"]:
            self.stdout.write(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
        else:
            self._write_for_people(found)
        if not found.same:
            raise CommandError("not the same list")

    def _write_for_people(self, found: Replay) -> None:
        engine = found.run.engine
        self.stdout.write(
            f"run {found.run.pk}: engine {engine['version']}, catalogue at change {engine['catalogue_sequence']}, "
            f"{engine['platforms']} listings"
        )
        if found.same:
            shown = sum(len(found.run.answer[part]) for part in ("results", "also_listed"))
            self.stdout.write("same answer: nothing fits" if found.run.abstained else f"same list: {shown} places")
        if found.answer and found.answer["abstained"] != found.run.abstained:
            said = {True: "nothing fits", False: "a list"}
            self.stdout.write(f"then {said[found.run.abstained]}, now {said[found.answer['abstained']]}")
        elif found.answer and not found.same and not found.differences:
            codes = [(answer.get("why_no_result") or {}).get("code") for answer in (found.run.answer, found.answer)]
            self.stdout.write(f"nothing fits, then because of {codes[0]}, now because of {codes[1]}")
        for at in found.differences:
            self.stdout.write(f"{at.part} {at.place}: then {at.recorded or 'nobody'}, now {at.replayed or 'nobody'}")
        if found.points > NOTEWORTHY:
            self.stdout.write(f"scores at unchanged places differ by up to {found.points:.4f}")
        for reason in found.reasons:
            self.stdout.write(f"because: {reason}")
