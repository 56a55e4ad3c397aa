"""A file is read, what it would do is said, and all of it is done, or nothing."""

import csv
import datetime
import io

import pytest
from openpyxl import load_workbook

from catalogue.audit.models import Event
from catalogue.documents.services import keep
from catalogue.platforms import editing
from catalogue.platforms.bulk import importing, opening, planning, publiccode, templates
from catalogue.platforms.bulk.columns import TABLES, headings
from catalogue.platforms.bulk.models import KEPT, Import
from catalogue.platforms.content import Content, EvidenceContent, PackageContent
from catalogue.platforms.models import Platform
from catalogue.platforms.revisions import Revision, RevisionState
from tests.catalogue.documents.files import DOCX, PDF, PNG
from tests.catalogue.platforms.bulk import files
from tests.catalogue.platforms.bulk.files import HEADINGS, workbook
from tests.catalogue.platforms.test_editing import NOW, SOLVES, WHOLE, write
from tests.support.factories import LeafFactory, UserFactory, VendorFactory, evidenced

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return UserFactory()


@pytest.fixture
def vendor():
    return VendorFactory(key="hop-viet", short_name="Họp Việt")


@pytest.fixture(autouse=True)
def leaf():
    return LeafFactory(key="online-meetings", label_vi="Họp trực tuyến", label_en="Online meetings")


@pytest.fixture
def bring(vendor, by):
    """Bring a file in as the pages do: check, then confirm what was shown."""

    def run(content: bytes, now=NOW) -> dict:
        received = importing.receive(vendor, opening.opened(content), name="tệp.xlsx", by=by, now=now)
        shown = importing.plan_of(received)
        return importing.confirm(received, digest=shown.digest, by=by, now=now).result

    return run


def planned(vendor, content: bytes) -> planning.Plan:
    return planning.plan(vendor, opening.opened(content).tables)


def problems(vendor, content: bytes) -> list[tuple[str, int, str]]:
    return [(one.table, one.row, one.column) for one in planned(vendor, content).problems]


class TestColumns:
    def test_every_field_that_a_vendor_writes_has_a_column(self):
        keys = {name: {column.key for column in table.columns} for name, table in TABLES.items()}

        assert keys["products"] - {"product"} == set(Content.model_fields) - {"packages", "evidence"}
        assert keys["packages"] - {"product"} == set(PackageContent.model_fields)
        assert keys["evidence"] - {"product"} == set(EvidenceContent.model_fields)

    @pytest.mark.parametrize("table", TABLES)
    def test_each_heading_means_one_column_in_both_languages(self, table):
        assert len({column.key for column in headings(table).values()}) == len(TABLES[table].columns) + 1


class TestTemplate:
    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_holds_lists_to_choose_from_and_nothing_to_bring_in(self, language):
        from django.utils import translation

        with translation.override(language):
            content = templates.template_xlsx()
        book = load_workbook(io.BytesIO(content))

        assert len(book.sheetnames) == 5
        assert {rule.type for sheet in book for rule in sheet.data_validations.dataValidation} == {"list"}
        assert all(cell.data_type == "s" for sheet in book for row in sheet for cell in row if cell.value is not None)
        with pytest.raises(opening.FileRefused, match="chưa có dòng nào"):
            opening.opened(content)

    def test_a_row_written_under_the_example_is_brought_in(self, vendor, bring):
        book = load_workbook(io.BytesIO(templates.template_xlsx()))
        sheet = book["Sản phẩm"]
        sheet["B3"], sheet["C3"] = "Họp A", "Họp trực tuyến"
        out = io.BytesIO()
        book.save(out)

        assert bring(out.getvalue())["created"] == ["hop-a"]

    @pytest.mark.parametrize("table", TABLES)
    def test_the_csv_begins_with_the_mark_of_utf_8_and_has_nothing_to_bring_in(self, table):
        content = templates.template_csv(TABLES[table])

        assert content.startswith(b"\xef\xbb\xbf")
        assert b"\r\n" in content
        with pytest.raises(opening.FileRefused, match="chưa có dòng nào"):
            opening.opened(content)


