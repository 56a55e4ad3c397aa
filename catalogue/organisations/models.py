"""Who speaks for an organisation, and what they may do there."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation
from catalogue.common.models import Timestamped, one_of


class Role(models.TextChoices):
    """What a person may do for an organisation; each may do what the next may."""

    OWNER = "owner", _("Chủ quản")
    EDITOR = "editor", _("Biên tập")
    VIEWER = "viewer", _("Người xem")

    @classmethod
    def managing(cls) -> list["Role"]:
        """The roles that decide who else belongs, and what the organisation says of itself."""
        return [cls.OWNER]

    @classmethod
    def editing(cls) -> list["Role"]:
        """The roles that write what the organisation offers or asks for."""
        return [cls.OWNER, cls.EDITOR]


class Membership(Timestamped):
    """One person in one organisation."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("người dùng")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name=_("tổ chức")
    )
    role = models.CharField(_("vai trò"), max_length=10, choices=Role)

    class Meta:
        verbose_name = _("thành viên")
        verbose_name_plural = _("thành viên")
        ordering = ("organisation", "id")
        constraints = (
            one_of("role", Role, "membership_role_known"),
            models.UniqueConstraint(name="membership_once", fields=["user", "organisation"]),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"
