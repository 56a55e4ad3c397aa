"""For whom vendors' files may be brought in and taken out."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from catalogue.accounts.models import Organisation
from catalogue.organisations.models import Membership, Role


def vendors_written_by(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Organisation]:
    """Return the vendors that the user may bring products in for."""
    return _held(user, Role.editing())


def vendors_read_by(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Organisation]:
    """Return the vendors whose products the user may take out."""
    return _held(user, list(Role))


def _held(user: AbstractBaseUser | AnonymousUser, roles: Iterable[Role]) -> QuerySet[Organisation]:
    held = Membership.objects.filter(user=user.pk, role__in=roles)
    return Organisation.objects.vendors().filter(pk__in=held.values("organisation"))
