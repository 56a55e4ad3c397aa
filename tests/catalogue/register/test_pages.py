"""The register as pages and files: the same for everybody."""

import datetime
import json
import re
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from catalogue.register import checkpoints
from catalogue.register.standing import today_of
from catalogue.register.states import LEADS_TO, EntryKind, Standing
from tests.support.factories import PlatformFactory, VendorFactory, entered
from tests.support.roles import ROLES, everyone

pytestmark = pytest.mark.django_db
LIST = "/dang-ky/"
TODAY = datetime.date(2026, 11, 26)
DAY = datetime.timedelta(days=1)


def numbers(answer) -> list[int]:
    return [row["number"] for row in answer.context["rows"]]


@pytest.fixture
def product():
    return PlatformFactory(slug="hopviet", name="HọpViệt", vendor=VendorFactory(key="sao-bac", short_name="Sao Bắc"))


class TestRoles:
    @pytest.fixture(autouse=True)
    def written(self):
        PlatformFactory(slug="hopviet")
        entered("vetted", until=timezone.localdate() + DAY)
        checkpoints.make(now=timezone.now())

    @pytest.mark.parametrize(
        "address",
        [LIST, "/dang-ky/1/", "/dang-ky/so.ndjson", "/dang-ky/moc.ndjson", "/dang-ky/khoa.pem", "/dang-ky/kiem-tra/",
         "/huy-hieu/hopviet/", "/huy-hieu/hopviet.svg", "/huy-hieu/hopviet/qr.svg"],
    )  # fmt: skip
    def test_everybody_reads_the_same_and_nobody_writes(self, address):
        people = everyone()
        told = set()
        for role in ROLES:
            client = people.client(role)
            for prefix in ("", "/en"):
                answer = client.get(prefix + address)
                assert answer.status_code == 200, f"{role}: {prefix}{address}"
            told.add(client.get(address).getvalue() if "json" in address or "svg" in address else b"")
            for method in ("post", "put", "patch", "delete"):
                assert getattr(client, method)(address).status_code == 405, f"{role}: {method} {address}"
        assert len(told) == 1

    @pytest.mark.parametrize("address", ["/dang-ky/2/", "/dang-ky/0/", "/dang-ky/99999999999999999999999/"])
    def test_what_is_not_there_is_not_there_for_anybody(self, address):
        people = everyone()

        assert {people.client(role).get(address).status_code for role in ROLES} == {404}


class TestList:
    def test_the_newest_stand_first_with_product_and_vendor_by_name(self, client, product):
        entered("vetted")
        entered("suspended")
        entered("rejected", "da-go", "khong-con")

        answer = client.get(LIST)

        assert numbers(answer) == [3, 2, 1]
        page = answer.content.decode()
        assert '<a href="/nen-tang/hopviet/">HọpViệt</a>' in page
        assert "<code>da-go</code>" in page
        assert "hiệu lực đến hết 26/11/2027" in page
        assert "Reinstated" not in page
        assert "Suspended" in client.get("/en/dang-ky/").content.decode()

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", [5, 4, 3, 2, 1]),
            ("q=họp việt", [2, 1]),
            ("q=hop viet", [2, 1]),
            ("q=HOPVIET", [2, 1]),
            ("q=hopviet", [2, 1]),
            ("q=từ xa", [3]),
            ("q=khác xưa", [4]),
            ("q=sao nam", [5, 4, 3]),
            ("q=zzzz", []),
            ("q=%20%20", [5, 4, 3, 2, 1]),
            ("q=%25", []),
            ("kind=suspended", [5, 2]),
            ("year=2025", [1]),
            ("year=2026&kind=suspended", [5, 2]),
            ("platform=hopviet", [2, 1]),
            ("platform=hop", []),
            ("platform=hopviet&kind=vetted", [1]),
        ],
    )
    def test_by_product_kind_and_year(self, client, product, query, found):
        PlatformFactory(slug="doctor-for-everyone", name="Bác sĩ từ xa")
        entered("vetted", at=datetime.datetime(2025, 12, 31, 16, 59, tzinfo=datetime.UTC))
        entered("suspended", at=datetime.datetime(2025, 12, 31, 17, 0, tzinfo=datetime.UTC))  # already 2026 in Việt Nam
        entered("rejected", "doctor-for-everyone", "sao-nam")
        entered("rejected", "khac-xua", "sao-nam")
        entered("suspended", "con-lai", "sao-nam")

        assert numbers(client.get(f"{LIST}?{query}")) == found

    @pytest.mark.parametrize(
        "query",
        ["q=%00", "kind=lost", "year=0", "year=99999", "year=²²²²", "year=-1", "year=0000", "trang=x", "platform=%00",
         "q=" + "a" * 5000, "q=<script>alert(1)</script>", "platform=<script>alert(1)</script>"],
    )  # fmt: skip
    def test_nonsense_is_answered_with_the_page(self, client, product, query):
        entered("vetted")

        answer = client.get(f"{LIST}?{query}")

        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()

    def test_pages_keep_what_was_asked(self, client, product):
        for _n in range(25):
            entered("suspended")

        first = client.get(f"{LIST}?platform=hopviet&kind=suspended")
        following = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1].replace("&amp;", "&")

        assert numbers(client.get(following)) == [5, 4, 3, 2, 1]
        assert 'name="robots" content="noindex' in first.content.decode()

    def test_before_the_first_decision_it_says_so(self, client):
        assert "chưa có quyết định nào" in client.get(LIST).content.decode()

    @pytest.mark.parametrize("rows", [1, 20])
    @pytest.mark.parametrize("query", ["", "?platform=hopviet&kind=suspended&year=2026"])
    def test_it_costs_the_same_however_long(self, client, product, django_assert_num_queries, rows, query):
        for _n in range(rows):
            entered("suspended")

        with django_assert_num_queries(5):  # how many, which, names of products, of vendors, years
            client.get(LIST + query)


