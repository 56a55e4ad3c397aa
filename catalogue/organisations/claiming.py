"""Claiming a page that nobody speaks for: with proof, and an operator's decision."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalogue.accounts.models import Organisation, User
from catalogue.accounts.roles import Role
from catalogue.accounts.scopes import confirmed_addresses, operators
from catalogue.audit.record import record
from catalogue.common.plain import plain
from catalogue.notifications.send import notify

from . import limits
from .details import web_address
from .errors import AlreadyAsked, AlreadyDecided, CannotBeClaimed, Incomplete, OwnRequest
from .models import Membership
from .people import enter
from .requests import LONGEST_TEXT, Claim

LONGEST_POSITION = 150  # characters
SHORTEST_PROOF = 20


@transaction.atomic
def claim(organisation: Organisation, *, by: User, position: str, proof: str, link: str, now: datetime) -> Claim:
    """Ask to speak for an organisation, with what shows that one may.

    Raises CannotBeClaimed, AlreadyAsked, TooMany, or a DomainError that names its field.
    """
    limits.within(Claim.objects.made_by(by), limits.MOST_CLAIMS, now=now)
    given = {
        "position": plain(position, "position", LONGEST_POSITION),
        "proof": plain(proof, "proof", LONGEST_TEXT, lines=True),
        "link": web_address(link, "link", most=500),
    }
    if not given["position"]:
        raise Incomplete("position", _("Hãy ghi chức vụ của bạn trong tổ chức."))
    if len(given["proof"]) < SHORTEST_PROOF:
        raise Incomplete("proof", _("Hãy viết rõ hơn vì sao bạn có quyền quản lý, ít nhất 20 ký tự."))
    _refuse_spoken_for(organisation)
    try:
        with transaction.atomic():
            claimed = Claim.objects.create(organisation=organisation, user=by, created_at=now, **given)
    except IntegrityError:
        raise AlreadyAsked from None
    record("claim.sent", organisation, by=by, at=now, claim=claimed.pk)
    for person in operators():
        notify("decision_asked", to=person, at=now, what="claim", name=organisation.name)
    return claimed


@transaction.atomic
def accept(claimed: Claim, *, by: User, now: datetime) -> Membership:
    """Make the claimant the owner, and refuse whoever else claims the same. Raises CannotBeClaimed or AlreadyDecided."""
    if claimed.user_id == by.pk:
        raise OwnRequest
    organisation = Organisation.objects.select_for_update().get(pk=claimed.organisation_id)
    _refuse_spoken_for(organisation)
    claimed.accept(by=by, now=now)
    membership = enter(organisation, claimed.user, Role.OWNER)
    record("claim.accepted", organisation, by=by, at=now, claim=claimed.pk, user=claimed.user_id)
    _answer(claimed, now)
    for other in Claim.objects.waiting().filter(organisation=organisation).select_related("user", "organisation"):
        with suppress(AlreadyDecided):  # withdrawn meanwhile
            _refuse(other, by=by, now=now, reason=_("Quyền quản lý đã được giao cho người khác có căn cứ."))
    return membership


@transaction.atomic
def refuse(claimed: Claim, *, reason: str, by: User, now: datetime) -> None:
    """Say no, and why. Raises ReasonMissing, OwnRequest or AlreadyDecided."""
    if claimed.user_id == by.pk:
        raise OwnRequest
    _refuse(claimed, by=by, now=now, reason=reason)


@transaction.atomic
def withdraw(claimed: Claim, *, by: User, now: datetime) -> None:
    claimed.withdraw(now=now)
    record("claim.withdrawn", claimed.organisation, by=by, at=now, claim=claimed.pk)


def comes_from(claimed: Claim) -> bool:
    """Say whether a confirmed address of the claimant is under the organisation's own domain. A hint, no proof by itself."""
    domain = claimed.organisation.domain
    return bool(domain) and any(address.endswith(f"@{domain}") for address in confirmed_addresses(claimed.user))


def _refuse(claimed: Claim, *, by: User, now: datetime, reason: str) -> None:
    claimed.refuse(by=by, now=now, reason=reason)
    record("claim.refused", claimed.organisation, by=by, at=now, claim=claimed.pk, user=claimed.user_id)
    _answer(claimed, now)


def _refuse_spoken_for(organisation: Organisation) -> None:
    if not Organisation.objects.findable().unclaimed().filter(pk=organisation.pk).exists():
        raise CannotBeClaimed


def _answer(claimed: Claim, now: datetime) -> None:
    told = {
        "what": "claim",
        "name": claimed.organisation.name,
        "key": claimed.organisation.key,
        "reason": claimed.reason,
    }
    notify("request_answered", to=claimed.user, at=now, **told)
