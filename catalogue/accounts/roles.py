"""What a person may be in an organisation, and how far an organisation has come."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do for an organisation; each may do what the next may."""

    OWNER = "owner", _("Chủ quản")
    EDITOR = "editor", _("Biên tập")
    VIEWER = "viewer", _("Người xem")

    @classmethod
    def managing(cls) -> list[Role]:
        """The roles that decide who else belongs, and what the organisation says of itself."""
        return [cls.OWNER]

    @classmethod
    def editing(cls) -> list[Role]:
        """The roles that write what the organisation offers or asks for."""
        return [cls.OWNER, cls.EDITOR]


class OrganisationState(models.TextChoices):
    """Whether an organisation may act here. A vendor may at once; an agency once it is known to be one."""

    WAITING = "waiting", _("Chờ xác nhận")
    ACTIVE = "active", _("Đang hoạt động")
    REFUSED = "refused", _("Không được xác nhận")

    @property
    def sources(self) -> list[OrganisationState]:
        """The states from which this one may be entered."""
        return [state for state, targets in _MOVES.items() if self in targets]


_MOVES = {
    OrganisationState.WAITING: {OrganisationState.ACTIVE, OrganisationState.REFUSED},
    OrganisationState.REFUSED: {OrganisationState.WAITING},
    OrganisationState.ACTIVE: set[OrganisationState](),
}
