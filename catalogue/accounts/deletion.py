"""Leaving: asked for, taken back by signing in, done after a while."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from . import mails, personal_data
from .models import User
from .sessions import end_sessions
from .tokens import ApiToken


@transaction.atomic
def ask_deletion(user: User, *, now: datetime) -> datetime:
    """Close an account at once and have its data erased later; return from when.

    Asked again, nothing changes. Raises the refusal of whatever this person still has to hand over.
    """
    User.objects.select_for_update().only("pk").get(pk=user.pk)  # nobody becomes a last owner meanwhile
    if why := personal_data.refusal(user):
        raise why
    asked = User.objects.filter(pk=user.pk, deletion_asked_at=None, erased_at=None).update(deletion_asked_at=now)
    user.refresh_from_db(fields=["deletion_asked_at"])
    if asked:
        end_sessions(user)
        ApiToken.objects.of(user).revoke(now)
        _tell("deletion_asked", to=user, erased_on=erased_from(now))
    return erased_from(user.deletion_asked_at or now)


def take_back(user: User) -> bool:
    """Keep an account whose deletion was asked for; say whether it was."""
    kept = User.objects.filter(pk=user.pk, deletion_asked_at__isnull=False, erased_at=None)
    taken = bool(kept.update(deletion_asked_at=None))
    user.deletion_asked_at = None
    return taken


def erase_due(*, now: datetime) -> int:
    """Erase whoever asked long enough ago; return how many. Safe to run twice, and beside a sign-in that takes it back."""
    grace: timedelta = settings.DELETION_GRACE
    count = 0
    due = User.objects.filter(deletion_asked_at__lte=now - grace, erased_at=None)
    for key in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            user = due.select_for_update().filter(pk=key).first()
            if user and personal_data.refusal(user) is None:
                address, language = user.email, user.language
                personal_data.erase(user, now)
                _tell("deletion_done", to=User(email=address, language=language))
                count += 1
    return count


def erased_from(asked_at: datetime) -> datetime:
    grace: timedelta = settings.DELETION_GRACE
    return asked_at + grace


def _tell(template: str, **context: Any) -> None:
    """Send a mail once what it says is so; a mail server that is away keeps nobody."""
    transaction.on_commit(lambda: mails.send(template, **context), robust=True)
