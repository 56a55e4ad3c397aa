"""Somebody without an account becomes a vendor with a product handed in; and what else its editors do with the text."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from catalogue.platforms import editing
from catalogue.platforms.models import CategoryPhrase
from catalogue.platforms.revisions import Revision
from tests.catalogue.documents.files import PDF
from tests.catalogue.platforms.test_editing import NOW, SOLVES, write
from tests.journeys.looks import faults
from tests.support.factories import LeafFactory, UserFactory, VendorFactory
from tests.support.vetting import rules

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
PRODUCTS = "/to-chuc/hop-viet/san-pham/"
NAME = "Công ty Cổ phần Mẫu"


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "private"


@pytest.fixture
def leaf():
    rules()
    leaf = LeafFactory(key="online-meetings", label_vi="Họp trực tuyến")
    CategoryPhrase.objects.create(category=leaf, kind="need", text="Cán bộ xã đi cả ngày đường để dự họp.", position=0)
    return leaf


@pytest.fixture
def vendor(leaf):
    return VendorFactory(key="hop-viet", short_name="Họp Việt")


@pytest.fixture
def editor(vendor):
    user = UserFactory(full_name="Nguyễn An")
    user.memberships.create(organisation=vendor, role="editor")
    return user


def fits(page, heading: str = "") -> None:
    """The page, known by its heading where a click has just led to it, can be used by everybody."""
    if heading:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert faults(page) == [], page.url


# Light and dark are the same colours at every width, so each is looked at once.
@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (320, "light")])
def test_from_no_account_to_a_product_handed_in(visit, leaf, fresh_cache, width, scheme, tmp_path):
    visitor = visit(width=width, scheme=scheme)
    page = visitor.page

    comes_in(page)
    founds_an_organisation(page)
    page.get_by_role("link", name="Bàn làm việc").click()
    fits(page, f"Bàn làm việc của {NAME}")
    page.get_by_role("link", name="Danh sách sản phẩm").click()
    fits(page, f"Sản phẩm của {NAME}")
    page.get_by_role("link", name="Thêm sản phẩm").click()
    begins(page)
    describes(page)
    leaves_a_package_half_written(page)
    prices(page)
    says_where_it_runs(page)
    proves(page, tmp_path / "Nghiệm thu.pdf")
    hands_in(page)

    revision = Revision.objects.get()
    assert (revision.state, revision.author.email) == ("submitted", "lan@example.vn")
    assert revision.platform.vendor.tax_code == "0101243150"
    assert [one for one in visitor.trouble if "400" not in one] == []


def comes_in(page) -> None:
    """From the home page: an account, and its address confirmed by the link of the mail."""
    if (menu := page.get_by_text("Trình đơn", exact=True)).is_visible():  # folded away where it is narrow
        menu.click()
    page.get_by_role("link", name="Đăng nhập").click()
    page.get_by_role("main").get_by_role("link", name="Đăng ký").click()
    fits(page, "Đăng ký tài khoản")
    page.locator("[name=full_name]").fill("Trần Thị Lan")
    page.locator("[name=email]").fill("lan@example.vn")
    for again in ("password1", "password2"):
        page.locator(f"[name={again}]").fill("cau-thang-mau-xanh")
    page.get_by_role("main").get_by_role("button", name="Đăng ký").click()
    fits(page, "Hãy mở thư để xác nhận")
    page.goto(re.search(r"http://\S+", mail.outbox[0].body)[0])
    fits(page, "Xác nhận thư điện tử")
    page.get_by_role("button", name="Xác nhận").click()
    fits(page, "Tài khoản của tôi")


def founds_an_organisation(page) -> None:
    page.get_by_role("link", name="Tổ chức của bạn").click()
    fits(page, "Tổ chức của bạn")
    page.get_by_role("link", name="Tìm hoặc đăng ký tổ chức").click()
    page.get_by_label("Tên hoặc mã số thuế").fill(NAME)
    page.get_by_role("button", name="Tìm").click()
    expect(page.get_by_role("heading", name="Kết quả")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="Đăng ký doanh nghiệp cung cấp").click()
    fits(page, "Đăng ký doanh nghiệp cung cấp")
    page.get_by_label("Hình thức pháp lý").select_option("company")
    page.get_by_label("Mã số thuế").fill("0101243150")
    page.get_by_role("button", name="Đăng ký").click()
    fits(page, NAME)


def begins(page) -> None:
    """The name and the category; left empty first."""
    fits(page, "Thêm sản phẩm")
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.get_by_role("alert")).to_contain_text("Hãy điền nội dung này.")
    fits(page)
    page.get_by_label("Tên sản phẩm").fill("Họp Giấy")
    page.get_by_label("Nhóm chính").select_option("online-meetings")
    page.get_by_role("button", name="Bắt đầu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Họp Giấy")
    expect(page.get_by_text("Chưa làm").first).to_be_visible()
    fits(page)


def describes(page) -> None:
    """What the product does and what it solves; it is saved while one types."""
    page.get_by_role("link", name="Làm tiếp: Tóm tắt").click()
    page.get_by_label("Tóm tắt").fill("từ " * 51)
    expect(page.get_by_text("Dư 1 từ")).to_be_visible()
    fits(page)
    page.get_by_label("Tóm tắt").fill("Họp không giấy cho hội đồng nhân dân.")
    expect(page.get_by_text("Đã tự lưu lúc")).to_be_visible()
    assert Revision.objects.get().content["summary"] == "Họp không giấy cho hội đồng nhân dân."
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Mô tả")
    page.get_by_label("Mô tả").fill("Gửi tài liệu trước, điểm danh, biểu quyết tại chỗ.")
    go_on(page)
    expect(page.get_by_text("Cán bộ xã đi cả ngày đường để dự họp.")).to_be_visible()
    fits(page)
    for n, text in enumerate(SOLVES, start=1):
        page.get_by_label(f"Bài toán {n}", exact=True).fill(text)
    go_on(page)
    page.get_by_label("Chức năng khác").fill("Biểu quyết điện tử\nGửi tài liệu họp")
    go_on(page)
    page.get_by_label("Đang cung cấp").check()
    fits(page)
    go_on(page)
    page.get_by_label("Thuê bao theo kỳ").check()
    go_on(page)


def leaves_a_package_half_written(page) -> None:
    page.get_by_role("link", name="Thêm gói giá").click()
    page.get_by_label("Tên gói").fill("Gói huyện")
    expect(page.get_by_text("Đã giữ phần viết dở")).to_be_visible()
    page.get_by_role("link", name="Quay lại, không lưu").click()
    fits(page, "Gói giá")
    page.get_by_role("link", name="Gói huyện").click()
    expect(page.get_by_label("Tên gói")).to_have_value("Gói huyện")
    fits(page, "Thêm gói giá")
    page.get_by_role("button", name="Bỏ phần viết dở").click()
    expect(page.get_by_label("Tên gói")).to_have_value("")
    page.get_by_role("link", name="Quay lại, không lưu").click()


def prices(page) -> None:
    """Two packages."""
    for name, price in (("Gói xã", "12.000.000"), ("Gói tỉnh", "90.000.000")):
        page.get_by_role("link", name="Thêm gói giá").click()
        fits(page)
        page.get_by_label("Tên gói").fill(name)
        page.get_by_label("Tính theo").select_option("agency")
        page.get_by_label("Mỗi", exact=True).select_option("year")
        page.get_by_label("Đơn giá từ (đồng)").fill(price)
        page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("12.000.000 đồng / cơ quan / năm")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Tiếp tục").click()


def says_where_it_runs(page) -> None:
    page.get_by_label("Dịch vụ phần mềm qua mạng (SaaS)").check()
    fits(page)
    for _step in ("deployment", "connections", "exit"):
        go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Nguồn gốc Việt Nam")
    fits(page)
    go_on(page)


def proves(page, file) -> None:
    """A piece of evidence with a document; first with one that is none."""
    page.get_by_role("link", name="Thêm bằng chứng").click()
    fits(page)
    file.write_bytes(b"not a PDF at all")
    page.get_by_label("Loại").select_option("acceptance")
    page.get_by_label("Nội dung").fill("Nghiệm thu tại tỉnh A")
    page.get_by_label("Tệp").set_input_files(file)
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("alert")).to_contain_text("không phải một trong bốn loại")
    expect(page.get_by_label("Nội dung")).to_have_value("Nghiệm thu tại tỉnh A")
    fits(page)
    file.write_bytes(PDF)
    page.get_by_label("Tệp").set_input_files(file)
    page.get_by_role("button", name="Lưu").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp").click()
    assert download.value.suggested_filename == "Nghiệm thu.pdf"
    page.get_by_role("button", name="Tiếp tục").click()
    go_on(page)


def hands_in(page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem lại và nộp")
    fits(page)
    page.get_by_role("button", name="Nộp hồ sơ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nộp hồ sơ")
    expect(page.get_by_role("heading", name="Việc tiếp theo")).to_be_visible()
    fits(page)


def go_on(page) -> None:
    page.get_by_role("button", name="Lưu và tiếp tục").click()


def test_two_at_once_the_second_is_told_while_typing_and_sees_both_texts(visit, editor, vendor):
    other = UserFactory(full_name="Trần Bình")
    draft = editing.start(vendor, name="Họp Giấy", category="online-meetings", by=other, now=NOW)
    visitor = visit(width=320)
    page = visitor.sign_in(editor)
    page.goto(f"{visitor.home}{PRODUCTS}hop-giay/tom-tat/")
    write(draft, other, {"summary": {"summary": "Câu của Bình cho hội đồng."}})

    page.get_by_label("Tóm tắt").fill("Câu của An cho hội đồng.")
    expect(page.get_by_text("Chưa tự lưu: người khác vừa lưu phần này.")).to_be_visible()
    page.get_by_role("button", name="Lưu và tiếp tục").click()

    expect(page.get_by_role("alert")).to_contain_text("Hai người cùng sửa phần này")
    expect(page.locator("del")).to_contain_text("Bình")
    expect(page.locator("ins")).to_contain_text("An")
    expect(page.get_by_label("Tóm tắt", exact=True)).to_have_value("Câu của An cho hội đồng.")
    fits(page)
    assert Revision.objects.get().content["summary"] == "Câu của Bình cho hội đồng."
    page.get_by_label("Tóm tắt", exact=True).fill("Câu của An và Bình cho hội đồng.")
    page.get_by_role("button", name="Lưu và tiếp tục").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mô tả")
    assert Revision.objects.get().content["summary"] == "Câu của An và Bình cho hội đồng."


def test_without_scripts_the_buttons_save(visit, editor, vendor):
    editing.start(vendor, name="Họp Giấy", category="online-meetings", by=editor, now=NOW)
    visitor = visit(scripts=False)
    page = visitor.sign_in(editor)
    page.goto(f"{visitor.home}{PRODUCTS}hop-giay/tom-tat/")
    expect(page.get_by_text("Nhiều nhất 50 từ")).to_be_visible()

    page.get_by_label("Tóm tắt").fill("Họp không giấy.")
    page.get_by_role("button", name="Lưu, về danh sách bước").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Họp Giấy")
    assert Revision.objects.get().content["summary"] == "Họp không giấy."
