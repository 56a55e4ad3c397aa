"""Asking to join, claiming a page, and one answer to each."""

import threading

import pytest
from django.db import connection, connections
from django.utils import timezone

from catalogue.accounts.models import Organisation
from catalogue.common.errors import DomainError
from catalogue.notifications.models import Notice
from catalogue.organisations import claiming, joining
from catalogue.organisations.errors import (
    AlreadyAsked,
    AlreadyDecided,
    AlreadyMember,
    CannotBeClaimed,
    NobodyToAsk,
    OwnRequest,
    ReasonMissing,
    TooMany,
)
from catalogue.organisations.models import Membership
from catalogue.organisations.requests import Claim
from tests.support.factories import UserFactory, VendorFactory

PROOF = {"position": "Giám đốc", "proof": "Người đại diện theo pháp luật, xem giấy đăng ký.", "link": ""}


@pytest.fixture
def asked(people, now):
    return joining.ask(people.vendor, by=people["stranger"], message="Phòng kinh doanh.", now=now)


@pytest.fixture
def seed(db):
    return VendorFactory(key="sao-dem", name="Công ty Sao Đêm")


@pytest.fixture
def claimed(people, seed, now):
    return claiming.claim(seed, by=people["stranger"], now=now, **PROOF)


class TestJoining:
    def test_owners_are_asked_and_let_in(self, people, asked, now):
        assert [notice.user for notice in Notice.objects.all()] == [people["owner"]]

        joining.approve(asked, role="editor", by=people["owner"], now=now)

        assert people.membership("stranger").role == "editor"
        with pytest.raises(AlreadyDecided):
            joining.refuse(asked, reason="Lý do.", by=people["owner"], now=now)

    def test_a_refusal_says_why(self, people, asked, now):
        with pytest.raises(ReasonMissing):
            joining.refuse(asked, reason=" ", by=people["owner"], now=now)
        joining.refuse(asked, reason="Không quen.", by=people["owner"], now=now)

        told = Notice.objects.get(kind="request_answered")
        assert (told.user, told.context["reason"]) == (people["stranger"], "Không quen.")
        with pytest.raises(AlreadyDecided):
            joining.approve(asked, role="viewer", by=people["owner"], now=now)
        assert not Organisation.objects.read_by(people["stranger"]).exists()

    def test_one_asks_once_at_a_time(self, people, asked, now):
        with pytest.raises(AlreadyAsked):
            joining.ask(people.vendor, by=people["stranger"], message="", now=now)
        joining.withdraw(asked, by=people["stranger"], now=now)
        joining.ask(people.vendor, by=people["stranger"], message="", now=now)

    def test_members_do_not_ask(self, people, now):
        with pytest.raises(AlreadyMember):
            joining.ask(people.vendor, by=people["viewer"], message="", now=now)

    def test_where_nobody_is_there_is_nobody_to_ask(self, people, seed, now):
        with pytest.raises(NobodyToAsk):
            joining.ask(seed, by=people["stranger"], message="", now=now)

    def test_so_many_a_day(self, people, now, monkeypatch):
        monkeypatch.setattr("catalogue.organisations.limits.MOST_JOIN_REQUESTS", 1)
        joining.ask(people.vendor, by=people["stranger"], message="", now=now)

        with pytest.raises(TooMany):
            joining.ask(people.other, by=people["stranger"], message="", now=now)
        with pytest.raises(TooMany):
            joining.ask_by_tax_code("0101243150", by=people["stranger"], message="", now=now)

    def test_a_hidden_vendor_is_asked_by_its_tax_code_and_not_named(self, people, now):
        Organisation.objects.filter(pk=people.vendor.pk).update(shown_since=None, tax_code="0101243150-001")

        asked = joining.ask_by_tax_code("0101243150001", by=people["stranger"], message="", now=now)

        assert asked.asked_of == "0101243150-001"
        joining.approve(asked, role="viewer", by=people["owner"], now=now)
        assert asked.asked_of == people.vendor.name

    def test_nobody_is_found_by_a_person_number(self, people, now):
        Organisation.objects.filter(pk=people.vendor.pk).update(tax_code="001085012345")

        with pytest.raises(DomainError, match="Chưa có tổ chức nào"):
            joining.ask_by_tax_code("001085012345", by=people["stranger"], message="", now=now)

    @pytest.mark.parametrize("message", ["<img src=x onerror=alert(1)>", "a" * 2_001, "a\0b"])
    def test_a_message_is_plain_and_short(self, people, now, message):
        with pytest.raises(DomainError) as refusal:
            joining.ask(people.vendor, by=people["stranger"], message=message, now=now)

        assert refusal.value.field == "message"


