"""Questions, proposals and evaluation by the API: the same services, the same people."""

import json

import pytest
from django.utils import timezone

from catalogue.organisations.models import Membership
from catalogue.problems import judging, proposals, questions, services
from catalogue.problems.evaluation import Aftermath, Evaluator, Result
from catalogue.problems.states import Ending
from tests.support.problems import SECRET, course
from tests.support.roles import ROLES, check

pytestmark = pytest.mark.django_db
EVERYBODY = dict.fromkeys(ROLES, 200)
WRITERS = ("editor", "owner")


@pytest.fixture
def one():
    return course()


def at(one, rest):
    return f"/api/v1/problems/{one.problem.slug}/{rest}"


def own(one, rest):
    return f"/api/v1/organisations/{one.people.vendor.key}/{rest}"


def writers(status):
    return dict.fromkeys(WRITERS, status)


class TestRoles:
    @pytest.mark.parametrize("rest", ["questions", "amendments", "outcome"])
    def test_everybody_reads_what_is_public(self, one, rest):
        check(one.people, "GET", at(one, rest), EVERYBODY)

    def test_writers_of_the_vendor_ask(self, one):
        sent = {"vendor": "sao-bac", "text": "Có máy chủ riêng không?"}
        check(one.people, "POST", at(one, "questions"), writers(201), data=sent)

    def test_the_agency_amends(self, one):
        sent = {"texts": {"outcome": "Khác."}, "reason": "Có người hỏi."}
        check(one.people, "POST", at(one, "amendments"), {"agency": 201}, data=sent)

    def test_each_reads_the_questions_of_its_own(self, one):
        check(one.people, "GET", own(one, "questions"), {"viewer": 200, **writers(200)})
        check(one.people, "GET", f"/api/v1/organisations/{one.people.office.key}/questions", {"agency": 200})

    def test_the_agency_answers(self, one):
        asked = questions.ask(
            one.problem, vendor=one.people.vendor, text="Mấy máy?", by=one.people["editor"], now=timezone.now()
        )
        address = f"/api/v1/organisations/{one.people.office.key}/questions/{asked.pk}/answer"
        check(one.people, "POST", address, {"agency": 200}, data={"answer": "Hai."})

    def test_writers_of_the_vendor_write_proposals(self, one):
        check(one.people, "GET", own(one, "proposals"), writers(200))
        sent = {"version": 0, "content": {**one.offer(), "stated_total": None, "price_note": ""}}
        check(one.people, "PUT", own(one, f"proposals/{one.problem.slug}"), writers(200), data=sent)

    def test_before_the_closing_time_nobody_else_reads_one(self, one):
        one.handed_in()
        check(one.people, "GET", own(one, f"proposals/{one.problem.slug}"), writers(200))
        check(one.people, "POST", own(one, f"proposals/{one.problem.slug}/withdraw"), writers(200), data={"version": 1})
        for role in ROLES:
            if role not in WRITERS:
                for address in (
                    at(one, "outcome"),
                    at(one, "evaluation/proposals"),
                    f"/api/v1/problems/{one.problem.slug}",
                ):
                    assert SECRET not in one.people.api(role).get(address).content.decode()

    def test_writers_hand_in(self, one):
        proposals.save(
            one.problem,
            vendor=one.people.vendor,
            content=one.offer(),
            version=0,
            by=one.people["editor"],
            now=timezone.now(),
        )
        check(one.people, "POST", own(one, f"proposals/{one.problem.slug}/submit"), writers(200), data={"version": 1})

    def test_the_agency_convenes_and_opens(self, one):
        members = list(Membership.objects.filter(user__in=one.judges).values_list("pk", flat=True))
        check(one.people, "POST", at(one, "evaluation"), {"agency": 201}, data={"members": members, "blind": True})
        one.over()
        judging.convene(one.problem, users=one.judges, blind=False, by=one.agency, now=timezone.now())
        check(one.people, "GET", at(one, "evaluation"), {"agency": 200})
        check(one.people, "POST", at(one, "evaluation/open"), {"agency": 200})
        check(one.people, "GET", at(one, "evaluation/proposals"), {"agency": 200})

    @pytest.mark.parametrize(
        ("method", "rest", "data"),
        [
            ("POST", "declaration", {"conflict": False}), ("PUT", "scores", {"scores": []}), ("POST", "finish", {}),
            ("PUT", "agreement", {"scores": []}),
        ],
    )  # fmt: skip
    def test_evaluating_is_for_those_who_were_named(self, one, method, rest, data):
        one.handed_in()
        one.opened()
        check(one.people, method, at(one, f"evaluation/{rest}"), {}, data=data)

    def test_the_agency_decides_and_looks_back(self, one):
        one.over()
        sent = {"ending": "none_suitable", "reason": "Không ai trả lời."}
        check(one.people, "POST", at(one, "evaluation/outcome"), {"agency": 200}, data=sent)
        services.end(one.problem, ending=Ending.NONE_SUITABLE, reason="Không.", now=timezone.now())
        looked = {"delivered": "yes", "again": True}
        check(one.people, "POST", at(one, "aftermath"), {"agency": 409}, data=looked)


