"""Everything a vendor wrote comes out, runs in no spreadsheet, and comes in again unchanged."""

import io
import json
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from catalogue.documents.services import keep
from catalogue.platforms import editing
from catalogue.platforms.bulk import exporting, opening, planning
from catalogue.platforms.bulk.cells import Names, harmless, text_of, unguarded, value_of
from catalogue.platforms.bulk.columns import EVIDENCE, PACKAGES, PRODUCTS, Kind
from catalogue.platforms.bulk.sheets import Sheet, csv_lines, heading, row_of, write_xlsx
from catalogue.platforms.choices import Answer, Connected, Deployment, Maker
from catalogue.platforms.content import Content, parse
from catalogue.platforms.models import Platform
from tests.catalogue.documents.files import PDF
from tests.catalogue.platforms.test_editing import NOW, WHOLE, write
from tests.support.factories import LeafFactory, UserFactory, VendorFactory, evidenced

NAMES = Names({}, {}, {}, {})
LINE = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
TRICKY = st.sampled_from(["=1+1", "+84", "-", "@a", "'=1", "'", "''", "# a", "(xóa)", "(Delete)", "a;b", ";", "#N/A", "\ufeffa", "1.000", "0,5", "TRUE"])  # fmt: skip
TEXT = LINE | TRICKY


def _content(**values):
    return parse({"name": "A", **values})


@st.composite
def contents(draw) -> Content:
    """Return a content with something in every kind of field."""

    def texts(most: int) -> list[str]:
        found = {}
        for text in draw(st.lists(TEXT, max_size=most)):
            cleaned = _content(summary=text).summary
            if cleaned:
                found.setdefault(cleaned.casefold(), cleaned)
        return list(found.values())

    values = {
        "name": _content(summary=draw(TEXT)).summary or "A",
        "summary": draw(TEXT),
        "description": "\n".join(draw(st.lists(TEXT, max_size=4))),
        "standards": texts(4),
        "languages": texts(1),
        "launched": draw(st.none() | st.integers(1980, 2100)),
        "vietnamese_share": draw(st.none() | st.decimals(0, 100, places=2)),
        "deployment": draw(st.lists(st.sampled_from(Deployment.values), unique=True)),
        "connections": draw(st.lists(st.sampled_from(Connected.values), unique=True)),
        "data_in_vietnam": draw(st.sampled_from(Answer.values)),
        "designed_by": draw(st.sampled_from(Maker.values)),
        "support_phone": draw(st.sampled_from(["", "+84 24 3943 1234", "1900"])),
    }
    return parse(values)


@given(TEXT)
@example("'")
@example("(xóa)")
def test_a_guarded_text_is_no_formula_and_reads_as_it_was(text):
    cleaned = _content(summary=text).summary
    guarded = harmless(cleaned)

    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r", "#"))
    assert unguarded(guarded) == "".join(char for char in cleaned if char not in "\ufffe\uffff")


@given(contents())
def test_every_field_reads_as_it_was_written(content):
    for column in PRODUCTS.columns:
        if column.kind in (Kind.PRODUCT, Kind.LEAF, Kind.LEAVES, Kind.COMMON):
            continue
        value = getattr(content, column.key)
        text = text_of(column, value, NAMES)
        if text:
            again = parse({"name": "A", column.key: value_of(column, harmless(text), NAMES)})
            expected = parse(json.loads(json.dumps(content.as_json()).replace("\\ufffe", "").replace("\\uffff", "")))
            assert getattr(again, column.key) == getattr(expected, column.key), column.key


@pytest.mark.django_db
@given(contents())
def test_a_file_reads_as_it_was_written(content):
    values = content.as_json()
    sheet = Sheet("products", "Sản phẩm", [heading(c) for c in PRODUCTS.columns], [row_of(PRODUCTS, "a", values, NAMES)])  # fmt: skip
    out = io.BytesIO()
    write_xlsx([sheet], out)
    written = sheet.rows[0]

    (from_xlsx,) = opening.opened(out.getvalue()).tables["products"]
    (from_csv,) = opening.opened("".join(csv_lines(sheet)).encode()).tables["products"]

    for row in (from_xlsx, from_csv):
        assert row.faults == {}
        for column, value in zip(PRODUCTS.columns, written, strict=True):
            if column.kind == Kind.TEXT and value:
                # A carriage return is none of a content's; openpyxl and csv keep all else.
                assert row.cells[column.key] == value, column.key


