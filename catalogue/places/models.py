"""Provinces as they are since 1/7/2025, and every name that still stands in papers."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.common.models import one_of
from catalogue.common.text import canonical


class ProvinceKind(models.TextChoices):
    CITY = "city", _("Thành phố trực thuộc trung ương")
    PROVINCE = "province", _("Tỉnh")


class Province(models.Model):
    """One of the 34 province-level units. `code` is the one of Decision 19/2025/QĐ-TTg."""

    code = models.CharField(_("mã"), max_length=2, primary_key=True)
    name = models.CharField(_("tên"), max_length=60, unique=True)
    kind = models.CharField(_("loại"), max_length=10, choices=ProvinceKind)
    valid_from = models.DateField(_("có hiệu lực từ"))
    source = models.CharField(_("căn cứ"), max_length=200)

    class Meta:
        verbose_name = _("tỉnh, thành")
        verbose_name_plural = _("tỉnh, thành")
        ordering = ("code",)
        constraints = (one_of("kind", ProvinceKind, "province_kind_known"),)

    def __str__(self) -> str:
        return self.name


class NameKind(models.TextChoices):
    FORMER = "former", _("Đơn vị trước sáp nhập")
    ALIAS = "alias", _("Cách viết khác")


class ProvinceName(models.Model):
    """A name by which a province is found: a former province, or another spelling. A code may have meant another one."""

    province = models.ForeignKey(Province, models.CASCADE, related_name="names", verbose_name=_("tỉnh, thành"))
    kind = models.CharField(_("loại"), max_length=10, choices=NameKind)
    name = models.CharField(_("tên"), max_length=60)
    canonical = models.CharField(max_length=60, editable=False)
    old_code = models.CharField(_("mã cũ"), max_length=2, blank=True)
    valid_to = models.DateField(_("có hiệu lực đến"), null=True, blank=True)

    class Meta:
        verbose_name = _("tên tỉnh, thành")
        verbose_name_plural = _("tên tỉnh, thành")
        ordering = ("province", "kind", "name")
        constraints = (
            one_of("kind", NameKind, "province_name_kind_known"),
            models.UniqueConstraint(name="province_name_once", fields=["province", "kind", "canonical"]),
            models.CheckConstraint(
                name="province_former_has_end", condition=~Q(kind="former") | Q(valid_to__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.canonical = canonical(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


def provinces_by_name() -> dict[str, str]:
    """Return the code of the province that each name, old or new, in canonical form, stands for today."""
    names = dict(ProvinceName.objects.annotate(code=F("province_id")).values_list("canonical", "code"))
    return names | {canonical(name): code for code, name in Province.objects.values_list("code", "name")}
