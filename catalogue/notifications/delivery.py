"""From the outbox to the mail server: each notice at least once, and twice only where nobody can know.

A notice is taken by one conditional UPDATE, with a lease, and given to a postman, who writes down what the mail server took
before the worker hears of it. What a dead worker leaves in hand is settled by that journal: taken, so sent; not taken and
the postman gone, so waiting again. See docs/notices.md for what remains.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalogue.accounts.models import User

from . import outbox
from .kinds import DIGEST, Pace
from .mails import compose
from .models import Notice, NoticeChoice, NoticeQuerySet
from .outbox import LEASE, Outcome, PostmanGone
from .postman import ACCEPTED, LATER
from .states import State

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 12  # over about three days
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=12)
KEPT = timedelta(days=365)  # what was told, and to whom
AT_ONCE = 500  # notices that a sweep gives to workers; the next sweep gives more


def deliver(notice_id: UUID, *, now: datetime) -> None:
    """Send one notice, if it is due and nobody else has it."""
    with outbox.at_hand() as ours:
        if not _take(notice_id, ours.name, now):
            return
        notice = Notice.objects.select_related("user").get(pk=notice_id)
        if not _still_wanted(notice):
            _in_hand(notice).move(State.WITHHELD, lease_until=None)
            return
        try:
            outcome = ours.hand_over(notice.pk, compose(notice))
        except PostmanGone:
            settle_left(now)  # its journal says which
            return
        except Exception:
            _give_back(notice, "no mail could be made of it", now)
            raise
    _settle(notice, outcome, now)


def sweep(*, now: datetime) -> list[UUID]:
    """Settle what dead workers left, make the daily mails that are due, and return what there is to send."""
    settle_left(now)
    bundle(now)
    return list(Notice.objects.due(now).values_list("pk", flat=True)[:AT_ONCE])


def forget_old(*, now: datetime) -> int:
    """Delete what is over and older than KEPT; return how many rows that were."""
    over = [state for state in State if state not in (State.WAITING, State.SENDING)]
    return Notice.objects.filter(created_at__lt=now - KEPT, state__in=over).delete()[0]


def settle_left(now: datetime) -> None:
    """Bring every row in line with the journals, and give back what is in no living hand."""
    held = list(Notice.objects.filter(state=State.SENDING))  # read before the journals: each had its journal by then
    with outbox.journals() as journals, transaction.atomic(durable=True):  # committed before a journal is deleted
        for journal in journals:
            for notice in Notice.objects.filter(pk__in=journal.taken, state__in=State.SENT.sources):
                Notice.objects.filter(pk=notice.pk).move(State.SENT, **_sent(journal.taken[notice.pk]))
    living = {journal.name for journal in journals if journal.alive}
    here = f"{outbox.machine(outbox.folder())}/"
    for notice in held:
        gone = notice.sender.startswith(here) and notice.sender not in living
        if gone or (notice.lease_until and notice.lease_until < now):
            _give_back(notice, "the worker ended while it had this in hand", now, pause=timedelta(0))


def bundle(now: datetime) -> None:
    """Put what waits for the daily mail of each reader into one notice, which is then sent like any other."""
    for reader in User.objects.filter(pk__in=Notice.objects.due_for_digest(now).values("user")).order_by("pk"):
        _bundle(reader, now)


@transaction.atomic
def _bundle(reader: User, now: datetime) -> None:
    """Add to today's mail while nobody had it in hand; what comes too late for it waits for tomorrow's."""
    rows = Notice.objects.due_for_digest(now).filter(user=reader)
    unwanted = [notice.pk for notice in rows.all() if not _still_wanted(notice)]
    rows.filter(pk__in=unwanted).move(State.WITHHELD)
    if not rows.exists():
        return
    today = timezone.localtime(now).date().isoformat()
    mail, _ = Notice.objects.get_or_create(
        kind=DIGEST.name,
        user=reader,
        about=today,
        defaults={"due_at": now, "created_at": now, "language": reader.language},
    )
    if Notice.objects.select_for_update().filter(pk=mail.pk, state=State.WAITING, attempts=0).exists():
        rows.move(State.BUNDLED, bundle=mail)


def _take(notice_id: UUID, sender: str, now: datetime) -> bool:
    """Take a notice that is due; of several who try, one gets it."""
    return bool(
        Notice.objects.due(now)
        .filter(pk=notice_id)
        .move(State.SENDING, sender=sender, lease_until=now + LEASE, attempts=F("attempts") + 1)
    )


def _in_hand(notice: Notice) -> NoticeQuerySet:
    """The row, while it is still the attempt that was read."""
    return Notice.objects.filter(pk=notice.pk, state=State.SENDING, attempts=notice.attempts)


def _still_wanted(notice: Notice) -> bool:
    """Say whether the reader is there, and has not switched this off since it was written."""
    if notice.user is None:
        return True
    kind = notice.kind_of
    return notice.user.is_active and kind.pace(NoticeChoice.objects.pace(notice.user, kind.group)) is not Pace.OFF


def _settle(notice: Notice, outcome: Outcome, now: datetime) -> None:
    if outcome.what == ACCEPTED:
        if outcome.detail:
            logger.error("a mail was sent and is in no journal", extra={"notice": str(notice.pk)})
        Notice.objects.filter(pk=notice.pk).move(State.SENT, **_sent(now))
    elif outcome.what == LATER:
        _give_back(notice, outcome.detail, now)
    else:
        logger.warning("the mail server refused a notice", extra={"notice": str(notice.pk)})
        _in_hand(notice).move(State.FAILED, lease_until=None, failure=_short(outcome.detail))


def _give_back(notice: Notice, why: str, now: datetime, pause: timedelta | None = None) -> None:
    """Let it wait for its next attempt, or give up after MOST_ATTEMPTS."""
    if notice.attempts >= MOST_ATTEMPTS:
        logger.error("a notice was given up", extra={"notice": str(notice.pk)})
        _in_hand(notice).move(State.FAILED, lease_until=None, failure=_short(why))
        return
    if pause is None:
        pause = min(FIRST_PAUSE * 2 ** (notice.attempts - 1), LONGEST_PAUSE)
    _in_hand(notice).move(State.WAITING, lease_until=None, failure=_short(why), due_at=now + pause)


def _sent(at: datetime) -> dict[str, Any]:
    return {"sent_at": at, "lease_until": None, "failure": ""}


def _short(words: str) -> str:
    return " ".join(words.split())[:200]
