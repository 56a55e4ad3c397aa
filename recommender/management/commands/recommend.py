"""Answer one statement on the command line."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from recommender.engine.types import Assurance
from recommender.services import MOST_RESULTS, Asked, StatementRefused, answer


class Command(BaseCommand):
    help = "Recommend platforms for a statement of a problem; the statement is not recorded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", metavar="TEXT")
        parser.add_argument("--top", type=int, default=10, metavar="N")
        parser.add_argument(
            "--min-assurance", default=Assurance.PUBLIC_RECORD.key, choices=[level.key for level in Assurance]
        )
        parser.add_argument("--json", action="store_true", help="the whole answer as JSON")

    def handle(self, *args: Any, text: str, top: int, min_assurance: str, **options: Any) -> None:
        if not 1 <= top <= MOST_RESULTS:
            raise CommandError(f"--top must be between 1 and {MOST_RESULTS}")
        try:
            given = answer(Asked(text, top=top, min_assurance=Assurance.parse(min_assurance)))
        except StatementRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(given, ensure_ascii=False, indent=2))
        else:
            self._write_for_people(given)

    def _write_for_people(self, given: dict[str, Any]) -> None:
        if given["abstained"]:
            self.stdout.write("Chưa có nền tảng nào trong danh mục phù hợp với bài toán này.")
        for title, hits in (
            ("", given["results"]),
            ("Cũng có trong danh mục, chưa đạt mức bảo đảm:", given["also_listed"]),
        ):
            if title and hits:
                self.stdout.write(f"\n{title}")
            for hit in hits:
                self.stdout.write(
                    f"{hit['rank']:>2}. {hit['platform_name']} ({hit['vendor_name']})  {hit['score']:.3f}"
                )
                for reason in hit["reasons"][:1]:
                    self.stdout.write(f"    + {reason['text']}")
                for unmet in hit["unmet"][:2]:
                    self.stdout.write(f"    − {unmet['text']}")
