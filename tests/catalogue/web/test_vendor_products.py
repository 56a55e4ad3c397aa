"""A vendor's people write about their products; nobody else has these pages."""

import datetime
import re
import socket

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from catalogue.accounts.models import OrganisationKind
from catalogue.documents.models import Document
from catalogue.platforms import editing
from catalogue.platforms.models import CategoryPhrase, Platform
from catalogue.platforms.revisions import Revision, RevisionState
from catalogue.web.vendor_products import unfinished
from tests.catalogue.documents.files import DOCX, EICAR, PDF, PNG
from tests.catalogue.platforms.test_editing import NOW, SOLVES, write
from tests.support.factories import LeafFactory, PlatformFactory, UserFactory, VendorFactory, with_factor
from tests.support.vetting import rules

pytestmark = pytest.mark.django_db
HTML = "<script>alert(1)</script><b onclick=x>Họp</b>"
WHO = ("anonymous", "other vendor", "viewer", "editor", "owner", "agency", "reviewer", "operator")


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "private"
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def criteria():
    """What is handed in is vetted, and by something."""
    return rules()


@pytest.fixture
def vendor():
    return VendorFactory(key="hop-viet", short_name="Họp Việt")


@pytest.fixture
def people(vendor):
    """One of every kind of visitor, by name."""
    found = {who: UserFactory(email=f"{who.replace(' ', '-')}@example.vn") for who in WHO[1:]}
    for role in ("viewer", "editor", "owner"):
        found[role].memberships.create(organisation=vendor, role=role)
    found["other vendor"].memberships.create(organisation=VendorFactory(), role="owner")
    found["agency"].memberships.create(organisation=VendorFactory(kind=OrganisationKind.AGENCY), role="owner")
    found["reviewer"].is_staff = True
    found["reviewer"].user_permissions.add(_permission("view_document"))
    found["operator"].is_staff = found["operator"].is_superuser = True
    for one in ("reviewer", "operator"):
        found[one].save()
        with_factor(found[one])
    return found


def _permission(codename):
    from django.contrib.auth.models import Permission

    return Permission.objects.get(codename=codename)


@pytest.fixture
def draft(vendor, people):
    LeafFactory(key="online-meetings", label_vi="Họp trực tuyến")
    revision = editing.start(vendor, name="Họp Giấy", category="online-meetings", by=people["owner"], now=NOW)
    return write(revision, people["owner"])


@pytest.fixture
def editor(people):
    client = Client()
    client.force_login(people["editor"])
    return client


def at(name, **more):
    return reverse(name, kwargs={"key": "hop-viet", **more})


def of_product(name, **more):
    return at(name, slug="hop-giay", **more)


def version(page) -> int:
    return int(re.search(rb'name="version"[^>]*value="(\d+)"', page.content)[1])


READ, WRITE = {"viewer", "editor", "owner"}, {"editor", "owner"}
PAGES = [
    ("vendor-products", {}, False, READ, "get"),
    ("product-new", {}, False, WRITE, "get"),
    ("product-new", {}, False, WRITE, "post"),
    ("product", {}, True, READ, "get"),
    ("product-changes", {}, True, READ, "get"),
    ("product-check", {}, True, READ, "get"),
    ("product-check", {}, True, WRITE, "post"),
    ("product-withdraw", {}, True, WRITE, "get"),
    ("product-withdraw", {}, True, WRITE, "post"),
    ("product-revise", {}, True, WRITE, "post"),
    ("product-packages", {}, True, WRITE, "get"),
    ("product-packages", {}, True, WRITE, "post"),
    ("product-package-new", {}, True, WRITE, "get"),
    ("product-package-new", {}, True, WRITE, "post"),
    ("product-package", {"at": 0}, True, WRITE, "get"),
    ("product-package", {"at": 0}, True, WRITE, "post"),
    ("product-package-remove", {"at": 0}, True, WRITE, "get"),
    ("product-package-remove", {"at": 0}, True, WRITE, "post"),
    ("product-evidence-list", {}, True, WRITE, "get"),
    ("product-evidence-list", {}, True, WRITE, "post"),
    ("product-evidence-new", {}, True, WRITE, "get"),
    ("product-evidence-new", {}, True, WRITE, "post"),
    *(
        ("product-step", {"step": step}, True, WRITE, method)
        for step in ("name", "summary", "description", "solves", "capabilities", "customers", "prices", "deployment",
                     "connections", "exit", "origin", "contact")
        for method in ("get", "post")
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "more", "of_one", "allowed", "method"), PAGES)
def test_each_page_is_there_for_whom_it_is_and_for_nobody_else(draft, people, name, more, of_one, allowed, method):
    address = of_product(name, **more) if of_one else at(name, **more)
    before = Revision.objects.values("version", "state").get()

    for who in WHO:
        client = Client()
        if who != "anonymous":
            client.force_login(people[who])
        with transaction.atomic():
            answer = getattr(client, method)(address)
            transaction.set_rollback(who in allowed)

        if who in allowed:
            assert answer.status_code in (200, 302, 400, 409), who
        else:
            assert answer.status_code == 404, who
            assert "Họp Giấy" not in answer.content.decode()
            assert Revision.objects.values("version", "state").get() == before


