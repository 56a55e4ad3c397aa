"""One cell: from its text to a plain value of the content, and back.

What could begin a formula is written with an apostrophe before it and read without, so that no spreadsheet runs it and
nothing changes on the way round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.common.errors import DomainError
from catalogue.platforms.capabilities import Capability
from catalogue.platforms.models import Category

from .columns import Column, Kind, choice_aliases, in_every_language, plain

CLEAR = gettext_lazy("(xóa)")  # empties a field; an empty cell leaves it as it is
COMMENT = "#"  # a row whose first cell begins with it is read over
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # no XML holds them
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
_MONEY_SIGNS = re.compile(r"(?i)\s|đồng|đ|vnd|₫")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")


class CellRefused(DomainError):
    """What a cell says cannot be read; the sentence says what to write instead."""

    code = "cell_refused"


@dataclass(frozen=True)
class Names:
    """Categories and common functions by key and by all their names; read once a file."""

    leaves: dict[str, str] = field(default_factory=dict)  # plain name or key → key
    common: dict[str, str] = field(default_factory=dict)
    leaf_labels: dict[str, str] = field(default_factory=dict)  # key → what is written for it
    common_labels: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Names:
        leaves = list(Category.objects.leaves_only().order_by("pk"))
        common = dict(Capability.objects.values_list("key", "label"))
        names = _without_doubt(
            (name, leaf.key) for leaf in leaves for name in {plain(leaf.label_vi), plain(leaf.label_en)}
        )
        labels = _without_doubt((plain(label), key) for key, label in common.items())
        return cls(
            leaves={**names, **{plain(leaf.key): leaf.key for leaf in leaves}},
            common={**labels, **{plain(key): key for key in common}},
            leaf_labels={leaf.key: leaf.label if plain(leaf.label) in names else leaf.key for leaf in leaves},
            common_labels={key: label if plain(label) in labels else key for key, label in common.items()},
        )


def _without_doubt(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return names by key, without a name that two share: it says nothing."""
    found: dict[str, str] = {}
    shared = set()
    for name, key in pairs:
        if found.setdefault(name, key) != key:
            shared.add(name)
    return {name: key for name, key in found.items() if name not in shared}


def harmless(text: str) -> str:
    """Return text for a cell that no spreadsheet runs."""
    text = _CONTROLS.sub("", text)
    return (
        f"'{text}" if text.startswith("'") or _FORMULA.match(text) or clears(text) or text.startswith(COMMENT) else text
    )


def unguarded(text: str) -> str:
    """Return what `harmless` was given."""
    rest = text[1:]
    guarded = text.startswith("'") and (rest.startswith(("'", COMMENT)) or bool(_FORMULA.match(rest)) or clears(rest))
    return rest if guarded else text


def clears(text: str) -> bool:
    """Say whether a cell asks for its field to be emptied."""
    return plain(text) in _clears()


@cache
def _clears() -> set[str]:
    return in_every_language(CLEAR)


def emptied(column: Column) -> Any:
    """Return the value of a field that says nothing."""
    if column.is_list:
        return []
    if column.choices and any(one == "unknown" for one in column.choices.values):
        return "unknown"
    return "" if column.kind in (Kind.TEXT, Kind.LEAF) else None


def value_of(column: Column, text: str, names: Names) -> Any:
    """Return the plain value that a cell's text means; what limits a value is `content`'s. Raises CellRefused."""
    if clears(text):
        return emptied(column)
    text = unguarded(text)
    readers: dict[Kind, Callable[[], Any]] = {
        Kind.TEXT: lambda: text,
        Kind.TEXTS: lambda: items(text),
        Kind.CHOICE: lambda: _choice(column.choices, text),
        Kind.CHOICES: lambda: [_choice(column.choices, item) for item in items(text)],
        Kind.LEAF: lambda: _named(names.leaves, text),
        Kind.LEAVES: lambda: [_named(names.leaves, item) for item in items(text)],
        Kind.COMMON: lambda: [_named(names.common, item) for item in items(text)],
        Kind.WHOLE: lambda: _whole(text),
        Kind.SHARE: lambda: _share(text),
        Kind.DAY: lambda: _day(text),
        Kind.DOCUMENT: lambda: _document(text),
    }
    return readers[column.kind]()


def text_of(column: Column, value: Any, names: Names) -> str:
    """Return the text of a cell for a plain value, "" when nothing is said. Not yet `harmless`."""
    if value is None or value == [] or value == "":
        return ""
    if column.kind == Kind.TEXTS:
        return _joined([str(item) for item in value])
    if column.choices:
        values = value if isinstance(value, list) else [value]
        return _joined([str(column.choices(one).label) for one in values])
    if column.kind in (Kind.LEAF, Kind.LEAVES, Kind.COMMON):
        labels = names.common_labels if column.kind == Kind.COMMON else names.leaf_labels
        keys: list[str] = value if isinstance(value, list) else [value]
        return _joined([labels.get(key, key) for key in keys])
    if column.kind == Kind.SHARE:
        return f"{Decimal(str(value)).normalize():f}".replace(".", ",")
    return str(value)


def items(text: str) -> list[str]:
    """Return the items of a list: a line each, or, all in one line, between semicolons."""
    parts = text.splitlines() if "\n" in text or "\r" in text else text.split(";")
    return [part.strip() for part in parts if part.strip()]


def _joined(parts: list[str]) -> str:
    """Return items a line each. A single one that holds a semicolon ends its line, which tells it from two."""
    return f"{parts[0]}\n" if len(parts) == 1 and ";" in parts[0] else "\n".join(parts)


def _choice(choices: type[TextChoices] | None, text: str) -> str:
    if choices is None:
        raise TypeError("a column of choices without any")
    found = choice_aliases(choices).get(plain(text))
    if found is None:
        labels = "; ".join(str(label) for label in choices.labels)
        raise CellRefused(
            _("Không có lựa chọn “%(text)s”. Hãy ghi một trong: %(labels)s.") % {"text": text[:80], "labels": labels}
        )
    return found


def _named(names: dict[str, str], text: str) -> str:
    found = names.get(plain(text))
    if found is None:
        raise CellRefused(
            _("“%(text)s” không có trong danh mục. Hãy chép tên từ trang tính Lựa chọn của tệp mẫu.")
            % {"text": text[:80]}
        )
    return found


def _whole(text: str) -> int:
    typed = _MONEY_SIGNS.sub("", text)
    typed = re.sub(r"[.,]", "", typed) if _GROUPED.fullmatch(typed) else re.sub(r"[.,]0+$", "", typed)
    if not re.fullmatch(r"-?[0-9]{1,30}", typed):
        raise CellRefused(_("Hãy nhập một số nguyên."))
    return int(typed)


def _share(text: str) -> Decimal:
    try:
        number = Decimal(text.strip().rstrip("%").strip().replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise CellRefused(_("Hãy nhập một số, ví dụ: 51 hoặc 3,5."))
    return number


def _day(text: str) -> date:
    for form in _DAYS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    raise CellRefused(_("Hãy ghi ngày như 30/11/2027."))


def _document(text: str) -> UUID:
    try:
        return UUID(text.strip())
    except ValueError:
        raise CellRefused(
            _("Mã tệp chưa đúng. Hãy chép từ tệp đã xuất, hoặc để trống rồi tải tệp lên ở bước Bằng chứng.")
        ) from None