class TestConfirm:
    def test_makes_drafts_that_nobody_else_sees(self, vendor, bring, by):
        result = bring(
            workbook(
                ("", "Họp A", "Họp trực tuyến", "Họp không giấy."),
                ("", "Họp B", "online-meetings", None),
                **{
                    "Gói giá": [
                        ("Sản phẩm (mã hoặc tên)", "Tên gói", "Đơn vị tính", "Kỳ tính", "Đơn giá từ (đồng)"),
                        ("Họp A", "Xã", "người dùng", "tháng", 12_000.0),
                        ("họp a", "Tỉnh", "system", "ONCE", "1.500.000 đ"),
                    ],
                    "Bằng chứng": [
                        ("product", "kind", "title", "year"),
                        ("Họp B", "Chứng nhận", "ISO 27001", 2025),
                    ],
                },
            )
        )

        assert result == {"created": ["hop-a", "hop-b"], "changed": [], "unchanged": 0}
        revision = Revision.objects.get(platform__slug="hop-a")
        assert revision.state == RevisionState.DRAFT
        assert revision.edited_by == by
        assert revision.content["summary"] == "Họp không giấy."
        assert [(one["name"], one["price_min"]) for one in revision.content["packages"]] == [
            ("Xã", 12_000),
            ("Tỉnh", 1_500_000),
        ]
        assert Revision.objects.get(platform__slug="hop-b").content["evidence"][0]["title"] == "ISO 27001"
        assert not Platform.objects.listed().exists()

    def test_the_same_file_again_changes_nothing(self, vendor, bring):
        content = workbook(("", "Họp A", "Họp trực tuyến", "Họp không giấy."))
        bring(content)
        before = Revision.objects.values().get()

        assert bring(content) == {"created": [], "changed": [], "unchanged": 1}
        assert Revision.objects.values().get() == before

    def test_changes_the_draft_of_a_listed_product_and_leaves_the_public_text(self, vendor, bring, leaf):
        platform = evidenced(
            slug="hop-a", name="Họp A", vendor=vendor, category=leaf, summary="Cũ", website="https://a.vn"
        )

        result = bring(workbook(("hop-a", "Họp A", None, "Mới")))

        assert result["changed"] == ["hop-a"]
        platform.refresh_from_db()
        assert platform.summary == "Cũ"
        draft = platform.revisions.get()
        assert (draft.content["summary"], draft.content["website"]) == ("Mới", "https://a.vn")
        assert [one["title"] for one in draft.content["evidence"]] == [platform.evidence.get().title]

    def test_an_empty_cell_keeps_and_the_mark_empties(self, vendor, bring, by):
        editing.rewrite(
            editing.start(vendor, name="Họp A", category="online-meetings", by=by, now=NOW),
            values={"summary": "Tóm tắt", "launched": 2020, "status": "active", "standards": ["ISO"],
                    "packages": WHOLE["packages"]["packages"]},
            version=1, by=by, now=NOW,
        )  # fmt: skip

        bring(
            workbook(
                ("hop-a", None, "(Xóa)", None, "(xóa)", "(delete)"),
                headings=("product", "summary", "launched", "description", "status", "standards"),
                **{"Gói giá": [("product", "name"), ("hop-a", "(xóa)")]},
            )
        )

        content = Revision.objects.get().content
        assert (content["summary"], content["launched"], content["status"]) == ("Tóm tắt", None, "unknown")
        assert (content["standards"], content["packages"]) == ([], [])

    def test_the_rows_of_a_product_are_all_its_packages_and_keep_what_they_leave_out(self, vendor, bring, by):
        draft = editing.start(vendor, name="Họp A", category="online-meetings", by=by, now=NOW)
        editing.rewrite(draft, values=WHOLE["packages"], version=1, by=by, now=NOW)

        bring(workbook(("hop-a", "xã", 11_000_000), sheet="Packages", headings=("product", "name", "price_min")))

        (only,) = Revision.objects.get().content["packages"]
        assert (only["name"], only["unit"], only["price_min"], only["price_max"]) == (
            "xã", "agency", 11_000_000, 15_000_000,
        )  # fmt: skip

    def test_writes_nothing_when_a_row_is_wrong(self, vendor, by):
        content = workbook(("", "Họp A", "Họp trực tuyến"), ("", "Họp B", "Nhóm lạ"))
        received = importing.receive(vendor, opening.opened(content), name="a.xlsx", by=by, now=NOW)

        with pytest.raises(importing.RowsRefused):
            importing.confirm(received, digest=importing.plan_of(received).digest, by=by, now=NOW)

        assert not Platform.objects.exists()

    def test_is_refused_when_a_product_changed_since_it_was_shown(self, vendor, by):
        draft = editing.start(vendor, name="Họp A", category="online-meetings", by=by, now=NOW)
        file = opening.opened(workbook(("hop-a", "Họp A", None, "Của tệp")))
        received = importing.receive(vendor, file, name="a.xlsx", by=by, now=NOW)
        digest = importing.plan_of(received).digest
        editing.edit(draft, step="summary", values={"summary": "Của người khác"}, version=1, by=by, now=NOW)

        with pytest.raises(importing.PlanOutdated):
            importing.confirm(received, digest=digest, by=by, now=NOW)

        assert Revision.objects.get().content["summary"] == "Của người khác"

    def test_undoes_all_when_one_product_can_no_longer_be_written(self, vendor, by):
        plan = planned(vendor, workbook(("", "Họp A", "Họp trực tuyến"), ("", "Họp B", "Họp trực tuyến")))
        draft = editing.start(vendor, name="Họp B", category="online-meetings", by=by, now=NOW)
        again = planned(vendor, workbook(("", "Họp A", "Họp trực tuyến", "A"), ("hop-b", "Họp B", None, "B")))
        editing.edit(draft, step="summary", values={"summary": "Khác"}, version=1, by=by, now=NOW)

        with pytest.raises(importing.PlanOutdated):
            importing.carry_out(vendor, again, by=by, now=NOW)

        assert len(plan.created) == 2
        assert list(Platform.objects.values_list("slug", flat=True)) == ["hop-b"]

    def test_happens_once(self, vendor, by):
        file = opening.opened(workbook(("", "Họp A", "Họp trực tuyến")))
        received = importing.receive(vendor, file, name="a.xlsx", by=by, now=NOW)
        digest = importing.plan_of(received).digest
        importing.confirm(received, digest=digest, by=by, now=NOW)

        with pytest.raises(importing.AlreadyDone):
            importing.confirm(received, digest=digest, by=by, now=NOW)
        with pytest.raises(importing.AlreadyDone):
            importing.discard(received)

        assert Platform.objects.count() == 1
        assert Import.objects.get().tables == {}
        (event,) = Event.objects.about(received)
        assert (event.action, event.by, event.at) == ("import.done", str(by.pk), NOW)
        assert event.facts == {"organisation": vendor.pk, "created": 1, "changed": 0, "unchanged": 0}

    def test_what_nobody_decides_on_is_forgotten(self, vendor, by):
        file = opening.opened(workbook(("", "Họp A", "Họp trực tuyến")))
        importing.receive(vendor, file, name="../../a\\b.xlsx", by=by, now=NOW)
        other = importing.receive(VendorFactory(), file, name="c.xlsx", by=UserFactory(), now=NOW + KEPT * 2)

        assert Import.objects.get() == other

    def test_a_file_name_is_never_a_path(self, vendor, by):
        file = opening.opened(workbook(("", "Họp A", "Họp trực tuyến")))

        received = importing.receive(vendor, file, name="../../etc/a\\<b>.xlsx", by=by, now=NOW)

        assert received.file_name == "b.xlsx"


