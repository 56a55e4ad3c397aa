"""The list of pages is whole, and every page tells machines the same about itself."""

import json
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import extruct
import pytest

from tests import pages

pytestmark = pytest.mark.django_db
SITE = "http://testserver"
_XML = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def prepared(answering):
    pages.prepare()


def test_every_page_with_arguments_has_an_example(prepared):
    shown = {page.name for page in pages.examples()}

    assert pages.names() - shown - pages.NOT_PAGES.keys() == set(), "add it to examples() in tests/pages.py"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_names_itself_in_both_languages(client, prepared, language):
    for address in pages.addresses(language):
        page = client.get(address).content.decode()
        links = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))
        canonical = re.search(r'<link rel="canonical" href="([^"]+)">', page)[1]

        assert set(links) == {"vi", "en", "x-default"}, address
        assert links["x-default"] == links["vi"], address
        assert canonical.partition("?")[0] == links[language].partition("?")[0], address
        assert urlsplit(canonical).path == urlsplit(address).path, address


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_data_and_the_card_of_every_page_can_be_read(client, prepared, language):
    for address in pages.addresses(language):
        page = client.get(address).content.decode()
        data = extruct.extract(page, base_url=SITE + address, syntaxes=["json-ld", "opengraph"], errors="strict")

        card = dict(data["opengraph"][0]["properties"])
        assert card["og:title"], address
        assert card["og:description"], address
        assert card["og:url"].startswith(SITE), address
        assert client.get(card["og:image"].removeprefix(SITE))["Content-Type"] == "image/png", address
        for block in data["json-ld"]:
            assert block["@context"] == "https://schema.org", address
            assert all(node["@type"] for node in block["@graph"]), address


def test_the_sitemap_holds_exactly_the_pages_that_may_be_indexed(client, prepared):
    answer = client.get("/sitemap.xml")
    listed = {
        entry.find("s:loc", _XML).text: {
            link.get("hreflang"): link.get("href") for link in entry.findall("x:link", _XML)
        }
        for entry in ET.fromstring(answer.content).findall("s:url", _XML)  # noqa: S314 (our own file)
    }

    for language in ("vi", "en"):
        for address in pages.addresses(language):
            if "?" in address:
                continue  # what is asked of a page has no entry of its own
            page = client.get(address).content.decode()
            canonical = re.search(r'<link rel="canonical" href="([^"]+)">', page)[1]
            hidden = '<meta name="robots" content="noindex' in page
            assert (canonical in listed) is not hidden, canonical
    for address, others in listed.items():
        page = client.get(address.removeprefix(SITE))
        assert page.status_code == 200, address
        assert f'<link rel="canonical" href="{address}">' in page.content.decode()
        assert set(others) == {"vi", "en", "x-default"}


def test_no_text_of_a_page_ends_a_data_block(client, catalogue):
    platform = catalogue["hopviet"]
    platform.name, platform.summary = "</script><b>x", "<!-- <script> & 'y' \u2028"
    platform.save()

    page = client.get("/nen-tang/hopviet/").content.decode()

    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(blocks) == 2
    assert json.loads(blocks[0])["@graph"][0]["name"] == "</script><b>x"
    assert "<" not in "".join(blocks)
