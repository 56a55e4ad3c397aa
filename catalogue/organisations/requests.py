"""What people ask of an organisation: to be let in, or to be the one who speaks for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation, OrganisationKind, User
from catalogue.accounts.roles import Role
from catalogue.accounts.scopes import Caller, is_operator
from catalogue.common.models import one_of
from catalogue.common.plain import plain

from .errors import AlreadyDecided, ReasonMissing
from .states import RequestState

LONGEST_TEXT = 2_000  # characters


def reason_given(reason: str) -> str:
    """Return why something is refused, as it is told to who asked. Raises ReasonMissing when nothing was written."""
    if not (given := plain(reason, "reason", LONGEST_TEXT, lines=True)):
        raise ReasonMissing
    return given


class RequestQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        return self.filter(state=RequestState.WAITING)

    def made_by(self, user: Caller) -> Self:
        return self.filter(user=user.pk)


class JoinRequestQuerySet(RequestQuerySet):
    def managed_by(self, user: Caller) -> Self:
        return self.filter(organisation__in=Organisation.objects.managed_by(user))


class ClaimQuerySet(RequestQuerySet):
    def for_operators(self, user: Caller) -> Self:
        return self.all() if is_operator(user) else self.none()


class Request(models.Model):
    """A question that waits for one answer; the answer is an UPDATE that only one can win."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("người gửi"))
    state = models.CharField(
        _("tình trạng"), max_length=10, choices=RequestState, default=RequestState.WAITING, editable=False
    )
    created_at = models.DateTimeField(_("lúc gửi"))
    decided_at = models.DateTimeField(_("lúc quyết định"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người quyết định"),
        editable=False,
    )
    reason = models.TextField(_("lý do"), max_length=LONGEST_TEXT, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ("-created_at", "-pk")

    def accept(self, *, by: User, now: datetime, **changes: object) -> None:
        self._move(RequestState.ACCEPTED, by=by, now=now, **changes)

    def refuse(self, *, by: User, now: datetime, reason: str) -> None:
        """Answer no. Raises ReasonMissing: who asked must learn what to do next."""
        self._move(RequestState.REFUSED, by=by, now=now, reason=reason_given(reason))

    def withdraw(self, *, now: datetime) -> None:
        self._move(RequestState.WITHDRAWN, by=self.user, now=now)

    def _move(self, target: RequestState, *, by: User, now: datetime, **changes: object) -> None:
        """Answer it, or raise AlreadyDecided and change nothing."""
        waiting = type(self)._default_manager.filter(pk=self.pk, state=RequestState.WAITING)
        moved = waiting.update(state=target, decided_at=now, decided_by=by, **changes)
        self.refresh_from_db()
        if not moved:
            raise AlreadyDecided


def _rules(name: str) -> tuple[models.BaseConstraint, ...]:
    return (
        one_of("state", RequestState, f"{name}_state_known"),
        models.UniqueConstraint(
            name=f"{name}_open_once", fields=["organisation", "user"], condition=Q(state="waiting")
        ),
        models.CheckConstraint(
            name=f"{name}_decided_is_dated",
            condition=Q(state="waiting", decided_at__isnull=True) | ~Q(state="waiting") & Q(decided_at__isnull=False),
        ),
        models.CheckConstraint(name=f"{name}_refused_has_reason", condition=~Q(state="refused") | ~Q(reason="")),
    )


class JoinRequest(Request):
    """Somebody asks an organisation's owners to be let in."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="join_requests", verbose_name=_("tổ chức")
    )
    message = models.TextField(_("lời nhắn"), max_length=LONGEST_TEXT, blank=True)
    role = models.CharField(_("vai trò được giao"), max_length=10, choices=Role, blank=True, editable=False)

    objects = JoinRequestQuerySet.as_manager()

    class Meta(Request.Meta):
        verbose_name = _("yêu cầu tham gia")
        verbose_name_plural = _("yêu cầu tham gia")
        constraints = (
            *_rules("join_request"),
            models.CheckConstraint(
                name="join_request_accepted_has_role",
                condition=Q(state="accepted", role__in=Role.values) | ~Q(state="accepted") & Q(role=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} → {self.organisation}"

    @property
    def asked_of(self) -> str:
        """What who asked may know of the organisation: the name of a hidden one only once it let them in."""
        hidden = self.organisation.kind == OrganisationKind.VENDOR and self.organisation.shown_since is None
        return self.organisation.public_tax_code if hidden and self.state != "accepted" else self.organisation.name


class Claim(Request):
    """Somebody says that an organisation nobody speaks for here is theirs to speak for, and shows why."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="claims", verbose_name=_("tổ chức"))
    position = models.CharField(_("chức vụ"), max_length=150)
    proof = models.TextField(_("căn cứ"), max_length=LONGEST_TEXT)
    link = models.URLField(_("trang chứng minh"), max_length=500, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta(Request.Meta):
        verbose_name = _("yêu cầu nhận quản lý")
        verbose_name_plural = _("yêu cầu nhận quản lý")
        constraints = (
            *_rules("claim"),
            models.CheckConstraint(name="claim_has_proof", condition=~Q(proof="") & ~Q(position="")),
        )

    def __str__(self) -> str:
        return f"{self.user} → {self.organisation}"
