from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.common.text import fold
from recommender.engine import pipeline
from recommender.engine.pipeline import recommend
from recommender.engine.types import Assurance, Hit, Synonyms

from .samples import CATALOGUE, DOCUMENTS, KNOWLEDGE, STATEMENT, WordEmbedder, index_of, listing, phrase, typed_text

WITH_VECTORS = index_of(CATALOGUE, vectors=True)
RARE_TEXT = index_of(
    [
        listing("decomposed", summary="Quản lý văn bản, va\u0306n ba\u0309n — VB&ĐH", solves=("xử lý văn bản  đến",)),
        listing("lines", description="Một dòng.\nVăn bản!  Hai; ba\u200b văn bản", capabilities=("văn", "bản văn")),
        listing("bare", summary="", solves=()),
    ]
)


@pytest.fixture(autouse=True)
def _answers_whatever_the_calibration(monkeypatch):
    monkeypatch.setattr(pipeline, "threshold", lambda **kind: 0.0)
    monkeypatch.setattr(pipeline, "WORTH_SHOWING", 0.3)


def hits(text: str, index=WITH_VECTORS, embedder=None) -> tuple[Hit, ...]:
    answer = recommend(text, index, embedder, min_assurance=Assurance.LISTED)
    return answer.results + answer.also_listed


def best(text: str, embedder=None) -> Hit:
    return hits(text, embedder=embedder)[0]


def marked(hit: Hit) -> list[str]:
    return [reason.text[start:end] for reason in hit.reasons for start, end in reason.marks]


@given(
    st.one_of(typed_text, phrase), st.sampled_from([WITH_VECTORS, RARE_TEXT]), st.sampled_from([None, WordEmbedder()])
)
@settings(max_examples=150)
def test_marks_are_words_within_the_sentence_and_do_not_overlap(text, index, embedder):
    for hit in hits(text, index, embedder):
        for reason in hit.reasons:
            places = [place for mark in reason.marks for place in mark]
            assert places == sorted(set(places))
            assert all(0 <= place <= len(reason.text) for place in places)
            assert all(word == word.strip() != "" for word in (reason.text[start:end] for start, end in reason.marks))


@given(st.one_of(typed_text, phrase), st.sampled_from([None, WordEmbedder()]))
@settings(max_examples=80)
def test_every_answer_has_one_to_three_reasons_in_the_words_of_its_listing(text, embedder):
    for hit in hits(text, embedder=embedder):
        document = hit.document
        said = {
            "summary": document.summary,
            "description": document.description,
            "capabilities": "\n".join(document.capabilities),
            "solves": "\n".join(document.solves),
        }
        assert 1 <= len(hit.reasons) <= 3
        assert all(reason.field == "category" or reason.text in said[reason.field] for reason in hit.reasons)
        assert len({reason.text for reason in hit.reasons}) == len(hit.reasons)


@pytest.mark.parametrize("typed", [STATEMENT, fold(STATEMENT)], ids=["marks", "no marks"])
def test_each_need_is_answered_by_the_sentence_that_shares_its_words(typed):
    hit = best(typed)

    assert hit.document is DOCUMENTS
    assert {(reason.field, reason.text) for reason in hit.reasons} == {("solves", text) for text in DOCUMENTS.solves}
    assert not hit.unmet


def test_the_words_of_the_need_are_marked_and_neighbours_joined():
    hit = best("Lãnh đạo đi vắng không ký được")

    assert [reason.text for reason in hit.reasons] == ["Lãnh đạo đi vắng không ký được"]
    assert marked(hit) == ["Lãnh đạo đi vắng không ký được"]


def test_a_need_the_listing_does_not_speak_of_is_not_covered():
    hit = best("Văn bản đến xử lý chậm; giám sát bể bơi huyện")

    assert hit.document is DOCUMENTS
    assert [(unmet.code, unmet.known) for unmet in hit.unmet] == [("need", False)]
    assert "bể bơi" in hit.unmet[0].text


class _Synonyms(WordEmbedder):
    """Knows that late is slow."""

    def queries(self, texts):
        return super().queries([text.replace("trễ", "chậm") for text in texts])


def test_a_listing_that_shares_no_word_is_explained_by_what_is_nearest_in_meaning():
    stranger = listing("stranger", name="X", vendor_name="Y", summary="zz", solves=("qq nhanh", "xx chậm"))
    index = index_of([stranger], vectors=True)

    (hit,) = hits("trễ hẹn", index, _Synonyms())

    assert [(reason.field, reason.text, reason.marks) for reason in hit.reasons] == [("solves", "xx chậm", ())]


def test_a_sentence_that_answers_two_needs_is_given_once_for_the_heavier():
    hit = best("Không biết văn bản đang ở phòng nào; văn bản đến xử lý chậm")

    assert [reason.text for reason in hit.reasons] == [DOCUMENTS.solves[0]]


def test_no_more_than_three_reasons_are_given_however_many_needs_are_answered():
    needs = ("chia sẻ dữ liệu bản đồ", "theo dõi mực nước sông", "cảnh báo cháy rừng sớm", "đếm lượt khách tham quan")

    hit = hits("; ".join(needs), index_of([*CATALOGUE, listing("able", solves=needs)]))[0]

    assert len(hit.reasons) == 3
    assert {reason.text for reason in hit.reasons} < set(needs)
    assert all(reason.need == reason.text for reason in hit.reasons)


class TestOtherWords:
    """What the thesaurus ties together is named: an officer would not know why the listing is there."""

    QUEUE = Synonyms(("xếp hàng",), ("lấy số thứ tự",), close=False)

    def answer(self, text: str) -> Hit:
        catalogue = [
            listing("queue", summary="Máy Lấy số thứ tự cho quầy giao dịch."),
            listing("other", summary="Thư viện số."),
        ]
        return hits(text, index_of(catalogue, replace(KNOWLEDGE, synonyms=(self.QUEUE,))))[0]

    @pytest.mark.parametrize("text", ["Dân phải xếp hàng từ sáng sớm", "Dan phai xep hang tu sang som"])
    def test_the_sentence_is_shown_with_its_words_marked_and_what_they_stand_for(self, text):
        hit = self.answer(text)

        assert marked(hit) == ["Lấy số thứ tự"]
        assert fold(hit.reasons[0].meant) == "xep hang"
        assert [gap for gap in hit.unmet if gap.code == "need"] == []

    def test_the_same_words_need_no_translation(self):
        hit = self.answer("Máy lấy số thứ tự cho dân")

        assert [reason.meant for reason in hit.reasons] == [""]
