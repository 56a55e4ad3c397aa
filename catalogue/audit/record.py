"""The only way an event is written."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils import timezone

from catalogue.accounts.models import User
from catalogue.common.plain import names_address

from .models import Event, label_of

LONGEST_FACT = 200  # characters
_ACTION = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def record(
    action: str, target: models.Model, *, by: User | AnonymousUser | None, at: datetime | None = None, **facts: object
) -> Event:
    """Write what was done, in the transaction of the change: both are kept, or neither.

    action: "thing.past_tense", as in "platform.listed". by: None when the site itself did it.
    facts: codes, keys, numbers and dates, or lists of them; models are written as their primary key.
    Raises TransactionManagementError outside a transaction, ValueError for an action or a fact that cannot stand in a log
    that nobody can correct: a text longer than LONGEST_FACT, or one that holds an e-mail address.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            f"{action} was recorded outside a transaction: it could be kept without its change, or the change without it"
        )
    if not _ACTION.fullmatch(action):
        raise ValueError(f"an action reads thing.past_tense, not {action!r}")
    if target.pk is None:
        raise ValueError(f"{action}: the target is not saved yet")
    return Event.objects.create(
        action=action,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_label=label_of(target),
        by=str(by.pk) if by is not None and by.pk else "",
        at=at or timezone.now(),
        facts={name: _fact(name, value) for name, value in facts.items()},
    )


def _fact(name: str, value: object) -> Any:
    """Return a fact as JSON holds it."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_fact(name, part) for part in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    text = str(value)
    if len(text) > LONGEST_FACT or names_address(text):
        raise ValueError(f"{name} is a text of a person, or too long: facts are codes, keys and numbers")
    return text
