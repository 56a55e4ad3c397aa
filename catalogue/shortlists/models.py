"""What somebody keeps for later."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ShortlistItem(models.Model):
    """One product on a person's shortlist.

    Named by its key and by its name of that day, not by a foreign key: a product that leaves the catalogue stays named on
    the lists it is on.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="shortlist", verbose_name=_("người dùng")
    )
    platform = models.SlugField(_("khóa của nền tảng"), max_length=80, db_index=False)
    name = models.CharField(_("tên khi lưu"), max_length=200)
    note = models.TextField(_("ghi chú"), blank=True)
    added_at = models.DateTimeField(_("ngày lưu"), default=timezone.now)

    class Meta:
        verbose_name = _("mục đã lưu")
        verbose_name_plural = _("danh sách lưu")
        ordering = ("-added_at", "-id")
        constraints = (models.UniqueConstraint(name="shortlist_item_once", fields=["user", "platform"]),)

    def __str__(self) -> str:
        return self.name
