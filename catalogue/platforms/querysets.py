"""Who sees which rows, and what a page needs of them. Views and the API ask here and nowhere else."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Q, Value, When

from .choices import Assurance

if TYPE_CHECKING:
    from .models import Category, Platform  # noqa: F401


class PlatformQuerySet(models.QuerySet["Platform"]):
    def listed(self) -> Self:
        """Platforms that the public sees. Everything registered is, until vetting holds drafts back."""
        return self

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        return self.listed()

    def for_cards(self) -> Self:
        return self.select_related("vendor", "category__parent").prefetch_related("also")

    def for_page(self) -> Self:
        return self.for_cards().select_related("vendor__province").prefetch_related("evidence")

    def in_category(self, category: "Category") -> Self:
        """Those that stand in the category, or in a leaf of it, by their first category or a further one. Each once."""
        leaves = type(category).objects.filter(Q(pk=category.pk) | Q(parent=category.pk)).values("pk")
        also = self.model.also.through.objects.filter(category__in=leaves).values("platform")
        return self.filter(Q(category__in=leaves) | Q(pk__in=also))

    def best_assured_first(self) -> Self:
        """The best checked first, then by name: an order that says something and favours nobody within a level."""
        order = Case(*(When(assurance=level, then=Value(at)) for at, level in enumerate(Assurance.values)))
        return self.order_by(order.desc(), "name", "pk")


class CategoryQuerySet(models.QuerySet["Category"]):
    def groups(self) -> Self:
        return self.filter(parent__isnull=True)

    def leaves_only(self) -> Self:
        return self.filter(parent__isnull=False)
