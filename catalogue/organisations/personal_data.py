"""What belonging to organisations keeps of a person."""

from typing import Any

from django.utils.translation import gettext as _

from catalogue.accounts import personal_data
from catalogue.accounts.models import User
from catalogue.common.errors import DomainError

from . import kept
from .models import Membership, Role


class LastOwner(DomainError):
    """Nobody else could run the organisation."""

    code = "last_owner"

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            _("Bạn là chủ quản cuối cùng của: %(names)s. Hãy giao quyền chủ quản cho người khác trước.")
            % {"names": ", ".join(names)}
        )


def last_owned(user: User) -> list[str]:
    """Return the names of the organisations in which this person is the only owner."""
    owned = Membership.objects.filter(user=user, role=Role.OWNER).select_related("organisation")
    others = (
        Membership.objects.filter(role=Role.OWNER)
        .exclude(user=user)
        .filter(user__is_active=True, user__deletion_asked_at=None)
    )
    shared = set(others.values_list("organisation_id", flat=True))
    return [row.organisation.name for row in owned if row.organisation_id not in shared]


def register_own() -> None:
    personal_data.register(personal_data.Holding("memberships", _exported, _erased, _refused))
    personal_data.register(personal_data.Holding("asked_to_belong", kept.asked_by, kept.forget))


def _exported(user: User) -> list[dict[str, Any]]:
    fields = ("organisation__name", "role", "created_at")
    return list(Membership.objects.filter(user=user).values(*fields))


def _erased(user: User) -> None:
    Membership.objects.filter(user=user).delete()


def _refused(user: User) -> DomainError | None:
    names = last_owned(user)
    return LastOwner(names) if names else None
