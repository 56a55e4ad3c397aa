"""The API does what the pages do, for the same people; others are told that there is nothing."""

import json

import pytest
from django.utils import timezone

from catalogue.accounts.models import Organisation
from catalogue.accounts.roles import OrganisationState
from catalogue.organisations import claiming, inviting, joining
from catalogue.organisations.models import Membership
from tests.support.factories import VendorFactory
from tests.support.roles import ROLES, check, person

API = "/api/v1/organisations"
ANYBODY = dict.fromkeys(ROLES[1:], 200)
MEMBERS = {"viewer": 200, "editor": 200, "owner": 200}
FIRM = {"kind": "vendor", "name": "Công ty Mới", "legal_form": "company", "tax_code": "0101243150"}
PROOF = {"position": "Giám đốc", "proof": "Người đại diện theo pháp luật, xem giấy đăng ký."}


@pytest.fixture
def rows(people) -> dict[str, int | str]:
    now, outsider = timezone.now(), person("ngoai@example.vn")
    seed = VendorFactory(key="sao-dem")
    waiting = VendorFactory(kind="agency", key="so-moi", state=OrganisationState.WAITING, shown_since=None)
    Membership.objects.create(user=outsider, organisation=waiting, role="owner")
    sent = inviting.invite(people.vendor, email="stranger@example.gov.vn", role="viewer", by=people["owner"], now=now)
    return {
        "viewer": people.membership("viewer").pk,
        "invitation": sent.pk,
        "token": sent.token,
        "join": joining.ask(people.vendor, by=outsider, message="Cho tôi vào.", now=now).pk,
        "claim": claiming.claim(seed, by=outsider, now=now, link="", **PROOF).pk,
        "mine": joining.ask(people.other, by=people["stranger"], message="", now=now).pk,
    }


@pytest.mark.parametrize("path", ["", "/search?q=sao", "/claims", "/join-requests"])
def test_everybody_signed_in_reads_their_own(people, rows, path):
    check(people, "GET", API + path, ANYBODY)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/sao-bac", MEMBERS),
        ("/sao-bac/members", MEMBERS),
        ("/sao-bac/invitations", {"owner": 200}),
        ("/sao-bac/join-requests", {"owner": 200}),
        ("/invitations/{token}", {"stranger": 200}),
        ("/operations/agencies", {"operator": 200}),
        ("/operations/claims", {"operator": 200}),
    ],
)
def test_who_reads_what(people, rows, path, allowed):
    check(people, "GET", API + path.format(**rows), allowed)


@pytest.mark.parametrize(
    ("method", "path", "data", "allowed"),
    [
        ("POST", "", FIRM, dict.fromkeys(ROLES[1:], 201)),
        ("PATCH", "/sao-bac", {"tax_code": "0101243150"}, {"owner": 200}),
        ("POST", "/sao-bac/leave", {}, {"viewer": 204, "editor": 204, "owner": 409}),
        ("POST", "/sao-bac/ask-again", {}, {"owner": 409}),
        ("POST", "/sao-bac/transfer", {"member": "{viewer}"}, {"owner": 204}),
        ("PATCH", "/sao-bac/members/{viewer}", {"role": "editor"}, {"owner": 200}),
        ("DELETE", "/sao-bac/members/{viewer}", {}, {"owner": 204}),
        ("POST", "/sao-bac/invitations", {"email": "a@b.vn", "role": "viewer"}, {"owner": 201}),
        ("DELETE", "/sao-bac/invitations/{invitation}", {}, {"owner": 204}),
        ("POST", "/sao-bac/invitations/{invitation}/resend", {}, {"owner": 200}),
        ("POST", "/sao-bac/join-requests/{join}/accept", {"role": "viewer"}, {"owner": 200}),
        ("POST", "/sao-bac/join-requests/{join}/refuse", {"reason": "Không."}, {"owner": 204}),
        ("POST", "/invitations/{token}/accept", {}, {"stranger": 200}),
        ("POST", "/invitations/{token}/decline", {}, {"stranger": 204}),
        ("DELETE", "/join-requests/{mine}", {}, {"stranger": 204}),
        ("DELETE", "/claims/{claim}", {}, {}),
        ("POST", "/claims", {"organisation": "sao-dem", **PROOF}, dict.fromkeys(ROLES[1:], 201)),
        ("POST", "/claims", {"organisation": "so-moi", **PROOF}, {}),
        ("POST", "/join-requests", {"organisation": "so-moi"}, {}),
        ("POST", "/operations/agencies/so-moi/accept", {}, {"operator": 204}),
        ("POST", "/operations/agencies/so-moi/refuse", {"reason": "Không."}, {"operator": 204}),
        ("POST", "/operations/claims/{claim}/accept", {}, {"operator": 204}),
        ("POST", "/operations/claims/{claim}/refuse", {"reason": "Không."}, {"operator": 204}),
    ],
)
def test_who_does_what(people, rows, method, path, data, allowed):
    sent = {name: value.format(**rows) if isinstance(value, str) else value for name, value in data.items()}

    check(people, method, API + path.format(**rows), allowed, data=sent)


