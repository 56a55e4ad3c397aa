"""The scoreboard in a real browser: readable by everybody, on a phone too."""

import pytest
from playwright.sync_api import expect

from tests.journeys.looks import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", ["/bang-diem/", "/en/bang-diem/"])
def test_the_scoreboard_can_be_read_by_everybody(visit, path, width, scheme):
    visitor = visit(width=width, scheme=scheme, path=path)
    page = visitor.page
    page.locator("details").first.evaluate("element => { element.open = true }")

    expect(page.locator("svg.score-picture")).to_be_visible()
    assert faults(page) == []
    assert visitor.trouble == []
