"""A vendor at the desk and beside a form, in a real browser: for everybody, on a phone too, without scripts too."""

import datetime

import pytest

from catalogue.accounts.models import Organisation
from catalogue.platforms import editing
from recommender import store
from recommender.models import Band, CountedDay, Exposure, NearMiss
from tests.catalogue.platforms.test_editing import NOW, SOLVES, write
from tests.support.factories import EvidenceFactory, UserFactory, small_catalogue

from .looks import faults_everywhere

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
DESK = "/to-chuc/hop-viet/ban-lam-viec/"
PRODUCT = "/to-chuc/hop-viet/san-pham/hop-giay/"
PREVIEW, SUMMARY = f"{PRODUCT}xem-truoc/", f"{PRODUCT}tom-tat/"


@pytest.fixture(autouse=True)
def ready(answering):
    """A vendor with a public product whose evidence expires, a draft with a doubtful text, and counts to show."""
    catalogue = small_catalogue()
    vendor: Organisation = catalogue["hopviet"].vendor
    Organisation.objects.filter(pk=vendor.pk).update(key="hop-viet")
    vendor.refresh_from_db()
    owner = UserFactory(email="chu@example.vn")
    owner.memberships.create(organisation=vendor, role="owner")
    today = datetime.date.today()  # noqa: DTZ011 (the page says how many days are left from today)
    for days in (-3, 10):
        EvidenceFactory(platform=catalogue["hopviet"], expires_on=today + datetime.timedelta(days=days))
    draft = editing.start(vendor, name="Họp Giấy", category="online-meetings", by=owner, now=NOW)
    told = {
        "summary": {"summary": "Nền tảng họp TỐT NHẤT cho cán bộ dùng ABXY."},
        "solves": {"solves": [*SOLVES, "Giải pháp hàng đầu giúp doanh nghiệp bứt phá."]},
    }
    write(draft, owner, told)
    for back in (1, 9, 20):
        day = today - datetime.timedelta(days=back)
        CountedDay.objects.create(day=day, runs=9)
        for n, band in enumerate(Band, start=1):
            Exposure.objects.create(day=day, platform="hopviet", band=band, leaf="online-meetings", count=n * back)
        NearMiss.objects.create(day=day, platform="hopviet", obstacle="top", leaf="online-meetings", count=5)
    store.fill_vectors()


def as_owner(visitor):
    visitor.sign_in(Organisation.objects.get(key="hop-viet").memberships.get().user)
    return visitor


@pytest.mark.parametrize("language", ["", "/en"])
def test_everybody_can_use_the_pages(visit, live_server, language):
    visitor = as_owner(visit())
    assert [
        fault for address in (DESK, PREVIEW, SUMMARY) for fault in faults_everywhere(visitor, language + address)
    ] == []


def test_what_is_typed_is_read_while_it_is_typed(visit, live_server):
    visitor = as_owner(visit())
    page = visitor.page
    page.goto(live_server.url + SUMMARY)
    panel = page.locator(".preview-panel")
    panel.get_by_text("“tốt nhất” chưa có gì chứng minh").wait_for()

    page.fill("textarea[name=summary]", "Họp không giấy cho cán bộ xã.")
    panel.get_by_text("“tốt nhất” chưa có gì chứng minh").wait_for(state="detached")

    assert "Họp trực tuyến" in panel.inner_text()
    assert page.evaluate("document.activeElement.name") == "summary"  # nobody is torn from the writing
    assert visitor.trouble == []


def test_without_scripts_the_form_leads_to_the_preview(visit, live_server):
    visitor = as_owner(visit(scripts=False))
    page = visitor.page
    page.goto(live_server.url + SUMMARY)

    page.click(".preview-panel a")

    assert page.url == live_server.url + PREVIEW
    assert "“tốt nhất” chưa có gì chứng minh" in page.inner_text("main")


def test_from_the_desk_to_what_is_to_be_done(visit, live_server):
    visitor = as_owner(visit(width=390))
    page = visitor.page
    page.goto(live_server.url + DESK)
    tasks = page.locator("section[aria-labelledby=viec-can-lam] ol > li")

    assert [line.splitlines()[0] for line in tasks.all_inner_texts()][:3] == [
        "Thay bằng chứng đã hết hạn",
        "Gia hạn bằng chứng sắp hết hạn",
        "Điền tiếp bản nháp",
    ]
    tasks.nth(2).locator("a").click()
    assert "/san-pham/hop-giay/" in page.url