@pytest.mark.parametrize("who", WHO)
def test_what_was_handed_in_is_shown_to_members(draft, people, who):
    editing.submit(draft, by=people["owner"], now=NOW)
    client = Client()
    if who != "anonymous":
        client.force_login(people[who])

    assert client.get(of_product("product-submitted")).status_code == (200 if who in READ else 404)


@pytest.mark.parametrize("who", WHO)
def test_a_document_goes_to_members_and_to_who_checks_evidence(draft, people, editor, who):
    upload(editor, draft, SimpleUploadedFile("a.pdf", PDF))
    document = Document.objects.get()
    client = Client()
    if who != "anonymous":
        client.force_login(people[who])

    answer = client.get(reverse("document", args=[document.pk]))

    assert answer.status_code == (200 if who in READ | {"reviewer", "operator"} else 404)
    if answer.status_code == 200:
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Disposition"] == 'attachment; filename="a.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]


def test_a_draft_is_nowhere_public(client, draft, people, editor):
    assert client.get(reverse("platform", args=["hop-giay"])).status_code == 404
    assert editor.get(reverse("platform", args=["hop-giay"])).status_code == 404
    for page in ("platforms", "home", "sitemap", "feed-platforms", "directive", "about-data"):
        assert b"hop-giay" not in client.get(reverse(page)).content
    assert client.get("/api/v1/platforms").json()["count"] == 0
    assert client.get("/api/v1/platforms/hop-giay").status_code == 404


