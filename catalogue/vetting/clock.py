"""What happens by itself when a time is over, and who is reminded before. Run once a day; twice does no harm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import cast

from django.db import transaction
from django.utils import timezone

from . import challenges, news, services
from .errors import IllegalMove
from .models import Submission
from .service_levels import warn_on
from .states import State

BEFORE_THE_END = timedelta(days=28)  # time enough to hand a product in again before its vetting ends


def look_after(now: datetime) -> dict[str, int]:
    """Remind who is late or soon will be, close what stays unanswered, end what is over; return how many of each."""
    done = {"expired": 0, "lapsed": 0, "warned": 0, "reminded": 0, "ending": 0}
    for name in (*_ended(now), *_unanswered(now), *_late(now), *_ending(now)):
        done[name] += 1
    challenges.forget_addresses(now)
    return done


def _ended(now: datetime) -> Iterator[str]:
    for one in Submission.objects.standing().filter(valid_until__lt=timezone.localdate(now)):
        try:
            services.expire(one, now=now)
        except IllegalMove:  # somebody was faster
            continue
        yield "expired"


def _unanswered(now: datetime) -> Iterator[str]:
    """Warn a vendor before its time to answer is over, and close only what was warned on a day before."""
    today = timezone.localdate(now)
    for one in Submission.objects.filter(state=State.CLARIFICATION).select_related("platform__vendor"):
        due_on = cast(date, one.due_on)  # every open step has a term
        if due_on < today and one.warned_on is not None and one.warned_on < today:
            try:
                services.lapse(one, now=now)
            except IllegalMove:
                continue
            yield "lapsed"
        elif one.warned_on is None and warn_on(State.CLARIFICATION, due_on) <= today:
            with transaction.atomic():
                if Submission.objects.filter(pk=one.pk, state=State.CLARIFICATION, warned_on=None).update(
                    warned_on=today
                ):
                    news.tell_vendor(one, "warn", at=now, once=f"warn:{one.moved_at.isoformat()}")
            yield "warned"


def _late(now: datetime) -> Iterator[str]:
    """Remind the reviewer who holds what should have been done."""
    rows = Submission.objects.late(timezone.localdate(now)).filter(state=State.IN_REVIEW)
    for one in rows.select_related("reviewer", "platform__vendor"):
        with transaction.atomic():
            news.tell_reviewer(one, "late", at=now, once=f"late:{one.moved_at.isoformat()}")
        yield "reminded"


def _ending(now: datetime) -> Iterator[str]:
    """Tell a vendor in time that the vetting of a product will end."""
    today = timezone.localdate(now)
    rows = Submission.objects.filter(state=State.VETTED, valid_until__range=(today, today + BEFORE_THE_END))
    for one in rows.select_related("platform__vendor"):
        with transaction.atomic():
            news.tell_vendor(one, "ending", at=now, once=f"ending:{one.valid_until}")
        yield "ending"
