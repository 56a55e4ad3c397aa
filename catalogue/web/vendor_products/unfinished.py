"""What somebody is typing of a package or a piece of evidence: kept in their session until they save it or give it up.

It is no part of the revision: half a package there could be handed in. It ends with the session, so nothing of it stays on
a computer that others use. Two windows that type in the same moment may cost one of them its last second, until the next key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase

from catalogue.platforms.content import Step
from catalogue.platforms.revisions import Revision

LARGEST = 100_000  # characters of all that one session keeps: some fifty packages
_KEY = "unfinished"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """One form as it was left. at: the place in the list, None for what was to be added. version: that the page was made from."""

    step: Step
    at: int | None
    typed: dict[str, str]
    version: int
    kept_at: str  # ISO 8601

    @property
    def title(self) -> str:
        return self.typed.get("name") or self.typed.get("title") or ""

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self.kept_at)


def keep(
    session: SessionBase,
    revision: Revision,
    step: Step,
    at: int | None,
    *,
    typed: Mapping[str, str],
    version: int,
    now: datetime,
) -> bool:
    """Keep a form as it is now, and say whether there was room."""
    kept = {**session.get(_KEY, {})}
    kept[_name(revision, step, at)] = asdict(Unfinished(step, at, dict(typed), version, now.isoformat()))
    if len(json.dumps(kept, ensure_ascii=False)) > LARGEST:
        return False
    session[_KEY] = kept
    return True


def left(session: SessionBase, revision: Revision, step: Step, at: int | None) -> Unfinished | None:
    """Return how one form was left, None when nothing is kept of it."""
    found = session.get(_KEY, {}).get(_name(revision, step, at))
    return Unfinished(**found) if found else None


def all_left(session: SessionBase, revision: Revision) -> list[Unfinished]:
    """Return everything that was left of a revision."""
    mine = f"{revision.pk} "
    return [Unfinished(**one) for name, one in session.get(_KEY, {}).items() if name.startswith(mine)]


def forget(session: SessionBase, revision: Revision, step: Step, at: int | None) -> None:
    name = _name(revision, step, at)
    kept = session.get(_KEY, {})
    if name in kept:
        session[_KEY] = {other: one for other, one in kept.items() if other != name}


def _name(revision: Revision, step: Step, at: int | None) -> str:
    return f"{revision.pk} {step} {'' if at is None else at}"
