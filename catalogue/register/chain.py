"""The only way an entry is written, and how rows read when they are verified."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.db.models import Max

from . import keys
from .facts import stamp, written
from .models import Checkpoint, Entry, Head
from .states import EntryKind
from .verifying import Fault, digest, fingerprint, verify

__all__ = ["Fault", "append", "checkpoint_rows", "entry_rows", "plain", "reading", "sign", "verify"]

_KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")
AT_ONCE = 2_000  # rows in memory


def append(kind: EntryKind | str, *, platform: str, vendor: str, at: datetime, facts: Mapping[str, Any]) -> Entry:
    """Write a decision into the register, in the transaction of the decision: both are kept, or neither.

    The end of the register stays locked until that transaction ends, so call this last in it.
    platform, vendor: their keys. facts: see `facts.written`; where the kind says that a product is vetted, `until` is its
    last day. Raises TransactionManagementError outside a transaction, ValueError for what may not stand in the register.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            f"{kind} was to be entered outside a transaction: it could be kept without its decision"
        )
    kind = EntryKind(kind)
    for name in (platform, vendor):
        if not isinstance(name, str) or not _KEY.fullmatch(name):
            raise ValueError(f"{name!r} is no key of a product or vendor")
    told = written(facts)
    if kind.grants:
        _last_day(told)
    key = keys.signing()

    head = Head.objects.select_for_update().get(pk=1)
    entry = Entry(
        number=head.number + 1, at=at, kind=kind.value, platform=platform, vendor=vendor, facts=told, previous=head.hash
    )
    entry.hash = digest(plain(entry))
    entry.signature = sign(key, entry.hash.encode())
    entry.key_id = fingerprint(key.public_key())
    entry.save()
    head.number, head.hash = entry.number, entry.hash
    head.save()
    return entry


def sign(key: Ed25519PrivateKey, message: bytes) -> str:
    return base64.b64encode(key.sign(message)).decode()


def _last_day(facts: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(facts["until"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("a product is vetted until a day: facts need `until`, a date") from error


def plain(row: Entry | Checkpoint) -> dict[str, Any]:
    """Return a row as the downloads hold it and as it is verified."""
    if isinstance(row, Checkpoint):
        return {
            "day": row.day.isoformat(), "number": row.number, "hash": row.hash, "made_at": stamp(row.made_at),
            "signature": row.signature, "key_id": row.key_id,
        }  # fmt: skip
    return {
        "number": row.number, "at": stamp(row.at), "kind": row.kind, "platform": row.platform, "vendor": row.vendor,
        "facts": row.facts, "previous": row.previous, "hash": row.hash, "signature": row.signature, "key_id": row.key_id,
    }  # fmt: skip


def entry_rows(up_to: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield every entry, or those up to a number, in order."""
    rows = Entry.objects.order_by("number")
    rows = rows if up_to is None else rows.filter(number__lte=up_to)
    return (plain(entry) for entry in rows.iterator(chunk_size=AT_ONCE))


def checkpoint_rows() -> Iterator[dict[str, Any]]:
    return (plain(each) for each in Checkpoint.objects.order_by("day").iterator(chunk_size=AT_ONCE))


def reading() -> tuple[Iterator[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]:
    """Return entries, checkpoints and head as `verify` takes them, also while others append.

    Entries that are appended meanwhile are left for the next time; one that stands behind the end without having been
    appended is among them. Checkpoints are read first: none of them can be about an entry that is left out.
    """
    checkpoints = list(checkpoint_rows())
    before = _end()
    highest = Entry.objects.aggregate(highest=Max("number"))["highest"] or 0
    after = _end()
    if highest > after["number"]:
        return entry_rows(), checkpoints, after
    return entry_rows(before["number"]), checkpoints, before


def _end() -> dict[str, Any]:
    return dict(Head.objects.values("number", "hash").get(pk=1))
