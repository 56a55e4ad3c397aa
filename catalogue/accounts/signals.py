"""What follows from signing in, from a password set anew, and from what a provider tells."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import pre_save
from django.http import HttpRequest
from django.utils.translation import gettext as _

from . import deletion
from .idleness import active_again
from .models import User
from .sessions import end_sessions

_KEPT_OF_PROVIDER = ("sub", "name", "email", "email_verified")


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="account-signed-in")
    password_reset.connect(_proved_address, dispatch_uid="account-password-reset")
    password_changed.connect(_changed_password, dispatch_uid="account-password-changed")
    pre_save.connect(_keep_little, sender=SocialAccount, dispatch_uid="account-provider-data")


def _signed_in(sender: type[Any], request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    active_again(user)
    if deletion.take_back(user) and hasattr(request, "_messages"):
        messages.success(request, _("Tài khoản của bạn được giữ lại: yêu cầu xóa đã hủy."))  # type: ignore[arg-type]


def _proved_address(sender: type[Any], request: HttpRequest, user: User, **kwargs: Any) -> None:
    active_again(user)
    end_sessions(user)


def _changed_password(sender: type[Any], request: HttpRequest, user: User, **kwargs: Any) -> None:
    end_sessions(user, but=request.session.session_key)


def _keep_little(sender: type[Any], instance: SocialAccount, **kwargs: Any) -> None:
    """Keep of what the provider tells only what is used: a citizen's number or address has no place here."""
    instance.extra_data = {
        part: {key: told[key] for key in _KEPT_OF_PROVIDER if key in told}
        for part, told in instance.extra_data.items()
        if isinstance(told, dict)
    }