class TestProblems:
    def test_say_the_row_of_the_sheet_the_heading_and_what_to_do(self, vendor):
        content = workbook(
            ("# chú thích",),
            ("", "Họp A", "Nhóm lạ", "Được"),
            (),
            ("", "Họp B", "Họp trực tuyến", "Được"),
        )

        (one,) = planned(vendor, content).problems

        assert one.place == "Sản phẩm, dòng 3, cột “Nhóm chính”"
        assert "trang tính Lựa chọn" in one.sentence

    def test_of_one_row_are_all_told_at_once(self, vendor):
        content = workbook(
            ("Họp A", "Nhóm lạ", "x " * 60, "=1+1", 1700),
            headings=("name", "category", "summary", "description", "launched"),
        )

        assert sorted(place[2] for place in problems(vendor, content)) == ["category", "description", "launched", "summary"]  # fmt: skip

    @pytest.mark.parametrize(
        ("key", "text"),
        [
            ("launched", "năm ngoái"), ("launched", 1700), ("status", "đang bán chạy"), ("deployment", "saas;mây"),
            ("security_level", 9), ("vietnamese_share", 140), ("vietnamese_share", "một nửa"), ("website", "example"),
            ("support_email", "a@b"), ("support_phone", "gọi em"), ("also", "Họp trực tuyến"), ("summary", "x " * 60),
            ("solves", "a\nb\nc\nd\ne\nf\ng"), ("standards", "ISO\niso"), ("capabilities", "y" * 130),
            ("common_capabilities", "Không có"), ("description", "z" * 12_000),
        ],
    )  # fmt: skip
    def test_stand_at_their_cell(self, vendor, key, text):
        content = workbook(("Họp A", "online-meetings", text), headings=("name", "category", key))

        assert problems(vendor, content) == [("products", 2, key)]

    @pytest.mark.parametrize(
        ("row", "column"),
        [
            (("Họp A", "Xã", "người dùng", "tháng", 5, 4), "price_max"),
            (("Họp A", "Xã", "giao dịch", "tháng", None, None), "period"),
            (("Họp A", "Xã", None, "tháng", None, None), "unit"),
            (("Họp A", None, "người dùng", "tháng", None, None), "name"),
            (("Họp A", "Xã", "người", "tháng", None, None), "unit"),
            (("Họp Z", "Xã", "người dùng", "tháng", None, None), "product"),
            ((None, "Xã", "người dùng", "tháng", None, None), "product"),
        ],
    )
    def test_of_packages_stand_in_their_sheet(self, vendor, row, column):
        content = workbook(
            ("", "Họp A", "Họp trực tuyến"),
            **{"Gói giá": [("product", "name", "unit", "period", "price_min", "price_max"), row]},
        )

        assert problems(vendor, content) == [("packages", 2, column)]

    @pytest.mark.parametrize(
        ("rows", "column"),
        [
            ([("", "", "Họp trực tuyến")], "name"),
            ([("", "Họp A", "")], "category"),
            ([("khong-co", "Họp A", "Họp trực tuyến")], "product"),
            ([("", "Họp A", "Họp trực tuyến"), ("", "HỌP  A", "Họp trực tuyến")], "name"),
        ],
    )
    def test_of_which_product_is_meant(self, vendor, rows, column):
        assert [place[2] for place in problems(vendor, workbook(*rows))] == [column]

    def test_another_vendors_product_is_not_there(self, vendor, leaf):
        evidenced(slug="hop-z", name="Họp Z", category=leaf)

        assert problems(vendor, workbook(("hop-z", "Họp Z", None, "Chiếm"))) == [("products", 2, "product")]

    def test_another_vendors_document_is_not_there(self, vendor, by, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        theirs = keep(VendorFactory(), name="a.pdf", content=PDF, by=by, now=NOW)
        content = workbook(
            ("", "Họp A", "Họp trực tuyến"),
            **{"Bằng chứng": [("product", "kind", "title", "document"), ("Họp A", "other", "Giấy", str(theirs.pk))]},
        )

        assert [place[0] for place in problems(vendor, content)] == ["evidence"]

    def test_what_waits_for_a_decision_is_not_changed(self, vendor, by):
        draft = write(editing.start(vendor, name="Họp A", category="online-meetings", by=by, now=NOW), by)
        editing.submit(draft, by=by, now=NOW)

        assert problems(vendor, workbook(("hop-a", "Họp A", None, "Khác"))) == [("products", 2, "")]
        assert problems(vendor, workbook(("hop-a", "Họp A", None, None))) == []

    def test_two_products_of_one_name_are_told_apart_by_key(self, vendor, by):
        for _n in range(2):
            editing.start(vendor, name="Họp A", category="online-meetings", by=by, now=NOW)

        (one,) = planned(vendor, workbook(("", "Họp A", None, "Khác"))).problems

        assert "hop-a, hop-a-hop-viet" in one.sentence

    def test_come_back_in_a_file_that_can_be_put_right_and_sent_again(self, vendor, by, bring):
        content = workbook(("", "+84 Họp", "Nhóm lạ", "Tóm tắt"), ("", "Họp B", "Họp trực tuyến"))
        received = importing.receive(vendor, opening.opened(content), name="a.xlsx", by=by, now=NOW)
        given = templates.errors_file(received, importing.plan_of(received).problems).file
        book = load_workbook(given)
        sheet = book["Sản phẩm"]

        assert sheet["A1"].value == "Lỗi phải sửa"
        assert sheet["A2"].value.startswith("Nhóm chính: ")
        assert sheet["A3"].value in (None, "")
        sheet["D2"] = "Họp trực tuyến"
        out = io.BytesIO()
        book.save(out)
        assert bring(out.getvalue())["created"] == ["84-hop", "hop-b"]
        assert Revision.objects.get(platform__slug="84-hop").content["name"] == "+84 Họp"


class TestFormulas:
    @pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://a.vn")', "=cmd|' /C calc'!A0"])
    def test_are_refused_where_they_are(self, vendor, formula):
        content = workbook(("", "Họp A", "Họp trực tuyến", formula))

        (one,) = planned(vendor, content).problems

        assert (one.row, one.column) == (2, "summary")
        assert "công thức" in one.sentence

    @pytest.mark.parametrize("text", ["=1+1", "+84 24", "-1", "@SUM(A1)", "'=1", "＝1"])
    def test_text_that_looks_like_one_is_text(self, vendor, bring, text):
        out = io.StringIO()
        csv.writer(out).writerows([HEADINGS, ("", "Họp A", "Họp trực tuyến", text)])

        bring(out.getvalue().encode())

        assert Revision.objects.get().content["summary"] == text.removeprefix("'")

    def test_html_is_text(self, vendor, bring):
        bring(workbook(("", "<script>alert(1)</script>", "Họp trực tuyến", "<b onclick=x>")))

        assert Revision.objects.get().content["name"] == "<script>alert(1)</script>"


class TestBadFiles:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "rỗng"),
            (b"  \n", "rỗng"),
            (files.bomb(), "giải nén"),
            (files.wide_bomb(), "giải nén"),
            (files.many_parts(), "giải nén"),
            (files.with_entities(), "XML"),
            (files.with_entities_in_utf16(), "XML"),
            (files.far_row(), "dưới dòng"),
            (files.repacked(workbook(("", "A")), add={"xl/vbaProject.bin": b"x"}), "macro"),
            (files.repacked(workbook(("", "A")), add={"xl/externalLinks/externalLink1.xml": b"<a/>"}), "liên kết"),
            (files.repacked(workbook(("", "A")), add={"../../etc/passwd": b"x"}), "hỏng"),
            (files.repacked(workbook(("", "A")), lambda n, b: b[:40] if "sheet1" in n else b), "hỏng"),
            (workbook(("", "A"))[:2000], "hỏng"),
            (workbook(("", "A")) + b"#!/bin/sh", "giấu"),
            (DOCX, "không phải XLSX"),
            (PDF, "không phải XLSX hay CSV"),
            (PNG, "không phải XLSX hay CSV"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
            (workbook(("", "A"), **{"Khác": [("a",)]}, sheet="Trang 1"), "Không thấy trang tính"),
            (workbook(("", "A"), headings=("a", "b", "c", "d")), "hàng tiêu đề"),
            (workbook(("", "A"), headings=("name", "Tên sản phẩm", "c", "d")), "hai lần"),
            (workbook(*[("", f"Họp {n}", "x") for n in range(501)]), "hơn 500"),
            (b"ten,gia\na,b\n", "hàng tiêu đề"),
            ("Tên sản phẩm,Nhóm chính\n\"a\"b,c\n".encode(), "ngoặc kép"),
            (b"name,category\n" + b"a,b\n" * 6000, "hơn"),
            ("Tên sản phẩm,Nhóm chính\n".encode("utf-16") + b"\x00", "Không đọc được chữ"),
            (b"name,category\n\x8d\x8e\x8f\x9d", "Không đọc được chữ"),
        ],
    )  # fmt: skip
    def test_are_refused_in_a_sentence(self, content, said):
        with pytest.raises(opening.FileRefused, match=said):
            opening.opened(content)

    def test_what_is_not_read_is_told(self):
        file = opening.opened(
            workbook(("", "A", "B", "C", "D"), headings=(*HEADINGS, "Ghi chú riêng"), **{"Nháp": [("x",)]})
        )

        assert len(file.notes) == 2
        assert "Ghi chú riêng" in file.notes[0]
        assert "Nháp" in file.notes[1]