@pytest.fixture
def vendor(db):
    return VendorFactory(key="hop-viet", short_name="Họp Việt")


@pytest.fixture
def by(db):
    return UserFactory()


@pytest.fixture
def entered(vendor, by, settings, tmp_path):
    """A vendor with a draft, something returned, something listed, and a document."""
    settings.MEDIA_ROOT = tmp_path
    leaf = LeafFactory(key="online-meetings", label_vi="Họp trực tuyến")
    document = keep(vendor, name="Giấy.pdf", content=PDF, by=by, now=NOW)
    draft = write(editing.start(vendor, name="=Họp Giấy", category=leaf.key, by=by, now=NOW), by)
    proof = {"kind": "certification", "title": "ISO", "document": str(document.pk), "expires_on": "2027-11-30"}
    editing.rewrite(
        draft, values={"evidence": [proof], "vietnamese_share": "51.50"}, version=draft.version + 0, by=by, now=NOW
    )
    returned = editing.submit(write(editing.start(vendor, name="Họp B", category=leaf.key, by=by, now=NOW), by), by=by, now=NOW)  # fmt: skip
    editing.return_(returned, reason="Thiếu giá", by=by, now=NOW)
    evidenced(slug="hop-c", name="Họp C", vendor=vendor, category=leaf)
    evidenced(slug="cua-nguoi-khac", name="Của người khác")
    return vendor


def exported(vendor, kind: str) -> bytes:
    out = io.BytesIO()
    exporting.KINDS[kind].write(vendor, out)
    return out.getvalue()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("read_in", ["vi", "en"])
def test_an_exported_workbook_brought_in_again_changes_nothing(entered, language, read_in):
    from django.utils import translation

    with translation.override(language):
        content = exported(entered, "xlsx")
    with translation.override(read_in):
        plan = planning.plan(entered, opening.opened(content).tables)

    assert (plan.problems, plan.created, plan.changed) == ([], [], [])
    assert len(plan.unchanged) == 3


def test_exported_csv_files_brought_in_again_change_nothing(entered):
    archive = zipfile.ZipFile(io.BytesIO(exported(entered, "zip")))
    tables = {}
    for table in (PRODUCTS, PACKAGES, EVIDENCE):
        tables |= opening.opened(archive.read(f"{table.name}.csv")).tables

    plan = planning.plan(entered, tables)

    assert (plan.problems, plan.created, plan.changed, len(plan.unchanged)) == ([], [], [], 3)
    assert set(archive.namelist()) == {f"{name}.csv" for name in ("products", "packages", "evidence", "revisions", "documents")}  # fmt: skip


def test_the_workbook_tells_every_revision_and_document_and_runs_nothing(entered):
    book = load_workbook(io.BytesIO(exported(entered, "xlsx")))

    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell.value for cell in cells if cell.data_type == "s" and cell.value.startswith(("=", "+", "-", "@"))]
    revisions = [[cell.value for cell in row] for row in book["Các bản đã viết"]]
    assert [row[0] for row in revisions[1:]] == ["hop-giay", "hop-b"]
    assert revisions[2][2] == "Trả lại để sửa"
    assert revisions[2][7] == "Thiếu giá"
    assert book["Tệp đã tải lên"]["B2"].value == "Giấy.pdf"


def test_the_json_holds_all_of_the_vendors_and_nothing_of_another(entered):
    text = exported(entered, "json").decode()
    told = json.loads(text)

    products = {one["key"]: one for one in told["products"]}
    assert set(products) == {"hop-giay", "hop-b", "hop-c"}
    assert products["hop-giay"]["public"] is None
    assert products["hop-c"]["public"]["name"] == "Họp C"
    assert products["hop-b"]["revisions"][0]["reason"] == "Thiếu giá"
    assert parse(products["hop-giay"]["now"]).packages[0].price_min == WHOLE["packages"]["packages"][0]["price_min"]
    assert told["documents"][0]["name"] == "Giấy.pdf"
    assert "nguoi-khac" not in text


@pytest.mark.parametrize("kind", exporting.KINDS)
def test_a_vendor_without_products_gets_an_empty_file(vendor, kind):
    assert exported(vendor, kind)


def test_the_cost_does_not_grow_faster_than_the_products(entered, django_assert_max_num_queries):
    count = Platform.objects.filter(vendor=entered).count()

    with django_assert_max_num_queries(12 + 14 * count):
        exported(entered, "json")
