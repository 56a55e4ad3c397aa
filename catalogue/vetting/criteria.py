"""What a product is vetted by: sets of criteria, in versions that never change once they are loaded.

A decision points at the criteria it was made by. So a text is put right in a new version, never in the old one.
"""

from __future__ import annotations

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from catalogue.common.append_only import AppendOnly, AppendOnlyQuerySet
from catalogue.common.languages import in_readers_language
from catalogue.platforms.choices import ClaimLevel, EvidenceKind
from catalogue.platforms.content import Content
from catalogue.platforms.models import Category

GIVEN = (ClaimLevel.DOCUMENT_SEEN, ClaimLevel.TESTED)  # what a reviewer can find; users confirm elsewhere
_GENERAL_FIRST = (F("group__position").asc(nulls_first=True), "key")


class CriteriaSetQuerySet(AppendOnlyQuerySet):
    def current(self, on: date) -> Self:
        """Those in force on a day, the general one first: of each key the newest version that has begun, unless it is over.

        An older version never comes back, so a set is ended by a version that ends.
        """
        begun = self.filter(valid_from__lte=on)
        newer = self.model.objects.filter(valid_from__lte=on, key=OuterRef("key"), version__gt=OuterRef("version"))
        return begun.filter(~Exists(newer), Q(valid_to=None) | Q(valid_to__gte=on)).order_by(*_GENERAL_FIRST)


class CriteriaSet(AppendOnly):
    """A version of the criteria for every product (no group), or of those that a group has besides."""

    key = models.SlugField(_("khóa"), max_length=60)
    version = models.PositiveSmallIntegerField(_("phiên bản"), validators=[MinValueValidator(1)])
    group = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"parent": None},
        related_name="criteria_sets",
        verbose_name=_("nhóm"),
    )
    title = models.CharField(_("tên"), max_length=200)
    title_en = models.CharField(_("tên tiếng Anh"), max_length=200)
    valid_from = models.DateField(_("áp dụng từ ngày"))
    valid_to = models.DateField(_("áp dụng đến hết ngày"), null=True, blank=True)
    note = models.CharField(_("ghi chú"), max_length=600, blank=True)
    note_en = models.CharField(_("ghi chú tiếng Anh"), max_length=600, blank=True)

    objects = CriteriaSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("bộ tiêu chí")
        verbose_name_plural = _("bộ tiêu chí")
        ordering = ("key", "-version")
        constraints = (
            models.UniqueConstraint(name="criteria_set_version_once", fields=["key", "version"]),
            models.CheckConstraint(name="criteria_set_counts_from_1", condition=Q(version__gte=1)),
            models.CheckConstraint(name="criteria_set_has_title", condition=~Q(title="") & ~Q(title_en="")),
            models.CheckConstraint(
                name="criteria_set_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.version}"

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return in_readers_language(self.title, self.title_en)

    @property
    def remark(self) -> str:
        """The note in the reader's language."""
        return in_readers_language(self.note, self.note_en)


def _of_kinds(values: list[str]) -> None:
    if unknown := set(values) - set(EvidenceKind.values):
        raise ValidationError(f"{sorted(unknown)} are no kinds of evidence")


def _of_content(values: list[str]) -> None:
    if unknown := set(values) - set(Content.model_fields):
        raise ValidationError(f"{sorted(unknown)} are no fields that vendors write")


class Criterion(AppendOnly):
    """One question that a reviewer answers, by what, on which legal basis, and for how long the answer holds."""

    criteria_set = models.ForeignKey(
        CriteriaSet, models.PROTECT, related_name="criteria", verbose_name=_("bộ tiêu chí")
    )
    key = models.SlugField(_("khóa"), max_length=60)
    question = models.CharField(_("câu hỏi"), max_length=300)
    question_en = models.CharField(_("câu hỏi tiếng Anh"), max_length=300)
    guidance = models.TextField(_("thế nào là đạt"))
    guidance_en = models.TextField(_("thế nào là đạt, tiếng Anh"))
    mandatory = models.BooleanField(_("bắt buộc"))
    evidence_kinds = models.JSONField(_("loại bằng chứng"), default=list, blank=True, validators=[_of_kinds])
    # Names of fields of `Content` that a met criterion confirms, at `level`.
    fields = models.JSONField(_("thông tin được xác nhận"), default=list, blank=True, validators=[_of_content])
    level = models.CharField(_("mức xác nhận"), max_length=20, choices=[(level.value, level.label) for level in GIVEN])
    basis = models.CharField(_("căn cứ"), max_length=400)
    basis_en = models.CharField(_("căn cứ tiếng Anh"), max_length=400)
    basis_url = models.URLField(_("địa chỉ căn cứ"), max_length=500, blank=True)
    basis_from = models.DateField(_("căn cứ có hiệu lực từ ngày"), null=True, blank=True)
    basis_to = models.DateField(_("căn cứ có hiệu lực đến hết ngày"), null=True, blank=True)
    lasts_months = models.PositiveSmallIntegerField(_("kết quả giữ trong (tháng)"), validators=[MinValueValidator(1)])
    position = models.PositiveSmallIntegerField(_("thứ tự"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tiêu chí")
        verbose_name_plural = _("tiêu chí")
        ordering = ("criteria_set", "position")
        constraints = (
            models.UniqueConstraint(name="criterion_once", fields=["criteria_set", "key"]),
            models.UniqueConstraint(name="criterion_has_its_place", fields=["criteria_set", "position"]),
            models.CheckConstraint(
                name="criterion_level_known", condition=Q(level__in=[level.value for level in GIVEN])
            ),
            models.CheckConstraint(name="criterion_lasts", condition=Q(lasts_months__gte=1)),
            models.CheckConstraint(
                name="criterion_says_all",
                condition=~Q(question="")
                & ~Q(question_en="")
                & ~Q(guidance="")
                & ~Q(guidance_en="")
                & ~Q(basis="")
                & ~Q(basis_en=""),
            ),
            models.CheckConstraint(
                name="criterion_basis_ends_after_it_begins",
                condition=Q(basis_from__isnull=True) | Q(basis_to__isnull=True) | Q(basis_to__gte=F("basis_from")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.criteria_set} · {self.key}"

    @property
    def label(self) -> str:
        """The question in the reader's language."""
        return in_readers_language(self.question, self.question_en)

    @property
    def help(self) -> str:
        """What counts as proof, in the reader's language."""
        return in_readers_language(self.guidance, self.guidance_en)

    @property
    def basis_label(self) -> str:
        """The legal basis in the reader's language."""
        return in_readers_language(self.basis, self.basis_en)

    def basis_in_force(self, on: date) -> bool | None:
        """Whether the basis binds on a day; None when its dates are not known."""
        if self.basis_to and self.basis_to < on:
            return False
        return None if self.basis_from is None else self.basis_from <= on


def criteria_for(leaf: Category, on: date) -> list[Criterion]:
    """Return what a product of a leaf is vetted by on a day: the general criteria, then those of the leaf's group."""
    sets = CriteriaSet.objects.current(on).filter(Q(group=None) | Q(group=leaf.parent_id or leaf.pk))
    order = (F("criteria_set__group__position").asc(nulls_first=True), "criteria_set__key", "position")
    return list(Criterion.objects.filter(criteria_set__in=sets).select_related("criteria_set").order_by(*order))
