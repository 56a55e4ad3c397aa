"""What a listing says in the statement's own words counts for nothing, and what it says besides counts as before."""

from dataclasses import replace

import pytest

from catalogue.common.text import fold
from recommender.engine import pipeline
from recommender.engine.pipeline import recommend
from recommender.engine.quoting import Asked
from recommender.engine.read import read
from recommender.engine.types import Assurance

from .samples import (
    CAMERAS,
    CATALOGUE,
    DOCUMENTS,
    KNOWLEDGE,
    SCHOOLS,
    WordEmbedder,
    index_of,
    no_vectors,
    vectors_of,
)

STATEMENT = (
    "Giáo viên trường phổ thông ghi điểm vào sổ giấy rồi cuối kỳ phải nhập lại vào máy. "
    "Phụ huynh ở bản xa không biết kết quả học tập của con mình."
)
QUOTING = replace(CAMERAS, solves=(*CAMERAS.solves, STATEMENT))


@pytest.fixture(autouse=True)
def _answers_whatever_the_calibration(monkeypatch):
    monkeypatch.setattr(pipeline, "threshold", lambda **kind: 0.0)
    monkeypatch.setattr(pipeline, "WORTH_SHOWING", 0.0)


def quoted(document, statement=STATEMENT):
    asked = Asked(read(statement, index_of(CATALOGUE).expander))
    return asked and asked.quoted(document)


def scores(listings, statement=STATEMENT, *, vectors):
    answer = recommend(
        statement,
        index_of(listings, vectors=vectors),
        WordEmbedder() if vectors else None,
        min_assurance=Assurance.LISTED,
    )
    return {hit.document.key: hit for hit in answer.results}


class TestWhatIsQuoted:
    @pytest.mark.parametrize(
        "text",
        [
            STATEMENT,
            fold(STATEMENT).upper(),
            " ".join(reversed(STATEMENT.split(". "))),
            f"Ùn tắc ở nút giao, {STATEMENT.replace('.', ',')} và còn nhiều việc khác của thành phố",
        ],
        ids=["whole", "without marks", "turned round", "within a longer sentence"],
    )
    def test_the_statements_own_words_are(self, text):
        assert quoted(replace(CAMERAS, solves=(text,)))
        assert quoted(replace(CAMERAS, description=text))

    @pytest.mark.parametrize("listing", [*CATALOGUE, replace(SCHOOLS, name=STATEMENT)], ids=lambda one: one.key)
    def test_a_listing_that_says_the_same_in_its_own_words_is_not(self, listing):
        assert not quoted(listing)

    def test_short_sentences_that_together_are_the_statement_are(self):
        words = STATEMENT.split()
        cut = tuple(" ".join(words[at : at + 8]) for at in range(0, len(words), 8))

        assert len(quoted(replace(CAMERAS, capabilities=cut))) == len(cut)

    def test_a_short_statement_is_anybodys(self):
        statement = "Phường cần họp trực tuyến, họp không giấy và biểu quyết điện tử"
        listing = replace(CAMERAS, summary="Họp trực tuyến, họp không giấy, biểu quyết điện tử.")

        assert not quoted(listing, statement)
        assert quoted(listing, f"{statement} vì cán bộ đi xa") == frozenset(), "most of which the listing does not say"

    def test_what_a_listing_counts_up_as_the_statement_does_is_its_own(self):
        features = ("quản lý văn bản", "họp trực tuyến", "chấm công", "ký số từ xa", "lưu trữ hồ sơ")

        assert not quoted(replace(CAMERAS, capabilities=features), f"Cần {', '.join(features)} cho cả cơ quan.")
        assert not quoted(replace(CAMERAS, capabilities=features), f"{'; '.join(features)}; cần dùng được ngay.")


@pytest.mark.parametrize("vectors", [False, True], ids=["words", "vectors"])
class TestWhatItCounts:
    def test_a_listing_gains_nothing_by_it(self, vectors):
        before, after = scores(CATALOGUE, vectors=vectors), scores([QUOTING, DOCUMENTS, SCHOOLS], vectors=vectors)

        assert after[CAMERAS.key].score <= before[CAMERAS.key].score + 0.01
        assert max(after, key=lambda key: after[key].score) == SCHOOLS.key

    def test_it_would_be_first_if_nobody_looked(self, vectors, monkeypatch):
        monkeypatch.setattr(pipeline, "_quoting", lambda *_: {})
        listings = [replace(SCHOOLS, solves=()), replace(QUOTING, category=SCHOOLS.category, solves=(STATEMENT,) * 2)]
        answer = scores(listings, vectors=vectors)

        assert answer[CAMERAS.key].score > answer[SCHOOLS.key].score

    def test_a_product_that_answers_stays_first_by_the_rest_of_what_it_says(self, vectors):
        listings = [replace(SCHOOLS, solves=(*SCHOOLS.solves, STATEMENT)), CAMERAS, DOCUMENTS]

        assert max(hits := scores(listings, vectors=vectors), key=lambda key: hits[key].score) == SCHOOLS.key

    def test_what_is_quoted_is_no_reason(self, vectors):
        listing = replace(SCHOOLS, solves=(*SCHOOLS.solves, STATEMENT))
        reasons = scores([listing, CAMERAS], vectors=vectors)[SCHOOLS.key].reasons

        assert reasons
        assert not {one.text for one in reasons} & {STATEMENT, *STATEMENT.split(". ")}

    def test_a_vetted_listing_may_say_it(self, vectors):
        vetted = replace(QUOTING, assurance=Assurance.VETTED)

        asked_of_both = [scores([one, DOCUMENTS, SCHOOLS], vectors=vectors)[CAMERAS.key] for one in (vetted, QUOTING)]

        assert asked_of_both[0].score > asked_of_both[1].score
        assert STATEMENT.split(". ")[0] in asked_of_both[0].reasons[0].text

    def test_it_is_the_same_for_a_listing_that_changed_since_the_index_was_built(self, vectors):
        embedder = WordEmbedder() if vectors else None
        listed = [QUOTING, DOCUMENTS, SCHOOLS]
        index = index_of([CAMERAS, DOCUMENTS, SCHOOLS], vectors=vectors)
        find = vectors_of(listed, KNOWLEDGE) if vectors else no_vectors
        changed = recommend(
            STATEMENT,
            index.with_changes({QUOTING.key: QUOTING}, 1, find),
            embedder,
            min_assurance=Assurance.LISTED,
        )

        assert {hit.document.key: hit.score for hit in changed.results} == {
            key: hit.score for key, hit in scores(listed, vectors=vectors).items()
        }
