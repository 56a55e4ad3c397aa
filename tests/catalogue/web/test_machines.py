"""Feeds, cards, robots.txt and the like: for everybody, whole, and cheap."""

import io
import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from catalogue.templatetags.machines import json_ld
from catalogue.web import structured
from catalogue.web.sharing import wrapped
from tests.support.factories import EvidenceFactory, PlatformFactory, ProblemFactory, UserFactory, VendorFactory

pytestmark = pytest.mark.django_db
ADDRESSES = {
    "/robots.txt": "text/plain; charset=utf-8",
    "/llms.txt": "text/plain; charset=utf-8",
    "/sitemap.xml": "application/xml",
    "/opensearch.xml": "application/opensearchdescription+xml; charset=utf-8",
    "/nguon-tin/nen-tang.atom": "application/atom+xml; charset=utf-8",
    "/en/nguon-tin/nen-tang.atom": "application/atom+xml; charset=utf-8",
    "/nguon-tin/bai-toan.atom": "application/atom+xml; charset=utf-8",
    "/en/nguon-tin/bai-toan.atom": "application/atom+xml; charset=utf-8",
    "/the/trang.png": "image/png",
    "/the/nen-tang/hopviet.png": "image/png",
    "/en/the/nen-tang/hopviet.png": "image/png",
}
_ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.mark.parametrize("role", ["anonymous", "member", "operator"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_everybody_gets_them_and_may_keep_them(client, catalogue, address, role):
    if role != "anonymous":
        client.force_login(UserFactory(is_staff=role == "operator"))

    answer = client.get(address)

    assert answer.status_code == 200
    assert answer["Content-Type"] == ADDRESSES[address]
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies


def test_robots_are_led_to_the_sitemap_and_away_from_the_admin(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert "Disallow: /quan-tri/" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines


def test_every_link_of_llms_txt_leads_somewhere_and_its_counts_are_true(client, catalogue):
    text = client.get("/llms.txt").content.decode()

    assert "catalogue of 5 Vietnamese digital platforms by 5 vendors in 3 categories" in text
    assert "4 of 5 platforms have cited public evidence" in text
    for link in re.findall(r"\]\(http://testserver([^)]+)\)", text):
        assert client.get(link).status_code == 200, link


def test_the_search_is_described_in_the_readers_language(client):
    for prefix in ("", "/en"):
        text = client.get(f"{prefix}/opensearch.xml").content.decode()
        assert text.startswith("<?xml")
        assert f'template="http://testserver{prefix}/nen-tang/?q={{searchTerms}}"' in text
        ET.fromstring(text)  # noqa: S314 (our own file)


def test_the_feed_gives_new_platforms_first_and_no_markup_of_theirs(client, catalogue):
    PlatformFactory(
        slug="moi", name="Mới <b>", summary="<script>x</script> & y", listed_at=datetime(2026, 11, 23, tzinfo=UTC)
    )

    feed = ET.fromstring(client.get("/nguon-tin/nen-tang.atom").content)  # noqa: S314 (our own file)
    entries = feed.findall("a:entry", _ATOM)

    assert len(entries) == 6
    assert entries[0].find("a:title", _ATOM).text == "Mới <b>"
    assert entries[0].find("a:summary", _ATOM).text == "&lt;script&gt;x&lt;/script&gt; &amp; y"
    assert entries[0].find("a:link", _ATOM).get("href") == "http://testserver/nen-tang/moi/"


def test_the_feed_of_problems_tells_what_became_of_them_and_no_draft(client, db):
    ProblemFactory(draft=True, title="Nháp")
    ProblemFactory(ended=True, title="Xong")
    ProblemFactory(title="Mới <b>", today="<script>x</script>")

    feed = ET.fromstring(client.get("/nguon-tin/bai-toan.atom").content)  # noqa: S314 (our own file)
    new, done = feed.findall("a:entry", _ATOM)

    assert new.find("a:title", _ATOM).text == "Mới <b>"
    assert "&lt;script&gt;x&lt;/script&gt;" in new.find("a:summary", _ATOM).text
    assert "Đang nhận trả lời" in new.find("a:summary", _ATOM).text
    assert "Không có trả lời nào phù hợp: Không sản phẩm nào" in done.find("a:summary", _ATOM).text
    assert feed.find("a:link[@rel='self']", _ATOM).get("href") == "http://testserver/nguon-tin/bai-toan.atom"


def test_the_picture_of_a_problem_is_only_of_what_is_public(client, db):
    shown, draft = ProblemFactory(), ProblemFactory(draft=True)

    assert client.get(f"/the/bai-toan/{shown.slug}.png")["Content-Type"] == "image/png"
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(f"/the/bai-toan/{draft.slug}.png").status_code == 404


def test_a_problem_is_described_as_what_its_agency_seeks(rf, db):
    problem = ProblemFactory()

    node = structured.demand(rf.get("/"), problem)

    assert node["@type"] == "GovernmentOrganization"
    assert node["name"] == problem.agency.name
    assert node["seeks"]["@type"] == "Demand"
    assert node["seeks"]["identifier"] == problem.number
    assert node["seeks"]["validThrough"] == problem.closes_at.isoformat()
    assert "url" not in node, "no site is known, so none is given"


@pytest.mark.parametrize("address", ["/nguon-tin/nen-tang.atom", "/nguon-tin/bai-toan.atom", "/sitemap.xml"])
def test_lists_for_machines_cost_a_query_a_table_however_long(client, django_assert_max_num_queries, address):
    PlatformFactory.create_batch(3)
    ProblemFactory.create_batch(3)
    with django_assert_max_num_queries(6) as few:
        client.get(address)
    PlatformFactory.create_batch(30)
    ProblemFactory.create_batch(30)
    with django_assert_max_num_queries(len(few)):
        client.get(address)


def test_a_card_is_a_picture_of_the_right_size_that_is_sent_once(client, catalogue):
    answer = client.get("/the/nen-tang/hopviet.png")
    picture = Image.open(io.BytesIO(answer.content))

    assert picture.size == (1200, 630)
    assert len(answer.content) < 100_000
    again = client.get("/the/nen-tang/hopviet.png", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    catalogue["hopviet"].summary = "Nay khác hẳn."
    catalogue["hopviet"].save()
    assert client.get("/the/nen-tang/hopviet.png")["ETag"] != answer["ETag"]
    assert client.get("/the/nen-tang/khong-co.png").status_code == 404


def test_the_english_card_says_it_in_english(client, catalogue):
    assert client.get("/the/nen-tang/hopviet.png")["ETag"] != client.get("/en/the/nen-tang/hopviet.png")["ETag"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("một hai", ["một hai"]),
        ("một hai ba bốn", ["một hai ba", "bốn"]),
        ("một hai ba bốn năm sáu", ["một hai ba", "bốn năm…"]),
        ("dàiquáchừngdài", ["dàiquáchừ…"]),
    ],
)
def test_a_text_is_broken_into_lines_and_what_is_left_out_is_shown(text, lines):
    assert wrapped(text, lambda part: len(part) <= 10, 2) == lines


def test_a_platform_is_described_by_what_is_known_and_nothing_else(rf, catalogue):
    EvidenceFactory(platform=catalogue["hopviet"], kind="sao_khue", title="Sao Khuê", year=2025)

    node = structured.software(rf.get("/"), catalogue["hopviet"])
    bare = structured.software(rf.get("/"), catalogue["hoichan"])

    assert node["offers"] == {
        "@type": "AggregateOffer", "lowPrice": 50_000_000, "highPrice": 90_000_000, "priceCurrency": "VND",
    }  # fmt: skip
    assert node["award"] == ["Sao Khuê (2025)"]
    assert node["provider"]["@type"] == "Organization"
    assert bare.keys().isdisjoint({"offers", "award", "datePublished", "sameAs", "featureList"})


@pytest.mark.parametrize(("code", "shown"), [("0100109106", True), ("0100109106-001", True), ("001089012345", False)])
def test_a_persons_number_is_never_given_as_a_firms(code, shown):
    node = structured.organisation(VendorFactory(tax_code=code))

    assert ("taxID" in node) is shown


def test_a_free_platform_costs_nothing(rf):
    node = structured.software(rf.get("/"), PlatformFactory(pricing_model="free"))

    assert node["offers"]["price"] == 0


def test_a_data_block_cannot_be_left():
    assert "</script" not in json_ld({"name": "</script><script>alert(1)</script>"})[20:-9]
    assert json_ld(None) == ""
