"""Switching a group off from a mail, without signing in (RFC 8058): the address itself is the permission."""

from __future__ import annotations

from collections.abc import Iterable

from django.core import signing
from django.db import transaction

from catalogue.accounts.models import User

from .kinds import Group, Pace, paces_of
from .models import NoticeChoice

_signer = signing.TimestampSigner(salt="notice-stop")


def token_for(user: User, groups: Iterable[Group | str]) -> str:
    """Return what the address of one mail says. It does not run out: old mails are read too."""
    return _signer.sign_object([user.pk, [str(group) for group in groups]], compress=False)


def read(token: str) -> tuple[User, list[Group]] | None:
    """Return whose mails of which groups a token switches off; None for one we did not make, or whose reader left."""
    try:
        pk, names = _signer.unsign_object(token)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    groups = [Group(name) for name in names if name in Group.values and Pace.OFF in paces_of(Group(name))]
    return (user, groups) if user and groups else None


@transaction.atomic
def stop(user: User, groups: Iterable[Group]) -> None:
    """Send no more of what these groups let be switched off. Safe to call again."""
    NoticeChoice.objects.choose(user, dict.fromkeys(groups, Pace.OFF))
