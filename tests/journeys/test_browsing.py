"""The catalogue is looked through in a real browser: as one types, by keyboard, and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.journeys.looks import violations
from tests.support.factories import PlatformFactory, small_catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


@pytest.fixture(autouse=True)
def ready():
    small_catalogue()
    for _ in range(25):
        PlatformFactory()


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", ["/nen-tang/", "/en/nen-tang/?q=zzz&category=telehealth", "/nen-tang/?q=hop&vendor=x"])
def test_the_list_is_accessible_and_fits(visit, width, scheme, path):
    visitor = visit(width=width, scheme=scheme, path=path)

    assert violations(visitor.page) == []
    assert fits(visitor.page)
    assert visitor.trouble == []


def test_results_come_as_one_types_and_ticks_and_the_address_says_it(visit):
    visitor = visit(path="/nen-tang/")
    page = visitor.page

    page.get_by_role("searchbox").press_sequentially("hop")
    expect(page.locator("#so-ket-qua")).to_have_text("2 nền tảng")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("checkbox", name="Có bằng chứng công khai").focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(page.url.split("/nen-tang/")[0] + "/nen-tang/?q=hop&assurance=public_record")
    expect(page.get_by_role("checkbox", name="Có bằng chứng công khai")).to_be_focused()
    page.get_by_label("Xếp theo").select_option("name")
    expect(page.locator(".hit-compact__name").first).to_have_text("Họp Cũ")
    assert violations(page) == []

    page.get_by_role("link", name="HọpViệt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("HọpViệt")
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("hop")
    expect(page.locator("#so-ket-qua")).to_have_text("2 nền tảng")
    assert visitor.trouble == []


def test_on_a_phone_the_filters_stay_open_while_one_ticks(visit):
    page = visit(width=360, path="/nen-tang/").page

    expect(page.get_by_role("checkbox", name="Y tế số")).to_be_hidden()
    page.get_by_text("Bộ lọc", exact=True).click()
    page.get_by_role("checkbox", name="Y tế số").check()
    page.get_by_role("checkbox", name="Y tế từ xa").check()

    expect(page.locator("#so-ket-qua")).to_have_text("2 nền tảng")
    expect(page.get_by_role("checkbox", name="Y tế từ xa")).to_be_visible()
    assert violations(page) == []


def test_without_scripts_the_same_addresses_give_the_same(visit):
    visitor = visit(scripts=False, path="/nen-tang/")
    page = visitor.page

    page.get_by_role("searchbox").fill("hop")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.locator("#so-ket-qua")).to_have_text("2 nền tảng")
    page.get_by_role("checkbox", name="Có bằng chứng công khai").check()
    page.get_by_role("button", name="Áp dụng bộ lọc").click()
    expect(page.locator("#so-ket-qua")).to_have_text("2 nền tảng")
    page.get_by_role("link", name="Bỏ Từ tìm: hop").click()
    expect(page.locator("#so-ket-qua")).to_have_text("4 nền tảng")
    page.goto(visitor.home + "/nen-tang/?trang=2")
    expect(page.locator(".hit-compact")).to_have_count(10)
    assert visitor.trouble == []


def test_a_product_is_kept_from_the_list_without_leaving_it(visit):
    visitor = visit(path="/nen-tang/?q=hop+viet")
    page = visitor.page
    expect(page.locator("#so-ket-qua")).to_have_text("1 nền tảng")
    page.evaluate("window.same = true")

    page.get_by_role("button", name="Lưu vào danh sách HọpViệt").press("Enter")
    expect(page.get_by_role("button", name="Bỏ lưu HọpViệt")).to_be_focused()
    expect(page.locator("#so-da-luu")).to_have_text("1")
    expect(page.locator("#bao-luu")).to_have_text("Đã lưu HọpViệt.")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Lưu vào danh sách HọpViệt")).to_be_focused()
    expect(page.locator("#so-da-luu")).to_have_text("")

    assert page.evaluate("window.same"), "the page was not loaded anew"
    assert visitor.trouble == []


def test_without_scripts_keeping_leads_back_to_the_same_list(visit):
    visitor = visit(scripts=False, path="/nen-tang/?q=hop+viet")
    page = visitor.page

    page.get_by_role("button", name="Lưu vào danh sách HọpViệt").click()

    expect(page).to_have_url(visitor.home + "/nen-tang/?q=hop+viet#luu-hopviet")
    expect(page.locator("#so-da-luu")).to_have_text("1")
    expect(page.locator("#so-ket-qua")).to_have_text("1 nền tảng")