class TestCsv:
    TEXT = 'Tên sản phẩm;Nhóm chính;Tóm tắt\r\nHọp A;Họp trực tuyến;"Gọn; nhẹ\r\nđủ"\r\n'

    @pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
    @pytest.mark.parametrize("separator", [";", ",", "\t"])
    def test_is_read_as_spreadsheets_write_it(self, code, separator):
        out = io.StringIO()
        csv.writer(out, delimiter=separator).writerows(
            [("Tên sản phẩm", "Nhóm chính", "Tóm tắt"), ("Họp A", "Họp trực tuyến", 'Gọn; "nhẹ", đủ')]
        )

        (row,) = opening.opened(out.getvalue().encode(code)).tables["products"]

        assert row.cells == {"name": "Họp A", "category": "Họp trực tuyến", "summary": 'Gọn; "nhẹ", đủ'}
        assert row.number == 2

    def test_of_vietnamese_windows_is_read(self):
        import unicodedata

        text = "Tên sản phẩm;Nhóm chính\r\nHọp Á;Họp trực tuyến\r\n"
        # The code page has the tone marks apart from the letters: ê + ̀ and so on.
        apart = "".join(_as_windows(char) for char in unicodedata.normalize("NFC", text))

        (row,) = opening.opened(apart.encode("cp1258")).tables["products"]

        assert row.cells == {"name": "Họp Á", "category": "Họp trực tuyến"}

    def test_the_line_that_names_the_separator_is_read_over(self):
        (row,) = opening.opened(b"sep=;\r\nname;category\r\nA;online-meetings\r\n").tables["products"]

        assert row.cells["name"] == "A"

    @pytest.mark.parametrize("table", ["packages", "evidence"])
    def test_the_headings_say_which_table_it_is(self, table):
        heading = ",".join(column.key for column in TABLES[table].columns)

        file = opening.opened(f"{heading}\r\nhop-a,x\r\n".encode())

        assert list(file.tables) == [table]


