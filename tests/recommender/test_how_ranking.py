"""The page that explains ranking shows the numbers that the engine uses."""

import pytest

from recommender.engine.index import ENGINE_VERSION, TIE_SEED
from recommender.engine.pipeline import WEIGHTS
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["anonymous", "member", "operator"])
def test_everyone_reads_the_engines_own_numbers(client, role):
    if role != "anonymous":
        client.force_login(UserFactory(is_staff=role == "operator"))

    answer = client.get("/cach-xep-hang/")
    page = answer.content.decode()

    assert [part["weight"] for part in answer.context["parts"]] == list(WEIGHTS.values())
    assert sum(part["share"] for part in answer.context["parts"]) == pytest.approx(1)
    assert f"<code>{TIE_SEED}</code>" in page
    assert ENGINE_VERSION in page
    assert 'href="/bang-diem/"' in page


def test_it_asks_nothing_of_the_database_and_speaks_english(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get("/en/cach-xep-hang/").content.decode()

    assert "How recommendations are ranked" in page
