import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalogue.common.text import canonical, fold, one_line, slug

VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵbcdđghklmnpqrstvx"
letters = VIETNAMESE + VIETNAMESE.upper() + " .,-/&0123456789"
vietnamese_text = st.text(st.sampled_from(letters), max_size=40)
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)

TONE_PLACES = [
    ("hòa", "hoà"), ("hóa", "hoá"), ("hỏa", "hoả"), ("xõa", "xoã"), ("họa", "hoạ"),
    ("lòe", "loè"), ("khóe", "khoé"), ("khỏe", "khoẻ"), ("xõe", "xoẽ"), ("họe", "hoẹ"),
    ("tùy", "tuỳ"), ("thúy", "thuý"), ("thủy", "thuỷ"), ("lũy", "luỹ"), ("lụy", "luỵ"),
]  # fmt: skip


class TestCanonical:
    @pytest.mark.parametrize(("old", "new"), TONE_PLACES)
    def test_the_old_place_of_a_tone_mark_becomes_the_new_one(self, old, new):
        assert canonical(old) == new
        assert canonical(new) == new

    @pytest.mark.parametrize(("old", "new"), TONE_PLACES)
    @pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
    def test_the_unicode_form_and_the_case_typed_make_no_difference(self, old, new, form):
        typed = unicodedata.normalize(form, old.upper())

        assert canonical(typed) == new

    @pytest.mark.parametrize("word", ["hoàn", "khoẻ", "của", "thuở", "huỳnh", "mía", "kỹ thuật", "kĩ thuật", "quốc"])
    def test_a_word_written_in_the_one_right_way_is_left_alone(self, word):
        assert canonical(word) == word

    @pytest.mark.parametrize(
        ("typed", "same"),
        [("quí", "quý"), ("Quí", "quý"), ("quì", "quỳ"), ("quỉ", "quỷ"), ("qui", "quy"), ("quị", "quỵ")],
    )
    def test_qui_is_spelt_with_y(self, typed, same):
        assert canonical(typed) == same
        assert canonical(f"{typed} định") == f"{same} định"

    @pytest.mark.parametrize("word", ["quít", "quin", "quit", "thi", "aqui"])
    def test_only_a_whole_qui_is_spelt_with_y(self, word):
        assert canonical(word) == word

    def test_the_look_alikes_of_d_with_stroke_are_d_with_stroke(self):
        copied = "\u00d0ường \u00f0i, \u0256i"

        assert canonical(copied) == "đường đi, đi"

    def test_the_african_capital_d_is_d_with_stroke_too(self):
        assert canonical("\u0189ường") == "đường"
        assert fold("\u0189ường").lower() == "duong"

    @given(vietnamese_text)
    def test_a_second_pass_over_vietnamese_changes_nothing(self, text):
        once = canonical(text)

        assert canonical(once) == once

    @given(any_text)
    @example("QUİ")
    @example("qui\u030a")  # composes with y, not with i
    @example("Ɖ")
    def test_a_second_pass_over_any_text_changes_nothing(self, text):
        once = canonical(text)

        assert canonical(once) == once
        assert unicodedata.is_normalized("NFC", once)

    @given(vietnamese_text)
    def test_decomposed_text_compares_equal(self, text):
        assert canonical(unicodedata.normalize("NFD", text)) == canonical(unicodedata.normalize("NFC", text))


class TestFold:
    def test_every_vietnamese_letter_loses_its_marks_and_keeps_its_case(self):
        folded = fold(VIETNAMESE)

        assert folded == "a" * 18 + "e" * 12 + "i" * 6 + "o" * 18 + "u" * 12 + "y" * 6 + "bcddghklmnpqrstvx"
        assert fold(VIETNAMESE.upper()) == folded.upper()

    @pytest.mark.parametrize("form", ["NFC", "NFD"])
    @pytest.mark.parametrize(
        ("typed", "folded"),
        [
            ("Đường Điện Biên Phủ", "Duong Dien Bien Phu"),
            ("thủy lợi", "thuy loi"),
            ("thuỷ lợi", "thuy loi"),
            ("1,5 tỷ", "1,5 ty"),
        ],
    )
    def test_text_typed_with_or_without_marks_compares_equal(self, typed, folded, form):
        assert fold(unicodedata.normalize(form, typed)) == folded
        assert fold(folded) == folded

    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
    @example("İ")
    @example("한글")
    @example("đ\u0301\u0323")
    def test_a_second_pass_changes_nothing_and_no_mark_is_left(self, text):
        once = fold(text)

        assert fold(once) == once
        assert not any(unicodedata.combining(char) for char in once)

    @given(vietnamese_text)
    def test_vietnamese_folds_to_ascii(self, text):
        assert fold(text).isascii()


class TestSlug:
    @pytest.mark.parametrize(
        ("name", "address"),
        [
            ("Cổng dịch vụ công", "cong-dich-vu-cong"),
            ("  VB&ĐH – bản 2.0! ", "vb-dh-ban-2-0"),
            (unicodedata.normalize("NFD", "Đất đai Huế"), "dat-dai-hue"),
            ("---", ""),
            ("", ""),
        ],
    )
    def test_a_name_becomes_lower_case_words_joined_by_hyphens(self, name, address):
        assert slug(name) == address

    @given(any_text)
    def test_an_address_needs_no_escaping_and_is_its_own_slug(self, text):
        address = slug(text)

        assert set(address) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert not address.startswith("-")
        assert not address.endswith("-")
        assert "--" not in address
        assert slug(address) == address


@pytest.mark.parametrize(("text", "line"), [(" a \n\t b\u00a0c ", "a b c"), ("", ""), ("\n", ""), ("một", "một")])
def test_one_line_keeps_the_words_and_one_space_between(text, line):
    assert one_line(text) == line
