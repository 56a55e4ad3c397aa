"""Questions for the ministry, and nobody else; each begins only where there is something to ask."""

import datetime
import re

import pytest
from django.utils import timezone

from catalogue.platforms import originals
from catalogue.problems import integrity
from catalogue.problems.evaluation import Result
from catalogue.problems.integrity import Code
from catalogue.problems.models import Problem
from catalogue.problems.proposals import Proposal
from catalogue.problems.requirements import Requirement
from catalogue.problems.states import Visibility
from tests.support.factories import PlatformFactory, ProblemFactory, VendorFactory
from tests.support.problems import course
from tests.support.roles import check, person

pytestmark = pytest.mark.django_db
CLAIM = "Phần mềm tự chuyển biên bản họp thành nhiệm vụ và nhắc từng cán bộ trước hạn ba ngày làm việc."


@pytest.fixture
def one():
    return course()


def codes(problem):
    return [doubt.code for doubt in integrity.doubts(problem)]


def test_an_ordinary_problem_gives_rise_to_none(one):
    assert codes(one.problem) == []


def test_a_short_deadline(one):
    one.problem.closes_at = one.problem.posted_at + datetime.timedelta(days=6)
    assert codes(one.problem) == [Code.SHORT_DEADLINE]


@pytest.mark.parametrize(("guests", "asked"), [((1, 1), True), ((2, 1), False), ((1, 2), False)])
def test_single_invitations_in_a_row(one, guests, asked):
    now = timezone.now()
    made = [
        ProblemFactory(agency=one.people.office, visibility="invited", posted_at=now - datetime.timedelta(hours=9 - n))
        for n in range(2)
    ]
    for problem, n in zip(made, guests, strict=True):
        problem.invited.set([one.people.vendor, one.people.other][:n])
    assert (Code.SINGLE_INVITATIONS in codes(made[-1])) == asked


@pytest.mark.parametrize(("when", "asked"), [("before", True), ("after", False)])
def test_a_requirement_that_stands_in_one_listing(one, when, asked):
    listing = PlatformFactory(slug="nhac-viec", vendor=one.people.vendor, description=CLAIM)
    later = datetime.timedelta(days=1 if when == "before" else -1)
    said = originals.SaidPassage.objects.filter(slug=listing.slug)
    assert said.exists()
    Problem.objects.update(
        posted_at=said.first().said_at + later, closes_at=timezone.now() + datetime.timedelta(days=60)
    )
    Requirement.objects.create(problem=one.problem, kind="must", text=CLAIM, position=3)
    one.problem.refresh_from_db()
    assert (Code.COPIED_REQUIREMENT in codes(one.problem)) == asked


@pytest.mark.parametrize(("times", "asked"), [(2, False), (3, True)])
def test_the_same_pair_again(one, times, asked):
    for _n in range(times):
        problem = ProblemFactory(agency=one.people.office, ended=True)
        proposal = Proposal.objects.create(
            problem=problem, vendor=one.people.vendor, envelope=b"", saved_at=timezone.now(), stage="submitted",
            submitted_at=timezone.now(),
        )  # fmt: skip
        Result.objects.create(proposal=proposal, chosen=True, product=one.ours, told_at=timezone.now())
    assert (Code.REPEATED_PAIR in codes(problem)) == asked


@pytest.mark.parametrize("address", ["/bo-quan-ly/minh-bach/", "/api/v1/moderation/integrity"])
def test_only_the_ministry_reads_them(one, address):
    check(one.people, "GET", address, {"operator": 200})


def test_they_are_said_as_questions(one):
    Problem.objects.update(closes_at=one.problem.posted_at + datetime.timedelta(days=6))
    page = one.people.client("operator").get("/bo-quan-ly/minh-bach/").content.decode()
    assert "Có gì gấp không?" in page
    assert "không phải kết luận" in page
    answer = one.people.api("operator").get("/api/v1/moderation/integrity").json()
    assert answer["results"][0]["doubts"][0]["code"] == "short_deadline"


@pytest.fixture
def ministry():
    """Return an editor of a regulator."""
    regulator = VendorFactory(kind="regulator", key="bo", name="Bộ Quản lý", legal_form="public_body", shown_since=None)
    user = person("bo@example.gov.vn")
    user.memberships.create(organisation=regulator, role="editor")
    return user


@pytest.mark.parametrize("visibility", Visibility.values)
def test_whoever_asks_can_read_what_the_question_is_about(one, ministry, visibility):
    Problem.objects.update(visibility=visibility, route="direct")
    for user in (ministry, one.people["operator"]):
        client = one.people.client("anonymous")
        client.force_login(user)
        page = client.get("/bo-quan-ly/minh-bach/").content.decode()
        (link,) = re.findall(r'href="(/bai-toan/[^"]*)" lang="vi"', page)
        assert client.get(link).status_code == 200
        api = one.people.api("anonymous")
        api.force_authenticate(user)
        assert api.get(f"/api/v1/problems/{one.problem.slug}").status_code == 200


@pytest.mark.parametrize(
    ("visibility", "firms"),
    [("invited", {"viewer", "editor", "owner"}), ("vetted_vendors", set()), ("ministry", set())],
)
def test_nobody_else_reads_it_for_that(one, visibility, firms):
    Problem.objects.update(visibility=visibility, route="direct")
    one.problem.invited.set([one.people.vendor])
    allowed = dict.fromkeys({"agency", "operator", *firms}, 200)
    for address in (f"/bai-toan/{one.problem.slug}/", f"/api/v1/problems/{one.problem.slug}"):
        check(one.people, "GET", address, {"anonymous": 404, **allowed})


def test_an_agencys_own_people_do_not_oversee_it(one):
    user = one.people["operator"]
    user.memberships.create(organisation=one.people.office, role="viewer")
    assert not Problem.objects.overseen_by(user).exists()
    assert not integrity.looked_at_by(user).exists()