def test_from_nothing_to_handed_in(editor, people, vendor):
    leaf = LeafFactory(key="online-meetings")
    CategoryPhrase.objects.create(category=leaf, kind="need", text="Cán bộ xã đi cả ngày đường để dự họp.", position=0)

    answer = editor.post(at("product-new"), {"name": "Họp Giấy", "category": "online-meetings"})
    assert answer.url == of_product("product")
    assert "Chưa làm" in editor.get(answer.url).content.decode()

    assert "Cán bộ xã đi cả ngày đường" in editor.get(of_product("product-step", step="solves")).content.decode()
    sent = {
        "summary": {"summary": "Họp không giấy cho hội đồng."},
        "description": {"description": "Gửi tài liệu trước, biểu quyết tại chỗ."},
        "solves": {f"solves_{n}": text for n, text in enumerate(SOLVES)},
        "capabilities": {"capabilities": "Biểu quyết điện tử\n\nGửi tài liệu"},
        "customers": {"status": "active", "launched": "2021", "customers": "Tỉnh A"},
        "prices": {"pricing_model": "subscription"},
        "deployment": {"deployment": ["saas"], "data_in_vietnam": "yes", "security_level": "3"},
        "connections": {"connections": ["lgsp"], "languages": "Tiếng Việt"},
        "exit": {"export_formats": "CSV"},
        "origin": {"vietnamese_share": "51,5", "designed_by": "vietnamese"},
        "contact": {"website": "https://hop.example.vn", "support_phone": "024 3943 1234"},
    }
    for step, values in sent.items():
        page = editor.get(of_product("product-step", step=step))
        answer = editor.post(of_product("product-step", step=step), {**values, "version": version(page)})
        assert answer.status_code == 302, (step, answer.content.decode())
    for name, price in (("Gói xã", "1.500.000"), ("Gói tỉnh", "90 000 000 đ")):
        page = editor.get(of_product("product-package-new"))
        values = {"name": name, "unit": "agency", "period": "year", "price_min": price, "setup_fee": "0"}
        assert editor.post(of_product("product-package-new"), {**values, "version": version(page)}).status_code == 302
    assert upload(editor, Revision.objects.get(), SimpleUploadedFile("Nghiệm thu.docx", DOCX)).status_code == 302

    check = editor.get(of_product("product-check"))
    assert "1.500.000 đồng / cơ quan / năm" in check.content.decode()
    answer = editor.post(of_product("product-check"), {"version": version(check)})

    assert answer.url == of_product("product-submitted")
    assert "Việc tiếp theo" in editor.get(answer.url).content.decode()
    revision = Revision.objects.get()
    assert revision.state == RevisionState.SUBMITTED
    assert revision.content["vietnamese_share"] == "51.5"
    editing.publish(revision, by=people["operator"], now=NOW)
    public = Client().get(reverse("platform", args=["hop-giay"])).content.decode()
    for told in ("Gói xã", "1.500.000", "Cấp độ 3", "LGSP", "CSV", "51,5"):
        assert told in public
    assert "Nghiệm thu.docx" not in public


def upload(client, revision, file, **more):
    page = client.get(of_product("product-evidence-new"))
    values = {"kind": "acceptance", "title": "Nghiệm thu tại tỉnh A", "version": version(page), "file": file, **more}
    return client.post(of_product("product-evidence-new"), values)


def test_html_is_text_in_every_field(editor, draft, people):
    sent = {
        "name": {"name": HTML[:100], "category": "online-meetings"},
        "summary": {"summary": HTML},
        "description": {"description": HTML},
        "solves": {f"solves_{n}": f"{HTML} không họp được lần {n}" for n in range(6)},
        "capabilities": {"capabilities": HTML},
        "customers": {"status": "active", "customers": HTML},
        "prices": {"pricing_model": "quote", "pricing_note": HTML},
        "connections": {"standards": HTML, "languages": HTML},
        "exit": {"export_formats": HTML, "exit_terms": HTML},
        "origin": {"copyright_certificate": HTML},
    }
    for step, values in sent.items():
        page = editor.get(of_product("product-step", step=step))
        answer = editor.post(of_product("product-step", step=step), {**values, "version": version(page)})
        assert answer.status_code == 302, (step, answer.content.decode())
    page = editor.get(of_product("product-package", at=0))
    package = {"name": HTML, "unit": "user", "period": "year", "includes": HTML, "version": version(page)}
    assert editor.post(of_product("product-package", at=0), package).status_code == 302
    for field in ("title", "issuer", "number", "note"):
        page = editor.get(of_product("product-evidence-new"))
        values = {"kind": "other", "title": f"Giấy {field}", field: HTML, "version": version(page)}
        assert editor.post(of_product("product-evidence-new"), values).status_code == 302

    revision = Revision.objects.get()
    assert revision.content["summary"] == HTML
    addresses = [
        at("vendor-products"), of_product("product"), of_product("product-check"), of_product("product-changes"),
        of_product("product-packages"), of_product("product-evidence-list"),
        *(of_product("product-step", step=step) for step in sent),
    ]  # fmt: skip
    editing.publish(_handed_in(revision), by=people["operator"], now=NOW)
    for client, address in [(editor, at("vendor-products")), (Client(), reverse("platform", args=["hop-giay"]))]:
        page = client.get(address).content
        assert b"<script>alert" not in page
        assert b"<b onclick" not in page
    editing.revise(revision.platform, by=people["owner"], now=NOW)
    for address in addresses:
        page = editor.get(address).content
        assert b"&lt;script&gt;alert" in page, address
        assert b"<script>alert" not in page
        assert b"<b onclick" not in page


