"""Open contracting data and the calendar of deadlines, as anybody fetches them: public problems, to everybody the same."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from catalogue.problems.models import Problem
from catalogue.problems.states import Visibility
from catalogue.web import contracting
from tests.support.calendars import read
from tests.support.factories import GroupFactory, LeafFactory, ProblemFactory
from tests.support.ocds import faults
from tests.support.roles import ROLES, check, everyone

pytestmark = pytest.mark.django_db
ALL, LINES, CALENDAR = "/bai-toan/ocds.json", "/bai-toan/ocds.ndjson", "/bai-toan/han.ics"
HIDDEN = {"draft": {"draft": True}, **{one: {"visibility": one} for one in Visibility if one != Visibility.PUBLIC}}


def records(problem: Problem) -> tuple[str, str]:
    """Return where the record of a problem is: on the site, and by the API."""
    return f"/bai-toan/{problem.slug}/ocds.json", f"/api/v1/problems/{problem.slug}/ocds"


def released(client) -> list[str]:
    return [release["ocid"] for release in client.get(ALL).json()["releases"]]


def test_everybody_is_given_what_is_public():
    people, problem = everyone(), ProblemFactory()

    for address in (ALL, LINES, CALENDAR, *records(problem)):
        check(people, "GET", address, dict.fromkeys(ROLES, 200))


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_not_everybody_reads_is_given_to_nobody_not_even_to_its_own_agency(client, hidden):
    people, shown = everyone(), ProblemFactory()
    problem = ProblemFactory(agency=people.office, **HIDDEN[hidden])
    problem.invited.add(people.vendor)

    for address in records(problem):
        for role in ROLES:
            asks = people.api(role) if address.startswith("/api/") else people.client(role)
            assert asks.get(address).status_code == 404, (role, address)
    for role in ROLES:
        asks = people.client(role)
        assert released(asks) == [f"ocds-000000-{shown.slug}"], role
        assert b"".join(asks.get(LINES).streaming_content).count(b"\n") == 1, role
        assert [one["UID"] for one in read(asks.get(CALENDAR).content)[1]] == [f"{shown.slug}@nen-tang-viet"], role


def test_site_and_api_give_one_valid_record_that_names_its_one_address(client, api):
    problem = ProblemFactory(ended=True)
    page, by_api = records(problem)
    package = client.get(page).json()

    assert package == api.get(by_api).json() == client.get(f"/en{page}").json()
    assert package["uri"] == f"http://testserver{page}"
    assert faults("record-package", package) == []


def test_releases_come_by_pages_that_lead_to_each_other(client, monkeypatch):
    monkeypatch.setattr(contracting, "ON_A_PAGE", 2)
    now = timezone.now()
    slugs = [ProblemFactory(posted_at=now - timedelta(days=day)).slug for day in range(5, 0, -1)]
    found, address, pages = [], "http://testserver/bai-toan/ocds.json", []
    while address:
        package = client.get(address.removeprefix("http://testserver")).json()
        assert package["uri"] == address
        assert faults("release-package", package) == []
        pages.append(package)
        found += [release["tender"]["id"] for release in package["releases"]]
        address = package.get("links", {}).get("next", "")

    assert found == [slug.rpartition("-")[2].upper() for slug in slugs], "the oldest first"
    assert len(pages) == 3
    assert pages[1]["links"]["prev"] == pages[0]["uri"]


@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "1\0"])
def test_there_is_no_page_without_a_release(client, number):
    assert client.get(ALL).status_code == 404, "the standard has no empty package"
    ProblemFactory()
    assert client.get(ALL, {"trang": number}).status_code == 404


def test_every_release_stands_on_a_line_of_its_own(client):
    ProblemFactory()
    ProblemFactory(ended=True)
    answer = client.get(LINES)
    lines = b"".join(answer.streaming_content).splitlines()

    assert answer["Content-Type"] == "application/x-ndjson"
    assert [json.loads(line) for line in lines] == client.get(ALL).json()["releases"]
    assert [fault for line in lines for fault in faults("release", json.loads(line))] == []


def test_lists_take_the_same_few_queries_however_many_there_are(client, django_assert_num_queries):
    for _ in range(5):
        ProblemFactory()
    with django_assert_num_queries(7):  # how many, problems, and what belongs to them
        client.get(ALL)
    with django_assert_num_queries(2):
        client.get(CALENDAR)


def test_the_calendar_tells_when_and_where(client):
    problem = ProblemFactory(title="Họp; không giấy, ở phường", closes_at=datetime(2999, 12, 25, 10, 30, tzinfo=UTC))
    answer = client.get(CALENDAR)
    calendar, (event,) = read(answer.content)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert calendar["NAME"] == "Hạn trả lời bài toán"
    assert event["SUMMARY"] == "Hạn trả lời: Họp; không giấy, ở phường"
    assert event["DTSTART"] == "29991225T103000Z"
    assert problem.agency.name in event["DESCRIPTION"]
    assert event["URL"] == f"http://testserver{problem.get_absolute_url()}"


def test_the_calendar_has_what_is_open_soonest_first_and_can_be_narrowed(client):
    group = GroupFactory(key="health", label_vi="Y tế")
    leaf, other = (
        LeafFactory(key="telehealth", parent=group),
        LeafFactory(key="meetings", parent=GroupFactory(key="office")),
    )
    now = timezone.now()
    late = ProblemFactory(categories=[leaf], closes_at=now + timedelta(days=9))
    soon = ProblemFactory(categories=[other], closes_at=now + timedelta(days=2), title="Khám từ xa")
    for over in ({"over": True}, {"ended": True}, {"withdrawn": True}):
        ProblemFactory(categories=[leaf], **over)

    def slugs(**query):
        return [one["UID"].partition("@")[0] for one in read(client.get(CALENDAR, query).content)[1]]

    assert slugs() == [soon.slug, late.slug]
    assert slugs(category="telehealth") == slugs(category="health") == [late.slug]
    assert slugs(q="kham") == [soon.slug]
    assert read(client.get(CALENDAR, {"category": "health"}).content)[0]["NAME"] == "Hạn trả lời bài toán: Y tế"
    assert client.get(CALENDAR, {"category": "khong-co"}).status_code == 404, "not everything instead"


def test_an_entry_keeps_its_identifier_when_the_problem_or_the_language_changes(client):
    problem = ProblemFactory()
    (before,) = read(client.get(CALENDAR).content)[1]
    Problem.objects.filter(pk=problem.pk).update(
        closes_at=timezone.now() + timedelta(days=3), updated_at=timezone.now()
    )
    (after,) = read(client.get(f"/en{CALENDAR}").content)[1]

    assert before["UID"] == after["UID"]
    assert before["DTSTART"] != after["DTSTART"]
    assert before["DTSTAMP"] <= after["DTSTAMP"]
    assert after["SUMMARY"].startswith("Closes: "), "in the reader's language"


def test_pages_lead_to_the_calendar_and_the_data(client):
    problem = ProblemFactory(categories=[LeafFactory(key="telehealth")])
    page = client.get(problem.get_absolute_url()).content.decode()
    listed = client.get("/bai-toan/?category=telehealth").content.decode()

    assert CALENDAR in page
    assert records(problem)[0] in page
    assert f"{CALENDAR}?category=telehealth" in listed
    assert ALL in listed
    assert LINES in client.get("/du-lieu/").content.decode()


def test_a_problem_for_some_only_leads_to_no_data(client):
    people = everyone()
    problem = ProblemFactory(agency=people.office, visibility=Visibility.MINISTRY)

    page = people.client("agency").get(problem.get_absolute_url()).content.decode()
    assert problem.title in page
    assert "ocds.json" not in page
