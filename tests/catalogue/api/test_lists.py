"""The catalogue as open data: the same for everybody, at a constant cost."""

import pytest

from tests.support.factories import EvidenceFactory, PlatformFactory, UserFactory, evidenced

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["anonymous", "member", "operator"])
def caller(request, api):
    """Everyone there is: so far all see the same, the public catalogue."""
    if request.param != "anonymous":
        api.force_authenticate(UserFactory(is_staff=request.param == "operator"))
    return api


@pytest.mark.parametrize("name", ["platforms", "vendors", "categories"])
def test_every_list_is_open_to_everyone_and_read_only(caller, catalogue, name):
    answer = caller.get(f"/api/v1/{name}")

    assert answer.status_code == 200
    assert answer.json()["count"] == {"platforms": 5, "vendors": 5, "categories": 3}[name]
    for method in ("post", "put", "patch", "delete"):
        refused = getattr(caller, method)(f"/api/v1/{name}", {}, format="json")
        assert refused.status_code in (403, 405)
        assert refused["Content-Type"] == "application/problem+json"


def test_a_platform_is_given_with_everything_its_listing_states(api, catalogue):
    given = api.get("/api/v1/platforms/hopviet").json()

    assert given["key"] == "hopviet"
    assert given["pricing"] == {
        "model": "unknown",
        "note": "",
        "vnd_min": 50_000_000,
        "vnd_max": 90_000_000,
        "unit": "",
    }
    assert given["assurance"] == "public_record"
    assert given["assured_on"] == "2026-11-22"
    assert given["evidence"][0]["seen_on"] == "2026-11-22"
    assert given["solves"] == ["In hàng nghìn trang tài liệu cho mỗi kỳ họp."]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("category=telehealth", {"khamxa", "hoichan"}),
        ("category=health", {"khamxa", "hoichan", "hopviet", "temviet", "hopcu"}),
        ("min_assurance=public_record&status=active", {"khamxa", "hopviet", "temviet"}),
        ("deployment=on_premise", {"hopviet"}),
        ("status=discontinued", {"hopcu"}),
        ("category=nowhere", set()),
        ("category=telehealth&category=traceability", {"khamxa", "hoichan", "temviet"}),
        ("assurance=listed&assurance=vetted", {"hoichan"}),
        ("assurance=listed&min_assurance=public_record", set()),
        ("pricing=unknown&status=discontinued&status=unknown", {"hopcu"}),
        ("province=01", set()),
        ("q=hoi+chan", {"hoichan"}),
        ("q=hop&status=active", {"hopviet"}),
    ],
)
def test_platforms_can_be_filtered(api, catalogue, query, keys):
    given = api.get(f"/api/v1/platforms?{query}").json()

    assert {row["key"] for row in given["results"]} == keys


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("min_assurance", "perfect"),
        ("deployment", "by-post"),
        ("pricing", "cheap"),
        ("sort", "best"),
        ("q", "a" * 201),
        ("q", "%00"),
        ("vendor", "%00"),
    ],
)
def test_a_filter_value_that_cannot_be_is_a_problem_by_field(api, field, value):
    answer = api.get(f"/api/v1/platforms?{field}={value}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ["hoichan", "hopcu", "hopviet", "khamxa", "temviet"]),
        ("sort=confirmed", ["hopcu", "hopviet", "khamxa", "temviet", "hoichan"]),
        ("q=tem+qr&sort=relevance", ["temviet"]),
        ("q=hop+viet", ["hopviet"]),
        ("q=viet&sort=name", ["hoichan", "hopviet", "temviet"]),
    ],
)
def test_platforms_come_by_name_unless_searched_or_sorted(api, catalogue, query, keys):
    given = api.get(f"/api/v1/platforms?{query}").json()

    assert [row["key"] for row in given["results"]] == keys


def test_page_and_api_agree(api, client, catalogue):
    query = "q=hop&status=active&status=discontinued&sort=confirmed"

    page = [card["url"] for card in client.get(f"/nen-tang/?{query}").context["cards"]]

    assert page == [f"/nen-tang/{row['key']}/" for row in api.get(f"/api/v1/platforms?{query}").json()["results"]]
    assert page


def test_pages_can_be_walked_and_a_page_beyond_the_last_is_a_problem(api, catalogue):
    first = api.get("/api/v1/platforms?page_size=2").json()

    assert len(first["results"]) == 2
    assert first["next"].endswith("/api/v1/platforms?page=2&page_size=2")
    assert api.get("/api/v1/platforms?page=99").status_code == 404


@pytest.mark.parametrize("name", ["platforms", "vendors", "categories"])
@pytest.mark.parametrize("rows", [1, 20])
def test_a_list_costs_the_same_however_long(api, django_assert_num_queries, name, rows):
    for platform in [evidenced() for _ in range(rows)]:
        EvidenceFactory(platform=platform)
        platform.also.add(PlatformFactory().category)

    with django_assert_num_queries({"platforms": 3, "vendors": 2, "categories": 2}[name]):
        api.get(f"/api/v1/{name}")


@pytest.mark.parametrize("path", ["/api/v1/platforms/nope", "/api/v1/nope", "/api/v1/nope/", "/api/nothing"])
def test_what_is_not_there_is_a_problem_not_a_page(api, path):
    answer = api.get(path)

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code"} <= set(answer.json())


def test_a_slash_too_many_leads_to_the_address_without_it(api, catalogue):
    answer = api.get("/api/v1/platforms/?page_size=2")

    assert answer.status_code == 308
    assert answer["Location"] == "/api/v1/platforms?page_size=2"


def test_the_api_describes_itself(api, client):
    schema = api.get("/api/v1/schema/?format=json").json()

    assert schema["openapi"].startswith("3.")
    assert {"/api/v1/platforms", "/api/v1/vendors", "/api/v1/categories", "/api/v1/recommendations"} <= set(
        schema["paths"]
    )
    assert client.get("/api/docs/").status_code == 200
