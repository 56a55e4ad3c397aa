"""A comparison as CSV, XLSX and DOCX: the same table, harmless in a spreadsheet, in the reader's language."""

import csv
import io

import docx
import openpyxl
import pytest

from catalogue.web.comparison import compare
from catalogue.web.comparison_files import harmless
from tests.support.factories import EvidenceFactory, PlatformFactory, UserFactory

pytestmark = pytest.mark.django_db
TWO = "?p=khamxa&p=hopviet"
KINDS = ["csv", "xlsx", "docx"]


def rows_of(extension: str, body: bytes) -> list[list[str]]:
    """Return the texts of the table's rows, without the parts that only one kind has."""
    if extension == "csv":
        return [row[1:] for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) if len(row) > 2]
    if extension == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
        return [list(row[1:]) for row in sheet.iter_rows(values_only=True) if row[1] is not None]
    tables = docx.Document(io.BytesIO(body)).tables
    return [
        [cell.text for cell in row.cells] for at, table in enumerate(tables) for row in table.rows[1 if at else 0 :]
    ]


@pytest.mark.parametrize("role", ["anonymous", "member"])
@pytest.mark.parametrize("extension", KINDS)
def test_every_kind_holds_the_table_of_the_page(client, catalogue, extension, role):
    if role == "member":
        client.force_login(UserFactory())
    table = compare([catalogue["khamxa"], catalogue["hopviet"]])

    answer = client.get(f"/so-sanh/tai-ve/{extension}/{TWO}")

    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="so-sanh_khamxa_hopviet.{extension}"'
    assert rows_of(extension, answer.content) == [
        ["Thông tin", "KhámXa", "HọpViệt"],
        *([row.label, *(cell.plain for cell in row.cells)] for group in table.groups for row in group.rows),
    ]


@pytest.mark.parametrize("extension", KINDS)
def test_files_speak_the_readers_language(client, catalogue, extension):
    answer = client.get(f"/en/so-sanh/tai-ve/{extension}/{TWO}")

    assert 'filename="compare_khamxa_hopviet.' in answer["Content-Disposition"]
    words = {text for row in rows_of(extension, answer.content) for text in row}
    assert {"Assurance level", "No information", "Available"} <= words


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+84 912", "-5", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "\x00=1", "＝1+1", "\n=1"],
)
def test_what_a_spreadsheet_would_run_is_only_text(text):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["HọpViệt", "a=b", "1 + 1", "", "'=1"])
def test_other_text_stays_as_it_is(text):
    assert harmless(text) == text


@pytest.fixture
def hostile(db) -> str:
    """Two listings whose every text is a formula with characters that no file may hold."""
    for slug in ("a", "b"):
        platform = PlatformFactory(
            slug=slug, name="=HYPERLINK(1)", summary="@x\x0b\x1f", capabilities=["+1", "-2\x07"], pricing_note="=A1"
        )
        EvidenceFactory(platform=platform, title="=evil()")
    return "?p=a&p=b"


def test_no_cell_of_a_csv_begins_a_formula(client, hostile):
    body = client.get(f"/so-sanh/tai-ve/csv/{hostile}").content.decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(body)) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_no_cell_of_a_sheet_is_a_formula(client, hostile):
    body = client.get(f"/so-sanh/tai-ve/xlsx/{hostile}").content

    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert [cell.value for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))] == []


def test_a_text_document_says_the_words_as_they_are(client, hostile):
    document = docx.Document(io.BytesIO(client.get(f"/so-sanh/tai-ve/docx/{hostile}").content))

    assert document.tables[0].rows[0].cells[1].text == "=HYPERLINK(1)"


def test_a_text_document_says_when_and_whence_and_repeats_its_header(client, catalogue):
    document = docx.Document(io.BytesIO(client.get(f"/so-sanh/tai-ve/docx/{TWO}").content))

    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "http://testserver/so-sanh/?p=khamxa&p=hopviet" in said
    assert "Lập ngày" in said
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)
    assert document.core_properties.language == "vi"
    assert document.sections[0].page_width > document.sections[0].page_height


def test_a_name_of_a_file_stays_short(client):
    for letter in "abcd":
        PlatformFactory(slug=letter * 80)

    answer = client.get("/so-sanh/tai-ve/csv/?" + "&".join(f"p={letter * 80}" for letter in "abcd"))

    assert len(answer["Content-Disposition"]) < 250


@pytest.mark.parametrize("query", ["", "?p=khamxa", "?p=khamxa&p=khamxa", "?p=khong-co&p=khamxa"])
def test_without_a_table_the_page_says_what_is_missing(client, catalogue, query):
    answer = client.get(f"/so-sanh/tai-ve/csv/{query}")

    assert answer.status_code == 302
    assert answer["Location"] == f"/so-sanh/{query}"


def test_more_than_four_are_sent_to_the_choice(client, catalogue):
    answer = client.get("/so-sanh/tai-ve/csv/?" + "&".join(f"p={slug}" for slug in catalogue), follow=True)

    assert answer.status_code == 400


@pytest.mark.parametrize("extension", ["exe", "CSV", "pdf"])
def test_another_kind_of_file_does_not_exist(client, catalogue, extension):
    assert client.get(f"/so-sanh/tai-ve/{extension}/{TWO}").status_code == 404
