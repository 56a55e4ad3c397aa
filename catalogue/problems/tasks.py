"""What is done for problems in the background."""

import logging

from celery import shared_task
from django.utils import timezone

from . import following, judging

logger = logging.getLogger(__name__)


@shared_task
def look_after_problems() -> int:
    """Remind agencies of what is over and has no outcome, and tell vendors of what their searches find."""
    reminded, found = judging.remind(timezone.now()), following.tell(timezone.now())
    logger.info("problems looked after", extra={"reminded": reminded, "found": found})
    return reminded
