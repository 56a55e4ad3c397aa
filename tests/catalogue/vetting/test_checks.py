"""Automatic checks: what each finds, that one which fails stops no other, and that every finding can be said and kept."""

import datetime
import hashlib
import json
import logging

import pytest
from django.db import connection
from django.utils import translation

from catalogue.documents import services as documents
from catalogue.platforms.choices import PackagePeriod, PackageUnit
from catalogue.platforms.content import parse
from catalogue.platforms.models import Platform
from catalogue.platforms.originals import BorrowedPassage, SaidPassage, note_statement
from catalogue.vetting import checks
from catalogue.vetting.checks import CHECKS, Found, run, sentence
from catalogue.vetting.links import Seen, Trouble
from tests.catalogue.documents.files import PDF, PNG
from tests.support.factories import LeafFactory, PlatformFactory, UserFactory, VendorFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 25, 9, 0, tzinfo=datetime.UTC)
SOLVES = [
    "Nông dân nuôi tôm đo độ mặn bằng tay ba lần một đêm, chậm một giờ là mất trắng cả ao.",
    "Thương lái hỏi nhật ký cho ăn mà sổ ghi bị ướt, không chứng minh được tôm sạch để bán giá cao.",
]


def alive(url: str) -> Seen:
    return Seen(url, 200, final=url)


def found(platform, code=None, *, fetch=alive, **content) -> list[Found]:
    """Return what the checks find in a content, of one code."""
    all_of_it = run(platform, parse({"name": platform.name, **content}), now=NOW, fetch=fetch)
    return [one for one in all_of_it if code is None or one.code == code]


@pytest.fixture
def platform():
    return PlatformFactory(slug="ao-tom", category=LeafFactory(key="farm"), vendor=VendorFactory(tax_code="0101243150"))


def certificate(days: int | None, title="ISO 9001", kind="certification", **more):
    expires_on = None if days is None else (NOW.date() + datetime.timedelta(days=days)).isoformat()
    return {"kind": kind, "title": title, "expires_on": expires_on, **more}


def package(price, name="Cơ bản", unit=PackageUnit.USER, period=PackagePeriod.MONTH, **more):
    return {"name": name, "unit": unit, "period": period, "price_min": price, **more}


class TestTaxCode:
    @pytest.mark.parametrize(
        ("code", "passed"),
        [("0101243150", True), ("0101243150-001", True), ("0101243151", False), ("123", False), (None, None), ("001085012345", True)],
    )  # fmt: skip
    def test_is_right_wrong_or_not_there(self, platform, code, passed):
        platform.vendor.tax_code = code

        [one] = found(platform, "tax_code")

        assert one.passed is passed
        assert not code or code not in json.dumps(one.facts) + sentence(one), "it may be a person's number"


class TestLinks:
    def test_every_address_is_asked_once_and_what_it_answered_is_kept_with_the_time(self, platform):
        asked = []
        answers = {
            "https://a.example.vn/": Seen("https://a.example.vn/", 200, final="https://a.example.vn/moi"),
            "https://b.example.vn/": Seen("https://b.example.vn/", 404, final="https://b.example.vn/"),
            "https://c.example.vn/": Seen("https://c.example.vn/", trouble=Trouble.NOT_PUBLIC),
            "https://d.example.vn/": Seen("https://d.example.vn/", 403, final="https://d.example.vn/"),
        }

        def fetch(url):
            asked.append(url)
            return answers[url]

        evidence = [certificate(None, str(at), "other", url=url) for at, url in enumerate([*answers, "https://a.example.vn/"])]  # fmt: skip
        seen = found(platform, "link", fetch=fetch, website="https://a.example.vn/", evidence=evidence)

        assert sorted(asked) == sorted(answers)
        assert {one.facts["url"][8]: one.passed for one in seen} == {"a": True, "b": False, "c": False, "d": None}
        assert seen[1].facts == {
            "url": "https://b.example.vn/",
            "status": 404,
            "trouble": None,
            "final": "https://b.example.vn/",
            "at": NOW.isoformat(),
        }
        assert [sentence(one) for one in seen] == [
            "https://a.example.vn/: mở được, mã 200 (dẫn tới https://a.example.vn/moi).",
            "https://b.example.vn/: không có trang, mã 404.",
            "https://c.example.vn/: dẫn vào mạng nội bộ, không phải trang công khai.",
            "https://d.example.vn/: trả lời mã 403, máy không biết người đọc có mở được không.",
        ]

    def test_a_percent_sign_in_an_address_is_said_as_it_is(self, platform):
        [one] = found(platform, "link", website="https://a.example.vn/%C3%A1%d")

        assert sentence(one) == "https://a.example.vn/%C3%A1%d: mở được, mã 200."

    @pytest.mark.parametrize("trouble", Trouble)
    def test_every_trouble_can_be_said(self, platform, trouble):
        [one] = found(platform, "link", fetch=lambda url: Seen(url, trouble=trouble), website="https://a.example.vn/")

        assert one.passed is False
        assert sentence(one).startswith("https://a.example.vn/: ")

    def test_without_an_address_nobody_is_asked(self, platform):
        def never(url):
            raise AssertionError(url)

        assert found(platform, "link", fetch=never) == []
        assert found(platform, "not_checked", fetch=never) == []


