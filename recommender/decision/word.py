"""A decision file as a document that offices write in: an official letter in its parts, the comparison across, after it."""

from __future__ import annotations

import io
from collections.abc import Sequence

import segno
from django.utils import translation
from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from catalogue.web.comparison_files import KINDS, clean, dress, fill, head
from catalogue.web.posting import DOTS

from . import content
from .content import Letter, Line

MEDIA_TYPE = KINDS["docx"].media_type
_CENTRE = WD_ALIGN_PARAGRAPH.CENTER
_QR = Mm(28)


@translation.override(content.LANGUAGE)
def as_docx(letter: Letter) -> bytes:
    document = Document()
    _page(document)
    dress(document, f"{content.TITLE}. {letter.subject}", size=13)
    document.sections[0].header.paragraphs[0].text = content.DRAFT  # on every page
    _say(document.add_paragraph(), content.DRAFT, bold=True, centred=True)
    _letterhead(document, letter)
    _say(document.add_paragraph(), content.TITLE, bold=True, centred=True)
    _say(document.add_paragraph(), letter.subject, bold=True, centred=True)
    _say(document.add_paragraph(), f"Kính gửi: {DOTS}", centred=True)
    for part in letter.parts:
        document.add_heading(part.title, level=2)
        for line in part.lines:
            _line(document, line)
    _feet(document)
    _sources(document, letter)
    if letter.rows:
        _comparison(document, letter)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _page(document: Docx) -> None:
    """Set A4 with the margins of official papers."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)


def _letterhead(document: Docx, letter: Letter) -> None:
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    _column(left, [(DOTS, False), (letter.agency or DOTS, True), (content.NUMBER, False)])
    _column(right, [(content.COUNTRY, True), (content.MOTTO, True), (content.PLACE_AND_DAY, False)])


def _feet(document: Docx) -> None:
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    fill(left, ["Nơi nhận:", *content.RECIPIENTS])
    _column(right, [(text, at == 0) for at, text in enumerate(content.SIGNATURE)])


def _column(cell: _Cell, texts: Sequence[tuple[str, bool]]) -> None:
    for at, (text, bold) in enumerate(texts):
        _say(cell.paragraphs[0] if at == 0 else cell.add_paragraph(), text, bold=bold, centred=True)


def _line(document: Docx, line: Line) -> None:
    if line.kind == "item":
        document.add_paragraph(clean(line.text), style="List Bullet")
    else:
        document.add_paragraph().add_run(clean(line.text)).italic = line.kind == "quote"


def _say(paragraph: Paragraph, text: str, *, bold: bool = False, centred: bool = False) -> None:
    paragraph.add_run(clean(text)).bold = bold
    if centred:
        paragraph.alignment = _CENTRE


def _sources(document: Docx, letter: Letter) -> None:
    document.add_heading("Nguồn của dự thảo", level=2)
    for text in letter.sources:
        document.add_paragraph(clean(text))
    drawn = io.BytesIO()
    segno.make(letter.address, error="m", micro=False).save(drawn, kind="png", scale=6, border=4)
    document.add_picture(drawn, width=_QR)


def _comparison(document: Docx, letter: Letter) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    document.add_heading(content.TABLE_TITLE, level=2)
    table = document.add_table(rows=1, cols=1 + len(letter.names))
    table.style = "Table Grid"
    head(table, ["Nội dung", *letter.names])
    for row in letter.rows:
        cells = table.add_row().cells
        fill(cells[0], [row.label], bold=True)
        for cell, texts in zip(cells[1:], row.cells, strict=True):
            fill(cell, list(texts))
