"""The files a vendor starts from, and the one that comes back with what must be put right."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from catalogue.platforms import content as shape
from catalogue.platforms.capabilities import Capability
from catalogue.platforms.models import Category

from .cells import CLEAR, COMMENT, clears, harmless, unguarded
from .columns import (
    ERRORS,
    EVIDENCE,
    HELP,
    LISTS,
    MOST_PARTS,
    MOST_PRODUCTS,
    PACKAGES,
    PRODUCTS,
    TABLES,
    Column,
    Kind,
    Table,
)
from .importing import tables_of
from .models import Import
from .planning import Problem
from .sheets import SHADE, WRONG, XLSX, Saved, Sheet, csv_lines, heading

KINDS = ("xlsx", *(f"{name}.csv" for name in TABLES))
_WORDS = {
    "summary": shape.SUMMARY_WORDS,
    "description": shape.DESCRIPTION_WORDS,
    "exit_terms": shape.EXIT_WORDS,
    "includes": shape.INCLUDES_WORDS,
}
_WIDTHS = {Kind.TEXTS: 44, Kind.CHOICES: 34, Kind.LEAVES: 30, Kind.COMMON: 30, Kind.CHOICE: 24, Kind.LEAF: 28}


def template(kind: str) -> Saved:
    """Return an empty file to fill in, of one of the KINDS."""
    if kind == "xlsx":
        name = _("mau-nhap-san-pham")
        return Saved(io.BytesIO(template_xlsx()), XLSX, f"{name}.xlsx")
    table = TABLES[kind.removesuffix(".csv")]
    return Saved(io.BytesIO(template_csv(table)), "text/csv; charset=utf-8", kind)


def template_xlsx() -> bytes:
    """Return an empty workbook: the tables, each with an example that is not read, the lists to choose from, and help."""
    book = Workbook()
    help_sheet = book.worksheets[0]
    help_sheet.title = str(HELP)
    sheets = {table.name: book.create_sheet(str(table.title)) for table in TABLES.values()}
    lists = book.create_sheet(str(LISTS))
    places = _write_lists(lists)
    for table in TABLES.values():
        _write_table(sheets[table.name], table, places, lists.title)
    _write_help(help_sheet)
    return _saved(book)


def template_csv(table: Table) -> bytes:
    """Return an empty CSV of one table, with an example row that is not read."""
    sheet = Sheet(table.name, str(table.title), [heading(column) for column in table.columns], [_example(table)])
    return "".join(csv_lines(sheet)).encode()


def errors_file(received: Import, problems: Sequence[Problem]) -> Saved:
    """Return the rows as they came in, with what is wrong before each, its cells coloured."""
    book = Workbook()
    book.remove(book.worksheets[0])
    by_row: dict[tuple[str, int], list[Problem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.table, problem.row].append(problem)
    for name, rows in tables_of(received).items():
        table = TABLES[name]
        sheet = book.create_sheet(str(table.title))
        columns = [ERRORS, *table.columns]
        _head(sheet, columns)
        for at, row in enumerate(rows, start=2):
            wrong = by_row[name, row.number]
            said = [f"{one.heading}: {one.sentence}" if one.column else one.sentence for one in wrong]
            texts = ["\n".join(said), *(_again(row.cells.get(column.key, "")) for column in table.columns)]
            for place, (column, text) in enumerate(zip(columns, texts, strict=True), start=1):
                cell = _put(sheet, at, place, text)
                if wrong and (column is ERRORS or any(one.column == column.key for one in wrong)):
                    cell.fill = PatternFill("solid", fgColor=WRONG)
    file_name = _("loi-phai-sua")
    return Saved(io.BytesIO(_saved(book)), XLSX, f"{file_name}.xlsx")


def _again(text: str) -> str:
    """Return a cell's text so that it means the same when it is read once more."""
    return text if clears(text) else harmless(unguarded(text))


