"""Accounts nobody signs in to: told so by mail, then locked. Staff sooner than others."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from . import mails
from .models import User
from .policy import REVIEWERS
from .sessions import end_sessions
from .tokens import ApiToken

UNCONFIRMED_FOR = timedelta(days=7)


def forget_unconfirmed(*, now: datetime) -> int:
    """Delete who registered and never confirmed the address; return how many. It may be another's, and nothing was done."""
    addresses = EmailAddress.objects.values("user")
    never = User.objects.filter(last_login=None, is_staff=False, date_joined__lte=now - UNCONFIRMED_FOR)
    unconfirmed = never.filter(pk__in=addresses).exclude(pk__in=addresses.filter(verified=True))
    return unconfirmed.delete()[1].get(User._meta.label, 0)


def warn_idle(*, now: datetime) -> int:
    """Tell those who have not signed in for long when they will be locked; return how many. Each is told once.

    A mail that cannot be sent leaves the account untold, and is tried again the next time.
    """
    told = 0
    for kind, (warn_after, lock_after) in settings.IDLE.items():
        for key in _of(kind).filter(seen_at__lte=now - warn_after, idle_warned_at=None).values_list("pk", flat=True):
            with transaction.atomic():
                if User.objects.filter(pk=key, idle_warned_at=None).update(idle_warned_at=now):
                    mails.send("idle_warning", to=User.objects.get(pk=key), locked_on=now + (lock_after - warn_after))
                    told += 1
    return told


def lock_idle(*, now: datetime) -> int:
    """Lock those who were told and did not sign in since; return how many. Nobody is locked who was not told in time."""
    locked = 0
    for kind, (warn_after, lock_after) in settings.IDLE.items():
        told_by = now - (lock_after - warn_after)
        due = _of(kind).filter(seen_at__lte=now - lock_after, idle_warned_at__lte=told_by)
        for key in due.values_list("pk", flat=True):
            with transaction.atomic():
                if User.objects.filter(pk=key, locked_at=None, idle_warned_at__lte=told_by).update(locked_at=now):
                    user = User.objects.get(pk=key)
                    end_sessions(user)
                    ApiToken.objects.of(user).revoke(now)
                    mails.send("idle_locked", to=user, reset=mails.address("account_reset_password"))
                    locked += 1
    return locked


def active_again(user: User) -> None:
    """Forget that an account was idle: its owner signed in, or showed by a mail that the address is theirs."""
    User.objects.filter(pk=user.pk).exclude(idle_warned_at=None, locked_at=None).update(
        idle_warned_at=None, locked_at=None
    )
    user.idle_warned_at = user.locked_at = None


def _of(kind: str) -> QuerySet[Any]:
    """Return the open accounts of a kind of person, with when each was last seen."""
    staff = Q(is_staff=True) | Q(is_superuser=True) | Q(groups__name=REVIEWERS)
    open_ = User.objects.filter(is_active=True, locked_at=None, deletion_asked_at=None, erased_at=None)
    if kind == "staff":
        rows = open_.filter(pk__in=User.objects.filter(staff).values("pk"))
    else:
        rows = open_.exclude(pk__in=User.objects.filter(staff).values("pk"))
    return rows.annotate(seen_at=Coalesce(F("last_login"), F("date_joined")))
