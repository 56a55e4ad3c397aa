"""Deploy checks: `manage.py check --deploy` fails while a laptop default remains."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from catalogue.problems import sealing
from catalogue.register import keys


@register(Tags.security, deploy=True)
def laptop_defaults(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse to call a laptop's settings a deployment."""
    problems = {
        "config.E001": (
            settings.SECRET_KEY == settings.LAPTOP_SECRET_KEY,
            "SECRET_KEY is the laptop's",
            "Set SECRET_KEY.",
        ),
        "config.E002": (
            settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
            "The database is SQLite",
            "Set DATABASE_URL to a PostgreSQL server.",
        ),
        "config.E003": (not settings.REDIS_URL, "There is no Redis: tasks run inside requests", "Set REDIS_URL."),
        "config.E004": (settings.ON_LAPTOP, "ALLOWED_HOSTS names only this machine", "Set ALLOWED_HOSTS."),
        "config.E005": (settings.DEBUG, "DEBUG is on", "Unset DEBUG."),
        "config.E006": (
            settings.EMAIL_BACKEND.endswith("console.EmailBackend"),
            "Mails are printed to the console",
            "Set EMAIL_URL to a mail server.",
        ),
        "config.E007": (
            settings.MAIL_FROM == settings.LAPTOP_MAIL_FROM,
            "Mails come from an address of this machine",
            "Set MAIL_FROM.",
        ),
        "config.E008": (
            not settings.SITE_URL.startswith("https://"),
            "Links in mails do not lead to the public site",
            "Set SITE_URL to its https:// address.",
        ),
        "config.E009": (
            not settings.REQUIRE_MFA,
            "Operators and reviewers may sign in with a password alone",
            "Unset REQUIRE_MFA.",
        ),
        "config.E010": (
            settings.OIDC_ISSUER.startswith("http://"),
            "The identity provider is asked without HTTPS",
            "Give OIDC_ISSUER an https:// address.",
        ),
        "config.E011": (
            not _signs(settings.REGISTER_KEY),
            "The public register has no key of its own to be signed with",
            "Set REGISTER_KEY to an Ed25519 key.",
        ),
        "config.E012": (
            not _seals(settings.SEAL_KEY),
            "Proposals have no key of their own to be sealed with",
            "Set SEAL_KEY to 32 random bytes in base64.",
        ),
    }
    return [Error(text, hint=hint, id=code) for code, (wrong, text, hint) in problems.items() if wrong]


def _signs(key: str) -> bool:
    try:
        return bool(key and keys.private_key(key))
    except ImproperlyConfigured:
        return False


def _seals(key: str) -> bool:
    try:
        return bool(key and sealing.read_key(key))
    except ImproperlyConfigured:
        return False
