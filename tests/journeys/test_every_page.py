"""Every public page in a real browser: for everybody, on every screen, in both languages, without scripts too."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from recommender import store
from tests import pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LEAST_COLUMN = 150  # pixels: half of what a phone of 320 has between its margins
NARROW = """least => [...document.querySelectorAll("main section")]
  .filter(part => part.offsetWidth > 1 && part.offsetWidth < least).map(part => part.innerText.slice(0, 40))"""
OVERLAPPING = """() => { const boxes = [...document.querySelectorAll("header a")].map(link => [link, link.getBoundingClientRect()])
  .filter(([, box]) => box.width);
  return boxes.flatMap(([one, a], at) => boxes.slice(at + 1).filter(([, b]) => a.left < b.right && b.left < a.right
    && a.top < b.bottom && b.top < a.bottom).map(([other]) => `${one.innerText} / ${other.innerText}`)) }"""
IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", ["vi", "en"])


@pytest.fixture(autouse=True)
def ready(answering):
    pages.prepare()
    store.fill_vectors()


@IN_BOTH_LANGUAGES
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_can_be_used_by_everybody(visit, live_server, width, scheme, language):
    visitor = visit(width=width, scheme=scheme)
    page, axe, wrong = visitor.page, Axe(), []
    for address in pages.addresses(language):
        answer = page.goto(live_server.url + address)
        assert answer.status == 200, address
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        for rule in axe.run(page, options=RULES).response["violations"]:
            wrong += [f"{address} {rule['id']}: {node['html'][:120]}" for node in rule["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(f"{address} sticks out sideways")
        wrong += [f"{address} has a narrow column: {part}" for part in page.evaluate(NARROW, LEAST_COLUMN)]
        wrong += [f"{address} links overlap: {links}" for links in page.evaluate(OVERLAPPING)]
        wrong += [f"{address} {trouble}" for trouble in visitor.trouble]
        visitor.trouble.clear()

    assert wrong == []


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
        assert page.locator("main h1").first.is_visible(), address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{address} sticks out"
