"""Background work of the register: thin, idempotent, safe to run twice."""

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from . import checkpoints


@shared_task(
    ignore_result=True,
    acks_late=True,
    autoretry_for=(OperationalError, InterfaceError),
    retry_backoff=True,
    max_retries=5,
)
def make_checkpoint() -> None:
    """Sign where the register ends today, unless that was done."""
    checkpoints.make(now=timezone.now())
