"""Pages of the catalogue: what is known is shown, what is not is said."""

import pytest
from django.urls import reverse

from catalogue.web.public import price_range
from tests.support.factories import EvidenceFactory, PlatformFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["anonymous", "member", "operator"])
def visitor(request, client):
    if request.param != "anonymous":
        client.force_login(UserFactory(is_staff=request.param == "operator"))
    return client


def test_a_platform_page_shows_its_facts_level_date_and_evidence_to_everyone(visitor, catalogue):
    EvidenceFactory(platform=catalogue["hopviet"], title="Triển khai tại tỉnh Lào Cai")

    page = visitor.get("/nen-tang/hopviet/").content.decode()

    assert "<h1>HọpViệt</h1>" in page
    assert "Có bằng chứng công khai" in page
    assert "22/11/2026" in page
    assert "Triển khai tại tỉnh Lào Cai" in page
    assert "50.000.000" in page


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
