"""Who is told what when a submission moves. The texts are templates/emails/vetting_*.txt and .html."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet

from catalogue.accounts.models import User
from catalogue.accounts.policy import REVIEWERS
from catalogue.notifications import mails
from catalogue.notifications.send import notify
from catalogue.organisations.models import Membership, Role

from .models import Submission
from .states import Action

# What a vendor's people are told, and what goes to reviewers; what is in neither happens in silence.
TOLD_TO_VENDOR = {
    Action.ASK, Action.ACCEPT, Action.REJECT, Action.LAPSE, Action.SUSPEND, Action.REINSTATE, Action.REVOKE, Action.EXPIRE,
}  # fmt: skip
TOLD_TO_REVIEWERS = {Action.SUBMIT, Action.PROPOSE}
TOLD_TO_HOLDER = {Action.ANSWER, Action.SEND_BACK}


def tell(submission: Submission, action: Action, *, at: datetime) -> None:
    """Write the notices of one move, in its transaction."""
    if action in TOLD_TO_VENDOR:
        tell_vendor(submission, str(action), at=at)
    if action in TOLD_TO_REVIEWERS:
        for user in reviewers():
            if user.pk == submission.reviewer_id:
                continue
            _tell_reviewer(user, submission, str(action), at)
    if action in TOLD_TO_HOLDER and submission.reviewer is not None:
        _tell_reviewer(submission.reviewer, submission, str(action), at)


def tell_vendor(submission: Submission, what: str, *, at: datetime, once: str = "") -> None:
    """Tell those who write for the vendor. once: the same about the same is told only one time."""
    about = f"submission:{submission.pk}:{once}" if once else ""
    for user in writers(submission.platform.vendor_id):
        notify("vetting_news", to=user, about=about, at=at, what=what, **_facts(submission))


def draft(submission: Submission, action: Action, *, at: datetime, **facts: Any) -> EmailMultiAlternatives:
    """Return the mail that the vendor will get of a move, before it is made. facts: those that the move will change."""
    first = next(iter(writers(submission.platform.vendor_id)), None)
    language = first.language if first else settings.LANGUAGE_CODE
    return mails.draft("vetting_news", language=language, at=at, what=str(action), **{**_facts(submission), **facts})


def tell_reviewer(submission: Submission, what: str, *, at: datetime, once: str) -> None:
    """Remind the reviewer who holds it, one time."""
    if submission.reviewer is not None:
        _tell_reviewer(submission.reviewer, submission, what, at, f"submission:{submission.pk}:{once}")


def reviewers() -> QuerySet[User]:
    return User.objects.filter(groups__in=Group.objects.filter(name=REVIEWERS), is_active=True, locked_at=None)


def writers(vendor_id: int) -> list[User]:
    """Return those who write for a vendor."""
    rows = Membership.objects.select_related("user").filter(organisation=vendor_id, role__in=Role.editing())
    return [row.user for row in rows]


def _tell_reviewer(user: User, submission: Submission, what: str, at: datetime, about: str = "") -> None:
    notify("vetting_work", to=user, about=about, at=at, what=what, **_facts(submission))


def _facts(submission: Submission) -> dict[str, Any]:
    return {
        "number": submission.pk,
        "name": submission.platform.name,
        "vendor": submission.platform.vendor.key,
        "product": submission.platform.slug,
        "due_on": submission.due_on.isoformat() if submission.due_on else None,
        "until_on": submission.valid_until.isoformat() if submission.valid_until else None,
        "reason": submission.reason,
    }