class TestCourse:
    def test_from_question_to_reasons(self, one):
        editor, other, agency = (one.people.api(role) for role in ("editor", "other_vendor", "agency"))
        judges = []
        for judge in one.judges:
            judges.append(one.people.api("anonymous"))
            judges[-1].force_authenticate(judge)
        office = f"/api/v1/organisations/{one.people.office.key}"

        def ok(answer, status=200):
            assert answer.status_code == status, answer.content
            return answer.json() if answer.content else None

        asked = ok(
            editor.post(at(one, "questions"), {"vendor": "sao-bac", "text": "Sao Bắc hỏi: mấy máy?"}, format="json"),
            201,
        )
        waiting = agency.get(f"{office}/questions").json()["results"]
        assert [(row["id"], "vendor" in row) for row in waiting] == [(asked["id"], False)]
        told = {"answer": "Hai máy.", "wording": "Có mấy máy?"}
        ok(agency.post(f"{office}/questions/{asked['id']}/answer", told, format="json"))
        assert one.people.api("anonymous").get(at(one, "questions")).json()[0]["question"] == "Có mấy máy?"
        changed = {"texts": {f"requirement-{one.must.pk}": "Chạy hai giờ khi mất mạng."}, "reason": "Có người hỏi."}
        ok(agency.post(at(one, "amendments"), changed, format="json"), 201)

        whole = {"stated_total": None, "price_note": ""}
        for api, key, product in ((editor, "sao-bac", one.ours), (other, "sao-nam", one.theirs)):
            address = f"/api/v1/organisations/{key}/proposals/{one.problem.slug}"
            sent = {"version": 0, "content": {**one.offer(product), **whole}}
            assert ok(api.put(address, sent, format="json"))["total"] == 25_200_000
            assert ok(api.post(f"{address}/submit", {"version": 1}, format="json"))["stage"] == "submitted"
        assert agency.post(at(one, "evaluation/open")).json()["code"] == "illegal_move"
        one.over()
        late = editor.post(own(one, f"proposals/{one.problem.slug}/withdraw"), {"version": 1}, format="json")
        assert (late.status_code, late.json()["code"]) == (409, "not_open")

        members = list(Membership.objects.filter(user__in=one.judges).values_list("pk", flat=True))
        ok(agency.post(at(one, "evaluation"), {"members": members, "blind": True}, format="json"), 201)
        assert ok(agency.post(at(one, "evaluation/open"))) == {"opened": 2}
        for api in judges:
            assert ok(api.get(at(one, "evaluation/proposals"))) == []
            ok(api.post(at(one, "evaluation/declaration"), {"conflict": False}, format="json"), 204)
            read = ok(api.get(at(one, "evaluation/proposals")))
            assert [(row["letter"], row["vendor"]) for row in read] == [("A", None), ("B", None)]
            cells = [vars_of(given) for given in one.given({"A": 4, "B": 3})]
            ok(api.put(at(one, "evaluation/scores"), {"scores": cells}, format="json"), 204)
            ok(api.post(at(one, "evaluation/finish")), 204)
        ok(judges[0].put(at(one, "evaluation/agreement"), {"scores": cells}, format="json"), 204)
        reasons = [vars_of(told) for told in one.told("A", "B")]
        decided = {"ending": "trial", "winner": "A", "reason": "Tốt nhất.", "told": reasons}
        outcome = ok(agency.post(at(one, "evaluation/outcome"), decided, format="json"))
        assert (outcome["ending"], outcome["submitted"]) == ("trial", 2)

        result = Result.objects.get(chosen=True)
        for api, key in ((editor, "sao-bac"), (other, "sao-nam")):
            shown = ok(api.get(f"/api/v1/organisations/{key}/proposals/{one.problem.slug}"))["result"]
            assert shown["chosen"] == (result.proposal.vendor.key == key)
            assert len(shown["reasons"]) == 2
        half = agency.post(at(one, "aftermath"), {"delivered": "yes", "again": False, "paid": 5}, format="json")
        assert (half.status_code, half.json()["errors"][0]["field"]) == (400, "paid_for")
        looked = {"delivered": "yes", "again": False, "paid": 90_000_000, "paid_for": "year"}
        told = ok(agency.post(at(one, "aftermath"), looked, format="json"), 201)["aftermath"]
        assert [(row["paid"], row["paid_for"]) for row in told] == [(90_000_000, "year")]
        assert Aftermath.objects.count() == 1
        public = one.people.api("anonymous").get(at(one, "outcome")).content.decode()
        assert result.product.slug in public
        loser = {"sao-bac", "sao-nam"} - {result.proposal.vendor.key}
        assert not any(word in public for word in (*loser, "25200000", SECRET))

    def test_what_is_wrong_is_said_by_field(self, one):
        sent = {"version": 0, "content": {**one.offer(), "product": "hop-nam", "stated_total": None, "price_note": ""}}
        answer = one.people.api("editor").put(own(one, f"proposals/{one.problem.slug}"), sent, format="json")
        assert (answer.status_code, answer.json()["code"]) == (400, "content_invalid")
        assert "product" in [error["field"] for error in answer.json()["errors"]]


