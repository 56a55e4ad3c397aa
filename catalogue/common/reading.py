"""What a reader sees of a text, its sentences and its syllables: the same wherever texts are compared."""

import re
from collections.abc import Sequence
from functools import lru_cache

from .text import canonical

# The number of a document (16/CT-BTTTT, 34/2025/TT-BKHCN) and a joined abbreviation (VB&ĐH) are one token each.
WORD = re.compile(r"\d+(?:/\d+)?/[^\W\d_]+(?:-[^\W\d_]+)+|[^\W_]+(?:&[^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…;])\s+|\n+")
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
LONG_WORD = 40  # letters; a longer run is data or noise, and would only fill the term dictionary


def syllables(text: str) -> list[str]:
    """Return the canonical syllables and numbers of a text, in order."""
    return list(_syllables(text))


def syllables_of(lines: Sequence[str]) -> list[list[str]]:
    """Return the syllables of each line, as `syllables` does, in half the time. No line holds a line break."""
    read = canonical("\n".join(lines)).split("\n") if lines else []
    return [[word for word in WORD.findall(line) if len(word) <= LONG_WORD] for line in read]


@lru_cache(maxsize=256)  # an answer asks for each need of the statement once a listing it explains
def _syllables(text: str) -> tuple[str, ...]:
    return tuple(word for word in WORD.findall(canonical(text)) if len(word) <= LONG_WORD)


def visible(text: str) -> str:
    """Return what a reader sees of a listing's text: no markup, nothing hidden in it, no letters of no width."""
    if "<" in text:
        text = _MARKUP.sub(" ", _UNSEEN.sub(" ", text))
    return text if text.isascii() else _NO_WIDTH.sub("", text)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, trimmed, without empty ones."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]
