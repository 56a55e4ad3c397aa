import pytest

from recommender.engine.abbreviations import Expander
from recommender.engine.types import Abbreviation

TRADE, COST = "thương mại điện tử", "tổng mức đầu tư"
CONTEXTS = {TRADE: ("sàn", "bán hàng"), COST: ("dự án", "công trình")}
EXPANDER = Expander(
    [
        Abbreviation("UBND", ("Ủy ban nhân dân",)),
        Abbreviation("TMĐT", (TRADE, COST), CONTEXTS),
        Abbreviation("CNTT", ("công nghệ thông tin", "chứng nhận tiêu thụ"), {}, "công nghệ thông tin"),
        Abbreviation("SOC", ("trung tâm giám sát an toàn thông tin",)),
        Abbreviation("VB", ("văn bản",)),
        Abbreviation("VB&ĐH", ("văn bản và điều hành",)),
        Abbreviation("CĐS", ("chuyển đổi số",)),
    ]
)


def meanings(text: str) -> list[str]:
    return [long for _, long in EXPANDER.expand(text)[1]]


def test_the_long_form_is_added_behind_the_short_one():
    text, used = EXPANDER.expand("Trụ sở UBND, tầng 2")

    assert text == "Trụ sở UBND (Ủy ban nhân dân), tầng 2"
    assert used == (("UBND", "Ủy ban nhân dân"),)


def test_a_long_form_is_added_once_however_often_the_short_one_stands():
    text, used = EXPANDER.expand("UBND tỉnh và UBND xã")

    assert text == "UBND (Ủy ban nhân dân) tỉnh và UBND xã"
    assert used == (("UBND", "Ủy ban nhân dân"),)


@pytest.mark.parametrize("text", ["Uỷ ban nhân dân (UBND) xã", "ỦY BAN NHÂN DÂN (UBND) xã"])
def test_a_long_form_that_is_there_already_is_not_added(text):
    assert EXPANDER.expand(text) == (text, ())


class TestContext:
    @pytest.mark.parametrize(
        ("text", "meaning"),
        [
            ("cần sàn TMĐT cho nông sản", TRADE),
            ("TMĐT để bán hàng của hợp tác xã", TRADE),
            ("điều chỉnh TMĐT của dự án", COST),
            ("công trình có TMĐT tăng", COST),
            ("dự án lập một sàn TMĐT", TRADE),  # the nearer word decides
            ("sàn, và một dự án có TMĐT", COST),
        ],
    )
    def test_the_nearest_words_decide_between_meanings(self, text, meaning):
        assert meanings(text) == [meaning]

    @pytest.mark.parametrize("text", ["tmdt cua du an", "san tmdt", "TMDT cua cong trinh"])
    def test_context_is_seen_in_text_without_marks(self, text):
        assert len(meanings(text)) == 1
        assert meanings(text) == ([TRADE] if "san" in text else [COST])

    @pytest.mark.parametrize(
        "text",
        [
            "xem xét TMĐT năm nay",
            "dự án " + "của tỉnh ta năm nay " * 5 + "TMĐT",  # too far away to mean it
            "sàng TMĐT dự toán",  # another word
            "sàn TMĐT dự án",  # equally near
        ],
    )
    def test_without_a_deciding_word_a_form_without_default_is_left_as_it_is(self, text):
        assert EXPANDER.expand(text) == (text, ())

    def test_without_a_deciding_word_the_default_is_taken(self):
        assert meanings("phòng CNTT") == ["công nghệ thông tin"]


class TestSpelling:
    @pytest.mark.parametrize("text", ["ubnd", "Ubnd", "cds", "CDS", "cđs"])
    def test_a_form_that_can_be_no_syllable_is_known_however_it_is_typed(self, text):
        assert len(meanings(f"xã có {text} rồi")) == 1

    @pytest.mark.parametrize("text", ["soc", "Soc", "sóc", "vb", "UBNDX", "xUBND", "UBND1"])
    def test_an_ordinary_syllable_or_a_part_of_a_word_is_no_abbreviation(self, text):
        assert EXPANDER.expand(f"con {text} rừng") == (f"con {text} rừng", ())

    def test_capitals_tell_a_form_that_could_be_a_syllable(self):
        assert meanings("vận hành SOC") == ["trung tâm giám sát an toàn thông tin"]

    def test_a_joined_form_is_read_whole(self):
        text, used = EXPANDER.expand("phần mềm VB&ĐH mới")

        assert text == "phần mềm VB&ĐH (văn bản và điều hành) mới"
        assert used == (("VB&ĐH", "văn bản và điều hành"),)

    @pytest.mark.parametrize("text", ["VB&ABC", "VB&ĐHX"])
    def test_a_part_of_an_unknown_joined_form_is_left_as_it_is(self, text):
        assert EXPANDER.expand(text) == (text, ())


def test_an_expander_that_knows_nothing_changes_nothing():
    assert Expander([]).expand("UBND tỉnh") == ("UBND tỉnh", ())
