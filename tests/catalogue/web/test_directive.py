"""The overview of the directive counts every product once a task, and draws what the table says."""

import re

import pytest

from catalogue.platforms.models import Category
from tests.support.factories import GroupFactory, LeafFactory, PlatformFactory, SchemeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tasks(catalogue):
    Category.objects.filter(key="health").update(scheme_item=2)
    work = GroupFactory(
        key="digital-work", label_vi="Môi trường làm việc số", label_en="Digital workplace", scheme_item=1
    )
    office = LeafFactory(key="online-office", label_vi="Văn phòng trực tuyến", parent=work)
    catalogue["hopviet"].also.add(office, Category.objects.get(key="telehealth"))
    LeafFactory(key="empty", label_vi="Nhóm con trống", parent=work)
    extension = SchemeFactory(key="extension", title="Mở rộng của danh mục")
    GroupFactory(key="tourism", label_vi="Du lịch số", label_en="Tourism", scheme=extension)
    return catalogue


def test_everyone_sees_the_tasks_in_order_with_their_numbers(visitor, tasks):
    answer = visitor.get("/chi-thi-16/")
    page = answer.content.decode()

    assert [
        (task["number"], task["coverage"].total, task["coverage"].public_record) for task in answer.context["tasks"]
    ] == [
        (1, 1, 1),
        (2, 5, 4),
    ]
    assert [group["label"] for group in answer.context["others"]] == ["Du lịch số"]
    assert [leaf["label"] for leaf in answer.context["empty"]] == ["Nhóm con trống"]
    for address in ("/nhom/digital-work/", "/nhom/online-office/", "/nhom/tourism/"):
        assert f'href="{address}"' in page


def test_the_picture_has_a_bar_for_each_task_and_shares_that_svg_understands(client, tasks):
    page = client.get("/chi-thi-16/").content.decode()
    picture = page[page.index('<svg class="coverage__picture"') : page.index("</svg>", page.index("coverage__picture"))]

    assert picture.count('class="bar__track"') == 2
    assert re.findall(r'coverage__part--public_record" x="([^"]+)" y="\d+" width="([^"]+)"', picture) == [
        ("0.00%", "20.00%"),
        ("0.00%", "80.00%"),
    ]
    assert "<table" in page


@pytest.mark.parametrize("rows", [20, 200])
def test_it_costs_the_same_however_many_products(client, django_assert_num_queries, tasks, rows):
    for _ in range(rows):
        PlatformFactory(category=tasks["khamxa"].category)

    with django_assert_num_queries(8):
        client.get("/chi-thi-16/")


def test_there_is_no_page_without_the_directive(client, db):
    assert client.get("/chi-thi-16/").status_code == 404


def test_there_is_an_english_page(client, tasks):
    page = client.get("/en/chi-thi-16/").content.decode()

    assert "The ten tasks of Directive 16" in page
    assert "Digital workplace" in page
