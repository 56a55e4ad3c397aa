"""Fixtures that every test may ask for."""

import hashlib
import os
import shutil
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from rest_framework.test import APIClient

from recommender import store, vectors

REQUIRE_SERVICES = os.environ.get("REQUIRE_SERVICES") == "1"


def answers(port: int) -> bool:
    """Say whether something listens on this port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a service that does not answer, in words; with REQUIRE_SERVICES=1 let it run and fail."""
    missing = {
        "services": [name for name, port in (("PostgreSQL", 5432), ("Redis", 6379)) if not answers(port)],
        "browser": [] if shutil.which("chromium") else ["Chromium"],
    }
    for item in items:
        for marker, absent in missing.items():
            if item.get_closest_marker(marker) and absent and not REQUIRE_SERVICES:
                item.add_marker(pytest.mark.skip(reason=f"{' and '.join(absent)} not found on this machine"))


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


@pytest.fixture
def api() -> APIClient:
    return APIClient()
