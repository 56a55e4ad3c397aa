"""An officer states a problem and reads the answer, in a real browser."""

import pytest
from playwright.sync_api import expect

from recommender import store
from tests.journeys.looks import faults
from tests.support.factories import small_catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
STATEMENT = "Phường cần họp trực tuyến, họp không giấy và biểu quyết điện tử, kinh phí dưới 100 triệu đồng"


@pytest.fixture(autouse=True)
def ready(answering):
    small_catalogue()
    store.fill_vectors()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_main_job_from_question_to_product(visit, width, scheme):
    visitor = visit(width=width, scheme=scheme)
    page = visitor.page
    assert faults(page) == []

    page.get_by_role("textbox").fill(STATEMENT)
    page.get_by_role("button", name="Tìm nền tảng phù hợp").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Kết quả cho bài toán này")
    expect(page.locator(".hit__name").first).to_have_text("HọpViệt")
    page.get_by_text("Vì sao?").first.click()
    expect(page.get_by_role("table").first).to_be_visible()
    assert faults(page) == []

    page.get_by_role("link", name="HọpViệt", exact=True).first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("HọpViệt")
    assert faults(page) == []
    assert visitor.trouble == []


REQUIRING = "Phường cần họp trực tuyến, họp không giấy, kết nối LGSP, 30 điểm cầu, kinh phí dưới 10 triệu đồng"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_requirements_are_confirmed_changed_taken_off_and_explained(visit, width, scheme):
    visitor = visit(width=width, scheme=scheme)
    page = visitor.page
    page.get_by_role("textbox").fill(REQUIRING)
    page.get_by_role("button", name="Tìm nền tảng phù hợp").click()

    page.get_by_label("Kinh phí tối đa: 10.000.000 đ").check()
    page.get_by_label("Số điểm triển khai: 30").check()
    page.get_by_role("button", name="Tìm lại với các yêu cầu này").click()
    expect(page.get_by_role("heading", name="Thay đổi so với kết quả trước")).to_be_visible()
    expect(page.locator(".hit__name").filter(has_text="HọpViệt")).to_have_count(0)
    assert faults(page) == []

    page.get_by_label("Tên sản phẩm").fill("họpviệt")
    page.get_by_role("button", name="Xem vì sao").click()
    expect(page.get_by_text("Nâng kinh phí tối đa lên 50.000.000 đ")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Tìm lại như vậy").click()
    expect(page.locator(".hit__name").first).to_have_text("HọpViệt")

    page.get_by_label("Kinh phí tối đa", exact=True).fill("nhiều")
    page.get_by_role("button", name="Tìm lại với các yêu cầu này").click()
    assert faults(page) == []
    page.get_by_role("link", name="Hãy ghi số tiền kèm đơn vị").click()
    expect(page.get_by_label("Kinh phí tối đa", exact=True)).to_be_focused()
    page.get_by_label("Kinh phí tối đa", exact=True).fill("1,5 tỷ")
    page.get_by_role("button", name="Tìm lại với các yêu cầu này").click()

    page.get_by_role("button", name="Bỏ Kinh phí tối đa: 1.500.000.000 đ").click()
    expect(page.get_by_text("Kinh phí tối đa: 1.500.000.000 đ")).to_have_count(0)
    expect(page.get_by_role("button", name="Bỏ Số điểm triển khai: 30")).to_be_visible()
    assert [message for message in visitor.trouble if "400 (Bad Request)" not in message] == []


def test_a_what_if_works_without_javascript(visit):
    page = visit(scripts=False).page
    page.get_by_role("textbox").fill(REQUIRING)
    page.get_by_role("button", name="Tìm nền tảng phù hợp").click()

    page.get_by_text("Thử yêu cầu khác").click()
    page.get_by_label("Cài tại cơ quan").check()
    page.get_by_role("button", name="Tìm lại với các yêu cầu này").click()

    expect(page.get_by_role("button", name="Bỏ Cách triển khai: Cài tại cơ quan")).to_be_visible()


def test_the_keyboard_alone_does_it(visit):
    visitor = visit()
    page = visitor.page

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
    page.keyboard.type("hop truc tuyen, bieu quyet dien tu")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "submit":
            break
    page.keyboard.press("Enter")

    expect(page.locator(".hit__name").first).to_have_text("HọpViệt")


def test_it_works_without_javascript(visit):
    visitor = visit(scripts=False)
    page = visitor.page

    page.get_by_role("link", name="Dùng ví dụ này").first.click()
    page.get_by_role("button", name="Tìm nền tảng phù hợp").click()

    expect(page.locator(".hit__name").first).to_have_text("KhámXa")


def test_a_mistake_leads_back_to_the_field(visit):
    visitor = visit()
    page = visitor.page

    page.get_by_role("button", name="Tìm nền tảng phù hợp").click()
    assert faults(page) == []
    page.get_by_role("link", name="Hãy viết bài toán của cơ quan bạn vào ô này.").click()

    expect(page.get_by_role("textbox")).to_be_focused()


def test_the_language_switch_keeps_the_page(visit):
    visitor = visit(path="/nen-tang/hopviet/")
    page = visitor.page

    page.get_by_role("link", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("HọpViệt")
    assert faults(page) == []


def test_the_api_documentation_opens_without_leaving_the_site(visit):
    visitor = visit(path="/api/docs/")

    # It draws what is in view; the rest as one scrolls.
    expect(visitor.page.get_by_text("/api/v1/categories").first).to_be_visible(timeout=30_000)
    assert visitor.trouble == []
