"""A product is handed in, examined, asked about, answered for, proposed and accepted: by three people in a real browser."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from catalogue.platforms import editing
from catalogue.vetting import services
from catalogue.vetting.models import Submission
from catalogue.vetting.states import State, Verdict
from recommender import store
from tests.catalogue.documents.files import PDF
from tests.catalogue.platforms.test_editing import WHOLE, write
from tests.journeys.looks import faults, faults_everywhere
from tests.support.factories import PlatformFactory, small_catalogue
from tests.support.roles import everyone
from tests.support.vetting import handed_in, proposed, reviewer, rules, vetted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
STATEMENT = "Xã cần họp không giấy cho hội đồng nhân dân, gửi tài liệu, điểm danh, biểu quyết điện tử"
DESK = "/tham-dinh/ban-lam-viec/"
PRODUCT = "/to-chuc/sao-bac/san-pham/hop-giay/"


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "private"


@pytest.fixture
def people(answering):
    rules()
    return everyone()


@pytest.fixture
def product(people):
    """A listed product that nobody vouches for, and a better text of it that waits to be handed in."""
    meetings = small_catalogue()["hopviet"].category
    platform = PlatformFactory(
        slug="hop-giay", name="Họp Giấy", vendor=people.vendor, category=meetings, summary="Họp cho xã."
    )
    platform.evidence.create(kind="certification", title="Chứng nhận ISO 27001", seen_on=None)
    text = {**WHOLE, "deployment": {"deployment": ["saas"], "data_in_vietnam": "yes", "security_level": None}}
    write(editing.revise(platform, by=people["editor"], now=timezone.now()), people["editor"], text)
    store.fill_vectors()
    return platform


def enter(visit, user, **window):
    """Open a window in which this person is signed in."""
    visitor = visit(**window)
    visitor.sign_in(user)
    return visitor


def fits(page) -> None:
    assert faults(page) == [], page.url


def recommended(visitor) -> list[str]:
    """Ask for vetted products only, and return the names that come under that level."""
    page = visitor.page
    page.goto(visitor.home)
    page.get_by_role("textbox").fill(STATEMENT)
    page.locator("details.options > summary").first.click()
    page.locator("#muc-vetted").check()
    page.get_by_role("button", name="Tìm nền tảng phù hợp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kết quả cho bài toán này")
    return page.locator(".hits .hit__name").all_inner_texts()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_from_handed_in_to_vetted_and_recommended(visit, people, product, tmp_path, capsys, width, scheme):
    window = {"width": width, "scheme": scheme}
    anybody = visit(**window)
    vendor, first, second = (
        enter(visit, user, **window) for user in (people["editor"], people["reviewer"], reviewer("hai"))
    )
    assert "Họp Giấy" not in recommended(anybody)

    page = vendor.page
    page.goto(f"{vendor.home}{PRODUCT}kiem-tra/")
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.get_by_role("link", name="Theo dõi hồ sơ thẩm định").click()
    expect(page.get_by_text("Một người thẩm định sẽ nhận hồ sơ.")).to_be_visible()
    fits(page)

    page = first.page
    page.goto(f"{first.home}/tai-khoan/")
    page.get_by_role("link", name="Bàn làm việc của người thẩm định").click()
    fits(page)
    page.get_by_role("link", name="Họp Giấy").click()
    expect(page.get_by_text("Chứng nhận ISO 27001").first).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Nhận hồ sơ này").click()
    expect(page.get_by_text("Bạn đang giữ hồ sơ này.")).to_be_visible()
    fits(page)
    conclude_two(page, by_keys=width == 1280)
    expect(page.get_by_text("Đã kết luận 2 trên 3 tiêu chí.")).to_be_visible()
    page.locator("article").nth(2).get_by_label("Hỏi doanh nghiệp về tiêu chí này").check()
    page.get_by_role("button", name="Soạn câu hỏi").click()
    fits(page)
    page.get_by_role("button", name="Xem trước rồi gửi").click()
    expect(page.get_by_role("alert")).to_contain_text("Hãy ghi câu hỏi cho ít nhất một tiêu chí.")
    page.get_by_label("Có price không?").fill("Giá đã gồm thuế chưa?")
    page.get_by_role("button", name="Xem trước rồi gửi").click()
    expect(page.get_by_role("heading", name="Thư doanh nghiệp sẽ nhận")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Gửi câu hỏi").click()
    expect(page.get_by_text("Doanh nghiệp đang trả lời câu hỏi.")).to_be_visible()

    page = vendor.page
    page.reload()
    expect(page.get_by_text("Giá đã gồm thuế chưa?")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="Trả lời câu hỏi").click()
    fits(page)
    file = tmp_path / "Bảng giá.pdf"
    file.write_bytes(PDF)
    page.get_by_label("Giá đã gồm thuế chưa?").fill("Đã gồm.")
    page.get_by_label("Tệp kèm theo").set_input_files(file)
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_text("Đã gửi trả lời cho người thẩm định.")).to_be_visible()

    page = first.page
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="Bảng giá.pdf").click()
    assert download.value.suggested_filename == "Bảng giá.pdf"
    price = page.locator("article").nth(2)
    price.get_by_label("Không đạt").check()
    price.get_by_role("button", name="Lưu kết luận").click()
    expect(price.get_by_text("Hãy ghi lý do.")).to_be_visible()
    expect(price.get_by_label("Lý do, căn cứ")).to_be_focused()
    fits(page)
    price.get_by_label("Lý do, căn cứ").fill("Chưa rõ phí triển khai.")
    price.get_by_role("button", name="Lưu kết luận").click()
    expect(page.get_by_text("Đã kết luận 3 trên 3 tiêu chí.")).to_be_visible()
    page.get_by_role("link", name="Đề xuất quyết định").click()
    page.get_by_label("Công nhận", exact=True).check()
    page.get_by_label("Lý do đề xuất").fill("Đủ giấy tờ bắt buộc.")
    fits(page)
    page.get_by_role("button", name="Chuyển cho người thứ hai").click()
    expect(page.get_by_text("một người khác quyết định")).to_be_visible()

    page = second.page
    page.goto(f"{second.home}{DESK}")
    page.get_by_role("link", name="Họp Giấy").click()
    expect(page.get_by_role("heading", name="Người thứ nhất đề xuất: Công nhận")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="Công nhận", exact=True).click()
    page.get_by_role("button", name="Xem trước rồi gửi").click()
    fits(page)
    page.get_by_role("button", name="Công nhận", exact=True).click()
    expect(page.get_by_text("Đã ghi: Công nhận.")).to_be_visible()
    assert Submission.objects.get().state == State.VETTED

    page = vendor.page
    page.reload()
    expect(page.get_by_text("Chưa rõ phí triển khai.")).to_be_visible()
    fits(page)
    anybody.page.goto(f"{anybody.home}/nen-tang/hop-giay/")
    expect(anybody.page.locator(".badge--vetted").first).to_contain_text("Đã thẩm định")
    expect(anybody.page.get_by_text("Họp không giấy cho hội đồng nhân dân.").first).to_be_visible()
    fits(anybody.page)
    assert recommended(anybody)[0] == "Họp Giấy"
    call_command("verify_register")
    capsys.readouterr()
    for visitor in (anybody, vendor, first, second):
        assert [told for told in visitor.trouble if "400" not in told] == []


def conclude_two(page, *, by_keys: bool) -> None:
    """Find the first two criteria met: with the keys alone, or by their buttons."""
    if by_keys:
        page.get_by_role("button", name="Bắt đầu từ tiêu chí đầu").press("Enter")
        for n in (1, 2):
            expect(page.locator("article").nth(n - 1)).to_be_focused()
            page.keyboard.press("1")
            expect(page.get_by_role("status").filter(has_text=f"Đã lưu tiêu chí {n}: Đạt.")).to_be_visible()
            expect(page.locator("article").nth(n - 1)).to_be_focused()
            page.keyboard.press("j")
        return
    for n in (1, 2):
        criterion = page.locator("article").nth(n - 1)
        criterion.get_by_label("Đạt", exact=True).check()
        criterion.get_by_role("button", name="Lưu kết luận").click()
        expect(page.get_by_role("status").filter(has_text=f"Đã lưu tiêu chí {n}: Đạt.")).to_be_visible()


def test_without_scripts_everything_can_be_done(visit, people, product):
    submission = handed_in(people, PlatformFactory(vendor=people.vendor, name="Khác"), now=timezone.now())
    visitor = enter(visit, people["reviewer"], scripts=False)
    page = visitor.page
    page.goto(f"{visitor.home}/tham-dinh/ho-so/{submission.pk}/")
    expect(page.get_by_text("Phím tắt")).to_be_hidden()

    page.get_by_role("button", name="Nhận hồ sơ này").click()
    criterion = page.locator("article").first
    criterion.get_by_label("Không áp dụng").check()
    criterion.get_by_label("Lý do, căn cứ").fill("Không có phần này.")
    criterion.get_by_role("button", name="Lưu kết luận").click()

    expect(page.get_by_text("Đã kết luận 1 trên 3 tiêu chí.")).to_be_visible()
    assert submission.answers.first().verdict == Verdict.NOT_APPLICABLE
    page.get_by_role("link", name="Trả hồ sơ về hàng chờ").click()
    page.get_by_label("Lý do").fill("Tôi quen người làm.")
    page.get_by_role("button", name="Trả về hàng chờ").click()
    expect(page.get_by_text("Đã ghi: Trả hồ sơ về hàng chờ.")).to_be_visible()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_of_the_desk_and_of_a_vendors_side_can_be_used_by_everybody(visit, people, product, prefix):
    now, second = timezone.now(), reviewer("hai")
    other = PlatformFactory(slug="khac", name="Khác", vendor=people.vendor, category=product.category)
    rejected = handed_in(people, other, now=now)
    proposed(rejected, second, missed=("source",), now=now)
    services.reject(rejected, reason="Thiếu giấy.", by=people["reviewer"], now=now)
    vetted(people, second, people["reviewer"], product, now=now)
    renewal = services.hand_in(product.revisions.get(), by=people["editor"], now=now).submission
    services.take(renewal, by=people["reviewer"], now=now)
    Submission.objects.filter(pk=renewal.pk).update(due_on=now.date() - timedelta(days=1), risk=2)
    decided = handed_in(people, PlatformFactory(vendor=people.vendor, category=product.category), now=now)
    proposed(decided, second, missed=("source",), now=now)
    draft = services.begin(other, by=people["editor"], now=now)
    queued = handed_in(people, PlatformFactory(vendor=people.vendor, category=product.category), now=now)
    ticked = renewal.answers.first().pk
    at, side = f"{prefix}/tham-dinh/ho-so/{{}}/", f"{prefix}/to-chuc/sao-bac/san-pham/{{}}/tham-dinh/"
    reviewers = [f"{prefix}{DESK}", *(at.format(one.pk) for one in (rejected, renewal, decided, queued))]
    reviewers += [f"{at.format(renewal.pk)}{move}" for move in ("de-xuat/", "tra-hang-cho/", f"hoi/?tieu-chi={ticked}")]
    reviewers += [f"{at.format(decided.pk)}{move}/" for move in ("cong-nhan", "khong-cong-nhan", "xem-lai")]
    vendors = [
        side.format("hop-giay"), side.format("khac"), f"{side.format('khac')}?ho-so={rejected.pk}",
        f"{side.format('khac')}tieu-chi/{draft.answers.first().pk}/", f"{side.format('hop-giay')}rut/",
        f"{prefix}{PRODUCT}",
    ]  # fmt: skip
    wrong = []
    for user, addresses in ((people["reviewer"], reviewers), (people["editor"], vendors)):
        visitor = enter(visit, user)
        for address in addresses:
            wrong += faults_everywhere(visitor, address)

    assert wrong == []