def how_to_write(column: Column) -> str:
    """Say how a cell of this column is filled in."""
    if column.key in _WORDS:
        return _("Nhiều nhất %(n)d từ.") % {"n": _WORDS[column.key]}
    sentences = {
        Kind.TEXT: _("Chữ."),
        Kind.TEXTS: _("Mỗi ý một dòng trong ô (Alt + Enter), hoặc cách nhau bằng dấu chấm phẩy."),
        Kind.CHOICE: _("Chọn một mục trong danh sách của ô."),
        Kind.CHOICES: _("Mỗi dòng một mục, chép từ trang tính Lựa chọn."),
        Kind.LEAF: _("Chọn một nhóm trong danh sách của ô."),
        Kind.LEAVES: _("Mỗi dòng một nhóm, chép từ trang tính Lựa chọn; nhiều nhất 5."),
        Kind.COMMON: _("Mỗi dòng một chức năng, chép từ trang tính Lựa chọn; nhiều nhất 20."),
        Kind.WHOLE: _("Số nguyên, ví dụ: 1500000."),
        Kind.SHARE: _("Số từ 0 đến 100, ví dụ: 51 hoặc 3,5."),
        Kind.DAY: _("Ngày, ví dụ: 30/11/2027."),
        Kind.DOCUMENT: _("Chép từ tệp đã xuất. Tệp mới thì tải lên ở bước Bằng chứng của sản phẩm."),
        Kind.PRODUCT: _("Mã có trong tệp đã xuất và trong địa chỉ trang sản phẩm. Sản phẩm mới thì để trống.")
        if column.key == "product" and not column.required
        else _("Mã hoặc tên của sản phẩm, đúng như ở trang tính Sản phẩm."),
    }
    return sentences[column.kind]


def _write_table(sheet: Worksheet, table: Table, places: dict[str, str], lists: str) -> None:
    _head(sheet, table.columns)
    for at, text in enumerate(_example(table), start=1):
        cell = _put(sheet, 2, at, text)
        cell.font = Font(italic=True, color="6B6B6B")
    for at, column in enumerate(table.columns, start=1):
        source = places.get(f"{table.name}.{column.key}")
        if source and column.kind in (Kind.CHOICE, Kind.LEAF):
            rule = DataValidation(type="list", formula1=f"'{lists}'!{source}", allow_blank=True, showErrorMessage=True)
            rule.errorTitle, rule.error = _("Không có trong danh sách"), how_to_write(column)
            letter = get_column_letter(at)
            rule.add(f"{letter}3:{letter}{table.most + 2}")
            sheet.add_data_validation(rule)


def _write_lists(sheet: Worksheet) -> dict[str, str]:
    """Write every list to choose from into a column of its own; return where, by "table.column"."""
    places: dict[str, str] = {}
    at = 0
    for table in TABLES.values():
        for column in table.columns:
            labels = _labels(column)
            if not labels:
                continue
            at += 1
            letter = get_column_letter(at)
            _put(sheet, 1, at, str(column.label), bold=True)
            sheet.column_dimensions[letter].width = 40
            for row, label in enumerate(labels, start=2):
                _put(sheet, row, at, label)
            places[f"{table.name}.{column.key}"] = f"${letter}$2:${letter}${len(labels) + 1}"
    sheet.freeze_panes = "A2"
    return places


def _labels(column: Column) -> list[str]:
    if column.choices:
        return [str(label) for label in column.choices.labels]
    if column.kind in (Kind.LEAF, Kind.LEAVES):
        return [leaf.label for leaf in Category.objects.leaves_only().order_by("parent__position", "position")]
    if column.kind == Kind.COMMON:
        return list(Capability.objects.order_by("label").values_list("label", flat=True))
    return []


