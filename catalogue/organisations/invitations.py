"""An invitation to belong to an organisation, sent to an address."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation
from catalogue.accounts.roles import Role
from catalogue.accounts.scopes import Caller
from catalogue.common.models import one_of

from .states import InvitationState

VALID_FOR = timedelta(days=14)
_signer = Signer(salt="organisation-invitation")


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        return self.filter(state=InvitationState.OPEN)

    def managed_by(self, user: Caller) -> InvitationQuerySet:
        return self.filter(organisation__in=Organisation.objects.managed_by(user))

    def with_token(self, token: str) -> InvitationQuerySet:
        """The open invitation a link was made for; none when it was tampered with, renewed or answered."""
        try:
            key, nonce = _signer.unsign(token).split(".", 1)
        except (BadSignature, ValueError):
            return self.none()
        return (
            self.open().filter(pk=int(key), nonce=nonce, organisation__state="active") if key.isdigit() else self.none()
        )


class Invitation(models.Model):
    """One address invited with one role. Its link holds a nonce that changes when it is sent again, and works once."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="invitations", verbose_name=_("tổ chức")
    )
    email = models.EmailField(_("thư điện tử"))  # lower case
    role = models.CharField(_("vai trò"), max_length=10, choices=Role)
    state = models.CharField(
        _("tình trạng"), max_length=10, choices=InvitationState, default=InvitationState.OPEN, editable=False
    )
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("người mời")
    )
    created_at = models.DateTimeField(_("lúc mời"))
    sent_at = models.DateTimeField(_("lúc gửi gần nhất"))
    expires_at = models.DateTimeField(_("hết hạn lúc"))
    answered_at = models.DateTimeField(_("lúc trả lời"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("lời mời")
        verbose_name_plural = _("lời mời")
        ordering = ("-created_at", "-pk")
        constraints = (
            one_of("role", Role, "invitation_role_known"),
            one_of("state", InvitationState, "invitation_state_known"),
            models.UniqueConstraint(
                name="invitation_open_once", fields=["organisation", "email"], condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="invitation_answered_is_dated",
                condition=Q(state="open", answered_at__isnull=True) | ~Q(state="open") & Q(answered_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_role_display()}"

    @property
    def token(self) -> str:
        return _signer.sign(f"{self.pk}.{self.nonce}")

    def has_expired(self, now: datetime) -> bool:
        return now >= self.expires_at
