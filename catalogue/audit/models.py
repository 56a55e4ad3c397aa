"""Who did what to which row, and when: written with the change, never altered."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalogue.common.append_only import AppendOnly, AppendOnlyQuerySet


class EventQuerySet(AppendOnlyQuerySet):
    def about(self, target: models.Model) -> EventQuerySet:
        """What happened to one row, the latest first; also after the row is gone."""
        return self.filter(target_type=target._meta.label_lower, target_id=str(target.pk)).order_by("-at", "-pk")


class Event(AppendOnly):
    """One thing that was done.

    Nothing here points at another row by a foreign key and nothing names a person, so an event outlives both: `by` is the
    number of an account, which says nothing once the account is deleted. "" is the site itself.
    """

    action = models.CharField(_("việc"), max_length=60)  # "thing.past_tense"
    target_type = models.CharField(_("loại đối tượng"), max_length=60)  # "catalogue.platform"
    target_id = models.CharField(_("số của đối tượng"), max_length=64)
    target_label = models.CharField(_("đối tượng"), max_length=200, blank=True)
    by = models.CharField(_("số của người làm"), max_length=40, blank=True, db_index=True)
    at = models.DateTimeField(_("lúc"), default=timezone.now, db_index=True)
    facts = models.JSONField(_("chi tiết"), default=dict, blank=True)  # codes, keys and numbers; no personal text

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("dòng nhật ký")
        verbose_name_plural = _("nhật ký thay đổi")
        ordering = ("-at", "-pk")
        indexes = (models.Index(name="event_by_target", fields=["target_type", "target_id", "-at"]),)
        constraints = (
            models.CheckConstraint(name="event_action_is_thing_and_verb", condition=Q(action__contains=".")),
            models.CheckConstraint(name="event_has_target", condition=~Q(target_type="") & ~Q(target_id="")),
        )

    def __str__(self) -> str:
        return f"{self.action} · {self.target_label or self.target_id}"


def label_of(target: Any) -> str:
    """Return what a row is called in public, "" when it says none.

    Never `str(target)`: that of a person is an e-mail address, and what is written here cannot be taken back.
    """
    for name in ("audit_label", "slug", "key"):
        if isinstance(value := getattr(target, name, None), str) and value:
            return value[:200]
    return ""
