"""Words that mean the same: abbreviations of official writing, synonyms. Reviewed data, each entry with its source."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.common.models import one_of


class Abbreviation(models.Model):
    """A short form and what it stands for; with several meanings, `contexts` names the words that decide."""

    short = models.CharField(_("viết tắt"), max_length=40, unique=True)
    also = models.JSONField(_("cách viết khác"), default=list, blank=True)  # [str]
    expansions = models.JSONField(_("nghĩa"))  # [str], at least one
    contexts = models.JSONField(_("từ quyết định nghĩa"), default=dict, blank=True)  # {expansion: [str]}
    default = models.CharField(_("nghĩa khi không rõ"), max_length=200, blank=True)  # "" leaves it unexpanded
    field = models.CharField(_("lĩnh vực"), max_length=40)
    source = models.CharField(_("nguồn"), max_length=200)

    class Meta:
        verbose_name = _("từ viết tắt")
        verbose_name_plural = _("từ viết tắt")
        ordering = ("short",)
        constraints = (models.CheckConstraint(name="abbreviation_has_source", condition=~models.Q(source="")),)

    def __str__(self) -> str:
        return self.short


class OutsideKind(models.TextChoices):
    GOODS = "goods", _("Hàng hóa")
    WORKS = "works", _("Xây lắp")
    SERVICES = "services", _("Dịch vụ")
    OTHER = "other", _("Khác")


class OutsideExample(models.Model):
    """A statement that no digital platform answers: by such examples the recommender knows when to say so."""

    key = models.SlugField(_("khóa"), max_length=40, unique=True)
    kind = models.CharField(_("loại"), max_length=10, choices=OutsideKind)
    text = models.CharField(_("nội dung"), max_length=600, unique=True)

    class Meta:
        verbose_name = _("ví dụ ngoài phạm vi")
        verbose_name_plural = _("ví dụ ngoài phạm vi")
        ordering = ("key",)
        constraints = (one_of("kind", OutsideKind, "outside_example_kind_known"),)

    def __str__(self) -> str:
        return self.text


class Concept(models.Model):
    """Words of a problem and the words in which listings tell what answers it: a weak relation, in both directions."""

    key = models.SlugField(_("khóa"), max_length=80, unique=True)
    problem = models.JSONField(_("lời của bài toán"))  # [str], at least one
    capability = models.JSONField(_("lời của sản phẩm"))  # [str], at least one
    reason = models.CharField(_("lý do"), max_length=300)
    source = models.CharField(_("nguồn"), max_length=200)

    class Meta:
        verbose_name = _("khái niệm")
        verbose_name_plural = _("khái niệm")
        ordering = ("key",)
        constraints = (
            models.CheckConstraint(name="concept_has_reason", condition=~models.Q(reason="") & ~models.Q(source="")),
        )

    def __str__(self) -> str:
        return self.key


class SynonymKind(models.TextChoices):
    SYNONYM = "synonym", _("Đồng nghĩa")
    LOANWORD = "loanword", _("Từ mượn")
    REGIONAL = "regional", _("Từ địa phương")
    RELATED = "related", _("Từ của bài toán và từ của sản phẩm")


class SynonymGroup(models.Model):
    """Terms that may stand for one another in a search, and why."""

    key = models.SlugField(_("khóa"), max_length=80, unique=True)
    kind = models.CharField(_("loại"), max_length=10, choices=SynonymKind)
    terms = models.JSONField(_("các từ"))  # [str], at least two
    reason = models.CharField(_("lý do"), max_length=400)
    source = models.CharField(_("nguồn"), max_length=200)

    class Meta:
        verbose_name = _("nhóm từ đồng nghĩa")
        verbose_name_plural = _("nhóm từ đồng nghĩa")
        ordering = ("key",)
        constraints = (
            one_of("kind", SynonymKind, "synonym_kind_known"),
            models.CheckConstraint(name="synonym_has_reason", condition=~models.Q(reason="") & ~models.Q(source="")),
        )

    def __str__(self) -> str:
        return self.key
