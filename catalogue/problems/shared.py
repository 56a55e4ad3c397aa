"""Platforms that the State runs for all offices, so that none buys the same again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.platforms.models import Category


class SharedPlatform(models.Model):
    """A national or shared platform, as a public document names it. Loaded from seeds/shared_platforms.yaml."""

    key = models.SlugField(_("khóa"), max_length=80, unique=True)
    name = models.CharField(_("tên"), max_length=200)
    owner = models.CharField(_("cơ quan chủ quản"), max_length=200)
    does = models.TextField(_("dùng để"), max_length=500)
    categories = models.ManyToManyField(Category, related_name="shared_platforms", verbose_name=_("nhóm nhu cầu"))
    basis = models.CharField(_("văn bản"), max_length=300, blank=True)
    sources = models.JSONField(_("nguồn"), default=list, blank=True)  # [{"url": str | null, "note": str}]

    class Meta:
        verbose_name = _("nền tảng dùng chung")
        verbose_name_plural = _("nền tảng dùng chung")
        ordering = ("name",)
        constraints = (models.CheckConstraint(name="shared_platform_is_named", condition=~Q(name="") & ~Q(owner="")),)

    def __str__(self) -> str:
        return self.name
