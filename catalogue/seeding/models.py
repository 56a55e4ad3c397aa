"""Which seed rows were loaded, as they stood."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SeedRow(models.Model):
    """A row of a seed file as it was loaded last.

    It is loaded again only when the file changes it, so that what people changed since, in the admin or by registering,
    is not undone by the next installation.
    """

    file = models.CharField(max_length=60)
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("dòng dữ liệu khởi tạo")
        verbose_name_plural = _("dòng dữ liệu khởi tạo")
        constraints = (models.UniqueConstraint(name="seed_row_once", fields=["file", "key"]),)

    def __str__(self) -> str:
        return f"{self.file}: {self.key}"
