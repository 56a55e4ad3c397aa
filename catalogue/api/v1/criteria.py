"""What products are vetted by: open to everybody, as JSON and as YAML."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.renderers import JSONRenderer
from rest_framework.viewsets import GenericViewSet

from catalogue.api.renderers import YAMLRenderer
from catalogue.platforms.choices import EvidenceKind
from catalogue.platforms.models import Category
from catalogue.vetting.criteria import CriteriaSet, CriteriaSetQuerySet, Criterion

_CRITERION_EXAMPLE = {
    "key": "source-code",
    "question": "Thiết kế và mã nguồn thuộc sở hữu của bên Việt Nam, hoặc phát triển trên mã nguồn mở được phép khai thác không?",
    "question_en": "Are design and source code owned by a Vietnamese party, or built on open source that may be exploited?",
    "guidance": "Giấy chứng nhận đăng ký quyền tác giả, hoặc giấy tờ khác chứng minh quyền sở hữu.",
    "guidance_en": "A copyright certificate or other papers that prove ownership.",
    "mandatory": True,
    "evidence_kinds": ["copyright", "other"],
    "confirms": ["source_owner", "copyright_certificate"],
    "level": "document_seen",
    "basis": "Thông tư 34/2025/TT-BKHCN, Điều 5",
    "basis_en": "Circular 34/2025/TT-BKHCN, Article 5",
    "basis_url": "",
    "basis_from": "2026-01-01",
    "basis_to": None,
    "lasts_months": 24,
}
_EXAMPLE = {
    "key": "general",
    "version": 1,
    "group": None,
    "title": "Bộ tiêu chí chung",
    "title_en": "General criteria",
    "valid_from": "2026-11-01",
    "valid_to": None,
    "note": "Áp dụng cho mọi sản phẩm.",
    "note_en": "They apply to every product.",
    "criteria": [_CRITERION_EXAMPLE],
}


class CriterionSerializer(serializers.ModelSerializer[Criterion]):
    """One question. A met criterion confirms the fields in `confirms`, at `level`, for `lasts_months`."""

    evidence_kinds = serializers.ListField(child=serializers.ChoiceField(choices=EvidenceKind.choices), read_only=True)
    confirms = serializers.ListField(child=serializers.CharField(), source="fields", read_only=True)

    class Meta:
        model = Criterion
        fields = tuple(_CRITERION_EXAMPLE)
        read_only_fields = fields


@extend_schema_serializer(examples=[OpenApiExample("The general set", _EXAMPLE, response_only=True)])
class CriteriaSetSerializer(serializers.ModelSerializer[CriteriaSet]):
    """A version of a set, its criteria in order. `group` is null for what every product is asked."""

    group = serializers.SlugRelatedField[Category]("key", read_only=True)
    criteria = CriterionSerializer(many=True, read_only=True)

    class Meta:
        model = CriteriaSet
        fields = tuple(_EXAMPLE)
        read_only_fields = fields


class CriteriaFilter(django_filters.FilterSet):
    """The sets in force on a day, today unless one is asked for."""

    on = django_filters.DateFilter(label="a day; today unless said")

    class Meta:
        model = CriteriaSet
        fields: list[str] = []

    def filter_queryset(self, queryset: CriteriaSetQuerySet) -> CriteriaSetQuerySet:
        return queryset.current(self.form.cleaned_data["on"] or timezone.localdate())


class CriteriaSetViewSet(ListModelMixin, GenericViewSet[CriteriaSet]):
    """What products are vetted by, the general set first. As YAML with `Accept: application/yaml` or `format=yaml`."""

    queryset = CriteriaSet.objects.none()
    serializer_class = CriteriaSetSerializer
    filterset_class = CriteriaFilter
    renderer_classes = (JSONRenderer, YAMLRenderer)

    def get_queryset(self) -> QuerySet[CriteriaSet]:
        return CriteriaSet.objects.select_related("group").prefetch_related("criteria")
