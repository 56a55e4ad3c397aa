"""What is for sale, priced as an invoice is: so much a unit and period, from so many units, and what comes on top."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.common.models import one_of

from .choices import PackagePeriod, PackageUnit

MOST_MONEY = 10**12  # dong; a thousand billion for one unit is a slip of the keyboard


class Package(models.Model):
    """One package of a platform. Money in Vietnamese dong, without VAT being said; null: not published."""

    platform = models.ForeignKey("catalogue.Platform", models.CASCADE, related_name="packages")
    position = models.PositiveSmallIntegerField(gettext_lazy("thứ tự"), default=0)
    name = models.CharField(gettext_lazy("tên gói"), max_length=100)
    unit = models.CharField(gettext_lazy("đơn vị tính"), max_length=15, choices=PackageUnit)
    period = models.CharField(gettext_lazy("kỳ tính"), max_length=10, choices=PackagePeriod)
    price_min = models.BigIntegerField(gettext_lazy("đơn giá từ (đồng)"), null=True, blank=True)
    price_max = models.BigIntegerField(gettext_lazy("đơn giá đến (đồng)"), null=True, blank=True)
    min_quantity = models.PositiveIntegerField(gettext_lazy("số lượng tối thiểu"), null=True, blank=True)
    min_months = models.PositiveSmallIntegerField(gettext_lazy("thời hạn tối thiểu (tháng)"), null=True, blank=True)
    setup_fee = models.BigIntegerField(gettext_lazy("phí khởi tạo, triển khai (đồng)"), null=True, blank=True)
    support_fee = models.BigIntegerField(gettext_lazy("phí hỗ trợ mỗi năm (đồng)"), null=True, blank=True)
    includes = models.TextField(gettext_lazy("gói gồm những gì"), blank=True)

    class Meta:
        verbose_name = gettext_lazy("gói giá")
        verbose_name_plural = gettext_lazy("gói giá")
        ordering = ("platform", "position", "id")
        constraints = (
            one_of("unit", PackageUnit, "package_unit_known"),
            one_of("period", PackagePeriod, "package_period_known"),
            models.UniqueConstraint(name="package_name_once", fields=["platform", "name"]),
            models.CheckConstraint(name="package_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="package_transactions_are_paid_by_use",
                condition=Q(unit="transaction", period="use") | (~Q(unit="transaction") & ~Q(period="use")),
            ),
            models.CheckConstraint(
                name="package_price_range",
                condition=Q(price_max__isnull=True) | Q(price_min__isnull=False, price_max__gte=F("price_min")),
            ),
            *(
                models.CheckConstraint(
                    name=f"package_{field}_plausible",
                    condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0, f"{field}__lte": MOST_MONEY}),
                )
                for field in ("price_min", "price_max", "setup_fee", "support_fee")
            ),
            *(
                models.CheckConstraint(
                    name=f"package_{field}_not_zero",
                    condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 1}),
                )
                for field in ("min_quantity", "min_months")
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def counted(self) -> str:
        """Say what one price pays for: "người dùng / tháng", "giao dịch", "cả hệ thống, trả một lần"."""
        return counted(self.unit, self.period)


def counted(unit: str, period: str) -> str:
    """Return unit and period in words, in the reader's language."""
    of = str(PackageUnit(unit).label)
    if period == PackagePeriod.USE:
        return of
    if period == PackagePeriod.ONCE:
        return _("%(unit)s, trả một lần") % {"unit": of}
    return _("%(unit)s / %(period)s") % {"unit": of, "period": PackagePeriod(period).label}


@dataclass(frozen=True, slots=True)
class Range:
    """The price of a listing. Dong; `unit` and `period` as in a package."""

    low: int | None = None
    high: int | None = None
    unit: str = ""
    period: str = ""


def price_range(packages: Sequence[tuple[str, str, int | None, int | None]]) -> Range:
    """Return the range of one unit and period, from (unit, period, low, high) of each package in the vendor's order.

    Prices of different units are not comparable, so only those that are counted as the first priced package is take part.
    """
    priced = [package for package in packages if package[2] is not None]
    if not priced:
        return Range()
    unit, period = priced[0][:2]
    alike = [(low, high) for u, p, low, high in priced if (u, p) == (unit, period) and low is not None]
    low = min(low for low, _high in alike)
    high = max(low if high is None else high for low, high in alike)
    return Range(low, high, unit, period)
