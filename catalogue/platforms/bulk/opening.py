"""From the bytes of an XLSX or CSV file to rows of text, or a refusal. What kind of file it is, its content says.

Nothing here is computed, followed or run: a formula is a cell that is refused, an entity or a macro refuses the file.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from catalogue.common.errors import DomainError
from catalogue.documents.checking import DAMAGED, BadDocument, check_archive

from .cells import COMMENT
from .columns import ERRORS, TABLES, Column, headings, plain, side_titles, titles

MOST_UNPACKED = 30 * 1024 * 1024  # bytes of all parts of a workbook; 500 full products are 3 MB
LAST_ROW = 5_000  # of a sheet; what lies below is somebody's formatting, or meant to keep us busy
LAST_COLUMN = 80
LONGEST_CELL = 10_000  # characters; no field may be half as long
_MOST_SHEETS = 20
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx under a password
_OTHERS = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"MZ",
    b"\x7fELF",
)
_DOCTYPE = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class FileRefused(DomainError):
    """A file of which nothing can be taken; the sentence says why and what to do."""

    code = "file_refused"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `number` as the spreadsheet shows it; cells by column key, without empty ones; what is no text, by code."""

    number: int
    cells: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)  # column key → "formula", "error", "long"


Tables = dict[str, list[Row]]  # by the table's name


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file holds. notes: what of it was not read, in sentences."""

    tables: Tables
    notes: list[str]


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str = ""
    fault: str = ""


_Grid = Iterator[Sequence[_Cell]]


def sent(file: UploadedFile | None, *, too_big: bool) -> tuple[str, bytes]:
    """Return the name and the bytes of a file that was sent. too_big: it was broken off. Raises FileRefused."""
    if too_big:
        raise FileRefused(_("Tệp lớn quá: nhiều nhất 10 MB."))
    if file is None:
        raise FileRefused(_("Hãy chọn một tệp."))
    return file.name or "", file.read()


def opened(content: bytes) -> Opened:
    """Return the tables of a file. Raises FileRefused."""
    if not content.strip():
        raise FileRefused(_("Tệp rỗng."))
    if content.startswith(_OLD_OFFICE):
        raise FileRefused(
            _("Tệp Excel kiểu cũ (.xls) hoặc có mật khẩu thì không đọc được. Hãy lưu lại thành .xlsx không mật khẩu.")
        )
    file = _workbook(content) if content.startswith(b"PK\x03\x04") else _text(content)
    if not any(file.tables.values()):
        raise FileRefused(_("Dưới hàng tiêu đề chưa có dòng nào để nhập."))
    return file


def _workbook(content: bytes) -> Opened:
    broken = FileRefused(_("Tệp hỏng hoặc không phải XLSX. Hãy mở bằng Excel, lưu lại rồi tải lên bản mới."))
    try:
        _check_parts(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that are not read
            # data_only would give what a formula last showed; without it the formula shows itself, and is refused.
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            try:
                return _sheets(book)
            finally:
                book.close()
    except BadDocument as refusal:
        raise FileRefused(str(refusal)) from refusal
    except (
        *DAMAGED,
        InvalidFileException,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        ArithmeticError,
        SyntaxError,  # lxml's XMLSyntaxError is one
    ) as error:
        raise broken from error


def _check_parts(content: bytes) -> None:
    """Refuse what would not be read: too much, macros, entities, another kind of archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        check_archive(content, archive)
        names = set(archive.namelist())
        if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
            raise FileRefused(_("Tệp này không phải XLSX, dù tên ghi thế nào. Hãy dùng tệp mẫu."))
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise FileRefused(_("Tệp giải nén ra quá lớn nên không được nhận."))
        if any(re.search(r"(?i)vbaproject|activex|/embeddings/|externallinks/", name) for name in names):
            raise FileRefused(
                _("Tệp có macro, tệp nhúng hoặc liên kết ra ngoài. Hãy chép dữ liệu sang tệp mẫu rồi tải lên.")
            )
        for name in names:
            if name.endswith((".xml", ".rels")):
                body = archive.read(name)  # its size was declared; a part that unpacks to more is a BadZipFile
                if any(mark in body for mark in _DOCTYPE):
                    raise FileRefused(_("Tệp chứa khai báo XML không được phép nên không được nhận."))


