"""What belonging to organisations keeps of a person."""

from typing import Any

from django.utils.translation import gettext as _

from catalogue.accounts import personal_data
from catalogue.accounts.models import User
from catalogue.common.errors import DomainError

from . import kept
from .errors import LastOwner
from .models import Membership
from .people import owned_alone


def register_own() -> None:
    personal_data.register(personal_data.Holding("memberships", _exported, _erased, _refused))
    personal_data.register(personal_data.Holding("asked_to_belong", kept.asked_by, kept.forget))


def _exported(user: User) -> list[dict[str, Any]]:
    fields = ("organisation__name", "role", "created_at")
    return list(Membership.objects.filter(user=user).values(*fields))


def _erased(user: User) -> None:
    Membership.objects.filter(user=user).delete()


def _refused(user: User) -> DomainError | None:
    names = ", ".join(organisation.name for organisation in owned_alone(user))
    told = _("Bạn là chủ quản cuối cùng của: %(names)s. Hãy giao quyền chủ quản cho người khác trước.")
    return LastOwner(told % {"names": names}) if names else None
