"""How vetting works and where the data comes from: the numbers are those of the database."""

import pytest

from catalogue.web.about import _compiled_on
from tests.support.factories import PlatformFactory

pytestmark = pytest.mark.django_db


def test_how_vetting_works_says_to_everyone_how_many_stand_where(visitor, catalogue):
    answer = visitor.get("/cach-tham-dinh/")

    assert [(level["assurance"]["level"], level["n"]) for level in answer.context["levels"]] == [
        ("listed", 1),
        ("public_record", 4),
        ("vetted", 0),
    ]
    assert "Đến nay chưa sản phẩm nào được thẩm định" in answer.content.decode()


def test_about_the_data_names_every_set_to_everyone(visitor, catalogue):
    answer = visitor.get("/du-lieu/")
    sets = {row["file"]: row for row in answer.context["sets"]}

    assert sets["platforms.yaml"]["n"] == 5
    assert sets["platforms.yaml"]["date"].isoformat() == "2026-11-22"
    assert answer.context["evidence"] == 4
    page = answer.content.decode()
    assert 'href="/api/v1/platforms?page_size=300"' in page
    assert "XQuAD-R" in page


def test_every_loaded_seed_file_is_named(client, db):
    from catalogue.seeding.load import LOADERS

    assert {row["file"] for row in client.get("/du-lieu/").context["sets"]} == set(LOADERS)


def test_cited_sites_are_counted_and_follow_a_change(client, catalogue):
    before = {row["host"]: row["n"] for row in client.get("/du-lieu/").context["hosts"]}
    assert before == {"example.gov.vn": 4}

    PlatformFactory(sources=[{"url": "https://www.saobac.example.vn/", "note": ""}, {"url": None, "note": "nghe nói"}])

    after = {row["host"]: row["n"] for row in client.get("/du-lieu/").context["hosts"]}
    assert after == {"example.gov.vn": 4, "saobac.example.vn": 1}


def test_a_file_without_a_day_has_none():
    assert _compiled_on("leaf_needs.yaml") is None
    assert _compiled_on("khong-co.yaml") is None


@pytest.mark.parametrize("rows", [20, 200])
def test_pages_cost_the_same_however_many_products(client, django_assert_num_queries, db, rows):
    for _ in range(rows):
        PlatformFactory()

    with django_assert_num_queries(5):  # one for products, four for what waits
        client.get("/cach-tham-dinh/")
    with django_assert_num_queries(20):
        client.get("/du-lieu/")
    with django_assert_num_queries(17):  # the sites are remembered until the catalogue changes
        client.get("/du-lieu/")


@pytest.mark.parametrize(("address", "words"), [("cach-tham-dinh", "What vetting is"), ("du-lieu", "Sites cited")])
def test_there_are_english_pages(client, db, address, words):
    assert words in client.get(f"/en/{address}/").content.decode()


@pytest.mark.parametrize("address", ["chi-thi-16", "cach-tham-dinh", "cach-xep-hang", "du-lieu"])
def test_every_page_leads_to_them(client, catalogue, address):
    assert f'href="/{address}/"' in client.get("/nen-tang/hopviet/").content.decode()
