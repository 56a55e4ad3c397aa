"""The register by the API: the same rows as on the site, to everybody, exactly as they were hashed."""

import datetime

import pytest

from catalogue.register import chain, checkpoints, keys
from catalogue.register.models import Entry
from catalogue.register.verifying import CHECKPOINT, ENTRY, verify
from tests.support.factories import PlatformFactory, entered
from tests.support.roles import ROLES, everyone

pytestmark = pytest.mark.django_db
LIST = "/api/v1/register"
NOON = datetime.datetime(2026, 11, 26, 5, tzinfo=datetime.UTC)


@pytest.fixture
def written():
    PlatformFactory(slug="hopviet", name="HọpViệt")
    for kind, platform, vendor, year in (
        ("vetted", "hopviet", "sao-bac", 2025),
        ("suspended", "hopviet", "sao-bac", 2026),
        ("rejected", "kham-xa", "sao-nam", 2026),
    ):
        entered(kind, platform, vendor, at=datetime.datetime(year, 6, 1, tzinfo=datetime.UTC), reason="Lý do")
    checkpoints.make(now=NOON)


@pytest.mark.parametrize("address", [LIST, f"{LIST}/2", f"{LIST}/checkpoints"])
def test_everybody_reads_the_same_and_nobody_writes(written, address):
    people = everyone()
    told = set()
    for role in ROLES:
        answer = people.api(role).get(address)
        assert answer.status_code == 200, role
        told.add(answer.content)
        for method in ("post", "put", "patch", "delete"):
            refused = getattr(people.api(role), method)(address, {}, format="json")
            assert refused.status_code in (403, 405), f"{role}: {method}"
            assert refused["Content-Type"] == "application/problem+json"
        assert people.api(role).get(f"{LIST}/9").status_code == 404
    assert len(told) == 1
    assert Entry.objects.count() == 3


def test_what_it_gives_verifies(api, written):
    rows = api.get(LIST).json()["results"]
    marks = api.get(f"{LIST}/checkpoints").json()["results"]

    assert [row["number"] for row in rows] == [3, 2, 1]
    assert rows[0]["page"] == "http://testserver/dang-ky/3/"
    assert [row["number"] for row in marks] == [3]
    entries = [{name: row[name] for name in ENTRY} for row in reversed(rows)]
    assert verify(entries, keys=keys.trusted(), checkpoints=marks) == []
    assert set(marks[0]) == set(CHECKPOINT)
    assert api.get(f"{LIST}/2").json() == rows[1]
    assert entries[1] == chain.plain(Entry.objects.get(number=2))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=họp việt", [2, 1]),
        ("q=sao nam", [3]),
        ("platform=hopviet", [2, 1]),
        ("platform=hopviet&platform=kham-xa", [3, 2, 1]),
        ("platform=nowhere", []),
        ("vendor=sao-nam", [3]),
        ("kind=vetted&kind=rejected", [3, 1]),
        ("year=2025", [1]),
        ("year=2024", []),
        ("vendor=sao-bac&year=2026&kind=suspended", [2]),
    ],
)
def test_entries_can_be_filtered(api, client, written, query, found):
    assert [row["number"] for row in api.get(f"{LIST}?{query}").json()["results"]] == found
    if query.count("platform") < 2 and "vendor" not in query and query.count("kind") < 2:
        assert [row["number"] for row in client.get(f"/dang-ky/?{query}").context["rows"]] == found, "as on the page"


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "lost"), ("year", "x"), ("year", "0"), ("year", "10000"), ("year", "2026.5"), ("q", "%00"),
     ("q", "a" * 201), ("platform", "%00")],
)  # fmt: skip
def test_a_value_that_cannot_be_is_a_problem_by_field(api, field, value):
    answer = api.get(f"{LIST}?{field}={value}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("address", [f"{LIST}/0", f"{LIST}/x", f"{LIST}/99999999999999999999999"])
def test_what_is_not_there_is_a_problem(api, address):
    answer = api.get(address)

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("rows", [1, 20])
def test_lists_cost_the_same_however_long(api, django_assert_num_queries, rows):
    for n in range(rows):
        entered("suspended")
        checkpoints.make(now=NOON + datetime.timedelta(days=n))

    with django_assert_num_queries(2):
        api.get(LIST)
    with django_assert_num_queries(2):
        api.get(f"{LIST}/checkpoints")


def test_it_is_described_with_examples(api):
    schema = api.get("/api/v1/schema/?format=json").json()

    listed = schema["paths"]["/api/v1/register"]["get"]
    assert {parameter["name"] for parameter in listed["parameters"]} == {
        "q", "platform", "vendor", "kind", "year", "page", "page_size",
    }  # fmt: skip
    for address in (LIST, f"{LIST}/{{number}}", f"{LIST}/checkpoints"):
        answer = schema["paths"][address]["get"]["responses"]["200"]["content"]["application/json"]
        assert answer["examples"], address
    shape = schema["components"]["schemas"]["Entry"]["properties"]
    assert shape["kind"]["allOf"] or shape["kind"]["$ref"]