class TestEntry:
    def test_it_says_what_why_and_how_to_check(self, client, product):
        entered("rejected")
        entry = entered("vetted", reasons={"security": "Còn hạn <b>", "export": ["csv"]}, renewal=False, note=None)
        checkpoints.make(now=timezone.now())
        entered("suspended")

        page = client.get("/dang-ky/2/").content.decode()

        for text in (
            "Đạt thẩm định", "HọpViệt", "26/11/2027", "Lý do theo tiêu chí", "Còn hạn &lt;b&gt;", "csv", "không có",
            entry.hash, entry.previous, entry.key_id, 'href="/dang-ky/1/"', 'href="/dang-ky/3/"',
            "http://testserver/api/v1/register/2",
        ):  # fmt: skip
            assert text in page, text

    def test_an_entry_outlives_its_product(self, client, product):
        entered("revoked")
        product.delete()

        page = client.get("/dang-ky/1/").content.decode()

        assert "nay không có trong danh mục" in page
        assert "/nen-tang/hopviet/" not in page

    def test_it_costs_the_same_however_long_the_register(self, client, product, django_assert_num_queries):
        for _n in range(5):
            entered("suspended")

        with django_assert_num_queries(5):  # entry, names of product and vendor, checkpoint, end
            client.get("/dang-ky/3/")


class TestFiles:
    def test_every_line_is_an_entry_as_it_was_hashed(self, client, product):
        for _n in range(3):
            entered("suspended", reason="Lý do")

        answer = client.get("/dang-ky/so.ndjson")

        lines = answer.getvalue().decode().splitlines()
        assert answer["Content-Type"] == "application/x-ndjson"
        assert [json.loads(line)["number"] for line in lines] == [1, 2, 3]
        assert "Lý do" in lines[0]
        assert answer.streaming

    def test_an_empty_register_is_an_empty_file(self, client):
        assert client.get("/dang-ky/so.ndjson").getvalue() == b""
        assert client.get("/dang-ky/moc.ndjson").getvalue() == b""


class TestOnTheProductsPage:
    def test_it_names_the_latest_entries(self, client, product):
        for _n in range(7):
            entered("suspended")

        page = client.get("/nen-tang/hopviet/").content.decode()

        assert "Trong sổ đăng ký" in page
        assert re.findall(r'href="/dang-ky/(\d)/"', page) == ["7", "6", "5", "4", "3"]
        assert "/dang-ky/?platform=hopviet" in page

    def test_without_entries_it_says_nothing_of_it(self, client, product):
        entered("vetted", "hopviet-2")

        assert "Trong sổ đăng ký" not in client.get("/nen-tang/hopviet/").content.decode()


