"""Every public page in a real browser: for everybody, on every screen, in both languages, without scripts too."""

import pytest

from recommender import store
from tests import pages
from tests.journeys.looks import faults_everywhere

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", ["vi", "en"])


@pytest.fixture(autouse=True)
def ready(answering):
    pages.prepare()
    store.fill_vectors()


@IN_BOTH_LANGUAGES
def test_every_page_can_be_used_by_everybody(visit, language):
    visitor = visit()
    assert [fault for address in pages.addresses(language) for fault in faults_everywhere(visitor, address)] == []


@IN_BOTH_LANGUAGES
def test_the_keyboard_reaches_the_content_of_every_page(visit, live_server, language):
    page = visit().page
    for address in pages.addresses(language):
        page.goto(live_server.url + address)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip-link", address
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.querySelector('main').contains(document.activeElement)"
            " || !document.querySelector('main').querySelector('a[href], button, input, select, textarea, summary')"
        ), f"{address}: the first step after the skip link stands in the content"
        assert page.evaluate("document.activeElement.matches(':focus-visible')"), f"{address}: focus is seen"


@IN_BOTH_LANGUAGES
def test_every_page_says_no_less_without_scripts(visit, live_server, language):
    with_scripts, without = visit().page, visit(scripts=False).page
    for address in pages.addresses(language):
        with_scripts.goto(live_server.url + address)
        without.goto(live_server.url + address)
        said = set(without.inner_text("main").splitlines())
        assert set(with_scripts.inner_text("main").splitlines()) - said == set(), address


@IN_BOTH_LANGUAGES
def test_every_page_can_be_printed(visit, live_server, language):
    page = visit(width=794).page  # A4 at 96 dots an inch
    page.emulate_media(media="print")
    for address in pages.addresses(language):
        page.goto(live_server.url + address)
        assert page.locator("main :is(h1, h2):visible").count(), f"{address} prints without a heading"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{address} sticks out"
