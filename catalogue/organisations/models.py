"""Who speaks for an organisation, and what they may do there."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation
from catalogue.accounts.roles import Role
from catalogue.common.models import Timestamped, one_of

__all__ = ["Membership", "Role"]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def owners(self) -> "MembershipQuerySet":
        """Owners who can still act: an account that is switched off, or leaving, protects nobody."""
        return self.filter(role=Role.OWNER, user__is_active=True, user__deletion_asked_at=None)


class Membership(Timestamped):
    """One person in one organisation."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("người dùng")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name=_("tổ chức")
    )
    role = models.CharField(_("vai trò"), max_length=10, choices=Role)

    objects = MembershipQuerySet.as_manager()

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
