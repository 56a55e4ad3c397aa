"""A vendor's people bring products in and take everything out; nobody else has these pages."""

import io
import re
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from catalogue.accounts.models import OrganisationKind
from catalogue.platforms import editing
from catalogue.platforms.bulk import importing, opening
from catalogue.platforms.bulk.models import Import
from catalogue.platforms.models import Platform
from catalogue.platforms.revisions import Revision
from tests.catalogue.documents.files import PDF
from tests.catalogue.platforms.bulk.files import PUBLICCODE, body_of, bomb, workbook
from tests.catalogue.platforms.test_editing import NOW
from tests.support.factories import LeafFactory, PlatformFactory, UserFactory, VendorFactory, with_factor

pytestmark = pytest.mark.django_db
WHO = ("anonymous", "other vendor", "viewer", "editor", "owner", "agency", "reviewer", "operator")
READ, WRITE = {"viewer", "editor", "owner"}, {"editor", "owner"}
HTML = "<script>alert(1)</script>"


@pytest.fixture
def vendor():
    return VendorFactory(key="hop-viet", short_name="Họp Việt")


@pytest.fixture(autouse=True)
def leaf():
    return LeafFactory(key="online-meetings", label_vi="Họp trực tuyến", label_en="Online meetings")


@pytest.fixture
def people(vendor):
    """One of every kind of visitor, by name."""
    found = {who: UserFactory(email=f"{who.replace(' ', '-')}@example.vn") for who in WHO[1:]}
    for role in ("viewer", "editor", "owner"):
        found[role].memberships.create(organisation=vendor, role=role)
    found["other vendor"].memberships.create(organisation=VendorFactory(), role="owner")
    found["agency"].memberships.create(organisation=VendorFactory(kind=OrganisationKind.AGENCY), role="owner")
    found["reviewer"].is_staff = True
    found["reviewer"].user_permissions.add(Permission.objects.get(codename="view_document"))
    found["operator"].is_staff = found["operator"].is_superuser = True
    for one in ("reviewer", "operator"):
        found[one].save()
        with_factor(found[one])
    return found


def as_visitor(people, who: str) -> Client:
    client = Client()
    if who != "anonymous":
        client.force_login(people[who])
    return client


@pytest.fixture
def editor(people):
    return as_visitor(people, "editor")


def receive(vendor, by, content: bytes) -> Import:
    return importing.receive(vendor, opening.opened(content), name="tệp.xlsx", by=by, now=NOW)


def at(name, **more) -> str:
    return reverse(name, kwargs={"key": "hop-viet", **more})


def upload(content: bytes, name: str = "san-pham.xlsx") -> dict:
    return {"file": SimpleUploadedFile(name, content)}


PAGES = [
    ("import", {}, WRITE, "get"),
    ("import", {}, WRITE, "post"),
    ("import-publiccode", {}, WRITE, "get"),
    ("import-publiccode", {}, WRITE, "post"),
    ("import-template", {"kind": "xlsx"}, WRITE, "get"),
    ("import-template", {"kind": "packages.csv"}, WRITE, "get"),
    ("import-check", {"pk": None}, WRITE, "get"),
    ("import-check", {"pk": None}, WRITE, "post"),
    ("import-errors", {"pk": None}, WRITE, "get"),
    ("import-discard", {"pk": None}, WRITE, "post"),
    ("export", {}, READ, "get"),
    ("export-file", {"kind": "xlsx"}, READ, "get"),
    ("export-file", {"kind": "zip"}, READ, "get"),
    ("export-file", {"kind": "json"}, READ, "get"),
]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(("name", "more", "allowed", "method"), PAGES)
def test_each_page_is_there_for_whom_it_is_and_for_nobody_else(vendor, people, who, name, more, allowed, method):
    received = receive(vendor, people["owner"], workbook(("", "Họp Giấy", "Họp trực tuyến")))
    address = at(name, **({**more, "pk": received.pk} if "pk" in more else more))

    answer = getattr(as_visitor(people, who), method)(address)

    if who in allowed:
        assert answer.status_code in (200, 302, 400, 409)
        b"".join(answer)  # to its end, so that its file is closed
    else:
        assert answer.status_code == 404
        assert "Họp Giấy" not in answer.content.decode()
        assert Import.objects.get().state == "checked"
    assert not Platform.objects.exists()


def test_a_file_of_one_vendor_is_not_there_under_another(vendor, people, editor):
    theirs = receive(VendorFactory(key="khac"), UserFactory(), workbook(("", "Họp A", "Họp trực tuyến")))

    assert editor.get(at("import-check", pk=theirs.pk)).status_code == 404
    assert editor.get(reverse("import-check", args=["khac", theirs.pk])).status_code == 404
    assert editor.get(at("import-check", pk=uuid.uuid4())).status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_file_is_checked_shown_and_brought_in(vendor, people, editor, language):
    editing.start(vendor, name="Họp C", category="online-meetings", by=people["owner"], now=NOW)
    prefix = "" if language == "vi" else "/en"
    content = workbook(("", f"Họp {HTML}", "Họp trực tuyến", HTML), ("hop-c", "Họp C", None, "Câu mới"))

    sent = editor.post(prefix + at("import"), upload(content))
    shown = editor.get(sent.url)
    page = shown.content.decode()

    assert Platform.objects.count() == 1
    assert HTML not in page
    assert "&lt;script&gt;" in page
    assert "Câu" in page
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    done = editor.post(sent.url, {"digest": digest}, follow=True)
    assert done.status_code == 200
    assert HTML not in done.content.decode()
    assert Platform.objects.count() == 2
    assert Revision.objects.get(platform__slug="hop-c").content["summary"] == "Câu mới"
    again = editor.post(sent.url, {"digest": digest})
    assert again.status_code == 200
    assert Platform.objects.count() == 2
    assert editor.get(at("import-errors", pk=Import.objects.get().pk)).status_code == 404
    assert editor.post(at("import-discard", pk=Import.objects.get().pk)).status_code == 302
    assert Import.objects.exists()


