"""What is done for accounts every night."""

from celery import shared_task
from django.utils import timezone

from . import deletion, idleness
from .sessions import forget_ended
from .tokens import ApiToken


@shared_task(ignore_result=True)
def look_after_accounts() -> None:
    """Forget, lock, warn and erase what is due. Safe to run twice: each step asks whether it was done."""
    now = timezone.now()
    forget_ended(now)
    idleness.forget_unconfirmed(now=now)
    idleness.lock_idle(now=now)
    idleness.warn_idle(now=now)
    deletion.erase_due(now=now)
    ApiToken.objects.forget_old(now)
