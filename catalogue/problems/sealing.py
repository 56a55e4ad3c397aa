"""Envelopes: what a firm offers is written into the database in a form that nobody can read there.

The key lies outside the database, in SEAL_KEY; on a laptop it is made at first use and lies in a file. Each envelope is
AES-256-GCM under a key derived for its problem, with a nonce of its own; problem and vendor are bound to it, so that an
envelope which is moved to another row does not open.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
_NONCE = 12
_KEY_NAME = 4  # bytes that say which key closed an envelope
_BLOCK = 1024  # bytes; lengths are rounded up to it, so that they tell little
_FORM = b"\x01"  # of the envelope: form, name of the key, nonce, ciphertext


class SealBroken(Exception):
    """An envelope cannot be opened: its key is gone, or somebody changed or moved it."""


def seal(content: Mapping[str, Any], *, problem: int, vendor: int) -> bytes:
    """Return the content in an envelope. Raises ImproperlyConfigured where a deployment has no key."""
    master = _keys()[0]
    plain = json.dumps(content, ensure_ascii=False).encode()
    padded = plain.ljust(-(-len(plain) // _BLOCK) * _BLOCK)
    nonce = os.urandom(_NONCE)
    cipher = AESGCM(_derived(master, problem)).encrypt(nonce, padded, _bound(problem, vendor))
    return _FORM + _name(master) + nonce + cipher


def unseal(envelope: bytes, *, problem: int, vendor: int) -> dict[str, Any]:
    """Return what is in the envelope. Raises SealBroken."""
    name, rest = envelope[1 : 1 + _KEY_NAME], envelope[1 + _KEY_NAME :]
    master = next((key for key in _keys() if _name(key) == name), None)
    if envelope[:1] != _FORM or master is None:
        raise SealBroken
    try:
        plain = AESGCM(_derived(master, problem)).decrypt(rest[:_NONCE], rest[_NONCE:], _bound(problem, vendor))
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error
    content: dict[str, Any] = json.loads(plain)
    return content


def read_key(written: str) -> bytes:
    """Read a key: its 32 bytes in base64. Raises ImproperlyConfigured."""
    try:
        key = base64.b64decode(written, validate=True)
    except ValueError as error:
        raise ImproperlyConfigured("SEAL_KEY cannot be read") from error  # and is not repeated in a log
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"SEAL_KEY must be {KEY_BYTES} bytes in base64")
    return key


def _keys() -> list[bytes]:
    """Return today's key, then those of before that may still be needed."""
    written = settings.SEAL_KEY or (_laptop(settings.SEAL_LAPTOP_KEY) if settings.DEBUG or settings.ON_LAPTOP else "")
    if not written:
        raise ImproperlyConfigured("SEAL_KEY is not set: proposals can be neither written nor opened")
    return [read_key(one) for one in (written, *settings.SEAL_OLD_KEYS)]


def _derived(master: bytes, problem: int) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"proposals of problem %d" % problem)
    return kdf.derive(master)


def _bound(problem: int, vendor: int) -> bytes:
    return b"problem %d, vendor %d" % (problem, vendor)


def _name(master: bytes) -> bytes:
    return hashlib.sha256(b"name of the key" + master).digest()[:_KEY_NAME]


def _laptop(path: Path) -> str:
    """Return the key of this machine, made when there is none; of several who make one at once the first wins."""
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=path.parent) as mine:  # readable for this user alone, as its link will be
            mine.write(base64.b64encode(os.urandom(KEY_BYTES)))
            mine.flush()
            with suppress(FileExistsError):
                os.link(mine.name, path)  # whole or not at all, and never over one that is there
    return path.read_text()
