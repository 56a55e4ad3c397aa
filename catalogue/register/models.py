"""The public register: every decision about a product as an entry of a chain that nobody can rewrite unseen.

The format stands in docs/register.md. Products and vendors are known here by their keys only, so an entry outlives both.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Max, Min, Q, Value
from django.db.models.functions import Replace
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalogue.common.append_only import AppendOnly, AppendOnlyQuerySet
from catalogue.common.models import one_of
from catalogue.common.text import words

from .states import EntryKind
from .verifying import NOTHING


class EntryQuerySet(AppendOnlyQuerySet):
    def newest_first(self) -> EntryQuerySet:
        return self.order_by("-number")

    def about(self, platform: str) -> EntryQuerySet:
        """What was decided about one product, the latest first."""
        return self.filter(platform=platform).newest_first()

    def matching(self, text: str, named: Iterable[str]) -> EntryQuerySet:
        """Entries of the products `named`, and of those whose key or whose vendor's key holds the words typed."""
        typed = words(text).replace(" ", "")
        found = Q(platform__in=named)
        if typed:
            found |= Q(_platform__contains=typed) | Q(_vendor__contains=typed)
        bare = {f"_{name}": Replace(F(name), Value("-"), Value("")) for name in ("platform", "vendor")}
        return self.alias(**bare).filter(found)

    def years(self) -> list[int]:
        """Return the years from the first entry to the last, the latest first."""
        ends = self.order_by().aggregate(first=Min("at"), last=Max("at"))
        if ends["first"] is None:
            return []
        first, last = (timezone.localtime(ends[which]).year for which in ("first", "last"))
        return list(range(last, first - 1, -1))


class Entry(AppendOnly):
    """One decision. Written by `chain.append` and by nothing else."""

    number = models.PositiveBigIntegerField(_("số"), primary_key=True)  # from 1, without a gap, in the order of commits
    at = models.DateTimeField(_("lúc"), db_index=True)
    kind = models.CharField(_("quyết định"), max_length=20, choices=EntryKind)
    platform = models.CharField(_("khóa của nền tảng"), max_length=80)
    vendor = models.CharField(_("khóa của nhà cung cấp"), max_length=80)
    facts = models.JSONField(_("chi tiết"), default=dict, blank=True)
    previous = models.CharField(_("mã băm của mục trước"), max_length=64, unique=True)
    hash = models.CharField(_("mã băm"), max_length=64, unique=True)
    signature = models.CharField(_("chữ ký"), max_length=88)  # 64 bytes, base64
    key_id = models.CharField(_("dấu vân tay của khóa"), max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("mục của sổ đăng ký")
        verbose_name_plural = _("sổ đăng ký")
        ordering = ("number",)
        indexes = (models.Index(name="entry_by_platform", fields=["platform", "-number"]),)
        constraints = (
            one_of("kind", EntryKind, "entry_kind_known"),
            models.CheckConstraint(name="entry_number_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="entry_names_product_and_vendor", condition=~Q(platform="") & ~Q(vendor="")),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.platform}"

    def get_absolute_url(self) -> str:
        return reverse("register-entry", args=[self.number])


class Head(models.Model):
    """One row: where the register ends. Appending locks it, so numbers are committed in order and none is left out."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=NOTHING)

    class Meta:
        constraints = (models.CheckConstraint(name="head_is_one_row", condition=Q(id=1)),)

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"


class Checkpoint(AppendOnly):
    """Where the register ended on a day, signed: who kept one sees when anything before it was changed or cut off."""

    day = models.DateField(_("ngày"), primary_key=True)  # of Việt Nam
    number = models.PositiveBigIntegerField(_("số của mục cuối"))
    hash = models.CharField(_("mã băm của mục cuối"), max_length=64)
    made_at = models.DateTimeField(_("lúc chốt"))
    signature = models.CharField(_("chữ ký"), max_length=88)
    key_id = models.CharField(_("dấu vân tay của khóa"), max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("mốc của sổ đăng ký")
        verbose_name_plural = _("mốc của sổ đăng ký")
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day} {self.number}"