def _write_help(sheet: Worksheet) -> None:
    rules = [
        _("Mỗi sản phẩm một dòng ở trang tính Sản phẩm. Gói giá và bằng chứng ghi ở hai trang tính sau, mỗi thứ một dòng."),
        _("Cột có dấu * phải điền khi thêm sản phẩm, gói giá hoặc bằng chứng mới."),
        _("Ô để trống: giữ nguyên điều đang có. Ghi %(clear)s để xóa điều đang có.") % {"clear": CLEAR},
        _("Sản phẩm có dòng nào ở Gói giá thì các dòng đó là toàn bộ gói giá của nó, theo thứ tự; Bằng chứng cũng vậy."),
        _("Dòng bắt đầu bằng dấu %(mark)s không được nhập. Dòng ví dụ là dòng như vậy; có thể xóa đi.") % {"mark": COMMENT},
        _("Giữ nguyên hàng tiêu đề. Thứ tự cột không quan trọng; cột không dùng có thể xóa."),
        _("Nhiều nhất %(products)d sản phẩm, %(parts)d gói giá và %(parts)d bằng chứng một tệp. Không dùng công thức.") % {"products": MOST_PRODUCTS, "parts": MOST_PARTS},
        _("Trước khi nhập, hệ thống cho xem tệp sẽ làm gì. Nhập xong, mọi thứ là bản nháp: chưa ai ngoài doanh nghiệp thấy."),
    ]  # fmt: skip
    _put(sheet, 1, 1, _("Cách điền tệp này"), bold=True)
    at = 2
    for rule in rules:
        sheet.merge_cells(start_row=at, start_column=1, end_row=at, end_column=4)
        _put(sheet, at, 1, rule)
        sheet.row_dimensions[at].height = 32
        at += 1
    at += 1
    for place, text in enumerate((_("Trang tính"), _("Cột"), _("Phải điền"), _("Cách ghi")), start=1):
        _put(sheet, at, place, text, bold=True).fill = PatternFill("solid", fgColor=SHADE)
    for table in TABLES.values():
        for column in table.columns:
            at += 1
            must = _("Có") if column.required or column.key == "category" else ""
            for place, text in enumerate((str(table.title), str(column.label), must, how_to_write(column)), start=1):
                _put(sheet, at, place, text)
    for letter, width in zip("ABCD", (16, 40, 12, 80), strict=True):
        sheet.column_dimensions[letter].width = width


def _example(table: Table) -> list[str]:
    """Return a row that shows how, and that is read over."""
    note = _("%(mark)s Ví dụ, dòng này không được nhập") % {"mark": COMMENT}
    examples: dict[str, dict[str, Any]] = {
        PRODUCTS.name: {
            "name": _("Phần mềm họp không giấy A"),
            "summary": _("Họp không giấy cho hội đồng nhân dân và ủy ban nhân dân cấp xã."),
            "solves": _("Mỗi kỳ họp in hàng nghìn trang tài liệu, sửa một chỗ là in lại từ đầu.\nBiểu quyết giơ tay đếm nhầm, thư ký phải đếm lại nhiều lần."),
            "capabilities": _("Biểu quyết điện tử\nGửi tài liệu trước cuộc họp"),
            "launched": "2021",
            "vietnamese_share": "100",
            "website": "https://example.vn/hop",
        },
        PACKAGES.name: {
            "name": _("Gói xã"),
            "price_min": "12000000",
            "price_max": "15000000",
            "min_months": "12",
            "includes": _("Cài đặt, tập huấn, hỗ trợ trong giờ làm việc."),
        },
        EVIDENCE.name: {
            "title": _("Triển khai tại 120 xã của tỉnh A"),
            "year": "2025",
            "url": "https://example.gov.vn/tin",
        },
    }  # fmt: skip
    said = examples[table.name]
    row = []
    for column in table.columns:
        labels = _labels(column)
        row.append(str(said.get(column.key, labels[0] if labels and column.kind in (Kind.CHOICE, Kind.LEAF) else "")))
    return [note, *row[1:]]


def _head(sheet: Worksheet, columns: Sequence[Column]) -> None:
    for at, column in enumerate(columns, start=1):
        cell = _put(sheet, 1, at, heading(column), bold=True)
        cell.fill = PatternFill("solid", fgColor=SHADE)
        sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS.get(column.kind, 26)
    sheet.freeze_panes = "C2"


def _put(sheet: Worksheet, row: int, column: int, text: str, *, bold: bool = False) -> Any:
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"  # never a formula, whatever it begins with
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def _saved(book: Workbook) -> bytes:
    book.properties.creator = _("Nền tảng Việt cho cơ quan nhà nước")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
