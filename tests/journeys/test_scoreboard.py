"""The scoreboard in a real browser: readable by everybody, on a phone too."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", ["/bang-diem/", "/en/bang-diem/"])
def test_the_scoreboard_can_be_read_by_everybody(visit, path, width, scheme):
    visitor = visit(width=width, scheme=scheme, path=path)
    page = visitor.page
    page.locator("details").first.evaluate("element => { element.open = true }")

    expect(page.locator("svg.score-picture")).to_be_visible()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing sticks out sideways"
    assert visitor.trouble == []
