"""Step 1: read the statement. Typed text in, a `Statement` out; never an error, whatever was typed."""

import re
import unicodedata
from collections.abc import Sequence

from catalogue.common.text import canonical, one_line

from .abbreviations import Expander
from .constraints import find_constraints
from .legacy import to_unicode
from .text import is_marked, query_terms, syllables
from .types import Constraint, Statement

_CLAUSE_END = re.compile(
    r"[;:\n]+|,\s+|\s+-\s+|[.!?…]+\s+|\s+(?=(?:và|nhưng|đồng thời|va|nhung|dong thoi)\s+[^\WA-ZĐ])"
)
# "Sở Y tế cần …": who asks is not part of the need.
_ASKING = re.compile(
    r"^[^,;:.]{0,90}?(?<!\w)(?:cần|muốn|mong muốn|có nhu cầu|đề nghị|can|muon|mong muon|co nhu cau|de nghi)\s+"
    r"(?:(?:có|được|hỗ trợ|co|duoc|ho tro)\s+)?",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:và|nhưng|đồng thời|va|nhung|dong thoi)\s+", re.IGNORECASE)
_SHORT_CLAUSE = 4  # syllables; a shorter piece is joined to the one before it
_MOST_CLAUSES = 8


def clean(text: str) -> str:
    """Return the text in Unicode NFC without control characters, lines kept."""
    text, _ = to_unicode(text)
    if text.replace("\n", "").isprintable():  # nearly always, and told a hundred times faster
        return unicodedata.normalize("NFC", text)
    # Zero-width and bidirectional signs (Cf) hide words from a reader, so they must not split them for us either.
    visible = "".join(
        char if char == "\n" or unicodedata.category(char)[0] != "C" else " " * (unicodedata.category(char) == "Cc")
        for char in text
    )
    return unicodedata.normalize("NFC", visible)


def read(text: str, expander: Expander) -> Statement:
    """Read what an agency typed."""
    raw = clean(text)
    marked = is_marked(raw)
    expanded, used = expander.expand(raw)
    constraints = find_constraints(raw)
    return Statement(
        raw=raw,
        text=one_line(canonical(expanded)),
        marked=marked,
        terms=query_terms(syllables(expanded), marked=marked),
        clauses=tuple(need for need in split_needs(raw) if not _is_constraint(need, constraints)),
        expanded=used,
        constraints=constraints,
    )


def read_need(need: str, whole: Statement, expander: Expander) -> Statement:
    """Read one need of a statement as a statement of its own, typed as the whole was.

    Its only clause is the need without the words of a requirement ("kết nối LGSP"), which every product is asked for.
    """
    wanted = need
    for constraint in whole.constraints:
        wanted = wanted.replace(constraint.words, " ")
    wanted = one_line(wanted).strip(" .,;:")
    wanted = wanted if any(char.isalnum() for char in wanted) else need
    expanded, used = expander.expand(wanted)
    terms = query_terms(syllables(expanded), marked=whole.marked)
    return Statement(need, one_line(canonical(expanded)), whole.marked, terms, (wanted,), used)


def _is_constraint(need: str, constraints: Sequence[Constraint]) -> bool:
    """Say whether a piece of the statement only states a requirement that is read as such ("kinh phí dưới 1 tỷ")."""
    return any(constraint.words in need and 2 * len(constraint.words) > len(need) for constraint in constraints)


def split_needs(text: str) -> tuple[str, ...]:
    """Return the single needs of a statement: its sentences cut at commas, semicolons and "và", in its own words."""
    spans: list[tuple[int, int]] = []
    start = 0
    for cut in [*_CLAUSE_END.finditer(text), None]:
        end = cut.start() if cut else len(text)
        if spans and min(_size(text[start:end]), _size(text[slice(*spans[-1])])) < _SHORT_CLAUSE:
            spans[-1] = (spans[-1][0], end)
        elif text[start:end].strip():
            spans.append((start, end))
        start = cut.end() if cut else end
    clauses = (_LEADING.sub("", one_line(text[start:end]).strip(" .,;:")) for start, end in spans)
    needs = (_ASKING.sub("", clause, count=1) or clause for clause in clauses if clause)
    return tuple(needs)[:_MOST_CLAUSES]


def _size(text: str) -> int:
    return len(text.split())