def vars_of(row):
    return {name: getattr(row, name) for name in row.__slots__}


def test_every_endpoint_is_described_with_examples(api):
    described = json.loads(api.get("/api/v1/schema/", {"format": "json"}).content)
    ours = ("/questions", "/amendments", "/outcome", "/aftermath", "/evaluation", "/proposals")
    found = 0
    for path, methods in described["paths"].items():
        if not any(part in path for part in ours):
            continue
        for method, told in methods.items():
            if method not in ("get", "post", "put"):
                continue
            found += 1
            assert told["description"], (method, path)
            if body := told.get("requestBody"):
                assert all(media.get("examples") for media in body["content"].values()), (method, path)
    assert found >= 22


class TestScoresAreRead:
    @pytest.fixture
    def one(self):
        one = course()
        one.handed_in()
        one.opened(blind=True)
        return one

    def read(self, one, user, part):
        api = one.people.api("anonymous")
        api.force_authenticate(user)
        return api.get(at(one, f"evaluation/{part}"))

    def test_ones_own_and_nobody_elses(self, one):
        first, second = one.judges
        judging.score(one.problem, given=one.given({"A": 4}), by=first, now=timezone.now())
        scores = self.read(one, first, "scores").json()["scores"]
        assert {(cell["letter"], cell["points"]) for cell in scores} == {("A", 4)}
        assert len(scores) == 4
        assert self.read(one, second, "scores").json() == {"scores": []}

    def test_what_was_agreed_on_by_who_evaluates(self, one):
        assert self.read(one, one.judges[0], "agreement").json() == {"scores": []}
        one.scored({"A": 3})
        scores = self.read(one, one.judges[1], "agreement").json()["scores"]
        assert {cell["points"] for cell in scores} == {3}

    @pytest.mark.parametrize("part", ["scores", "agreement"])
    def test_by_nobody_else(self, one, part):
        check(one.people, "GET", at(one, f"evaluation/{part}"), {})
        Evaluator.objects.filter(user=one.judges[0]).update(conflict=True, conflict_note="Người nhà.")
        assert self.read(one, one.judges[0], part).status_code == 404
