"""The public scoreboard: what an evaluation found, for everybody, in both languages."""

import json
import re

import pytest
from django.urls import reverse

from recommender import evaluation, findings, scoreboard
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["anonymous", "member", "operator"])
def visitor(request, client):
    if request.param != "anonymous":
        client.force_login(UserFactory(is_staff=request.param == "operator"))
    return client


@pytest.fixture
def found(tmp_path, monkeypatch) -> dict:
    """A small evaluation, put in place of the real one; returned as its data."""

    def part(value, low, high):
        return {
            "n": 4,
            "measures": {name: {"value": value, "interval": [low, high]} for name in evaluation.MEASURES},
        }

    data = {
        "engine": "7.7", "model": "hashed-words", "platforms": 1234, "problems": 4, "source": "seeds/problems_dev.yaml",
        "officer": {"ndcg@10": 0.89},
        "whole": part(0.726, 0.668, 0.781),
        "slices": {name: part(0.5, 0.4, 0.6) for name in ("no_diacritics", "typed_without_marks", "short", "long")},
        "steps": {name: {**part(0.48, 0.4, 0.5), "unmarked": 0.118} for name in findings.STEPS},
        "abstention": {"precision": None, "recall": 0.0, "abstained": 0, "none": 1},
        "groups": [{"group": "health", "vi": "Y tế số", "en": "Digital health", "n": 1, "ndcg@10": 0.31, "interval": None}],
        "worst": [{"id": "rp-9", "words": "Cần <b>họp</b>…", "vi": ["Y tế"], "en": ["Health"], "ndcg@10": 0.0}],
        "vendors": [{"size": size, "vendors": 9, "products": 9, "places": 9, "share_of_catalogue": 0.502,
                     "share_of_places": 0.442} for size in findings.SIZES],
        "public": [{"name": "nho", "title": "Small", "vi": "Bộ <i>nhỏ</i>", "en": "A small set", "licence": "CC0",
                    "source": "https://example.org/set", "passages": 4321, "questions": 2,
                    "ways": {way: {"marked": {"ndcg@10": {"value": 0.961, "interval": [0.91, 0.99]}},
                                   "unmarked": {"ndcg@10": {"value": 0.587, "interval": None}}}
                             for way in findings.PUBLIC_WAYS}}],
        "abstention_check": {"source": "x.yaml", "outside": 61, "answerable": 62, "ways": {
            way: {name: {"value": 0.857, "interval": [0.7, 0.9], "n": 61} for name in findings.CHECKED_SHARES}
            for way in findings.CHECKED_WAYS}},
    }  # fmt: skip
    path = tmp_path / "evaluation.json"
    path.write_text(json.dumps(data))
    monkeypatch.setattr(scoreboard, "FINDINGS", path)
    return data


def test_everybody_sees_the_numbers_and_what_each_means(visitor, found):
    page = visitor.get("/bang-diem/").content.decode()

    assert page.count("<h1") == 1
    assert "72,6" in page
    assert "66,8–78,1" in page
    assert "1.234" in page
    for _label, sentence in scoreboard._MEASURES.values():
        assert str(sentence) in page
    assert "50,2" in page
    assert "44,2" in page


def test_the_english_page_is_english(client, found):
    page = client.get("/en/bang-diem/").content.decode()

    assert "72.6" in page
    assert "Digital health" in page
    assert "Y tế số" not in page
    assert not re.search(r"Số đo|bài toán|kết quả đầu", re.sub(r'lang="vi">[^<]*', "", page))


def test_everybody_sees_public_sets_and_whether_it_refuses(visitor, found):
    page = visitor.get("/bang-diem/").content.decode()

    assert "Bộ &lt;i&gt;nhỏ" in page
    assert "4.321 văn bản" in page
    assert "96,1" in page
    assert "58,7" in page
    assert "CC0" in page
    assert 'href="https://example.org/set"' in page
    assert "61 yêu cầu" in page
    assert "85,7" in page
    assert "70,0–90,0" in page


def test_an_evaluation_without_them_shows_the_rest(client, found):
    for absent in ({"public": [], "abstention_check": None}, {}):
        kept = {name: value for name, value in found.items() if name not in ("public", "abstention_check")}
        scoreboard.FINDINGS.write_text(json.dumps({**kept, **absent}))

        page = client.get("/bang-diem/").content.decode()

        assert "Năm số đo" in page
        assert "bộ câu hỏi công khai" not in page
        assert "biết từ chối" not in page


def test_the_picture_has_a_table_behind_it_and_lengths_that_svg_takes(client, found):
    page = client.get("/bang-diem/").content.decode()
    picture = page.split('<svg class="score-picture"')[1].split("</svg>")[0]

    assert "<title" in picture
    assert 'width="72.6%"' in picture
    assert 'x1="66.8%"' in picture
    assert not re.search(r'(?:width|x1|x2|y1|y2|x|y)="[^"]*,', picture)
    assert page.index("score-picture") < page.index('<table class="scores">')


def test_what_stands_in_a_problem_is_text(client, found):
    assert "Cần &lt;b&gt;họp" in client.get("/bang-diem/").content.decode()


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"engine": "1"}'])
def test_before_the_first_evaluation_it_says_so(client, tmp_path, monkeypatch, content):
    path = tmp_path / "none.json"
    if content is not None:
        path.write_text(content)
    monkeypatch.setattr(scoreboard, "FINDINGS", path)

    answer = client.get("/bang-diem/")

    assert answer.status_code == 200
    assert "Chưa có số đo nào" in answer.content.decode()


def test_the_evaluation_in_the_repository_can_be_shown(client):
    page = client.get(reverse("scoreboard")).content.decode()

    assert "Chưa có số đo nào" not in page
    assert page.count("<tr>") > 20


def test_every_name_that_an_evaluation_writes_has_a_label():
    assert set(scoreboard._STEPS) == set(findings.STEPS)
    assert set(scoreboard._SIZES) == set(findings.SIZES)
    assert set(scoreboard._MEASURES) == set(evaluation.MEASURES)
    assert set(scoreboard._WAYS) == set(findings.PUBLIC_WAYS)
    assert set(scoreboard._CHECKED_WAYS) == set(findings.CHECKED_WAYS)
    assert set(scoreboard._CHECKED_SHARES) < set(findings.CHECKED_SHARES)


def test_every_page_leads_to_it(client, catalogue):
    assert 'href="/bang-diem/"' in client.get("/").content.decode()


def test_it_is_only_read(client):
    assert client.post("/bang-diem/").status_code == 405


def test_it_asks_the_database_nothing(client, found, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/bang-diem/")
