"""Invitations: for one address, for a time, once."""

from datetime import timedelta

import pytest
from django.core import signing
from django.db import IntegrityError, transaction

from catalogue.accounts.roles import OrganisationState
from catalogue.common.errors import DomainError
from catalogue.notifications.mails import compose
from catalogue.notifications.models import Notice
from catalogue.organisations import inviting
from catalogue.organisations.errors import (
    AlreadyInvited,
    AlreadyMember,
    AnotherAddress,
    InvitationClosed,
    InvitationExpired,
    NotActive,
    TooMany,
)
from catalogue.organisations.invitations import VALID_FOR, Invitation
from catalogue.organisations.models import Membership
from tests.support.roles import person


@pytest.fixture
def invited(people, now):
    return inviting.invite(people.vendor, email=" Moi@Example.vn ", role="editor", by=people["owner"], now=now)


@pytest.fixture
def guest(db):
    return person("moi@example.vn")


def test_who_is_invited_joins_with_the_role_offered(people, invited, guest, now):
    assert Notice.objects.get().email == "moi@example.vn"

    inviting.accept(Invitation.objects.with_token(invited.token).get(), by=guest, now=now)

    assert Membership.objects.get(user=guest).role == "editor"
    assert not Invitation.objects.with_token(invited.token).exists()


def test_a_link_works_once(people, invited, guest, now):
    opened_twice = Invitation.objects.get()
    inviting.accept(Invitation.objects.get(), by=guest, now=now)
    Membership.objects.filter(user=guest).delete()

    with pytest.raises(InvitationClosed):
        inviting.accept(opened_twice, by=guest, now=now)
    assert not Membership.objects.filter(user=guest).exists()


def test_a_link_is_of_no_use_to_anybody_else(people, invited, now):
    for role in ("stranger", "owner", "operator"):
        for verb in (inviting.accept, inviting.decline):
            with pytest.raises(AnotherAddress):
                verb(invited, by=people[role], now=now)


def test_a_link_ends_and_sending_again_makes_a_new_one(people, invited, guest, now):
    late, old = now + VALID_FOR, invited.token
    with pytest.raises(InvitationExpired):
        inviting.accept(invited, by=guest, now=late)

    inviting.send_again(invited, by=people["owner"], now=late)

    assert not Invitation.objects.with_token(old).exists()
    inviting.accept(Invitation.objects.with_token(invited.token).get(), by=guest, now=late)


def test_one_address_has_one_open_invitation(people, invited, now):
    with pytest.raises(AlreadyInvited):
        inviting.invite(people.vendor, email="moi@example.vn", role="viewer", by=people["owner"], now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            organisation=people.vendor,
            email="moi@example.vn",
            role="viewer",
            created_at=now,
            sent_at=now,
            expires_at=now,
        )

    again = inviting.invite(
        people.vendor, email="moi@example.vn", role="viewer", by=people["owner"], now=now + VALID_FOR
    )
    assert list(people.vendor.invitations.open()) == [again]


def test_a_taken_back_or_declined_invitation_is_over(people, invited, guest, now):
    token = invited.token
    inviting.revoke(invited, by=people["owner"], now=now)
    assert not Invitation.objects.with_token(token).exists()
    with pytest.raises(InvitationClosed):
        inviting.send_again(invited, by=people["owner"], now=now)

    second = inviting.invite(people.vendor, email=guest.email, role="owner", by=people["owner"], now=now)
    inviting.decline(second, by=guest, now=now)
    with pytest.raises(InvitationClosed):
        inviting.accept(second, by=guest, now=now)


@pytest.mark.parametrize(
    "token", ["", "1", "1.x", "x.y:z", "9" * 400, "1.a:" + "b" * 43, signing.Signer(salt="else").sign("1.a")]
)
def test_a_made_up_link_leads_nowhere(db, token):
    assert not Invitation.objects.with_token(token).exists()


@pytest.mark.parametrize(
    "email", ["", "khong", "a@", "<script>@example.vn", "a@b.vn\nBcc: c@d.vn", "a" * 300 + "@b.vn"]
)
def test_only_addresses_are_invited(people, now, email):
    with pytest.raises(DomainError) as refusal:
        inviting.invite(people.vendor, email=email, role="viewer", by=people["owner"], now=now)

    assert refusal.value.field == "email"
    assert not Notice.objects.exists()


def test_members_are_not_invited(people, now):
    with pytest.raises(AlreadyMember):
        inviting.invite(people.vendor, email=people["viewer"].email.upper(), role="owner", by=people["owner"], now=now)


def test_an_agency_nobody_knows_invites_nobody(people, now):
    people.office.state = OrganisationState.WAITING
    people.office.save()

    with pytest.raises(NotActive):
        inviting.invite(people.office, email="a@b.vn", role="viewer", by=people["agency"], now=now)


def test_so_many_are_invited_a_day(people, now, monkeypatch):
    monkeypatch.setattr("catalogue.organisations.limits.MOST_INVITATIONS", 2)
    for n in range(2):
        inviting.invite(people.vendor, email=f"a{n}@b.vn", role="viewer", by=people["owner"], now=now)

    with pytest.raises(TooMany):
        inviting.invite(people.vendor, email="c@b.vn", role="viewer", by=people["owner"], now=now)
    with pytest.raises(TooMany):
        inviting.send_again(Invitation.objects.first(), by=people["owner"], now=now)
    inviting.invite(people.vendor, email="c@b.vn", role="viewer", by=people["owner"], now=now + timedelta(days=1))


def test_who_joined_otherwise_keeps_the_greater_right(people, invited, guest, now):
    Membership.objects.create(user=guest, organisation=people.vendor, role="owner")

    assert inviting.accept(invited, by=guest, now=now).role == "owner"


def test_the_mail_leads_to_the_page_in_the_language_of_the_site(people, invited, guest, mailoutbox, now):
    mail = compose(Notice.objects.get())

    assert mail.to == ["moi@example.vn"]
    assert f"/to-chuc/loi-moi/{invited.token}/" in mail.body
    assert people.vendor.name in mail.subject