def _handed_in(revision):
    Revision.objects.filter(pk=revision.pk).update(state="submitted", submitted_at=NOW)
    revision.refresh_from_db()
    return revision


@pytest.mark.parametrize(
    ("step", "values", "said"),
    [
        ("summary", {"summary": "từ " * 51}, "Nhiều nhất 50 từ; đang có 51 từ."),
        ("name", {"name": "", "category": "online-meetings"}, "Hãy điền nội dung này."),
        ("customers", {"status": "active", "launched": "năm kia"}, "Hãy nhập một số nguyên."),
        ("origin", {"vietnamese_share": "120"}, "Số lớn nhất là 100."),
        ("contact", {"website": "javascript:alert(1)"}, "Địa chỉ trang chưa đúng"),
        ("deployment", {"deployment": ["nowhere"]}, "Hãy chọn một mục trong danh sách."),
        ("solves", {"solves_3": "Câu này đứng hai lần ở đây", "solves_5": "Câu này đứng hai lần ở đây"}, "đã có rồi"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field_and_nothing_typed_is_lost(editor, draft, step, values, said):
    answer = editor.post(of_product("product-step", step=step), {**values, "version": draft.version})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert page.index("error-summary") < page.index('<form class="ask')
    for typed in values.values():
        if isinstance(typed, str) and typed:
            assert typed.strip() in page
    assert Revision.objects.get().version == draft.version


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"price_min": "5000", "price_max": "4000"}, "Giá cao nhất phải bằng hoặc lớn hơn giá thấp nhất."),
        ({"price_max": "4000"}, "Hãy điền cả giá thấp nhất."),
        ({"price_min": "-5"}, "Số nhỏ nhất là 0."),
        ({"unit": "transaction"}, "Tính theo giao dịch"),
        ({"unit": ""}, "Hãy chọn một mục trong danh sách."),
        ({"name": "XÃ"}, "đã có rồi"),
    ],
)
def test_a_package_must_add_up(editor, draft, values, said):
    sent = {"name": "Huyện", "unit": "agency", "period": "year", **values, "version": draft.version}

    answer = editor.post(of_product("product-package-new"), sent)

    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert len(Revision.objects.get().content["packages"]) == 2


def test_two_at_once_the_second_sees_both_texts_and_nothing_is_overwritten(editor, draft, people):
    page = editor.get(of_product("product-step", step="summary"))
    editing.edit(
        draft,
        step="summary",
        values={"summary": "Câu của người thứ nhất."},
        version=draft.version,
        by=people["owner"],
        now=NOW,
    )

    answer = editor.post(
        of_product("product-step", step="summary"), {"summary": "Câu của người thứ hai.", "version": version(page)}
    )

    told = answer.content.decode()
    assert answer.status_code == 409
    assert "Hai người cùng sửa phần này" in told
    assert "owner@example.vn" in told
    assert re.sub(r"<[^>]+>|\[\w+: |\]", "", told).count("Câu của người thứ nhất.") == 1
    assert Revision.objects.get().content["summary"] == "Câu của người thứ nhất."
    again = editor.post(
        of_product("product-step", step="summary"), {"summary": "Gộp hai câu.", "version": version(answer)}
    )
    assert again.status_code == 302
    assert Revision.objects.get().content["summary"] == "Gộp hai câu."


def test_two_who_change_packages_at_once_are_told(editor, draft, people):
    page = editor.get(of_product("product-package-new"))
    editing.edit(draft, step="packages", values={"packages": []}, version=draft.version, by=people["owner"], now=NOW)

    answer = editor.post(
        of_product("product-package-new"),
        {"name": "Huyện", "unit": "agency", "period": "year", "version": version(page)},
    )

    assert answer.status_code == 409
    assert "Không còn gì ở đây" in answer.content.decode()
    assert 'value="Huyện"' in answer.content.decode()
    assert Revision.objects.get().content["packages"] == []


