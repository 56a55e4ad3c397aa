import gc
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from recommender.engine import snapshot
from recommender.engine.index import ENGINE_VERSION, Index
from recommender.engine.pipeline import rank, recommend
from recommender.engine.semantic import Find
from recommender.engine.types import Document, Knowledge

from .samples import CATALOGUE, DOCUMENTS, KNOWLEDGE, STATEMENT, WordEmbedder, index_of, listing, no_vectors, vectors_of

ROOT = Path(__file__).parents[3]
HOUR = 3600
WITH_VECTORS_ONLY = ("known_vectors.npy", "centre.npy")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "snapshots"


def write(home: Path, documents=CATALOGUE, find: Find = no_vectors, sequence: int = 1, model: str = "") -> Index:
    return snapshot.write(home, documents, KNOWLEDGE, find, sequence=sequence, model=model)


def current(home: Path) -> Path:
    name = snapshot.current_name(home)
    assert name is not None
    return home / name


def age(folder: Path, seconds: float) -> None:
    then = folder.stat().st_mtime - seconds
    os.utime(folder, (then, then))


class TestRoundTrip:
    @pytest.mark.parametrize("embedder", [None, WordEmbedder()])
    def test_what_was_written_answers_the_same_when_opened(self, home, embedder):
        documents = [replace(DOCUMENTS, assured_on=date(2025, 11, 25), price_max=None, available=False), *CATALOGUE[1:]]
        written = write(home, documents, vectors_of(documents), 41, WordEmbedder.name)

        opened = snapshot.open_current(home)

        assert recommend(STATEMENT, opened, embedder) == recommend(STATEMENT, written, embedder)
        assert rank(STATEMENT, opened, embedder)[0][0] == DOCUMENTS.key
        assert list(opened.documents()) == documents
        assert opened.stamp == written.stamp
        assert opened.name == written.name == snapshot.current_name(home)

    def test_what_is_known_besides_the_listings_is_kept(self, home):
        write(home)

        opened = snapshot.open_current(home)

        assert opened.knowledge == KNOWLEDGE
        assert opened.expander.expand("UBND xã")[1] == (("UBND", "Ủy ban nhân dân"),)
        assert (opened.stamp.sequence, opened.stamp.engine) == (1, ENGINE_VERSION)

    def test_an_empty_catalogue_can_be_written_and_opened(self, home):
        snapshot.write(home, [], Knowledge(), no_vectors, sequence=0, model="")

        opened = snapshot.open_current(home)

        assert len(opened) == 0
        assert recommend(STATEMENT, opened).abstained

    def test_what_was_opened_can_be_changed(self, home):
        write(home)
        new = listing("new")

        changed = snapshot.open_current(home).with_changes({"new": new, "camera": None}, 2, no_vectors)

        memory = index_of(CATALOGUE).with_changes({"new": new, "camera": None}, 2, no_vectors)
        assert recommend(STATEMENT, changed) == recommend(STATEMENT, memory)
        assert {document.key for document in changed.documents()} == {"van-ban", "hoc-ba", "luu-tru", "new"}

    @pytest.mark.parametrize("mode", [0o755, 0o700])
    def test_who_may_look_into_the_folder_may_read_its_snapshots(self, home, mode):
        home.mkdir()
        home.chmod(mode)

        write(home)

        assert current(home).stat().st_mode & 0o777 == mode


class TestCurrent:
    @pytest.mark.parametrize("made", [True, False])
    def test_without_a_snapshot_there_is_none_to_open(self, home, made):
        if made:
            home.mkdir()

        assert snapshot.current_name(home) is None
        with pytest.raises(FileNotFoundError):
            snapshot.open_current(home)

    def test_the_last_one_written_is_current(self, home):
        write(home, sequence=1)
        write(home, [DOCUMENTS], sequence=2)

        opened = snapshot.open_current(home)

        assert (opened.stamp.sequence, len(opened)) == (2, 1)

    def test_a_half_written_folder_is_ignored(self, home):
        write(home)
        half = home / "snapshot-half"
        shutil.copytree(current(home), half)
        (half / "stamp.json").unlink()

        opened = snapshot.open_current(home)

        assert list(opened.documents()) == list(CATALOGUE)
        assert half.exists()

    def test_a_half_written_folder_alone_is_no_snapshot(self, home):
        (home / "snapshot-half" / "tantivy").mkdir(parents=True)

        with pytest.raises(FileNotFoundError):
            snapshot.open_current(home)

    def test_an_open_snapshot_answers_after_its_folder_is_deleted(self, home):
        expected = recommend(
            STATEMENT, write(home, CATALOGUE, vectors_of(CATALOGUE), 1, WordEmbedder.name), WordEmbedder()
        )
        opened = snapshot.open_current(home)

        shutil.rmtree(home)

        assert recommend(STATEMENT, opened, WordEmbedder()) == expected
        assert list(opened.documents()) == list(CATALOGUE)

    def test_an_open_snapshot_answers_after_another_is_written(self, home):
        write(home)
        opened = snapshot.open_current(home)

        write(home, [DOCUMENTS], sequence=2)

        assert list(opened.documents()) == list(CATALOGUE)


