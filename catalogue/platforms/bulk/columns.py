"""The tables in which products are brought in and taken out: one column a field of `content`, so that neither is forgotten.

A column is known by its key, which never changes, and by its heading in every language of the site.
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, pgettext_lazy
from pydantic import BaseModel

from catalogue.common.text import canonical, fold, one_line
from catalogue.platforms.content import Content, EvidenceContent, PackageContent
from catalogue.platforms.models import Evidence
from catalogue.platforms.packages import Package
from catalogue.platforms.reading import LABELS

MOST_PRODUCTS = 500  # a file; a run of so many takes seconds
MOST_PARTS = 2_000  # rows of packages, and of evidence, a file


class Kind(StrEnum):
    """How a cell is read and written."""

    TEXT = "text"
    TEXTS = "texts"
    CHOICE = "choice"
    CHOICES = "choices"
    LEAF = "leaf"
    LEAVES = "leaves"
    COMMON = "common"
    WHOLE = "whole"
    SHARE = "share"
    DAY = "day"
    DOCUMENT = "document"
    PRODUCT = "product"
    NOTE = "note"  # said by the site, never read back


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `limit`: characters of a text or of each item, items of a list, None when it has none."""

    key: str
    label: Any
    kind: Kind
    choices: type[TextChoices] | None = None
    required: bool = False

    @property
    def is_list(self) -> bool:
        return self.kind in (Kind.TEXTS, Kind.CHOICES, Kind.LEAVES, Kind.COMMON)


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, or one CSV file. `field`: the list of `Content` that its rows are items of; "" for the products."""

    name: str
    title: Any
    columns: tuple[Column, ...]
    field: str = ""

    @property
    def most(self) -> int:
        return MOST_PARTS if self.field else MOST_PRODUCTS

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


_KEYS = {
    "category": Kind.LEAF,
    "also": Kind.LEAVES,
    "common_capabilities": Kind.COMMON,
    "document": Kind.DOCUMENT,
}
_PRODUCT_LABEL = gettext_lazy("Mã sản phẩm")
_first_upper = lazy(capfirst, str)


def _bare(annotation: Any) -> Any:
    """Return a type without what limits it and without None."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    return annotation


def _column(model: type[BaseModel], key: str, label: Any) -> Column:
    field = model.model_fields[key]
    kind_of, several = _bare(field.annotation), False
    if get_origin(kind_of) is list:
        kind_of, several = _bare(get_args(kind_of)[0]), True
    choices = kind_of if isinstance(kind_of, type) and issubclass(kind_of, TextChoices) else None
    if key in _KEYS:
        kind = _KEYS[key]
    elif choices:
        kind = Kind.CHOICES if several else Kind.CHOICE
    else:
        kind = Kind.TEXTS if several else {str: Kind.TEXT, int: Kind.WHOLE, Decimal: Kind.SHARE, date: Kind.DAY, UUID: Kind.DOCUMENT}[kind_of]  # fmt: skip
    return Column(key, label, kind, choices, required=field.is_required())


def _part_columns(model: type[BaseModel], rows: type[Any], **labels: Any) -> tuple[Column, ...]:
    return (
        Column("product", gettext_lazy("Sản phẩm (mã hoặc tên)"), Kind.PRODUCT, required=True),
        *(
            _column(model, key, labels.get(key) or _first_upper(rows._meta.get_field(key).verbose_name))
            for key in model.model_fields
        ),
    )


PRODUCTS = Table(
    "products",
    pgettext_lazy("sheet", "Sản phẩm"),
    (
        Column("product", _PRODUCT_LABEL, Kind.PRODUCT),
        *(
            _column(Content, key, LABELS[key])
            for key in Content.model_fields
            if key not in ("packages", "evidence")
        ),
    ),
)  # fmt: skip
PACKAGES = Table(
    "packages",
    gettext_lazy("Gói giá"),
    _part_columns(PackageContent, Package),
    field="packages",
)
EVIDENCE = Table(
    "evidence",
    gettext_lazy("Bằng chứng"),
    _part_columns(EvidenceContent, Evidence, document=gettext_lazy("Mã tệp đã tải lên")),
    field="evidence",
)
TABLES = {table.name: table for table in (PRODUCTS, PACKAGES, EVIDENCE)}
# Sheets of our own files that hold nothing to bring in.
HELP, LISTS, REVISIONS, DOCUMENTS = (
    gettext_lazy("Hướng dẫn"),
    gettext_lazy("Lựa chọn"),
    gettext_lazy("Các bản đã viết"),
    gettext_lazy("Tệp đã tải lên"),
)
ERRORS = Column(
    "errors", gettext_lazy("Lỗi phải sửa"), Kind.NOTE
)  # in the file that is given back; skipped when it comes again


def plain(text: str) -> str:
    """Return text as headings and choices are compared: without case, marks, runs of spaces and the star of what is required."""
    return fold(canonical(one_line(text))).rstrip("* ").replace("“", '"').replace("”", '"')


def in_every_language(text: Any) -> set[str]:
    """Return a text as `plain` compares it, in every language of the site."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(plain(str(text)))
    return found


@cache
def headings(table: str) -> dict[str, Column]:
    """Return the columns of a table by every heading that means them."""
    found: dict[str, Column] = {}
    for column in (*TABLES[table].columns, ERRORS):
        for heading in {plain(column.key), *in_every_language(column.label)}:
            if found.setdefault(heading, column) is not column:
                raise ValueError(f"two columns of {table} are headed {heading}")
    return found


@cache
def titles() -> dict[str, str]:
    """Return the names of the tables by every title of a sheet that means them."""
    return {title: name for name, table in TABLES.items() for title in {name, *in_every_language(table.title)}}


@cache
def side_titles() -> set[str]:
    """Return the titles of our own sheets that are read over without a word."""
    return {title for text in (HELP, LISTS, REVISIONS, DOCUMENTS) for title in in_every_language(text)}


@cache
def choice_aliases(choices: type[TextChoices]) -> dict[str, str]:
    """Return the values of a closed list by all that means them: the value itself, its label in every language."""
    return {alias: one.value for one in choices for alias in {plain(one.value), *in_every_language(one.label)}}
