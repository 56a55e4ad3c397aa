"""Problems by the API: the same rows, to the same people, as on the site."""

import pytest
from django.contrib.auth.models import Permission

from catalogue.organisations.models import Membership, Role
from tests.support.factories import AgencyFactory, GroupFactory, LeafFactory, ProblemFactory, UserFactory, VendorFactory

pytestmark = pytest.mark.django_db
LIST = "/api/v1/problems"


def member(organisation, role=Role.EDITOR):
    user = UserFactory()
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def operator():
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_problem"))
    return user


@pytest.mark.parametrize(
    ("who", "sees_draft"),
    [
        (None, False),
        (lambda agency: UserFactory(), False),
        (lambda agency: member(AgencyFactory()), False),
        (lambda agency: member(VendorFactory()), False),
        (lambda agency: member(agency, Role.VIEWER), True),
        (lambda agency: member(agency, Role.EDITOR), True),
        (lambda agency: member(agency, Role.OWNER), True),
        (lambda agency: operator(), True),
    ],
    ids=["anonymous", "somebody", "another agency", "vendor", "viewer", "editor", "owner", "operator"],
)
def test_drafts_are_for_who_may_see_them_and_nothing_can_be_changed(api, who, sees_draft):
    agency = AgencyFactory()
    public, draft = ProblemFactory(agency=agency), ProblemFactory(agency=agency, draft=True)
    if who:
        api.force_authenticate(who(agency))

    keys = {row["key"] for row in api.get(LIST).json()["results"]}

    assert keys == ({public.slug, draft.slug} if sees_draft else {public.slug})
    assert api.get(f"{LIST}/{public.slug}").status_code == 200
    assert api.get(f"{LIST}/{draft.slug}").status_code == (200 if sees_draft else 404)
    for method in ("post", "put", "patch", "delete"):
        refused = getattr(api, method)(f"{LIST}/{public.slug}", {}, format="json")
        assert refused.status_code in (403, 405)
        assert refused["Content-Type"] == "application/problem+json"


def test_a_problem_is_given_with_everything_its_agency_states(api):
    problem = ProblemFactory(ended=True)

    given = api.get(f"{LIST}/{problem.slug}").json()

    assert given["number"] == problem.number
    assert given["agency"] == problem.agency.name
    assert given["state"] == "ended"
    assert given["ending"] == "none_suitable"
    assert given["reason"] == problem.reason
    assert given["categories"] == [problem.categories.get().key]
    assert given["page"] == f"http://testserver{problem.get_absolute_url()}"
    assert given["outcome"] == problem.outcome


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Mở", "Quá hạn", "Xong", "Rút"}),
        ("state=published", {"Mở"}),
        ("state=closed", {"Quá hạn"}),
        ("state=ended&state=withdrawn", {"Xong", "Rút"}),
        ("state=draft", set()),
        ("category=work", {"Mở"}),
        ("category=meetings", {"Mở"}),
        ("category=nowhere", set()),
        ("q=mo", {"Mở"}),
        ("q=XONG", {"Xong"}),
    ],
)
def test_problems_can_be_filtered(api, query, found):
    leaf = LeafFactory(key="meetings", parent=GroupFactory(key="work"))
    for title, traits in (
        ("Mở", {"categories": [leaf]}),
        ("Quá hạn", {"over": True}),
        ("Xong", {"ended": True}),
        ("Rút", {"withdrawn": True}),
        ("Nháp", {"draft": True}),
    ):
        ProblemFactory(title=title, today="a", affected="a", outcome="a", **traits)

    assert {row["title"] for row in api.get(f"{LIST}?{query}").json()["results"]} == found


@pytest.mark.parametrize(
    ("field", "value"), [("state", "lost"), ("sort", "best"), ("q", "a" * 201), ("q", "%00"), ("category", "%00")]
)
def test_a_value_that_cannot_be_is_a_problem_by_field(api, field, value):
    answer = api.get(f"{LIST}?{field}={value}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


def test_page_and_api_agree_on_the_order(api, client):
    for _ in range(3):
        ProblemFactory()

    page = [card["title"] for card in client.get("/bai-toan/?sort=newest").context["cards"]]

    assert page == [row["title"] for row in api.get(f"{LIST}?state=published&sort=newest").json()["results"]]
    assert api.get(f"{LIST}?sort=closing").json()["count"] == 3


@pytest.mark.parametrize("rows", [20, 200])
def test_the_list_costs_the_same_however_long(api, django_assert_num_queries, rows):
    leaf = LeafFactory()
    for _ in range(rows):
        ProblemFactory(categories=[leaf])

    with django_assert_num_queries(3):
        assert api.get(LIST).json()["count"] == rows


def test_the_api_describes_them_with_examples(api):
    schema = api.get("/api/v1/schema/?format=json").json()

    described = schema["paths"]["/api/v1/problems/{slug}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert described["examples"]
    assert {one["name"] for one in schema["paths"]["/api/v1/problems"]["get"]["parameters"]} >= {
        "q", "category", "state", "sort", "page",
    }  # fmt: skip
