"""The pattern page shows every component there is, to everybody."""

import pytest

from catalogue.web.pattern_samples import samples
from catalogue.web.patterns import COMPONENTS, tokens
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_every_component_has_a_sample_and_every_sample_a_component():
    assert samples().keys() == {path.stem for path in COMPONENTS.glob("*.html")}


@pytest.mark.parametrize("role", ["anonymous", "member", "operator"])
@pytest.mark.parametrize("address", ["/mau-giao-dien/", "/en/mau-giao-dien/"])
def test_everybody_sees_every_component_and_token(client, django_assert_num_queries, address, role):
    if role != "anonymous":
        client.force_login(UserFactory(is_staff=role == "operator"))

    page = client.get(address).content.decode()

    for name in samples():
        assert f'id="mau-{name}"' in page
    assert 'fill="var(--teal)"' in page
    assert '<meta name="robots" content="noindex">' in page, "made-up products are not for search engines"


def test_the_page_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/mau-giao-dien/")


def test_the_tokens_are_those_of_the_stylesheet():
    found = tokens()

    assert {"name": "teal", "value": "#0b5654"} in found["colours"]
    assert {"name": "space-4", "value": "1rem", "px": 16} in found["sizes"]
    assert [token["name"] for token in found["texts"]][:2] == ["text-s", "text-m"]
