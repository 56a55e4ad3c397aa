"""POST /api/v1/recommendations: the answer, its record, and a clear word for whatever cannot be answered."""

import datetime
import logging

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from catalogue.platforms import changes
from catalogue.platforms.models import Platform
from recommender.models import Run
from recommender.replaying import replay
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
        ({"statement": STATEMENT, "constraints": {"budget_vnd_max": 10**16}}, "constraints.budget_vnd_max"),
        ({"statement": STATEMENT, "constraints": {"budget_vnd_max": "9" * 5000}}, "constraints.budget_vnd_max"),
        ({"statement": STATEMENT, "constraints": {"users": -1}}, "constraints.users"),
        ({"statement": STATEMENT, "constraints": {"users": 10**10}}, "constraints.users"),
        ({"statement": STATEMENT, "constraints": {"sites": "many"}}, "constraints.sites"),
        ({"statement": STATEMENT, "constraints": {"security_level": 6}}, "constraints.security_level"),
        ({"statement": STATEMENT, "constraints": {"deadline": "soon"}}, "constraints.deadline"),
        ({"statement": STATEMENT, "constraints": {"data_in_vietnam": "perhaps"}}, "constraints.data_in_vietnam"),
        ({"statement": STATEMENT, "constraints": {"connections": ["INTERNET"]}}, "constraints.connections"),
        ({"statement": STATEMENT, "constraints": {"connections": "LGSP"}}, "constraints.connections"),
        ({"statement": STATEMENT, "constraints": {"mode": "steal"}}, "constraints.mode"),
        ({"statement": STATEMENT, "constraints": {"offline": 7}}, "constraints.offline"),
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


EVERYTHING = {
    "deployment": ["on_premise", "saas"], "budget_vnd_max": 90_000_000, "users": 200, "sites": 30,
    "security_level": 3, "deadline": "IV/2026", "mode": "rent", "data_in_vietnam": True,
    "connections": ["LGSP", "VNEID"], "offline": True,
}  # fmt: skip


def test_every_requirement_can_be_sent_and_is_told_with_the_answer(caller, catalogue, answering):
    body = {"statement": STATEMENT, "constraints": {**EVERYTHING, "deadline": "iv/2026"}}

    given = caller.post(PATH, body, format="json").json()

    assert given["required"] == EVERYTHING
    assert given["parent"] is None
    assert Run.objects.get(pk=given["id"]).required == EVERYTHING
    hit = next(hit for hit in given["results"] if hit["platform"] == "hopviet")
    unknown = {unmet["code"] for unmet in hit["unmet"] if not unmet["known"]}
    assert {"users", "sites", "security_level", "deadline", "mode", "data_in_vietnam", "connections", "offline"} <= (
        unknown
    )


def test_what_is_not_required_is_not_told(ask):
    false = {"offline": False, "data_in_vietnam": False, "connections": [], "deployment": []}

    assert ask().json()["required"] == {}
    assert ask(constraints=false).json()["required"] == {}


def test_what_a_listing_names_is_a_mention_and_no_gap(ask, catalogue):
    platform = catalogue["hopviet"]
    platform.description = "Kết nối LGSP, dùng được ngoại tuyến."
    platform.save()

    given = ask(constraints={"connections": ["LGSP", "NDXP"], "offline": True}).json()

    hit = next(hit for hit in given["results"] if hit["platform"] == "hopviet")
    assert hit["mentions"] == [{"code": "connections", "text": "LGSP"}, {"code": "offline", "text": "true"}]
    assert {"code": "connections", "text": "NDXP", "known": False} in hit["unmet"]


def test_the_new_requirements_are_found_in_the_text(ask):
    given = ask("Cần họp trực tuyến, kết nối LGSP, dữ liệu lưu tại Việt Nam, mua phần mềm, dùng khi mất mạng").json()

    assert [(found["kind"], found["value"]) for found in given["constraints"]] == [
        ("connections", "LGSP"),
        ("data_in_vietnam", True),
        ("mode", "buy"),
        ("offline", True),
    ]


