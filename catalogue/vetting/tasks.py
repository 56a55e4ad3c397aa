"""What is done for submissions in the background."""

import logging

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from . import checks, clock, links, services
from .models import Finding, Submission

logger = logging.getLogger(__name__)


@shared_task
def examine(submission_id: int) -> None:
    """Run the automatic checks of a submission, before a person looks. Again: the findings are replaced."""
    submission = Submission.objects.select_related("platform__vendor", "revision").filter(pk=submission_id).first()
    if submission is None:
        return
    # Without workers this runs while somebody waits for a page, and other people's servers can be slow.
    fetch = None if settings.CELERY_TASK_ALWAYS_EAGER else links.look
    content = services.content_under_review(submission)
    found = checks.run(submission.platform, content, now=timezone.now(), fetch=fetch)
    with transaction.atomic():
        submission.findings.all().delete()
        Finding.objects.bulk_create(
            Finding(submission=submission, code=one.code, passed=one.passed, facts=one.facts, found_at=timezone.now())
            for one in found
        )
        Submission.objects.filter(pk=submission.pk).update(risk=sum(one.passed is False for one in found))


@shared_task
def look_after_submissions() -> dict[str, int]:
    """Remind, close and end what the day brings."""
    done = clock.look_after(timezone.now())
    logger.info("submissions looked after", extra=done)
    return done
