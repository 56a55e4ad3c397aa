"""The check of abstention: what it counts, and that its statements are what they say they are."""

import json
import re
from functools import cache

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from catalogue.common.text import fold
from recommender.abstention_check import Checked, judge, read_checks

SEEDS = settings.BASE_DIR / "seeds"
REAL = SEEDS / "abstention_check.yaml"


def checked(name: str, *, answerable: bool, near: bool = False, marks: bool = True) -> Checked:
    return Checked(name, name, answerable, near, marks)


class TestCounting:
    CHECKS = (
        checked("a", answerable=True),
        checked("b", answerable=True, marks=False),
        checked("c", answerable=False),
        checked("d", answerable=False, near=True, marks=False),
        checked("e", answerable=False, near=True),
    )

    def test_a_case_worked_by_hand(self):
        found = judge(self.CHECKS, lambda text: ([], text in ("b", "c", "d")))

        shares = {name: found[name]["value"] for name in ("precision", "recall", "near", "far", "answered", "unmarked")}
        assert shares == {
            "precision": 0.6667,  # c and d of b, c, d
            "recall": 0.6667,  # c and d of c, d, e
            "near": 0.5,
            "far": 1.0,
            "answered": 0.5,
            "unmarked": 0.5,  # d is refused rightly, b wrongly
        }
        assert (found["refused"], found["slipped"], found["lost"]) == (3, ["e"], ["b"])

    def test_who_refuses_nothing_has_no_precision(self):
        found = judge(self.CHECKS, lambda text: ([], False))

        assert found["precision"] == {"value": None, "interval": None, "n": 0}
        assert found["recall"]["value"] == 0.0
        assert found["answered"]["value"] == 1.0


@pytest.mark.django_db
def test_is_part_of_evaluate(catalogue, tmp_path, capsys, monkeypatch):
    (tmp_path / "problems.yaml").write_text('problems: [{id: a, text: "họp trực tuyến", judgements: {hopviet: 3}}]')
    own = tmp_path / "abstention_check.yaml"
    statements = [
        {
            "id": "abs-001",
            "leaf": "online-meetings",
            "near": False,
            "marks": True,
            "text": "họp trực tuyến có biểu quyết",
        },
        {"id": "abs-002", "leaf": None, "near": False, "marks": True, "text": "xqzv wkjh pltr mnbv"},
    ]
    own.write_text(yaml.safe_dump({"statements": statements}, allow_unicode=True))
    monkeypatch.setattr("recommender.engine.pipeline.threshold", lambda *, semantic: 0.0)  # refuses what shares no word
    page = tmp_path / "page.md"

    call_command("evaluate", str(tmp_path / "problems.yaml"), "--abstention", str(own), "--report", str(page))

    assert "abstention, words    precision 1.000, recall 1.000, answered 1.000" in capsys.readouterr().out
    assert "## Abstention on statements that nothing was fitted to" in page.read_text()
    found = json.loads(page.with_suffix(".json").read_text())["abstention_check"]
    assert (found["outside"], found["answerable"], set(found["ways"])) == (1, 1, {"words", "both"})

    own.write_text("statements: [{id: x}]")
    with pytest.raises(CommandError, match=r"abstention_check\.yaml"):
        call_command("evaluate", str(tmp_path / "problems.yaml"), "--abstention", str(own))


@cache
def seed(name: str):
    return yaml.load((SEEDS / name).read_text(), yaml.CSafeLoader)


class TestTheRealStatements:
    def test_are_as_many_of_both_kinds_and_none_twice(self):
        checks = read_checks(REAL)

        assert sum(check.answerable for check in checks) == sum(not check.answerable for check in checks) == 60
        assert len({check.id for check in checks}) == len({fold(check.text) for check in checks}) == 120
        assert not any(check.near for check in checks if check.answerable)

    def test_say_truly_whether_they_carry_marks(self):
        for check in read_checks(REAL):
            assert (fold(check.text) != check.text) == check.marks, check.id

    def test_those_with_an_answer_name_a_leaf_that_has_products(self):
        leaves = {key for row in seed("platforms.yaml")["platforms"] for key in [row["category"], *row.get("also", [])]}

        for row in seed("abstention_check.yaml")["statements"]:
            assert row["leaf"] is None or row["leaf"] in leaves, row["id"]

    def test_repeat_nothing_that_the_engine_is_fitted_to_or_judged_by(self):
        """Set phrases may be the same, whole clauses may not."""
        known = [
            *(row["text"] for row in seed("out_of_scope.yaml")["statements"]),
            *(row["text"] for row in seed("problems_dev.yaml")["problems"]),
            *(text for row in seed("platforms.yaml")["platforms"] for text in row["solves"]),
            *(text for leaf in seed("leaf_needs.yaml")["leaves"].values() for text in leaf["needs"]),
        ]
        theirs = set().union(*(eights(text) for text in known))

        for check in read_checks(REAL):
            assert not eights(check.text) & theirs, check.id


def eights(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", fold(text).lower())
    return {tuple(words[at : at + 8]) for at in range(len(words) - 7)}