class TestAutosave:
    def save(self, client, **values):
        return client.post(of_product("product-step", step="summary"), values, headers={"HX-Request": "true"})

    def test_saves_and_tells_when_and_hands_the_new_version_back(self, editor, draft):
        answer = self.save(editor, summary="Tự lưu câu này.", version=draft.version)

        assert "Đã tự lưu lúc" in answer.content.decode()
        assert version(answer) == draft.version + 1
        assert Revision.objects.get().content["summary"] == "Tự lưu câu này."

    def test_says_why_it_did_not_save(self, editor, draft):
        answer = self.save(editor, summary="từ " * 51, version=draft.version)

        assert answer.status_code == 200
        assert "Chưa tự lưu: Nhiều nhất 50 từ" in answer.content.decode()
        assert Revision.objects.get().version == draft.version

    def test_overwrites_nobody(self, editor, draft, people):
        editing.edit(
            draft,
            step="summary",
            values={"summary": "Của người khác."},
            version=draft.version,
            by=people["owner"],
            now=NOW,
        )

        answer = self.save(editor, summary="Của tôi.", version=draft.version)

        assert "người khác vừa lưu" in answer.content.decode()
        assert Revision.objects.get().content["summary"] == "Của người khác."


class TestUnfinished:
    """A package or a piece of evidence that somebody has begun to type."""

    TYPED = {"name": "Gói huyện", "price_min": "mười triệu", "includes": "Cài đặt & tập huấn"}

    def leave(self, client, address, version, **typed):
        return client.post(address, {"version": version, **typed}, headers={"HX-Request": "true"})

    def test_is_there_again_as_it_was_typed_and_no_part_of_the_draft(self, editor, draft):
        address = of_product("product-package-new")
        answer = self.leave(editor, address, draft.version, **self.TYPED)

        page = editor.get(address)

        assert "Đã giữ phần viết dở lúc" in answer.content.decode()
        assert {name: page.context["form"][name].value() for name in self.TYPED} == self.TYPED
        assert "chưa lưu vào hồ sơ" in page.content.decode()
        kept = Revision.objects.get()
        assert (kept.version, kept.content) == (draft.version, draft.content)

    @pytest.mark.parametrize("name", ["product-packages", "product-check"])
    def test_is_told_of_where_one_goes_on_or_hands_in(self, editor, draft, name):
        self.leave(editor, of_product("product-package-new"), draft.version, **self.TYPED)

        page = editor.get(of_product(name)).content.decode()

        assert f'<a href="{of_product("product-package-new")}">Gói huyện</a>' in page
        assert "Gói huyện" not in editor.get(of_product("product-evidence-list")).content.decode()

    def test_is_its_writers_alone(self, editor, draft, people):
        self.leave(editor, of_product("product-package-new"), draft.version, **self.TYPED)
        other = Client()
        other.force_login(people["owner"])

        assert "Gói huyện" not in other.get(of_product("product-package-new")).content.decode()
        assert "Gói huyện" not in other.get(of_product("product-packages")).content.decode()

    @pytest.mark.parametrize("end", ["save", "give up"])
    def test_ends_when_it_is_saved_or_given_up(self, editor, draft, end):
        address, listed = of_product("product-package-new"), of_product("product-packages")
        self.leave(editor, address, draft.version, **self.TYPED)
        whole = {"name": "Gói huyện", "unit": "agency", "period": "year", "version": draft.version}

        editor.post(address, whole if end == "save" else {"forget": "1"})

        assert editor.get(address).context["left"] is None
        assert editor.get(listed).context["unfinished"] == []
        names = [one["name"] for one in Revision.objects.get().content["packages"]]
        assert ("Gói huyện" in names) == (end == "save")

    def test_outlives_a_save_that_is_refused(self, editor, draft):
        address = of_product("product-package-new")
        self.leave(editor, address, draft.version, **self.TYPED)

        assert editor.post(address, {**self.TYPED, "version": draft.version}).status_code == 400
        assert editor.get(address).context["left"].typed == self.TYPED

    def test_overwrites_nobody_when_it_is_saved_later(self, editor, draft, people):
        address = of_product("product-package", at=0)
        self.leave(editor, address, draft.version, **self.TYPED)
        theirs = [{"name": "Gói tỉnh", "unit": "agency", "period": "year"}]
        editing.edit(draft, step="packages", values={"packages": theirs}, version=draft.version, by=people["owner"], now=NOW)  # fmt: skip

        page = editor.get(address)
        answer = editor.post(address, {"name": "Gói huyện", "unit": "agency", "period": "year", "version": version(page)})  # fmt: skip

        assert answer.status_code == 409
        assert "Gói tỉnh" in answer.content.decode()
        assert [one["name"] for one in Revision.objects.get().content["packages"]] == ["Gói tỉnh"]

    def test_outlives_the_package_it_was_about(self, editor, draft, people):
        address = of_product("product-package", at=0)
        self.leave(editor, address, draft.version, **self.TYPED)
        editing.edit(
            draft, step="packages", values={"packages": []}, version=draft.version, by=people["owner"], now=NOW
        )

        told = editor.post(address, {"name": "Gói huyện", "unit": "agency", "period": "year", "version": version(editor.get(address))})  # fmt: skip
        saved = editor.post(address, {"name": "Gói huyện", "unit": "agency", "period": "year", "version": version(told)})  # fmt: skip

        assert (told.status_code, saved.status_code) == (409, 302)
        assert [one["name"] for one in Revision.objects.get().content["packages"]] == ["Gói huyện"]
        assert editor.get(address).context["left"] is None

    def test_too_much_is_not_kept_and_said_so(self, editor, draft):
        address = of_product("product-evidence-new")

        answer = self.leave(editor, address, draft.version, title="x" * (unfinished.LARGEST + 1))

        assert "Chưa giữ được" in answer.content.decode()
        assert editor.get(address).context["left"] is None


