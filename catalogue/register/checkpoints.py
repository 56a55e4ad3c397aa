"""A day's end of the register, signed."""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils import timezone

from . import chain, keys
from .facts import stamp
from .models import Checkpoint
from .verifying import Fault, fingerprint, signed_part

logger = logging.getLogger(__name__)


class RegisterBroken(RuntimeError):
    """The register is not as it was written; no signature is put below it."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


def make(*, now: datetime) -> Checkpoint:
    """Sign where the register ends, once a day of Việt Nam; a day that has its checkpoint keeps it.

    Raises RegisterBroken when the register does not verify.
    """
    day = timezone.localdate(now)
    if known := Checkpoint.objects.filter(day=day).first():
        return known
    entries, before, head = chain.reading()
    if faults := chain.verify(entries, keys=keys.trusted(), checkpoints=before, head=head):
        logger.error("the register does not verify", extra={"faults": [fault.to_json() for fault in faults]})
        raise RegisterBroken(faults)
    signed = {**head, "day": day.isoformat(), "made_at": stamp(now)}
    key = keys.signing()
    made, _new = Checkpoint.objects.get_or_create(
        day=day,
        defaults={
            **head,
            "made_at": now,
            "signature": chain.sign(key, signed_part(signed)),
            "key_id": fingerprint(key.public_key()),
        },
    )
    return made
