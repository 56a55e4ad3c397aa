"""A problem from its draft to the reasons: an agency, the ministry and two vendors, each in a window of their own."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from docx import Document
from playwright.sync_api import expect

from catalogue.accounts.models import Organisation, OrganisationKind
from catalogue.notifications.models import Notice
from catalogue.organisations.models import Role
from catalogue.platforms.choices import Assurance
from catalogue.platforms.packages import Package
from catalogue.problems.models import Problem
from catalogue.problems.requirements import Requirement
from catalogue.problems.states import Route, State
from recommender import store, tasks
from tests.journeys.looks import faults, faults_everywhere
from tests.journeys.test_posting import member, opens_at_the_ministry
from tests.support import ocds
from tests.support.factories import AgencyFactory, ProblemFactory, VendorFactory, confirmed, small_catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
TITLE = "Khám từ xa cho trạm y tế xã"
SECRET = "Đã chạy ở 12 trạm"  # stands in every proposal
LOOKS = (320, "dark"), (1280, "light")
WORK = "Hỏi đáp và chấm hồ sơ"


@pytest.fixture
def products():
    """Return two products that fit; the first is vetted and has a package."""
    listed = small_catalogue()
    first, second = listed["khamxa"], listed["hoichan"]
    Organisation.objects.filter(pk=first.vendor_id).update(name="Công ty Sao Bắc", short_name="Sao Bắc")
    first.assurance, first.vetted_until = Assurance.VETTED, timezone.localdate() + timedelta(days=365)
    first.save()
    Package.objects.create(platform=first, name="Cơ bản", unit="user", period="month", price_min=60_000)
    store.fill_vectors()
    return first, second


@pytest.fixture
def problem(products):
    """Return a draft that lacks nothing but to be looked at once more: its writing is another journey."""
    agency = AgencyFactory(key="so-y-te", name="Sở Y tế tỉnh Mẫu", short_name="Sở Y tế")
    problem = ProblemFactory(
        draft=True, agency=agency, title=TITLE, route=Route.MINISTRY, categories=[products[0].category],
        today="Bệnh nhân đi 40 km lên tỉnh, mất một ngày; bác sĩ tỉnh quá tải vì ca nhẹ.",
        affected="120 trạm y tế xã, 80.000 lượt khám mỗi năm.",
        outcome="Một nửa số ca khám chữa bệnh từ xa, không phải lên tỉnh.",
        mode="rent_ready", budget_max=500_000_000, not_reuse="Chưa có nền tảng nào hội chẩn.",
    )  # fmt: skip
    Problem.objects.filter(pk=problem.pk).update(closes_at=timezone.now() + timedelta(days=60))
    Requirement.objects.create(problem=problem, kind="must", text="Chạy khi mạng yếu.", position=1)
    Requirement.objects.create(problem=problem, kind="nice", text="Có tiếng dân tộc.", position=2)
    return problem


@pytest.fixture
def visitors(visit, problem, products):
    """Return a window for everybody who takes part, by what they are."""
    ministry = VendorFactory(
        kind=OrganisationKind.REGULATOR, key="bo", name="Bộ Quản lý", legal_form="public_body", shown_since=None
    )
    judges = [confirmed(full_name=name) for name in ("Cao Chấm", "Đỗ Chấm")]
    for judge in judges:
        judge.memberships.create(organisation=problem.agency, role=Role.VIEWER)
    people = {
        "agency": member(problem.agency, "Trần Lan"), "ministry": member(ministry, "Lê Minh"), "one": judges[0], "two": judges[1],
        "ours": member(products[0].vendor, "Ngô Bán"), "theirs": member(products[1].vendor, "Hồ Bán"),
    }  # fmt: skip

    windows = {name: visit() for name in people}
    for name, window in windows.items():
        window.sign_in(people[name])
    return windows


def test_from_draft_to_reasons(visitors, problem, products, answering, fresh_cache, tmp_path):
    page = {name: visitor.page for name, visitor in visitors.items()}
    home = visitors["agency"].home
    address = home + problem.get_absolute_url()

    sends_in(page["agency"], f"{home}/to-chuc/so-y-te/bai-toan/{problem.slug}/")
    opens_at_the_ministry(visitors["ministry"], page["ministry"])
    page["ministry"].get_by_role("button", name="Đăng bài toán").click()
    expect(page["ministry"].get_by_text("Không có bài toán nào chờ.")).to_be_visible()

    tasks.match_problems()
    told = Notice.objects.get(kind="problem_fits")
    assert told.user.full_name == "Ngô Bán", "only who has a vetted product"
    assert told.context["product"] == "KhámXa"

    asks_and_is_answered(page["ours"], page["agency"], address)
    amends(page["agency"], address)
    expect_told("Ngô Bán", "answered", "amended")

    answers(page["ours"], address, "KhámXa", f"{SECRET} của tỉnh này.", package="KhámXa: Cơ bản")
    answers(page["theirs"], address, "Hội Chẩn Việt", f"{SECRET} của tỉnh kia.")
    nobody_reads(page, address)

    names_evaluators(page["agency"], address)
    moment = timezone.now()
    Problem.objects.update(posted_at=moment - timedelta(days=2), closes_at=moment - timedelta(seconds=1))
    page["agency"].reload()
    page["agency"].get_by_role("button", name="Mở hồ sơ").click()
    expect(page["agency"].get_by_text("Đã mở 2 hồ sơ cùng lúc")).to_be_visible()
    fits(page["agency"], WORK)
    scores(page["one"], f"{address}cong-viec/")
    scores(page["two"], f"{address}cong-viec/")
    agrees(page["one"])
    decides(page["agency"])

    reads_reasons(page["ours"], address, "Hồ sơ được chọn", "80,00 trên 100 điểm.")
    reads_reasons(page["theirs"], address, "Hồ sơ không được chọn", "40,00 trên 100 điểm.")
    problem.refresh_from_db()
    assert problem.state == State.ENDED
    expect_told("Ngô Bán", "ended")
    expect_told("Hồ Bán", "ended")
    record_is_open_data(page["theirs"], home)
    decision_file_opens(visitors["agency"], tmp_path)
    for name, visitor in visitors.items():
        assert visitor.trouble == [], name


def fits(page, heading):
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == [], (page.url, width, scheme)


def expect_told(name, *what):
    told = Notice.objects.filter(user__full_name=name, kind="proposal_news").values_list("context__what", flat=True)
    assert set(what) <= set(told), name


def sends_in(page, address):
    """Look at what is there already, keep the recommendation, and hand all of it to the ministry."""
    page.goto(address)
    fits(page, TITLE)
    page.get_by_role("link", name="Đã có ai giải chưa?").click()
    page.get_by_role("button", name="Đã xem, lưu gợi ý cùng bài toán").click()
    expect(page.get_by_role("link", name="Lần gợi ý đã lưu cùng bài toán")).to_be_visible()
    fits(page, "Đã có ai giải chưa?")
    page.goto(f"{address}kiem-tra/")
    fits(page, "Xem lại và gửi")
    page.get_by_role("button", name="Gửi bộ quản lý").click()
    expect(page.get_by_text("Chờ bộ quản lý xem")).to_be_visible()


def asks_and_is_answered(vendor, agency, address):
    vendor.goto(address)
    fits(vendor, TITLE)
    vendor.get_by_role("link", name="Hỏi cơ quan").click()
    fits(vendor, "Hỏi về bài toán")
    vendor.get_by_label("Câu hỏi").fill("Trạm có máy tính chưa?")
    vendor.get_by_role("button", name="Gửi câu hỏi").click()
    expect(vendor.get_by_text("Đã gửi câu hỏi.")).to_be_visible()

    agency.goto(address)
    agency.get_by_role("link", name=WORK).click()
    fits(agency, WORK)
    assert "Sao Bắc" not in agency.locator("main").inner_text(), "who asks is not told"
    agency.get_by_role("link", name=re.compile("^Trả lời.*máy tính chưa")).click()
    fits(agency, "Trả lời câu hỏi")
    agency.get_by_label("Trả lời công khai").fill("Mỗi trạm có hai máy.")
    agency.get_by_role("button", name="Công bố trả lời").click()
    expect(agency.get_by_text("Đã trả lời công khai.")).to_be_visible()
    vendor.reload()
    expect(vendor.get_by_text("Mỗi trạm có hai máy.")).to_be_visible()


def amends(page, address):
    page.goto(f"{address}cong-viec/")
    page.get_by_role("link", name="Sửa đổi bài toán, lùi hạn trả lời").click()
    fits(page, "Sửa đổi bài toán")
    page.get_by_label("Yêu cầu 2").fill("Có tiếng Thái, tiếng Mông.")
    page.get_by_label("Vì sao sửa đổi").fill("Có người hỏi tiếng nào.")
    page.get_by_role("button", name="Công bố sửa đổi").click()
    expect(page.locator("ins")).to_have_text(["Có tiếng Thái, tiếng Mông."])
    expect(page.locator("del")).to_have_text(["Có tiếng dân tộc."])
    fits(page, TITLE)


def answers(page, address, product, evidence, *, package=""):
    """Save a draft, be told what it lacks, and hand it in."""
    page.goto(address)
    page.get_by_role("link", name=re.compile("^Trả lời với tên")).click()
    fits(page, "Hồ sơ trả lời")
    for due in ("Sản phẩm", "Triển khai và hỗ trợ"):
        expect(page.get_by_label(due, exact=True)).to_be_visible()  # and nothing says that it may be left out
    page.get_by_label("Sản phẩm").select_option(label=product)
    for text, reply in (("Chạy khi mạng yếu.", "Đáp ứng"), ("Có tiếng Thái", "Đáp ứng một phần")):
        page.get_by_role("group", name=text).get_by_label(reply, exact=True).check()
    for field in page.locator("textarea[name^=evidence-]").all():
        field.fill(evidence)
    if package:
        assert page.locator("[name=line-2]").count() == 0, "no more rows than there are packages"
        page.locator("[name=line-1]").select_option(index=1)
        expect(page.locator("[name=line-1] option:checked")).to_contain_text(package)
        for name, value in (("quantity", 120), ("periods", 12), ("unit_price", 50_000)):
            page.locator(f"[name={name}-1]").fill(str(value))
    else:
        page.get_by_label("Hoặc tổng giá").fill("90000000")
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_text("Đã lưu bản nháp, có niêm phong.")).to_be_visible()
    page.get_by_label("Triển khai và hỗ trợ").fill(f"Hai tuần. {SECRET}.")
    page.get_by_role("button", name="Lưu và nộp").click()
    expect(page.get_by_text("Đã nộp.")).to_be_visible()
    expect(page.get_by_text(evidence).first).to_be_visible()


def nobody_reads(page, address):
    """Before the closing time: the agency, its evaluators, the ministry and the other vendor find no word of it."""
    for name in ("agency", "ministry", "one", "two"):
        for path in (address, f"{address}cong-viec/"):
            assert SECRET not in page[name].request.get(path).text(), (name, path)
    assert "của tỉnh này" not in page["theirs"].locator("main").inner_text()
    page["agency"].reload()
    expect(page["agency"].get_by_text("Hồ sơ đã nộp: 2.")).to_be_visible()


def names_evaluators(page, address):
    page.goto(f"{address}cong-viec/")
    page.get_by_role("link", name="Lập tổ chấm").click()
    fits(page, "Tổ chấm")
    for name in ("Cao Chấm", "Đỗ Chấm"):
        page.get_by_label(name).check()
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Lần chấm đầu không biết tên.")).to_be_visible()


def scores(page, address):
    """Declare, and score without knowing whose it is."""
    page.goto(address)
    page.get_by_role("link", name="Cam kết về xung đột lợi ích").click()
    fits(page, "Cam kết về xung đột lợi ích")
    page.get_by_label("Không", exact=True).check()
    page.get_by_role("button", name="Ghi cam kết").click()
    page.get_by_role("link", name="Chấm hồ sơ").click()
    assert "Sao Bắc" not in page.locator("main").inner_text(), "the first pass is blind"
    fits(page, "Chấm hồ sơ")
    gives(page)
    page.get_by_role("button", name="Lưu và báo đã chấm xong").click()
    expect(page.get_by_text("Đã chấm xong.")).to_be_visible()


def gives(page):
    """Give the first vendor's proposal four points everywhere, the other two."""
    for section in page.locator("section[aria-labelledby^=ho-so-]").all():
        points = "4" if "của tỉnh này" in section.inner_text() else "2"
        for field in section.locator("select").all():
            field.select_option(points)
        for field in section.locator("textarea").all():
            field.fill("Xem bằng chứng.")


