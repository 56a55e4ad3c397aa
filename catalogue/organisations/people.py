"""Who belongs, and with what right. Every change takes the organisation's row first, so that two at once come one by one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from catalogue.accounts.models import Organisation, User
from catalogue.accounts.roles import Role
from catalogue.audit.record import record
from catalogue.notifications.send import notify

from .errors import LastOwner, NoLongerAllowed, NoLongerThere
from .models import Membership


@transaction.atomic
def change_role(membership: Membership, *, role: str, by: User, now: datetime) -> None:
    """Give a member another role. Raises LastOwner rather than leave nobody who decides."""
    row = _held(membership, by)
    if row.role == role:
        return
    before, row.role = row.role, Role(role)
    _keep_an_owner(row)
    row.save(update_fields=["role", "updated_at"])
    record("membership.changed", row.organisation, by=by, at=now, user=row.user_id, before=before, after=str(role))
    _tell(row, now, "changed")


@transaction.atomic
def remove(membership: Membership, *, by: User, now: datetime) -> None:
    """Take a member out."""
    row = _held(membership, by)
    _drop(row)
    record("membership.removed", row.organisation, by=by, at=now, user=row.user_id, role=row.role)
    _tell(row, now, "removed")


@transaction.atomic
def leave(organisation: Organisation, *, by: User, now: datetime) -> None:
    """Go. The last owner cannot, whoever else goes at the same moment."""
    _locked(organisation)
    row = _of(organisation, by)
    if row is None:
        raise NoLongerThere
    _drop(row)
    record("membership.left", organisation, by=by, at=now, role=row.role)


@transaction.atomic
def transfer(organisation: Organisation, *, to: Membership, by: User, now: datetime) -> None:
    """Make another member owner in one's own place; the one who gives goes on as an editor."""
    row = _held(to, by)
    giver = _of(organisation, by)
    if giver is None or row.pk == giver.pk or not row.user.is_active:
        raise NoLongerThere
    Membership.objects.filter(pk=row.pk).update(role=Role.OWNER, updated_at=now)
    Membership.objects.filter(pk=giver.pk).update(role=Role.EDITOR, updated_at=now)
    row.role = Role.OWNER
    record("organisation.transferred", organisation, by=by, at=now, user=row.user_id)
    _tell(row, now, "changed")


def enter(organisation: Organisation, user: User, role: str) -> Membership:
    """Let somebody in; who is in already keeps the greater right. Call it inside the transaction that decides so."""
    _locked(organisation)
    row, new = Membership.objects.get_or_create(user=user, organisation=organisation, defaults={"role": role})
    if not new and Role.values.index(role) < Role.values.index(row.role):
        row.role = Role(role)
        row.save(update_fields=["role", "updated_at"])
    return row


def owned_alone(user: User) -> list[Organisation]:
    """Return the organisations that would have no owner without this person: to hand over before the account goes."""
    held = Membership.objects.filter(user=user, role=Role.OWNER).values("organisation")
    shared = Membership.objects.owners().exclude(user=user).values("organisation")
    return list(Organisation.objects.filter(pk__in=held).exclude(pk__in=shared))


def _locked(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _held(membership: Membership, by: User) -> Membership:
    """Return the row as it stands under the lock. Who asks must still be an owner, and the member still there."""
    organisation = _locked(membership.organisation)
    mine = _of(organisation, by)
    if mine is None or mine.role not in Role.managing() or not organisation.is_active:
        raise NoLongerAllowed
    row = Membership.objects.select_related("user", "organisation").filter(pk=membership.pk).first()
    if row is None:
        raise NoLongerThere
    return row


def _of(organisation: Organisation, user: User) -> Membership | None:
    return Membership.objects.select_related("user").filter(organisation=organisation, user=user).first()


def _drop(row: Membership) -> None:
    if row.role == Role.OWNER and not _other_owners(row.organisation, row.user):
        raise LastOwner
    Membership.objects.filter(pk=row.pk).delete()


def _keep_an_owner(row: Membership) -> None:
    if row.role != Role.OWNER and not _other_owners(row.organisation, row.user):
        raise LastOwner


def _other_owners(organisation: Organisation, user: User) -> bool:
    return Membership.objects.filter(organisation=organisation).owners().exclude(user=user).exists()


def _tell(row: Membership, now: datetime, what: str) -> None:
    told = {"name": row.organisation.name, "key": row.organisation.key, "what": what, "role": str(row.role)}
    notify("membership_changed", to=row.user, at=now, **told)
