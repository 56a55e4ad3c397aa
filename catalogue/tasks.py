"""Index of the Celery tasks, for Celery."""

from .accounts.tasks import look_after_accounts
from .notifications.tasks import deliver, forget_old, sweep
from .problems.tasks import look_after_problems
from .register.tasks import make_checkpoint
from .vetting.tasks import examine, look_after_submissions

__all__ = [
    "deliver",
    "examine",
    "forget_old",
    "look_after_accounts",
    "look_after_problems",
    "look_after_submissions",
    "make_checkpoint",
    "sweep",
]
