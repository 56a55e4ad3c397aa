"""Searches that a vendor keeps: who writes for it is told once, by digest, of each new problem that one of them finds."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation, OrganisationKind, User
from catalogue.accounts.scopes import Caller
from catalogue.audit.record import record
from catalogue.notifications.send import notify
from catalogue.platforms.models import Category

from . import telling
from .models import Problem
from .querysets import ProblemQuerySet
from .refusals import SearchEmpty, TooManySearches
from .states import Visibility

LONGEST_TEXT = 200
MOST = 20  # of one vendor


class SavedSearch(models.Model):
    """Words, a category, or both. Nothing of who saved it: it belongs to the vendor."""

    vendor = models.ForeignKey(
        Organisation, models.CASCADE, related_name="saved_searches", limit_choices_to={"kind": OrganisationKind.VENDOR},
        verbose_name=_("doanh nghiệp"),
    )  # fmt: skip
    text = models.CharField(_("từ cần tìm"), max_length=LONGEST_TEXT, blank=True)
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("nhóm nhu cầu")
    )
    saved_at = models.DateTimeField(_("lúc lưu"))

    class QuerySet(models.QuerySet["SavedSearch"]):
        def of_vendors_of(self, user: Caller) -> Self:
            """Those of the vendors in whose name the caller may write."""
            return self.filter(vendor__in=Organisation.objects.vendors().edited_by(user))

    objects = QuerySet.as_manager()

    class Meta:
        verbose_name = _("tìm kiếm đã lưu")
        verbose_name_plural = _("tìm kiếm đã lưu")
        ordering = ("vendor", "saved_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="saved_search_asks_something", condition=~Q(text="") | Q(category__isnull=False)
            ),
            models.UniqueConstraint(name="saved_search_once", fields=["vendor", "text", "category"]),
            models.UniqueConstraint(
                name="saved_words_once", fields=["vendor", "text"], condition=Q(category__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.text, self.category.label if self.category else "")))

    def found(self, problems: ProblemQuerySet) -> ProblemQuerySet:
        """Narrow problems down to those that it finds, as the list does."""
        within = problems.matching(self.text)
        return within.in_category(self.category) if self.category else within


@transaction.atomic
def save(vendor: Organisation, *, text: str, category: Category | None, by: User, now: datetime) -> SavedSearch:
    """Keep a search for a vendor; the same one again is the one that is kept. Raises SearchEmpty, TooManySearches."""
    text = text.strip()[:LONGEST_TEXT]
    if not text and category is None:
        raise SearchEmpty
    Organisation.objects.select_for_update(of=("self",)).get(pk=vendor.pk)  # who save at once count one another
    own = SavedSearch.objects.filter(vendor=vendor)
    if known := own.filter(text=text, category=category).first():
        return known
    if own.count() >= MOST:
        raise TooManySearches(MOST)
    made = SavedSearch.objects.create(vendor=vendor, text=text, category=category, saved_at=now)
    record("problem_search.saved", vendor, by=by, at=now)
    return made


@transaction.atomic
def remove(search: SavedSearch, *, by: User, now: datetime) -> None:
    record("problem_search.removed", search.vendor, by=by, at=now)
    search.delete()


def tell(now: datetime) -> int:
    """Tell of open problems posted since a search was saved; return how many notices were asked for."""
    told = 0
    for search in SavedSearch.objects.select_related("vendor", "category"):
        fresh = Problem.objects.open(now).filter(posted_at__gte=search.saved_at).exclude(visibility=Visibility.MINISTRY)
        vendor = Organisation.objects.filter(pk=search.vendor_id)
        for problem in search.found(fresh):
            if telling.may_read(vendor, problem):
                told += _tell(search, problem, now)
    return told


def _tell(search: SavedSearch, problem: Problem, now: datetime) -> int:
    """Write the notices of one find; of several searches that find the same problem the first counts."""
    writers = telling.writers(Organisation.objects.filter(pk=search.vendor_id))
    for user in writers:
        notify(
            "search_found", to=user, about=f"problem:{problem.pk}:search:{search.vendor_id}", at=now,
            title=problem.title, slug=problem.slug, search=str(search), vendor=search.vendor.key,
        )  # fmt: skip
    return len(writers)
