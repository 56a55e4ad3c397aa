"""Text from before Unicode: TCVN3 (ABC fonts) and VNI, still pasted from old Word files.

Such text arrives as Latin letters and signs in the wrong places: "C«ng ty" or "Coâng ty" for "Công ty".
`to_unicode` recognises either by signs that no Vietnamese, English or French text has inside a word,
and leaves everything else alone.
Source: TCVN 5712:1993, table VN3; the VNI-Windows code page.
"""

import re
import unicodedata

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
_TCVN3_TABLE = str.maketrans(_TCVN3)
_TCVN3_SIGN = re.compile(r"(?:(?<=[A-Za-z])[µ¸¶·¹¨»¾¼½©®ª«¬¡§£¤¥¦])|(?:[®©«§¨ª¬](?=[a-zµ¸¶·¹]))")

_VNI_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_HATS = {
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
}
_VNI_BREVES = {
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_VNI_ALONE = {"ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ô": "ơ", "ö": "ư"}
_VNI_SIGN = re.compile(r"[aeo][âåä]|[aouyôö][øùûõï]|[a][êëúü]|ñ(?=[aeiouyöô])|[A-Za-z]ö(?=[ôcnmptùøûõï])")


def to_unicode(text: str) -> tuple[str, str | None]:
    """Return the text in Unicode and the name of the encoding it was in, None when it was Unicode already."""
    if any(char > "\u00ff" and unicodedata.category(char)[0] == "L" for char in text):
        return text, None  # ế, ư, đ … are there: this is Unicode
    words = max(1, len(text.split()))
    tcvn3, vni = len(_TCVN3_SIGN.findall(text)), len(_VNI_SIGN.findall(text.lower()))
    if max(tcvn3, vni) < 0.25 * words:  # in such text nearly every word shows a sign; naïve shows one in a sentence
        return text, None
    return (text.translate(_TCVN3_TABLE), "TCVN3") if tcvn3 > vni else (_from_vni(text), "VNI")


def _from_vni(text: str) -> str:
    out: list[str] = []
    for char in text:
        low, before = char.lower(), out[-1] if out else ""
        base = unicodedata.normalize("NFD", before)[:1].lower()
        mark = None
        if base == "a" and low in _VNI_BREVES:
            mark = _VNI_BREVES[low]
        elif base in ("a", "e", "o") and low in _VNI_HATS and before.isascii():
            mark = _VNI_HATS[low]
        elif base in ("a", "e", "o", "u", "y") and low in _VNI_TONES:
            mark = _VNI_TONES[low]
        if mark is not None:
            out[-1] = unicodedata.normalize("NFC", before + mark)
            continue
        alone = _VNI_ALONE.get(low)
        out.append((alone.upper() if char.isupper() else alone) if alone else char)
    return "".join(out)
