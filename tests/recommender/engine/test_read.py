import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalogue.common.text import canonical, fold
from recommender.engine.abbreviations import Expander
from recommender.engine.constraints import find_constraints
from recommender.engine.read import clean, read, split_needs

from .samples import KNOWLEDGE, STATEMENT, any_text, phrase, typed_text

EXPANDER = Expander(KNOWLEDGE.abbreviations)


class TestClean:
    def test_signs_nobody_sees_do_not_part_a_word_and_control_characters_do(self):
        typed = "quản\u200b lý\u00ad văn\u202e\x00bản\x07\tđi\r\nđến\ufeff"

        assert clean(typed) == "quản lý văn bản  đi \nđến"

    def test_text_is_composed_and_its_lines_are_kept(self):
        typed = unicodedata.normalize("NFD", "Văn bản đến\nchậm")

        assert clean(typed) == "Văn bản đến\nchậm"

    def test_text_of_an_old_encoding_is_unicode_afterwards(self):
        assert clean("Phaàn meàm quaûn lyù vaên baûn") == "Phần mềm quản lý văn bản"

    @given(typed_text)
    @example("\x00\x1f\x7f\x85\x9f\ue000\U000e0001")
    def test_no_control_character_but_the_end_of_a_line_is_left(self, text):
        cleaned = clean(text)

        assert {char for char in cleaned if unicodedata.category(char)[0] == "C"} <= {"\n"}

    @given(typed_text)
    def test_cleaning_twice_cleans_no_more(self, text):
        once = clean(text)

        assert {char for char in clean(once) if unicodedata.category(char)[0] == "C"} <= {"\n"}
        assert clean(once).count("\n") == once.count("\n") == text.count("\n")

    def test_a_mark_behind_an_invisible_sign_is_composed(self):
        assert clean("ca\u200b\u0301") == "cá"


class TestRead:
    def test_a_statement_keeps_its_words_and_says_what_it_asks_for(self):
        statement = read("Ủy ban  thị xã Hòa Bình", EXPANDER)

        assert statement.raw == "Ủy ban  thị xã Hòa Bình"
        assert statement.text == "uỷ ban thị xã hoà bình"
        assert statement.marked
        assert statement.terms.keys() == {
            "uỷ", "ban", "thị", "xã", "hoà", "bình", "~uy_ban", "~ban_thi", "~thi_xa", "~xa_hoa", "~hoa_binh"
        }  # fmt: skip
        assert statement.clauses == ("Ủy ban thị xã Hòa Bình",)

    def test_a_word_said_twice_counts_twice(self):
        statement = read("văn bản đến, văn bản đi", EXPANDER)

        assert statement.terms["văn"] == statement.terms["~van_ban"] == 2
        assert statement.terms["đến"] == 1

    def test_a_statement_without_marks_asks_for_folded_words(self):
        statement = read("van ban den xu ly cham", EXPANDER)

        assert not statement.marked
        assert all(term.startswith("~") for term in statement.terms)
        assert statement.terms == read(fold("Văn bản đến xử lý chậm"), EXPANDER).terms

    def test_the_long_form_of_an_abbreviation_is_asked_for_and_shown(self):
        statement = read("UBND huyện", EXPANDER)

        assert statement.expanded == (("UBND", "Ủy ban nhân dân"),)
        assert {"ubnd", "uỷ", "ban", "nhân", "dân", "huyện"} <= statement.terms.keys()
        assert statement.raw == "UBND huyện"

    def test_requirements_are_read_from_the_words_as_cleaned(self):
        statement = read("Cần\u200b hệ thống dưới 500 triệu", EXPANDER)

        (found,) = statement.constraints
        assert statement.raw[found.start : found.end] == found.words == "dưới 500 triệu"

    @pytest.mark.parametrize("text", ["", "  \n ", "\x00", "?!…", "\u200b"])
    def test_a_statement_without_words_asks_for_nothing(self, text):
        statement = read(text, EXPANDER)

        assert not statement.terms
        assert statement.constraints == statement.expanded == ()

    @given(typed_text)
    @example("\x00" * 50)
    @example("1" * 300)
    @example("İẞǰΐ dưới 5 tỷ")
    def test_whatever_is_typed_can_be_read(self, text):
        statement = read(text, EXPANDER)

        assert all(count > 0 for count in statement.terms.values())
        assert all(clause == clause.strip() != "" for clause in statement.clauses)
        assert statement.text == " ".join(statement.text.split())

    @given(typed_text)
    @example("x\u0301 İ dưới 500 triệu ﬁ 20 người dùng \u0301\u0301 cấp độ 3")
    def test_the_words_of_a_requirement_are_where_it_says(self, text):
        statement = read(text, EXPANDER)

        for found in statement.constraints:
            assert 0 <= found.start < found.end <= len(statement.raw)
            assert statement.raw[found.start : found.end] == found.words
            assert (found.kind, found.value) in {(alone.kind, alone.value) for alone in find_constraints(found.words)}

    @pytest.mark.parametrize("text", ["dưới {} đồng", "{} người dùng", "{} điểm cầu"])
    def test_an_endless_number_can_be_read(self, text):
        statement = read(text.format("9" * 400), EXPANDER)

        assert statement.marked

    @given(st.lists(phrase, min_size=1, max_size=4).map(", ".join))
    def test_composed_and_decomposed_statements_ask_for_the_same(self, text):
        composed = read(unicodedata.normalize("NFC", text), EXPANDER)
        decomposed = read(unicodedata.normalize("NFD", text), EXPANDER)

        assert composed == decomposed


