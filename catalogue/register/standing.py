"""How a product stands today, by what the register says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .models import Entry
from .states import LEADS_TO, EntryKind, Standing


@dataclass(frozen=True, slots=True)
class Today:
    """`until`: the last day it is or was vetted; None when it never was, or stands otherwise."""

    standing: Standing
    until: date | None = None
    entry: Entry | None = None  # the one that says so


def today_of(platform: str, *, today: date) -> Today:
    """Return how a product stands on a day of Việt Nam. One query."""
    return standing(Entry.objects.about(platform).filter(kind__in=list(LEADS_TO)).first(), today=today)


def standing(latest: Entry | None, *, today: date) -> Today:
    """Return what the latest entry that says how a product stands means on a day."""
    if latest is None:
        return Today(Standing.NEVER)
    kind = EntryKind(latest.kind)
    if not kind.grants:
        return Today(LEADS_TO[kind], entry=latest)
    until = date.fromisoformat(latest.facts["until"])
    return Today(Standing.VETTED if today <= until else Standing.EXPIRED, until, latest)
