"""What is held on a person, package by package: each says how it is handed over, and how it is forgotten.

Law 91/2025/QH15 on personal data gives people a copy and deletion. A package that keeps something of a person registers
a holding when it starts, so that neither can forget it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db import transaction

from catalogue.common.errors import DomainError

from .models import User
from .sessions import end_sessions
from .tokens import ApiToken


@dataclass(frozen=True)
class Holding:
    """What one package keeps on people."""

    key: str  # its name in the copy
    export: Callable[[User], Any]  # as JSON can write it, dates included
    erase: Callable[[User], object]
    refusal: Callable[[User], DomainError | None] = lambda user: None  # why this person cannot leave yet


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    _holdings[holding.key] = holding


def copy_of(user: User, now: datetime) -> dict[str, Any]:
    """Return everything held on a person."""
    return {"made_at": now, **{key: holding.export(user) for key, holding in sorted(_holdings.items())}}


def refusal(user: User) -> DomainError | None:
    """Return why this person cannot leave yet, None when nothing stands against it."""
    return next((why for holding in _holdings.values() if (why := holding.refusal(user))), None)


@transaction.atomic
def erase(user: User, now: datetime) -> None:
    """Forget a person. The row stays, without anything of theirs: what they decided for others keeps its author's number."""
    for holding in _holdings.values():
        holding.erase(user)
    user.email, user.full_name, user.last_login = f"erased-{user.pk}@invalid", "", None
    user.is_active = user.is_staff = user.is_superuser = False
    user.idle_warned_at = user.locked_at = None
    user.erased_at = now
    user.set_unusable_password()
    user.groups.clear()
    user.user_permissions.clear()
    user.save()


def register_own() -> None:
    """Register what the accounts themselves keep."""
    register(Holding("account", _account, lambda user: None))  # erase() itself does the row
    register(Holding("email_addresses", _addresses, lambda user: _delete(EmailAddress, user)))
    register(Holding("sign_in_methods", _factors, _forget_methods))
    register(Holding("sessions", _sessions, end_sessions))
    register(Holding("api_tokens", _tokens, lambda user: _delete(ApiToken, user)))
    # What an operator did stays in the log of the admin, under the number of an account without a name.
    register(Holding("admin_actions", _admin_actions, lambda user: None))


def _account(user: User) -> dict[str, Any]:
    fields = ("email", "full_name", "language", "date_joined", "last_login", "is_staff", "deletion_asked_at")
    return {
        **{field: getattr(user, field) for field in fields},
        "groups": sorted(user.groups.values_list("name", flat=True)),
    }


def _addresses(user: User) -> list[dict[str, Any]]:
    return list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary"))


def _factors(user: User) -> list[dict[str, Any]]:
    """Ways of signing in, without what proves them."""
    return [
        {"kind": "password", "set": user.has_usable_password()},
        *(
            {"kind": row.type, "name": str(row), "created_at": row.created_at, "last_used_at": row.last_used_at}
            for row in Authenticator.objects.filter(user=user)
        ),
        *(
            {"kind": "provider", "name": row.provider, "number": row.uid, "told": row.extra_data}
            for row in SocialAccount.objects.filter(user=user)
        ),
    ]


def _forget_methods(user: User) -> None:
    _delete(Authenticator, user)
    _delete(SocialAccount, user)


def _sessions(user: User) -> list[dict[str, Any]]:
    return list(UserSession.objects.filter(user=user).values("created_at", "last_seen_at", "ip", "user_agent"))


def _tokens(user: User) -> list[dict[str, Any]]:
    fields = ("name", "scope", "created_at", "expires_at", "last_used_at", "revoked_at")
    return list(ApiToken.objects.filter(user=user).values(*fields))


def _admin_actions(user: User) -> list[dict[str, Any]]:
    fields = ("action_time", "object_repr", "change_message")
    return list(LogEntry.objects.filter(user=user).values(*fields))


def _delete(model: Any, user: User) -> None:
    model.objects.filter(user=user).delete()
