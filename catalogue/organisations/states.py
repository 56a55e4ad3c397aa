"""How far an invitation or a request has come. Each leaves its first state once, and never comes back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class InvitationState(models.TextChoices):
    OPEN = "open", _("Đang chờ trả lời")
    ACCEPTED = "accepted", _("Đã nhận lời")
    DECLINED = "declined", _("Đã từ chối")
    REVOKED = "revoked", _("Đã thu hồi")


class RequestState(models.TextChoices):
    WAITING = "waiting", _("Đang chờ quyết định")
    ACCEPTED = "accepted", _("Đã chấp thuận")
    REFUSED = "refused", _("Bị từ chối")
    WITHDRAWN = "withdrawn", _("Đã rút")
