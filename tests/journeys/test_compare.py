"""Products are kept, compared, saved as a file and let go of, in a real browser."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.looks import violations
from tests.support.factories import small_catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


@pytest.fixture(autouse=True)
def products(db):
    small_catalogue()


def looks_right(visitor, *, axe: bool = True) -> None:
    assert not axe or violations(visitor.page) == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing sticks out"


@pytest.mark.parametrize(
    ("width", "scheme", "scripts"),
    [(1280, "light", True), (320, "dark", True), (320, "light", True), (1280, "dark", False)],
)
def test_from_two_products_kept_to_a_table_saved(visit, width, scheme, scripts):
    visitor = visit(width=width, scheme=scheme, scripts=scripts, path="/nen-tang/khamxa/")
    page = visitor.page
    page.get_by_role("button", name="Lưu vào danh sách").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lưu KhámXa.")
    page.goto(f"{visitor.home}/nen-tang/hopviet/")
    page.get_by_role("button", name="Lưu vào danh sách").click()
    if width == 320:
        page.get_by_text("Trình đơn").click()
    page.get_by_role("link", name="Danh sách lưu 2").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Danh sách lưu")
    looks_right(visitor, axe=scripts)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="So sánh các sản phẩm đã chọn").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("So sánh sản phẩm")
    expect(page.locator(".comparison__different")).to_be_visible()
    looks_right(visitor, axe=scripts)
    page.emulate_media(media="print", color_scheme=scheme)
    for action in page.locator(".no-print").all():
        expect(action).to_be_hidden()
    page.emulate_media(media="screen", color_scheme=scheme)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "so-sanh_hopviet_khamxa.csv"
    saved = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert next(csv.reader(io.StringIO(saved)))[2:] == ["HọpViệt", "KhámXa"]

    page.get_by_role("searchbox").fill("tem")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Thêm TemViệt").click()
    expect(page.locator(".comparison thead a.comparison__name")).to_have_text(["HọpViệt", "KhámXa", "TemViệt"])
    page.get_by_role("link", name="Bỏ khỏi bảng KhámXa").click()
    expect(page.locator(".comparison thead a.comparison__name")).to_have_text(["HọpViệt", "TemViệt"])
    assert visitor.trouble == []


def test_a_product_is_let_go_of_and_put_back_by_keyboard(visit):
    visitor = visit(path="/nen-tang/khamxa/")
    page = visitor.page
    page.get_by_role("button", name="Lưu vào danh sách").press("Enter")
    page.get_by_role("link", name="Xem danh sách lưu").press("Enter")
    page.get_by_role("button", name="Bỏ lưu KhámXa").press("Enter")
    expect(page.get_by_role("heading", name="Chưa lưu sản phẩm nào")).to_be_visible()
    looks_right(visitor)
    page.get_by_role("button", name="Hoàn tác").press("Enter")
    expect(page.get_by_role("heading", name="KhámXa")).to_be_visible()
    page.get_by_role("link", name="Bỏ tất cả").press("Enter")
    looks_right(visitor)
    page.get_by_role("button", name="Bỏ tất cả").press("Enter")
    expect(page.get_by_role("heading", name="Chưa lưu sản phẩm nào")).to_be_visible()
    assert visitor.trouble == []


@pytest.mark.parametrize("path", ["/en/so-sanh/", "/en/so-sanh/?p=khamxa", "/en/so-sanh/?p=khamxa&p=hopcu&p=hopviet&p=temviet",
                                  "/en/so-sanh/?p=khamxa&p=hopcu&p=hopviet&p=temviet&p=hoichan&tim=x", "/en/danh-sach-luu/"])  # fmt: skip
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_reads_well(visit, path, scheme):
    visitor = visit(width=320, scheme=scheme, path=path)

    looks_right(visitor)
    assert [line for line in visitor.trouble if "status of 400" not in line] == []
