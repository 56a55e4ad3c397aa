"""Public retrieval sets: read as they are published, searched as listings are, and shipped as their sources have them."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from catalogue.common.text import fold
from recommender import retrieval_sets, store, vectors
from recommender.engine.metrics import RELEVANT
from recommender.evaluation import BadProblems
from recommender.retrieval_sets import judge, read_set, read_sets, ways

SHIPPED = settings.BASE_DIR / "evaluation"
ABOUT = "title: Bộ nhỏ\nlabel: {vi: Bộ nhỏ, en: A small set}\nlicence: CC0\nsource: https://example.org/set\n"
PASSAGES = {
    "cau": "Cầu Long Biên bắc qua sông Hồng, do Pháp xây từ năm 1899.",
    "song": "Sông Hồng chảy qua chín tỉnh rồi đổ ra vịnh Bắc Bộ.",
    "voi": "Cá voi xanh là loài vật lớn nhất còn sống trên trái đất.",
    "sao": "Sao chổi có đuôi dài vì băng bốc hơi khi lại gần mặt trời.",
}
QUESTIONS = {"q1": "Con vật nào lớn nhất trái đất?", "q2": "Cầu Long Biên xây năm nào?", "q3": "Không ai chấm câu này?"}
QRELS = [("q1", "voi", 1), ("q1", "sao", 0), ("q2", "cau", 1)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set of our own, in BEIR's layout."""
    folder = tmp_path / "sets" / "nho"
    (folder / "qrels").mkdir(parents=True)
    (folder / "about.yaml").write_text(ABOUT)
    for name, rows in (("corpus", PASSAGES), ("queries", QUESTIONS)):
        lines = [json.dumps({"_id": key, "title": "", "text": text}) for key, text in rows.items()]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    rows = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, row)) for row in QRELS)]
    (folder / "qrels" / "test.tsv").write_text("\n".join(rows) + "\n")
    return folder


class TestReading:
    def test_takes_questions_that_have_an_answer(self, folder):
        read = read_set(folder)

        assert read.passages == PASSAGES
        assert {question.id: question.judgements for question in read.questions} == {
            "q1": {"voi": RELEVANT},
            "q2": {"cau": RELEVANT},
        }
        assert (read.name, read.about["licence"], read.about["en"]) == ("nho", "CC0", "A small set")

    @pytest.mark.parametrize(
        ("file", "content", "word"),
        [
            ("about.yaml", "title: x\n", "about.yaml"),
            ("about.yaml", "- x\n", "about.yaml"),
            ("corpus.jsonl", '{"_id": "voi"}\n', "line 1"),
            ("corpus.jsonl", "{", "corpus.jsonl"),
            ("queries.jsonl", "[]\n", "line 1"),
            ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\tvoi\tnhiều\n", "test.tsv"),
            ("qrels/test.tsv", "a\tb\nq1\tca\n", "test.tsv"),
            ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\tla\t1\n", "la"),
            ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n", "no question"),
        ],
    )
    def test_names_what_is_wrong(self, folder, file, content, word):
        (folder / file).write_text(content)

        with pytest.raises(BadProblems, match=word):
            read_set(folder)

    def test_of_a_folder_without_a_set_says_so(self, tmp_path):
        with pytest.raises(BadProblems, match="no retrieval set"):
            read_sets(tmp_path)


