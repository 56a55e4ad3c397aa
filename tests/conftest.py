"""Fixtures that every test may ask for."""

import hashlib
import os
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from django.test import Client
from django.utils import translation
from rest_framework.test import APIClient

from catalogue.platforms import search
from catalogue.platforms.models import Platform
from config.celery import app as celery_app
from recommender import store, vectors
from recommender.engine import pipeline
from tests import services
from tests.support.factories import UserFactory, small_catalogue

# A slow machine is no fault of the code: properties have no deadline, and fewer examples than a night would allow.
hypothesis.settings.register_profile(
    "suite", deadline=None, max_examples=50, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")
REQUIRED = {
    "services": os.environ.get("REQUIRE_SERVICES") == "1",
    "browser": os.environ.get("REQUIRE_SERVICES") == "1",
    "html_checker": os.environ.get("REQUIRE_HTML_CHECKER") == "1",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a service that does not answer, in words; where it is required let it run and fail."""
    absent = {
        "services": services.missing(),
        "browser": [] if services.chromium() else ["Chromium"],
        "html_checker": [] if services.html_checker() else ["Java or the Nu HTML checker (make web-tools)"],
    }
    for item in items:
        for marker, names in absent.items():
            if item.get_closest_marker(marker) and names and not REQUIRED[marker]:
                item.add_marker(pytest.mark.skip(reason=f"{' and '.join(names)} not found on this machine"))


class HashedEmbedder:
    """A real, small embedder: a text's vector is the sum of one fixed random direction a word. Close texts share words."""

    name = "hashed-words"

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([self._vector(text) for text in texts], np.float32)

    passages = queries

    def _vector(self, text: str) -> np.ndarray:
        total = np.zeros(64)
        for word in text.lower().split():
            seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "big")
            total += np.random.default_rng(seed).normal(size=64)
        return total / max(np.linalg.norm(total), 1e-9)


@pytest.fixture(autouse=True)
def embedder(monkeypatch: pytest.MonkeyPatch) -> HashedEmbedder:
    """Every test has vectors, of a model that costs nothing."""
    model = HashedEmbedder()
    monkeypatch.setattr(vectors, "embedder", lambda: model)
    return model


@pytest.fixture(autouse=True)
def index_dir(tmp_path: Path, settings) -> Iterator[Path]:
    """Every test has an index of its own."""
    settings.INDEX_DIR = tmp_path / "index"
    yield settings.INDEX_DIR
    store._stores.pop(settings.INDEX_DIR, None)


@pytest.fixture(autouse=True)
def nothing_read_yet() -> None:
    """A test's catalogue is rolled back, numbers and all: what was read of it is forgotten."""
    search.forget()


@pytest.fixture(autouse=True)
def in_vietnamese() -> Iterator[None]:
    """A test that read an English page leaves no English behind."""
    with translation.override("vi"):
        yield


@pytest.fixture
def fresh_cache(settings) -> None:
    """Nothing is counted or remembered yet: keys of this test's own. Never cleared, for on Redis that is everybody's."""
    kept = settings.CACHES["default"]
    prefix = f"{kept.get('KEY_PREFIX', '')}-{uuid.uuid4().hex}"
    settings.CACHES = {"default": {**kept, "KEY_PREFIX": prefix}}


@pytest.fixture
def api() -> APIClient:
    return APIClient()


@pytest.fixture(autouse=True)
def tasks_in_process(settings, request: pytest.FixtureRequest) -> Iterator[None]:
    """Tasks run in the process that sends them, unless a test brings a worker."""
    eager = request.node.get_closest_marker("services") is None
    before = celery_app.conf.task_always_eager
    settings.CELERY_TASK_ALWAYS_EAGER = celery_app.conf.task_always_eager = eager
    yield
    celery_app.conf.task_always_eager = before


@pytest.fixture
def catalogue(db) -> dict[str, Platform]:
    """Five products of three leaves."""
    return small_catalogue()


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> None:
    """The calibration is of the real catalogue; on five products the engine answers whatever it finds."""
    monkeypatch.setattr(pipeline, "threshold", lambda *, semantic: 0.0)


@pytest.fixture
def admin_client(db):
    """An operator who is signed in with a second factor, as operators must."""
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client
