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


def refresh_assurance(platform: Platform) -> None:
    """Set the level that the platform's evidence supports, dated by the youngest of it. Does not save.

    A cited public page makes `public_record`. Only a review makes `vetted`, and nothing here takes that away.
    """
    if platform.assurance == Assurance.VETTED:
        return
    seen: date | None = platform.evidence.aggregate(on=Max("seen_on", filter=~Q(url="")))["on"]
    platform.assurance = Assurance.PUBLIC_RECORD if seen else Assurance.LISTED
    platform.assured_on = seen
