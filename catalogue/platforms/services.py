"""What can be done to a platform. One function a use case."""

from datetime import date

from django.db.models import Max, Q

from .choices import Assurance
from .models import Platform


def refresh_assurance(platform: Platform) -> None:
    """Set the level that the platform's evidence supports, dated by the youngest of it. Does not save.

    A cited public page makes `public_record`. Only a review makes `vetted`, and nothing here takes that away.
    """
    if platform.assurance == Assurance.VETTED:
        return
    seen: date | None = platform.evidence.aggregate(on=Max("seen_on", filter=~Q(url="")))["on"]
    platform.assurance = Assurance.PUBLIC_RECORD if seen else Assurance.LISTED
    platform.assured_on = seen
