"""Answer one statement on the command line."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from catalogue.platforms.choices import Freshness
from recommender import wording
from recommender.engine.constraints import CONFIRMED
from recommender.engine.types import Assurance, NoResult, Required
from recommender.services import MOST_RESULTS, Asked, StatementRefused, answer


class Command(BaseCommand):
    help = "Recommend platforms for a statement of a problem; the statement is not recorded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", metavar="TEXT")
        parser.add_argument("--top", type=int, default=10, metavar="N")
        parser.add_argument(
            "--min-assurance", default=Assurance.PUBLIC_RECORD.key, choices=[level.key for level in Assurance]
        )
        parser.add_argument(
            "--confirmed", choices=Freshness.values, default="", help="only what was confirmed in the last 12 months"
        )
        parser.add_argument("--json", action="store_true", help="the whole answer as JSON")

    def handle(self, *args: Any, text: str, top: int, min_assurance: str, confirmed: str, **options: Any) -> None:
        if not 1 <= top <= MOST_RESULTS:
            raise CommandError(f"--top must be between 1 and {MOST_RESULTS}")
        since = Freshness(confirmed).since(timezone.localdate()) if confirmed else None
        required = Required(confirmed_since=since)
        try:
            given = answer(Asked(text, top=top, min_assurance=Assurance.parse(min_assurance), required=required))
        except StatementRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(given, ensure_ascii=False, indent=2))
        else:
            self._write_for_people(given)

    def _write_for_people(self, given: dict[str, Any]) -> None:
        if given["why_no_result"]:
            self._write_why(given["why_no_result"])
        if given["doubtful"]:
            self.stdout.write("Có thể danh mục chưa có sản phẩm đúng nhu cầu này; dưới đây là những gì gần nhất.")
        for title, hits in (
            ("", given["results"]),
            ("Cũng có trong danh mục, chưa đạt điều đã hỏi:", given["also_listed"]),
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
                    said = wording.unmet([unmet])[0] if unmet["code"] == CONFIRMED else unmet["text"]
                    self.stdout.write(f"    − {said}")
        if given["bundle"]:
            self._write_bundle(given["bundle"])

    def _write_why(self, why: dict[str, Any]) -> None:
        if why["code"] == NoResult.OUTSIDE:
            self.stdout.write("Bài toán này có vẻ nằm ngoài những gì nền tảng số giải quyết.")
        elif why["code"] == NoResult.NO_PRODUCT:
            category = f" thuộc nhóm {why['label']}" if why["label"] else ""
            self.stdout.write(f"Đây là nhu cầu số{category}, nhưng chưa có nền tảng nào trong danh mục đáp ứng.")
            if why["nearest"]:
                missing = "; ".join(why["missing"]) or "không rõ"
                self.stdout.write(f"Gần nhất là {why['nearest']['platform_name']}, hồ sơ chưa nói tới: {missing}")
        else:
            self.stdout.write("Chưa có sản phẩm nào đạt điều đã yêu cầu; các sản phẩm gần với bài toán ở dưới.")

    def _write_bundle(self, bundle: dict[str, Any]) -> None:
        names = {member["platform"]: member["platform_name"] for member in bundle["members"]}
        self.stdout.write(
            "\nKhông sản phẩm nào đáp ứng đủ; bộ nhỏ nhất đáp ứng nhiều nhất: " + ", ".join(names.values())
        )
        for cover in bundle["covers"]:
            self.stdout.write(f"    {cover['need']} → {names[cover['platform']]}: {cover['reason']['text']}")
        for left in bundle["left"]:
            self.stdout.write(f"    − {left['need']}: {wording.LEFT[left['why']]}")
        for connection in bundle["connections"]:
            declared = [wording.declared(said, names) for said in connection["declared"]]
            pair = " – ".join(names[key] for key in connection["platforms"])
            self.stdout.write(f"    {pair}: {'; '.join(declared) or 'chưa có thông tin về kết nối'}")
