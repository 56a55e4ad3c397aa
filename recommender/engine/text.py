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

from catalogue.common.reading import LONG_WORD, WORD, sentences, syllables, syllables_of, visible
from catalogue.common.text import fold

__all__ = [
    "BETWEEN", "FOLDED", "LONG_WORD", "document_terms", "is_marked", "query_terms", "sentences", "syllables",
    "syllables_of", "visible",
]  # fmt: skip
_MARK = re.compile(r"[^\x00-\x7f]")
FOLDED = "~"
BETWEEN = "_"  # joins the two syllables of a bigram; no syllable holds it


@lru_cache(maxsize=16384)  # a few thousand syllables make up nearly every text
def folded_term(word: str) -> str:
    """Return the term of a syllable without its marks."""
    return FOLDED + fold(word)


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
    words = WORD.findall(unicodedata.normalize("NFC", text))
    letters = [word for word in words if any(char.isalpha() for char in word)]
    if not letters:
        return True
    carrying = sum(bool(_MARK.search(word)) for word in letters)
    return carrying > 0.1 * len(letters)
