"""A comparison as a file: CSV, XLSX and DOCX of the one table, in the reader's language."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from catalogue.templatetags.catalogue_ui import vndate

from .comparison import Comparison

_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]"
)  # neither XML nor a spreadsheet bears them
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
_FIRST_OF_SLUG = 40  # characters of each key in a file's name, so that four stay below what file systems allow
SHADE = "E7EFEC"


@dataclass(frozen=True)
class Kind:
    """One kind of file that a comparison can be saved as."""

    extension: str
    media_type: str
    write: Callable[[Comparison, str], bytes]


def file_name(comparison: Comparison, extension: str) -> str:
    """Return a name of ASCII: what it is, then the products' keys."""
    slugs = "_".join(platform.slug[:_FIRST_OF_SLUG] for platform in comparison.platforms)
    what = _("so-sanh")
    return f"{what}_{slugs}.{extension}"


def harmless(text: str) -> str:
    """Return text that a spreadsheet shows and never runs: what could begin a formula gets an apostrophe before it."""
    text = clean(text)
    return f"'{text}" if _FORMULA.match(text) else text


def clean(text: str) -> str:
    return _CONTROLS.sub("", text)


def title(comparison: Comparison) -> str:
    return _("So sánh %(names)s") % {"names": ", ".join(platform.name for platform in comparison.platforms)}


def _about(address: str) -> list[str]:
    date = vndate(timezone.localdate())
    return [
        _("Lập ngày %(date)s từ danh mục Nền tảng Việt cho cơ quan nhà nước.") % {"date": date},
        _("Địa chỉ của bảng này: %(address)s") % {"address": address},
        _("“Chưa có thông tin” nghĩa là hồ sơ không nói; hãy hỏi doanh nghiệp, đừng hiểu là không có."),
    ]


def _grid(comparison: Comparison) -> Iterator[list[str]]:
    """Yield the rows of a spreadsheet, first the header; every cell is harmless."""
    yield [harmless(text) for text in (_("Phần"), _("Thông tin"), *(p.name for p in comparison.platforms))]
    for group in comparison.groups:
        for row in group.rows:
            yield [harmless(text) for text in (group.title, row.label, *(cell.plain for cell in row.cells))]


def as_csv(comparison: Comparison, address: str) -> bytes:
    """Write UTF-8 with the mark that spreadsheets need to read Vietnamese."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows(_grid(comparison))
    writer.writerow([])
    writer.writerows([harmless(text)] for text in _about(address))
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(comparison: Comparison, address: str) -> bytes:
    """Write one sheet: header and first columns stay in sight, and it prints one page wide."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("So sánh")
    grid = list(_grid(comparison))
    for at, texts in enumerate([*grid, [], *([harmless(text)] for text in _about(address))], start=1):
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(at, column)
            cell.value = text
            cell.data_type = "s"  # never a formula, whatever it begins with
            if at <= len(grid):
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            if at == 1 or (column == 2 and at <= len(grid)):
                cell.font = Font(bold=True)
            if at == 1:
                cell.fill = PatternFill("solid", fgColor=SHADE)
    for column in range(1, len(comparison.platforms) + 3):
        sheet.column_dimensions[get_column_letter(column)].width = {1: 18, 2: 26}.get(column, 46)
    sheet.freeze_panes = "C2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    book.properties.title = clean(title(comparison))
    book.properties.creator = _("Nền tảng Việt cho cơ quan nhà nước")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_docx(comparison: Comparison, address: str) -> bytes:
    """Write A4 across, a table a group, its header on every page: ready to go into a decision file."""
    document = Document()
    _set_up(document, clean(title(comparison)))
    document.add_heading(clean(title(comparison)), level=1)
    for text in _about(address):
        document.add_paragraph(clean(text))
    for group in comparison.groups:
        document.add_heading(group.title, level=2)
        table = document.add_table(rows=1, cols=1 + len(comparison.platforms))
        table.style = "Table Grid"
        head(table, [_("Thông tin"), *(platform.name for platform in comparison.platforms)])
        for row in group.rows:
            cells = table.add_row().cells
            fill(cells[0], [row.label], bold=True)
            for cell, said in zip(cells[1:], row.cells, strict=True):
                fill(cell, said.plain.split("\n"))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _set_up(document: Docx, name: str) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(15)
    dress(document, name, size=11)


def dress(document: Docx, name: str, *, size: int) -> None:
    """Set a document in the typeface of official papers, and say what it is."""
    for style in ("Normal", "Heading 1", "Heading 2"):
        font = document.styles[style].font
        font.name = "Times New Roman"  # what official papers are set in
        fonts = font.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme's font would win over the name
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), "Times New Roman")
    document.styles["Normal"].font.size = Pt(size)
    properties = document.core_properties
    properties.title = name[:255]
    properties.author = _("Nền tảng Việt cho cơ quan nhà nước")
    properties.comments = ""
    properties.language = get_language() or "vi"
    properties.created = properties.modified = timezone.now().replace(tzinfo=None)


def head(table: Table, texts: list[str]) -> None:
    """Fill the first row, to be repeated on every page."""
    for cell, text in zip(table.rows[0].cells, texts, strict=True):
        fill(cell, [text], bold=True)
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)


def fill(cell: _Cell, texts: list[str], *, bold: bool = False) -> None:
    """Write texts into a cell, a paragraph each."""
    for at, text in enumerate(texts):
        paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(clean(text)).bold = bold


KINDS = {
    kind.extension: kind
    for kind in (
        Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", as_docx),
        Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
        Kind("csv", "text/csv; charset=utf-8", as_csv),
    )
}
