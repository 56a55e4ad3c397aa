"""A vendor's own products over the API: the same steps as on the pages, for the same people."""

import json
import logging
import uuid

import hypothesis
import pytest
import schemathesis
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from rest_framework.test import APIClient
from schemathesis import checks

from catalogue.accounts.models import OrganisationKind
from catalogue.accounts.tokens import ApiToken, Scope
from catalogue.documents.models import Document
from catalogue.platforms import editing
from catalogue.platforms.capabilities import Capability
from catalogue.platforms.content import STEPS, Content
from catalogue.platforms.models import CategoryPhrase, Platform
from catalogue.platforms.revisions import FieldRule, Revision, RevisionState
from tests.catalogue.documents.files import DOCX, EICAR, PDF, PNG
from tests.catalogue.platforms.test_editing import NOW, SOLVES, WHOLE, write
from tests.support.factories import LeafFactory, PlatformFactory, UserFactory, VendorFactory, with_factor
from tests.support.vetting import rules

pytestmark = pytest.mark.django_db
ALL = "/api/v1/organisations/hop-viet/products"
ONE = f"{ALL}/hop-giay"
WHO = ("anonymous", "other vendor", "viewer", "editor", "owner", "agency", "reviewer", "operator")
READ, WRITE = {"viewer", "editor", "owner"}, {"editor", "owner"}
HTML = "<script>alert(1)</script><b onclick=x>Họp</b>"
CHECKS = [
    checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance,
]  # fmt: skip
PACKAGE = {"name": "Gói huyện", "unit": "agency", "period": "year"}


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "private"
    return settings.MEDIA_ROOT


@pytest.fixture
def vendor():
    return VendorFactory(key="hop-viet", short_name="Họp Việt")


@pytest.fixture(autouse=True)
def criteria():
    """What is handed in is vetted by."""
    rules()


@pytest.fixture(autouse=True)
def leaf():
    return LeafFactory(key="online-meetings", label_vi="Họp trực tuyến")


@pytest.fixture
def people(vendor):
    """One of every kind of caller, by name."""
    found = {who: UserFactory(email=f"{who.replace(' ', '-')}@example.vn") for who in WHO[1:]}
    for role in ("viewer", "editor", "owner"):
        found[role].memberships.create(organisation=vendor, role=role)
    found["other vendor"].memberships.create(organisation=VendorFactory(key="khac"), role="owner")
    found["agency"].memberships.create(organisation=VendorFactory(kind=OrganisationKind.AGENCY), role="owner")
    found["reviewer"].is_staff = True
    found["reviewer"].user_permissions.add(Permission.objects.get(codename="view_document"))
    found["operator"].is_staff = found["operator"].is_superuser = True
    for one in ("reviewer", "operator"):
        found[one].save()
        with_factor(found[one])
    return found


def caller(people, who: str) -> APIClient:
    client = APIClient()
    if who != "anonymous":
        client.force_authenticate(people[who])
    return client


@pytest.fixture
def editor(people):
    return caller(people, "editor")


@pytest.fixture
def draft(vendor, people):
    revision = editing.start(vendor, name="Họp Giấy", category="online-meetings", by=people["owner"], now=NOW)
    return write(revision, people["owner"])


@pytest.fixture
def published(draft, people):
    editing.submit(draft, by=people["owner"], now=NOW)
    return editing.publish(draft, by=people["operator"], now=NOW)


def send(client, method: str, path: str, body=None):
    return getattr(client, method)(path, body or {}, format="json")


def form(client, method: str, path: str, **fields):
    return getattr(client, method)(path, encode_multipart(BOUNDARY, fields), content_type=MULTIPART_CONTENT)


