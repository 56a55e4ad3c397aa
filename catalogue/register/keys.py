"""The key that signs the register. It lies outside the database: who can write to the one cannot make entries with the other.

REGISTER_KEY holds it; on a laptop it is made at first use and lies in a file. REGISTER_OLD_KEYS are the public keys that
signed before it. See docs/register.md for how one follows another.
"""

from __future__ import annotations

import base64
import os
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .verifying import public_keys


def signing() -> Ed25519PrivateKey:
    """Return the private key. Raises ImproperlyConfigured where a deployment has none."""
    written = settings.REGISTER_KEY or (_laptop(settings.REGISTER_LAPTOP_KEY) if _on_laptop() else "")
    if not written:
        raise ImproperlyConfigured("REGISTER_KEY is not set: the register cannot be written")
    return private_key(written)


def trusted() -> list[Ed25519PublicKey]:
    """Return the public keys that entries may be signed with: today's first, then those of before."""
    now = [signing().public_key()] if settings.REGISTER_KEY or _on_laptop() else []
    return [*now, *_earlier(settings.REGISTER_OLD_KEYS)]


def pem(keys: list[Ed25519PublicKey]) -> str:
    return "".join(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode() for key in keys)


@lru_cache(maxsize=8)
def private_key(written: str) -> Ed25519PrivateKey:
    """Read a key: PEM (PKCS #8, without a password), or its 32 bytes in base64. Raises ImproperlyConfigured."""
    try:
        if "-----BEGIN" not in written:
            return Ed25519PrivateKey.from_private_bytes(base64.b64decode(written, validate=True))
        key = load_pem_private_key(written.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured("REGISTER_KEY cannot be read") from error  # and is not repeated in a log
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured("REGISTER_KEY is not an Ed25519 key")
    return key


@lru_cache(maxsize=8)
def _earlier(written: str) -> list[Ed25519PublicKey]:
    try:
        return public_keys(written.encode()) if written else []
    except ValueError as error:
        raise ImproperlyConfigured("REGISTER_OLD_KEYS must be public Ed25519 keys as PEM, one after another") from error


def _on_laptop() -> bool:
    return settings.DEBUG or settings.ON_LAPTOP


def _laptop(path: Path) -> str:
    """Return the key of this machine, made when there is none; of several who make one at once the first wins."""
    if not path.exists():
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with tempfile.NamedTemporaryFile(dir=path.parent) as mine:  # readable for this user alone, as its link will be
            mine.write(made)
            mine.flush()
            with suppress(FileExistsError):
                os.link(mine.name, path)  # whole or not at all, and never over one that is there
    return path.read_text()
