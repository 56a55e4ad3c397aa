"""Visitors of every role: pages for everybody look the same to all of them."""

import pytest

from tests.support.factories import UserFactory


@pytest.fixture(params=["anonymous", "member", "operator"])
def visitor(request, client):
    if request.param != "anonymous":
        client.force_login(UserFactory(is_staff=request.param == "operator"))
    return client
