"""What can be done to a platform. One function a use case."""

from datetime import date, datetime

from django.db.models import Max, Q

from .choices import Assurance
from .models import Platform


def retire(platform: Platform, *, now: datetime) -> bool:
    """Take a listed platform off the list; say whether it stood there. Its rows stay, and it can be listed again."""
    if platform.listed_at is None or platform.retired_at is not None:
        return False
    platform.retired_at = now
    platform.save(update_fields=["retired_at", "updated_at"])
    return True


def relist(platform: Platform, *, now: datetime) -> bool:
    """Put a platform on the list, for the first time or again; say whether it was not there."""
    if platform.listed_at is not None and platform.retired_at is None:
        return False
    platform.listed_at, platform.retired_at = platform.listed_at or now, None
    platform.save(update_fields=["listed_at", "retired_at", "updated_at"])
    return True


def mark_vetted(platform: Platform, *, on: date, until: date) -> None:
    """Write down that a review accepted the platform on a day, and until when that holds."""
    platform.assurance, platform.assured_on, platform.vetted_until = Assurance.VETTED, on, until
    platform.save(update_fields=["assurance", "assured_on", "vetted_until", "updated_at"])


def unmark_vetted(platform: Platform) -> None:
    """Take that away again: what is left is what the evidence supports."""
    platform.assurance, platform.vetted_until = Assurance.LISTED, None
    refresh_assurance(platform)
    platform.save(update_fields=["assurance", "assured_on", "vetted_until", "updated_at"])


def refresh_assurance(platform: Platform) -> None:
    """Set the level that the platform's evidence supports, dated by the youngest of it. Does not save.

    A cited public page makes `public_record`. Only a review makes `vetted`, and nothing here takes that away.
    """
    if platform.assurance == Assurance.VETTED:
        return
    seen: date | None = platform.evidence.aggregate(on=Max("seen_on", filter=~Q(url="")))["on"]
    platform.assurance = Assurance.PUBLIC_RECORD if seen else Assurance.LISTED
    platform.assured_on = seen
