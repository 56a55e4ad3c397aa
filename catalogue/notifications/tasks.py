"""Background work of the outbox: thin, idempotent, safe to run twice."""

from typing import Any
from uuid import UUID

from celery import shared_task
from celery.signals import worker_ready
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from . import delivery

_DATABASE_AWAY = (OperationalError, InterfaceError)


@shared_task(ignore_result=True, acks_late=True, autoretry_for=_DATABASE_AWAY, retry_backoff=True, max_retries=5)
def deliver(notice_id: str) -> None:
    """Send one notice, unless somebody else does or did."""
    delivery.deliver(UUID(notice_id), now=timezone.now())


@shared_task(ignore_result=True, acks_late=True, autoretry_for=_DATABASE_AWAY, retry_backoff=True, max_retries=5)
def sweep() -> None:
    """Find what was left: by workers that died, by a broker that lost its queue, for the hour of the daily mails."""
    for notice_id in delivery.sweep(now=timezone.now()):
        deliver.delay(str(notice_id))


@shared_task(ignore_result=True, acks_late=True, autoretry_for=_DATABASE_AWAY, retry_backoff=True, max_retries=5)
def forget_old() -> None:
    """Delete what was told long ago."""
    delivery.forget_old(now=timezone.now())


@worker_ready.connect(dispatch_uid="outbox-after-a-start")
def _after_a_start(**kwargs: Any) -> None:
    """Whoever starts after a crash resumes at once, not at the next beat."""
    sweep.delay()