def errors(answer) -> dict[str, str]:
    """Return what is refused, by field; the answer must be problem details."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    body = answer.json()
    assert {"type", "title", "status", "code"} <= body.keys()
    assert body["status"] == answer.status_code
    return {one["field"]: one["detail"] for one in body.get("errors", [])}


ENDPOINTS = [
    ("get", ALL, {}, READ),
    ("post", ALL, {"name": "Họp Mới", "category": "online-meetings"}, WRITE),
    ("get", ONE, {}, READ),
    ("get", f"{ONE}/changes", {}, READ),
    ("get", f"{ONE}/revisions", {}, READ),
    ("get", f"{ONE}/prompts", {}, WRITE),
    ("post", f"{ONE}/revise", {}, WRITE),
    ("post", f"{ONE}/submit", {"version": 10}, WRITE),
    ("post", f"{ONE}/withdraw", {}, WRITE),
    *(("get", f"{ONE}/steps/{step}", {}, READ) for step in STEPS),
    *(("patch", f"{ONE}/steps/{step}", {"version": 10}, WRITE) for step in STEPS),
    ("post", f"{ONE}/steps/packages", {"version": 10, **PACKAGE}, WRITE),
    ("patch", f"{ONE}/steps/packages/0", {"version": 10, "name": "Gói khác"}, WRITE),
    ("delete", f"{ONE}/steps/packages/0?version=10", {}, WRITE),
    ("post", f"{ONE}/steps/evidence", {"version": 10, "kind": "other", "title": "Giấy"}, WRITE),
    ("patch", f"{ONE}/steps/evidence/0", {"version": 11, "title": "Giấy khác"}, WRITE),
    ("delete", f"{ONE}/steps/evidence/0?version=11", {}, WRITE),
]


@pytest.mark.parametrize(("method", "path", "body", "allowed"), ENDPOINTS)
def test_each_endpoint_is_there_for_whom_it_is_and_for_nobody_else(draft, people, method, path, body, allowed):
    if "/evidence/" in path:
        evidence = {"evidence": [{"kind": "other", "title": "Giấy"}]}
        editing.edit(draft, step="evidence", values=evidence, version=10, by=people["owner"], now=NOW)
    before = list(Revision.objects.values("version", "state"))

    for who in WHO:
        with transaction.atomic():
            answer = send(caller(people, who), method, path, body)
            transaction.set_rollback(who in allowed)

        if who in allowed:
            assert answer.status_code in (200, 201), (who, answer.content)
        else:
            assert answer.status_code == 404, (who, answer.content)
            assert errors(answer) == {}
            assert "Họp Giấy" not in answer.content.decode()
            assert list(Revision.objects.values("version", "state")) == before


@pytest.mark.parametrize("who", WHO)
def test_a_document_goes_to_members_and_to_who_checks_evidence(draft, people, editor, who):
    form(
        editor,
        "post",
        f"{ONE}/steps/evidence",
        version=10,
        kind="other",
        title="A",
        file=SimpleUploadedFile("a.pdf", PDF),
    )
    document = Document.objects.get()

    answer = caller(people, who).get(f"/api/v1/organisations/hop-viet/documents/{document.pk}", headers={"accept": "application/pdf"})  # fmt: skip

    assert answer.status_code == (200 if who in READ | {"reviewer", "operator"} else 404)
    if answer.status_code == 200:
        assert b"".join(answer) == PDF
        assert answer["Content-Disposition"] == 'attachment; filename="a.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]


def test_a_document_is_not_there_under_another_organisation(draft, people, editor):
    form(
        editor,
        "post",
        f"{ONE}/steps/evidence",
        version=10,
        kind="other",
        title="A",
        file=SimpleUploadedFile("a.pdf", PDF),
    )

    assert editor.get(f"/api/v1/organisations/khac/documents/{Document.objects.get().pk}").status_code == 404


def test_a_document_of_an_organisation_without_people_is_nobodys(client):
    document = Document.objects.create(
        organisation=VendorFactory(key="vang"), name="a.pdf", media_type="application/pdf", size=1, sha256="0" * 64,
        file="documents/00/0", uploaded_at=NOW,
    )  # fmt: skip

    assert client.get(f"/api/v1/organisations/vang/documents/{document.pk}").status_code == 404


def test_from_nothing_to_handed_in_with_a_token_alone(people, vendor, leaf):
    CategoryPhrase.objects.create(category=leaf, kind="need", text="Cán bộ xã đi cả ngày đường để dự họp.", position=0)
    Capability.objects.create(key="bieu-quyet", label="Biểu quyết").categories.add(leaf)
    secret = ApiToken.objects.issue(people["editor"], name="Nhập", scope=Scope.WRITE, days=1, now=timezone.now())
    client = APIClient(headers={"authorization": f"Bearer {secret}"})

    answer = send(client, "post", ALL, {"name": "Họp Giấy", "category": "online-meetings"})
    assert (answer.status_code, answer["Location"]) == (201, ONE)
    assert answer.json()["revision"]["missing"][0] == {"step": "summary", "field": "summary", "detail": "Hãy viết tóm tắt."}  # fmt: skip
    assert client.get(f"{ONE}/prompts").json() == {
        "needs": ["Cán bộ xã đi cả ngày đường để dự họp."],
        "common_capabilities": [{"key": "bieu-quyet", "label": "Biểu quyết"}],
    }
    steps = {
        "summary": {"summary": "Họp không giấy cho hội đồng."},
        "description": {"description": "Gửi tài liệu trước, biểu quyết tại chỗ."},
        "solves": {"solves": SOLVES},
        "capabilities": {"common_capabilities": ["bieu-quyet"], "capabilities": ["Gửi tài liệu"]},
        "customers": {"status": "active", "launched": 2021, "customers": ["Tỉnh A"]},
        "prices": {"pricing_model": "subscription"},
        "deployment": {"deployment": ["saas"], "data_in_vietnam": "yes", "security_level": 3},
        "origin": {"vietnamese_share": 51.5},
    }
    version = 1
    for step, fields in steps.items():
        answer = send(client, "patch", f"{ONE}/steps/{step}", {"version": version, **fields})
        assert answer.status_code == 200, answer.content
        version = answer.json()["version"]
    for name, price in (("Gói xã", 1_500_000), ("Gói tỉnh", 90_000_000)):
        package = {**PACKAGE, "name": name, "price_min": price, "setup_fee": 0}
        answer = send(client, "post", f"{ONE}/steps/packages", {"version": version, **package})
        assert answer.status_code == 201, answer.content
        version = answer.json()["version"]
    answer = form(
        client, "post", f"{ONE}/steps/evidence", version=version, kind="acceptance", title="Nghiệm thu", year="",
        expires_on="", file=SimpleUploadedFile("Nghiệm thu.docx", DOCX),
    )  # fmt: skip
    assert answer.status_code == 201, answer.content

    ready = client.get(ONE).json()
    assert ready["revision"]["missing"] == []
    assert [package["price_min"] for package in ready["revision"]["content"]["packages"]] == [1_500_000, 90_000_000]
    assert ready["revision"]["content"]["vietnamese_share"] == "51.5"
    assert ready["revision"]["saved"]["evidence"] == ready["revision"]["version"]
    answer = send(client, "post", f"{ONE}/submit", {"version": ready["revision"]["version"]})

    told = answer.json()
    assert (answer.status_code, told["state"], told["revision_state"]) == (200, "waiting", "submitted")
    revision = Revision.objects.get()
    assert revision.state == RevisionState.SUBMITTED
    assert str(Document.objects.get().pk) == revision.content["evidence"][0]["document"]
    editing.publish(revision, by=people["operator"], now=NOW)
    assert APIClient().get("/api/v1/platforms/hop-giay").json()["packages"][1]["name"] == "Gói tỉnh"


def test_a_token_that_only_reads_may_read_and_not_write(people, draft):
    secret = ApiToken.objects.issue(people["editor"], name="Đọc", scope=Scope.READ, days=1, now=timezone.now())
    client = APIClient(headers={"authorization": f"Bearer {secret}"})

    assert client.get(ONE).status_code == 200
    refused = send(client, "patch", f"{ONE}/steps/summary", {"version": 10, "summary": "Khác."})
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert Revision.objects.get().version == 10


@pytest.mark.parametrize("step", STEPS)
def test_what_is_answered_of_a_step_can_be_sent_back(draft, editor, step):
    told = editor.get(f"{ONE}/steps/{step}").json()

    answer = send(editor, "patch", f"{ONE}/steps/{step}", told)

    assert answer.status_code == 200
    assert {**answer.json(), "version": 0} == {**told, "version": 0}
    assert set(told) == {"version", *STEPS[step]}


def test_what_is_left_out_of_a_step_stays(draft, editor):
    told = send(editor, "patch", f"{ONE}/steps/customers", {"version": 10, "launched": 2020}).json()

    assert told == {"version": 11, "customers": ["Tỉnh A"], "status": "active", "launched": 2020}


class TestTwoAtOnce:
    def test_the_second_is_told_both_texts_and_nothing_is_overwritten(self, draft, people, editor):
        send(caller(people, "owner"), "patch", f"{ONE}/steps/summary", {"version": 10, "summary": "Của người khác."})

        answer = send(editor, "patch", f"{ONE}/steps/summary", {"version": 10, "summary": "Của tôi."})

        told = answer.json()
        assert errors(answer) == {}
        assert (answer.status_code, told["code"], told["version"]) == (409, "edit_conflict", 11)
        assert (told["theirs"], told["yours"]) == ({"summary": "Của người khác."}, {"summary": "Của tôi."})
        assert Revision.objects.get().content["summary"] == "Của người khác."
        again = send(editor, "patch", f"{ONE}/steps/summary", {"version": told["version"], **told["yours"]})
        assert again.json() == {"version": 12, "summary": "Của tôi."}

    def test_different_steps_do_not_disturb_each_other(self, draft, people, editor):
        send(caller(people, "owner"), "patch", f"{ONE}/steps/summary", {"version": 10, "summary": "Một câu."})

        answer = send(editor, "patch", f"{ONE}/steps/contact", {"version": 10, "support_phone": "024 3943 1234"})

        assert answer.status_code == 200
        assert Revision.objects.get().content["summary"] == "Một câu."

    @pytest.mark.parametrize(("method", "path"), [("post", ""), ("patch", "/0"), ("delete", "/0?version=10")])
    def test_a_list_that_somebody_changed_is_not_overwritten(self, draft, people, editor, method, path):
        send(caller(people, "owner"), "delete", f"{ONE}/steps/packages/1?version=10")

        answer = send(editor, method, f"{ONE}/steps/packages{path}", {"version": 10, **PACKAGE})

        assert (answer.status_code, answer.json()["code"]) == (409, "edit_conflict")
        assert [one["name"] for one in answer.json()["theirs"]["packages"]] == ["Xã"]
        assert [one["name"] for one in Revision.objects.get().content["packages"]] == ["Xã"]

    def test_what_somebody_changed_since_it_was_read_is_not_handed_in(self, draft, editor):
        answer = send(editor, "post", f"{ONE}/submit", {"version": 9})

        assert (answer.status_code, answer.json()["code"], answer.json()["version"]) == (409, "outdated", 10)
        assert Revision.objects.get().is_draft

    def test_a_file_of_an_evidence_that_came_second_is_not_kept(
        self, draft, people, editor, private_folder, django_capture_on_commit_callbacks
    ):
        send(caller(people, "owner"), "post", f"{ONE}/steps/evidence", {"version": 10, "kind": "other", "title": "A"})

        with django_capture_on_commit_callbacks(execute=True):
            answer = form(
                editor, "post", f"{ONE}/steps/evidence", version=10, kind="other", title="B",
                file=SimpleUploadedFile("b.pdf", PDF),
            )  # fmt: skip

        assert answer.status_code == 409
        assert not Document.objects.exists()
        assert not [path for path in private_folder.rglob("*") if path.is_file()]


class TestItems:
    def test_one_is_added_changed_and_taken_off(self, draft, editor):
        added = send(editor, "post", f"{ONE}/steps/packages", {"version": 10, **PACKAGE})
        changed = send(editor, "patch", f"{ONE}/steps/packages/2", {"version": 11, "price_min": 5})
        removed = send(editor, "delete", f"{ONE}/steps/packages/0?version=12")

        assert (added.status_code, changed.status_code, removed.status_code) == (201, 200, 200)
        assert [one["name"] for one in added.json()["packages"]] == ["Xã", "Tỉnh", "Gói huyện"]
        assert changed.json()["packages"][2]["price_min"] == 5
        assert [one["name"] for one in removed.json()["packages"]] == ["Tỉnh", "Gói huyện"]
        assert removed.json() == editor.get(f"{ONE}/steps/packages").json()

    @pytest.mark.parametrize("method", ["patch", "delete"])
    @pytest.mark.parametrize("step", ["packages", "evidence"])
    def test_what_is_not_in_the_list_is_not_there(self, draft, editor, method, step):
        assert send(editor, method, f"{ONE}/steps/{step}/7?version=10", {"version": 10}).status_code == 404

    def test_evidence_is_given_another_file(self, draft, editor):
        form(editor, "post", f"{ONE}/steps/evidence", version=10, kind="other", title="A", file=SimpleUploadedFile("a.pdf", PDF))  # fmt: skip
        first = Revision.objects.get().content["evidence"][0]["document"]

        told = form(
            editor, "patch", f"{ONE}/steps/evidence/0", version=11, file=SimpleUploadedFile("b.png", PNG)
        ).json()

        assert told["evidence"][0]["title"] == "A"
        assert told["evidence"][0]["document"] != first
        assert Document.objects.get(pk=told["evidence"][0]["document"]).media_type == "image/png"

    def test_evidence_names_a_file_that_is_there(self, draft, editor):
        form(editor, "post", f"{ONE}/steps/evidence", version=10, kind="other", title="A", file=SimpleUploadedFile("a.pdf", PDF))  # fmt: skip
        document = str(Document.objects.get().pk)

        answer = send(editor, "post", f"{ONE}/steps/evidence", {"version": 11, "kind": "other", "title": "B", "document": document})  # fmt: skip

        assert answer.json()["evidence"][1]["document"] == document

    def test_a_file_of_another_vendor_cannot_be_named(self, draft, editor, people):
        theirs = Document.objects.create(
            organisation=people["other vendor"].memberships.get().organisation, name="a.pdf", media_type="application/pdf",
            size=1, sha256="0" * 64, file="documents/00/0", uploaded_at=NOW,
        )  # fmt: skip

        for document in (str(theirs.pk), str(uuid.uuid4())):
            body = {"version": 10, "kind": "other", "title": "A", "document": document}
            answer = send(editor, "post", f"{ONE}/steps/evidence", body)
            assert (answer.status_code, errors(answer)) == (400, {"evidence": "Tệp này không còn nữa."})


class TestBadInput:
    @pytest.mark.parametrize(
        ("step", "fields", "field", "said"),
        [
            ("summary", {"summary": "từ " * 51}, "summary", "Nhiều nhất 50 từ; đang có 51 từ."),
            ("summary", {"summary": 7}, "summary", "Giá trị này không dùng được."),
            ("summary", {"summary": None}, "summary", "Giá trị này không dùng được."),
            ("summary", {"description": "M"}, "description", "Bước này không có trường đó."),
            ("name", {"name": ""}, "name", "Hãy điền nội dung này."),
            ("name", {"category": "none"}, "category", "Hãy chọn một nhóm trong danh sách."),
            ("capabilities", {"common_capabilities": ["none"]}, "common_capabilities", "Hãy chọn chức năng trong danh sách."),
            ("customers", {"launched": "năm kia"}, "launched", "Hãy nhập một số nguyên."),
            ("customers", {"launched": 2021.5}, "launched", "Hãy nhập một số nguyên."),
            ("customers", {"customers": "Tỉnh A"}, "customers", "Giá trị này không dùng được."),
            ("origin", {"vietnamese_share": "120"}, "vietnamese_share", "Số lớn nhất là 100."),
            ("contact", {"website": "javascript:alert(1)"}, "website", "Địa chỉ trang chưa đúng, ví dụ đúng: https://example.vn/trang."),
            ("deployment", {"deployment": ["nowhere"]}, "deployment.0", "Hãy chọn một mục trong danh sách."),
            ("solves", {"solves": ["A b c", "a b C"]}, "solves", "“a b C” đã có rồi."),
            ("packages", {"packages": [{"name": "A"}]}, "packages.0.unit", "Hãy điền nội dung này."),
            ("packages", {"packages": "A"}, "packages", "Giá trị này không dùng được."),
        ],
    )  # fmt: skip
    def test_of_a_step_is_said_at_its_field(self, draft, editor, step, fields, field, said):
        answer = send(editor, "patch", f"{ONE}/steps/{step}", {"version": 10, **fields})

        assert (answer.status_code, answer.json()["code"]) == (400, "content_invalid")
        assert errors(answer)[field] == said
        assert Revision.objects.get().version == 10

    @pytest.mark.parametrize(
        ("fields", "field", "said"),
        [
            ({"price_min": 5000, "price_max": 4000}, "price_max", "Giá cao nhất phải bằng hoặc lớn hơn giá thấp nhất."),
            ({"price_max": 4000}, "price_min", "Hãy điền cả giá thấp nhất."),
            ({"price_min": -5}, "price_min", "Số nhỏ nhất là 0."),
            ({"price_min": 10**13}, "price_min", "Số lớn nhất là 1000000000000."),
            ({"unit": "transaction"}, "period", "Tính theo giao dịch thì kỳ tính là “mỗi lần dùng”, và chỉ giao dịch mới tính như vậy."),
            ({"unit": ""}, "unit", "Hãy chọn một mục trong danh sách."),
            ({"colour": "red"}, "colour", "Giá trị này không dùng được."),
        ],
    )  # fmt: skip
    def test_of_a_package_is_said_at_its_field(self, draft, editor, fields, field, said):
        answer = send(editor, "post", f"{ONE}/steps/packages", {"version": 10, **PACKAGE, **fields})

        assert (answer.status_code, errors(answer)[f"packages.2.{field}"]) == (400, said)
        assert len(Revision.objects.get().content["packages"]) == 2

    @pytest.mark.parametrize("body", [[], [1], "a", 7, True])
    @pytest.mark.parametrize(
        ("method", "path"),
        [("post", ""), ("patch", "/steps/summary"), ("post", "/steps/packages"), ("patch", "/steps/packages/0"),
         ("post", "/submit"), ("post", "/steps/evidence")],
    )  # fmt: skip
    def test_of_a_body_that_is_no_object(self, draft, editor, method, path, body):
        at = ONE + path if path else ALL

        answer = getattr(editor, method)(at, json.dumps(body), content_type="application/json")

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
        errors(answer)

    @pytest.mark.parametrize("version", [None, "", "một", 0, -1, 1.5, [], {}])
    def test_of_a_version(self, draft, editor, version):
        for method, path in (("patch", "/steps/summary"), ("post", "/steps/packages"), ("post", "/submit")):
            answer = send(editor, method, ONE + path, {"version": version})
            assert (answer.status_code, list(errors(answer))) == (400, ["version"])
        assert send(editor, "delete", f"{ONE}/steps/packages/0").status_code == 400

    @pytest.mark.parametrize(
        ("sent", "fields"),
        [({}, {"name", "category"}), ({"name": "", "category": ""}, {"name", "category"}),
         ({"name": "A", "category": "none"}, {"category"}), ({"name": "A" * 121, "category": "online-meetings"}, {"name"})],
    )  # fmt: skip
    def test_of_a_new_product(self, vendor, editor, sent, fields):
        answer = send(editor, "post", ALL, sent)

        assert (answer.status_code, set(errors(answer))) == (400, fields)
        assert not Platform.objects.exists()

    def test_what_a_program_can_break_is_a_problem_and_no_fault(self, draft, editor, caplog):
        for raw in ('{"version": 10, "summary": "\\ud800"}', '{"version": 10, "summary": "a\\u0000b"}', "{", "\xff"):
            answer = editor.patch(f"{ONE}/steps/summary", raw.encode("latin-1"), content_type="application/json")
            assert answer.status_code in (200, 400), answer.content
        assert "\x00" not in Revision.objects.get().content["summary"]
        assert editor.patch(f"{ONE}/steps/summary", "a=b", content_type="text/plain").status_code == 415
        assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []

    def test_html_is_text_in_every_field(self, draft, editor):
        steps = {
            "name": {"name": HTML},
            "summary": {"summary": HTML},
            "description": {"description": HTML},
            "solves": {"solves": [f"{HTML} không họp được lần {n}" for n in range(4)]},
            "capabilities": {"capabilities": [HTML]},
            "customers": {"customers": [HTML]},
            "prices": {"pricing_note": HTML},
            "packages": {"packages": [{**PACKAGE, "name": HTML, "includes": HTML}]},
            "connections": {"standards": [HTML], "languages": [HTML]},
            "exit": {"export_formats": [HTML], "exit_terms": HTML},
            "origin": {"copyright_certificate": HTML},
            "evidence": {"evidence": [{"kind": "other", "title": HTML, "issuer": HTML, "number": HTML, "note": HTML}]},
        }
        for step, fields in steps.items():
            answer = send(editor, "patch", f"{ONE}/steps/{step}", {"version": 99, **fields})
            assert answer.status_code == 200, (step, answer.content)
            assert {field: answer.json()[field] for field in fields if step not in ("packages", "evidence")} == {
                field: value for field, value in fields.items() if step not in ("packages", "evidence")
            }
        for path in (ALL, ONE, f"{ONE}/changes", f"{ONE}/steps/packages"):
            answer = editor.get(path)
            assert answer["Content-Type"] == "application/json"
            assert answer["X-Content-Type-Options"] == "nosniff"


class TestFiles:
    def upload(self, client, name: str, content: bytes, **more):
        file = SimpleUploadedFile(name, content, more.pop("kind_said", "application/pdf"))
        return form(client, "post", f"{ONE}/steps/evidence", version=10, kind="other", title="A", file=file, **more)

    @pytest.mark.parametrize(
        "name", ["../../etc/mat-khau.pdf", "..\\..\\mat-khau.pdf", "/etc/mat-khau.pdf", "C:\\mat-khau.pdf"]
    )
    def test_a_path_in_a_name_is_no_path(self, draft, editor, private_folder, name):
        answer = self.upload(editor, name, PDF)

        assert answer.status_code == 201
        assert Document.objects.get().name == "mat-khau.pdf"
        assert [path.read_bytes() for path in private_folder.rglob("*") if path.is_file()] == [PDF]

    def test_the_type_is_told_by_the_content(self, draft, editor):
        self.upload(editor, "a.exe", PNG, kind_said="application/x-msdownload")

        assert (Document.objects.get().name, Document.objects.get().media_type) == ("a.png", "image/png")

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("a.pdf", b"<html>no</html>", "không phải một trong bốn loại"),
            ("a.pdf", EICAR, "vi-rút nhận ra"),
            ("a.png", PNG + b"PK\x03\x04", "giấu một tệp khác"),
            ("a.pdf", b"", "Tệp rỗng"),
            ("a.pdf", PDF + b"0" * 12_000_000, "nhiều nhất 10 MB"),
        ],
    )
    def test_a_bad_file_is_refused_and_nothing_lies_anywhere(self, draft, editor, private_folder, name, content, said):
        answer = self.upload(editor, name, content)

        assert (answer.status_code, answer.json()["code"]) == (400, "bad_document")
        assert said in errors(answer)["file"]
        assert not Document.objects.exists()
        assert not [path for path in private_folder.rglob("*") if path.is_file()]
        assert Revision.objects.get().content["evidence"] == []

    def test_a_file_of_evidence_that_is_refused_is_not_kept(
        self, draft, editor, private_folder, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            answer = self.upload(editor, "a.pdf", PDF, year="năm kia", url="javascript:x")

        assert answer.status_code == 400
        assert errors(answer).keys() == {"evidence.0.year", "evidence.0.url"}
        assert not Document.objects.exists()
        assert not [path for path in private_folder.rglob("*") if path.is_file()]

    def test_a_file_that_was_there_before_stays_when_more_evidence_of_it_is_refused(self, draft, editor):
        self.upload(editor, "a.pdf", PDF)

        answer = form(editor, "post", f"{ONE}/steps/evidence", version=11, kind="none", title="B", file=SimpleUploadedFile("b.pdf", PDF))  # fmt: skip

        assert answer.status_code == 400
        assert Document.objects.count() == 1

    def test_a_text_in_place_of_a_file_is_refused(self, draft, editor):
        answer = form(editor, "post", f"{ONE}/steps/evidence", version=10, kind="other", title="A", file="text")

        assert (answer.status_code, list(errors(answer))) == (400, ["file"])

    def test_a_scanner_that_does_not_answer_is_said(self, draft, editor, settings):
        settings.CLAMD_URL = "tcp://127.0.0.1:1"

        answer = self.upload(editor, "a.pdf", PDF)

        assert (answer.status_code, answer.json()["code"]) == (503, "scanner_unreachable")
        assert not Document.objects.exists()


class TestCourse:
    def test_what_lacks_something_is_not_handed_in(self, vendor, people, editor):
        editing.start(vendor, name="Họp Giấy", category="online-meetings", by=people["owner"], now=NOW)

        answer = send(editor, "post", f"{ONE}/submit", {"version": 1})

        assert (answer.status_code, answer.json()["code"]) == (400, "incomplete")
        assert errors(answer).keys() == {"summary", "description", "solves", "capabilities", "status", "pricing_model", "deployment"}  # fmt: skip

    def test_what_was_handed_in_is_not_written_until_it_is_taken_back(self, draft, editor):
        send(editor, "post", f"{ONE}/submit", {"version": 10})

        refused = send(editor, "patch", f"{ONE}/steps/summary", {"version": 10, "summary": "Khác."})
        assert (refused.status_code, refused.json()["code"]) == (409, "illegal_move")
        twice = send(editor, "post", f"{ONE}/submit", {"version": 10})
        assert (twice.status_code, twice.json()["code"]) == (409, "illegal_move")
        told = send(editor, "post", f"{ONE}/withdraw").json()
        assert (told["revision_state"], told["revision"]) == ("withdrawn", None)
        assert send(editor, "post", f"{ONE}/withdraw").status_code == 404
        assert send(editor, "patch", f"{ONE}/steps/summary", {"version": 10}).status_code == 404
        again = send(editor, "post", f"{ONE}/revise").json()
        assert (again["revision"]["number"], again["revision"]["begun_from"]) == (2, 1)
        assert again["revision"]["content"]["summary"] == WHOLE["summary"]["summary"]

    def test_what_was_returned_says_why_and_the_course_is_told(self, draft, people, editor):
        editing.submit(draft, by=people["owner"], now=NOW)
        editing.return_(draft, reason="Chưa rõ giá.", by=people["operator"], now=NOW)

        told = editor.get(ONE).json()
        assert (told["state"], told["reason"], told["revision"]) == ("returned", "Chưa rõ giá.", None)
        send(editor, "post", f"{ONE}/revise")
        course = editor.get(f"{ONE}/revisions").json()
        assert [(one["number"], one["state"], one["reason"]) for one in course["results"]] == [
            (2, "draft", ""),
            (1, "returned", "Chưa rõ giá."),
        ]
        assert "operator@example.vn" not in json.dumps(course)

    def test_a_published_product_is_revised_while_the_public_sees_the_old_text(self, published, editor):
        send(editor, "post", f"{ONE}/revise")
        send(editor, "patch", f"{ONE}/steps/summary", {"version": 1, "summary": "Họp không giấy cho thôn bản."})

        told = editor.get(ONE).json()
        assert told["published"]["summary"] == WHOLE["summary"]["summary"]
        assert told["revision"]["content"]["summary"] == "Họp không giấy cho thôn bản."
        assert (told["public"], told["state"], told["page"]) == (True, "draft", "http://testserver/nen-tang/hop-giay/")
        changes = editor.get(f"{ONE}/changes").json()
        assert changes["is_new"] is False
        assert [one["field"] for one in changes["differences"]] == ["summary"]
        assert {"mark": "removed", "text": "hội đồng nhân dân"} in changes["differences"][0]["before"][0]
        assert {"mark": "added", "text": "thôn bản"} in changes["differences"][0]["after"][0]

    def test_revising_what_is_open_goes_on_with_it(self, draft, editor):
        told = send(editor, "post", f"{ONE}/revise").json()

        assert (told["revision"]["number"], told["revision"]["version"]) == (1, 10)

    def test_what_needs_no_review_is_published_at_once(self, published, editor):
        FieldRule.objects.create(field="support_phone", material=False, reason="Ai cũng kiểm được.")
        send(editor, "post", f"{ONE}/revise")
        assert send(editor, "post", f"{ONE}/submit", {"version": 1}).json()["code"] == "nothing_changed"
        send(editor, "patch", f"{ONE}/steps/contact", {"version": 1, "support_phone": "024 3943 1234"})

        assert editor.get(ONE).json()["revision"]["at_once"] is True
        told = send(editor, "post", f"{ONE}/submit", {"version": 2}).json()
        assert (told["state"], told["revision_state"]) == ("published", "published")
        assert told["published"]["support_phone"] == "024 3943 1234"

    def test_advice_is_given_on_a_draft(self, draft, editor):
        send(editor, "patch", f"{ONE}/steps/summary", {"version": 10, "summary": "Phần mềm họp tốt nhất Việt Nam."})

        told = editor.get(ONE).json()["revision"]
        assert ("superlative", "summary") in [(hint["code"], hint["field"]) for hint in told["hints"]]
        assert 0 < told["completeness"] < 100


@pytest.mark.parametrize("n", [2, 20])
def test_the_list_costs_four_queries_however_long(vendor, people, editor, n, django_assert_num_queries):
    for at in range(n // 2):
        editing.start(vendor, name=f"Họp {at}", category="online-meetings", by=people["owner"], now=NOW)
        PlatformFactory(vendor=vendor)

    with django_assert_num_queries(4):
        told = editor.get(ALL).json()

    assert told["count"] == n
    assert {(one["state"], one["revision_state"], one["public"]) for one in told["results"]} == {
        ("draft", "draft", False),
        ("published", None, True),
    }


class TestDescription:
    @pytest.fixture
    def schema(self, client):
        return client.get("/api/v1/schema/?format=json").json()

    def test_every_answer_is_as_described_to_who_knows_nothing_but_the_description(self, draft, people, site):
        form(caller(people, "editor"), "post", f"{ONE}/steps/evidence", version=10, kind="other", title="A", file=SimpleUploadedFile("a.pdf", PDF))  # fmt: skip
        at = {"key": "hop-viet", "slug": "hop-giay", "at": 0}
        secret = ApiToken.objects.issue(people["editor"], name="A", scope=Scope.WRITE, days=1, now=timezone.now())
        described = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", site)
        ours = {
            f"{method.upper()} {path}"
            for path, method, _operation in self.operations(described.raw_schema)
            if "/documents/" not in path  # a file, whose answer its client leaves open
        }
        asked = set()

        @hypothesis.settings(max_examples=3, derandomize=True, database=None, deadline=None)
        def ask(case):
            case.path_parameters = {name: value for name, value in at.items() if f"{{{name}}}" in case.path}
            with transaction.atomic():
                answer = case.call(headers={"authorization": f"Bearer {secret}"})
                transaction.set_rollback(True)
            case.validate_response(answer, checks=CHECKS)
            asked.add((case.operation.label, answer.status_code))

        for operation in (found.ok() for found in described.get_all_operations()):
            if operation.label in ours:
                hypothesis.given(case=operation.as_strategy())(ask)()

        assert {label for label, _status in asked} == ours
        answered = {label for label, status in asked if status in (200, 201)}
        by_luck = {
            "POST /api/v1/organisations/{key}/products",
            "POST /api/v1/organisations/{key}/products/{slug}/submit",
        }
        assert answered | by_luck == ours

    def operations(self, schema):
        mine = ("/organisations/{key}/products", "/organisations/{key}/documents")
        for path, methods in schema["paths"].items():
            if any(part in path for part in mine) and not path.endswith("/preview") and "/vetting" not in path:
                for method, operation in methods.items():
                    if method != "parameters":
                        yield path, method, operation

    def test_every_endpoint_is_in_it_with_examples(self, schema):
        found = {(method, path) for path, method, _operation in self.operations(schema)}

        assert len(found) == 10 + 2 * len(STEPS) + 2 + 4
        for path, method, operation in self.operations(schema):
            for media, body in operation.get("requestBody", {}).get("content", {}).items():
                assert body.get("examples"), (method, path, media)
            for status, answer in operation["responses"].items():
                for media, body in answer.get("content", {}).items():
                    if media == "application/json":
                        assert body.get("examples"), (method, path, status)

    def test_a_content_is_described_field_by_field(self, schema):
        parts = schema["components"]["schemas"]

        assert parts["Content"]["properties"].keys() == Content.model_fields.keys()
        assert parts["PatchedPackagesStepRequest"]["required"] == ["version"]  # fmt: skip
        assert parts["NewPackageContentRequest"]["required"] == ["version", "name", "unit", "period"]
        assert parts["NewPackageContentRequest"]["properties"]["price_min"] == {
            "type": "integer", "nullable": True, "minimum": 0, "maximum": 10**12,
        }  # fmt: skip
        assert "file" in parts["NewEvidenceContentWithFileRequest"]["properties"]
        assert "null" not in json.dumps([parts[name] for name in parts if "Content" in name]).replace("nullable", "")
