"""What every request of a signed-in person passes."""

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from .policy import lacks_second_factor

# Pages that lead to a second factor, or out of the account.
_OPEN = {
    "account_logout", "account_reauthenticate", "account_email", "account_confirm_email",
    "account_email_verification_sent", "account_change_password", "account_set_password",
    "mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
}  # fmt: skip
SEEN_EVERY = 5 * 60  # seconds


class SecondFactorFirst:
    """Send whoever must have a second factor and has none to set one up: no page but those of the account opens before.

    Every page, not a list of staff pages, so that a page added later is behind it too. The API asks the same by itself
    (catalogue/api/authentication.py), and answers with a problem.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.url_name in _OPEN or request.path.startswith("/api/") or not _has_session(request):
            return None
        return HttpResponseRedirect(reverse("mfa_index")) if lacks_second_factor(request.user) else None


class SessionSeen:
    """Remember when a session was last used, once in five minutes: not every request writes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if (
            key
            and _has_session(request)
            and request.user.is_authenticated
            and cache.add(f"session-seen:{key}", 1, SEEN_EVERY)
        ):
            UserSession.objects.filter(session_key=key).update(last_seen_at=timezone.now())
        return self.get_response(request)


def _has_session(request: HttpRequest) -> bool:
    """Say whether a session came along. Asking who has none would mark every answer as their own, and no proxy could keep it."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES
