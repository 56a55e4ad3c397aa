"""Who sees which rows, and what a page needs of them. Views and the API ask here and nowhere else."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Count, F, Q, Value, When

from catalogue.accounts.models import Organisation

from .choices import Assurance

if TYPE_CHECKING:
    from .models import Category, Evidence, Platform  # noqa: F401


def _listed(prefix: str = "") -> Q:
    return Q(**{f"{prefix}listed_at__isnull": False, f"{prefix}retired_at__isnull": True})


def listed_platforms() -> Count:
    """Return the number of listed platforms of a vendor or category, to annotate with."""
    return Count("platforms", filter=_listed("platforms__"))


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def public(self) -> Self:
        """Evidence about platforms that the public sees."""
        return self.filter(_listed("platform__"))


class PlatformQuerySet(models.QuerySet["Platform"]):
    def listed(self) -> Self:
        """Platforms that the public sees: put on the list, and not taken off it since."""
        return self.filter(_listed())

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """What public pages show, to whomever: nobody sees a draft there, not even its author."""
        return self.listed()

    def written_by(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Platforms of the vendors that the user may write for, drafts and retired ones too."""
        return self.filter(vendor__in=Organisation.objects.vendors().edited_by(user))

    def read_by_members(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Platforms of the vendors that the user belongs to in whatever role, drafts and retired ones too."""
        return self.filter(vendor__in=Organisation.objects.vendors().read_by(user))

    def for_cards(self) -> Self:
        return self.select_related("vendor", "category__parent").prefetch_related("also")

    def for_comparison(self) -> Self:
        return self.for_cards().select_related("vendor__province").prefetch_related("evidence", "connections")

    def for_page(self) -> Self:
        return self.for_comparison().prefetch_related("packages", "confirmations")

    def in_category(self, category: "Category") -> Self:
        """Those that stand in the category, or in a leaf of it, by their first category or a further one. Each once."""
        leaves = type(category).objects.filter(Q(pk=category.pk) | Q(parent=category.pk)).values("pk")
        also = self.model.also.through.objects.filter(category__in=leaves).values("platform")
        return self.filter(Q(category__in=leaves) | Q(pk__in=also))

    def further_leaves(self, on: date) -> models.QuerySet[Any, Any]:
        """Return the leaves, besides each one's own, that the vetting of these platforms speaks for: their primary keys.

        A leaf of the same group asks by the same criteria. One of another group counts once a reviewer confirmed what the
        listing says of its categories: a vendor names them freely.
        """
        rows = self.model.also.through.objects.filter(platform__in=self)
        confirmed = Q(platform__confirmations__field="also", platform__confirmations__until__gte=on)
        return rows.filter(Q(category__parent=F("platform__category__parent")) | confirmed).values("category")

    def best_assured_first(self) -> Self:
        """The best checked first, then by name: an order that says something and favours nobody within a level."""
        order = Case(*(When(assurance=level, then=Value(at)) for at, level in enumerate(Assurance.values)))
        return self.order_by(order.desc(), "name", "pk")


class CategoryQuerySet(models.QuerySet["Category"]):
    def groups(self) -> Self:
        return self.filter(parent__isnull=True)

    def leaves_only(self) -> Self:
        return self.filter(parent__isnull=False)
