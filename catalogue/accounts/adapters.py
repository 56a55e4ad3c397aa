"""Where allauth asks how this site wants it."""

import base64
import hashlib
from functools import cache
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .models import User
from .policy import must_use_mfa

_NO_ADDRESS = (
    "::"  # the server listens on a socket file and no proxy said who asks: all such requests are counted as one
)


class AccountAdapter(DefaultAccountAdapter):
    def get_client_ip(self, request: HttpRequest) -> str:
        return get_client_ip(request) or _NO_ADDRESS

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **hints: Any) -> HttpResponse | None:
        """Stop who is locked, after the password or key was right: nobody else learns that there is such an account."""
        if isinstance(user, User) and user.locked_at:
            return HttpResponseRedirect(reverse("account_locked"))
        return super().pre_login(request, user, **hints)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are encrypted at rest, and who must have a factor keeps at least one."""

    def encrypt(self, text: str) -> str:
        return _cipher(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        keeps_one = others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        return keeps_one or not must_use_mfa(authenticator.user)

    def get_totp_issuer(self) -> str:
        return _("Nền tảng Việt")

    def build_totp_svg(self, url: str) -> SafeString:
        """A picture to stand in the page: its policy allows none from data addresses."""
        picture = BytesIO()
        segno.make(url, error="m", micro=False).save(
            picture, kind="svg", scale=5, border=4, light="#fff", omitsize=True, xmldecl=False, svgclass="qr",
            title=_("Mã QR cho ứng dụng xác thực"),
        )  # fmt: skip
        return mark_safe(picture.getvalue().decode())  # noqa: S308 (drawn here, of an address we made)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """What the identity provider says is believed only as far as it says so itself."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        for address in sociallogin.email_addresses:
            address.verified = address.verified is True  # "false" is a true string

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        user = super().populate_user(request, sociallogin, data)
        # Vietnamese providers give the whole name; of one that gives only parts the family name comes first.
        parts = (data.get("last_name"), data.get("first_name"))
        user.full_name = (data.get("name") or " ".join(part for part in parts if part))[:150]
        return user


@cache
def _cipher(*secrets: str) -> MultiFernet:
    """Return what encrypts with the first secret, and reads what any of them encrypted."""
    keys = (hashlib.sha256(b"second-factor:" + secret.encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