class TestConfirmedWithinAYear:
    NEED = "Phường cần họp trực tuyến, họp không giấy và biểu quyết điện tử"

    @pytest.fixture
    def old(self, catalogue):
        Platform.objects.filter(slug="hopviet").update(assured_on=datetime.date(2025, 11, 24))
        changes.record(["hopviet"], ["assured_on"])

    @pytest.fixture(autouse=True)
    def _on_a_day(self):
        with time_machine.travel(datetime.datetime(2026, 11, 25, 2, tzinfo=datetime.UTC), tick=False):
            yield

    def test_moves_aside_what_was_confirmed_before_and_says_when(self, old, ask, client):
        plain, asked = ask(self.NEED).json(), ask(self.NEED, confirmed="year").json()

        assert "hopviet" in [hit["platform"] for hit in plain["results"]]
        assert "hopviet" not in [hit["platform"] for hit in asked["results"]]
        apart = next(hit for hit in asked["also_listed"] if hit["platform"] == "hopviet")
        assert {"code": "confirmed_since", "text": "2025-11-24", "known": True} in apart["unmet"]
        assert asked["required"] == {"confirmed_since": "2025-11-25"}
        assert "required" in plain
        assert plain["required"] == {}
        page = client.get(asked["url"]).content.decode()
        assert "Xác nhận lần cuối ngày 24/11/2025" in page
        assert "Xác nhận từ ngày 25/11/2025 trở lại đây" in page

    def test_the_day_itself_still_counts(self, catalogue, ask):
        Platform.objects.filter(slug="hopviet").update(assured_on=datetime.date(2025, 11, 25))
        changes.record(["hopviet"], ["assured_on"])

        assert "hopviet" in [hit["platform"] for hit in ask(self.NEED, confirmed="year").json()["results"]]

    def test_a_replay_counts_from_the_day_of_the_run(self, old, ask):
        run = Run.objects.get(pk=ask(self.NEED, confirmed="year").json()["id"])

        with time_machine.travel(datetime.datetime(2028, 1, 1, tzinfo=datetime.UTC), tick=False):
            again = replay(run)

        assert run.required == {"confirmed_since": "2025-11-25"}
        assert again.same, again.reasons

    def test_why_not_tells_the_day_and_the_change_that_helps_is_true(self, old, ask, api, client):
        run = ask(self.NEED, confirmed="year").json()["id"]

        given = api.get(f"{PATH}/{run}/why-not", {"platform": "hopviet"}).json()
        page = client.get(reverse("why-not", args=[run]), {"san-pham": "hopviet"}).content.decode()

        assert given["obstacles"] == ["confirmed"]
        assert given["confirmed_on"] == "2025-11-24"
        assert given["admitted_with"] == {
            "constraints": {}, "min_assurance": "public_record", "confirmed": None, "top": 10,
        }  # fmt: skip
        assert "hopviet" in [hit["platform"] for hit in ask(self.NEED, **given["admitted_with"]).json()["results"]]
        assert "Xác nhận lần cuối ngày 24/11/2025; bạn cần xác nhận từ 25/11/2025 trở lại đây." in page
        assert "Bỏ yêu cầu về lần xác nhận gần nhất" in page

    @pytest.mark.parametrize("value", ["", "month", ["year"], 12])
    def test_anything_else_is_refused_by_name(self, ask, value):
        answer = ask(self.NEED, confirmed=value)

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"].startswith("confirmed")


class TestWhyNot:
    @pytest.fixture
    def run(self, ask) -> str:
        return ask(constraints={"budget_vnd_max": 10_000_000}).json()["id"]

    def test_everybody_is_told_the_obstacles_and_the_smallest_change(self, caller, run):
        answer = caller.get(f"{PATH}/{run}/why-not", {"platform": "hopviet"})

        given = answer.json()
        assert answer.status_code == 200
        assert given["shown"] is False
        assert given["obstacles"] == ["requirement"]
        assert given["failed"] == [{"code": "budget_vnd_max", "text": "10000000", "known": True}]
        assert given["rank"] == 1
        assert given["score"] >= given["score_needed"]
        assert given["admitted_with"] == {
            "constraints": {"budget_vnd_max": 50_000_000}, "min_assurance": "public_record", "confirmed": None, "top": 10,
        }  # fmt: skip

    def test_the_change_is_true(self, ask, api, run):
        change = api.get(f"{PATH}/{run}/why-not", {"platform": "hopviet"}).json()["admitted_with"]

        assert "hopviet" in [hit["platform"] for hit in ask(**change).json()["results"]]

    def test_a_platform_that_is_not_listed_is_an_answer_too(self, api, run):
        given = api.get(f"{PATH}/{run}/why-not", {"platform": "nobody"}).json()

        assert given["obstacles"] == ["not_listed"]
        assert given["admitted_with"] is None

    @pytest.mark.parametrize("query", [{}, {"platform": ""}, {"platform": "x" * 81}, {"platform": "a\x00"}])
    def test_a_wrong_question_is_a_problem_that_names_the_field(self, api, run, query):
        answer = api.get(f"{PATH}/{run}/why-not", query)

        assert answer.status_code == 400
        assert [error["field"] for error in answer.json()["errors"]] == ["platform"]

    @pytest.mark.parametrize("run_id", ["3f2b6c1e-7f0a-4c1d-9b57-0a2f0d9a5b11", "x"])
    def test_a_run_that_is_not_there_is_a_problem(self, caller, db, run_id):
        answer = caller.get(f"{PATH}/{run_id}/why-not", {"platform": "hopviet"})

        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"

    def test_nothing_can_be_written_there(self, api, run):
        assert api.post(f"{PATH}/{run}/why-not", {}, format="json").status_code == 405


def test_openapi_describes_the_requirements_and_why_not(client, db):
    schema = client.get("/api/v1/schema/?format=json").json()

    assert f"{PATH}/{{run_id}}/why-not" in schema["paths"]
    assert set(schema["components"]["schemas"]["Constraints"]["properties"]) == set(EVERYTHING)
    assert {"constraints", "required", "parent"} <= set(schema["components"]["schemas"]["Answer"]["properties"])
