"""The commands, with the JSON that users rely on."""

import json
from datetime import date

import pytest
import yaml
from django.core.management import CommandError, call_command

from catalogue.platforms import changes
from catalogue.platforms.models import Platform

pytestmark = pytest.mark.django_db


def output(capsys, *arguments, **options) -> str:
    capsys.readouterr()
    call_command(*arguments, **options)
    return capsys.readouterr().out


class TestRecommend:
    def test_gives_the_promised_json(self, capsys, catalogue, answering):
        given = json.loads(output(capsys, "recommend", "họp trực tuyến và biểu quyết điện tử", "--json", "--top", "2"))

        assert set(given) >= {"query", "abstained", "constraints", "results", "also_listed", "engine", "took_ms"}
        assert given["results"][0]["platform"] == "hopviet"
        assert given["results"][0]["assurance"] == "public_record"
        assert len(given["results"]) <= 2

    def test_gives_lines_for_people(self, capsys, catalogue, answering):
        assert "1. HọpViệt" in output(capsys, "recommend", "họp trực tuyến và biểu quyết điện tử")

    def test_can_ask_for_what_was_confirmed_lately(self, capsys, catalogue, answering):
        Platform.objects.filter(slug="hopviet").update(assured_on=date(2020, 1, 1))
        changes.record(["hopviet"], ["assured_on"])

        given = json.loads(
            output(capsys, "recommend", "họp trực tuyến và biểu quyết điện tử", "--json", confirmed="year")
        )
        lines = output(capsys, "recommend", "họp trực tuyến và biểu quyết điện tử", confirmed="year")

        assert "hopviet" not in [hit["platform"] for hit in given["results"]]
        assert "hopviet" in [hit["platform"] for hit in given["also_listed"]]
        assert "Xác nhận lần cuối ngày 01/01/2020" in lines

    def test_is_not_recorded(self, capsys, catalogue, answering):
        from recommender.models import Run

        output(capsys, "recommend", "họp trực tuyến", "--json")

        assert not Run.objects.exists()

    @pytest.mark.parametrize(
        ("text", "options"), [("", {}), ("x", {}), ("họp trực tuyến", {"top": 0}), ("a b c", {"top": 51})]
    )
    def test_refuses_in_words(self, catalogue, text, options):
        with pytest.raises(CommandError):
            call_command("recommend", text, **options)


class TestEvaluate:
    @pytest.fixture
    def problems(self, tmp_path):
        rows = [
            {
                "id": "a",
                "text": "họp trực tuyến và biểu quyết điện tử",
                "judgements": {"hopviet": 3, "hopcu": 1},
                "none": False,
            },
            {"id": "b", "text": "khám chữa bệnh từ xa", "judgements": {"khamxa": 2, "hoichan": 2}, "none": False},
            {"id": "c", "text": "trong cay xanh", "judgements": {}, "none": True},
        ]
        path = tmp_path / "problems.yaml"
        path.write_text(yaml.safe_dump({"problems": rows}, allow_unicode=True))
        return path

    def test_gives_every_measure_and_slice(self, capsys, catalogue, answering, problems):
        given = json.loads(output(capsys, "evaluate", str(problems), "--json"))

        assert given["n"] == 3
        assert given["p@1"] == 1.0
        assert given["recall@10"] == 1.0
        assert {"ndcg@10", "mrr", "hit@3", "p50_ms", "p99_ms"} <= set(given)
        assert set(given["abstention"]) == {"precision", "recall", "abstained"}
        assert set(given["slices"]) == {"no_diacritics", "typed_without_marks", "short", "long"}
        assert given["slices"]["typed_without_marks"]["n"] == 1

    def test_judges_products_below_the_default_level_too(self, capsys, catalogue, answering, problems):
        given = json.loads(output(capsys, "evaluate", str(problems), "--json"))

        assert given["recall@10"] == 1.0, "hoichan is only listed"

    def test_scores_abstention_on_statements_without_an_answer(self, capsys, catalogue, monkeypatch, problems):
        from recommender.engine import pipeline

        monkeypatch.setattr(pipeline, "threshold", lambda *, semantic: 1.1)

        given = json.loads(output(capsys, "evaluate", str(problems), "--json"))

        assert given["abstention"] == {"precision": pytest.approx(1 / 3, abs=1e-4), "recall": 1.0, "abstained": 3}

    def test_fails_below_its_floor(self, catalogue, answering, problems):
        with pytest.raises(CommandError, match="below the floor"):
            call_command("evaluate", str(problems), "--floor", "1.01")

    def test_writes_what_each_step_adds(self, catalogue, answering, problems, tmp_path):
        call_command("evaluate", str(problems), "--report", str(tmp_path / "evaluation.md"))

        report = (tmp_path / "evaluation.md").read_text()
        assert "plain BM25" in report
        assert "+ vectors" in report

    @pytest.mark.parametrize(
        "content", ["", "problems: []", "problems: [{text: a}]x", "problems: [{text: '', judgements: {}}]",
                    "problems: [{text: a, judgements: {x: 7}}]", "problems: [1]"]
    )  # fmt: skip
    def test_refuses_a_file_it_cannot_use(self, catalogue, tmp_path, content):
        (tmp_path / "bad.yaml").write_text(content)

        with pytest.raises(CommandError):
            call_command("evaluate", str(tmp_path / "bad.yaml"))


class TestBuildIndex:
    def test_makes_vectors_and_says_what_it_built(self, capsys, catalogue):
        assert "index of 5 platforms: words and meaning (hashed-words)" in output(capsys, "build_index")

    def test_can_leave_vectors_for_later(self, capsys, catalogue):
        from recommender.models import TextVector

        said = output(capsys, "build_index", "--lexical")

        assert "5 platforms" in said
        assert TextVector.objects.count() < 10, "only the knowledge's own"

    def test_without_an_embedder_is_by_words(self, capsys, catalogue, monkeypatch):
        from recommender import vectors

        monkeypatch.setattr(vectors, "embedder", lambda: None)

        assert "words only" in output(capsys, "build_index")

    def test_builds_nothing_when_nothing_is_missing(self, capsys, catalogue, index_dir):
        from recommender.engine import snapshot

        output(capsys, "build_index")
        name = snapshot.current_name(index_dir)

        output(capsys, "build_index", "--missing")

        assert snapshot.current_name(index_dir) == name


def test_calibrate_learns_to_tell_the_catalogue_from_the_rest(capsys, catalogue, tmp_path, monkeypatch):
    from catalogue.lexicon.models import OutsideExample
    from recommender.engine.confidence import CALIBRATION
    from recommender.management.commands import calibrate

    target = tmp_path / "calibration.json"
    target.write_text(calibrate.CALIBRATION.read_text())
    monkeypatch.setattr(calibrate, "CALIBRATION", target)
    for at, text in enumerate(
        ["Mua xe ô tô", "Sơn lại hàng rào trụ sở", "Đặt suất ăn trưa", "Trồng cây xanh ven đường"]
    ):
        OutsideExample.objects.create(key=f"o{at}", kind="goods", text=text)

    said = output(capsys, "calibrate", "--write")

    assert "lexical: AUC" in said
    kept = json.loads(target.read_text())
    before = json.loads(CALIBRATION.read_text())
    for part in ("models", "scope", "met"):
        assert set(kept[part]) == {"lexical", "semantic"}
        assert kept[part] != before[part], f"{part} is fitted anew"


def test_demo_accounts_are_refused_off_the_laptop(settings):
    settings.ON_LAPTOP = False

    with pytest.raises(CommandError, match="laptop"):
        call_command("demo_users")
