"""What the catalogue lists: platforms, the categories they stand in, the evidence about them, and what changed when."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.common.languages import in_readers_language
from catalogue.common.models import Timestamped, one_of

from .choices import Assurance, EvidenceKind, PhraseKind, PricingModel, Status
from .particulars import Particulars, particulars_constraints
from .querysets import CategoryQuerySet, EvidenceQuerySet, PlatformQuerySet

FIRST_YEAR, LAST_YEAR = 1980, 2100  # a launch year outside is a slip of the keyboard


class Scheme(models.Model):
    """A document that categories rest on: the directive, the programmes, or our own extension."""

    key = models.SlugField(_("khóa"), max_length=40, primary_key=True)
    title = models.CharField(_("tên văn bản"), max_length=300)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("căn cứ phân loại")
        verbose_name_plural = _("căn cứ phân loại")

    def __str__(self) -> str:
        return self.title


class Category(models.Model):
    """A group (no parent) or a leaf of one. Platforms stand in leaves."""

    key = models.SlugField(_("khóa"), max_length=60, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="leaves", verbose_name=_("thuộc nhóm")
    )
    label_vi = models.CharField(_("tên"), max_length=120)
    label_en = models.CharField(_("tên tiếng Anh"), max_length=120)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="categories", verbose_name=_("căn cứ"))
    scheme_item = models.PositiveSmallIntegerField(_("mục trong căn cứ"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("nhóm")
        verbose_name_plural = _("nhóm")
        ordering = ("position", "key")
        constraints = (
            models.CheckConstraint(name="category_not_its_own_parent", condition=~Q(parent=F("id"))),
            models.CheckConstraint(name="category_has_labels", condition=~Q(label_vi="") & ~Q(label_en="")),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return in_readers_language(self.label_vi, self.label_en)


class CategoryPhrase(models.Model):
    """What is known of the needs behind a leaf: a typical need, a term that points to it, or what it is confused with."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="phrases", verbose_name=_("nhóm"))
    kind = models.CharField(_("loại"), max_length=10, choices=PhraseKind)
    text = models.CharField(_("nội dung"), max_length=400)
    instead = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("đúng ra thuộc")
    )
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        verbose_name = _("cách nói của nhu cầu")
        verbose_name_plural = _("cách nói của nhu cầu")
        ordering = ("category", "kind", "position")
        constraints = (
            one_of("kind", PhraseKind, "category_phrase_kind_known"),
            models.UniqueConstraint(name="category_phrase_once", fields=["category", "kind", "text"]),
            models.CheckConstraint(
                name="category_confusion_names_other",
                condition=Q(kind="confusion", instead__isnull=False) | (~Q(kind="confusion") & Q(instead__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return self.text


class CategoryRelation(models.Model):
    """How far the products of another leaf answer the needs of this one: a substitute, or a part they cannot do without."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="relations", verbose_name=_("nhóm"))
    related = models.ForeignKey(Category, models.CASCADE, related_name="+", verbose_name=_("nhóm liên quan"))
    weight = models.FloatField(_("mức độ"), help_text=_("trên 0 đến 1; 1 là đáp ứng như chính nhóm này"))
    reason = models.CharField(_("lý do"), max_length=200)

    class Meta:
        verbose_name = _("nhóm liên quan")
        verbose_name_plural = _("nhóm liên quan")
        ordering = ("category", "-weight", "related")
        constraints = (
            models.UniqueConstraint(name="category_relation_once", fields=["category", "related"]),
            models.CheckConstraint(name="category_relation_to_another", condition=~Q(category=F("related"))),
            models.CheckConstraint(name="category_relation_weight", condition=Q(weight__gt=0, weight__lte=1)),
        )

    def __str__(self) -> str:
        return f"{self.category} → {self.related}"


class Platform(Timestamped, Particulars):
    """A digital platform or product, as its listing states it: the text that is public. Money in Vietnamese dong.

    What its vendor writes and nobody has accepted yet stands in a `Revision`.
    """

    slug = models.SlugField(_("khóa"), max_length=80, unique=True)
    name = models.CharField(_("tên"), max_length=200)
    vendor = models.ForeignKey(
        "catalogue.Organisation", models.PROTECT, related_name="platforms", verbose_name=_("nhà cung cấp")
    )
    category = models.ForeignKey(Category, models.PROTECT, related_name="platforms", verbose_name=_("nhóm chính"))
    also = models.ManyToManyField(Category, blank=True, related_name="also_platforms", verbose_name=_("cũng thuộc"))
    summary = models.CharField(_("tóm tắt"), max_length=300, blank=True)  # "" only before it is listed
    description = models.TextField(_("mô tả"), blank=True)
    # Lists of texts. `solves`: the problem a customer has before buying, in the customer's words.
    capabilities = models.JSONField(_("chức năng"), default=list, blank=True)
    solves = models.JSONField(_("bài toán giải quyết"), default=list, blank=True)
    customers = models.JSONField(_("khách hàng"), default=list, blank=True)
    deployment = models.JSONField(_("cách triển khai"), default=list, blank=True)  # values of Deployment
    pricing_model = models.CharField(
        _("cách tính giá"), max_length=20, choices=PricingModel, default=PricingModel.UNKNOWN
    )
    pricing_note = models.CharField(_("ghi chú giá"), max_length=400, blank=True)
    price_min = models.BigIntegerField(_("giá từ (đồng)"), null=True, blank=True)
    price_max = models.BigIntegerField(_("giá đến (đồng)"), null=True, blank=True)
    price_unit = models.CharField(_("đơn vị tính giá"), max_length=100, blank=True)
    status = models.CharField(_("tình trạng"), max_length=15, choices=Status, default=Status.UNKNOWN)
    launched = models.PositiveSmallIntegerField(_("năm ra mắt"), null=True, blank=True)
    website = models.URLField(_("trang web"), blank=True)
    sources = models.JSONField(_("nguồn"), default=list, blank=True)  # [{"url": str | null, "note": str}]
    # Derived from evidence and reviews; see `services.refresh_assurance` and `mark_vetted`.
    assurance = models.CharField(
        _("mức bảo đảm"), max_length=15, choices=Assurance, default=Assurance.LISTED, editable=False
    )
    assured_on = models.DateField(_("ngày bảo đảm"), null=True, editable=False)
    vetted_until = models.DateField(_("thẩm định có hiệu lực đến"), null=True, editable=False)
    # Null: a vendor's draft that the public has never seen.
    listed_at = models.DateTimeField(_("lúc đưa vào danh mục"), null=True, blank=True, editable=False)
    retired_at = models.DateTimeField(_("lúc rút khỏi danh mục"), null=True, blank=True, editable=False)
    # Those of `capabilities` that stand in the common list; the texts themselves are there too.
    common_capabilities = models.ManyToManyField(
        "catalogue.Capability", blank=True, related_name="platforms", verbose_name=_("chức năng thường gặp")
    )

    objects = PlatformQuerySet.as_manager()

    class Meta:
        verbose_name = _("nền tảng")
        verbose_name_plural = _("nền tảng")
        ordering = ("name",)
        constraints = (
            one_of("pricing_model", PricingModel, "platform_pricing_model_known"),
            one_of("status", Status, "platform_status_known"),
            one_of("assurance", Assurance, "platform_assurance_known"),
            models.CheckConstraint(name="platform_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="platform_listed_has_summary", condition=Q(listed_at__isnull=True) | ~Q(summary="")
            ),
            models.CheckConstraint(
                name="platform_retired_was_listed",
                condition=Q(retired_at__isnull=True) | Q(listed_at__isnull=False, retired_at__gte=F("listed_at")),
            ),
            models.CheckConstraint(
                name="platform_price_not_negative", condition=Q(price_min__isnull=True) | Q(price_min__gte=0)
            ),
            models.CheckConstraint(
                name="platform_price_range",
                condition=Q(price_max__isnull=True) | Q(price_min__isnull=False, price_max__gte=F("price_min")),
            ),
            models.CheckConstraint(
                name="platform_launched_plausible",
                condition=Q(launched__isnull=True) | Q(launched__gte=FIRST_YEAR, launched__lte=LAST_YEAR),
            ),
            models.CheckConstraint(
                name="platform_assurance_is_dated", condition=Q(assurance="listed") | Q(assured_on__isnull=False)
            ),
            models.CheckConstraint(
                name="platform_vetted_has_an_end",
                condition=Q(assurance="vetted", vetted_until__isnull=False)
                | ~Q(assurance="vetted") & Q(vetted_until__isnull=True),
            ),
            *particulars_constraints(),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("platform", args=[self.slug])


class Evidence(models.Model):
    """What stands behind a platform: a public page that states a deployment or an award, or a document handed in."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="evidence", verbose_name=_("nền tảng"))
    kind = models.CharField(_("loại"), max_length=30, choices=EvidenceKind)
    title = models.CharField(_("nội dung"), max_length=300)
    year = models.PositiveSmallIntegerField(_("năm"), null=True, blank=True)
    url = models.URLField(_("địa chỉ"), max_length=500, blank=True)
    note = models.CharField(_("ghi chú"), max_length=400, blank=True)
    issuer = models.CharField(_("nơi cấp"), max_length=200, blank=True)
    number = models.CharField(_("số hiệu"), max_length=100, blank=True)
    expires_on = models.DateField(_("hết hạn ngày"), null=True, blank=True)
    document = models.ForeignKey(
        "catalogue.Document", models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("tệp")
    )
    # When somebody other than the vendor read the page or the document and found this there; null: nobody yet.
    seen_on = models.DateField(_("ngày đọc"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("bằng chứng")
        verbose_name_plural = _("bằng chứng")
        ordering = ("platform", "-year", "id")
        constraints = (
            one_of("kind", EvidenceKind, "evidence_kind_known"),
            models.UniqueConstraint(name="evidence_once", fields=["platform", "kind", "title", "url"]),
            models.CheckConstraint(
                name="evidence_year_plausible",
                condition=Q(year__isnull=True) | Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
            ),
        )

    def __str__(self) -> str:
        return self.title


class ChangeCounter(models.Model):
    """One row: the number of the last change. Taking a number locks it, so numbers are committed in order."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.CheckConstraint(name="change_counter_is_one_row", condition=Q(id=1)),)

    def __str__(self) -> str:
        return str(self.last)


class Change(models.Model):
    """One change of what is listed, in the order of commits. Followers read on from the number they know."""

    sequence = models.BigIntegerField(primary_key=True)
    slug = models.CharField(max_length=80, blank=True)  # of the platform; "" when everything may have changed
    at = models.DateTimeField(auto_now_add=True)
    # Names of what a reader sees changed, see catalogue/platforms/differences.py; [] when nothing of that did (made,
    # deleted, read anew by an index), null where nobody knows.
    fields = models.JSONField(_("đổi chỗ nào"), null=True)

    class Meta:
        verbose_name = _("thay đổi của danh mục")
        verbose_name_plural = _("thay đổi của danh mục")
        ordering = ("sequence",)
        indexes = (models.Index(name="change_by_platform", fields=["slug", "-sequence"]),)

    def __str__(self) -> str:
        return f"{self.sequence} {self.slug or '*'}"
