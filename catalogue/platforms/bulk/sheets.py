"""Tables as files: XLSX for people, CSV for programs. Every text in them is `cells.harmless`."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from .cells import Names, harmless, text_of
from .columns import Column, Kind, Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHADE, WRONG = "E7EFEC", "FBE3DC"
_WIDE = 44
Value = str | int | float


@dataclass(frozen=True)
class Sheet:
    """One table to be written. `name`: of its CSV file, ASCII. Rows may be an iterator: they are walked once."""

    name: str
    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]


@dataclass(frozen=True)
class Saved:
    """A file to be given out: its bytes from the start, which whoever gives it out closes."""

    file: IO[bytes]
    media_type: str
    name: str


def heading(column: Column) -> str:
    """Return a column's heading in the reader's language, with the star of what must be filled in."""
    return f"{column.label} *" if column.required else str(column.label)


def cell_value(column: Column, value: Any, names: Names) -> Value:
    """Return a plain value as a cell: numbers as numbers, everything else as harmless text."""
    if column.kind == Kind.WHOLE and value is not None:
        return int(value)
    if column.kind == Kind.SHARE and value is not None:
        return float(Decimal(str(value)))
    return harmless(text_of(column, value, names))


def row_of(table: Table, product: str, values: dict[str, Any], names: Names) -> list[Value]:
    """Return the row of a table that says these values of a product."""
    return [
        harmless(product) if column.kind == Kind.PRODUCT else cell_value(column, values[column.key], names)
        for column in table.columns
    ]


def write_xlsx(sheets: Iterable[Sheet], to: IO[bytes]) -> None:
    """Write a workbook, a row at a time: it never lies in memory as a whole."""
    book = Workbook(write_only=True)
    book.properties.creator = _("Nền tảng Việt cho cơ quan nhà nước")
    for one in sheets:
        sheet = book.create_sheet(one.title)
        sheet.freeze_panes = "B2"
        for at, text in enumerate(one.headings, start=1):
            sheet.column_dimensions[get_column_letter(at)].width = min(_WIDE, max(14, len(text) + 4))
        sheet.append([_head(WriteOnlyCell(sheet, harmless(text))) for text in one.headings])
        for row in one.rows:
            sheet.append([_body(WriteOnlyCell(sheet, value)) for value in row])
    book.save(to)


def _head(cell: Any) -> Any:
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor=SHADE)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _body(cell: Any) -> Any:
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """Yield a CSV as RFC 4180 has it, line by line; the first begins with the mark by which spreadsheets know UTF-8."""
    file = io.StringIO()
    writer = csv.writer(file)
    file.write("\ufeff")
    writer.writerow([harmless(text) for text in sheet.headings])
    yield file.getvalue()
    for values in sheet.rows:
        file.seek(0)
        file.truncate()
        writer.writerow([value if isinstance(value, str) else str(value).replace(".", ",") for value in values])
        yield file.getvalue()


def write_csvs(sheets: Iterable[Sheet], to: IO[bytes]) -> None:
    """Write an archive with a CSV file a table."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in sheets:
            with archive.open(f"{sheet.name}.csv", "w") as file:
                for line in csv_lines(sheet):
                    file.write(line.encode())
