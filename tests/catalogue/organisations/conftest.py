"""People of every role, and a clock that stands."""

from datetime import UTC, datetime

import pytest

from tests.support.roles import People, everyone

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


@pytest.fixture
def people(db) -> People:
    return everyone()


@pytest.fixture
def now() -> datetime:
    return NOW
