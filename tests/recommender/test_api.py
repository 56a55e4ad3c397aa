"""POST /api/v1/recommendations: the answer, its record, and a clear word for whatever cannot be answered."""

import logging

import pytest
from django.core.cache import cache

from catalogue.platforms.models import Platform
from recommender.models import Run
from tests.recommender.bad_input import READABLE, REFUSED
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db
PATH = "/api/v1/recommendations"
STATEMENT = "Phường cần họp trực tuyến, họp không giấy và biểu quyết điện tử, kinh phí dưới 100 triệu đồng"


@pytest.fixture(params=["anonymous", "member", "operator"])
def caller(request, api):
    if request.param != "anonymous":
        api.force_authenticate(UserFactory(is_staff=request.param == "operator"))
    return api


@pytest.fixture
def ask(api, catalogue, answering):
    def post(statement=STATEMENT, **body):
        return api.post(PATH, {"statement": statement, **body}, format="json")

    return post


def test_everyone_may_ask_and_gets_the_same_answer(caller, catalogue, answering):
    answer = caller.post(PATH, {"statement": STATEMENT}, format="json")

    assert answer.status_code == 201
    assert answer.json()["results"][0]["platform"] == "hopviet"


def test_the_answer_has_the_promised_shape(ask):
    given = ask().json()

    assert {"query", "abstained", "constraints", "results", "also_listed", "engine", "took_ms", "id", "url"} <= set(
        given
    )
    hit = given["results"][0]
    assert {"rank", "platform", "vendor", "score", "parts", "reasons", "unmet", "assurance"} <= set(hit)
    assert hit["score"] == pytest.approx(sum(hit["parts"].values()), abs=1e-9)
    assert hit["reasons"][0]["text"]
    assert given["constraints"][0] == {
        "kind": "budget_vnd_max", "value": 100_000_000, "words": "kinh phí dưới 100 triệu đồng",
        "start": STATEMENT.index("kinh phí"), "end": len(STATEMENT),
    }  # fmt: skip


def test_marks_of_a_reason_point_at_words_the_statement_has(ask):
    for hit in ask().json()["results"]:
        for reason in hit["reasons"]:
            for start, end in reason["marks"]:
                assert reason["text"][start:end].strip()


def test_the_answer_is_recorded_and_can_be_cited(ask, client):
    given = ask().json()

    run = Run.objects.get(pk=given["id"])
    assert run.statement == STATEMENT
    assert run.answer == {key: value for key, value in given.items() if key not in ("id", "url")}
    assert client.get(given["url"]).status_code == 200


def test_results_meet_the_asked_level_and_the_others_stand_apart(ask):
    statement = "Khám chữa bệnh từ xa, hội chẩn cho trạm y tế xã"

    default, low, high = (
        ask(statement, **body).json() for body in ({}, {"min_assurance": "listed"}, {"min_assurance": "vetted"})
    )

    assert {hit["assurance"] for hit in default["results"]} == {"public_record"}
    assert "hoichan" in [hit["platform"] for hit in default["also_listed"]]
    assert {"khamxa", "hoichan"} <= {hit["platform"] for hit in low["results"]}
    assert high["results"] == []
    assert high["also_listed"]


def test_a_discontinued_product_is_never_a_result(ask):
    given = ask("Họp trực tuyến, cán bộ phải đi xa để họp", min_assurance="listed").json()

    assert "hopcu" not in [hit["platform"] for hit in given["results"]]
    assert {"code": "status", "text": "discontinued", "known": True} in [
        unmet for hit in given["also_listed"] if hit["platform"] == "hopcu" for unmet in hit["unmet"]
    ]


def test_a_confirmed_requirement_moves_what_fails_it_and_keeps_what_is_unknown(ask):
    strict = ask(
        constraints={"budget_vnd_max": 10_000_000, "deployment": ["on_premise"]}, min_assurance="listed"
    ).json()

    assert "hopviet" not in [hit["platform"] for hit in strict["results"]]
    too_dear = next(hit for hit in strict["also_listed"] if hit["platform"] == "hopviet")
    assert {"code": "budget_vnd_max", "text": "10000000", "known": True} in too_dear["unmet"]
    for hit in strict["results"]:
        assert all(not unmet["known"] for unmet in hit["unmet"] if unmet["code"] != "need")


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_no_statement_is_refused_with_a_sentence(ask, name):
    answer = ask(REFUSED[name])

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json().get("detail") or answer.json()["errors"]
    assert not Run.objects.exists()


@pytest.mark.parametrize("name", sorted(READABLE))
def test_whatever_else_is_typed_is_answered_and_nothing_is_executed(ask, caplog, name):
    caplog.set_level(logging.DEBUG)
    products = Platform.objects.count()

    answer = ask(READABLE[name])

    assert answer.status_code == 201
    assert Platform.objects.count() == products
    assert READABLE[name][:30] not in caplog.text, "what an agency typed is not logged"


@pytest.mark.parametrize("name", ["TCVN3", "VNI"])
def test_text_in_an_old_encoding_is_understood(ask, name):
    given = ask(READABLE[name]).json()

    assert given["query"] == "Tỉnh miền núi cần khám chữa bệnh từ xa cho các trạm y tế xã"
    assert given["results"][0]["platform"] == "khamxa"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "statement"),
        ({"statement": None}, "statement"),
        ({"statement": ["a"]}, "statement"),
        ({"statement": STATEMENT, "top": 0}, "top"),
        ({"statement": STATEMENT, "top": 51}, "top"),
        ({"statement": STATEMENT, "top": "many"}, "top"),
        ({"statement": STATEMENT, "min_assurance": "perfect"}, "min_assurance"),
        ({"statement": STATEMENT, "constraints": {"colour": "red"}}, "constraints.colour"),
        ({"statement": STATEMENT, "constraints": {"budget_vnd_max": -1}}, "constraints.budget_vnd_max"),
        ({"statement": STATEMENT, "constraints": {"deployment": ["moon"]}}, "constraints.deployment"),
        ({"statement": STATEMENT, "constraints": []}, "constraints"),
    ],
)
def test_a_wrong_body_is_a_problem_that_names_the_field(api, body, field):
    answer = api.post(PATH, body, format="json")

    assert answer.status_code == 400
    assert field in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[1]", "application/json", 400),
        ("statement=x", "application/x-www-form-urlencoded", 415),
    ],
)
def test_a_body_that_is_not_json_is_a_problem(api, data, kind, status):
    answer = api.post(PATH, data, content_type=kind)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_reading_the_endpoint_is_not_allowed_but_explained(api):
    answer = api.get(PATH)

    assert answer.status_code == 405
    assert answer["Allow"]


def test_too_many_questions_are_told_when_to_come_back(api, catalogue, answering, monkeypatch):
    from rest_framework.throttling import ScopedRateThrottle

    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"recommendations": "2/min"})
    cache.clear()
    statuses = [api.post(PATH, {"statement": STATEMENT}, format="json").status_code for _ in range(3)]
    last = api.post(PATH, {"statement": STATEMENT}, format="json")

    assert statuses == [201, 201, 429]
    assert int(last["Retry-After"]) > 0
    cache.clear()


def test_an_answer_costs_the_same_however_many_results(ask, django_assert_max_num_queries):
    ask()

    with django_assert_max_num_queries(5):
        ask(top=50, min_assurance="listed")