def agrees(page):
    page.reload()
    page.get_by_role("link", name="Ghi điểm thống nhất").click()
    expect(page.get_by_text("Công ty").first).to_be_visible()  # all have scored: names are shown
    gives(page)
    fits(page, "Điểm thống nhất")
    page.get_by_role("button", name="Lưu điểm").click()
    expect(page.get_by_text("80,00 điểm")).to_be_visible()
    fits(page, WORK)


def decides(page):
    page.reload()
    page.get_by_role("link", name="Ghi kết quả").click()
    fits(page, "Ghi kết quả")
    page.get_by_label("Đã chọn được sản phẩm").check()
    page.get_by_label("Lý do, được công khai").fill("Chạy được khi mạng yếu, đã dùng ở tỉnh khác.")
    for field in page.locator("select[name^=code-]").all():
        field.select_option("partly")
    for field in page.locator("textarea[name^=note-]").all():
        field.fill("Bằng chứng rõ.")
    page.get_by_role("button", name="Công bố kết quả").click()
    expect(page.get_by_role("heading", name="Kết quả: Đã chọn được sản phẩm")).to_be_visible()
    expect(page.get_by_role("link", name="KhámXa")).to_be_visible()
    fits(page, TITLE)


def reads_reasons(page, address, heading, points):
    page.goto(address)
    page.get_by_role("link", name=re.compile("^Hồ sơ của")).click()
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.get_by_text(points)).to_be_visible()
    expect(page.get_by_text("Bằng chứng rõ.")).to_have_count(2)
    fits(page, "Hồ sơ trả lời")


def record_is_open_data(page, home):
    page.get_by_role("link", name=TITLE).click()
    link = page.get_by_role("link", name="Dữ liệu mở của bài toán này (OCDS)").get_attribute("href")
    package = page.request.get(home + link).json()
    (record,) = package["records"]
    assert record["compiledRelease"]["tender"]["title"] == TITLE
    assert [one["status"] for one in record["compiledRelease"]["awards"]] == ["active"]
    if ocds.FOLDER.is_dir():
        assert ocds.faults("record-package", package) == []


def decision_file_opens(visitor, folder):
    """The draft of the letter can be used by anybody, in both languages, and be taken along."""
    page = visitor.page
    page.get_by_role("link", name="Lập dự thảo tờ trình").click()
    page.wait_for_load_state("networkidle")
    there = page.url.removeprefix(visitor.home)
    assert faults_everywhere(visitor, there) == []
    assert faults_everywhere(visitor, f"/en{there}") == []
    page.goto(visitor.home + there)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải về để sửa (DOCX)").click()
    file = folder / "to-trinh.docx"
    download.value.save_as(file)
    words = "\n".join(paragraph.text for paragraph in Document(str(file)).paragraphs)
    assert TITLE in words
    assert "KhámXa" in words
