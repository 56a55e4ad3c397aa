"""An organisation comes to be, says who it is, and is known to be an agency."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalogue.accounts.models import GOVERNMENT, Organisation, OrganisationKind, User
from catalogue.accounts.roles import OrganisationState, Role
from catalogue.accounts.scopes import confirmed_addresses, is_operator, operators
from catalogue.audit.record import record
from catalogue.common.text import slug
from catalogue.notifications.send import notify

from . import limits
from .details import Details, refuse_taken, tax_code_taken
from .errors import AlreadyDecided, AlreadyRegistered, Incomplete, OwnRequest
from .models import Membership
from .requests import reason_given

LONGEST_KEY = 70  # characters, a number may follow
# Words of addresses, here and in the API: no organisation's key.
RESERVED_KEYS = {
    "moi",
    "loi-moi",
    "tham-gia",
    "yeu-cau",
    "search",
    "claims",
    "join-requests",
    "invitations",
    "operations",
}


@transaction.atomic
def register(kind: str, details: Details, *, by: User, now: datetime) -> Organisation:
    """Make an organisation; who makes it becomes its owner, except that an operator does not join a regulator.

    A vendor may act at once, and is public once a product of it is listed. An agency may act at once when its maker has a
    confirmed address under .gov.vn whose domain no other organisation has, else it waits for an operator.
    Raises a DomainError that names its field, or TooMany.
    """
    if kind not in OrganisationKind.values or (kind == OrganisationKind.REGULATOR and not is_operator(by)):
        raise Incomplete("kind", _("Hãy chọn doanh nghiệp hoặc cơ quan."))
    made = Organisation.objects.filter(memberships__user=by, memberships__role=Role.OWNER)
    limits.within(made, limits.MOST_ORGANISATIONS, now=now)
    values = details.checked(kind)
    refuse_taken(kind, values)
    domain = free_domain(by) if kind == OrganisationKind.AGENCY else None
    known = kind != OrganisationKind.AGENCY or domain is not None
    organisation = Organisation(
        kind=kind,
        key=_free_key(values["short_name"]),
        state=OrganisationState.ACTIVE if known else OrganisationState.WAITING,
        domain=domain,
        **values,
    )
    _save(organisation)
    if kind != OrganisationKind.REGULATOR:
        Membership.objects.create(user=by, organisation=organisation, role=Role.OWNER)
    record("organisation.created", organisation, by=by, at=now, kind=kind, state=str(organisation.state), domain=domain)
    if not known:
        _tell_operators(organisation, now)
    return organisation


@transaction.atomic
def describe(organisation: Organisation, details: Details, *, by: User, now: datetime) -> Organisation:
    """Change what an organisation says of itself.

    By what it is known stays: a tax code once given, and the name of a confirmed agency; only operators change these.
    """
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    values = details.checked(row.kind) if not row.tax_code or details.tax_code.strip() else _with_code(row, details)
    if row.tax_code and values["tax_code"] != row.tax_code:
        raise Incomplete("tax_code", _("Mã số thuế đã ghi thì chỉ người vận hành đổi được."))
    if row.kind != OrganisationKind.VENDOR and row.is_active and values["name"] != row.name:
        raise Incomplete("name", _("Tên cơ quan đã xác nhận thì chỉ người vận hành đổi được."))
    refuse_taken(row.kind, values, but=row)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        _save(row)
        record("organisation.described", row, by=by, at=now, fields=changed)
    return row


@transaction.atomic
def ask_again(organisation: Organisation, *, by: User, now: datetime) -> None:
    """Have an operator look once more at an agency that was not confirmed."""
    _move(organisation, OrganisationState.WAITING, refusal="")
    record("organisation.asked_again", organisation, by=by, at=now)
    _tell_operators(organisation, now)


@transaction.atomic
def approve(organisation: Organisation, *, by: User, now: datetime) -> None:
    """Know an agency to be one."""
    _not_own(organisation, by)
    _move(organisation, OrganisationState.ACTIVE)
    record("organisation.approved", organisation, by=by, at=now)
    _tell_owners(organisation, now)


@transaction.atomic
def refuse(organisation: Organisation, *, by: User, now: datetime, reason: str) -> None:
    """Say why an agency is not confirmed; its owners may put that right and ask again. Raises ReasonMissing."""
    _not_own(organisation, by)
    _move(organisation, OrganisationState.REFUSED, refusal=reason_given(reason))
    record("organisation.refused", organisation, by=by, at=now)
    _tell_owners(organisation, now)


@transaction.atomic
def show(vendor: Organisation, *, by: User | None, now: datetime) -> None:
    """Give a vendor its public page, with the first of its products that is listed. Safe to call for every one."""
    if Organisation.objects.vendors().filter(pk=vendor.pk, shown_since=None).update(shown_since=now):
        vendor.refresh_from_db()
        record("organisation.shown", vendor, by=by, at=now)


def free_domain(user: User) -> str | None:
    """Return the .gov.vn domain of an address that is proven to be the person's, None when no such one is free."""
    domains = sorted({address.rpartition("@")[2] for address in confirmed_addresses(user)})
    governmental = [domain for domain in domains if domain.endswith(GOVERNMENT)]
    taken = set(Organisation.objects.filter(domain__in=governmental).values_list("domain", flat=True))
    return next((domain for domain in governmental if domain not in taken), None)


def _with_code(row: Organisation, details: Details) -> dict[str, object]:
    """The details with the tax code the organisation has, which a form leaves empty."""
    given = {name: getattr(details, name) for name in details.__slots__} | {"tax_code": row.tax_code}
    return Details(**given).checked(row.kind)


def _save(organisation: Organisation) -> None:
    """Save it; who came first keeps the tax code, the domain or the key. The database's own words would repeat the code."""
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        if organisation.tax_code and _another(organisation, tax_code=organisation.tax_code):
            raise tax_code_taken() from None
        if organisation.domain and _another(organisation, domain=organisation.domain):
            raise AlreadyRegistered(
                "name", _("Tên miền thư của bạn vừa được một cơ quan khác dùng. Hãy tìm lại và gửi yêu cầu tham gia.")
            ) from None
        raise AlreadyRegistered("name", _("Vừa có tổ chức khác lấy tên này. Hãy gửi lại.")) from None


def _another(organisation: Organisation, **values: str) -> bool:
    return Organisation.objects.exclude(pk=organisation.pk).filter(**values).exists()


def _free_key(name: str) -> str:
    wanted = slug(name)[:LONGEST_KEY].strip("-") or "to-chuc"
    taken = RESERVED_KEYS | set(Organisation.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    return next(key for n in range(1, len(taken) + 2) if (key := wanted if n == 1 else f"{wanted}-{n}") not in taken)


def _move(organisation: Organisation, target: OrganisationState, **changes: object) -> None:
    rows = Organisation.objects.filter(pk=organisation.pk, state__in=target.sources)
    moved = rows.update(state=target, **changes)
    organisation.refresh_from_db()
    if not moved:
        raise AlreadyDecided


def _not_own(organisation: Organisation, by: User) -> None:
    if Membership.objects.filter(organisation=organisation, user=by).exists():
        raise OwnRequest


def _tell_operators(organisation: Organisation, now: datetime) -> None:
    for person in operators():
        notify("decision_asked", to=person, at=now, what="agency", name=organisation.name)


def _tell_owners(organisation: Organisation, now: datetime) -> None:
    told = {"what": "agency", "name": organisation.name, "key": organisation.key, "reason": organisation.refusal}
    for membership in Membership.objects.filter(organisation=organisation).owners().select_related("user"):
        notify("request_answered", to=membership.user, at=now, **told)
