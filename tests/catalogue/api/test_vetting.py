"""Vetting by the API: the same moves as on the pages, for the same people; others are told that there is nothing."""

import datetime

import hypothesis
import pytest
import schemathesis
import time_machine
from django.core.cache import cache
from django.db import transaction
from rest_framework.test import APIClient
from rest_framework.throttling import ScopedRateThrottle
from schemathesis import checks

from catalogue.accounts.tokens import ApiToken, Scope
from catalogue.documents import services as documents
from catalogue.organisations.models import Membership
from catalogue.register.models import Entry
from catalogue.vetting import challenges, services
from catalogue.vetting.challenges import APPEAL_DAYS, Appeal, Challenge
from catalogue.vetting.models import Submission
from catalogue.vetting.states import MOVES, Action, Actor, State
from tests.catalogue.documents.files import PDF
from tests.support.roles import ROLES, check, everyone
from tests.support.vetting import NOW, act, examined, handed_in, product, proposed, reviewer, rules, vetted

pytestmark = pytest.mark.django_db
API = "/api/v1/vetting"
REASON = {"reason": "Lý do nêu rõ."}
ANYBODY = dict.fromkeys(ROLES, 200)
BODIES = {
    "take": {}, "give-back": REASON, "release": REASON, "send-back": REASON, "accept": {}, "reject": REASON,
    "suspend": REASON, "reinstate": REASON, "revoke": REASON, "propose": {"proposal": "accept", "note": "Đã xem đủ."},
    "ask": {"questions": [{"answer": 0, "question": "Số nào?"}]},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _on_a_day():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people():
    rules()
    return everyone()


@pytest.fixture
def four():
    return [reviewer(name) for name in ("mot", "hai", "ba", "bon")]


@pytest.fixture
def platform(people):
    return product(people, slug="hop-viet", name="Họp Việt")


def api(user=None) -> APIClient:
    client = APIClient()
    if user:
        client.force_authenticate(user)
    return client


def post(user, address, data=None, status=200):
    answer = api(user).post(address, data or {}, format="json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def kinds():
    return list(Entry.objects.order_by("number").values_list("kind", flat=True))


class TestReviewers:
    def test_who_reads(self, people, platform):
        one = handed_in(people, platform)
        for address in (f"{API}/submissions", f"{API}/submissions/{one.pk}"):
            check(people, "GET", address, {"reviewer": 200, "operator": 200})
        for address in (f"{API}/challenges", f"{API}/appeals"):
            check(people, "GET", address, {"reviewer": 200})

    def test_a_draft_is_its_vendors_own(self, people, platform):
        draft = services.begin(platform, by=people["editor"], now=NOW)

        check(people, "GET", f"{API}/submissions/{draft.pk}", {})
        assert people.api("reviewer").get(f"{API}/submissions").json()["count"] == 0

    @pytest.mark.parametrize("place", [place for place in BODIES if place != "release"])
    def test_who_acts(self, people, platform, place):
        """Each move, by everybody, on a submission of a state that it can be taken from, held by somebody else."""
        one = in_state(people, platform, MOVES[Action(place.replace("-", "_"))].sources[0])
        body = BODIES[place]
        if place == "ask":
            body = {"questions": [{"answer": one.answers.first().pk, "question": "Số nào?"}]}
        holder = MOVES[Action(place.replace("-", "_"))].actor is Actor.HOLDER

        check(people, "POST", f"{API}/submissions/{one.pk}/{place}", {"reviewer": 409 if holder else 200}, data=body)

    def test_only_operators_release(self, people, platform, four):
        one = handed_in(people, platform)
        services.take(one, by=four[0], now=NOW)

        check(people, "POST", f"{API}/submissions/{one.pk}/release", {"operator": 200}, data=REASON)

    def test_a_reviewer_who_belongs_to_a_vendor_is_told_that_there_is_nothing(self, people, platform, four):
        one = handed_in(people, platform)
        Membership.objects.create(user=four[0], organisation=people.other, role="viewer")

        assert api(four[0]).get(f"{API}/submissions").status_code == 404
        assert api(four[0]).post(f"{API}/submissions/{one.pk}/take").status_code == 404

    def test_the_whole_way_to_a_decision_by_two(self, people, platform, four):
        one = handed_in(people, platform)
        base = f"{API}/submissions/{one.pk}"
        told = post(four[0], f"{base}/take")
        assert (told["state"], told["reviewer"]) == ("in_review", "mot@bo.gov.vn")
        first = told["answers"][0]["id"]
        told = post(four[0], f"{base}/ask", {"questions": [{"answer": first, "question": "Số nào?"}]})
        assert told["state"] == "clarification"
        question = told["answers"][0]["clarifications"][0]["id"]
        vendor = f"/api/v1/organisations/sao-bac/products/{platform.slug}/vetting"
        assert "reviewer" not in post(
            people["editor"], f"{vendor}/answer", {"replies": [{"clarification": question, "text": "Số 12."}]}
        )
        for row in told["answers"]:
            done = api(four[0]).patch(f"{base}/answers/{row['id']}", {"verdict": "met"}, format="json")
            assert done.status_code == 200
        post(four[0], f"{base}/propose", BODIES["propose"])
        assert post(four[0], f"{base}/accept", status=409)["code"] == "same_person"
        told = post(four[1], f"{base}/accept")

        assert (told["state"], told["decided_by"]) == ("vetted", "hai@bo.gov.vn")
        assert [step["action"] for step in told["steps"]] == ["submit", "take", "ask", "answer", "propose", "accept"]
        assert kinds() == ["vetted"]

    @pytest.mark.parametrize(
        ("place", "body", "status", "code"),
        [
            ("ask", {"questions": []}, 400, "invalid"),
            ("ask", {"questions": [{"answer": 10**9, "question": "Gì?"}]}, 400, "nothing_asked"),
            ("propose", {"proposal": "accept", "note": "x"}, 409, "undecided"),
            ("propose", {"proposal": "", "note": "x"}, 400, "invalid"),
            ("give-back", {}, 400, "invalid"),
            ("give-back", {"reason": " \n"}, 400, "invalid"),
            ("give-back", {"reason": "Hỏi lan@example.vn"}, 400, "names_person"),
            ("accept", {}, 409, "mandatory_not_met"),
            ("reject", REASON, 409, "same_person"),
            ("take", {}, 409, "illegal_move"),
        ],
    )
    def test_refusals_are_problem_details(self, people, platform, four, place, body, status, code):
        one = handed_in(people, platform)
        services.take(one, by=four[0], now=NOW)

        answer = api(four[0]).post(f"{API}/submissions/{one.pk}/{place}", body, format="json")

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer["Content-Type"] == "application/problem+json"
        assert Submission.objects.get().state == State.IN_REVIEW

    def test_a_conclusion_says_why(self, people, platform, four):
        one = handed_in(people, platform)
        services.take(one, by=four[0], now=NOW)
        address = f"{API}/submissions/{one.pk}/answers/{one.answers.first().pk}"

        answer = api(four[0]).patch(address, {"verdict": "not_met"}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (400, "reason_missing")
        assert answer.json()["errors"][0]["field"] == "note"
        others = api(four[1]).patch(address, {"verdict": "met"}, format="json")
        assert (others.status_code, others.json()["code"]) == (409, "not_yours")
        check(people, "PATCH", address, {"reviewer": 409}, data={"verdict": "met"})

    def test_the_list_is_narrowed_by_state_time_and_holder(self, people, four):
        old = handed_in(people, product(people, slug="cu"), now=NOW - datetime.timedelta(days=60))
        mine = handed_in(people, product(people, slug="moi"))
        services.take(mine, by=four[0], now=NOW)

        def found(query):
            rows = api(four[0]).get(f"{API}/submissions{query}").json()["results"]
            return {row["id"] for row in rows}

        assert found("") == {old.pk, mine.pk}
        assert found("?state=submitted") == found("?late=true") == found("?mine=false") == {old.pk}
        assert found("?state=in_review") == found("?late=false") == found("?mine=true") == {mine.pk}
        assert found("?state=submitted&state=in_review") == {old.pk, mine.pk}
        assert api(four[0]).get(f"{API}/submissions?state=draft").status_code == 400

    def test_a_list_costs_the_same_however_long(self, people, four, django_assert_max_num_queries):
        for number in range(6):
            handed_in(people, product(people, slug=f"sp-{number}"))

        with django_assert_max_num_queries(8):
            assert api(four[0]).get(f"{API}/submissions").json()["count"] == 6

    def test_a_token_to_read_reads_and_one_to_write_acts(self, people, platform, four):
        one = handed_in(people, platform)
        for scope, status in ((Scope.READ, 403), (Scope.WRITE, 200)):
            secret = ApiToken.objects.issue(four[0], name="x", scope=scope, days=1, now=NOW)
            client = APIClient(headers={"authorization": f"Bearer {secret}"})
            assert client.get(f"{API}/submissions/{one.pk}").status_code == 200
            assert client.post(f"{API}/submissions/{one.pk}/take").status_code == status


def in_state(people, platform, state: State) -> Submission:
    """Return a submission of this state, held by somebody else than people's reviewer."""
    holder, other = reviewer("giu"), reviewer("khac")
    if state in (State.VETTED, State.SUSPENDED):
        one = vetted(people, holder, other, platform)
        if state == State.SUSPENDED:
            act(one, Action.SUSPEND, other)
        return one
    one = handed_in(people, platform)
    if state == State.IN_REVIEW:
        services.take(one, by=holder, now=NOW)
        examined(one, holder)
    if state == State.TO_DECIDE:
        proposed(one, holder)
    return one


class TestVendors:
    BASE = "/api/v1/organisations/sao-bac/products/hop-viet/vetting"
    WRITERS = {"editor": 200, "owner": 200}

    def check(self, people, method, path, allowed, data=None):
        """As everywhere, but who is not signed in is told the same as a stranger."""
        check(people, method, self.BASE + path, {"anonymous": 404, **allowed}, data=data)

    def test_who_reads_and_who_begins(self, people, platform):
        self.check(people, "GET", "", {"viewer": 200, **self.WRITERS})
        self.check(people, "POST", "", {"editor": 201, "owner": 201})

    def test_who_writes_a_draft(self, people, platform):
        draft = services.begin(platform, by=people["editor"], now=NOW)
        place = f"/answers/{draft.answers.first().pk}"
        self.check(people, "PUT", place, self.WRITERS, data={"text": "Tự phát triển."})
        self.check(people, "POST", "/submit", self.WRITERS)
        self.check(people, "POST", "/withdraw", self.WRITERS)

    def test_who_replies_and_who_appeals(self, people, platform, four):
        one = handed_in(people, platform)
        services.take(one, by=four[0], now=NOW)
        services.ask(one, questions={one.answers.first().pk: "Số nào?"}, by=four[0], now=NOW)
        asked = one.answers.first().clarifications.get()
        self.check(
            people, "POST", "/answer", self.WRITERS, data={"replies": [{"clarification": asked.pk, "text": "12."}]}
        )
        services.withdraw(one, by=people["editor"], now=NOW)
        other = vetted(people, four[0], four[1], platform)
        services.suspend(other, reason="Hết giấy.", by=four[2], now=NOW)
        self.check(
            people, "POST", "/appeal", {"editor": 201, "owner": 201}, data={"submission": other.pk, "reason": "Có."}
        )

    def test_conclusions_and_people_are_not_told_before_the_decision(self, people, platform, four):
        one = handed_in(people, platform)
        proposed(one, four[0], missed=("source",))

        before = people.api("viewer").get(self.BASE)
        assert {row["verdict"] for row in before.json()["submission"]["answers"]} == {"open"}
        services.reject(one, reason="Thiếu giấy.", by=four[1], now=NOW)
        after = people.api("viewer").get(self.BASE)

        told = after.json()
        assert {row["verdict"] for row in told["submission"]["answers"]} == {"met", "not_met"}
        assert told["submission"]["reason"] == "Thiếu giấy."
        assert told["appealable"] == [{"submission": one.pk, "challenge": None}]
        for answer in (before, after):
            assert "@bo.gov.vn" not in answer.content.decode()
            assert "Đã xem đủ." not in answer.content.decode(), "what reviewers tell each other"

    def test_a_file_of_another_vendor_cannot_be_handed_in(self, people, platform, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        draft = services.begin(platform, by=people["editor"], now=NOW)
        address = f"{self.BASE}/answers/{draft.answers.first().pk}"
        theirs, ours = (
            documents.keep(vendor, name="a.pdf", content=PDF, by=people["editor"], now=NOW)
            for vendor in (people.other, people.vendor)
        )

        client = people.api("editor")
        assert client.put(address, {"text": "x", "document": str(theirs.pk)}, format="json").status_code == 404
        told = client.put(address, {"text": "x", "document": str(ours.pk)}, format="json").json()
        assert told["answers"][0]["document"]["id"] == str(ours.pk)

    def test_an_appeal_names_one_thing_in_time_and_once(self, people, platform, four):
        one = vetted(people, four[0], four[1], platform)
        services.suspend(one, reason="Hết giấy.", by=four[2], now=NOW)
        address = f"{self.BASE}/appeal"
        for wrong in ({}, {"submission": one.pk, "challenge": 1}):
            assert post(people["owner"], address, {**wrong, **REASON}, status=400)["code"] == "invalid"
        post(people["owner"], address, {"submission": 10**9, **REASON}, status=404)
        with time_machine.travel(NOW + datetime.timedelta(days=APPEAL_DAYS + 1), tick=False):
            late = post(people["owner"], address, {"submission": one.pk, **REASON}, status=409)
        assert late["code"] == "too_late"
        post(people["owner"], address, {"submission": one.pk, **REASON}, status=201)
        again = post(people["owner"], address, {"submission": one.pk, **REASON}, status=409)
        assert again["code"] == "already_appealed"

    def test_what_was_dismissed_is_not_the_vendors_to_appeal_against(self, people, platform, four):
        one = challenges.challenge(platform, about="price", reason="Giá sai rồi nhé.", by=None, now=NOW)
        challenges.settle(one, upheld=False, answer="Đúng giá.", suspends=False, by=four[0], now=NOW)

        post(people["owner"], f"{self.BASE}/appeal", {"challenge": one.pk, **REASON}, status=404)
        assert challenges.is_open_to_appeal(one, by_challenger=True, now=NOW)


class TestEverybody:
    SENT = {"platform": "hop-viet", "about": "evidence", "reason": "Giấy chứng nhận đã bị thu hồi."}

    def test_challenges_are_read_and_raised_by_anybody(self, people, platform):
        check(people, "GET", "/api/v1/challenges", ANYBODY)
        check(people, "POST", "/api/v1/challenges", dict.fromkeys(ROLES, 201), data=self.SENT)
        check(people, "GET", f"{API}/clock", ANYBODY)

    def test_the_whole_course_by_the_api(self, people, platform, four):
        one = vetted(people, four[0], four[1], platform)
        raised = post(None, "/api/v1/challenges", {**self.SENT, "email": "toi@example.vn"}, status=201)
        assert api().get("/api/v1/challenges").json()["count"] == 0, "it is public once it is answered"
        (waiting,) = api(four[2]).get(f"{API}/challenges").json()["results"]
        settled = {"upheld": True, "answer": "Đúng.", "suspends": True}
        post(four[2], f"{API}/challenges/{waiting['id']}/settle", settled)
        assert (
            post(four[2], f"{API}/challenges/{waiting['id']}/settle", settled, status=409)["code"] == "illegal_outcome"
        )

        (public,) = api().get("/api/v1/challenges?platform=hop-viet&outcome=upheld").json()["results"]
        assert (public["answer"], public["suspends"]) == ("Đúng.", True)
        assert "toi@example.vn" not in str(public)
        mine = api().get(f"/api/v1/challenges/{raised['token']}").json()
        assert (mine["outcome"], mine["appeal_until"]) == ("upheld", "2026-12-25")
        vendor = "/api/v1/organisations/sao-bac/products/hop-viet/vetting"
        asked = post(people["owner"], f"{vendor}/appeal", {"submission": one.pk, **REASON}, status=201)
        decided = {"upheld": True, "answer": "Giấy mới hợp lệ."}
        for partial in four[:3]:
            post(partial, f"{API}/appeals/{asked['id']}/decide", decided, status=404)
        post(four[3], f"{API}/appeals/{asked['id']}/decide", decided)

        one.refresh_from_db()
        assert one.state == State.VETTED
        assert kinds() == ["vetted", "suspended", "challenge_upheld", "appeal_upheld", "reinstated"]

    def test_who_settles_and_decides(self, people, platform, four):
        one = challenges.challenge(platform, about="price", reason="Giá sai rồi nhé.", by=None, now=NOW)
        settled = {"upheld": False, "answer": "Đúng giá."}
        check(people, "GET", f"{API}/challenges/{one.pk}", {"reviewer": 200})
        check(people, "POST", f"{API}/challenges/{one.pk}/settle", {"reviewer": 200}, data=settled)
        challenges.settle(one, upheld=False, answer="Đúng giá.", suspends=False, by=four[0], now=NOW)
        asked = challenges.appeal_outcome(one, reason="Vẫn sai.", by=None, now=NOW)
        check(people, "GET", f"{API}/appeals/{asked.pk}", {"reviewer": 200})
        check(people, "POST", f"{API}/appeals/{asked.pk}/decide", {"reviewer": 200}, data=settled)

    def test_ones_own_is_read_and_appealed_by_its_token(self, people, platform, four):
        token = post(None, "/api/v1/challenges", self.SENT, status=201)["token"]
        address = f"/api/v1/challenges/{token}"
        check(people, "GET", address, ANYBODY)
        early = post(None, f"{address}/appeal", REASON, status=409)
        assert early["code"] == "illegal_outcome"
        one = Challenge.objects.get()
        challenges.settle(one, upheld=False, answer="Không đúng.", suspends=False, by=four[0], now=NOW)
        with time_machine.travel(NOW + datetime.timedelta(days=APPEAL_DAYS + 1), tick=False):
            assert post(None, f"{address}/appeal", REASON, status=409)["code"] == "too_late"
        check(people, "POST", f"{address}/appeal", dict.fromkeys(ROLES, 201), data=REASON)
        for wrong in (f"{token}x", "1", "1:2:3"):
            assert api().get(f"/api/v1/challenges/{wrong}").status_code == 404
            post(None, f"/api/v1/challenges/{wrong}/appeal", REASON, status=404)
        assert not Appeal.objects.exists()

    def test_who_was_right_cannot_keep_the_vendor_from_appealing(self, platform, four):
        token = post(None, "/api/v1/challenges", self.SENT, status=201)["token"]
        challenges.settle(Challenge.objects.get(), upheld=True, answer="Đúng.", suspends=False, by=four[0], now=NOW)

        assert post(None, f"/api/v1/challenges/{token}/appeal", REASON, status=409)["code"] == "illegal_outcome"
        assert not Appeal.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"about": "x"}, "about"), ({"reason": "ngắn"}, "reason"), ({"reason": "Hỏi lan@example.vn nhé."}, "reason"),
            ({"source": "javascript:alert(1)"}, "source"), ({"email": "x"}, "email"), ({"platform": ""}, "platform"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_named_by_field(self, platform, wrong, field):
        problem = post(None, "/api/v1/challenges", {**self.SENT, **wrong}, status=400)

        assert [error["field"] for error in problem["errors"]] == [field]
        assert not Challenge.objects.exists()

    def test_only_what_is_listed_is_challenged_or_shown(self, people, four):
        hidden = product(people, slug="an")
        one = challenges.challenge(hidden, about="price", reason="Giá sai rồi nhé.", by=None, now=NOW)
        challenges.settle(one, upheld=False, answer="Đúng giá.", suspends=False, by=four[0], now=NOW)
        hidden.retired_at = NOW
        hidden.save()

        post(None, "/api/v1/challenges", {**self.SENT, "platform": "an"}, status=404)
        assert api().get("/api/v1/challenges").json()["count"] == 0

    def test_too_many_are_told_when_to_come_back(self, platform, monkeypatch):
        monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"challenges": "1/hour"})

        post(None, "/api/v1/challenges", self.SENT, status=201)
        answer = api().post("/api/v1/challenges", self.SENT, format="json")

        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        assert api().get("/api/v1/challenges").status_code == 200

    def test_the_clock_counts(self, people, platform):
        handed_in(people, platform, now=NOW - datetime.timedelta(days=60))

        told = api().get(f"{API}/clock").json()

        assert told["on"] == "2026-11-25"
        submitted = next(step for step in told["steps"] if step["step"] == "submitted")
        assert (submitted["days"], submitted["open"], submitted["late"]) == (10, 1, 1)


def is_ours(path: str) -> bool:
    return path.startswith(("/api/v1/vetting/", "/api/v1/challenges")) or path.partition("{slug}")[2].startswith(
        "/vetting"
    )


CHECKS = [
    checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance,
]  # fmt: skip


@pytest.mark.parametrize("role", ["editor", "reviewer", "operator"])
def test_every_answer_is_as_described_to_who_knows_nothing_but_the_description(people, platform, four, role, site):
    """Bodies are made from the description alone; each is asked of the same rows."""
    one = handed_in(people, platform)
    services.take(one, by=four[0], now=NOW)
    services.ask(one, questions={one.answers.first().pk: "Số nào?"}, by=four[0], now=NOW)
    other = vetted(people, four[0], four[1], product(people, slug="khac"))
    doubt = challenges.challenge(other.platform, about="price", reason="Giá sai rồi nhé.", by=None, now=NOW)
    open_one = challenges.challenge(platform, about="price", reason="Giá sai rồi nhé.", by=None, now=NOW)
    challenges.settle(doubt, upheld=False, answer="Đúng giá.", suspends=False, by=four[2], now=NOW)
    asked = challenges.appeal_outcome(doubt, reason="Vẫn sai.", by=None, now=NOW)
    numbers = {"vetting/challenges": open_one.pk, "vetting/appeals": asked.pk}
    secret = ApiToken.objects.issue(people[role], name="A", scope=Scope.WRITE, days=1, now=NOW)
    described = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", site)
    answered = set()

    @hypothesis.settings(max_examples=3, derandomize=True, database=None, deadline=None)
    def ask(case):
        at = {
            "key": "sao-bac",
            "slug": "hop-viet",
            "answer": one.answers.first().pk,
            "token": challenges.token_of(doubt),
        }
        at["id"] = next((pk for part, pk in numbers.items() if part in case.path), one.pk)
        if "/products/" in case.path:
            at["id"] = at["answer"]
        case.path_parameters = {name: value for name, value in at.items() if f"{{{name}}}" in case.path}
        with transaction.atomic():
            answer = case.call(headers={"authorization": f"Bearer {secret}"})
            transaction.set_rollback(True)
        case.validate_response(answer, checks=CHECKS)
        answered.add((case.operation.label, answer.status_code))

    for operation in (found.ok() for found in described.get_all_operations()):
        if is_ours(operation.path):
            hypothesis.given(case=operation.as_strategy())(ask)()

    labels = {label for label, status in answered if status in (200, 201)}
    reads = {
        "editor": {"GET /api/v1/organisations/{key}/products/{slug}/vetting"},
        "operator": {"GET /api/v1/vetting/submissions/{id}"},
        "reviewer": {"GET /api/v1/vetting/submissions/{id}", "POST /api/v1/vetting/challenges/{id}/settle"},
    }[role]
    assert labels >= reads
    assert "GET /api/v1/challenges" in labels


def test_every_endpoint_is_described_with_examples(client, db):
    schema = client.get("/api/v1/schema/?format=json").json()
    ours = {path: methods for path, methods in schema["paths"].items() if is_ours(path)}

    assert len(ours) == 30
    for path, methods in ours.items():
        for method, operation in methods.items():
            for body in operation.get("requestBody", {}).get("content", {}).values():
                assert body.get("examples"), (method, path)
            for status, answer in operation["responses"].items():
                if body := answer.get("content", {}).get("application/json"):
                    assert body.get("examples"), (method, path, status)
