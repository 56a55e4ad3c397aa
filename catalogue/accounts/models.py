"""People and the organisations they speak for."""

import re
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.common.models import Timestamped, one_of

_COMPANY_TAX_CODE = re.compile(r"\d{10}(-\d{3})?")  # twelve digits are a person's number, and stay hidden


class UserManager(DjangoUserManager["User"]):
    """Makes users known by their e-mail address."""

    def _create_user(self, username: str, email: str | None, password: str | None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email or username), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":  # type: ignore[override]
        return self._create_user(email, email, password, **{"is_staff": False, "is_superuser": False, **extra})

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":  # type: ignore[override]
        return self._create_user(email, email, password, **{"is_staff": True, "is_superuser": True, **extra})


class User(AbstractUser):
    """A person, known by e-mail address."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("thư điện tử"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("người dùng")
        verbose_name_plural = _("người dùng")


class OrganisationKind(models.TextChoices):
    VENDOR = "vendor", _("Doanh nghiệp cung cấp")
    AGENCY = "agency", _("Cơ quan")
    REGULATOR = "regulator", _("Cơ quan quản lý")


class FirmType(models.TextChoices):
    """The four types of digital-technology firm of the national strategy."""

    CORE = "core", _("Làm chủ công nghệ lõi")
    PRODUCT = "product", _("Phát triển sản phẩm")
    DEPLOYMENT = "deployment", _("Triển khai")
    STARTUP = "startup", _("Khởi nghiệp sáng tạo")


class LegalForm(models.TextChoices):
    COMPANY = "company", _("Doanh nghiệp")
    PUBLIC_BODY = "public_body", _("Đơn vị nhà nước")
    ASSOCIATION = "association", _("Hội, hiệp hội")
    UNIVERSITY = "university", _("Trường đại học")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def vendors(self) -> "OrganisationQuerySet":
        return self.filter(kind=OrganisationKind.VENDOR)

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> "OrganisationQuerySet":
        """Vendors are for everybody to see; agencies and regulators have no page."""
        return self.vendors()


class Organisation(Timestamped):
    """A vendor, an agency or a regulator."""

    kind = models.CharField(_("loại"), max_length=20, choices=OrganisationKind)
    key = models.SlugField(_("khóa"), max_length=80, unique=True)
    name = models.CharField(_("tên đầy đủ"), max_length=200)
    short_name = models.CharField(_("tên gọi"), max_length=100)
    legal_form = models.CharField(_("hình thức pháp lý"), max_length=20, choices=LegalForm, default=LegalForm.COMPANY)
    firm_type = models.CharField(_("loại doanh nghiệp số"), max_length=20, choices=FirmType, blank=True)
    tax_code = models.CharField(_("mã số thuế"), max_length=14, unique=True, null=True, blank=True)
    website = models.URLField(_("trang web"), blank=True)
    province = models.ForeignKey(
        "catalogue.Province",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("tỉnh, thành"),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("thuộc")
    )
    sources = models.JSONField(_("nguồn"), default=list, blank=True)  # [{"url": str | null, "note": str}]

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("tổ chức")
        verbose_name_plural = _("tổ chức")
        ordering = ("name",)
        constraints = (
            one_of("kind", OrganisationKind, "organisation_kind_known"),
            one_of("legal_form", LegalForm, "organisation_legal_form_known"),
            models.CheckConstraint(
                name="organisation_firm_type_of_vendors",
                condition=Q(firm_type="") | Q(firm_type__in=FirmType.values, kind="vendor"),
            ),
            models.CheckConstraint(name="organisation_not_its_own_parent", condition=~Q(parent=F("id"))),
            models.CheckConstraint(name="organisation_has_names", condition=~Q(name="") & ~Q(short_name="")),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def public_tax_code(self) -> str:
        """The tax code of a company or its branch; "" where there is none, or where it is the number of a person."""
        return self.tax_code if self.tax_code and _COMPANY_TAX_CODE.fullmatch(self.tax_code) else ""
