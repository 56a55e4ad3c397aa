"""Requirements that stand in the statement: read, offered back with their words, never applied unasked.

Each rule is one pattern. What is found is a suggestion for the officer to confirm; only `Required`,
which the officer confirmed, changes the answer.
"""

import re
from collections.abc import Iterator

from catalogue.common.text import canonical, fold

from .types import Constraint, Document, Required, Unmet

BUDGET, DEPLOYMENT, USERS, SITES, SECURITY, DEADLINE = (
    "budget_vnd_max", "deployment", "users", "sites", "security_level", "deadline",
)  # fmt: skip
DEPLOYMENTS = ("saas", "on_premise", "private_cloud", "mobile_app", "hardware")

_NUMBER = r"(\d{1,3}(?:[.,\s]\d{3}){2,4}|\d{1,3}(?:[.\s]\d{3})|\d{1,12}(?:,\d{1,3})?)(?![\d.,]*\d)"
_UNITS = {
    "nghìn": 10**3,
    "ngàn": 10**3,
    "triệu": 10**6,
    "tr": 10**6,
    "tỷ": 10**9,
    "tỉ": 10**9,
    "đồng": 1,
    "vnd": 1,
    "vnđ": 1,
}
_LIMITS = ("dưới", "không quá", "không vượt quá", "tối đa", "kinh phí", "ngân sách", "dự toán", "trần")


def _either(*words: str) -> str:
    """Return a pattern of these words, with their marks or without any."""
    forms = {canonical(word) for word in words} | {fold(canonical(word)) for word in words}
    return "|".join(sorted(forms, key=len, reverse=True))


# The rule for money sees the text in lower case but with its marks: "đã" is not "(tối) đa", "ti vi" is no sum.
_AMOUNT = rf"{_NUMBER}\s*({_either(*_UNITS)})(?!\w)(?! vi\b)"
_MONEY = re.compile(
    rf"(?<!\w)(?:{_either(*_LIMITS)})(?!\w)[^.;\n]{{0,40}}?(?<![\w.,]){_AMOUNT}(?:\s+{_AMOUNT})?(?:\s*(?:{_either('đồng')}|vn[dđ]))?"
)
# The other rules run over the folded text, which has the statement's own length, so spans point into what was typed.
_COUNTED = {
    USERS: re.compile(rf"(?<![\w/.,]){_NUMBER}\s*(?:nguoi dung|nguoi su dung|tai khoan|user|users)\b"),
    SITES: re.compile(rf"(?<![\w/.,]){_NUMBER}\s*(?:diem cau|diem|dia diem|tram|co so|truong|xa|don vi)\b"),
    SECURITY: re.compile(r"\b(?:cap do)\s*([1-5])\b"),
}
_DEADLINE = re.compile(
    r"\b(?:truoc|den het|den|trong|cham nhat|hoan thanh)\s+(?:ngay |thang |nam |quy )?"
    r"(\d{1,2}/\d{1,2}/20\d\d|\d{1,2}/20\d\d|(?:i|ii|iii|iv)/20\d\d|(?<=nam )20\d\d)\b"
)
_DEPLOYMENT = {
    "on_premise": re.compile(r"\b(?:tai cho|on[- ]premises?|may chu cua (?:don vi|co quan|so|tinh)|cai dat noi bo)\b"),
    "private_cloud": re.compile(r"\b(?:dam may (?:rieng|noi bo)|private cloud)\b"),
    "saas": re.compile(
        r"\b(?:saas|thue (?:dich vu )?phan mem|tren (?:nen )?(?:dien toan )?dam may)\b(?! (?:rieng|noi bo))"
    ),
    "mobile_app": re.compile(r"\b(?:ung dung (?:di dong|dien thoai|tren dien thoai)|mobile app)\b"),
}


def find_constraints(raw: str) -> tuple[Constraint, ...]:
    """Return the requirements that a statement states, in the order of its words."""
    text = _fold_in_place(raw)
    return tuple(sorted(_find(raw, text), key=lambda constraint: constraint.start))


def _find(raw: str, text: str) -> Iterator[Constraint]:
    def found(kind: str, value: int | str, match: re.Match[str]) -> Constraint:
        return Constraint(kind, value, raw[match.start() : match.end()], match.start(), match.end())

    if match := _MONEY.search(_lower_in_place(raw)):
        yield found(BUDGET, sum(_money(*match.group(at, at + 1)) for at in (1, 3) if match[at]), match)
    for kind, pattern in _COUNTED.items():
        if match := pattern.search(text):
            yield found(kind, int(_number(match[1])), match)
    if match := _DEADLINE.search(text):
        yield found(DEADLINE, match[1].upper(), match)
    for value, pattern in _DEPLOYMENT.items():
        if match := pattern.search(text):
            yield found(DEPLOYMENT, value, match)


def _fold_in_place(text: str) -> str:
    """Fold letter by letter, so that every place in the result is the same place in the text."""
    return "".join(fold(char)[:1].lower() or " " for char in text)


def _lower_in_place(text: str) -> str:
    """Lower letter by letter, marks in one place and composed, keeping the length."""
    low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    same = canonical(low)
    return same if len(same) == len(text) else low


def _money(number: str, unit: str) -> int:
    factor = {name: value for word, value in _UNITS.items() for name in (canonical(word), fold(canonical(word)))}[unit]
    return round(_number(number) * factor)


def _number(written: str) -> float:
    """Read a Vietnamese number: groups of three by dot, space or comma, decimals by comma ("1.500", "1,5")."""
    groups = re.fullmatch(r"\d{1,3}(?:[.\s]\d{3})+|\d{1,3}(?:,\d{3}){2,}", written)
    return float(re.sub(r"[.,\s]", "", written)) if groups else float(written.replace(",", "."))


def failures(document: Document, required: Required) -> tuple[Unmet, ...]:
    """Return what the listing fails of the confirmed requirements, and what it leaves unknown."""
    out: list[Unmet] = []
    if required.deployment and not required.deployment.intersection(document.deployment):
        out.append(Unmet(DEPLOYMENT, ", ".join(sorted(required.deployment)), known=bool(document.deployment)))
    if required.budget_vnd_max is not None and (
        document.price_min is None or document.price_min > required.budget_vnd_max
    ):
        out.append(Unmet(BUDGET, str(required.budget_vnd_max), known=document.price_min is not None))
    if not document.available:
        out.append(Unmet("status", "discontinued"))
    return tuple(out)
