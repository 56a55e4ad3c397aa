"""A vendor's products by state, and what needs doing about them, most urgent first."""

import datetime

import pytest

from catalogue.platforms import editing
from catalogue.platforms.desk import WARNING, State, TaskKind, desk
from catalogue.platforms.models import Platform
from tests.catalogue.platforms.test_editing import LATER, NOW, write
from tests.support.factories import EvidenceFactory, LeafFactory, PlatformFactory, UserFactory, VendorFactory

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 26)


@pytest.fixture
def by():
    return UserFactory()


@pytest.fixture
def vendor():
    return VendorFactory(key="hop-viet")


@pytest.fixture
def leaf():
    return LeafFactory(key="online-meetings")


def begun(vendor, by, name="Họp Giấy"):
    return editing.start(vendor, name=name, category="online-meetings", by=by, now=NOW)


def states(vendor):
    return {product.platform.name: product.state for product in desk(vendor, today=TODAY).products}


def kinds(vendor):
    return [task.kind for task in desk(vendor, today=TODAY).tasks]


def test_every_state_is_told_from_the_revisions(vendor, leaf, by):
    begun(vendor, by, "Nháp")
    editing.submit(write(begun(vendor, by, "Chờ"), by), by=by, now=NOW)
    back = editing.submit(write(begun(vendor, by, "Trả"), by), by=by, now=NOW)
    editing.return_(back, reason="Thiếu giá.", by=by, now=LATER)
    PlatformFactory(vendor=vendor, name="Đăng")
    PlatformFactory(vendor=vendor, name="Rút", retired_at=LATER)

    found = desk(vendor, today=TODAY)

    assert states(vendor) == {
        "Nháp": State.DRAFT,
        "Chờ": State.WAITING,
        "Trả": State.RETURNED,
        "Đăng": State.PUBLISHED,
        "Rút": State.RETIRED,
    }
    assert found.counts() == [(state, 1) for state in State]
    assert [product.reason for product in found.products if product.reason] == ["Thiếu giá."]


def test_a_public_product_that_is_being_edited_is_both(vendor, leaf, by):
    platform = PlatformFactory(vendor=vendor, category=leaf)
    editing.revise(platform, by=by, now=NOW)

    (product,) = desk(vendor, today=TODAY).products

    assert (product.state, product.public) == (State.DRAFT, True)


def test_another_vendors_products_are_not_there(vendor, leaf, by):
    PlatformFactory()
    begun(VendorFactory(), by)

    found = desk(vendor, today=TODAY)

    assert (found.products, found.tasks) == ((), ())


class TestTasks:
    def test_a_draft_says_how_many_places_are_open_and_where_the_first_is(self, vendor, leaf, by):
        begun(vendor, by)

        (task,) = desk(vendor, today=TODAY).tasks

        assert (task.kind, task.step, task.n) == (TaskKind.COMPLETE, "summary", 7)

    def test_a_whole_draft_is_to_be_handed_in(self, vendor, leaf, by):
        write(begun(vendor, by), by)

        assert kinds(vendor) == [TaskKind.HAND_IN]

    def test_what_waits_asks_for_nothing(self, vendor, leaf, by):
        editing.submit(write(begun(vendor, by), by), by=by, now=NOW)

        assert kinds(vendor) == []

    @pytest.mark.parametrize(
        ("priced", "expected"),
        [({}, [TaskKind.PRICE]), ({"price_min": 5}, []), ({"pricing_model": "free"}, [])],
    )
    def test_a_public_product_should_have_a_price(self, vendor, priced, expected):
        PlatformFactory(vendor=vendor, **priced)

        assert kinds(vendor) == expected

    @pytest.mark.parametrize(
        ("days", "expected"),
        [(-1, [TaskKind.EXPIRED]), (0, [TaskKind.EXPIRING]), (28, [TaskKind.EXPIRING]), (29, [])],
    )
    def test_evidence_is_warned_of_28_days_before(self, vendor, days, expected):
        platform = PlatformFactory(vendor=vendor, price_min=5)
        EvidenceFactory(platform=platform, expires_on=TODAY + datetime.timedelta(days=days))

        assert WARNING.days == 28
        assert kinds(vendor) == expected

    def test_evidence_of_what_nobody_sees_is_no_matter(self, vendor):
        platform = PlatformFactory(vendor=vendor, retired_at=LATER)
        EvidenceFactory(platform=platform, expires_on=TODAY)

        assert kinds(vendor) == []

    def test_the_most_urgent_stand_first_and_earlier_days_before_later(self, vendor, leaf, by):
        begun(vendor, by, "Nháp")
        back = editing.submit(write(begun(vendor, by, "Trả"), by), by=by, now=NOW)
        editing.return_(back, reason="Thiếu giá.", by=by, now=LATER)
        platform = PlatformFactory(vendor=vendor)
        for days in (20, -3, 5):
            EvidenceFactory(platform=platform, expires_on=TODAY + datetime.timedelta(days=days))

        found = desk(vendor, today=TODAY).tasks

        assert [task.kind for task in found] == [
            TaskKind.EXPIRED, TaskKind.RETURNED, TaskKind.EXPIRING, TaskKind.EXPIRING, TaskKind.COMPLETE, TaskKind.PRICE,
        ]  # fmt: skip
        assert [task.due for task in found if task.kind == TaskKind.EXPIRING] == [
            TODAY + datetime.timedelta(days=5),
            TODAY + datetime.timedelta(days=20),
        ]


@pytest.mark.parametrize("n", [1, 6])
def test_the_desk_costs_three_queries_however_many_products(vendor, leaf, by, n, django_assert_num_queries):
    for at in range(n):
        begun(vendor, by, f"Họp {at}")
        EvidenceFactory(platform=PlatformFactory(vendor=vendor), expires_on=TODAY)
    assert Platform.objects.filter(vendor=vendor).count() == 2 * n

    with django_assert_num_queries(3):
        desk(vendor, today=TODAY)
