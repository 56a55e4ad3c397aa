"""Vendors are told once, by digest, of open problems that their vetted products fit: why, and what they miss."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from catalogue.notifications.kinds import Group, Pace
from catalogue.notifications.mails import compose
from catalogue.notifications.models import Notice, NoticeChoice
from catalogue.organisations.models import Membership, Role
from catalogue.platforms.choices import Assurance
from catalogue.platforms.models import Platform
from catalogue.problems.questions import Question
from catalogue.problems.requirements import Requirement
from catalogue.problems.states import Visibility
from recommender import matching, tasks
from tests.support.factories import ProblemFactory, VendorFactory
from tests.support.roles import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def vetted(catalogue, answering) -> Platform:
    """Return a product for meetings that is vetted, the only one."""
    product = Platform.objects.get(slug="hopviet")
    product.assurance, product.vetted_until = Assurance.VETTED, datetime.date(2999, 1, 1)
    product.save()
    return product


@pytest.fixture
def writer(vetted):
    return member(vetted.vendor, "sua@example.vn")


def member(organisation, email, role=Role.EDITOR):
    user = person(email)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def meetings(**fields):
    return ProblemFactory(
        **{"title": "Họp không giấy ở phường", "outcome": "Biểu quyết điện tử, họp trực tuyến.", **fields}
    )


def told() -> list[Notice]:
    matching.tell(timezone.now())
    return list(Notice.objects.filter(kind="problem_fits"))


def test_who_writes_for_the_vendor_is_told_why_and_what_is_missed(vetted, writer):
    problem = meetings()
    for at, text in enumerate(("Biểu quyết điện tử.", "Nhận dạng vân tay của đại biểu.")):
        Requirement.objects.create(problem=problem, text=text, position=at)

    (notice,) = told()
    assert notice.user == writer
    assert notice.context["slug"] == problem.slug
    assert notice.context["product"] == "HọpViệt"
    assert vetted.summary in notice.context["why"] or set(vetted.solves) & set(notice.context["why"])
    assert notice.context["missed"] == ["Nhận dạng vân tay của đại biểu."]
    mail = compose(notice).message().as_string()
    assert "HọpViệt" in compose(notice).body
    assert f"/bai-toan/{problem.slug}/" in mail.replace("=\n", "")


def test_nobody_is_told_twice_and_never_by_a_mail_of_its_own(writer):
    meetings()

    (notice,) = told()
    assert notice.digest
    assert notice.due_at > notice.created_at
    tasks.match_problems()
    call_command("match_problems")
    assert told() == [notice]


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_who_does_not_write_for_the_vendor_is_not_told(vetted, role):
    if role:
        member(vetted.vendor, "xem@example.vn", role)
    member(VendorFactory(), "khac@example.vn", Role.OWNER)
    meetings()

    assert told() == []


def test_who_switched_it_off_is_not_told(writer):
    NoticeChoice.objects.create(user=writer, group=Group.PROBLEMS, pace=Pace.OFF)
    meetings()

    assert told() == []


@pytest.mark.parametrize("level", [Assurance.LISTED, Assurance.PUBLIC_RECORD])
def test_products_that_are_not_vetted_bring_nobody_a_mail(vetted, writer, level):
    vetted.assurance, vetted.vetted_until = level, None
    vetted.save()
    meetings()

    assert told() == []


@pytest.mark.parametrize("over", [{"draft": True}, {"over": True}, {"ended": True}, {"withdrawn": True}])
def test_only_what_is_open_is_told(writer, over):
    meetings(**over)

    assert told() == []


def test_what_is_for_some_only_is_told_to_those_who_read_it(vetted, writer):
    meetings(visibility=Visibility.MINISTRY, categories=[vetted.category])
    meetings(visibility=Visibility.INVITED, categories=[vetted.category])
    meetings(visibility=Visibility.VETTED_VENDORS)  # of another category
    assert told() == []

    theirs = meetings(visibility=Visibility.VETTED_VENDORS, categories=[vetted.category])
    assert [notice.context["slug"] for notice in told()] == [theirs.slug]


def test_who_knows_of_it_already_is_not_told(vetted, writer):
    asked, invited = meetings(), meetings()
    Question.objects.create(problem=asked, vendor=vetted.vendor, asked_at=timezone.now(), text="Bao nhiêu người?")
    invited.invited.add(vetted.vendor)

    assert told() == []


def test_nothing_is_told_where_the_engine_abstains(writer, monkeypatch):
    from recommender.engine import pipeline

    monkeypatch.setattr(pipeline, "threshold", lambda *, semantic: 1.1)
    meetings()

    assert told() == []
