"""Organisations are found by what they are called today, were called before, and as people write it."""

import shutil

import pytest

from catalogue.accounts.models import Organisation
from catalogue.organisations.models import Membership
from catalogue.organisations.names import find, name_of_today
from catalogue.seeding.load import load
from tests.support.factories import UserFactory, VendorFactory

MINISTRY = "Bộ Khoa học và Công nghệ"
COMMITTEE = "Ủy ban nhân dân tỉnh Tuyên Quang"


@pytest.fixture
def seeded(db, settings, tmp_path):
    """The seed files that name public bodies, and the abbreviations."""
    for name in ("provinces.yaml", "agencies.yaml", "abbreviations.yaml"):
        shutil.copy(settings.BASE_DIR / "seeds" / name, tmp_path / name)
    for report in load(tmp_path):
        assert report.problems == [], report.file


def test_public_bodies_are_found_by_old_and_new_names(seeded):
    wanted = {
        "Bộ Thông tin và Truyền thông": MINISTRY,
        "bo thong tin va truyen thong": MINISTRY,
        "Bộ TT&TT": MINISTRY,
        "bộ khcn": MINISTRY,
        "Bộ Giao thông vận tải": "Bộ Xây dựng",
        "Bộ LĐ-TB&XH": "Bộ Nội vụ",
        "UBND tỉnh Hà Giang": COMMITTEE,
        "ủy ban nhân dân Hà Giang": COMMITTEE,
        "Tuyên Quang": COMMITTEE,
        "UBND tỉnh Quảng Nam": "Ủy ban nhân dân thành phố Đà Nẵng",
        "UBND TP.HCM": "Ủy ban nhân dân thành phố Hồ Chí Minh",
        "UBND tỉnh Đồng Nai": "Ủy ban nhân dân thành phố Đồng Nai",
    }
    rows = Organisation.objects.findable()

    assert {typed: find(rows, typed)[0].name for typed in wanted if find(rows, typed)} == wanted


def test_a_renamed_office_of_a_merged_province_is_named_as_today(seeded):
    assert name_of_today("Sở TT&TT Hà Giang") == "Sở Khoa học và Công nghệ tỉnh Tuyên Quang"
    assert name_of_today("so giao thong van tai tinh binh duong") == "Sở Xây dựng thành phố Hồ Chí Minh"
    assert name_of_today("Sở KH&ĐT Hà Nội") == "Sở Tài chính thành phố Hà Nội"
    assert name_of_today("Sở Y tế Hà Giang") == ""
    assert name_of_today("Sở TT&TT") == ""


def test_everything_seeded_has_a_source_and_nobody_speaks_for_it(seeded):
    bodies = Organisation.objects.exclude(kind="vendor")

    assert (bodies.filter(kind="regulator").get().name, bodies.count()) == (MINISTRY, 51)
    assert bodies.filter(province__isnull=False).count() == 34
    assert all(body.sources for body in bodies)
    assert bodies.unclaimed().count() == 51


def test_what_people_changed_is_theirs_whatever_the_file_says_later(seeded, tmp_path):
    body = Organisation.objects.get(key="gov-bo-y-te")
    Membership.objects.create(user=UserFactory(), organisation=body, role="owner")
    Organisation.objects.filter(pk=body.pk).update(website="https://moh.example.gov.vn")
    path = tmp_path / "agencies.yaml"
    path.write_text(path.read_text().replace("name: Bộ Y tế\n", "name: Bộ Y Tế Mới\n"))

    reports = list(load(tmp_path))

    assert [report.problems for report in reports] == [[], [], []]
    body.refresh_from_db()
    assert (body.name, body.website) == ("Bộ Y tế", "https://moh.example.gov.vn")


@pytest.mark.django_db
class TestFinding:
    def test_a_company_is_found_by_its_tax_code_and_nobody_by_a_person_number(self):
        firm = VendorFactory(tax_code="0101243150-001")
        VendorFactory(tax_code="001085012345")

        assert find(Organisation.objects.findable(), "0101243150001") == [firm]
        assert find(Organisation.objects.findable(), "001085012345") == []

    def test_every_word_must_be_there_whole_but_the_last(self):
        firm = VendorFactory(name="Công ty Hà Giang Xanh", short_name="Xanh")
        VendorFactory(name="Công ty Hậu Giang", short_name="Hậu")

        assert find(Organisation.objects.findable(), "ha gian") == [firm]
        assert find(Organisation.objects.findable(), "xanh ha") == [firm]
        assert find(Organisation.objects.findable(), "ha giang đỏ") == []

    @pytest.mark.parametrize("typed", ["", "   ", "%", "_", "'; --", "\u202e", "<b>"])
    def test_what_holds_no_word_finds_nothing(self, typed):
        VendorFactory(name="Công ty Mẫu")

        assert find(Organisation.objects.findable(), typed) == []

    def test_hidden_and_waiting_ones_are_not_found(self):
        VendorFactory(name="Công ty Mẫu", shown_since=None)
        VendorFactory(name="Sở Mẫu", kind="agency", state="waiting", shown_since=None)

        assert find(Organisation.objects.findable(), "mẫu") == []
