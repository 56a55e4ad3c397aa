"""The recommender's endpoint."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from catalogue.platforms.choices import Assurance as AssuranceChoice

from . import services
from .engine.constraints import DEPLOYMENTS
from .engine.types import Assurance, Required


class ConstraintsSerializer(serializers.Serializer[Any]):
    """Requirements the agency confirmed. What a listing does not say is shown as unknown, never as failed."""

    deployment = serializers.MultipleChoiceField(choices=DEPLOYMENTS, required=False, allow_empty=True)
    budget_vnd_max = serializers.IntegerField(required=False, min_value=0, max_value=10**15)

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(sorted(map(str, unknown)), "is not a constraint"))
        return super().to_internal_value(data)


class AskSerializer(serializers.Serializer[Any]):
    """A statement of a problem, in the agency's own words."""

    statement = serializers.CharField(trim_whitespace=False, allow_blank=True, help_text="at most 5,000 characters")
    top = serializers.IntegerField(default=10, min_value=1, max_value=services.MOST_RESULTS)
    min_assurance = serializers.ChoiceField(AssuranceChoice.choices, default=AssuranceChoice.PUBLIC_RECORD)
    constraints = ConstraintsSerializer(required=False)


class ReasonSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    text = serializers.CharField(help_text="a sentence of the listing")
    need = serializers.CharField(help_text="the part of the statement it answers")
    marks = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), help_text="spans in text"
    )


class UnmetSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()
    known = serializers.BooleanField(help_text="false: the listing does not say")


class HitSerializer(serializers.Serializer[Any]):
    rank = serializers.IntegerField()
    platform = serializers.CharField()
    platform_name = serializers.CharField()
    vendor = serializers.CharField()
    vendor_name = serializers.CharField()
    summary = serializers.CharField()
    category = serializers.CharField()
    score = serializers.FloatField()
    parts = serializers.DictField(child=serializers.FloatField(), help_text="add up to score")
    reasons = ReasonSerializer(many=True)
    unmet = UnmetSerializer(many=True)
    assurance = serializers.ChoiceField(AssuranceChoice.choices)
    assured_on = serializers.DateField(allow_null=True)
    available = serializers.BooleanField()


class AnswerSerializer(serializers.Serializer[Any]):
    """The answer, and the recorded run it can be cited by."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    query = serializers.CharField()
    abstained = serializers.BooleanField(help_text="true: nothing in the catalogue fits")
    confidence = serializers.FloatField()
    needs = serializers.ListField(child=serializers.DictField())
    constraints = serializers.ListField(child=serializers.DictField())
    results = HitSerializer(many=True)
    also_listed = HitSerializer(many=True, help_text="relevant, but below what was asked")
    engine = serializers.DictField()
    took_ms = serializers.FloatField()


class Recommendations(APIView):
    """Recommend platforms for a problem and record the answer."""

    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "recommendations"

    @extend_schema(
        request=AskSerializer,
        responses={201: AnswerSerializer, 400: OpenApiResponse(description="problem details: what is wrong, by field")},
        examples=[
            OpenApiExample(
                "Telehealth",
                {"statement": "Tỉnh miền núi cần khám chữa bệnh từ xa cho các trạm y tế xã", "top": 5},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        asked = AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        run = services.answer_and_record(_asked(asked.validated_data))
        address = request.build_absolute_uri(run.get_absolute_url())
        return Response({"id": str(run.id), "url": address, **run.answer}, status=201, headers={"Location": address})


def _asked(data: dict[str, Any]) -> services.Asked:
    wanted = data.get("constraints") or {}
    required = Required(frozenset(wanted.get("deployment", ())), wanted.get("budget_vnd_max"))
    return services.Asked(data["statement"], data["top"], Assurance.parse(data["min_assurance"]), required)
