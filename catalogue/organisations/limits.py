"""How much one person may ask for in a day: enough for anybody's work, too little to bother people with."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

from .errors import TooMany

MOST_ORGANISATIONS = 5  # a person
MOST_JOIN_REQUESTS = 10  # a person
MOST_CLAIMS = 5  # a person
MOST_INVITATIONS = 50  # an organisation
_DAY = timedelta(days=1)


def within(rows: models.QuerySet, most: int, *, now: datetime, at: str = "created_at") -> None:
    """Raise TooMany when so many of the rows were made in the 24 hours before now."""
    if rows.filter(**{f"{at}__gt": now - _DAY}).count() >= most:
        raise TooMany