def _as_windows(char: str) -> str:
    import unicodedata

    try:
        char.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", char)
        tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", parts.replace(tone, "")) + tone
    return char


class TestPubliccode:
    def test_fills_what_our_form_asks_and_says_what_it_has_no_place_for(self, vendor, by):
        LeafFactory(key="citizen-feedback")
        file = publiccode.as_file(publiccode.read(files.PUBLICCODE.encode()), category="", product="")
        plan = planning.plan(vendor, file.tables)

        (one,) = plan.created
        assert plan.problems == []
        assert (one.after.name, one.after.summary) == ("Họp Medusa", "Họp không giấy")
        assert one.after.description == "Gửi tài liệu, biểu quyết.\n\n- Điểm danh"
        assert one.after.capabilities == ["Biểu quyết", "Điểm danh"]
        assert (one.after.category, one.after.also) == ("online-meetings", ["citizen-feedback"])
        assert (one.after.status, one.after.website) == ("active", "https://example.com/medusa")
        assert one.after.deployment == ["mobile_app"]
        assert one.after.languages == ["Tiếng Việt", "Tiếng Anh", "sl-IT-nedis"]
        assert one.after.pricing_note == "Mã nguồn mở, giấy phép AGPL-3.0-or-later."
        assert (one.after.support_commitment, one.after.customers) == ("yes", ["UBND tỉnh A"])
        assert one.after.support_email == ""
        notes = "\n".join(file.notes)
        for key in ("roadmap", "legal/repoOwner", "dependsOn/open", "maintenance/contacts", "description/en", "platforms", "description/vi/screenshots"):  # fmt: skip
            assert f"{key}: không lấy." in notes
        assert "gamification" in notes
        assert "PostgreSQL" in notes

    def test_takes_english_where_there_is_no_vietnamese_and_the_category_that_was_chosen(self, vendor):
        text = "publiccodeYmlVersion: '0'\nname: A\ndescription: {en-GB: {shortDescription: Meetings}}\nplatforms: [linux]\n"
        file = publiccode.as_file(publiccode.read(text.encode()), category="online-meetings", product="")

        (one,) = planning.plan(vendor, file.tables).created

        assert (one.after.summary, one.after.deployment) == ("Meetings", ["on_premise"])
        assert any("Không có bản tiếng Việt" in note for note in file.notes)

    def test_changes_the_product_that_was_chosen(self, vendor, by):
        editing.start(vendor, name="Khác", category="online-meetings", by=by, now=NOW)
        file = publiccode.as_file(publiccode.read(b"publiccodeYmlVersion: '0'\nname: A\n"), category="", product="khac")

        (one,) = planning.plan(vendor, file.tables).changed

        assert one.fields == ("name",)

    def test_what_our_form_cannot_hold_is_told_and_stops_nobody(self, vendor):
        text = f"publiccodeYmlVersion: '0'\nname: A\nurl: git@example.com:a.git\ndescription: {{vi: {{longDescription: '{'Câu một. ' * 300}', features: [{'x' * 200}]}}}}\n"
        file = publiccode.as_file(publiccode.read(text.encode()), category="online-meetings", product="")

        plan = planning.plan(vendor, file.tables)

        assert plan.problems == []
        assert plan.created[0].after.website == ""
        assert plan.created[0].after.description.endswith("Câu một.")
        notes = "\n".join(file.notes)
        assert "url: không lấy." in notes
        assert "300 từ đầu" in notes
        assert "features: không lấy. 1 mục" in notes

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "rỗng"),
            ("name: A", "publiccodeYmlVersion"),
            ("- a\n- b", "publiccodeYmlVersion"),
            ("a: &a [x]\nb: *a\npubliccodeYmlVersion: '0'", "bí danh"),
            ("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]", "bí danh"),
            ("publiccodeYmlVersion: !!python/object/apply:os.system ['true']", "YAML"),
            ("a: [", "YAML"),
            ("publiccodeYmlVersion: '0'\nname: A\nname: B", "hai lần"),
            ("a: " + "[" * 200, "phức tạp"),
            ("a: [" + "1," * 30_000 + "]", "phức tạp"),
            ("a: b\n---\nc: d", "YAML"),
            ("? [a, b]\n: c\npubliccodeYmlVersion: '0'", "YAML"),
            ("x" * 300_000, "256 KB"),
        ],
    )
    def test_a_bad_one_is_refused_in_a_sentence(self, text, said):
        with pytest.raises(opening.FileRefused, match=said):
            publiccode.read(text.encode())

    def test_one_that_is_no_text_is_refused(self):
        with pytest.raises(opening.FileRefused, match="UTF-8"):
            publiccode.read(PNG)


def test_solves_come_a_line_each(vendor, bring):
    bring(workbook(("Họp A", "online-meetings", "\n".join(SOLVES)), headings=("name", "category", "solves")))

    assert Revision.objects.get().content["solves"] == SOLVES


def test_a_share_and_a_day_are_read_as_spreadsheets_keep_them(vendor, bring):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Products"
    book.active.append(["name", "category", "vietnamese_share"])
    book.active.append(["Họp A", "Online meetings", 0.515])
    book.active["C2"].number_format = "0.00%"
    page = book.create_sheet("Evidence")
    page.append(["product", "kind", "title", "expires_on"])
    page.append(["Họp A", "certification", "ISO", datetime.datetime(2027, 11, 30)])  # noqa: DTZ001
    page.append(["Họp A", "certification", "TCVN", "30/11/2027"])
    out = io.BytesIO()
    book.save(out)

    bring(out.getvalue())

    content = Revision.objects.get().content
    assert content["vietnamese_share"] == "51.5"
    assert [one["expires_on"] for one in content["evidence"]] == ["2027-11-30", "2027-11-30"]
