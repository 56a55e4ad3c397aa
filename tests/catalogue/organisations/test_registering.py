"""An organisation comes to be: what is checked, who may act at once, who waits."""

import dataclasses

import pytest
from django.db import IntegrityError, transaction

from catalogue.accounts.models import Organisation
from catalogue.accounts.roles import OrganisationState
from catalogue.audit.models import Event
from catalogue.common.errors import DomainError
from catalogue.notifications.models import Notice
from catalogue.organisations import registering
from catalogue.organisations.details import Details
from catalogue.organisations.errors import AlreadyDecided, AlreadyRegistered, OwnRequest, ReasonMissing, TooMany
from catalogue.organisations.models import Membership
from catalogue.organisations.names import OrganisationName
from catalogue.places.models import Province
from tests.support.factories import VendorFactory
from tests.support.roles import person

pytestmark = pytest.mark.django_db
FIRM = Details(name="Công ty Cổ phần Mẫu", short_name="Mẫu", legal_form="company", tax_code="0101243150")
OFFICE = Details(name="Sở Xây dựng tỉnh Mẫu")


@pytest.fixture
def lan():
    return person("lan@mau.example.vn")


@pytest.fixture
def officer():
    return person("Can-Bo@sxd.mau.gov.vn")


def test_who_registers_a_vendor_is_its_owner_and_nobody_sees_it_yet(lan, now):
    vendor = registering.register("vendor", FIRM, by=lan, now=now)

    assert (vendor.state, vendor.key, vendor.tax_code) == ("active", "mau", "0101243150")
    assert vendor in Organisation.objects.managed_by(lan)
    assert vendor not in Organisation.objects.shown()
    assert vendor not in Organisation.objects.findable()
    assert Event.objects.get().action == "organisation.created"


def test_a_vendor_is_public_with_its_first_listed_product(lan, now):
    vendor = registering.register("vendor", FIRM, by=lan, now=now)

    registering.show(vendor, by=None, now=now)
    registering.show(vendor, by=None, now=now)

    assert vendor in Organisation.objects.shown()
    assert Event.objects.filter(action="organisation.shown").count() == 1


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"tax_code": "0101243151"}, "wrong_tax_code", "tax_code"),
        ({"tax_code": ""}, "incomplete", "tax_code"),
        ({"tax_code": "001085012345"}, "incomplete", "tax_code"),
        ({"name": ""}, "incomplete", "name"),
        ({"name": "<script>alert(1)</script>"}, "not_plain_text", "name"),
        ({"name": "Mẫu\u202e"}, "not_plain_text", "name"),
        ({"name": "M" * 201}, "too_long", "name"),
        ({"name": "M" * 100_000}, "too_long", "name"),
        ({"short_name": "<b>Mẫu"}, "not_plain_text", "short_name"),
        ({"short_name": "m" * 101}, "too_long", "short_name"),
        ({"legal_form": "magic"}, "incomplete", "legal_form"),
        ({"firm_type": "magic"}, "incomplete", "firm_type"),
        ({"firm_size": "huge"}, "incomplete", "firm_size"),
        ({"website": "javascript:alert(1)"}, "not_plain_text", "website"),
        ({"website": "ftp://example.vn"}, "incomplete", "website"),
        ({"website": "http://[1"}, "incomplete", "website"),
        ({"province": "00"}, "incomplete", "province"),
        ({"province": "01 or 1=1"}, "incomplete", "province"),
    ],
)
def test_what_is_wrong_is_said_of_its_field_and_nothing_is_stored(lan, now, changed, code, field):
    with pytest.raises(DomainError) as refusal:
        registering.register("vendor", dataclasses.replace(FIRM, **changed), by=lan, now=now)

    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not Organisation.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("typed", ["0101243150", "0101 243 150"])
def test_a_tax_code_is_registered_once_and_who_has_it_is_not_told(lan, now, typed):
    VendorFactory(name="Công ty Bí Mật", tax_code="0101243150", shown_since=None)

    with pytest.raises(AlreadyRegistered, match="yêu cầu tham gia bằng mã số thuế") as refusal:
        registering.register("vendor", dataclasses.replace(FIRM, tax_code=typed), by=lan, now=now)

    assert "Bí Mật" not in str(refusal.value)
    assert Organisation.objects.count() == 1