@pytest.mark.django_db
class TestSearching:
    @pytest.fixture
    def site(self, catalogue, embedder):
        call_command("build_index", "--missing")
        return store.store().current()

    def test_finds_the_answer_with_and_without_marks(self, folder, site, embedder):
        judged = judge(read_set(folder), site, embedder)

        assert (judged["passages"], judged["questions"]) == (4, 2)
        for way in ("words", "vectors"):
            for typed in ("marked", "unmarked"):
                assert judged["ways"][way][typed]["ndcg@10"]["value"] == 1.0, (way, typed)

    def test_plain_search_does_not_read_text_without_marks(self, folder, site, embedder):
        found = ways(read_set(folder), site, embedder)
        text = fold("Con vật nào lớn nhất trái đất?")

        assert found["words"](text)[0][0] == "voi"
        assert found["plain"](text)[0][0] != "voi"

    def test_all_ten_places_may_go_to_passages(self, folder, site, embedder):
        """Listings of one vendor get at most four; passages are no vendor's."""
        rows = [json.dumps({"_id": f"p{at:02}", "text": f"Con vật nào số {at}"}) for at in range(12)]
        (folder / "corpus.jsonl").write_text("\n".join(rows))
        (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tp03\t1\n")

        ranking, _ = ways(read_set(folder), site, embedder)["words"]("con vật nào số 3")

        assert ranking[0] == "p03"
        assert len(ranking) == 12

    def test_without_an_embedder_is_by_words_only(self, folder, site):
        assert set(judge(read_set(folder), site, None)["ways"]) == {"plain", "words"}

    def test_keeps_no_vectors_and_lists_nothing(self, folder, site, embedder):
        from recommender.models import TextVector

        before = TextVector.objects.count()
        judge(read_set(folder), site, embedder)

        assert TextVector.objects.count() == before > 0
        assert len(store.store().current()) == 5

    def test_is_part_of_evaluate(self, folder, site, tmp_path, capsys, answering):
        problems = tmp_path / "problems.yaml"
        problems.write_text('problems: [{id: a, text: "họp trực tuyến", judgements: {hopviet: 3}}]')
        page = tmp_path / "page.md"

        call_command("evaluate", str(problems), "--public", str(folder.parent), "--report", str(page))

        assert "Bộ nhỏ: 2 questions, 4 passages" in capsys.readouterr().out
        assert "### Bộ nhỏ: 2 questions, 4 passages" in page.read_text()
        assert "Licence of the data: CC0. Source: https://example.org/set" in page.read_text()
        found = json.loads(page.with_suffix(".json").read_text())["public"]
        assert set(found[0]["ways"]["words"]["marked"]) == set(retrieval_sets.MEASURES)

    def test_a_broken_set_stops_evaluate_in_words(self, folder, site, tmp_path):
        (folder / "corpus.jsonl").write_text("{")
        problems = tmp_path / "problems.yaml"
        problems.write_text('problems: [{id: a, text: "họp trực tuyến", judgements: {hopviet: 3}}]')

        with pytest.raises(CommandError, match=r"corpus\.jsonl"):
            call_command("evaluate", str(problems), "--public", str(folder.parent))


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


class TestWhatIsShipped:
    @pytest.mark.parametrize(
        ("name", "passages", "questions"), [("mlqa-vi", 35, 41), ("xquad-r-vi", 105, 109)], ids=["mlqa", "xquad-r"]
    )
    def test_is_whole_and_names_its_licence(self, name, passages, questions):
        read = read_set(SHIPPED / name)

        assert (len(read.passages), len(read.questions)) == (passages, questions)
        assert all(len(question.judgements) == 1 for question in read.questions)
        assert read.about["licence"] in (SHIPPED / name / "LICENSE").read_text()
        assert f"| {questions} | {read.about['licence']} |" in (SHIPPED / "README.md").read_text()

    @pytest.mark.parametrize("name", ["mlqa-vi", "xquad-r-vi"])
    def test_every_answer_stands_where_the_source_says(self, name):
        """Offsets are the source's, so a letter too many or too few before an answer would show."""
        starts, paragraphs = {}, {}
        for row in rows(SHIPPED / name / "corpus.jsonl"):
            start = row.get("metadata", {}).get("start", 0)
            paragraph = row["_id"].partition("-")[0]
            before = paragraphs.get(paragraph)
            assert start == (0 if before is None else len(before) + 1), "sentences join with one space"
            paragraphs[paragraph] = row["text"] if before is None else f"{before} {row['text']}"
            starts[row["_id"]] = (paragraph, start, start + len(row["text"]))
        relevant = {question.id: next(iter(question.judgements)) for question in read_set(SHIPPED / name).questions}

        for row in rows(SHIPPED / name / "queries.jsonl"):
            answer, at = row["metadata"]["answer"], row["metadata"]["answer_start"]
            paragraph, start, end = starts[relevant[row["_id"]]]
            assert paragraphs[paragraph][at : at + len(answer)] == answer, row["_id"]
            assert start <= at < end, row["_id"]


def test_vectors_of_the_site_are_asked_for_only_where_a_passage_has_none(monkeypatch, folder, embedder):
    """The centre comes from the site's knowledge; a passage never does."""
    made = {key for text in PASSAGES.values() for key in [retrieval_sets.text_key(text, embedder.name)]}
    asked: set[str] = set()
    monkeypatch.setattr(vectors, "find", lambda keys: asked.update(keys) or {})
    from recommender.engine.index import Index
    from recommender.engine.types import Knowledge, Leaf

    site = Index.build([], Knowledge((Leaf("a", "Nhãn", ("nhu cầu",), ("từ",)),)), lambda keys: {})
    found = ways(read_set(folder), site, embedder)

    assert asked
    assert not asked & made
    assert "vectors" not in found, "without a centre meaning cannot be compared"
