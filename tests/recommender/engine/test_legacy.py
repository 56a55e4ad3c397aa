"""Both tables are written here a second time, the other way round, from the standard and from VNI's own typing rules."""

import unicodedata

import pytest
from hypothesis import given

from recommender.engine.legacy import to_unicode

from .samples import phrase

# As they stand in files of the time; the first of each is the heading of every official letter.
TCVN3 = [
    ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
    ("C«ng ty phÇn mÒm qu¶n lý v¨n b¶n", "Công ty phần mềm quản lý văn bản"),
    ("Uû ban nh©n d©n thµnh phè", "Uỷ ban nhân dân thành phố"),
    ("§¶m b¶o ho¹t ®éng cña m¹ng ®Þa ph­¬ng", "Đảm bảo hoạt động của mạng địa phương"),
]
VNI = [
    ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    ("Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
    ("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ("Phaàn meàm quaûn lyù vaên baûn ñieän töû", "Phần mềm quản lý văn bản điện tử"),
    ("Ñöôøng phoá thöôøng xuyeân uøn taéc", "Đường phố thường xuyên ùn tắc"),
]
# What VNI types for each mark, letter by letter (a hat and its tone share one sign, a breve and its tone another).
_HAT = {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"}
_BREVE = {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"}
_TONE = {"": "", "\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_WHOLE = {"đ": "ñ", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "í": "í", "ì": "ì"}


def in_vni(text: str) -> str:
    out = []
    for char in text:
        base, marks = unicodedata.normalize("NFD", char)[0], unicodedata.normalize("NFD", char)[1:]
        tone = "".join(mark for mark in marks if mark in _TONE)
        if char in _WHOLE:
            out.append(_WHOLE[char])
        elif "\u0302" in marks:
            out.append(base + _HAT[tone])
        elif "\u0306" in marks:
            out.append(base + _BREVE[tone])
        elif "\u031b" in marks:
            out.append({"o": "ô", "u": "ö"}[base] + _TONE[tone])
        else:
            out.append(base + _TONE[tone])
    return "".join(out)


@pytest.mark.parametrize(("typed", "text"), TCVN3)
def test_tcvn3_becomes_unicode(typed, text):
    assert to_unicode(typed) == (text, "TCVN3")


@pytest.mark.parametrize(("typed", "text"), VNI)
def test_vni_becomes_unicode(typed, text):
    assert to_unicode(typed) == (text, "VNI")


@pytest.mark.parametrize("tone", ["", *"\u0300\u0301\u0303\u0309\u0323"])
@pytest.mark.parametrize("letter", "aăâeêioôơuưy")
def test_every_vowel_with_every_tone_is_read_from_vni(letter, tone):
    vowel = unicodedata.normalize("NFC", letter + tone)
    typed = in_vni(f"văn bản đường phố {vowel}n")

    assert to_unicode(typed) == (f"văn bản đường phố {vowel}n", "VNI")


@given(phrase)
def test_whatever_is_typed_in_vni_is_read_back(text):
    typed = in_vni(unicodedata.normalize("NFC", f"phần mềm đường phố văn bản điện tử {text}"))

    assert to_unicode(typed)[0] == unicodedata.normalize("NFC", f"phần mềm đường phố văn bản điện tử {text}")


@pytest.mark.parametrize(
    "text",
    [
        "Cần phần mềm quản lý văn bản",
        "Cộng hòa xã hội chủ nghĩa Việt Nam ® © §",  # one letter of Unicode Vietnamese settles it
        "Hồ sơ của bà Nguyễn Thị Ánh",
        "có chi phí thuê máy chủ không",
        "Chi phí in giáo trình",  # no letter outside Latin-1
        "Document management for a city council, 100 users",
        "A naïve résumé of the café's façade",
        "Le maïs est cultivé à l'ouest, où le climat le permet; les élèves sont prêts et l'hôtel est fermé depuis août",
        "can phan mem quan ly van ban",
        "§ 5 Abs. 2, © 2025",
        "",
        "\x00\x01",
    ],
)
def test_unicode_vietnamese_and_other_languages_are_left_alone(text):
    assert to_unicode(text) == (text, None)


@pytest.mark.parametrize("text", ["Microsoft® Office", "can mua Microsoft® Office", "«bonjour»", "Où est le maïs"])
def test_a_trade_mark_or_guillemets_in_a_short_text_are_left_alone(text):
    assert to_unicode(text) == (text, None)


def test_decomposed_unicode_is_left_alone():
    text = unicodedata.normalize("NFD", "Phần mềm Windows®")

    assert to_unicode(text) == (text, None)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
        (
            "HÖ thèng ®Ìn tÝn hiÖu giao th«ng cßn h¹n chÕ, t¹i mét sè vÞ trÝ ph©n bæ thêi gian",
            "Hệ thống đèn tín hiệu giao thông còn hạn chế, tại một số vị trí phân bổ thời gian",
        ),
    ],
)
def test_tcvn3_of_ordinary_sentences_becomes_unicode(typed, text):
    assert to_unicode(typed) == (text, "TCVN3")
