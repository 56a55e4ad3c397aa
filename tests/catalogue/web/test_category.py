"""A category says what it is, what is asked of it, what there is and what is missing."""

import pytest

from catalogue.platforms.models import Category, CategoryPhrase, CategoryRelation
from tests.support.factories import LeafFactory, PlatformFactory, ProblemFactory, evidenced

pytestmark = pytest.mark.django_db


def test_a_leaf_shows_everyone_its_needs_products_and_neighbours(visitor, catalogue):
    leaf, other = Category.objects.get(key="telehealth"), Category.objects.get(key="online-meetings")
    CategoryPhrase.objects.create(category=leaf, kind="confusion", text="Họp giao ban của ngành y tế", instead=other)
    CategoryPhrase.objects.create(category=leaf, kind="term", text="hội chẩn")
    CategoryRelation.objects.create(category=leaf, related=other, weight=0.3, reason="phòng họp là giải pháp tạm")

    page = visitor.get("/nhom/telehealth/").content.decode()

    assert "<h1>Y tế từ xa</h1>" in page
    assert "Chỉ thị 16/CT-BTTTT" in page
    for text in (
        "Người bệnh vùng sâu khó đi khám.", "KhámXa", "Hội Chẩn Việt", "Họp giao ban của ngành y tế", "hội chẩn",
        "phòng họp là giải pháp tạm", 'href="/nhom/online-meetings/"', 'href="/chi-thi-16/"', 'href="/nhom/health/"',
    ):  # fmt: skip
        assert text in page, text
    assert "TemViệt" not in page


def test_the_gap_is_counted_and_said(client, catalogue):
    answer = client.get("/nhom/telehealth/")

    assert (answer.context["coverage"].total, answer.context["coverage"].public_record) == (2, 1)
    assert "Chưa sản phẩm nào của nhóm được thẩm định; một số có trang công khai" in answer.content.decode()


def test_a_product_of_several_categories_stands_in_each_and_counts_once_in_the_group(client, catalogue):
    catalogue["khamxa"].also.add(Category.objects.get(key="online-meetings"))

    leaf, group = client.get("/nhom/online-meetings/"), client.get("/nhom/health/")

    assert "KhámXa" in leaf.content.decode()
    assert leaf.context["coverage"].total == 3
    assert group.context["coverage"].total == 5
    assert {row["label"]: row["coverage"].total for row in group.context["leaves"]} == {
        "Y tế từ xa": 2,
        "Họp trực tuyến": 3,
        "Truy xuất nguồn gốc": 1,
    }


def test_an_empty_category_says_so_and_leads_on(client, db):
    LeafFactory(key="trong", label_vi="Nhóm trống")

    page = client.get("/nhom/trong/").content.decode()

    assert "Danh mục chưa có sản phẩm nào cho nhóm này" in page
    assert 'href="/"' in page


def test_the_best_assured_stand_first(client, db):
    leaf = LeafFactory(key="nhom")
    PlatformFactory(name="An", category=leaf)
    evidenced(name="Bình", category=leaf)

    assert [card["name"] for card in client.get("/nhom/nhom/").context["cards"]] == ["Bình", "An"]


def test_products_come_in_pages(client, db):
    leaf = LeafFactory(key="nhom")
    for at in range(21):
        PlatformFactory(name=f"Sản phẩm {at:02}", category=leaf)

    first, second = client.get("/nhom/nhom/"), client.get("/nhom/nhom/?trang=2")

    assert len(first.context["cards"]) == 20
    assert 'href="/nhom/nhom/?trang=2#san-pham"' in first.content.decode()
    assert [card["name"] for card in second.context["cards"]] == ["Sản phẩm 20"]
    assert client.get("/nhom/nhom/?trang=khong").status_code == 200


@pytest.mark.parametrize("rows", [20, 200])
@pytest.mark.parametrize(("address", "queries"), [("/nhom/nhom/", 9), ("/nhom/health/", 10)])
def test_it_costs_the_same_however_many_products(client, django_assert_num_queries, db, rows, address, queries):
    leaf = LeafFactory(key="nhom")
    for _ in range(rows):
        PlatformFactory(category=leaf)
        ProblemFactory(categories=[leaf])

    with django_assert_num_queries(queries):
        client.get(address)


def test_an_unknown_category_is_not_found(client, db):
    assert client.get("/nhom/khong-co/").status_code == 404


def test_there_is_an_english_page(client, catalogue):
    page = client.get("/en/nhom/telehealth/").content.decode()

    assert "<h1>Telehealth</h1>" in page
    assert "Typical needs" in page
