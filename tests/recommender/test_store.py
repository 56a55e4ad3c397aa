"""The index follows the catalogue, heals itself, and answers alike whatever its history."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from catalogue.platforms import changes
from catalogue.platforms.choices import Assurance
from catalogue.platforms.models import Category, Platform
from recommender import store
from recommender.engine import snapshot
from recommender.engine.pipeline import rank
from recommender.models import TextVector
from recommender.store import Store
from tests.support.factories import PlatformFactory, small_catalogue

pytestmark = pytest.mark.django_db
QUESTION = "Họp trực tuyến và biểu quyết điện tử cho ủy ban nhân dân"


def found(index) -> list[str]:
    return rank(QUESTION, index)[0]


@pytest.fixture
def built(catalogue, index_dir) -> Store:
    store.fill_vectors()
    a_store = Store(index_dir)
    a_store.rebuild()
    return a_store


def test_a_missing_index_is_built_by_the_first_who_asks(catalogue, index_dir):
    index = Store(index_dir).current()

    assert len(index) == 5
    assert snapshot.current_name(index_dir) == index.name


def test_a_change_is_seen_by_the_next_answer_of_every_process(built, index_dir, catalogue):
    other_process = Store(index_dir)
    assert found(other_process.current())[0] == "hopviet"

    Platform.objects.get(slug="hopviet").delete()
    PlatformFactory(slug="hop-moi", name="Họp Mới", summary="Họp trực tuyến, biểu quyết điện tử cho ủy ban nhân dân.",
                    category=catalogue["hopcu"].category)  # fmt: skip

    for one in (built, other_process):
        assert found(one.current())[0] == "hop-moi"
        assert "hopviet" not in found(one.current())


def test_a_change_costs_no_rebuild(built):
    name = built.current().name
    Platform.objects.get(slug="hoichan").save()

    index = built.current()

    assert index.name == name
    assert index.stamp.sequence == changes.current_sequence()


def test_scores_after_changes_are_those_of_a_full_rebuild(built):
    PlatformFactory(slug="them", summary="Phần mềm họp và quản lý văn bản.")
    Platform.objects.get(slug="temviet").delete()
    khamxa = Platform.objects.get(slug="khamxa")
    khamxa.summary = "Họp hội chẩn trực tuyến."
    khamxa.save()
    followed = found(built.current())

    rebuilt = found(built.rebuild())

    assert followed == rebuilt


def test_a_change_of_categories_rebuilds(built):
    name = built.current().name
    Category.objects.get(key="telehealth").save()

    assert built.current().name != name


def test_many_changes_rebuild(built, monkeypatch):
    monkeypatch.setattr(store, "FEWEST_CHANGED", 2)
    name = built.current().name
    for slug in ("khamxa", "hoichan", "temviet"):
        Platform.objects.get(slug=slug).save()

    assert built.current().name != name


def test_a_deleted_folder_heals_under_a_running_server(built, index_dir):
    before = found(built.current())
    shutil.rmtree(index_dir)

    assert found(built.current()) == before
    assert snapshot.current_name(index_dir)


def test_a_damaged_snapshot_is_built_again(built, index_dir):
    (index_dir / built.current().name / "stamp.json").write_text("{")

    assert found(Store(index_dir).current())[0] == "hopviet"


def test_a_snapshot_of_another_engine_is_built_again(built, index_dir):
    stamp = index_dir / built.current().name / "stamp.json"
    stamp.write_text(stamp.read_text().replace('"engine": "', '"engine": "0.'))

    assert Store(index_dir).current().name != built.current().name or snapshot.current_name(index_dir)
    assert snapshot.open_current(index_dir).stamp.engine == snapshot.ENGINE_VERSION


def test_an_index_of_a_later_database_is_built_again(built, index_dir):
    from catalogue.platforms.models import Change, ChangeCounter

    Change.objects.all().delete()
    ChangeCounter.objects.update(last=0)

    assert Store(index_dir).current().stamp.sequence == 0


def test_two_threads_that_find_no_index_build_it_once(catalogue, index_dir, monkeypatch):
    built = []
    write = store._write
    monkeypatch.setattr(store, "_write", lambda folder: built.append(1) or write(folder))
    a_store = Store(index_dir)

    a_store.current()
    Store(index_dir).current()

    assert built == [1]


def test_a_platform_without_vectors_is_ranked_by_its_words(built):
    PlatformFactory(slug="hop-moi", name="Họp Mới", summary="Họp trực tuyến, biểu quyết điện tử, ủy ban nhân dân.")

    assert "hop-moi" in found(built.current())[:3]


def test_filled_in_vectors_reach_the_index(built, catalogue):
    PlatformFactory(slug="hop-moi", summary="Một câu chưa từng thấy.", category=catalogue["hopcu"].category)
    without = built.current().delta
    made = store.fill_vectors(["hop-moi"])
    changes.record(["hop-moi"])

    filled = built.current().delta

    assert made == 2  # the name with the summary; and the summary again, standing in for what is not described
    assert len(without.vectors) == 0
    assert len(filled.vectors) == 3


def test_a_new_category_keeps_the_comparison_of_meaning(built):
    PlatformFactory(slug="hop-moi")

    assert built.current().stamp.model == "hashed-words"


def test_vectors_are_made_once_a_text(catalogue):
    first = store.fill_vectors()

    assert first == TextVector.objects.count()
    assert store.fill_vectors() == 0


def test_the_level_in_the_index_is_the_level_in_the_database(built):
    levels = {document.key: document.assurance.key for document in built.current().documents()}

    assert levels["hopviet"] == Assurance.PUBLIC_RECORD
    assert levels["hoichan"] == Assurance.LISTED


@pytest.mark.django_db(transaction=True)
def test_a_build_killed_half_way_leaves_the_old_index_serving(index_dir, tmp_path):
    """A real process, killed with SIGKILL while it writes."""
    small_catalogue()
    a_store = Store(index_dir)
    name = a_store.rebuild().name
    script = tmp_path / "build.py"
    script.write_text(
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from recommender.engine import snapshot\n"
        "from recommender.engine.types import Document, Knowledge\n"
        "snapshot._save = lambda index, folder: os.kill(os.getpid(), signal.SIGKILL)\n"
        "documents = [Document(str(n), 'ten', 'v', 'V', 'c') for n in range(50)]\n"
        "snapshot.write(Path(sys.argv[1]), documents, Knowledge(), lambda keys: {}, sequence=9, model='')\n"
    )

    killed = subprocess.run(
        [sys.executable, str(script), str(index_dir)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )

    assert killed.returncode == -9
    assert snapshot.current_name(index_dir) == name
    assert found(a_store.current())[0] == "hopviet"


@pytest.mark.django_db(transaction=True)
def test_threads_that_answer_while_the_catalogue_changes_never_fail(index_dir):
    small_catalogue()
    a_store = Store(index_dir)
    a_store.rebuild()
    index, failures = a_store.current(), []

    def ask() -> None:
        try:
            for _ in range(20):
                found(a_store._index or index)
        except Exception as error:  # noqa: BLE001 (whatever it is, the test reports it)
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        Platform.objects.get(slug="hoichan").save()
        a_store.current()
    for thread in threads:
        thread.join()

    assert failures == []