def test_problems_are_told_with_their_place_and_can_be_taken_home(vendor, editor):
    content = workbook(*[("", f"Họp {n}", "Nhóm lạ") for n in range(60)])

    sent = editor.post(at("import"), upload(content))
    page = editor.get(sent.url).content.decode()

    assert "Sản phẩm, dòng 2, cột “Nhóm chính”" in page
    assert "và 10 chỗ nữa" in page
    assert 'name="digest"' not in page
    given = editor.get(at("import-errors", pk=Import.objects.get().pk))
    assert load_workbook(io.BytesIO(body_of(given)))["Sản phẩm"].max_row == 61
    refused = editor.post(sent.url, {"digest": "x"})
    assert refused.status_code == 409
    assert not Platform.objects.exists()


def test_whoever_confirms_an_outdated_check_is_shown_the_new_one(vendor, people, editor):
    draft = editing.start(vendor, name="Họp C", category="online-meetings", by=people["owner"], now=NOW)
    sent = editor.post(at("import"), upload(workbook(("hop-c", "Họp C", None, "Của tệp"))))
    old = re.search(r'name="digest" value="(\w+)"', editor.get(sent.url).content.decode())[1]
    editing.edit(draft, step="summary", values={"summary": "Chen vào"}, version=1, by=people["owner"], now=NOW)

    answer = editor.post(sent.url, {"digest": old})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "đã có người sửa sản phẩm" in page
    assert "Chen" in page
    assert old not in page


def test_a_file_that_says_nothing_new_has_nothing_to_confirm(vendor, people, editor):
    editing.start(vendor, name="Họp C", category="online-meetings", by=people["owner"], now=NOW)

    sent = editor.post(at("import"), upload(workbook(("hop-c", "Họp C", "Họp trực tuyến"))))

    page = editor.get(sent.url).content.decode()
    assert "không có gì để nhập" in page
    assert 'name="digest"' not in page
    assert editor.post(at("import-discard", pk=Import.objects.get().pk)).url == at("import")
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (bomb(), "a.xlsx"),
        (PDF, "a.xlsx"),
        (b"\0" * 100, "a.csv"),
        (b"", "a.xlsx"),
        (b"<html>" + HTML.encode(), "a.csv"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence_and_nothing_is_kept(editor, content, name):
    answer = editor.post(at("import"), upload(content, name))

    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'role="alert"' in page
    assert 'href="#tep"' in page
    assert HTML not in page
    assert not Import.objects.exists()


def test_no_file_is_asked_for(editor):
    answer = editor.post(at("import"), {})

    assert answer.status_code == 400
    assert "Hãy chọn một tệp." in answer.content.decode()


def test_an_upload_that_is_too_big_is_broken_off(editor):
    answer = editor.post(at("import"), upload(b"a" * (12 * 1024 * 1024)))

    assert answer.status_code == 400
    assert "10 MB" in answer.content.decode()
    assert not Import.objects.exists()


@pytest.mark.parametrize("how", ["pasted", "sent"])
def test_a_publiccode_is_understood_shown_and_brought_in(vendor, editor, how):
    PlatformFactory(vendor=vendor)
    text = PUBLICCODE
    form = {"text": text} if how == "pasted" else upload(text.encode(), "publiccode.yml")

    sent = editor.post(at("import-publiccode"), form)
    page = editor.get(sent.url).content.decode()

    assert "legal/license" in page
    assert "dependsOn/open: không lấy." in page
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]
    editor.post(sent.url, {"digest": digest})
    assert Revision.objects.get().content["name"] == "Họp Medusa"


def test_what_was_pasted_stays_when_it_is_refused(editor):
    answer = editor.post(at("import-publiccode"), {"text": f"name: {HTML}", "category": "online-meetings"})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "name: &lt;script&gt;" in page
    assert '<option value="online-meetings" selected>' in page


@pytest.mark.parametrize("name", ["import-template", "export-file"])
@pytest.mark.parametrize("kind", ["exe", "csv", "none.csv", "..", "xlsx.csv"])
def test_there_is_no_other_kind_of_file(editor, name, kind):
    assert editor.get(at(name, kind=kind)).status_code == 404


def test_files_are_given_out_as_downloads(vendor, people, editor):
    for name, kind in (("import-template", "xlsx"), ("import-template", "products.csv"), ("export-file", "xlsx"), ("export-file", "zip"), ("export-file", "json")):  # fmt: skip
        answer = editor.get(at(name, kind=kind))

        assert answer["Content-Disposition"].startswith("attachment; ")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert int(answer["Content-Length"]) == len(body_of(answer))
        assert "no-store" in answer["Cache-Control"]
