"""From nobody's to an organisation with people, in a real browser; every page of it for everybody."""

import pytest
from django.utils import timezone

from catalogue.accounts.models import Organisation
from catalogue.organisations import claiming, joining
from catalogue.organisations.invitations import Invitation
from tests.journeys.looks import faults_everywhere
from tests.support.factories import VendorFactory
from tests.support.roles import everyone, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (390, False)])
def test_a_vendor_is_registered_and_a_colleague_joins(visit, live_server, width, scripts):
    lan, minh = person("lan@mau.example.vn"), person("minh@mau.example.vn")
    page = visit(width=width, scripts=scripts).sign_in(lan)

    page.goto(f"{live_server.url}/to-chuc/")
    page.get_by_role("link", name="Tìm hoặc đăng ký tổ chức").click()
    page.get_by_label("Tên hoặc mã số thuế").fill("Công ty Cổ phần Mẫu")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name="Đăng ký doanh nghiệp cung cấp").click()
    assert page.get_by_label("Tên đầy đủ").input_value() == "Công ty Cổ phần Mẫu"
    page.get_by_label("Hình thức pháp lý").select_option("company")
    page.get_by_label("Mã số thuế").fill("0101243151")
    page.get_by_role("button", name="Đăng ký").click()
    page.get_by_role("alert").get_by_role("link", name="sai số kiểm tra").click()
    page.get_by_label("Mã số thuế").fill("0101243150")
    page.get_by_role("button", name="Đăng ký").click()
    page.get_by_role("link", name="Thành viên, lời mời").click()
    page.get_by_label("Thư điện tử người được mời").fill(minh.email)
    page.get_by_role("button", name="Gửi lời mời").click()
    assert page.get_by_text("Đã gửi lời mời.").is_visible()

    other = visit(width=width, scripts=scripts).sign_in(minh)
    other.goto(f"{live_server.url}/to-chuc/loi-moi/{Invitation.objects.get().token}/")
    other.get_by_role("button", name="Nhận lời").click()
    assert other.get_by_role("heading", name="Công ty Cổ phần Mẫu", level=1).is_visible()
    assert Organisation.objects.edited_by(minh).count() == 1


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_of_an_organisation_can_be_used_by_everybody(visit, live_server, prefix):
    people, now = everyone(), timezone.now()
    VendorFactory(key="sao-dem")
    waiting = VendorFactory(kind="agency", key="so-moi", name="Sở Mới", state="waiting", shown_since=None)
    proof = {"position": "Giám đốc", "proof": "Người đại diện theo pháp luật.", "link": ""}
    claimed = claiming.claim(Organisation.objects.get(key="sao-dem"), by=people["stranger"], now=now, **proof)
    asked = joining.ask(people.vendor, by=people["stranger"], message="Cho tôi vào.", now=now)
    member = people.membership("viewer").pk
    owner = [
        "to-chuc/", "to-chuc/moi/?q=sao", "to-chuc/moi/doanh-nghiep/", "to-chuc/moi/co-quan/", "to-chuc/tham-gia/",
        "to-chuc/sao-bac/", "to-chuc/sao-bac/thong-tin/", "to-chuc/sao-bac/nguoi/", "to-chuc/sao-bac/roi/",
        f"to-chuc/sao-bac/nguoi/{member}/", f"to-chuc/sao-bac/nguoi/{member}/dua-ra/",
        f"to-chuc/sao-bac/nguoi/{member}/giao-quyen/", f"to-chuc/sao-bac/yeu-cau/{asked.pk}/",
        "to-chuc/sao-nam/tham-gia/", "nha-cung-cap/sao-dem/nhan-quan-ly/",
    ]  # fmt: skip
    operator = ["van-hanh/to-chuc/", f"van-hanh/to-chuc/{waiting.key}/", f"van-hanh/nhan-quan-ly/{claimed.pk}/"]
    wrong = []
    for role, paths in (("owner", owner), ("operator", operator)):
        visitor = visit()
        visitor.sign_in(people[role])
        for path in paths:
            wrong += faults_everywhere(visitor, f"{prefix}/{path}")

    assert wrong == []
