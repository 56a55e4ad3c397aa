"""Background work of the recommender: thin, idempotent, safe to run twice."""

from typing import Any

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from . import exposure, matching, services


@shared_task(ignore_result=True, acks_late=True, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def follow_catalogue(slugs: list[str]) -> None:
    """Make the vectors of the platforms that changed, and bring this machine's index up to date."""
    services.follow_catalogue(slugs)


@shared_task(ignore_result=True, acks_late=True, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def count_exposure() -> None:
    """Count the answers of every whole day that was not counted yet."""
    exposure.count(timezone.now())


@shared_task(ignore_result=True, acks_late=True, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def match_problems() -> None:
    """Tell vendors of the open problems that their vetted products fit."""
    matching.tell(timezone.now())


def on_change(sender: type[Any], slugs: list[str], **kwargs: Any) -> None:
    """After a commit: let a worker prepare what the next answer needs. Nothing depends on it being prompt."""
    services.announce(slugs, follow_catalogue.delay)
