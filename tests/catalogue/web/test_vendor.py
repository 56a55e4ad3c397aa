"""A vendor's page: who, what, on which record; nothing about a person."""

import datetime

import pytest

from catalogue.accounts.models import Organisation, OrganisationKind
from catalogue.places.models import NameKind, Province, ProvinceName
from tests.support.factories import EvidenceFactory, PlatformFactory, VendorFactory, evidenced

pytestmark = pytest.mark.django_db


@pytest.fixture
def vendor():
    day = datetime.date(2025, 7, 1)
    province = Province.objects.create(
        code="15", name="Lào Cai", kind="province", valid_from=day, source="QĐ 19/2025/QĐ-TTg"
    )
    for name in ("Lào Cai", "Yên Bái"):
        ProvinceName.objects.create(
            province=province, kind=NameKind.FORMER, name=name, valid_to=day - datetime.timedelta(days=1)
        )
    return VendorFactory(
        key="sao-bac", short_name="Sao Bắc", name="Công ty Cổ phần Sao Bắc", province=province, firm_type="product", firm_size="small",
        tax_code="0101234567", sources=[{"url": "https://saobac.example.vn/gioi-thieu", "note": "trang của hãng"}],
    )  # fmt: skip


def test_everyone_sees_who_it_is_what_it_offers_and_its_record(visitor, vendor):
    platform = evidenced(name="Sổ Bản", vendor=vendor)
    EvidenceFactory(platform=platform, kind="sao_khue", title="Danh hiệu Sao Khuê 2025", year=2025)
    VendorFactory(key="sao-con", short_name="Sao Con", parent=vendor)

    page = visitor.get("/nha-cung-cap/sao-bac/").content.decode()

    for text in (
        "<h1>Công ty Cổ phần Sao Bắc</h1>", "Phát triển sản phẩm", "Nhỏ", "tự khai, theo Nghị định 80/2021/NĐ-CP", "Lào Cai", "gồm cả Yên Bái trước đây", "0101234567",
        "Sổ Bản", "Danh hiệu Sao Khuê 2025", "trang của hãng", 'href="/nha-cung-cap/sao-con/"', "chờ doanh nghiệp xác nhận",
    ):  # fmt: skip
        assert text in page, text
    assert 'href="/nha-cung-cap/sao-bac/"' in visitor.get("/nha-cung-cap/sao-con/").content.decode()


def test_a_number_of_a_person_stays_hidden(client, vendor):
    Organisation.objects.filter(pk=vendor.pk).update(tax_code="001085012345")

    assert "001085012345" not in client.get("/nha-cung-cap/sao-bac/").content.decode()


@pytest.mark.parametrize("kind", [OrganisationKind.AGENCY, OrganisationKind.REGULATOR])
def test_agencies_have_no_vendor_page(visitor, kind):
    VendorFactory(key="so-y-te", kind=kind)

    assert visitor.get("/nha-cung-cap/so-y-te/").status_code == 404


def test_a_vendor_without_products_says_so(client, vendor):
    page = client.get("/nha-cung-cap/sao-bac/").content.decode()

    assert "Chưa có sản phẩm nào trong danh mục." in page
    assert "Chưa có bằng chứng công khai nào" in page


@pytest.mark.parametrize("rows", [20, 200])
def test_it_costs_the_same_however_many_products(client, django_assert_num_queries, vendor, rows):
    for _ in range(rows):
        PlatformFactory(vendor=vendor)

    with django_assert_num_queries(9):
        client.get("/nha-cung-cap/sao-bac/")


def test_there_is_an_english_page(client, vendor):
    assert "Tax code" in client.get("/en/nha-cung-cap/sao-bac/").content.decode()
