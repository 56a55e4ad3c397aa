"""Changes of a problem that firms are already answering: public, with what stood there before and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import User
from catalogue.audit.record import record
from catalogue.common.append_only import AppendOnly, AppendOnlyQuerySet
from catalogue.platforms import originals

from . import telling
from .errors import ReasonMissing
from .models import LONGEST_REASON, LONGEST_TEXT, Problem
from .refusals import AmendedMeanwhile, CannotChange, ClosingEarlier, NothingChanged, NotOpen, said_in
from .requirements import LONGEST_REQUIREMENT, Requirement
from .states import State

TEXTS = ("today", "affected", "outcome")
CLOSING = "closes_at"
_REQUIREMENT = "requirement-"


class Amendment(AppendOnly):
    """One change of a live problem. `changes`: [{"field", "before", "after"}], times as ISO 8601."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="amendments", verbose_name=_("bài toán"))
    reason = models.TextField(_("lý do"), max_length=LONGEST_REASON)
    changes = models.JSONField(_("thay đổi"))
    made_at = models.DateTimeField(_("lúc sửa đổi"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("sửa đổi bài toán")
        verbose_name_plural = _("sửa đổi bài toán")
        ordering = ("problem", "made_at", "pk")
        constraints = (models.CheckConstraint(name="amendment_says_why", condition=~Q(reason="") & ~Q(changes=[])),)

    def __str__(self) -> str:
        return f"{self.problem} · {self.pk}"


def name_of(requirement: Requirement) -> str:
    """Return what a requirement is called among the changes."""
    return f"{_REQUIREMENT}{requirement.pk}"


def label_of(field: str) -> str:
    """Return what a changed part is called, for people."""
    if field.startswith(_REQUIREMENT):
        return str(Requirement._meta.get_field("text").verbose_name)
    return str(Problem._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


@transaction.atomic
def amend(
    problem: Problem,
    *,
    texts: Mapping[str, str],
    closes_at: datetime | None = None,
    reason: str,
    seen: int | None = None,
    by: User,
    now: datetime,
) -> Amendment:
    """Change the wording of a live problem, or let it close later, and tell everyone concerned.

    texts: new wording by part, one of TEXTS or `name_of` a requirement; what is as before is left out. A requirement can be
    put in other words; a new one would ask firms for what they have not answered, and is another problem.
    seen: how many amendments there were when the problem was read; None amends whatever stands there.
    Raises ReasonMissing, AmendedMeanwhile, CannotChange, TextMissing, TextTooLong, ClosingEarlier, NothingChanged, NotOpen.
    """
    if not reason.strip():
        raise ReasonMissing
    live = Problem.objects.select_for_update(of=("self",)).filter(state=State.PUBLISHED, closes_at__gt=Now())
    current = live.filter(pk=problem.pk).first()
    if current is None:
        raise NotOpen
    if seen is not None and seen != current.amendments.count():
        raise AmendedMeanwhile
    asked = {name_of(one): one for one in current.requirements.all()}
    changes = []
    for name, text in texts.items():
        row: Any = asked.get(name) or (current if name in TEXTS else None)
        if row is None:
            raise CannotChange(name)
        field, most = ("text", LONGEST_REQUIREMENT) if name in asked else (name, LONGEST_TEXT)
        before, after = getattr(row, field), said_in(text, name, most)
        if before != after:
            changes.append({"field": name, "before": before, "after": after})
            setattr(row, field, after)
            row.save(update_fields=[field])
    if closes_at is not None and current.closes_at is not None and closes_at != current.closes_at:
        if closes_at < current.closes_at:
            raise ClosingEarlier
        changes.append({"field": CLOSING, "before": current.closes_at.isoformat(), "after": closes_at.isoformat()})
        current.closes_at = closes_at
        current.save(update_fields=[CLOSING])
    if not changes:
        raise NothingChanged
    Problem.objects.filter(pk=current.pk).update(updated_at=now)
    made: Amendment = Amendment.objects.create(problem=current, reason=reason.strip(), changes=changes, made_at=now)
    said = "\n".join(change["after"] for change in changes if change["field"] != CLOSING)
    if said:  # who writes it into a listing from now on says nothing of a product
        originals.note_statement(said, key=current.slug, now=now)
    record("problem.amended", current, by=by, at=now, parts=[change["field"] for change in changes])
    telling.tell_concerned(current, "amended", at=now, once=f"amended:{made.pk}", reason=made.reason)
    problem.refresh_from_db()
    return made
