"""Who sees which rows, and what a page needs of them. Views and the API ask here and nowhere else."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models

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


class CategoryQuerySet(models.QuerySet["Category"]):
    def groups(self) -> Self:
        return self.filter(parent__isnull=True)

    def leaves_only(self) -> Self:
        return self.filter(parent__isnull=False)
