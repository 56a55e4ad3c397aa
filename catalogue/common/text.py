"""Vietnamese text as it is typed and as it is compared.

The same word reaches us composed or decomposed (NFC, NFD), with the tone mark in the old or the
new place (hòa, hoà), or with no marks at all (hoa). `canonical` makes the first three one; `fold`
makes all four one, and loses what the marks said.
"""

import re
import unicodedata

_D_STROKE = str.maketrans("đĐðÐɖƉ", "dDdDdD")  # đ has no decomposition, so NFD alone would leave it
_LOOKALIKES = str.maketrans({"ð": "đ", "ɖ": "đ"})  # seen in copied documents; after lower-casing
_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng
_PROVINCE_TITLE = re.compile(r" (?:thanh pho|tinh|tp) ")
_SPACES = re.compile(r"\s+")

# The two styles differ in open oa, oe, uy; before a final consonant (hoàn) both put the mark on the second
# vowel, so a mark on the first is a slip of the keyboard there and moves too. Quí is quý spelt with i.
_OPEN_PAIRS = [("o", "a"), ("o", "e"), ("u", "y")]
_OLD_PLACES = {
    unicodedata.normalize("NFC", first + tone + second): unicodedata.normalize("NFC", first + second + tone)
    for first, second in _OPEN_PAIRS
    for tone in _TONES
}
_OLD_PLACE = re.compile("|".join(_OLD_PLACES))
_QUI = {unicodedata.normalize("NFC", "i" + tone): unicodedata.normalize("NFC", "y" + tone) for tone in _TONES}
_QU_I = re.compile(rf"(?<=\bqu)({'|'.join(_QUI)}|i)(?![\w\u0300-\u036f])")


def fold(text: str) -> str:
    """Return the text without any mark, đ as d: what a reader types without a Vietnamese keyboard."""
    decomposed = unicodedata.normalize("NFD", text.translate(_D_STROKE))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def canonical(text: str) -> str:
    """Return the text in NFC and lower case, tone marks in one place: hòa → hoà, quí → quý.

    Idempotent. Spelling variants that only a dictionary can tell (kĩ thuật, kỹ thuật) are left alone.
    """
    # Lower case first: "Ɖ" only then shows as a look-alike. What lower-casing leaves behind composes anew, hence NFC twice.
    lower = unicodedata.normalize("NFC", text).lower()
    if "ð" in lower or "ɖ" in lower:  # seldom, and translating takes longer than all the rest
        lower = lower.translate(_LOOKALIKES)
    composed = unicodedata.normalize("NFC", lower)
    moved = _OLD_PLACE.sub(lambda match: _OLD_PLACES[match[0]], composed)
    return _QU_I.sub(lambda match: _QUI.get(match[1], "y"), moved)


def one_line(text: str) -> str:
    """Return the text with every run of white space as one space, trimmed."""
    return _SPACES.sub(" ", text).strip()


def words(text: str) -> str:
    """Return the text's words without marks, parted by one space: "Sở TT&TT Hà Giang" → "so tt tt ha giang"."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(canonical(text))))


def name_words(text: str) -> str:
    """Return the words by which an organisation is found: without the title of its province.

    A province may have become a city, or part of one, and people leave the title out: "UBND tỉnh Hà Giang" → "ubnd ha giang".
    """
    found = words(text)
    return _PROVINCE_TITLE.sub(" ", f" {found} ").strip() or found


def slug(text: str) -> str:
    """Return a lower-case ASCII name for an address: "Cổng dịch vụ công" → "cong-dich-vu-cong"."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text).lower()).strip("-")