class TestFiles:
    def test_a_file_is_kept_under_a_name_that_says_nothing_and_shown_by_its_last_part(
        self, editor, draft, private_folder
    ):
        upload(editor, draft, SimpleUploadedFile("x.pdf", PDF, "image/png"), title="A")
        document = Document.objects.get()
        document.file.name.encode("ascii")

        assert (document.media_type, document.size, len(document.sha256)) == ("application/pdf", len(PDF), 64)
        assert re.fullmatch(r"documents/[0-9a-f]{2}/[0-9a-f]{32}", document.file.name)
        assert [path.read_bytes() for path in private_folder.rglob("*") if path.is_file()] == [PDF]
        assert Client().get(f"/media/{document.file.name}").status_code == 404

    def test_the_same_bytes_are_kept_once(self, editor, draft, private_folder):
        for title in ("A", "B"):
            upload(editor, draft, SimpleUploadedFile("x.png", PNG), title=title)

        assert Document.objects.count() == 1
        assert len([path for path in private_folder.rglob("*") if path.is_file()]) == 1
        assert len({one["document"] for one in Revision.objects.get().content["evidence"]}) == 1

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("a.pdf", b"<html>no</html>", "không phải một trong bốn loại"),
            ("a.pdf", EICAR, "vi-rút nhận ra"),
            ("a.pdf", PDF[:-6] + b"\n%" + EICAR + b"\n%%EOF\n", "vi-rút nhận ra"),
            ("a.png", PNG + b"PK\x03\x04", "giấu một tệp khác"),
            ("a.pdf", b"", "Tệp rỗng"),
        ],
    )
    def test_a_bad_file_is_refused_the_form_is_kept_and_nothing_lies_anywhere(
        self, editor, draft, private_folder, name, content, said
    ):
        answer = upload(editor, draft, SimpleUploadedFile(name, content) if content else _empty(name))

        page = answer.content.decode()
        assert answer.status_code == 400
        if content:
            assert said in page
        assert 'value="Nghiệm thu tại tỉnh A"' in page
        assert not Document.objects.exists()
        assert not [path for path in private_folder.rglob("*") if path.is_file()]
        assert Revision.objects.get().content["evidence"] == []

    def test_a_file_that_is_too_big_is_broken_off_and_the_form_is_kept(self, editor, draft, private_folder):
        answer = upload(editor, draft, SimpleUploadedFile("a.pdf", PDF + b"0" * 12_000_000), note="Ghi nhớ")

        page = answer.content.decode()
        assert answer.status_code == 400
        assert "Tệp lớn quá: nhiều nhất 10 MB." in page
        assert 'value="Nghiệm thu tại tỉnh A"' in page
        assert not Document.objects.exists()

    def test_a_scanner_that_does_not_answer_is_said_and_the_form_is_kept(self, editor, draft, private_folder, settings):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings.CLAMD_URL = f"tcp://127.0.0.1:{port}"

        answer = upload(editor, draft, SimpleUploadedFile("a.pdf", PDF))

        page = answer.content.decode()
        assert answer.status_code == 400
        assert "Máy quét vi-rút đang không trả lời" in page
        assert 'value="Nghiệm thu tại tỉnh A"' in page
        assert not [path for path in private_folder.rglob("*") if path.is_file()]

    def test_a_file_that_was_taken_is_not_asked_for_again(self, editor, draft):
        answer = upload(editor, draft, SimpleUploadedFile("a.pdf", PDF), title="")

        document = Document.objects.get()
        assert answer.status_code == 400
        assert f'name="document" value="{document.pk}"' in answer.content.decode()

    def test_a_document_of_another_vendor_cannot_be_named(self, editor, draft, people):
        other = Client()
        other.force_login(people["other vendor"])
        document = Document.objects.create(
            organisation=people["other vendor"].memberships.get().organisation, name="a.pdf", media_type="application/pdf",
            size=1, sha256="0" * 64, file="documents/00/0", uploaded_at=NOW,
        )  # fmt: skip
        page = editor.get(of_product("product-evidence-new"))

        answer = editor.post(
            of_product("product-evidence-new"),
            {"kind": "other", "title": "A", "version": version(page), "document": str(document.pk)},
        )

        assert answer.status_code == 400
        assert "a.pdf" not in answer.content.decode()
        assert Revision.objects.get().content["evidence"] == []


