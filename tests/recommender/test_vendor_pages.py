"""A vendor's desk and previews: there for its people, and for nobody else, on pages and by the API alike."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from rest_framework.test import APIClient

from catalogue.accounts.models import OrganisationKind
from catalogue.platforms import editing
from catalogue.platforms.models import Platform
from catalogue.platforms.revisions import Revision
from catalogue.problems.evaluation import Result
from catalogue.shortlists.models import ShortlistItem
from recommender import vendor_pages
from recommender.models import Band, CountedDay, Exposure, NearMiss, Run
from recommender.vendor_pages import PreviewThrottle
from tests.catalogue.platforms.test_editing import NOW, SOLVES, write
from tests.support.factories import (
    EvidenceFactory,
    LeafFactory,
    PlatformFactory,
    UserFactory,
    VendorFactory,
    with_factor,
)
from tests.support.problems import course as problem_course

pytestmark = pytest.mark.django_db
WHO = ("anonymous", "other vendor", "viewer", "editor", "owner", "agency", "reviewer", "operator")
READ, WRITE = {"viewer", "editor", "owner"}, {"editor", "owner"}
DESK, PREVIEW = "/to-chuc/hop-viet/ban-lam-viec/", "/to-chuc/hop-viet/san-pham/hop-giay/xem-truoc/"
API = "/api/v1/organisations/hop-viet"
ADDRESSES = [
    ("get", DESK, READ),
    ("get", f"/en{DESK}", READ),
    ("get", PREVIEW, READ),
    ("get", f"/en{PREVIEW}", READ),
    ("post", f"{PREVIEW}?buoc=summary", WRITE),
    ("get", f"{API}/desk", READ),
    ("get", f"{API}/exposure", READ),
    ("post", f"{API}/products/hop-giay/preview", WRITE),
]


@pytest.fixture(autouse=True)
def answers(answering): ...


@pytest.fixture
def vendor():
    return VendorFactory(key="hop-viet", short_name="Họp Việt")


@pytest.fixture
def people(vendor):
    """One of every kind of visitor, by name."""
    found = {who: UserFactory(email=f"{who.replace(' ', '-')}@example.vn") for who in WHO[1:]}
    for role in ("viewer", "editor", "owner"):
        found[role].memberships.create(organisation=vendor, role=role)
    found["other vendor"].memberships.create(organisation=VendorFactory(), role="owner")
    found["agency"].memberships.create(organisation=VendorFactory(kind=OrganisationKind.AGENCY), role="owner")
    for one in ("reviewer", "operator"):
        found[one].is_staff, found[one].is_superuser = True, one == "operator"
        found[one].save()
        with_factor(found[one])
    return found


@pytest.fixture
def draft(vendor, people):
    LeafFactory(key="online-meetings", label_vi="Họp trực tuyến", label_en="Online meetings")
    revision = editing.start(vendor, name="Họp Giấy", category="online-meetings", by=people["owner"], now=NOW)
    return write(revision, people["owner"])


def as_(people, who, kind=Client):
    client = kind()
    if who != "anonymous":
        client.force_login(people[who])
    return client


def page(people, address=DESK, who="owner") -> str:
    answer = as_(people, who).get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(("method", "address", "allowed"), ADDRESSES)
@pytest.mark.parametrize("who", WHO)
def test_each_is_there_for_whom_it_is_and_for_nobody_else(draft, people, who, method, address, allowed):
    client = as_(people, who, APIClient if address.startswith("/api") else Client)
    more = {"format": "json"} if address.startswith("/api") and method == "post" else {}

    answer = getattr(client, method)(address, {}, **more)

    if who in allowed:
        assert answer.status_code == 200, answer.content
    else:
        assert answer.status_code == 404
        assert "Họp Giấy" not in answer.content.decode()


@pytest.mark.parametrize(("method", "address", "allowed"), ADDRESSES)
def test_what_is_not_there_is_not_there_for_members_either(people, method, address, allowed):
    client = as_(people, "owner", APIClient)

    elsewhere = (
        address.replace("hop-giay", "khong-co") if "hop-giay" in address else address.replace("hop-viet", "khong-co")
    )

    assert getattr(client, method)(elsewhere, {}).status_code == 404


class TestDesk:
    def test_tells_products_by_state_and_what_to_do(self, vendor, draft, people):
        public = PlatformFactory(slug="hop-cu", name="Họp Cũ", vendor=vendor)
        EvidenceFactory(platform=public, title="Chứng nhận A", expires_on=datetime.date(2020, 1, 1))
        back = editing.submit(draft, by=people["owner"], now=NOW)
        editing.return_(back, reason="Thiếu bằng chứng.", by=people["owner"], now=NOW)

        shown = page(people)

        assert "Chứng nhận A" in shown
        assert "đã hết hạn" in shown
        assert "Thiếu bằng chứng." in shown
        assert (
            shown.index("Thay bằng chứng đã hết hạn")
            < shown.index("Sửa theo lý do trả lại")
            < shown.index("Công bố giá")
        )

    def test_shows_one_state_when_asked(self, vendor, draft, people):
        PlatformFactory(name="Họp Công Bố", vendor=vendor, price_min=5)

        assert "Họp Công Bố" in page(people)
        assert "Họp Công Bố" not in page(people, f"{DESK}?trang-thai=draft")
        assert "Họp Công Bố" in page(people, f"{DESK}?trang-thai=bịa")

    def test_tells_how_often_and_what_nearly_but_nothing_of_few(self, vendor, draft, people):
        yesterday = datetime.date.today() - datetime.timedelta(days=1)  # noqa: DTZ011 (only that it was counted lately)
        CountedDay.objects.create(day=yesterday, runs=9)
        Exposure.objects.create(
            day=yesterday, platform="hop-giay", band=Band.FIRST_TEN, leaf="online-meetings", count=4321
        )
        Exposure.objects.create(
            day=yesterday, platform="cua-ai", band=Band.FIRST_TEN, leaf="online-meetings", count=8765
        )
        for n, obstacle in ((4, "top"), (6, "assurance")):
            NearMiss.objects.create(
                day=yesterday, platform="hop-giay", obstacle=obstacle, leaf="online-meetings", count=n
            )
        ShortlistItem.objects.create(user=people["agency"], platform="hop-giay", name="Họp Giấy")

        shown = page(people)

        assert "4.321" in shown
        assert "8.765" not in shown
        assert "<svg" in shown
        assert "Mức bảo đảm thấp hơn mức cơ quan hỏi" in shown
        assert "Có đủ sản phẩm khác đứng trên" not in shown
        assert "1 người đang lưu" in shown

    def test_never_shows_what_was_asked(self, draft, people, catalogue):
        from recommender import services

        services.answer_and_record(services.Asked("Bí mật xyzzy họp trực tuyến"))

        assert "xyzzy" not in page(people)

    def test_is_empty_in_words(self, vendor, people):
        shown = page(people)

        assert "Hiện không có việc gì phải làm." in shown
        assert "Chưa có sản phẩm nào." in shown

    def test_has_pages(self, vendor, people):
        for at in range(31):
            PlatformFactory(name=f"Họp {at:02}", vendor=vendor, price_min=5)

        assert "Họp 30" not in page(people)
        assert "Họp 30" in page(people, f"{DESK}?trang=2")

    def test_a_viewer_gets_no_way_to_write(self, draft, people):
        assert "Thêm sản phẩm" in page(people)
        assert "Thêm sản phẩm" not in page(people, who="viewer")

    @pytest.mark.parametrize("n", [1, 8])
    def test_costs_the_same_however_many_products(self, vendor, people, n, django_assert_num_queries):
        for at in range(n):
            editing.start(
                vendor, name=f"Họp {at}", category=LeafFactory(key="online-meetings").key, by=people["owner"], now=NOW
            )
            EvidenceFactory(platform=PlatformFactory(vendor=vendor), expires_on=datetime.date(2020, 1, 1))
        client = as_(people, "owner")

        with django_assert_num_queries(20):
            assert client.get(DESK).status_code == 200


class TestPreview:
    def test_reads_the_draft_and_says_what_it_found(self, draft, people):
        shown = page(people, PREVIEW)

        assert "Trả lời được" in shown
        assert "Họp trực tuyến" in shown
        assert "bản nháp như đang lưu" in shown

    def test_is_english_for_who_reads_english(self, draft, people):
        shown = page(people, f"/en{PREVIEW}")

        assert "Online meetings" in shown
        with translation.override("vi"):
            assert "Trả lời được" not in shown

    def test_reads_what_is_typed_and_saves_nothing(self, draft, people):
        before = Revision.objects.values().get(), Platform.objects.values().get(), Run.objects.count()

        answer = as_(people, "editor").post(f"{PREVIEW}?buoc=summary", {"summary": "Giải pháp TỐT NHẤT cho ABXY."})

        assert "ABXY" in answer.content.decode()
        assert (Revision.objects.values().get(), Platform.objects.values().get(), Run.objects.count()) == before

    def test_answers_a_page_that_follows_the_typing_with_a_part(self, draft, people):
        answer = as_(people, "editor").post(
            f"{PREVIEW}?buoc=solves",
            {f"solves_{at}": text for at, text in enumerate(SOLVES)},
            headers={"HX-Request": "true"},
        )

        shown = answer.content.decode()
        assert answer.status_code == 200
        assert "<html" not in shown
        assert 'role="status"' in shown

    def test_what_cannot_be_kept_is_refused_in_words(self, draft, people):
        client, text = as_(people, "editor"), {"summary": "chữ " * 60}

        whole = client.post(f"{PREVIEW}?buoc=summary", text)
        part = client.post(f"{PREVIEW}?buoc=summary", text, headers={"HX-Request": "true"})

        assert (whole.status_code, part.status_code) == (400, 200)
        for answer in (whole, part):
            assert "Nhiều nhất 50 từ" in answer.content.decode()

    @pytest.mark.parametrize("step", ["", "packages", "evidence", "bịa"])
    def test_only_a_step_with_a_form_can_be_typed(self, draft, people, step):
        assert as_(people, "editor").post(PREVIEW, {}, query_params={"buoc": step}).status_code == 404

    def test_html_in_a_text_is_text(self, draft, people):
        answer = as_(people, "editor").post(
            f"{PREVIEW}?buoc=summary", {"summary": "<script>alert(1)</script> TỐT NHẤT"}
        )

        assert "<script>alert" not in answer.content.decode()

    def test_so_many_a_minute(self, draft, people, monkeypatch):
        monkeypatch.setattr(PreviewThrottle, "rate", "2/min", raising=False)
        client = as_(people, "editor")

        codes = [client.get(PREVIEW).status_code for _ in range(3)]
        refused = client.get(PREVIEW)

        assert codes == [200, 200, 429]
        assert int(refused["Retry-After"]) > 0
        assert as_(people, "owner").get(PREVIEW).status_code == 200  # each for himself

    def test_the_form_asks_for_it(self, draft, people):
        shown = page(people, reverse("product-step", kwargs={"key": "hop-viet", "slug": "hop-giay", "step": "summary"}))

        assert f'data-hx-post="{PREVIEW}?buoc=summary"' in shown
        assert f'href="{PREVIEW}"' in shown  # without scripts


class TestApi:
    def test_desk(self, draft, people):
        found = as_(people, "viewer", APIClient).get(f"{API}/desk").json()

        assert found["counts"] == {"returned": 0, "draft": 1, "waiting": 0, "published": 0, "retired": 0}
        assert [(one["platform"], one["state"], one["public"]) for one in found["products"]] == [
            ("hop-giay", "draft", False)
        ]
        assert [(one["kind"], one["platform"]) for one in found["tasks"]] == [("hand_in", "hop-giay")]

    def test_exposure(self, draft, people, settings):
        settings.CELERY_TASK_ALWAYS_EAGER = False  # a worker counts, not this request
        day = datetime.date(2026, 11, 20)
        CountedDay.objects.create(day=day, runs=9)
        Exposure.objects.create(day=day, platform="hop-giay", band=Band.FIRST_THREE, leaf="online-meetings", count=3)
        NearMiss.objects.create(day=day, platform="hop-giay", obstacle="top", leaf="online-meetings", count=5)

        found = as_(people, "viewer", APIClient).get(f"{API}/exposure").json()

        assert found["until"] == "2026-11-20"
        assert found["platforms"][0]["shown"][0] == {
            "days": 30, "first_three": 3, "first_ten": 0, "further": 0, "apart": 0,
        }  # fmt: skip
        assert (len(found["weeks"]), found["weeks"][-1]["first_three"]) == (13, 3)
        assert found["nearly"] == [
            {"platform": "hop-giay", "category": "online-meetings", "obstacle": "top", "questions": 5}
        ]

    def test_preview_of_other_words_saves_nothing(self, draft, people):
        before = Revision.objects.values().get()
        client = as_(people, "editor", APIClient)

        saved = client.post(f"{API}/products/hop-giay/preview", {}, format="json").json()
        other = client.post(
            f"{API}/products/hop-giay/preview", {"content": {"packages": [], "summary": "Tốt nhất."}}, format="json"
        ).json()

        assert saved["completeness"]["percent"] > other["completeness"]["percent"]
        assert {hint["code"] for hint in other["hints"]} >= {"no_price", "superlative"}
        assert other["reading"]["declared"][0]["category"] == "online-meetings"
        assert Revision.objects.values().get() == before

    @pytest.mark.parametrize(
        ("content", "field"),
        [({"summary": "chữ " * 60}, "summary"), ({"bịa": 1}, "bịa"), ({"packages": [{"name": ""}]}, "packages.0.name")],
    )
    def test_what_cannot_be_kept_is_refused_by_field(self, draft, people, content, field):
        answer = as_(people, "editor", APIClient).post(
            f"{API}/products/hop-giay/preview", {"content": content}, format="json"
        )

        assert answer.status_code == 400
        assert field in [error["field"] for error in answer.json()["errors"]]

    def test_a_category_that_is_none_is_read_without_one(self, draft, people):
        answer = as_(people, "editor", APIClient).post(
            f"{API}/products/hop-giay/preview", {"content": {"category": "khong-co"}}, format="json"
        )

        assert answer.status_code == 200
        assert answer.json()["reading"]["declared"] == [{"category": "khong-co", "support": 0.0}]


def test_the_scope_of_the_limit_is_one_for_pages_and_api(settings):
    from recommender.vendor_api import PreviewView

    assert PreviewView.throttle_scope == PreviewThrottle.scope == vendor_pages.SCOPE


def test_a_product_that_an_agency_chose_is_counted_on_page_and_by_the_api():
    course = problem_course()
    made = course.handed_in()
    Result.objects.create(proposal=made, chosen=True, product=course.ours, told_at=timezone.now())
    address = f"/to-chuc/{course.people.vendor.key}/ban-lam-viec/"

    assert "được chọn cho 1 bài toán" in course.people.client("viewer").get(address).content.decode()
    found = course.people.api("viewer").get(f"/api/v1/organisations/{course.people.vendor.key}/exposure").json()
    assert [(one["platform"], one["chosen"]) for one in found["platforms"]] == [("hop-bac", 1)]