def _sheets(book: Any) -> Opened:
    sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
    if len(sheets) > _MOST_SHEETS:
        raise FileRefused(_("Tệp có quá nhiều trang tính. Hãy dùng tệp mẫu."))
    named = [(titles().get(plain(sheet.title)), sheet) for sheet in sheets]
    if not any(name for name, _sheet in named) and len(named) == 1:
        return _one_table(_grid(sheets[0]), sheets[0].title)
    tables: Tables = {}
    notes = []
    for name, sheet in named:
        if name is None or name in tables:
            if plain(sheet.title) not in side_titles():
                notes.append(_("Trang tính “%(title)s” không được đọc.") % {"title": sheet.title})
            continue
        table, more = _rows(name, _grid(sheet), sheet.title)
        tables[name] = table
        notes += more
    if not tables:
        names = ", ".join(f"“{table.title}”" for table in TABLES.values())
        raise FileRefused(_("Không thấy trang tính nào tên là %(names)s. Hãy dùng tệp mẫu.") % {"names": names})
    return Opened(tables, notes)


def _grid(sheet: Any) -> _Grid:
    """Yield every row down to LAST_ROW. Raises FileRefused when there is something below, or to the right."""
    sheet.reset_dimensions()  # what a file says of its own size is not believed
    rows = sheet.iter_rows(max_row=LAST_ROW + 1, max_col=LAST_COLUMN)
    for at, row in enumerate(rows, start=1):
        if at > LAST_ROW:
            raise FileRefused(
                _("Trang tính “%(title)s” còn ô ở dưới dòng %(last)d. Hãy chép dữ liệu sang tệp mẫu rồi tải lên.")
                % {"title": sheet.title, "last": LAST_ROW}
            )
        yield [_cell(cell) for cell in row]


def _cell(cell: Any) -> _Cell:
    value = cell.value
    if value is None:
        return _Cell()
    if cell.data_type == "f":
        return _Cell(fault="formula")
    if cell.data_type == "e":
        return _Cell(str(value), fault="error")
    if isinstance(value, bool):
        return _Cell("yes" if value else "no")
    if isinstance(value, int | float):
        return _Cell(_number(value, cell.number_format))
    if isinstance(value, datetime):
        return _Cell(value.date().isoformat())
    return _sized(str(value))


def _sized(text: str) -> _Cell:
    return _Cell(text[:80], fault="long") if len(text) > LONGEST_CELL else _Cell(text)


def _number(value: float, number_format: str) -> str:
    """Return a number as one would type it: a share shown as 51 % is kept as 0.51 by spreadsheets."""
    if "%" in (number_format or ""):
        value = value * 100
    if isinstance(value, float):
        value = round(value, 10)
        if value.is_integer() and abs(value) < 10**18:
            return str(int(value))
    return str(value)


def _text(content: bytes) -> Opened:
    other = FileRefused(_("Tệp này không phải XLSX hay CSV, dù tên ghi thế nào. Hãy dùng tệp mẫu."))
    if content.startswith(_OTHERS):
        raise other
    text = _decoded(content)
    if _CONTROLS.search(text):
        raise other
    text = unicodedata.normalize("NFC", text)
    if first := re.match(r"sep=(.)\r?\n", text):  # Excel's own line
        text = text[first.end() :]
        separator = first[1]
    else:
        separator = _separator(text)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        grid = [[_sized(value) for value in row] for row in islice(reader, LAST_ROW + 1)]
    except csv.Error as error:
        raise FileRefused(
            _("Tệp CSV sai dấu ngoặc kép hoặc có ô quá dài. Hãy mở bằng Excel, lưu lại rồi tải lên.")
        ) from error
    if len(grid) > LAST_ROW:
        raise FileRefused(_("Tệp có hơn %(last)d dòng. Hãy chia thành nhiều tệp.") % {"last": LAST_ROW})
    return _one_table(iter(grid), "CSV")