def _empty(name):
    return SimpleUploadedFile(name, b"%")


def test_a_published_product_is_revised_while_the_public_sees_the_old_text(editor, people, vendor, client):
    platform = PlatformFactory(
        slug="cu",
        vendor=vendor,
        summary="Câu cũ.",
        description="M",
        capabilities=["A"],
        solves=SOLVES,
        pricing_model="quote",
        deployment=["saas"],
    )
    url = {"key": "hop-viet", "slug": "cu"}
    editor.post(reverse("product-revise", kwargs=url))
    step = reverse("product-step", kwargs={**url, "step": "summary"})
    editor.post(step, {"summary": "Câu mới.", "version": version(editor.get(step))})

    changes = editor.get(reverse("product-changes", kwargs=url)).content.decode()
    assert '<del><span class="visually-hidden">[bỏ: </span>cũ' in changes
    assert '<ins><span class="visually-hidden">[thêm: </span>mới' in changes
    assert "Câu cũ." in client.get(platform.get_absolute_url()).content.decode()
    check = editor.get(reverse("product-check", kwargs=url))
    editor.post(reverse("product-check", kwargs=url), {"version": version(check)})
    assert "Câu cũ." in client.get(platform.get_absolute_url()).content.decode()
    editing.publish(Revision.objects.get(), by=people["operator"], now=NOW)
    assert "Câu mới." in client.get(platform.get_absolute_url()).content.decode()


def test_a_product_taken_off_the_list_is_gone_from_public_pages_and_stays_with_its_vendor(editor, vendor, client):
    from catalogue.platforms.services import retire

    platform = PlatformFactory(slug="cu", vendor=vendor)
    retire(platform, now=NOW + datetime.timedelta(days=30))

    assert client.get(platform.get_absolute_url()).status_code == 404
    assert "Đã rút khỏi danh mục" in editor.get(at("vendor-products")).content.decode()
    assert not Platform.objects.listed().exists()


def test_the_list_costs_the_same_however_long(editor, vendor, django_assert_max_num_queries):
    for _n in range(12):
        PlatformFactory(vendor=vendor)
    with django_assert_max_num_queries(12):
        editor.get(at("vendor-products"))
