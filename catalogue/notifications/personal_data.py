"""What telling people keeps of them."""

from __future__ import annotations

from typing import Any

from catalogue.accounts import personal_data
from catalogue.accounts.models import User

from .models import Notice, NoticeChoice


def register_own() -> None:
    personal_data.register(personal_data.Holding("notices", _notices, _forget_notices))
    personal_data.register(personal_data.Holding("notice_choices", _choices, _forget_choices))


def _notices(user: User) -> list[dict[str, Any]]:
    fields = ("kind", "state", "created_at")
    return list(Notice.objects.filter(user=user).values(*fields))


def _forget_notices(user: User) -> None:
    """Also those that still wait: nobody is there to read them."""
    Notice.objects.filter(user=user).delete()


def _choices(user: User) -> list[dict[str, Any]]:
    fields = ("group", "pace")
    return list(NoticeChoice.objects.filter(user=user).values(*fields))


def _forget_choices(user: User) -> None:
    NoticeChoice.objects.filter(user=user).delete()
