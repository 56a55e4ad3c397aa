"""Keys with which a person's own programs ask the API."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.common.errors import DomainError
from catalogue.common.models import one_of

from .models import User

MOST = 10  # of one person at a time
LONGEST = timedelta(days=365)
REMEMBERED = timedelta(days=90)  # after its end, so that its owner sees what it was
SEEN_EVERY = timedelta(minutes=5)
_PREFIX = "ntv_"  # so that a token that leaked into a public place is recognised as one


class TooManyTokens(DomainError):
    code = "too_many_tokens"

    def __init__(self) -> None:
        super().__init__(
            _("Mỗi tài khoản có tối đa %(most)s mã truy cập. Hãy thu hồi một mã trước khi tạo thêm.") % {"most": MOST}
        )


class Scope(models.TextChoices):
    READ = "read", gettext_lazy("Chỉ đọc")
    WRITE = "write", gettext_lazy("Đọc và ghi")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def of(self, user: User) -> ApiTokenQuerySet:
        return self.filter(user=user)

    def usable(self, now: datetime) -> ApiTokenQuerySet:
        return self.filter(revoked_at=None, expires_at__gt=now)

    def revoke(self, now: datetime) -> int:
        """End those that still work; return how many."""
        return self.filter(revoked_at=None).update(revoked_at=now)

    def issue(self, user: User, *, name: str, scope: Scope, days: int, now: datetime) -> str:
        """Make a token and return it: it is shown this once, and kept only as a hash. Raises TooManyTokens."""
        User.objects.select_for_update().only("pk").get(pk=user.pk)
        if self.of(user).usable(now).count() >= MOST:
            raise TooManyTokens
        secret = _PREFIX + secrets.token_urlsafe(32)
        lasts = min(timedelta(days=days), LONGEST)
        self.create(user=user, name=name, scope=scope, digest=_digest(secret), expires_at=now + lasts, created_at=now)
        return secret

    def find(self, secret: str, now: datetime) -> ApiToken | None:
        """Return the token of this secret while it works and its owner may act."""
        token = self.usable(now).select_related("user").filter(digest=_digest(secret)).first()
        if token is None or not token.user.may_act:
            return None
        self.filter(pk=token.pk).filter(Q(last_used_at=None) | Q(last_used_at__lt=now - SEEN_EVERY)).update(
            last_used_at=now
        )
        return token

    def forget_old(self, now: datetime) -> int:
        """Delete those whose end is long past; return how many."""
        ended = now - REMEMBERED
        return self.filter(Q(expires_at__lt=ended) | Q(revoked_at__lt=ended)).delete()[0]


class ApiToken(models.Model):
    """One key of one person. A random secret of 256 bits needs no slow hash: nobody guesses it from its digest."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name=gettext_lazy("người dùng")
    )
    name = models.CharField(gettext_lazy("tên"), max_length=100)
    scope = models.CharField(gettext_lazy("phạm vi"), max_length=10, choices=Scope, default=Scope.READ)
    digest = models.CharField(max_length=64, unique=True, editable=False)  # SHA-256, hexadecimal
    created_at = models.DateTimeField(gettext_lazy("lúc tạo"))
    expires_at = models.DateTimeField(gettext_lazy("hết hạn"))
    last_used_at = models.DateTimeField(gettext_lazy("lần dùng gần nhất"), null=True, blank=True)
    revoked_at = models.DateTimeField(gettext_lazy("lúc thu hồi"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("mã truy cập API")
        verbose_name_plural = gettext_lazy("mã truy cập API")
        ordering = ("-created_at", "-pk")
        constraints = (
            one_of("scope", Scope, "api_token_scope_known"),
            models.CheckConstraint(name="api_token_ends_after_it_began", condition=Q(expires_at__gt=F("created_at"))),
            models.CheckConstraint(name="api_token_has_a_name", condition=~Q(name="")),
        )

    def __str__(self) -> str:
        return self.name

    def may(self, method: str) -> bool:
        """Say whether this token may send a request of this method."""
        return self.scope == Scope.WRITE or method in ("GET", "HEAD", "OPTIONS")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
