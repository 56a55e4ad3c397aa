"""People and the organisations they speak for."""

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.common import tax_codes
from catalogue.common.models import Timestamped, one_of
from catalogue.common.text import name_words

from .roles import OrganisationState
from .scopes import OrganisationQuerySet

GOVERNMENT = ".gov.vn"  # only state bodies have such a domain (Circular 24/2015/TT-BTTTT)


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
        """Make an operator. Who can run commands on the server need not prove the address by a mail."""
        user = self._create_user(email, email, password, **{"is_staff": True, "is_superuser": True, **extra})
        EmailAddress.objects.using(self._db).create(user=user, email=user.email, verified=True, primary=True)
        return user


class User(AbstractUser):
    """A person, known by e-mail address."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]  # a Vietnamese name is one name
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("thư điện tử"), unique=True)
    language = models.CharField(
        _("ngôn ngữ của thư"),
        max_length=5,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        db_default=settings.LANGUAGE_CODE,
    )
    full_name = models.CharField(_("họ và tên"), max_length=150, blank=True)
    idle_warned_at = models.DateTimeField(_("lúc nhắc vì lâu không đăng nhập"), null=True, blank=True, editable=False)
    locked_at = models.DateTimeField(_("lúc khóa vì lâu không đăng nhập"), null=True, blank=True, editable=False)
    deletion_asked_at = models.DateTimeField(_("lúc yêu cầu xóa"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("lúc xóa dữ liệu"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("người dùng")
        verbose_name_plural = _("người dùng")
        constraints = (
            models.CheckConstraint(
                name="user_locked_after_a_warning", condition=Q(locked_at=None) | Q(idle_warned_at__isnull=False)
            ),
            models.CheckConstraint(
                name="user_erased_holds_nothing",
                condition=Q(erased_at=None) | Q(is_active=False, is_staff=False, is_superuser=False, full_name=""),
            ),
        )

    @property
    def may_act(self) -> bool:
        """Whether a session or a token of this person counts: nobody locked, leaving or gone acts."""
        return self.is_active and self.locked_at is None and self.deletion_asked_at is None

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name or self.email


class OrganisationKind(models.TextChoices):
    VENDOR = "vendor", _("Doanh nghiệp cung cấp")
    AGENCY = "agency", _("Cơ quan")
    REGULATOR = "regulator", _("Cơ quan quản lý")


# What people register themselves; regulators are made by operators.
REGISTERED_KINDS = [(kind.value, kind.label) for kind in (OrganisationKind.VENDOR, OrganisationKind.AGENCY)]


def validate_domain(domain: str) -> None:
    if not domain.endswith(GOVERNMENT) or domain != domain.lower():
        raise ValidationError(_("Tên miền phải kết thúc bằng .gov.vn, viết thường."))


class FirmType(models.TextChoices):
    """The four types of digital-technology firm of the national strategy."""

    CORE = "core", _("Làm chủ công nghệ lõi")
    PRODUCT = "product", _("Phát triển sản phẩm")
    DEPLOYMENT = "deployment", _("Triển khai")
    STARTUP = "startup", _("Khởi nghiệp sáng tạo")


class FirmSize(models.TextChoices):
    """The sizes of a firm by Article 5 of Decree 80/2021/NĐ-CP, and what is above them, as a firm declares it."""

    MICRO = "micro", _("Siêu nhỏ")
    SMALL = "small", _("Nhỏ")
    MEDIUM = "medium", _("Vừa")
    LARGE = "large", _("Lớn")


class LegalForm(models.TextChoices):
    COMPANY = "company", _("Doanh nghiệp")
    PUBLIC_BODY = "public_body", _("Đơn vị nhà nước")
    ASSOCIATION = "association", _("Hội, hiệp hội")
    UNIVERSITY = "university", _("Trường đại học")
    HOUSEHOLD = "household", _("Hộ kinh doanh, cá nhân")


class Organisation(Timestamped):
    """A vendor, an agency or a regulator."""

    kind = models.CharField(_("loại"), max_length=20, choices=OrganisationKind)
    key = models.SlugField(_("khóa"), max_length=80, unique=True)
    name = models.CharField(_("tên đầy đủ"), max_length=200)
    short_name = models.CharField(_("tên gọi"), max_length=100)
    legal_form = models.CharField(_("hình thức pháp lý"), max_length=20, choices=LegalForm, default=LegalForm.COMPANY)
    firm_type = models.CharField(_("loại doanh nghiệp số"), max_length=20, choices=FirmType, blank=True)
    firm_size = models.CharField(
        _("quy mô doanh nghiệp"), max_length=10, choices=FirmSize, blank=True, default="", db_default=""
    )
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
    state = models.CharField(
        _("tình trạng"),
        max_length=10,
        choices=OrganisationState,
        default=OrganisationState.ACTIVE,
        db_default=OrganisationState.ACTIVE.value,
        editable=False,
    )
    refusal = models.TextField(
        _("lý do không xác nhận"), max_length=2000, blank=True, default="", db_default="", editable=False
    )
    domain = models.CharField(
        _("tên miền xác nhận"), max_length=100, unique=True, null=True, blank=True, validators=[validate_domain]
    )
    shown_since = models.DateTimeField(_("có trang công khai từ"), null=True, blank=True)
    folded = models.CharField(max_length=315, default="", db_default="", editable=False)  # its names as they are found

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("tổ chức")
        verbose_name_plural = _("tổ chức")
        ordering = ("name",)
        permissions = (("decide_organisations", _("Xác nhận cơ quan, quyết định ai quản lý trang")),)
        constraints = (
            one_of("state", OrganisationState, "organisation_state_known"),
            models.CheckConstraint(
                name="organisation_tax_code_form",
                condition=Q(tax_code__isnull=True) | Q(tax_code__regex=tax_codes.STORED_FORM),
            ),
            models.CheckConstraint(
                name="organisation_domain_of_agencies",
                condition=Q(domain__isnull=True) | Q(domain__endswith=GOVERNMENT) & ~Q(kind="vendor"),
            ),
            models.CheckConstraint(
                name="organisation_refused_has_reason", condition=~Q(state="refused") | ~Q(refusal="")
            ),
            one_of("kind", OrganisationKind, "organisation_kind_known"),
            one_of("legal_form", LegalForm, "organisation_legal_form_known"),
            models.CheckConstraint(
                name="organisation_firm_type_of_vendors",
                condition=Q(firm_type="") | Q(firm_type__in=FirmType.values, kind="vendor"),
            ),
            models.CheckConstraint(
                name="organisation_firm_size_of_vendors",
                condition=Q(firm_size="") | Q(firm_size__in=FirmSize.values, kind="vendor"),
            ),
            models.CheckConstraint(name="organisation_not_its_own_parent", condition=~Q(parent=F("id"))),
            models.CheckConstraint(name="organisation_has_names", condition=~Q(name="") & ~Q(short_name="")),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = f" {name_words(self.name)} | {name_words(self.short_name)} "
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded"}
        super().save(*args, **kwargs)

    def clean_fields(self, exclude: Any = None) -> None:
        """Put the tax code into its one form before it is compared."""
        if self.tax_code:
            try:
                self.tax_code = tax_codes.normalised(self.tax_code)
            except tax_codes.WrongTaxCode as wrong:
                raise ValidationError({"tax_code": str(wrong)}) from None
        self.tax_code = self.tax_code or None
        self.domain = self.domain or None
        super().clean_fields(exclude)

    @property
    def is_active(self) -> bool:
        return self.state == OrganisationState.ACTIVE

    @property
    def public_tax_code(self) -> str:
        """The tax code of a company or its branch; "" where there is none, or where it is the number of a person."""
        return self.tax_code if self.tax_code and tax_codes.is_public(self.tax_code) else ""
