"""The ministry's questions about posted problems."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.api.v1.organisations.base import SignedIn, paged
from catalogue.problems import integrity
from catalogue.problems.models import Problem
from catalogue.problems.querysets import may_moderate

from .shapes import example


class DoubtSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(integrity.Code.choices)
    sentence = serializers.CharField()


@example("A short deadline", {"problem": "hop-khong-giay-7k3qz9", "agency": "Sở Y tế tỉnh Mẫu", "doubts": [
    {"code": "short_deadline", "sentence": "Doanh nghiệp có 4 ngày làm việc để trả lời, ít hơn 10. Có gì gấp không?"}]})  # fmt: skip
class AskedSerializer(serializers.ModelSerializer[Problem]):
    """A posted problem with what may be asked about it; an empty list says nothing against or for it."""

    problem = serializers.CharField(source="slug", read_only=True)
    agency = serializers.CharField(source="agency.name", read_only=True)
    doubts = serializers.SerializerMethodField()

    class Meta:
        model = Problem
        fields = ("problem", "agency", "doubts")
        read_only_fields = fields

    @extend_schema_field(DoubtSerializer(many=True))
    def get_doubts(self, problem: Problem) -> list[dict[str, str]]:
        return [{"code": str(one.code), "sentence": one.sentence} for one in integrity.doubts(problem)]


class Integrity(SignedIn):
    @extend_schema(operation_id="moderation_integrity", responses=paged(AskedSerializer))
    def get(self, request: Request) -> Response:
        """Posted problems, the latest first, each with the questions it gives rise to; for the ministry alone."""
        if not may_moderate(self.user):
            raise Http404
        return self.pages(request, integrity.looked_at_by(self.user), AskedSerializer)