class TestClaiming:
    def test_an_operator_is_asked_and_makes_the_claimant_owner(self, people, seed, claimed, now):
        assert [notice.user for notice in Notice.objects.all()] == [people["operator"]]

        claiming.accept(claimed, by=people["operator"], now=now)

        assert seed in Organisation.objects.managed_by(people["stranger"])
        assert Notice.objects.get(kind="request_answered").user == people["stranger"]

    def test_what_is_claimed_is_not_claimed_again(self, people, seed, claimed, now):
        second = claiming.claim(seed, by=people["agency"], now=now, **PROOF)
        claiming.accept(claimed, by=people["operator"], now=now)

        second.refresh_from_db()
        assert second.state == "refused"
        assert second.reason
        with pytest.raises(CannotBeClaimed):
            claiming.claim(seed, by=people["other_vendor"], now=now, **PROOF)
        with pytest.raises(CannotBeClaimed):
            claiming.accept(second, by=people["operator"], now=now)

    def test_a_refusal_says_why(self, people, claimed, now):
        with pytest.raises(ReasonMissing):
            claiming.refuse(claimed, reason="", by=people["operator"], now=now)
        claiming.refuse(claimed, reason="Chưa đủ căn cứ.", by=people["operator"], now=now)

        assert (claimed.state, claimed.decided_by) == ("refused", people["operator"])
        with pytest.raises(AlreadyDecided):
            claiming.accept(claimed, by=people["operator"], now=now)

    def test_nobody_decides_their_own(self, people, seed, now):
        own = claiming.claim(seed, by=people["operator"], now=now, **PROOF)

        with pytest.raises(OwnRequest):
            claiming.accept(own, by=people["operator"], now=now)
        with pytest.raises(OwnRequest):
            claiming.refuse(own, reason="Lý do.", by=people["operator"], now=now)

    def test_one_claim_at_a_time_and_so_many_a_day(self, people, seed, claimed, now, monkeypatch):
        with pytest.raises(AlreadyAsked):
            claiming.claim(seed, by=people["stranger"], now=now, **PROOF)
        monkeypatch.setattr("catalogue.organisations.limits.MOST_CLAIMS", 1)
        with pytest.raises(TooMany):
            claiming.claim(seed, by=people["stranger"], now=now, **PROOF)

    @pytest.mark.parametrize(("domain", "hint"), [("example.gov.vn", True), ("gov.vn", False), (None, False)])
    def test_an_operator_is_told_whether_the_address_is_of_the_domain(self, people, now, domain, hint):
        body = VendorFactory(kind="agency", shown_since=None)
        claimed = claiming.claim(body, by=people["stranger"], now=now, **PROOF)
        body.domain = domain

        assert claiming.comes_from(claimed) is hint

    def test_a_hidden_vendor_cannot_be_claimed(self, people, seed, now):
        Organisation.objects.filter(pk=seed.pk).update(shown_since=None)

        with pytest.raises(CannotBeClaimed):
            claiming.claim(seed, by=people["stranger"], now=now, **PROOF)

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"position": ""}, "position"),
            ({"position": "<b>Giám đốc</b>"}, "position"),
            ({"proof": "ngắn"}, "proof"),
            ({"proof": "<script>alert(1)</script> căn cứ"}, "proof"),
            ({"proof": "a" * 2_001}, "proof"),
            ({"link": "javascript:alert(1)"}, "link"),
            ({"link": "khong phai dia chi"}, "link"),
        ],
    )
    def test_what_is_wrong_is_said_of_its_field(self, people, seed, now, changed, field):
        with pytest.raises(DomainError) as refusal:
            claiming.claim(seed, by=people["stranger"], now=now, **PROOF | changed)

        assert refusal.value.field == field
        assert not Claim.objects.exists()

    @pytest.mark.services
    @pytest.mark.django_db(transaction=True)
    def test_of_two_claims_accepted_at_once_one_wins(self):
        if connection.vendor != "postgresql":
            pytest.skip("this run is not on PostgreSQL; tests/on_services.py makes one that is")
        for _ in range(10):
            vendor, operator, now = VendorFactory(), UserFactory(is_superuser=True, is_staff=True), timezone.now()
            claims = [claiming.claim(vendor, by=UserFactory(), now=now, **PROOF) for _ in range(2)]
            gate, refused = threading.Barrier(2), []

            def decide(claim, gate=gate, refused=refused, operator=operator, now=now) -> None:
                try:
                    gate.wait()
                    claiming.accept(claim, by=operator, now=now)
                except DomainError as error:
                    refused.append(error)
                finally:
                    connections.close_all()

            threads = [threading.Thread(target=decide, args=(claim,)) for claim in claims]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

            assert Membership.objects.filter(organisation=vendor).count() == 1
            assert sorted(Claim.objects.filter(organisation=vendor).values_list("state", flat=True)) == [
                "accepted",
                "refused",
            ]
            assert len(refused) == 1
