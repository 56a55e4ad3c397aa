"""An agency writes a problem, the ministry returns it once and then publishes it, and another agency says “me too”."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from catalogue.accounts.models import OrganisationKind
from catalogue.problems.models import Problem
from catalogue.problems.shared import SharedPlatform
from catalogue.problems.states import State
from tests.journeys.looks import faults
from tests.support.factories import AgencyFactory, LeafFactory, ProblemFactory, VendorFactory, confirmed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
TITLE = "Khám từ xa cho trạm y tế xã"


@pytest.fixture
def leaf():
    leaf = LeafFactory(key="telehealth", label_vi="Khám chữa bệnh từ xa")
    shared = SharedPlatform.objects.create(
        key="dam-may", name="Nền tảng hồ sơ sức khỏe", owner="Bộ Y tế", does="Hồ sơ sức khỏe dùng chung."
    )
    shared.categories.add(leaf)
    ProblemFactory(ended=True, title="Hội chẩn từ xa ở bệnh viện huyện", categories=[leaf])
    return leaf


def member(organisation, name):
    user = confirmed(full_name=name)
    user.memberships.create(organisation=organisation, role="editor")
    return user


def fits(page, heading):
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.wait_for_load_state("networkidle")
    assert faults(page) == [], page.url


def goes_on(page):
    page.get_by_role("button", name="Lưu và tiếp tục").click()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (320, "light")])
def test_through_the_ministry(visit, leaf, fresh_cache, width, scheme):
    agency = AgencyFactory(key="so-y-te", name="Sở Y tế tỉnh Mẫu", short_name="Sở Y tế")
    other = AgencyFactory(key="so-y-te-khac", name="Sở Y tế tỉnh Sen", short_name="Sở Y tế Sen")
    ministry = VendorFactory(
        kind=OrganisationKind.REGULATOR, key="bo", name="Bộ Quản lý", legal_form="public_body", shown_since=None
    )
    visitor = visit(width=width, scheme=scheme)
    page = visitor.sign_in(member(agency, "Trần Lan"))
    desk = visit(width=width, scheme=scheme)
    ministrys = desk.sign_in(member(ministry, "Lê Minh"))

    writes(visitor, page)
    page.get_by_role("button", name="Gửi bộ quản lý").click()
    fits(page, TITLE)
    expect(page.get_by_text("Chờ bộ quản lý xem")).to_be_visible()

    opens_at_the_ministry(desk, ministrys)
    ministrys.get_by_label("Hoặc trả lại: cơ quan cần sửa gì?").fill("Nêu rõ hơn về đường truyền.")
    ministrys.get_by_role("button", name="Trả lại cơ quan").click()
    fits(ministrys, "Bài toán gửi qua bộ quản lý")

    page.reload()
    expect(page.get_by_text("Nêu rõ hơn về đường truyền.")).to_be_visible()
    fits(page, TITLE)
    page.get_by_role("link", name="Xem lại và gửi").click()
    page.get_by_role("button", name="Gửi bộ quản lý").click()
    expect(page.get_by_text("Chờ bộ quản lý xem")).to_be_visible()

    opens_at_the_ministry(desk, ministrys)
    ministrys.get_by_role("button", name="Đăng bài toán").click()
    expect(ministrys.get_by_text("Không có bài toán nào chờ.")).to_be_visible()

    joins(visit(width=width, scheme=scheme), other)
    problem = Problem.objects.get(title=TITLE)
    assert problem.state == State.PUBLISHED
    assert problem.joiners.get().volume == "45 trạm y tế"
    assert visitor.trouble == desk.trouble == []


def writes(visitor, page):
    """Fill in every step, one of them left to save itself."""
    page.goto(f"{visitor.home}/to-chuc/so-y-te/bai-toan/")
    fits(page, "Bài toán của cơ quan")
    page.get_by_role("link", name="Viết bài toán mới").click()
    fits(page, "Viết bài toán mới")
    page.get_by_label("Tên bài toán").fill(TITLE)
    page.get_by_text("Mở danh sách").click()
    page.get_by_label("Khám chữa bệnh từ xa").check()
    page.get_by_role("button", name="Bắt đầu").click()
    fits(page, TITLE)
    page.get_by_role("link", name="Làm tiếp: Hiện nay ra sao").click()
    fits(page, "Hiện nay ra sao")
    page.get_by_label("Hiện nay ra sao").fill(
        "Bệnh nhân đi 40 km lên tỉnh, mất một ngày; bác sĩ tỉnh quá tải vì ca nhẹ."
    )
    expect(page.get_by_role("status")).to_contain_text("Đã tự lưu")
    expect(page.get_by_role("complementary")).to_contain_text("(33%)")  # the coach read it while it was typed
    page.get_by_label("Đang dùng phần mềm nào").fill("HIS tỉnh")
    goes_on(page)
    fits(page, "Ai gặp, bao nhiêu")
    page.get_by_label("Ai gặp, bao nhiêu").fill("120 trạm y tế, 80.000 lượt khám mỗi năm.")
    goes_on(page)
    fits(page, "Cần đạt điều gì")
    page.get_by_label("Cần đạt điều gì").fill("Một nửa số ca không phải lên tỉnh; chờ dưới 30 phút.")
    goes_on(page)
    fits(page, "Yêu cầu")
    page.get_by_label("Bắt buộc phải có").fill("Chạy khi mạng yếu.")
    goes_on(page)
    fits(page, "Hình thức và ngân sách")
    page.get_by_label("Hình thức").select_option("rent_ready")
    page.get_by_label("Ngân sách đến (đồng)").fill("500.000.000")
    goes_on(page)
    fits(page, "Thời gian")
    page.get_by_label("Hạn trả lời").fill((timezone.localdate() + timedelta(days=60)).isoformat())
    goes_on(page)
    fits(page, "Cách chấm điểm")
    goes_on(page)
    expect(page.get_by_text("Nền tảng hồ sơ sức khỏe")).to_be_visible()
    expect(page.get_by_text("Hội chẩn từ xa ở bệnh viện huyện")).to_be_visible()
    expect(page.get_by_role("button", name="Đã xem, lưu gợi ý cùng bài toán")).to_be_visible()
    fits(page, "Đã có ai giải chưa?")
    page.get_by_label("Vì sao không dùng lại cái đã có").fill("Hồ sơ sức khỏe chưa có hội chẩn.")
    goes_on(page)
    fits(page, "Đăng cho ai, bằng cách nào")
    goes_on(page)
    expect(page.get_by_text("Mức A")).to_be_visible()
    fits(page, "Xem lại và gửi")


def opens_at_the_ministry(desk, page):
    page.goto(f"{desk.home}/bo-quan-ly/bai-toan/")
    fits(page, "Bài toán gửi qua bộ quản lý")
    page.get_by_role("link", name=TITLE).click()
    fits(page, TITLE)


def joins(visitor, agency):
    page = visitor.sign_in(member(agency, "Vũ Hoa"))
    page.goto(visitor.home + Problem.objects.get(title=TITLE).get_absolute_url())
    fits(page, TITLE)
    page.get_by_role("link", name="Ghi tên cơ quan bạn vào bài toán này").click()
    fits(page, "Cơ quan bạn cũng gặp việc này")
    page.get_by_label("Quy mô của cơ quan bạn").fill("45 trạm y tế")
    page.get_by_role("button", name="Tham gia").click()
    expect(page.get_by_text("Sở Y tế tỉnh Sen: 45 trạm y tế")).to_be_visible()
    fits(page, TITLE)
    assert visitor.trouble == []
