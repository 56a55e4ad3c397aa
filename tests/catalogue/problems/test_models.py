"""What must never be false of a problem, and who sees which."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalogue.organisations.models import Membership, Role
from catalogue.problems.models import Problem, ReceivingOffice
from catalogue.problems.states import Ending, Sort, State
from tests.support.factories import (
    AgencyFactory,
    GroupFactory,
    LeafFactory,
    ProblemFactory,
    ReceivingOfficeFactory,
    UserFactory,
    VendorFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


class TestConstraints:
    @pytest.mark.parametrize(
        ("trait", "values"),
        [
            ("draft", {"state": State.PUBLISHED}),
            ("draft", {"posted_at": NOW}),
            ("draft", {"title": ""}),
            ("draft", {"weight_fit": 60}),
            ("draft", {"budget_min": 5, "budget_max": 3}),
            ("draft", {"duration_months": 0}),
            ("draft", {"duration_months": 121}),
            ("draft", {"mode": "steal"}),
            ("draft", {"visibility": "some"}),
            ("draft", {"reason": "Vì thế"}),
            ("draft", {"state": State.MODERATION}),
            ("moderation", {"submitted_at": None}),
            ("moderation", {"route": "direct"}),
            ("moderation", {"closes_at": None}),
            ("moderation", {"today": ""}),
            ("moderation", {"posted_at": NOW}),
            ("moderation", {"reason": "Vì thế"}),
            ("returned", {"reason": ""}),
            ("returned", {"submitted_at": None}),
            ("returned", {"posted_at": NOW}),
            ("draft", {"route": "pigeon"}),
            ("", {"state": "lost"}),
            ("", {"today": ""}),
            ("", {"affected": ""}),
            ("", {"outcome": ""}),
            ("", {"closes_at": None}),
            ("", {"posted_at": None}),
            ("", {"closes_at": NOW, "posted_at": NOW}),
            ("", {"state": State.CLOSED}),
            ("", {"state": State.WITHDRAWN}),
            ("", {"state": State.ENDED}),
            ("", {"reason": "Vì thế"}),
            ("", {"ending": Ending.AWARDED}),
            ("closed", {"closed_at": None}),
            ("closed", {"closed_at": NOW - timedelta(days=3000)}),
            ("closed", {"state": State.PUBLISHED}),
            ("ended", {"reason": ""}),
            ("ended", {"ending": ""}),
            ("ended", {"ending": "won"}),
            ("ended", {"ended_at": None}),
            ("withdrawn", {"reason": ""}),
            ("withdrawn", {"ending": Ending.TRIAL}),
            ("withdrawn", {"ended_at": None}),
        ],
    )
    def test_the_database_refuses_what_cannot_be(self, trait, values):
        problem = ProblemFactory(**{trait: True} if trait else {})

        with pytest.raises(IntegrityError), transaction.atomic():
            Problem.objects.filter(pk=problem.pk).update(**values)

    @pytest.mark.parametrize("values", [{"email": "", "address": ""}, {"name": ""}, {"valid_to": "2025-01-01"}])
    def test_an_office_that_takes_problems_can_be_reached(self, values):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReceivingOfficeFactory(**values)

    def test_only_agencies_have_problems(self):
        problem = ProblemFactory(draft=True)
        problem.agency = VendorFactory()

        with pytest.raises(ValidationError):
            problem.full_clean()


class TestAddress:
    def test_it_is_readable_ends_in_the_number_and_never_changes(self):
        problem = ProblemFactory(draft=True, title="Hội chẩn từ xa cho trạm y tế")
        first = problem.slug
        problem.title = "Tên khác hẳn"
        problem.save()

        assert first.startswith("hoi-chan-tu-xa-cho-tram-y-te-")
        assert problem.slug == first
        assert problem.number == first[-6:].upper()
        assert problem.get_absolute_url() == f"/bai-toan/{first}/"

    @pytest.mark.parametrize("title", ["!!!", "Đ" * 160, "a b " * 40])
    def test_any_title_makes_an_address(self, title):
        assert Problem.objects.get(slug=ProblemFactory(title=title).slug).title == title


@pytest.fixture
def agency():
    return AgencyFactory()


def member(organisation, role):
    user = UserFactory()
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def operator():
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_problem"))
    return user


CALLERS = {
    "anonymous": (lambda agency: AnonymousUser(), False),
    "somebody": (lambda agency: UserFactory(), False),
    "owner of another agency": (lambda agency: member(AgencyFactory(), Role.OWNER), False),
    "owner of a vendor": (lambda agency: member(VendorFactory(), Role.OWNER), False),
    "staff without permission": (lambda agency: UserFactory(is_staff=True), False),
    "permission without staff": (lambda agency: UserFactory(is_superuser=True), False),
    **{f"{role} of the agency": (lambda agency, role=role: member(agency, role), True) for role in Role.values},
    "operator": (lambda agency: operator(), True),
}


@pytest.mark.parametrize("caller", CALLERS)
def test_drafts_are_for_the_agency_and_operators_the_rest_is_for_everybody(agency, caller):
    who, sees_draft = CALLERS[caller]
    public = {ProblemFactory(agency=agency, **traits).pk for traits in ({}, {"closed": True}, {"ended": True})}
    public.add(ProblemFactory(agency=agency, withdrawn=True).pk)
    draft = ProblemFactory(agency=agency, draft=True).pk

    seen = set(Problem.objects.visible_to(who(agency)).values_list("pk", flat=True))

    assert seen == (public | {draft} if sees_draft else public)


class TestStage:
    @pytest.mark.parametrize("trait", ["draft", "", "over", "closed", "ended", "withdrawn"])
    def test_model_and_queryset_agree(self, trait):
        problem = ProblemFactory(**{trait: True} if trait else {})
        now = timezone.now()

        assert Problem.objects.with_stage(now).get().stage == problem.stage_at(now)

    def test_it_closes_to_the_second(self):
        problem = ProblemFactory(posted_at=NOW - timedelta(days=9), closes_at=NOW)

        assert problem.stage_at(NOW - timedelta(seconds=1)) == State.PUBLISHED
        assert problem.stage_at(NOW) == State.CLOSED
        assert Problem.objects.open(NOW - timedelta(seconds=1)).exists()
        assert not Problem.objects.open(NOW).exists()
        assert Problem.objects.at_stage(State.CLOSED, NOW).get() == problem


class TestFinding:
    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("họp không giấy", True), ("HOP khong giay", True), ("giay hop", True), ("hop khong gi", True),
            ("cán bộ", True), ("to dan pho", True), ("ọp", False), ("họp trực tuyến", False), ("%", True), ("_", True),
            ("", True), ("hop " * 50, True),
        ],
    )  # fmt: skip
    def test_by_words_with_marks_or_without(self, typed, found):
        ProblemFactory(title="Họp (không giấy) ở xã")

        assert Problem.objects.matching(typed).exists() is found

    def test_by_number_and_agency(self):
        problem = ProblemFactory(agency=AgencyFactory(name="Ủy ban nhân dân xã Đồng Văn"))

        assert Problem.objects.matching(problem.number).get() == problem
        assert Problem.objects.matching("dong van").get() == problem

    def test_by_leaf_and_by_group_each_once(self):
        group = GroupFactory(key="work")
        one, two = LeafFactory(parent=group), LeafFactory(parent=group)
        problem = ProblemFactory(categories=[one, two])
        ProblemFactory()

        assert Problem.objects.in_category(one).get() == problem
        assert Problem.objects.in_category(group).get() == problem

    def test_orders(self):
        late = ProblemFactory(closes_at=timezone.now() + timedelta(days=60))
        soon = ProblemFactory(posted_at=timezone.now() - timedelta(days=5))

        over = ProblemFactory(over=True)
        withdrawn = ProblemFactory(withdrawn=True)
        now = timezone.now()

        assert list(Problem.objects.in_order(Sort.CLOSING, now)) == [soon, late, withdrawn, over]
        assert list(Problem.objects.in_order(Sort.NEWEST, now)) == [withdrawn, late, soon, over]

    def test_open_ones_are_counted_by_group_each_once(self):
        leaf, elsewhere = LeafFactory(), LeafFactory(parent=GroupFactory(key="work"))
        sibling = LeafFactory(parent=leaf.parent)
        for traits in ({}, {}, {"over": True}, {"ended": True}, {"draft": True}):
            ProblemFactory(categories=[leaf], **traits)
        ProblemFactory(categories=[leaf, sibling, elsewhere])

        assert Problem.objects.open_by_group(timezone.now()) == {leaf.parent_id: 3, elsewhere.parent_id: 1}


def test_the_office_of_a_day_is_the_one_named_last():
    old = ReceivingOfficeFactory(valid_from="2020-01-01", valid_to="2025-02-28")
    new = ReceivingOfficeFactory(valid_from="2025-03-01")

    assert ReceivingOffice.objects.on(datetime(2024, 1, 1, tzinfo=UTC).date()) == old
    assert ReceivingOffice.objects.on(datetime(2026, 1, 1, tzinfo=UTC).date()) == new
    assert ReceivingOffice.objects.on(datetime(2019, 1, 1, tzinfo=UTC).date()) is None
