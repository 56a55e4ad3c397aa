"""Asking an organisation's owners to be let in, and what they answer."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalogue.accounts.models import Organisation, User
from catalogue.accounts.roles import Role
from catalogue.audit.record import record
from catalogue.common import tax_codes
from catalogue.common.plain import plain
from catalogue.notifications.send import notify

from . import limits
from .errors import AlreadyAsked, AlreadyMember, Incomplete, NobodyToAsk
from .models import Membership
from .people import enter
from .requests import LONGEST_TEXT, JoinRequest


@transaction.atomic
def ask(organisation: Organisation, *, by: User, message: str, now: datetime) -> JoinRequest:
    """Ask to be let in. Raises AlreadyMember, AlreadyAsked, NobodyToAsk or TooMany."""
    limits.within(JoinRequest.objects.made_by(by), limits.MOST_JOIN_REQUESTS, now=now)
    text = plain(message, "message", LONGEST_TEXT, lines=True)
    members = Membership.objects.filter(organisation=organisation)
    if members.filter(user=by).exists():
        raise AlreadyMember(_("Bạn đã là thành viên của tổ chức này."))
    owners = list(members.owners().select_related("user"))
    if not owners:
        raise NobodyToAsk
    try:
        with transaction.atomic():
            asked = JoinRequest.objects.create(organisation=organisation, user=by, message=text, created_at=now)
    except IntegrityError:
        raise AlreadyAsked from None
    record("join_request.sent", organisation, by=by, at=now, request=asked.pk)
    for owner in owners:
        notify("join_asked", to=owner.user, at=now, name=organisation.name, key=organisation.key)
    return asked


def ask_by_tax_code(typed: str, *, by: User, message: str, now: datetime) -> JoinRequest:
    """Ask whichever organisation has the tax code: its name is not told before its owners let one in.

    That it is registered, registering tells too; hence the day's allowance is looked at before anything is looked up. Nobody is
    found by a person's number. Raises what `ask` raises, WrongTaxCode, or Incomplete when nobody has it.
    """
    limits.within(JoinRequest.objects.made_by(by), limits.MOST_JOIN_REQUESTS, now=now)
    code = tax_codes.normalised(typed)
    organisation = Organisation.objects.active().filter(tax_code=code).first() if tax_codes.is_public(code) else None
    if organisation is None:
        raise Incomplete("tax_code", _("Chưa có tổ chức nào đăng ký mã số thuế này."))
    return ask(organisation, by=by, message=message, now=now)


@transaction.atomic
def approve(request: JoinRequest, *, role: str, by: User, now: datetime) -> Membership:
    """Let them in, with this role. Raises AlreadyDecided."""
    if role not in Role.values:
        raise Incomplete("role", _("Hãy chọn một vai trò."))
    request.accept(by=by, now=now, role=role)
    membership = enter(request.organisation, request.user, role)
    record("join_request.accepted", request.organisation, by=by, at=now, user=request.user_id, role=membership.role)
    _answer(request, now)
    return membership


@transaction.atomic
def refuse(request: JoinRequest, *, reason: str, by: User, now: datetime) -> None:
    """Do not let them in, and say why. Raises ReasonMissing or AlreadyDecided."""
    request.refuse(by=by, now=now, reason=reason)
    record("join_request.refused", request.organisation, by=by, at=now, user=request.user_id)
    _answer(request, now)


@transaction.atomic
def withdraw(request: JoinRequest, *, by: User, now: datetime) -> None:
    request.withdraw(now=now)
    record("join_request.withdrawn", request.organisation, by=by, at=now, request=request.pk)


def _answer(request: JoinRequest, now: datetime) -> None:
    told = {"what": "join", "name": request.asked_of, "key": request.organisation.key, "reason": request.reason}
    notify("request_answered", to=request.user, at=now, **told)
