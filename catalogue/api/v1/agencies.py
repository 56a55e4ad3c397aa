"""Agencies that posted problems, and for how long they have been silent."""

from __future__ import annotations

from functools import cached_property
from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from catalogue.accounts.models import Organisation
from catalogue.problems.standing import Standing, agencies, standing
from catalogue.problems.states import State


class SilentSerializer(serializers.Serializer[Any]):
    problem = serializers.CharField(source="problem.slug", help_text="key")
    days = serializers.IntegerField(help_text="whole days since the closing time without an outcome")


class PublicAgencyCardSerializer(serializers.ModelSerializer[Organisation]):
    class Meta:
        model = Organisation
        fields: tuple[str, ...] = ("key", "name", "short_name")
        read_only_fields: tuple[str, ...] = fields


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Silent about one",
            {
                "key": "so-y-te", "name": "Sở Y tế tỉnh Mẫu", "short_name": "Sở Y tế",
                "problems": {"published": 1, "closed": 1, "ended": 3, "withdrawn": 0},
                "silent": [{"problem": "hop-khong-giay-7k3qz9", "days": 12}],
            },
            response_only=True,
        )
    ]
)  # fmt: skip
class PublicAgencySerializer(PublicAgencyCardSerializer):
    """An agency with its public problems by state, and those that are over without an outcome, the longest first."""

    problems = serializers.SerializerMethodField()
    silent = serializers.SerializerMethodField()

    class Meta(PublicAgencyCardSerializer.Meta):
        fields = (*PublicAgencyCardSerializer.Meta.fields, "problems", "silent")
        read_only_fields = fields

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_problems(self, agency: Organisation) -> dict[State, int]:
        return self._standing.by_state

    @extend_schema_field(SilentSerializer(many=True))
    def get_silent(self, agency: Organisation) -> Any:
        return SilentSerializer(self._standing.silent, many=True).data

    @cached_property
    def _standing(self) -> Standing:
        """Of the one agency that is shown: lists show cards."""
        return standing(cast(Organisation, self.instance), timezone.now())


class AgencyViewSet(ReadOnlyModelViewSet[Organisation]):
    """Agencies that posted a problem that everybody reads, by name."""

    queryset = Organisation.objects.none()
    lookup_field = "key"

    def get_queryset(self) -> QuerySet[Organisation]:
        return agencies().order_by("name", "pk")

    def get_serializer_class(self) -> type[PublicAgencyCardSerializer]:
        return PublicAgencySerializer if self.action == "retrieve" else PublicAgencyCardSerializer