def test_an_organisation_is_registered_and_told_of(people):
    client = people.api("stranger")

    made = client.post(API, {**FIRM, "short_name": "Mới"}, format="json").json()

    assert made["key"] == "moi-2", "a word of an address is no key"
    assert (made["role"], made["state"], made["public_page"]) == ("owner", "active", False)
    assert [row["key"] for row in client.get(API).json()["results"]] == ["moi-2"]


@pytest.mark.parametrize(
    ("wrong", "status", "code", "field"),
    [
        ({"tax_code": "0101243151"}, 400, "wrong_tax_code", "tax_code"),
        ({"tax_code": "0300588569"}, 409, "already_registered", "tax_code"),
        ({"name": "<script>alert(1)</script>"}, 400, "not_plain_text", "name"),
        ({"name": "a" * 10_000}, 400, "invalid", "name"),
        ({"kind": "regulator"}, 400, "invalid", "kind"),
        ({"website": "javascript:alert(1)"}, 400, "not_plain_text", "website"),
    ],
)
def test_what_is_wrong_is_a_problem_that_names_its_field(people, wrong, status, code, field):
    VendorFactory(tax_code="0300588569", name="Công ty Bí Mật")

    answer = people.api("stranger").post(API, {**FIRM, **wrong}, format="json")
    problem = json.loads(answer.content)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (problem["code"], problem["errors"][0]["field"]) == (code, field)
    assert "Bí Mật" not in answer.content.decode()


def test_a_day_allowance_is_429(people, monkeypatch):
    monkeypatch.setattr("catalogue.organisations.limits.MOST_JOIN_REQUESTS", 0)

    answer = people.api("stranger").post(f"{API}/join-requests", {"organisation": "sao-bac"}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")


def test_a_person_number_is_nowhere_in_the_api(people):
    Organisation.objects.filter(pk=people.vendor.pk).update(tax_code="001085012345", legal_form="household")
    client = people.api("owner")

    described = client.patch(f"{API}/sao-bac", {"website": "https://saobac.example.vn"}, format="json")

    assert described.status_code == 200
    people.vendor.refresh_from_db()
    assert people.vendor.tax_code == "001085012345"
    for path in ("/api/v1/vendors", "/api/v1/vendors/sao-bac", API, f"{API}/sao-bac", f"{API}/search?q=001085012345"):
        assert "001085012345" not in client.get(path).content.decode(), path


@pytest.mark.parametrize(
    "body", [{}, {"organisation": "sao-bac", "tax_code": "0101243150"}, {"organisation": "<b>"}, []]
)
def test_a_request_says_of_whom_it_asks(people, body):
    assert people.api("stranger").post(f"{API}/join-requests", body, format="json").status_code == 400


@pytest.mark.parametrize("number", ["0", "99999", "9" * 30])
def test_a_number_that_is_nobody_is_not_found(people, number):
    client = people.api("owner")

    assert client.delete(f"{API}/sao-bac/members/{number}").status_code == 404
    assert client.delete(f"{API}/claims/{number}").status_code == 404
    assert client.post(f"{API}/sao-bac/transfer", {"member": number}, format="json").status_code in (400, 404)
