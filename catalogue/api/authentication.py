"""Who asks the API: a session of the site, or a token of a person's own."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from catalogue.accounts.models import User
from catalogue.accounts.policy import SecondFactorNeeded, lacks_second_factor
from catalogue.accounts.tokens import ApiToken


class SessionAuthentication(authentication.SessionAuthentication):
    """The site's session, with its CSRF token. Raises SecondFactorNeeded for staff who have none."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        if found and lacks_second_factor(found[0]):
            raise SecondFactorNeeded
        return found


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer …` with a token that its owner made on the account's page."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = ApiToken.objects.find(secret.strip(), timezone.now())
        if token is None:
            raise AuthenticationFailed(_("Mã truy cập không đúng, đã hết hạn hoặc đã thu hồi."))
        if lacks_second_factor(token.user):
            raise SecondFactorNeeded
        if not token.may(str(request.method)):
            raise PermissionDenied(_("Mã truy cập này chỉ để đọc."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    """The token, as the OpenAPI description tells it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token of your own, made on the account's page."}


class OwnSessionScheme(SessionScheme):
    target_class = SessionAuthentication  # type: ignore[assignment]
