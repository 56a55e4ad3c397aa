"""Pages of the catalogue: what is known is shown, what is not is said."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from catalogue.platforms.models import Change, Platform
from catalogue.web.public import price_range
from tests.support.factories import EvidenceFactory, PlatformFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_platform_page_shows_its_facts_level_date_and_evidence_to_everyone(visitor, catalogue):
    EvidenceFactory(platform=catalogue["hopviet"], title="Triển khai tại tỉnh Lào Cai")

    page = visitor.get("/nen-tang/hopviet/").content.decode()

    assert "<h1>HọpViệt</h1>" in page
    assert "Có bằng chứng công khai" in page
    assert "22/11/2026" in page
    assert "Triển khai tại tỉnh Lào Cai" in page
    assert "50.000.000" in page


def test_each_claim_has_its_level_and_date(client, catalogue):
    EvidenceFactory(platform=catalogue["hoichan"], title="Kể lại, không dẫn trang", url="")

    page = client.get("/nen-tang/hopviet/").content.decode()

    assert "Có trang công khai nêu" in page
    assert "Ghi theo nguồn, chưa kiểm chứng" in page
    assert "Có trang công khai nêu" not in client.get("/nen-tang/hoichan/").content.decode()


def test_a_platform_page_leads_on(client, catalogue):
    other = PlatformFactory(name="Sổ Họp Việt", vendor=catalogue["hopviet"].vendor, slug="so-hop")

    page = client.get("/nen-tang/hopviet/").content.decode()

    for address in (
        "/nhom/online-meetings/", "/nhom/health/", f"/nha-cung-cap/{other.vendor.key}/", "/nen-tang/so-hop/",
        "/nen-tang/hopcu/", "/nen-tang/hopviet/bao-sai/",
    ):  # fmt: skip
        assert f'href="{address}"' in page, address
    assert 'href="/nen-tang/temviet/"' not in page, "another category, another vendor"


def test_history_names_the_days_on_which_the_listing_changed(client, catalogue):
    platform = catalogue["hopviet"]
    Platform.objects.filter(pk=platform.pk).update(listed_at=datetime(2026, 10, 1, tzinfo=UTC))
    Change.objects.filter(slug="hopviet").delete()
    for at, day in enumerate((3, 3, 9), start=1):
        Change.objects.create(sequence=900 + at, slug="hopviet")
        Change.objects.filter(sequence=900 + at).update(at=datetime(2026, 11, day, 5, tzinfo=UTC))
    Change.objects.create(sequence=990, slug="temviet")
    Change.objects.create(sequence=991, slug="hopviet", fields=[])

    history = client.get("/nen-tang/hopviet/").context["history"]

    assert [(row["date"].isoformat(), row["text"]) for row in history] == [
        ("2026-11-22", "Đọc và ghi 1 bằng chứng"),
        ("2026-11-09", "Trang thay đổi 1 lần"),
        ("2026-11-03", "Trang thay đổi 2 lần"),
        ("2026-10-01", "Đưa vào danh mục này"),
    ]


def test_history_says_what_changed(client, api, catalogue):
    Platform.objects.filter(slug="hopviet").update(created_at=datetime(2026, 10, 1, tzinfo=UTC))
    platform = Platform.objects.get(slug="hopviet")
    platform.price_min, platform.capabilities = 40_000_000, ["Biểu quyết điện tử"]
    platform.save()

    texts = [row["text"] for row in client.get("/nen-tang/hopviet/").context["history"]]
    english = client.get("/en/nen-tang/hopviet/").content.decode()
    given = api.get("/api/v1/platforms/hopviet").json()["history"]

    assert "Thay đổi: chức năng, giá, mức bảo đảm, bằng chứng" in texts
    assert "Changed: features, price, assurance" in english
    assert given[0]["changed"] == ["capabilities", "price_min"]


@pytest.mark.parametrize("rows", [0, 60])
def test_a_platform_page_costs_the_same_however_full_its_category(client, django_assert_num_queries, catalogue, rows):
    for at in range(rows):
        PlatformFactory(category=catalogue["hopviet"].category, slug=f"hop-{at}", vendor=catalogue["hopviet"].vendor)
    PlatformFactory(slug="hop-them", vendor=catalogue["hopviet"].vendor)

    with django_assert_num_queries(15):
        client.get("/nen-tang/hopviet/")


def test_what_is_not_known_is_said(client, catalogue):
    page = client.get("/nen-tang/hoichan/").content.decode()

    assert page.count("Chưa rõ") >= 5


def test_a_discontinued_product_says_so(client, catalogue):
    assert "đã ngừng cung cấp" in client.get("/nen-tang/hopcu/").content.decode()


def test_text_of_a_listing_is_never_markup(client):
    PlatformFactory(slug="xau", name="<script>alert(1)</script>", summary="<img src=x onerror=alert(1)>")

    page = client.get("/nen-tang/xau/").content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_there_is_an_english_page_at_its_own_address(client, catalogue):
    page = client.get("/en/nen-tang/hopviet/").content.decode()

    assert '<html lang="en">' in page
    assert "On public record" in page
    assert 'href="/nen-tang/hopviet/"' in page, "the switch leads to this very page in Vietnamese"


def test_the_vietnamese_page_stays_vietnamese_for_an_english_browser(client, catalogue):
    page = client.get("/nen-tang/hopviet/", headers={"accept-language": "en"}).content.decode()

    assert '<html lang="vi">' in page


def test_an_unknown_address_is_a_page_that_leads_on(client):
    answer = client.get("/nen-tang/khong-co/")

    assert answer.status_code == 404
    assert reverse("home") in answer.content.decode()


@pytest.mark.parametrize("fields", [{"price_min": 500, "price_max": 10_000, "price_unit": "kiện"}])
def test_a_price_is_written_as_vietnamese_write_it(fields):
    assert price_range(PlatformFactory(**fields)) == "500 đ – 10.000 đ / kiện"


def test_every_page_forbids_what_does_not_come_from_here(client, catalogue):
    policy = client.get("/nen-tang/hopviet/")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_admin_is_for_operators(client):
    assert client.get("/quan-tri/").status_code == 302
    client.force_login(UserFactory())
    assert client.get("/quan-tri/").status_code == 302
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get("/quan-tri/").status_code == 200


def test_evidence_added_in_the_admin_raises_the_level(admin_client_of, catalogue):
    platform = catalogue["hoichan"]
    address = f"/quan-tri/catalogue/platform/{platform.pk}/change/"
    form = admin_client_of.get(address).context["adminform"].form
    data = {name: form[name].value() if form[name].value() is not None else "" for name in form.fields}
    data |= {
        "capabilities": "[]", "solves": "[]", "customers": "[]", "deployment": "[]", "sources": "[]",
        "standards": "[]", "languages": "[]", "export_formats": "[]",
        "packages-TOTAL_FORMS": "0", "packages-INITIAL_FORMS": "0",
        "connections-TOTAL_FORMS": "0", "connections-INITIAL_FORMS": "0",
        "evidence-TOTAL_FORMS": "1", "evidence-INITIAL_FORMS": "0", "evidence-MIN_NUM_FORMS": "0",
        "evidence-0-kind": "sao_khue", "evidence-0-title": "Sao Khuê 2025", "evidence-0-url": "https://example.vn/sk",
        "evidence-0-seen_on": "2026-11-20", "evidence-0-platform": str(platform.pk),
    }  # fmt: skip

    answer = admin_client_of.post(address, data)

    assert answer.status_code == 302, answer.context["errors"]
    platform.refresh_from_db()
    assert platform.assurance == "public_record"


@pytest.fixture
def admin_client_of(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client
