"""Inviting somebody by e-mail, and what they answer."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalogue.accounts.models import Organisation, User
from catalogue.accounts.roles import Role
from catalogue.accounts.scopes import confirmed_addresses
from catalogue.audit.record import record
from catalogue.notifications.send import notify

from . import limits
from .errors import (
    AlreadyInvited,
    AlreadyMember,
    AnotherAddress,
    Incomplete,
    InvitationClosed,
    InvitationExpired,
    NotActive,
)
from .invitations import VALID_FOR, Invitation, new_nonce
from .models import Membership
from .people import enter
from .states import InvitationState

LONGEST_EMAIL = 254  # characters


@transaction.atomic
def invite(organisation: Organisation, *, email: str, role: str, by: User, now: datetime) -> Invitation:
    """Invite an address. One that was invited before and let it expire is invited anew.

    Raises AlreadyInvited, AlreadyMember, Incomplete, NotActive or TooMany.
    """
    if not organisation.is_active:
        raise NotActive
    address = _address(email)
    if role not in Role.values:
        raise Incomplete("role", _("Hãy chọn một vai trò."))
    if Membership.objects.filter(organisation=organisation, user__email__iexact=address).exists():
        raise AlreadyMember
    limits.within(organisation.invitations.all(), limits.MOST_INVITATIONS, now=now, at="sent_at")
    old = organisation.invitations.open().filter(email=address).first()
    if old and not old.has_expired(now):
        raise AlreadyInvited
    if old:
        _close(old, InvitationState.REVOKED, now)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                organisation=organisation, email=address, role=role, invited_by=by,
                created_at=now, sent_at=now, expires_at=now + VALID_FOR,
            )  # fmt: skip
    except IntegrityError:  # another owner was quicker
        raise AlreadyInvited from None
    record("invitation.sent", organisation, by=by, at=now, invitation=invitation.pk, role=role)
    _send(invitation, by, now)
    return invitation


@transaction.atomic
def send_again(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Send it with a new link and a new term; the old link no longer works."""
    limits.within(invitation.organisation.invitations.all(), limits.MOST_INVITATIONS, now=now, at="sent_at")
    fresh = {"nonce": new_nonce(), "sent_at": now, "expires_at": now + VALID_FOR}
    if not Invitation.objects.open().filter(pk=invitation.pk).update(**fresh):
        raise InvitationClosed
    invitation.refresh_from_db()
    record("invitation.sent", invitation.organisation, by=by, at=now, invitation=invitation.pk, role=invitation.role)
    _send(invitation, by, now)


@transaction.atomic
def revoke(invitation: Invitation, *, by: User, now: datetime) -> None:
    _close(invitation, InvitationState.REVOKED, now)
    record("invitation.revoked", invitation.organisation, by=by, at=now, invitation=invitation.pk)


@transaction.atomic
def accept(invitation: Invitation, *, by: User, now: datetime) -> Membership:
    """Join, with the role offered. Only who owns the address may, and only once."""
    _for(invitation, by, now)
    _close(invitation, InvitationState.ACCEPTED, now)
    membership = enter(invitation.organisation, by, invitation.role)
    record(
        "invitation.accepted", invitation.organisation, by=by, at=now, invitation=invitation.pk, role=membership.role
    )
    return membership


@transaction.atomic
def decline(invitation: Invitation, *, by: User, now: datetime) -> None:
    _for(invitation, by, now)
    _close(invitation, InvitationState.DECLINED, now)
    record("invitation.declined", invitation.organisation, by=by, at=now, invitation=invitation.pk)


def is_for(invitation: Invitation, user: User) -> bool:
    """Say whether the address invited is proven to be this person's."""
    return invitation.email in confirmed_addresses(user)


def _for(invitation: Invitation, user: User, now: datetime) -> None:
    if not is_for(invitation, user):
        raise AnotherAddress
    if invitation.has_expired(now):
        raise InvitationExpired
    if not invitation.organisation.is_active:
        raise NotActive


def _close(invitation: Invitation, target: InvitationState, now: datetime) -> None:
    """Answer it; the link it was opened with must still be the one that works."""
    rows = Invitation.objects.open().filter(pk=invitation.pk, nonce=invitation.nonce)
    if not rows.update(state=target, answered_at=now):
        raise InvitationClosed
    invitation.refresh_from_db()


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        address = ""
    if not address or len(address) > LONGEST_EMAIL:
        raise Incomplete("email", _("Thư điện tử chưa đúng, ví dụ đúng: can-bo@example.gov.vn."))
    return address


def _send(invitation: Invitation, by: User, now: datetime) -> None:
    notify(
        "organisation_invited",
        to=invitation.email,
        at=now,
        name=invitation.organisation.name,
        role=invitation.role,
        inviter=by.get_full_name(),
        token=invitation.token,
        expires_at=invitation.expires_at,
    )
