"""What is kept of who raised a challenge or appealed: the words, and an address to answer to."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from catalogue.accounts import personal_data
from catalogue.accounts.models import User

from .challenges import Appeal, Challenge


def register_own() -> None:
    """Reasons are public and entered in the register, so they stay; that they were this person's is forgotten."""
    personal_data.register(personal_data.Holding("challenges", _written, _forget))


def _of(user: User) -> Q:
    return Q(by=user) | Q(email__iexact=user.email)


def _written(user: User) -> dict[str, Any]:
    challenge = ("platform__slug", "about", "reason", "source", "email", "made_at", "outcome")
    appeal = ("submission", "challenge", "reason", "made_at", "outcome")
    return {
        "challenges": list(Challenge.objects.filter(_of(user)).order_by("made_at", "pk").values(*challenge)),
        "appeals": list(Appeal.objects.filter(by=user).order_by("made_at", "pk").values(*appeal)),
    }


def _forget(user: User) -> None:
    Challenge.objects.filter(_of(user)).update(email="", by=None)
    Appeal.objects.filter(by=user).update(by=None)