class TestDamage:
    @pytest.mark.parametrize("damage", ["cut in half", "emptied", "zeros", "gone"])
    def test_a_damaged_file_makes_the_snapshot_stale(self, home, damage):
        write(home, CATALOGUE, vectors_of(CATALOGUE), 1, WordEmbedder.name)
        files = [*current(home).glob("*.npy"), *current(home).glob("*.json"), current(home) / "tantivy" / "meta.json"]
        unnoticed = []

        for file in files:
            content = file.read_bytes()
            if damage == "gone":
                file.unlink()
            else:
                changed = {"cut in half": content[: len(content) // 2], "emptied": b"", "zeros": bytes(len(content))}
                file.write_bytes(changed[damage])
            try:
                snapshot.open_current(home)
                unnoticed.append(file.name)
            except snapshot.StaleIndex:
                pass
            file.write_bytes(content)

        assert len(files) > 10
        assert snapshot.open_current(home).stamp.sequence == 1
        assert unnoticed == []

    @pytest.mark.parametrize("name", WITH_VECTORS_ONLY)
    def test_a_snapshot_that_has_lost_the_vectors_it_was_stamped_with_is_stale(self, home, name):
        write(home, CATALOGUE, vectors_of(CATALOGUE), 1, WordEmbedder.name)
        (current(home) / name).unlink()

        with pytest.raises(snapshot.StaleIndex):
            snapshot.open_current(home)

    @pytest.mark.parametrize("kept", [0, 100])
    def test_a_cut_file_of_listings_makes_the_snapshot_stale(self, home, kept):
        write(home)
        file = current(home) / "documents.jsonl"
        file.write_bytes(file.read_bytes()[:kept])

        with pytest.raises(snapshot.StaleIndex):
            snapshot.open_current(home)

    @pytest.mark.parametrize("engine", ["0.9", "", None, 1.0])
    def test_a_snapshot_of_another_engine_is_stale(self, home, engine):
        write(home)
        file = current(home) / "stamp.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), "engine": engine}))

        with pytest.raises(snapshot.StaleIndex, match=ENGINE_VERSION):
            snapshot.open_current(home)

    @pytest.mark.parametrize("name", ["snapshot-gone", "", "."])
    def test_a_pointer_to_no_snapshot_is_stale(self, home, name):
        write(home)
        (home / snapshot.CURRENT).write_text(name)

        with pytest.raises(snapshot.StaleIndex):
            snapshot.open_current(home)

    def test_a_stale_snapshot_is_replaced_by_writing_another(self, home):
        write(home)
        (current(home) / "ids.npy").unlink()

        write(home, sequence=2)

        assert snapshot.open_current(home).stamp.sequence == 2


# A catalogue that stops being read for good once the file named second stands in the new snapshot.
CHILD = """
import sys, time
from pathlib import Path
from recommender.engine import snapshot
from tests.recommender.engine.samples import CATALOGUE, KNOWLEDGE, no_vectors

home, sign = Path(sys.argv[1]), sys.argv[2]
old = snapshot.current_name(home)

class Stalls(list):
    def __iter__(self):
        for at, document in enumerate(super().__iter__()):
            if at == 2 and any(file.parent.name != old for file in home.glob(f"snapshot-*/{sign}")):
                print("writing", flush=True)
                time.sleep(600)
            yield document

snapshot.write(home, Stalls(CATALOGUE), KNOWLEDGE, no_vectors, sequence=2, model="")
print("done", flush=True)
"""


class TestKilledWriter:
    @pytest.mark.parametrize("sign", ["tantivy", "documents.jsonl"], ids=["while it analyses", "while it saves"])
    def test_the_old_snapshot_serves_on_and_the_next_is_written(self, home, sign):
        written = write(home)
        expected = recommend(STATEMENT, written)

        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(home), sign],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with child:
            assert child.stdout is not None
            said = child.stdout.readline().strip()
            child.kill()

        assert said == "writing"
        assert child.returncode == -9
        assert len(list(home.glob("snapshot-*"))) == 2
        assert snapshot.current_name(home) == written.name
        assert recommend(STATEMENT, snapshot.open_current(home)) == expected
        write(home, sequence=3)
        assert snapshot.open_current(home).stamp.sequence == 3


class TestSweep:
    def test_what_a_killed_writer_left_is_removed_after_a_while(self, home):
        left = home / "snapshot-left"
        left.mkdir(parents=True)
        age(left, HOUR)

        write(home)

        assert [folder.name for folder in home.glob("snapshot-*")] == [snapshot.current_name(home)]

    def test_a_young_folder_may_be_somebody_at_work_and_stays(self, home):
        young = home / "snapshot-young"
        young.mkdir(parents=True)

        write(home)

        assert young.exists()

    def test_other_files_are_nobody_elses_business(self, home):
        other = home / "notes"
        other.mkdir(parents=True)
        age(other, HOUR)

        write(home)

        assert other.exists()

    def test_a_snapshot_just_replaced_stays_for_those_who_are_opening_it(self, home):
        write(home)
        old = current(home)
        age(old, HOUR)

        write(home, sequence=2)

        assert old.exists()


def test_the_texts_that_need_a_vector_are_each_named_once_those_of_the_leaves_first():
    twin: Document = replace(DOCUMENTS, key="twin")

    texts = snapshot.all_texts([DOCUMENTS, twin], KNOWLEDGE)

    assert texts[0] == KNOWLEDGE.leaves[0].needs[0]
    assert texts.count(DOCUMENTS.description) == 1
    assert len(texts) == len(set(texts))
    assert set(DOCUMENTS.solves) <= set(texts)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which files a process has open")
def test_a_snapshot_that_is_let_go_closes_its_files(home):
    def open_files() -> list[str]:
        return [path for entry in os.listdir("/proc/self/fd") if (path := _target(entry)).startswith(str(home))]

    write(home)
    opened = snapshot.open_current(home)
    assert any(path.endswith("documents.jsonl") for path in open_files())

    del opened
    gc.collect()

    assert open_files() == []


def _target(descriptor: str) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")
    except FileNotFoundError:  # the one that listed them
        return ""
