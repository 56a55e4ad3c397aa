"""Which facts of a listing somebody other than its vendor confirmed: how, on which day, and until when that holds.

A fact is a field of `content.Content`. When its text changes, what was confirmed about the old text is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.common.models import one_of

from .choices import ClaimLevel
from .models import Platform


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    def holding(self, on: date) -> Self:
        """Those that are not too old on this day."""
        return self.filter(until__gte=on)

    def drop(self, platform: Platform, fields: Iterable[str]) -> None:
        """Forget what was confirmed of these fields: they say something else now."""
        self.filter(platform=platform, field__in=list(fields)).delete()


class Confirmation(models.Model):
    """One fact, confirmed. `criterion` and `submission` say by which question of which submission."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="confirmations", verbose_name=_("nền tảng"))
    field = models.CharField(_("trường"), max_length=40)
    level = models.CharField(_("mức"), max_length=20, choices=ClaimLevel)
    confirmed_on = models.DateField(_("ngày xác nhận"))
    until = models.DateField(_("có giá trị đến"))
    criterion = models.SlugField(_("tiêu chí"), max_length=60)
    submission = models.PositiveIntegerField(_("hồ sơ số"))

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("xác nhận")
        verbose_name_plural = _("xác nhận")
        ordering = ("platform", "field")
        constraints = (
            one_of("level", ClaimLevel, "confirmation_level_known"),
            models.UniqueConstraint(name="confirmation_once_per_field", fields=["platform", "field"]),
            models.CheckConstraint(name="confirmation_ends_later", condition=Q(until__gte=F("confirmed_on"))),
        )

    def __str__(self) -> str:
        return f"{self.platform} · {self.field}"
