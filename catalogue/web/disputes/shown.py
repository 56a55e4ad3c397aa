"""What the pages say of a challenge: never who raised it, nor who answered."""

from __future__ import annotations

from typing import Any

from catalogue.platforms.models import Platform
from catalogue.vetting.challenges import Appeal, Challenge, Outcome, of_platform


def shown(platform: Platform) -> dict[str, Any]:
    """Return what a product's page shows: every challenge that was answered, and how many wait."""
    return {
        "settled": [challenge_lines(one) for one in of_platform(platform)],
        "waiting": platform.challenges.open().count(),
    }


def challenge_lines(one: Challenge) -> dict[str, Any]:
    """Return a challenge for components that show it. Its appeals are read, so have them prefetched in a list."""
    return {
        "about": one.get_about_display(),
        "reason": one.reason,
        "source": one.source,
        "made_at": one.made_at,
        "due_on": one.due_on,
        "outcome": one.get_outcome_display(),
        "upheld": one.outcome == Outcome.UPHELD,
        "open": one.outcome == Outcome.OPEN,
        "answer": one.answer,
        "answered_at": one.answered_at,
        "suspends": one.suspends,
        "appeals": [appeal_lines(appeal) for appeal in one.appeals.all()],
    }


def appeal_lines(one: Appeal) -> dict[str, Any]:
    return {
        "reason": one.reason,
        "made_at": one.made_at,
        "due_on": one.due_on,
        "open": one.outcome == Outcome.OPEN,
        "upheld": one.outcome == Outcome.UPHELD,
        "answer": one.answer,
        "decided_at": one.decided_at,
    }
