"""Reading Vietnamese for retrieval: syllables, folded syllables, folded bigrams.

A Vietnamese word is one to four syllables written apart, and no segmenter tried was worth its cost;
syllables with bigrams beside them are. Every text gives three kinds of term in one field:

    hoà bình  →  hoà  bình  ~hoa  ~binh  ~hoa_binh

A statement typed with marks asks for the syllables as written and the bigrams; one typed without marks
for the folded syllables and the bigrams. The marks then never have to be guessed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from catalogue.common.text import canonical, fold

# The number of a document (16/CT-BTTTT, 34/2025/TT-BKHCN) and a joined abbreviation (VB&ĐH) are one token each.
_WORD = re.compile(r"\d+(?:/\d+)?/[^\W\d_]+(?:-[^\W\d_]+)+|[^\W_]+(?:&[^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…;])\s+|\n+")
_MARK = re.compile(r"[^\x00-\x7f]")
# What a reader does not see: elements that are hidden or no text, then other markup; letters of no width, and those
# that turn the direction of writing.
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template)\b.*?(?:</\1\s*>|\Z)"
    r"|<(\w+)\b[^<>]*?(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|\bhidden\b)[^<>]*>"
    r".*?(?:</\2\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_MARKUP = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_NO_WIDTH = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
FOLDED = "~"
BETWEEN = "_"  # joins the two syllables of a bigram; no syllable holds it
LONG_WORD = 40  # letters; a longer run is data or noise, and would only fill the term dictionary


def syllables(text: str) -> list[str]:
    """Return the canonical syllables and numbers of a text, in order."""
    return list(_syllables(text))


@lru_cache(maxsize=256)  # an answer asks for each need of the statement once a listing it explains
def _syllables(text: str) -> tuple[str, ...]:
    return tuple(word for word in _WORD.findall(canonical(text)) if len(word) <= LONG_WORD)


@lru_cache(maxsize=16384)  # a few thousand syllables make up nearly every text
def folded_term(word: str) -> str:
    """Return the term of a syllable without its marks."""
    return FOLDED + fold(word)


def visible(text: str) -> str:
    """Return what a reader sees of a listing's text: no markup, nothing hidden in it, no letters of no width."""
    if "<" in text:
        text = _MARKUP.sub(" ", _UNSEEN.sub(" ", text))
    return text if text.isascii() else _NO_WIDTH.sub("", text)


def document_terms(words: list[str]) -> Counter[str]:
    """Return every term a listing can be found by, with its count."""
    folded = [folded_term(word) for word in words]
    terms = Counter(words)
    terms.update(folded)
    terms.update(_bigrams(folded))
    return terms


def query_terms(words: list[str], *, marked: bool) -> Counter[str]:
    """Return the terms a statement asks for, with its count of each.

    marked: whether the statement was typed with diacritics, see `is_marked`.
    """
    folded = [folded_term(word) for word in words]
    return Counter([*(words if marked else folded), *_bigrams(folded)])


def _bigrams(folded: list[str]) -> Iterable[str]:
    return (f"{first}{BETWEEN}{second[1:]}" for first, second in pairwise(folded))


def is_marked(text: str) -> bool:
    """Tell whether the text was typed with Vietnamese marks.

    About four Vietnamese syllables in five carry a mark, so a text of some length with almost none was
    typed without; a short text is unmarked only when it has none at all.
    """
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    letters = [word for word in words if any(char.isalpha() for char in word)]
    if not letters:
        return True
    carrying = sum(bool(_MARK.search(word)) for word in letters)
    return carrying > 0.1 * len(letters)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, trimmed, without empty ones."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]
