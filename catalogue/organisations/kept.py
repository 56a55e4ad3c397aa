"""What asking and being invited keeps of a person: to hand over on request, and to forget."""

from __future__ import annotations

from typing import Any

from catalogue.accounts.models import User
from catalogue.accounts.scopes import confirmed_addresses

from .invitations import Invitation
from .requests import Claim, JoinRequest

_ASKED = ("organisation__name", "state", "created_at", "decided_at", "reason")
_INVITED = ("organisation__name", "role", "state", "created_at", "answered_at")


def asked_by(user: User) -> dict[str, list[dict[str, Any]]]:
    """Return the join requests, claims and invitations of a person, as JSON can hold them but for times."""
    invited = Invitation.objects.filter(email__in=confirmed_addresses(user))
    return {
        "join_requests": list(JoinRequest.objects.made_by(user).values(*_ASKED, "message")),
        "claims": list(Claim.objects.made_by(user).values(*_ASKED, "position", "proof", "link")),
        "invitations": [
            dict(row) for row in invited.values("organisation__name", "role", "state", "created_at", "answered_at")
        ],
    }


def forget(user: User) -> None:
    """Delete these rows. That something was decided stays in the audit log, by number."""
    JoinRequest.objects.made_by(user).delete()
    Claim.objects.made_by(user).delete()
    Invitation.objects.filter(email__in=confirmed_addresses(user)).delete()
