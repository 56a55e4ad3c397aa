"""What an agency has to know before it rents or buys: where data lives, how to leave, whose work it is.

Unknown is a value of its own everywhere: "unknown", null or an empty list, and it never counts as no.
"""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.common.models import one_of

from .choices import Answer, Connected, Maker, SourceOwner

_PERCENT = (MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100)))


class Particulars(models.Model):
    """The part of a platform that vendors fill in. Shares in percent."""

    data_in_vietnam = models.CharField(
        _("dữ liệu đặt tại Việt Nam"), max_length=10, choices=Answer, default=Answer.UNKNOWN
    )
    # Levels 1 to 5 of the law on cyber security, approved for an installation that runs.
    security_level = models.PositiveSmallIntegerField(
        _("cấp độ an toàn đã được phê duyệt"),
        null=True,
        blank=True,
        validators=(MinValueValidator(1), MaxValueValidator(5)),
    )
    standards = models.JSONField(_("tiêu chuẩn đáp ứng"), default=list, blank=True)  # list of texts
    languages = models.JSONField(_("ngôn ngữ giao diện"), default=list, blank=True)  # list of texts
    export_formats = models.JSONField(_("định dạng xuất dữ liệu"), default=list, blank=True)  # list of texts
    exit_terms = models.TextField(_("điều kiện khi ngừng sử dụng"), blank=True)
    vietnamese_share = models.DecimalField(
        _("tỷ lệ sở hữu Việt Nam (%)"), max_digits=5, decimal_places=2, null=True, blank=True, validators=_PERCENT
    )
    designed_by = models.CharField(
        _("ai xác định yêu cầu, thiết kế"), max_length=15, choices=Maker, default=Maker.UNKNOWN
    )
    source_owner = models.CharField(
        _("quyền với mã nguồn"), max_length=15, choices=SourceOwner, default=SourceOwner.UNKNOWN
    )
    copyright_certificate = models.CharField(_("số giấy chứng nhận quyền tác giả"), max_length=100, blank=True)
    rd_share = models.DecimalField(
        _("chi nghiên cứu, phát triển trên doanh thu sản phẩm (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=_PERCENT,
    )
    vietnamese_documents = models.CharField(
        _("tài liệu tiếng Việt"), max_length=10, choices=Answer, default=Answer.UNKNOWN
    )
    support_commitment = models.CharField(
        _("cam kết hỗ trợ, bảo hành, nâng cấp"), max_length=10, choices=Answer, default=Answer.UNKNOWN
    )
    support_phone = models.CharField(_("điện thoại hỗ trợ"), max_length=30, blank=True)
    support_email = models.EmailField(_("thư điện tử hỗ trợ"), blank=True)

    class Meta:
        abstract = True


def particulars_constraints() -> tuple[models.CheckConstraint, ...]:
    """Return what must never be false of these columns; the model that has them puts them among its own."""
    return (
        one_of("data_in_vietnam", Answer, "platform_data_in_vietnam_known"),
        one_of("designed_by", Maker, "platform_designed_by_known"),
        one_of("source_owner", SourceOwner, "platform_source_owner_known"),
        one_of("vietnamese_documents", Answer, "platform_vietnamese_documents_known"),
        one_of("support_commitment", Answer, "platform_support_commitment_known"),
        models.CheckConstraint(
            name="platform_security_level_1_to_5",
            condition=Q(security_level__isnull=True) | Q(security_level__gte=1, security_level__lte=5),
        ),
        models.CheckConstraint(
            name="platform_vietnamese_share_is_percent",
            condition=Q(vietnamese_share__isnull=True) | Q(vietnamese_share__gte=0, vietnamese_share__lte=100),
        ),
        models.CheckConstraint(
            name="platform_rd_share_is_percent",
            condition=Q(rd_share__isnull=True) | Q(rd_share__gte=0, rd_share__lte=100),
        ),
    )


class PlatformConnection(models.Model):
    """A shared system of the State that a platform works with. No row: not known to."""

    platform = models.ForeignKey("catalogue.Platform", models.CASCADE, related_name="connections")
    to = models.CharField(_("kết nối với"), max_length=20, choices=Connected)

    class Meta:
        verbose_name = _("kết nối")
        verbose_name_plural = _("kết nối")
        ordering = ("platform", "id")
        constraints = (
            one_of("to", Connected, "platform_connection_known"),
            models.UniqueConstraint(name="platform_connection_once", fields=["platform", "to"]),
        )

    def __str__(self) -> str:
        return self.get_to_display()
