"""An agency's problems by the API: the same scopes and services as the pages, and errors as problem details."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from catalogue.accounts.models import OrganisationKind
from catalogue.organisations.models import Membership, Role
from catalogue.problems import writing
from catalogue.problems.content import STEPS
from catalogue.problems.models import Problem
from catalogue.problems.states import State
from tests.support.factories import LeafFactory, ProblemFactory, VendorFactory
from tests.support.roles import check, everyone, person

pytestmark = pytest.mark.django_db
ALL = "/api/v1/organisations/so-y-te/problems"
DESK = "/api/v1/moderation/problems"


@pytest.fixture
def people():
    return everyone()


@pytest.fixture
def draft(people):
    return ProblemFactory(agency=people.office, draft=True, categories=[LeafFactory(key="hop")])


@pytest.fixture
def waiting(people):
    problem = ProblemFactory(
        agency=people.office,
        draft=True,
        mode="buy",
        not_reuse="Không có.",
        closes_at=timezone.now() + timedelta(days=40),
    )
    problem.requirements.create(text="Dùng được khi mất mạng.", position=0)
    return writing.send_in(problem, version=0, by=people["agency"], now=timezone.now())


class TestRoles:
    @pytest.mark.parametrize("rest", ["", "/coach", "/already-there", *(f"/steps/{step}" for step in STEPS)])
    def test_members_read(self, people, draft, rest):
        check(people, "GET", f"{ALL}/{draft.slug}{rest}", {"agency": 200, "anonymous": 404})

    @pytest.mark.parametrize(
        ("method", "rest", "data", "status"),
        [
            ("PATCH", "/steps/today", {"version": 1, "today": "Chép tay."}, 200),
            ("POST", "/submit", {"version": 1}, 400),
            ("POST", "/take-back", {}, 409),
            ("POST", "/withdraw", {"reason": "Thôi."}, 409),
            ("DELETE", "", {}, 204),
        ],
    )
    def test_editors_write(self, people, draft, method, rest, data, status):
        check(people, method, f"{ALL}/{draft.slug}{rest}", {"agency": status, "anonymous": 404}, data=data)

    def test_the_list_and_a_new_one(self, people):
        check(people, "GET", ALL, {"agency": 200, "anonymous": 404})
        check(people, "POST", ALL, {"agency": 201, "anonymous": 404}, data={"title": "Họp không giấy"})

    def test_a_viewer_reads_and_does_not_write(self, people, draft):
        viewer = person("xem@example.gov.vn")
        Membership.objects.create(user=viewer, organisation=people.office, role=Role.VIEWER)
        api = APIClient()
        api.force_authenticate(viewer)
        assert api.get(f"{ALL}/{draft.slug}").status_code == 200
        assert api.patch(f"{ALL}/{draft.slug}/steps/today", {"version": 1}, format="json").status_code == 404
        assert api.delete(f"{ALL}/{draft.slug}").status_code == 404

    @pytest.mark.parametrize(
        ("method", "rest", "data"),
        [
            ("GET", "", {}),
            ("GET", "/{}", {}),
            ("POST", "/{}/publish", {}),
            ("POST", "/{}/return", {"reason": "Thiếu số."}),
        ],
    )
    def test_the_desk_is_for_who_moderates(self, people, waiting, method, rest, data):
        check(people, method, DESK + rest.format(waiting.slug), {"operator": 200, "anonymous": 404}, data=data)

    def test_joining_is_for_editors_of_agencies(self, people):
        address = f"/api/v1/problems/{ProblemFactory().slug}/joiners"
        data = {"agency": "so-y-te", "volume": "45 trạm"}
        check(people, "PUT", address, {"agency": 200, "anonymous": 404}, data=data)
        check(people, "DELETE", f"{address}?agency=so-y-te", {"agency": 204, "anonymous": 404})


def test_from_nothing_to_published_through_the_ministry(people):
    LeafFactory(key="hop")
    agency, anybody = people.api("agency"), APIClient()
    made = agency.post(ALL, {"title": "Họp không giấy", "categories": ["hop"]}, format="json")
    address = made["Location"]
    typed = {
        "today": {"today": "Chép tay.", "systems": "Hệ thống văn bản"},
        "affected": {"affected": "42 cán bộ."},
        "outcome": {"outcome": "Không in giấy."},
        "requirements": {"must": ["Dùng được khi mất mạng."], "nice": []},
        "money": {"mode": "rent_ready", "budget_max": 500_000_000},
        "dates": {"closes_at": (timezone.now() + timedelta(days=40)).isoformat()},
        "weights": {"weight_fit": 60, "weight_price": 30, "weight_delivery": 10},
        "reuse": {"not_reuse": "Không có gì giống."},
    }
    version = made.json()["version"]
    for step, values in typed.items():
        saved = agency.patch(f"{address}/steps/{step}", {"version": version, **values}, format="json")
        assert saved.status_code == 200, saved.json()
        version = saved.json()["version"]
    assert agency.get(address).json()["missing"] == []

    sent = agency.post(f"{address}/submit", {"version": version}, format="json").json()

    assert sent["state"] == "moderation"
    slug = sent["key"]
    assert anybody.get(f"/api/v1/problems/{slug}").status_code == 404
    ministry = VendorFactory(kind=OrganisationKind.REGULATOR, key="bo", legal_form="public_body", shown_since=None)
    user = person("bo@example.gov.vn")
    Membership.objects.create(user=user, organisation=ministry, role=Role.EDITOR)
    api = APIClient()
    api.force_authenticate(user)
    assert [one["key"] for one in api.get(DESK).json()["results"]] == [slug]
    assert api.post(f"{DESK}/{slug}/publish").json()["state"] == "published"
    shown = anybody.get(f"/api/v1/problems/{slug}").json()
    assert shown["requirements"] == [{"kind": "must", "text": "Dùng được khi mất mạng."}]
    assert (shown["mode"], shown["budget_max"], shown["weight_fit"]) == ("rent_ready", 500_000_000, 60)


@pytest.mark.parametrize(
    ("step", "values", "field"),
    [
        ("weights", {"weight_fit": 90}, "weight_fit"),
        ("money", {"mode": "steal"}, "mode"),
        ("money", {"budget_min": 5, "budget_max": 3}, "budget_max"),
        ("need", {"title": ""}, "title"),
        ("need", {"categories": ["khong-co"]}, "categories"),
        ("today", {"affected": "Bước khác."}, "affected"),
        ("requirements", {"must": ["x" * 201]}, "must.0"),
        ("dates", {"closes_at": "2027-01-01T10:00:00"}, "closes_at"),
    ],
)
def test_what_is_refused_is_named_by_field(people, draft, step, values, field):
    answer = people.api("agency").patch(f"{ALL}/{draft.slug}/steps/{step}", {"version": 1, **values}, format="json")
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")
    assert field in [one["field"] for one in answer.json()["errors"]]


def test_two_who_write_the_same_step_are_told(people, draft):
    api, address = people.api("agency"), f"{ALL}/{draft.slug}/steps/today"
    api.patch(address, {"version": 1, "today": "Một."}, format="json")
    answer = api.patch(address, {"version": 1, "today": "Hai."}, format="json")
    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["version"]) == ("edit_conflict", 2)
    assert answer.json()["theirs"]["today"] == "Một."


def test_a_return_needs_a_reason(people, waiting):
    api = people.api("operator")
    assert api.post(f"{DESK}/{waiting.slug}/return", {"reason": " "}, format="json").status_code == 400
    answer = api.post(f"{DESK}/{waiting.slug}/return", {"reason": "Chưa nêu con số."}, format="json")
    assert (answer.json()["state"], answer.json()["reason"]) == ("returned", "Chưa nêu con số.")


def test_the_coach_says_its_rules(people, draft):
    found = people.api("agency").get(f"{ALL}/{draft.slug}/coach").json()
    assert found["grade"] in "ABCDE"
    assert {"rule", "why", "words"} <= set(found["findings"][0])
    assert any(one["rule"] == "budget" and not one["ok"] for one in found["findings"])


def test_me_too_is_public_and_can_be_taken_back(people):
    problem = ProblemFactory()
    api, address = people.api("agency"), f"/api/v1/problems/{problem.slug}/joiners"
    assert api.put(address, {"agency": "so-y-te", "volume": ""}, format="json").status_code == 400
    api.put(address, {"agency": "so-y-te", "volume": "45 trạm"}, format="json")
    shown = APIClient().get(f"/api/v1/problems/{problem.slug}").json()
    assert shown["joiners"] == [{"agency": "Sở Y tế tỉnh Mẫu", "volume": "45 trạm"}]
    api.delete(f"{address}?agency=so-y-te")
    assert APIClient().get(f"/api/v1/problems/{problem.slug}").json()["joiners"] == []


def test_nobody_joins_for_an_agency_that_is_not_theirs(people):
    problem = ProblemFactory()
    VendorFactory(kind=OrganisationKind.AGENCY, key="xa-khac", legal_form="public_body", shown_since=None)
    answer = people.api("agency").put(
        f"/api/v1/problems/{problem.slug}/joiners", {"agency": "xa-khac", "volume": "1"}, format="json"
    )
    assert answer.status_code == 404


def test_what_was_published_is_not_deleted(people):
    problem = ProblemFactory(agency=people.office)
    assert people.api("agency").delete(f"{ALL}/{problem.slug}").status_code == 409
    assert Problem.objects.get().state == State.PUBLISHED


def test_the_recommendation_is_kept_with_the_draft(people, draft):
    address = f"{ALL}/{draft.slug}/recommendation"
    data = {"constraints": {"budget_vnd_max": 500_000_000}}
    check(people, "POST", address, {"agency": 201, "anonymous": 404}, data=data)

    answer = people.api("agency").post(address, data, format="json")

    draft.refresh_from_db()
    assert (draft.run, draft.constraints) == (answer.json()["id"], {"budget_vnd_max": 500_000_000})


def test_what_waits_is_not_recommended_anew(people, waiting):
    assert people.api("agency").post(f"{ALL}/{waiting.slug}/recommendation").status_code == 404
