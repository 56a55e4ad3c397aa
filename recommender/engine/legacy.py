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
# Signs inside a word, capitals behind small letters, and đ before a vowel are sure signs; at the end of a word they also
# stand in "Microsoft®" or "«bonjour»", and only count beside sure ones.
_TCVN3_SURE = re.compile(
    r"(?<=[A-Za-z])[µ¸¶·¹¨»¾¼½©ª«¬\u00ad](?=[A-Za-zµ¸¶·¹\u00ad])|(?<![\w®])[®§](?=[^\W\d]|[µ¸¶·¹¨©ª«¬\u00ad])"
    r"|(?<=[a-z])[ÆÇÈÉËÊÌÎÏÑÒÓÔÕÖ×ØÜÞ]"
)
_TCVN3_SIGN = re.compile(
    _TCVN3_SURE.pattern + r"|(?<=[A-Za-z])[µ¸¶·¹¨©ª«¬](?!\w)|(?<=\w)[Þßãáäåæçéèêëìíîïñóòôõøùúûüýþ]"
)

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
_VNI_SURE = re.compile(
    r"[aeo][âåä]|(?!(?<!\w)où(?!\w))[aeouyôö][øùûõ]|a[êëúü]|ñ(?=[aeiouyöô])|[a-zñ]ö(?=[ôcnmptøùûõï])"
)
_VNI_SIGN = re.compile(_VNI_SURE.pattern + r"|[aeouyôö]ï|[a-z][æöôòóîí]")
_ENOUGH = 0.25  # signs a word; in such text nearly every word shows one


def to_unicode(text: str) -> tuple[str, str | None]:
    """Return the text in Unicode and the name of the encoding it was in, None when it was Unicode already."""
    composed = unicodedata.normalize("NFC", text)
    if any(char > "\u00ff" and unicodedata.category(char)[0] == "L" for char in composed):
        return text, None  # ế, ư, đ … are there: this is Unicode
    words, low = max(1, len(text.split())), text.lower()
    tcvn3 = len(_TCVN3_SIGN.findall(text)) if _TCVN3_SURE.search(text) else 0
    vni = len(_VNI_SIGN.findall(low)) if _VNI_SURE.search(low) else 0
    if not max(tcvn3, vni) or max(tcvn3, vni) < _ENOUGH * words:
        return text, None
    return (text.translate(_TCVN3_TABLE), "TCVN3") if tcvn3 >= vni else (_from_vni(text), "VNI")


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
