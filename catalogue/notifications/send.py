"""The only way a notice comes about: one row in the transaction of what happened. A worker sends it after the commit."""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from catalogue.accounts.models import User

from .kinds import KINDS, Pace
from .models import Notice, NoticeChoice

logger = logging.getLogger(__name__)


def notify(
    kind: str, *, to: User | str, about: str = "", language: str = "", at: datetime | None = None, **context: object
) -> Notice | None:
    """Tell somebody something: keep a row of it now, have it sent once the caller's transaction is committed.

    to: an account, or the e-mail address of somebody without one.
    about: what it tells, for instance "submission:17:accepted"; the same kind about the same is told to a person once, and
    the first row is returned again. Empty: told each time.
    language: for an address; the language of this moment when left out. An account is written to in its own.
    context: what the templates show, as JSON can hold it. Names ending in `_at` are times, in `_on` dates: they reach the
    templates as such. Links are made by the templates, of slugs and ids, so that they lead to pages in the reader's language.
    Returns None when the reader switched this kind off. Raises KeyError for an unknown kind.
    """
    now = at or timezone.now()
    known = KINDS[kind]
    user, email = (to, "") if isinstance(to, User) else (None, to)
    pace = known.pace(NoticeChoice.objects.pace(user, known.group)) if user else Pace.IMMEDIATE
    if pace is Pace.OFF:
        return None
    fields = {
        "language": language or (user.language if user else get_language() or settings.LANGUAGE_CODE),
        "context": context,
        "digest": pace is Pace.DAILY,
        "created_at": now,
        "due_at": next_digest(now) if pace is Pace.DAILY else now,
    }
    if not about:
        notice, fresh = Notice.objects.create(kind=kind, user=user, email=email, **fields), True
    else:
        notice, fresh = Notice.objects.get_or_create(kind=kind, user=user, email=email, about=about, defaults=fields)
    if fresh and pace is Pace.IMMEDIATE:
        transaction.on_commit(partial(hand_to_worker, notice), robust=True)
    return notice


def next_digest(now: datetime) -> datetime:
    """Return when the next daily mails are due after `now`: at DIGEST_HOUR of the site's time zone."""
    local = timezone.localtime(now)
    today = local.replace(hour=settings.DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if local < today else today + timedelta(days=1)


def hand_to_worker(notice: Notice) -> None:
    """Ask a worker to send it. Without a broker it stays in the outbox, and the next sweep finds it there."""
    from .tasks import deliver

    try:
        deliver.delay(str(notice.pk))
    except Exception:  # noqa: BLE001 (any broker trouble: what happened is committed, and the row with it)
        logger.warning("the broker does not answer; the notice waits in the outbox", extra={"notice": str(notice.pk)})