def _decoded(content: bytes) -> str:
    """Return the text of a CSV: UTF-8 or UTF-16 as they mark themselves, else UTF-8, else what Vietnamese Windows wrote."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for code in ("utf-16",) if marked else ("utf-8-sig", "cp1258"):
        try:
            return content.decode(code)
        except UnicodeDecodeError:
            continue
    raise FileRefused(
        _("Không đọc được chữ trong tệp. Khi lưu bằng Excel hãy chọn “CSV UTF-8”, hoặc tải lên tệp XLSX.")
    )


def _separator(text: str) -> str:
    first = text.split("\n", 1)[0]
    outside = re.sub(r'"[^"]*"', "", first)
    return max(",;\t", key=lambda mark: (outside.count(mark), mark == ","))


def _one_table(grid: _Grid, title: str) -> Opened:
    """Read a file of one table: its headings say which."""
    rows = list(grid)
    first = next((row for row in rows if _says(row) and not _is_comment(row)), [])
    found = [plain(cell.text) for cell in first if cell.text]
    name, most = max(
        ((name, sum(heading in headings(name) for heading in found)) for name in TABLES), key=lambda pair: pair[1]
    )
    if most < 2:
        raise FileRefused(
            _(
                "Không nhận ra hàng tiêu đề. Hàng đầu tiên phải là tên các cột như trong tệp mẫu; nếu chữ bị vỡ, hãy lưu lại thành “CSV UTF-8”."
            )
        )
    table, notes = _rows(name, iter(rows), title)
    return Opened({name: table}, notes)


def _says(row: Sequence[_Cell]) -> bool:
    return any(cell.text.strip() or cell.fault for cell in row)


def _is_comment(row: Sequence[_Cell]) -> bool:
    return bool(row) and row[0].text.lstrip().startswith(COMMENT)


def _rows(name: str, grid: _Grid, title: str) -> tuple[list[Row], list[str]]:
    """Return the rows under the headings, and what was not read. Raises FileRefused."""
    columns: dict[int, Column] = {}
    told: set[int] = set()
    notes: list[str] = []
    found: list[Row] = []
    most = TABLES[name].most
    for number, row in enumerate(grid, start=1):
        if not _says(row) or _is_comment(row):
            continue
        if not columns:
            columns, told, notes = _headings(name, row, title)
            continue
        if len(found) == most:
            raise FileRefused(
                _("“%(title)s” có hơn %(most)d dòng. Hãy chia thành nhiều tệp.") % {"title": title, "most": most}
            )
        said = {column.key: row[at] for at, column in columns.items() if at < len(row) and _says([row[at]])}
        for at, cell in enumerate(row):
            if at not in columns and at not in told and cell.text.strip():
                told.add(at)
                notes.append(
                    _("Dòng %(n)d: “%(text)s” nằm ở cột không có tiêu đề, không được đọc.")
                    % {"n": number, "text": cell.text.strip()[:40]}
                )
        if said:
            faults = {key: cell.fault for key, cell in said.items() if cell.fault}
            found.append(Row(number, {key: cell.text for key, cell in said.items()}, faults))
    return found, notes


def _headings(name: str, row: Sequence[_Cell], title: str) -> tuple[dict[int, Column], set[int], list[str]]:
    """Return the columns by place, the places under a heading that is not read, and which those are in sentences."""
    known = headings(name)
    columns: dict[int, Column] = {}
    others: set[int] = set()
    notes = []
    for at, cell in enumerate(row):
        text = cell.text.strip()
        if not text:
            continue
        column = known.get(plain(text))
        if column is None:
            others.add(at)
            notes.append(
                _("Cột “%(heading)s” của “%(title)s” không có trong tệp mẫu, không được đọc.")
                % {"heading": text[:60], "title": title}
            )
        elif column in columns.values():
            raise FileRefused(_("Cột “%(heading)s” có hai lần.") % {"heading": text[:60]})
        elif column is ERRORS:
            others.add(at)
        else:
            columns[at] = column
    if not columns:
        raise FileRefused(
            _("Không nhận ra hàng tiêu đề của “%(title)s”. Hãy dùng tệp mẫu và giữ nguyên hàng đầu tiên.")
            % {"title": title}
        )
    return columns, others, notes