class TestCertificateDates:
    @pytest.mark.parametrize(
        ("days", "code", "passed"),
        [
            (-1, "evidence_expired", False),
            (0, "evidence_expiring", False),  # its last day
            (60, "evidence_expiring", False),
            (61, "evidence_in_force", True),
            (None, "evidence_undated", None),
        ],
    )
    def test_say_how_long_it_is_good_for(self, platform, days, code, passed):
        [one] = [one for one in found(platform, evidence=[certificate(days)]) if one.code.startswith("evidence_")]

        assert (one.code, one.passed) == (code, passed)
        assert "ISO 9001" in sentence(one)

    def test_the_day_is_that_of_viet_nam(self, platform):
        """At 20:00 UTC on the 25th it is the 26th there."""
        content = parse({"name": "A", "evidence": [certificate(0)]})

        late = run(platform, content, now=NOW.replace(hour=20), fetch=alive)

        assert "evidence_expired" in [one.code for one in late]

    def test_what_has_no_term_by_its_nature_needs_no_date(self, platform):
        assert not [one for one in found(platform, evidence=[certificate(None, kind="acceptance")]) if "evidence" in one.code]  # fmt: skip


class TestSameFile:
    def keep(self, vendor, content):
        return documents.keep(vendor, name="iso.pdf", content=content, by=UserFactory(), now=NOW)

    def test_that_another_vendor_handed_in_is_found_with_who_did(self, platform, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        mine, own = self.keep(platform.vendor, PDF), self.keep(platform.vendor, PNG)
        self.keep(VendorFactory(key="sao-nam"), PDF)
        evidence = [
            certificate(90, "ISO 9001", document=str(mine.pk)),
            certificate(90, "ISO 27001", document=str(own.pk)),
        ]

        seen = {one.facts["title"]: one for one in found(platform, "same_file", evidence=evidence)}

        assert seen["ISO 9001"].passed is False
        assert seen["ISO 9001"].facts["vendors"] == ["sao-nam"]
        assert seen["ISO 9001"].facts["sha256"] == hashlib.sha256(PDF).hexdigest()
        assert seen["ISO 27001"].passed is True
        assert "sao-nam" in sentence(seen["ISO 9001"])

    def test_a_document_of_another_vendor_is_not_looked_into(self, platform, settings, tmp_path):
        """A content may name any id; only the vendor's own files are its evidence."""
        settings.MEDIA_ROOT = tmp_path
        theirs = self.keep(VendorFactory(), PDF)

        assert found(platform, "same_file", evidence=[certificate(90, document=str(theirs.pk))]) == []


class TestBorrowedPassages:
    def test_in_a_text_that_is_not_public_yet_are_found_and_nothing_is_written_down(self, platform):
        PlatformFactory(slug="ao-dau", name="Ao Đầu", summary="Bản gốc", solves=SOLVES)
        before = SaidPassage.objects.count(), BorrowedPassage.objects.count()

        seen = found(platform, "borrowed", solves=["Kho lạnh báo nhiệt độ về điện thoại của chủ vựa.", *SOLVES])

        assert [(one.facts["text"], one.facts["platform"], one.passed) for one in seen] == [
            (text, "ao-dau", False) for text in SOLVES
        ]
        assert "Ao Đầu" in sentence(seen[0])
        assert (SaidPassage.objects.count(), BorrowedPassage.objects.count()) == before

    def test_of_ones_own_listing_or_family_are_none(self, platform):
        daughter = VendorFactory(parent=platform.vendor)
        PlatformFactory(slug="con", summary="Của công ty con", solves=SOLVES, vendor=daughter)
        platform.solves = SOLVES
        platform.save()

        assert found(platform, "borrowed", solves=SOLVES) == []

    def test_of_a_published_statement_name_no_listing(self, platform):
        note_statement(" ".join(SOLVES), key="bai-toan", now=NOW)

        seen = found(platform, "borrowed", solves=SOLVES)

        assert {one.facts["platform"] for one in seen} == {None}
        assert "đã được công bố ở nơi khác" in sentence(seen[0])


class TestPrice:
    @pytest.fixture
    def peers(self, platform):
        """Five products of other vendors: 80, 90, 100, 110 and 120 thousand a user and month."""
        for price in (80, 90, 100, 110, 120):
            PlatformFactory(category=platform.category).packages.create(**package(price * 1000))

    @pytest.mark.parametrize(
        ("price", "passed"),
        [(100_000, True), (10_000, True), (9_999, False), (1_000_000, True), (1_000_001, False)],
    )
    def test_more_than_ten_times_the_median_or_less_than_a_tenth_is_a_finding(self, platform, peers, price, passed):
        [one] = found(platform, "price", category="farm", packages=[package(price)])

        assert (one.passed, one.facts["median"], one.facts["peers"]) == (passed, 100_000, 5)
        assert "100.000 đồng" in sentence(one)

    @pytest.mark.parametrize("counted", [{"unit": "site"}, {"period": "year"}])
    def test_of_another_unit_or_period_is_not_compared(self, platform, peers, counted):
        [one] = found(platform, "price", category="farm", packages=[package(5, **counted)])

        assert (one.passed, one.facts["peers"]) == (None, 0)

    def test_four_others_are_too_few(self, platform, peers):
        Platform.objects.exclude(pk=platform.pk).first().packages.all().delete()

        [one] = found(platform, "price", category="farm", packages=[package(1)])

        assert (one.passed, one.facts["peers"]) == (None, 4)
        assert "chưa đủ để so" in sentence(one)

    def test_a_product_with_many_packages_counts_once_and_drafts_and_ones_own_not_at_all(self, platform, peers):
        many = PlatformFactory(category=platform.category)
        for at in range(20):
            many.packages.create(**package(10_000_000, str(at)))
        PlatformFactory(category=platform.category, vendor=platform.vendor).packages.create(**package(1))
        PlatformFactory(category=platform.category, listed_at=None).packages.create(**package(1))
        PlatformFactory(category=platform.category).packages.create(**package(0))  # free

        [one] = found(platform, "price", category="farm", packages=[package(100_000)])

        assert (one.facts["peers"], one.facts["median"]) == (6, 105_000)

    def test_free_and_unpriced_packages_compare_with_nothing(self, platform, peers):
        packages = [package(0, "Miễn phí"), package(None, "Báo giá")]

        assert found(platform, "price", category="farm", packages=packages) == []

    def test_packages_counted_alike_ask_the_database_once(self, platform, peers, django_assert_num_queries):
        packages = [package(1000 + at, str(at)) for at in range(10)]
        subject = checks.Subject(platform, parse({"name": "A", "category": "farm", "packages": packages}), NOW, alive)

        with django_assert_num_queries(1):
            assert len(list(checks.price_beside_others(subject))) == 10


class TestTheWholeRun:
    def test_a_check_that_fails_is_a_finding_and_is_logged_and_the_others_go_on(self, platform, caplog):
        def broken(url):
            raise RuntimeError("out of order")

        with caplog.at_level(logging.ERROR):
            seen = found(platform, fetch=broken, website="https://a.example.vn/", evidence=[certificate(-1)])

        assert [one.code for one in seen] == ["tax_code", "not_checked", "evidence_expired"]
        assert (seen[1].passed, seen[1].facts) == (None, {"check": "addresses"})
        assert sentence(seen[1]) == "Không kiểm tra được: các địa chỉ trang."
        assert [record.message for record in caplog.records] == ["an automatic check failed"]

    def test_an_error_of_the_database_ends_with_the_check_that_met_it(self, platform, monkeypatch):
        def broken(subject):
            with connection.cursor() as cursor:
                cursor.execute("SELECT nothing FROM nowhere")
            yield Found("never", None)

        monkeypatch.setitem(CHECKS, "tax_code", broken)

        seen = found(platform, evidence=[certificate(-1)])

        assert [one.code for one in seen] == ["not_checked", "evidence_expired"]
        assert Platform.objects.exists()

    @pytest.mark.parametrize("name", CHECKS)
    def test_each_check_has_a_name_for_when_it_fails(self, name):
        assert sentence(Found("not_checked", None, {"check": name}))

    def test_what_was_found_can_be_kept_and_said_later_in_either_language(self, platform, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        PlatformFactory(slug="ao-dau", summary="Bản gốc", solves=SOLVES)
        document = documents.keep(platform.vendor, name="a.pdf", content=PDF, by=UserFactory(), now=NOW)
        evidence = [
            certificate(10, document=str(document.pk)), certificate(-1, "A"), certificate(99, "B"), certificate(None, "C"),
        ]  # fmt: skip
        seen = found(
            platform, website="https://a.example.vn/", evidence=evidence, solves=SOLVES, packages=[package(5)], category="farm"
        )  # fmt: skip
        assert {one.code for one in seen} == {
            "tax_code", "link", "evidence_expired", "evidence_expiring", "evidence_in_force", "evidence_undated", "same_file",
            "borrowed", "price",
        }  # fmt: skip

        for one in seen:
            kept = Found(one.code, one.passed, json.loads(json.dumps(one.facts)))
            vietnamese = sentence(kept)
            with translation.override("en"):
                english = sentence(kept)
            assert vietnamese != english
            assert "%(" not in vietnamese + english

    def test_a_finding_of_a_check_that_is_no_more_can_still_be_said(self):
        assert sentence(Found("phrenology", True)) == "Kết quả của một phép kiểm tra không còn dùng (phrenology)."
