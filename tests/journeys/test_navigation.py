"""The frame of every page: found at once on a wide screen, out of the way on a phone, by keyboard and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.support.factories import small_catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
MOST_LINES = 2
LINES = """() => { const line = parseFloat(getComputedStyle(document.body).lineHeight);
  return document.querySelector(".site-header__links").getBoundingClientRect().height / line }"""


@pytest.fixture(autouse=True)
def ready():
    small_catalogue()


@pytest.mark.parametrize("path", ["/nen-tang/", "/en/nen-tang/"])
@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_menu_opens_and_closes_by_keyboard(visit, path, scripts):
    page = visit(width=320, path=path, scripts=scripts).page
    summary, link = page.locator(".site-menu > summary"), page.locator(".site-nav a").nth(1)
    expect(link).to_be_hidden()

    summary.press("Enter")
    expect(link).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    summary.press("Space")
    expect(link).to_be_hidden()


@pytest.mark.parametrize("path", ["/nen-tang/", "/en/nen-tang/"])
@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_navigation_takes_two_lines_at_most(visit, width, path):
    page = visit(width=width, path=path).page

    assert page.evaluate(LINES) <= MOST_LINES


@pytest.mark.parametrize("width", [760, 1280])
def test_on_a_wider_screen_every_link_stands_open(visit, width):
    page = visit(width=width, path="/nen-tang/").page

    expect(page.locator(".site-menu > summary")).to_be_hidden()
    for link in page.locator(".site-nav a").all():
        expect(link).to_be_visible()
