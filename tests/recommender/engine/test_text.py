import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.common.text import fold
from recommender.engine.text import (
    LONG_WORD,
    document_terms,
    is_marked,
    query_terms,
    sentences,
    syllables,
    syllables_of,
)

from .samples import any_text, phrase


class TestSyllables:
    def test_words_are_lower_case_with_their_tone_in_one_place(self):
        assert syllables("Ủy ban Thị xã Hòa Bình, năm 2025!") == [
            "uỷ",
            "ban",
            "thị",
            "xã",
            "hoà",
            "bình",
            "năm",
            "2025",
        ]

    @given(st.lists(st.one_of(any_text, phrase).map(lambda text: text.replace("\n", " ")), max_size=6))
    def test_several_lines_read_at_once_are_read_as_one_by_one(self, lines):
        assert syllables_of(lines) == [syllables(line) for line in lines]

    @pytest.mark.parametrize(
        ("number", "token"),
        [
            ("16/CT-BTTTT", "16/ct-btttt"),
            ("34/2025/TT-BKHCN", "34/2025/tt-bkhcn"),
            ("153/QĐ-TTg", "153/qđ-ttg"),
            ("13/2023/NĐ-CP", "13/2023/nđ-cp"),
            ("05/2024/QĐ-UBND-VX", "05/2024/qđ-ubnd-vx"),
        ],
    )
    def test_the_number_of_a_document_stays_one_token(self, number, token):
        words = syllables(f"theo Chỉ thị {number}, ngày 1/2")

        assert words == ["theo", "chỉ", "thị", token, "ngày", "1", "2"]

    @pytest.mark.parametrize(("typed", "token"), [("VB&ĐH", "vb&đh"), ("R&D", "r&d"), ("A&B&C", "a&b&c")])
    def test_an_abbreviation_joined_by_an_ampersand_stays_one_token(self, typed, token):
        assert syllables(f"hệ thống {typed}.") == ["hệ", "thống", token]

    @pytest.mark.parametrize("text", ["cong & dich", "&cong dich&", "cong_dich", "cong-dich"])
    def test_other_joints_part_words(self, text):
        assert syllables(text) == ["cong", "dich"]

    def test_a_run_of_letters_too_long_for_a_word_is_left_out(self):
        assert syllables(f"{'a' * LONG_WORD} {'b' * (LONG_WORD + 1)} xã") == ["a" * LONG_WORD, "xã"]

    @pytest.mark.parametrize("text", ["", "  \n", "… — !", "___"])
    def test_text_without_words_has_no_syllables(self, text):
        assert syllables(text) == []

    @given(any_text)
    def test_composed_and_decomposed_text_have_the_same_syllables(self, text):
        composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)

        assert syllables(composed) == syllables(decomposed) == syllables(text)


class TestTerms:
    def test_a_listing_is_found_by_syllables_folded_syllables_and_bigrams(self):
        terms = document_terms(["hoà", "bình", "hoà"])

        assert terms == Counter({"hoà": 2, "bình": 1, "~hoa": 2, "~binh": 1, "~hoa_binh": 1, "~binh_hoa": 1})

    def test_a_marked_statement_asks_for_syllables_as_written_and_bigrams(self):
        terms = query_terms(["hoà", "bình", "hoà"], marked=True)

        assert terms == Counter({"hoà": 2, "bình": 1, "~hoa_binh": 1, "~binh_hoa": 1})

    def test_an_unmarked_statement_asks_for_folded_syllables_and_bigrams(self):
        terms = query_terms(["hoa", "binh"], marked=False)

        assert terms == Counter({"~hoa": 1, "~binh": 1, "~hoa_binh": 1})

    def test_no_words_ask_for_nothing(self):
        assert query_terms([], marked=True) == query_terms([], marked=False) == document_terms([]) == Counter()

    def test_a_marked_statement_tells_words_apart_that_differ_by_marks_only(self):
        listed = document_terms(["bán", "hàng"])

        assert query_terms(["bàn"], marked=True).keys().isdisjoint(listed)
        assert query_terms(["ban"], marked=False).keys() <= listed.keys()

    @given(phrase)
    def test_a_listing_has_every_term_of_its_own_words_however_they_are_typed(self, text):
        listed = document_terms(syllables(text))

        as_written = query_terms(syllables(text), marked=True)
        without_marks = query_terms(syllables(fold(text)), marked=False)

        assert as_written <= listed
        assert without_marks <= listed


class TestIsMarked:
    @pytest.mark.parametrize(
        "text",
        [
            "Cần phần mềm quản lý văn bản",
            unicodedata.normalize("NFD", "Cần phần mềm quản lý văn bản"),
            "camera giao thông",  # one mark is enough in a short text
            "đi",
            "2025",
            "",
        ],
    )
    def test_text_with_marks_or_without_words_is_marked(self, text):
        assert is_marked(text)

    @pytest.mark.parametrize(
        "text",
        [
            "can phan mem quan ly van ban",
            "camera",
            "can phan mem quan ly van ban di den cho xã va phuong trong tinh",  # one mark in fifteen words is a slip
        ],
    )
    def test_text_with_almost_no_marks_is_not(self, text):
        assert not is_marked(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Một. Hai! Ba? Bốn… Năm; sáu", ["Một.", "Hai!", "Ba?", "Bốn…", "Năm;", "sáu"]),
        ("Bản 2.0 có ký số.\n\n  Chạy tại chỗ ", ["Bản 2.0 có ký số.", "Chạy tại chỗ"]),
        (" \n ", []),
        ("", []),
    ],
)
def test_sentences_end_at_their_sign_or_their_line(text, parts):
    assert sentences(text) == parts
