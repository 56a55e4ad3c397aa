"""The list: facets whose counts agree with what one gets, and orders."""

import datetime

import pytest

from catalogue.platforms.browsing import FACETS, TEXT, Cards, Chosen, Shelf, Sort
from catalogue.platforms.models import Platform
from tests.support.factories import GroupFactory, LeafFactory, PlatformFactory, VendorFactory

pytestmark = pytest.mark.django_db


def chosen(text: str = "", sort: Sort | None = None, **values: str) -> Chosen:
    return Chosen(text, {facet: frozenset(value.split()) for facet, value in values.items()}, sort)


def order(choice: Chosen) -> list[int]:
    """Return what is found by reading only the facets that are asked for."""
    return Shelf(Platform.objects.all(), [facet for facet in FACETS if choice.of(facet)]).order(choice)


def slugs(choice: Chosen) -> list[str]:
    rows = Platform.objects.all()
    return [platform.slug for platform in Cards(rows, Shelf(rows).find(choice).pks)[0:50]]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, {"khamxa", "hoichan", "hopviet", "temviet", "hopcu"}),
        ({"category": "telehealth"}, {"khamxa", "hoichan"}),
        ({"category": "health"}, {"khamxa", "hoichan", "hopviet", "temviet", "hopcu"}),
        ({"category": "telehealth traceability"}, {"khamxa", "hoichan", "temviet"}),
        ({"category": "health telehealth"}, {"khamxa", "hoichan"}),
        ({"assurance": "public_record", "category": "telehealth"}, {"khamxa"}),
        ({"deployment": "saas on_premise"}, {"khamxa", "hopviet"}),
        ({"status": "discontinued", "deployment": "saas"}, set()),
        ({"text": "hop", "status": "active"}, {"hopviet"}),
    ],
)
def test_values_of_a_facet_widen_and_facets_narrow(catalogue, values, expected):
    assert set(slugs(chosen(**values))) == expected
    assert order(chosen(**values)) == Shelf(Platform.objects.all()).find(chosen(**values)).pks, (
        "with or without counting"
    )


@pytest.mark.parametrize(
    "start",
    [
        {},
        {"category": "telehealth"},
        {"assurance": "public_record"},
        {"status": "active", "deployment": "saas"},
        {"text": "hop"},
        {"text": "tu xa", "assurance": "listed"},
    ],
)
def test_each_count_is_what_one_gets_by_choosing_the_value_alone_in_its_facet(catalogue, start):
    shelf = Shelf(Platform.objects.all())
    choice = chosen(**start)
    counts = shelf.find(choice).counts

    for facet in FACETS:
        for value, n in counts[facet].items():
            alone = Chosen(choice.text, {**choice.values, facet: frozenset([value])})
            assert len(shelf.find(alone).pks) == n, (facet, value)


def test_the_way_out_of_an_empty_list_is_counted(catalogue):
    found = Shelf(Platform.objects.all()).find(chosen("hop", category="telehealth", status="active"))

    assert found.pks == []
    assert found.without == {TEXT: 2, "category": 1}


def test_a_product_stands_in_its_further_categories_too(db):
    other = LeafFactory(key="payment", parent=GroupFactory(key="payments", label_vi="Thanh toán"))
    platform = PlatformFactory(slug="both")
    platform.also.add(other)

    assert slugs(chosen(category="payment")) == ["both"]
    assert slugs(chosen(category="payments")) == ["both"]


def test_orders(db):
    PlatformFactory(slug="d", name="Đo đạc")
    PlatformFactory(slug="a", name="ánh sáng")
    for slug, day in (("old", 1), ("new", 20)):
        Platform.objects.filter(pk=PlatformFactory(slug=slug, name="Yên").pk).update(
            assurance="public_record", assured_on=datetime.date(2026, 11, day)
        )

    assert slugs(chosen(sort=Sort.NAME)) == ["a", "d", "old", "new"]
    assert slugs(chosen()) == slugs(chosen(sort=Sort.CONFIRMED)) == ["new", "old", "a", "d"]
    assert slugs(chosen(sort=Sort.RELEVANCE)) == slugs(chosen()), "nothing is relevant to no words"
    assert slugs(chosen("yên", sort=Sort.NAME)) == ["old", "new"]


def test_values_that_do_not_exist_are_told_apart(catalogue):
    kept, unknown = Shelf(Platform.objects.all()).known(
        chosen(category="telehealth nowhere", status="perfect", province="99")
    )

    assert kept.of("category") == {"telehealth"}
    assert not kept.of("status")
    assert unknown == ["nowhere", "99", "perfect"]


def test_a_vendor_without_a_province_is_in_no_province(db):
    PlatformFactory(vendor=VendorFactory(province=None))

    assert not Shelf(Platform.objects.all()).find(chosen()).counts["province"]


@pytest.mark.parametrize("rows", [1, 20])
def test_the_shelf_costs_three_queries_however_long(django_assert_num_queries, rows):
    for platform in [PlatformFactory() for _ in range(rows)]:
        platform.also.add(PlatformFactory().category)

    with django_assert_num_queries(3):
        Shelf(Platform.objects.all()).find(chosen())
