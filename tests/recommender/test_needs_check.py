"""The check of categories: what it counts, and that its needs are no part of what the engine knows."""

import json

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from recommender.needs_check import Kept, judge, read_kept, report
from tests.recommender.engine.samples import CATALOGUE, index_of

SEEDS = settings.BASE_DIR / "seeds"


def test_a_case_worked_by_hand():
    index = index_of(CATALOGUE)
    kept = [
        Kept("Văn bản đến xử lý chậm", "documents"),
        Kept("Giáo viên nhập điểm", "schools"),
        Kept("Giáo viên nhập điểm", "cameras"),  # wrongly filed on purpose
    ]

    found = report(kept, index, None, "x.yaml")

    assert (found["needs"], found["leaves"]) == (3, 3)
    assert found["ways"].keys() == {"words"}
    marked = found["ways"]["words"]["marked"]
    assert marked["first"]["value"] == marked["product"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert marked["first"]["n"] == 3


def test_nothing_to_judge_has_no_share():
    assert judge([], lambda text: pytest.fail("nothing is asked"))["first"]["value"] is None


class TestTheRealNeeds:
    kept = read_kept(SEEDS / "needs_check.yaml")

    def test_are_four_of_every_category_and_of_none_that_is_not(self):
        leaves = yaml.safe_load((SEEDS / "leaf_needs.yaml").read_text())["leaves"]

        assert sorted(need.leaf for need in self.kept) == sorted([*leaves] * 4)

    def test_are_not_known_to_the_engine(self):
        leaves = yaml.safe_load((SEEDS / "leaf_needs.yaml").read_text())["leaves"]
        known = {need for leaf in leaves.values() for need in leaf["needs"]}

        assert not known & {need.text for need in self.kept}
        assert len({need.text for need in self.kept}) == len(self.kept)


@pytest.mark.django_db
def test_is_part_of_evaluate(catalogue, tmp_path, capsys):
    (tmp_path / "problems.yaml").write_text('problems: [{id: a, text: "họp trực tuyến", judgements: {hopviet: 3}}]')
    needs = [{"id": "nc-001", "leaf": "online-meetings", "text": "Cần họp trực tuyến với các phường, xã"}]
    (tmp_path / "needs_check.yaml").write_text(yaml.safe_dump({"needs": needs}, allow_unicode=True))
    (tmp_path / "schemas").symlink_to(SEEDS / "schemas")
    page = tmp_path / "page.md"

    arguments = [str(tmp_path / "problems.yaml"), "--needs", str(tmp_path / "needs_check.yaml")]
    call_command("evaluate", *arguments, "--report", str(page))

    found = json.loads(page.with_suffix(".json").read_text())["needs_check"]
    assert found["ways"]["words"]["marked"]["first"]["n"] == 1
    assert "Categories of needs that nothing was learned from" in page.read_text()
    assert "category, words" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"needs_check\.yaml"):
        call_command(
            "evaluate", str(tmp_path / "problems.yaml"), "--needs", str(tmp_path / "gone" / "needs_check.yaml")
        )
