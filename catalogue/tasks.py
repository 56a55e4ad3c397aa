"""Index of the Celery tasks, for Celery."""

from .accounts.tasks import look_after_accounts
from .notifications.tasks import deliver, forget_old, sweep

__all__ = ["deliver", "forget_old", "look_after_accounts", "sweep"]