STANDINGS = [
    ([], Standing.NEVER, "Chưa thẩm định"),
    ([("rejected", {})], Standing.NEVER, "Chưa thẩm định"),
    ([("vetted", {"until": TODAY})], Standing.VETTED, "Đã thẩm định, đến hết 26/11/2026"),
    ([("vetted", {"until": TODAY - DAY})], Standing.EXPIRED, "Đã hết hạn thẩm định 25/11/2026"),
    ([("vetted", {"until": TODAY + DAY}), ("suspended", {})], Standing.SUSPENDED, "Tạm dừng hiệu lực từ 26/11/2026"),
    ([("vetted", {"until": TODAY + DAY}), ("suspended", {}), ("reinstated", {"until": TODAY})], Standing.VETTED, "26/11/2026"),
    ([("suspended", {}), ("reinstated", {"until": TODAY - DAY})], Standing.EXPIRED, "Đã hết hạn"),
    ([("vetted", {"until": TODAY + DAY}), ("revoked", {})], Standing.REVOKED, "Đã bị thu hồi từ 26/11/2026"),
    ([("vetted", {"until": TODAY + DAY}), ("expired", {})], Standing.EXPIRED, "Đã hết hạn thẩm định từ 26/11/2026"),
    ([("revoked", {}), ("vetted", {"until": TODAY + DAY})], Standing.VETTED, "27/11/2026"),
    *(
        ([("vetted", {"until": TODAY + DAY}), (kind, {})], Standing.VETTED, "Đã thẩm định")
        for kind in set(EntryKind) - set(LEADS_TO)
    ),
]  # fmt: skip


class TestBadge:
    @pytest.mark.parametrize(("history", "standing", "says"), STANDINGS)
    def test_it_shows_how_the_product_stands_today(
        self, client, product, time_machine_at_noon, history, standing, says
    ):
        for kind, facts in history:
            entered(kind, **facts)
        entered("vetted", "hopviet-2", until=TODAY + 99 * DAY)  # of another product

        picture = client.get("/huy-hieu/hopviet.svg").content.decode()
        page = client.get("/huy-hieu/hopviet/").content.decode()

        assert today_of("hopviet", today=TODAY).standing == standing
        assert says in picture
        assert says in page
        assert ("Đã thẩm định" in picture) == (standing == Standing.VETTED)

    def test_it_is_a_picture_that_other_sites_may_show(self, client, product):
        entered("vetted", until=datetime.date(2999, 1, 1))

        answer = client.get("/huy-hieu/hopviet.svg")

        drawn = ET.fromstring(answer.content)  # noqa: S314 (our own)
        assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
        assert answer["Content-Type"] == "image/svg+xml"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert answer["Cache-Control"] == "public, max-age=300"
        assert "Cookie" not in answer.get("Vary", "")
        text = answer.content.decode()
        assert "<style" not in text
        assert "style=" not in text
        assert "href" not in text, "it loads nothing"
        assert "Vetted, through 1 Jan 2999" in client.get("/en/huy-hieu/hopviet.svg").content.decode()

    def test_a_name_cannot_leave_its_place(self, client, product):
        product.name = '</text><script>alert(1)</script>" & ' + "rất dài " * 15
        product.save()

        drawn = client.get("/huy-hieu/hopviet.svg").content

        ET.fromstring(drawn)  # noqa: S314 (our own)
        assert b"<script" not in drawn
        assert "…" in drawn.decode()

    def test_the_page_gives_the_code_to_put_elsewhere(self, client, product):
        page = client.get("/huy-hieu/hopviet/").content.decode()

        assert "&lt;a href=&quot;http://testserver/huy-hieu/hopviet/&quot;&gt;" in page.replace('"', "&quot;")
        assert "http://testserver/huy-hieu/hopviet.svg" in page
        assert 'content="noindex' in page

    @pytest.mark.parametrize("fields", [{"listed_at": None}, {"retired_at": timezone.now()}])
    def test_what_is_not_listed_has_none(self, client, product, fields):
        entered("vetted")
        for name, value in fields.items():
            setattr(product, name, value)
        product.save()

        for address in (
            "/huy-hieu/hopviet/",
            "/huy-hieu/hopviet.svg",
            "/huy-hieu/hopviet/qr.svg",
            "/huy-hieu/khong-co/",
        ):
            assert client.get(address).status_code == 404

    def test_it_costs_two_queries(self, client, product, django_assert_num_queries):
        for _n in range(9):
            entered("suspended")

        with django_assert_num_queries(2):
            client.get("/huy-hieu/hopviet.svg")


@pytest.fixture
def time_machine_at_noon():
    import time_machine

    with time_machine.travel(datetime.datetime(2026, 11, 26, 5, tzinfo=datetime.UTC), tick=False):
        yield
