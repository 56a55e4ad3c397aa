"""Every page of an account, for the browser's tests: by who must be signed in, and how far."""

from django.urls import NoReverseMatch, reverse
from django.utils import translation

from catalogue.web import account_urls

# Addresses that are no page by themselves: links of mails, forms that answer with a redirect, steps in between.
NOT_PAGES = {
    "account_confirm_email": "the link of a mail",
    "account_reset_password_from_key": "the link of a mail",
    "mfa_authenticate": "a step of signing in",
    "mfa_login_webauthn": "a form's address",
    "mfa_download_recovery_codes": "a file",
    "openid_connect_login": "a form's address",
    "socialaccount_signup": "a step of signing in",
    "socialaccount_login_error": "answers 401",
    "account-session-end": "a form's address",
    "account-token-revoke": "a form's address",
    "account-data-export": "a file",
    "account_set_password": "for who has no password",
}
PUBLIC = {
    "account_login", "account_signup", "account_inactive", "account_locked", "account_email_verification_sent",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done",
    "socialaccount_login_cancelled", "account-deletion-asked",
}  # fmt: skip
NAMES = {entry.name for entry in account_urls.urlpatterns}
OWN = NAMES - PUBLIC - NOT_PAGES.keys() - {"mfa_activate_totp"}  # that one is for who has no app yet


def own_addresses(language: str, *, key: int) -> list[str]:
    """Return the address of every page of somebody signed in who has an app, a key of this number and recovery codes."""
    with translation.override(language):
        return [_address(name, key) for name in sorted(OWN)]


def _address(name: str, key: int) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return reverse(name, kwargs={"pk": key})