def test_a_branch_is_another_organisation_than_its_firm(lan, now):
    VendorFactory(tax_code="0101243150")

    branch = dataclasses.replace(FIRM, name="Chi nhánh Mẫu", tax_code="0101243150001")

    assert registering.register("vendor", branch, by=lan, now=now).tax_code == "0101243150-001"


def test_a_household_may_give_a_person_number_that_is_never_public(lan, now):
    household = dataclasses.replace(FIRM, legal_form="household", tax_code="001085012345")

    vendor = registering.register("vendor", household, by=lan, now=now)

    assert (vendor.tax_code, vendor.public_tax_code) == ("001085012345", "")
    assert "001085012345" not in str([event.facts for event in Event.objects.all()])


def test_the_database_refuses_another_form_of_a_code(lan):
    with pytest.raises(IntegrityError), transaction.atomic():
        VendorFactory(tax_code="0101243150001")
    with pytest.raises(IntegrityError), transaction.atomic():
        VendorFactory(tax_code="mã")


@pytest.mark.parametrize("name", ["công ty cổ phần MAU", "Công ty Cổ phần Mẫu"])
def test_a_name_that_is_there_is_claimed_or_joined_not_written_anew(lan, now, name):
    VendorFactory(name="Công ty Cổ phần Mẫu", short_name="Mẫu")

    with pytest.raises(AlreadyRegistered) as refusal:
        registering.register("vendor", dataclasses.replace(FIRM, name=name), by=lan, now=now)

    assert refusal.value.field == "name"


def test_firms_of_the_same_name_differ_by_their_tax_codes(lan, now):
    VendorFactory(name="Công ty Cổ phần Mẫu", tax_code="0300588569")

    assert registering.register("vendor", FIRM, by=lan, now=now).key == "mau"


def test_an_agency_of_an_address_of_the_state_is_known_at_once_and_its_domain_is_taken(officer, now):
    first = registering.register("agency", OFFICE, by=officer, now=now)
    other = person("khac@sxd.mau.gov.vn")
    second = registering.register("agency", Details(name="Sở Y tế tỉnh Mẫu"), by=other, now=now)

    assert (first.state, first.domain) == ("active", "sxd.mau.gov.vn")
    assert (second.state, second.domain) == ("waiting", None)
    assert Membership.objects.get(organisation=second).user == other


@pytest.mark.parametrize(
    "email", ["a@gov.vn", "a@mau.gov.vn.example.com", "a@mau-gov.vn", "a@evilgov.vn", "a@gmail.com", "a@mau.edu.vn"]
)
def test_an_agency_of_any_other_address_waits(now, email, people):
    agency = registering.register("agency", OFFICE, by=person(email), now=now)

    assert agency.state == "waiting"
    assert [notice.user for notice in Notice.objects.all()] == [people["operator"]]
    assert agency not in Organisation.objects.findable()
    assert not Organisation.objects.edited_by(agency.memberships.get().user).exists()


def test_an_agency_is_not_registered_under_a_name_it_had_before(officer, now):
    ministry = VendorFactory(kind="agency", name="Bộ Khoa học và Công nghệ", shown_since=None)
    OrganisationName.objects.create(
        organisation=ministry,
        kind="former",
        name="Bộ Thông tin và Truyền thông",
        valid_to="2025-02-28",
        source="NQ 176",
    )

    for name in ("Bộ Khoa học và Công nghệ", "bo thong tin va truyen thong"):
        with pytest.raises(AlreadyRegistered):
            registering.register("agency", Details(name=name), by=officer, now=now)


def test_agencies_of_two_provinces_may_be_called_alike(officer, now):
    for code, name in (("01", "Hà Nội"), ("04", "Cao Bằng")):
        Province.objects.create(code=code, name=name, kind="province", valid_from="2025-07-01", source="QĐ 19")
    VendorFactory(kind="agency", name="Ủy ban nhân dân xã Tân Lập", province_id="01", shown_since=None)

    there = Details(name="Ủy ban nhân dân xã Tân Lập", province="04")
    assert registering.register("agency", there, by=officer, now=now).province_id == "04"
    with pytest.raises(AlreadyRegistered):
        registering.register("agency", dataclasses.replace(there, province="01"), by=officer, now=now)


