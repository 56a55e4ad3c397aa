"""Functions that several vendors name alike: offered to whoever describes a product, so that products can be compared."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Capability(models.Model):
    """One function, under the name that listings give it."""

    key = models.SlugField(_("khóa"), max_length=80, unique=True)
    label = models.CharField(_("tên chức năng"), max_length=120, unique=True)
    categories = models.ManyToManyField("catalogue.Category", related_name="capabilities", verbose_name=_("nhóm"))
    # Slugs of the listings that named it when the list was made: where the name comes from.
    sources = models.JSONField(_("hồ sơ nêu chức năng này"), default=list, blank=True)

    class Meta:
        verbose_name = _("chức năng thường gặp")
        verbose_name_plural = _("chức năng thường gặp")
        ordering = ("label",)
        constraints = (models.CheckConstraint(name="capability_has_label", condition=~Q(label="")),)

    def __str__(self) -> str:
        return self.label