class TestNeeds:
    def test_a_statement_is_cut_at_its_signs_and_at_and(self):
        needs = split_needs(
            "Văn bản đến xử lý chậm; lãnh đạo đi vắng không ký được. Nhắc việc quá hạn và báo cáo tự động hằng tuần"
        )

        assert needs == (
            "Văn bản đến xử lý chậm",
            "lãnh đạo đi vắng không ký được",
            "Nhắc việc quá hạn",
            "báo cáo tự động hằng tuần",
        )

    def test_a_piece_too_short_for_a_need_stays_with_the_one_before(self):
        assert split_needs("Quản lý văn bản đi, văn bản đến") == ("Quản lý văn bản đi, văn bản đến",)

    def test_a_comma_inside_a_number_does_not_cut(self):
        assert split_needs("Kinh phí dưới 1,5 tỷ đồng cả năm") == ("Kinh phí dưới 1,5 tỷ đồng cả năm",)

    def test_at_most_eight_needs_are_kept(self):
        needs = split_needs("; ".join(f"nhu cầu thứ {number} của đơn vị" for number in range(12)))

        assert needs == tuple(f"nhu cầu thứ {number} của đơn vị" for number in range(8))

    def test_a_statement_without_marks_is_cut_at_the_same_places(self):
        assert len(split_needs(fold(STATEMENT))) == len(split_needs(STATEMENT)) == 2

    @given(any_text)
    def test_every_need_is_in_the_words_of_the_statement(self, text):
        words = " ".join(text.split())

        assert all(need in words for need in split_needs(text))

    @pytest.mark.parametrize(
        "text", ["Sở Y tế cần quản lý hồ sơ bệnh án", "UBND xã đề nghị hỗ trợ quản lý hồ sơ bệnh án"]
    )
    def test_who_asks_is_no_part_of_a_need(self, text):
        assert split_needs(text) == ("quản lý hồ sơ bệnh án",)
        assert split_needs(fold(text)) == ("quan ly ho so benh an",)

    def test_a_need_begins_with_a_whole_word(self):
        assert split_needs("So Y te can cong cu quan ly benh an") == ("cong cu quan ly benh an",)

    @given(phrase)
    def test_no_word_of_a_short_statement_is_lost(self, text):
        said = " ".join(split_needs(text))

        assert canonical(said).split() == canonical(text).split()