def test_only_operators_make_regulators(people, now):
    with pytest.raises(DomainError):
        registering.register("regulator", OFFICE, by=people["owner"], now=now)

    regulator = registering.register("regulator", OFFICE, by=people["operator"], now=now)
    assert not regulator.memberships.exists()


def test_a_person_makes_so_many_a_day(lan, now):
    for n in range(5):
        registering.register("vendor", Details(name=f"Trường {n}", legal_form="university"), by=lan, now=now)
    Organisation.objects.update(created_at=now)

    with pytest.raises(TooMany):
        registering.register("vendor", FIRM, by=lan, now=now)


def test_a_key_is_never_a_word_of_an_address(lan, now):
    made = registering.register("vendor", Details(name="Lời Mời", legal_form="university"), by=lan, now=now)

    assert made.key == "loi-moi-2"


class TestDeciding:
    @pytest.fixture
    def waiting(self, now):
        return registering.register("agency", OFFICE, by=person("a@example.com"), now=now)

    def test_an_approved_agency_may_act(self, waiting, people, now):
        registering.approve(waiting, by=people["operator"], now=now)

        owner = waiting.memberships.get().user
        assert waiting in Organisation.objects.managed_by(owner)
        assert Notice.objects.get(kind="request_answered").user == owner

    def test_a_refusal_says_why_and_can_be_put_right(self, waiting, people, now):
        with pytest.raises(ReasonMissing):
            registering.refuse(waiting, by=people["operator"], now=now, reason="  ")
        registering.refuse(waiting, by=people["operator"], now=now, reason="Thiếu quyết định thành lập.")
        assert (waiting.state, waiting.refusal) == ("refused", "Thiếu quyết định thành lập.")

        registering.ask_again(waiting, by=waiting.memberships.get().user, now=now)

        assert (waiting.state, waiting.refusal) == ("waiting", "")

    @pytest.mark.parametrize("state", [state for state in OrganisationState if state != OrganisationState.WAITING])
    def test_nothing_is_decided_twice(self, waiting, people, now, state):
        Organisation.objects.filter(pk=waiting.pk).update(state=state, refusal="x")

        with pytest.raises(AlreadyDecided):
            registering.approve(waiting, by=people["operator"], now=now)
        with pytest.raises(AlreadyDecided):
            registering.refuse(waiting, by=people["operator"], now=now, reason="Lý do.")

    def test_nobody_decides_on_an_agency_of_their_own(self, people, now):
        own = registering.register("agency", OFFICE, by=people["operator"], now=now)

        with pytest.raises(OwnRequest):
            registering.approve(own, by=people["operator"], now=now)


class TestDescribing:
    def test_what_is_said_changes_and_the_tax_code_stays(self, lan, now):
        vendor = registering.register("vendor", FIRM, by=lan, now=now)

        described = dataclasses.replace(FIRM, tax_code="", website="mau.example.vn")
        registering.describe(vendor, described, by=lan, now=now)

        vendor.refresh_from_db()
        assert (vendor.website, vendor.tax_code) == ("https://mau.example.vn", "0101243150")
        assert Event.objects.get(action="organisation.described").facts == {"fields": ["website"]}

    def test_a_tax_code_once_given_is_not_exchanged(self, lan, now):
        vendor = registering.register("vendor", FIRM, by=lan, now=now)

        with pytest.raises(DomainError) as refusal:
            registering.describe(vendor, dataclasses.replace(FIRM, tax_code="0300588569"), by=lan, now=now)

        assert refusal.value.field == "tax_code"

    def test_a_confirmed_agency_does_not_become_another(self, officer, now):
        agency = registering.register("agency", OFFICE, by=officer, now=now)

        with pytest.raises(DomainError) as refusal:
            registering.describe(agency, Details(name="Bộ Công an"), by=officer, now=now)

        assert refusal.value.field == "name"
