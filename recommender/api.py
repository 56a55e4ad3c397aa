"""The recommender's endpoint."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from catalogue.platforms.choices import Assurance as AssuranceChoice
from catalogue.platforms.choices import Freshness

from . import services, whynot_page
from .engine.constraints import (
    CONNECTED,
    CONNECTIONS,
    DEADLINE_FORM,
    DEPLOYMENT,
    DEPLOYMENTS,
    KINDS,
    MODES,
    MOST_COUNTED,
    MOST_MONEY,
    OFFLINE,
)
from .engine.types import Assurance, NoResult, Required
from .engine.whynot import Obstacle
from .models import Run

OBSTACLES = [(one.value, one.value) for one in Obstacle]


class ConstraintsSerializer(serializers.Serializer[Any]):
    """Requirements the agency confirmed. What a listing does not say is shown as unknown, never as failed."""

    deployment = serializers.MultipleChoiceField(
        choices=DEPLOYMENTS, required=False, allow_empty=True, help_text="one of them is enough"
    )
    budget_vnd_max = serializers.IntegerField(required=False, min_value=0, max_value=MOST_MONEY, help_text="dong")
    users = serializers.IntegerField(required=False, min_value=0, max_value=MOST_COUNTED)
    sites = serializers.IntegerField(required=False, min_value=0, max_value=MOST_COUNTED)
    security_level = serializers.IntegerField(required=False, min_value=1, max_value=5, help_text="cấp độ 1 to 5")
    deadline = serializers.RegexField(
        rf"(?i)^{DEADLINE_FORM}\Z", required=False, max_length=10, help_text="31/12/2026, 6/2026, IV/2026 or 2026"
    )
    data_in_vietnam = serializers.BooleanField(required=False)
    connections = serializers.MultipleChoiceField(
        choices=CONNECTED, required=False, allow_empty=True, help_text="every one of them"
    )
    mode = serializers.ChoiceField(choices=MODES, required=False)
    offline = serializers.BooleanField(required=False)

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError(dict.fromkeys(sorted(map(str, unknown)), "is not a constraint"))
        return super().to_internal_value(data)


class RequiredSerializer(ConstraintsSerializer):
    """The requirements that were applied."""

    confirmed_since = serializers.DateField(
        required=False, help_text="asked with `confirmed`: the first day that counts"
    )


class AskSerializer(serializers.Serializer[Any]):
    """A statement of a problem, in the agency's own words."""

    statement = serializers.CharField(trim_whitespace=False, allow_blank=True, help_text="at most 5,000 characters")
    top = serializers.IntegerField(default=10, min_value=1, max_value=services.MOST_RESULTS)
    min_assurance = serializers.ChoiceField(AssuranceChoice.choices, default=AssuranceChoice.PUBLIC_RECORD)
    confirmed = serializers.ChoiceField(
        Freshness.choices,
        allow_null=True,
        default=None,
        help_text="only what somebody other than the vendor confirmed in the last 12 months",
    )
    constraints = ConstraintsSerializer(required=False)


class ReasonSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    text = serializers.CharField(help_text="a sentence of the listing")
    need = serializers.CharField(help_text="the part of the statement it answers")
    marks = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), help_text="spans in text"
    )
    meant = serializers.CharField(
        allow_blank=True,
        help_text="the words of the statement that the marked ones stand for, empty when they are the same words",
    )


class UnmetSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()
    known = serializers.BooleanField(help_text="false: the listing does not say")


class MentionSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField([CONNECTIONS, OFFLINE])
    text = serializers.CharField()


class FoundConstraintSerializer(serializers.Serializer[Any]):
    """A requirement read from the statement. It changes nothing until it is sent back in `constraints`."""

    kind = serializers.ChoiceField(KINDS)
    value = serializers.JSONField(help_text="a number, a text, or true")
    words = serializers.CharField(help_text="the words it came from")
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class ListingSerializer(serializers.Serializer[Any]):
    """What is said of a product wherever one is named."""

    platform = serializers.CharField()
    platform_name = serializers.CharField()
    vendor = serializers.CharField()
    vendor_name = serializers.CharField()
    summary = serializers.CharField()
    category = serializers.CharField()
    assurance = serializers.ChoiceField(AssuranceChoice.choices)
    assured_on = serializers.DateField(allow_null=True)


class HitSerializer(ListingSerializer):
    rank = serializers.IntegerField()
    score = serializers.FloatField()
    parts = serializers.DictField(child=serializers.FloatField(), help_text="add up to score")
    reasons = ReasonSerializer(many=True)
    unmet = UnmetSerializer(many=True)
    mentions = MentionSerializer(many=True, help_text="required connections and offline use that the listing names")
    available = serializers.BooleanField()


class NearestSerializer(serializers.Serializer[Any]):
    platform = serializers.CharField()
    platform_name = serializers.CharField()


class WhySerializer(serializers.Serializer[Any]):
    """Why there is no result."""

    code = serializers.ChoiceField(
        [code.value for code in NoResult],
        help_text="outside: nothing that a digital platform answers; no_product: a digital need that no listed product "
        "meets; below_asked: there are products, in also_listed",
    )
    digital = serializers.FloatField(help_text="0 to 1: how likely it is a need that a digital platform answers")
    category = serializers.CharField(allow_null=True, help_text="the nearest category")
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    nearest = NearestSerializer(allow_null=True, help_text="with no_product: what comes nearest; no recommendation")
    missing = serializers.ListField(
        child=serializers.CharField(), help_text="what of the statement the nearest listing does not mention"
    )


class MemberSerializer(ListingSerializer):
    score = serializers.FloatField(help_text="for the whole statement")


class CoverSerializer(serializers.Serializer[Any]):
    need = serializers.CharField(help_text="a part of the statement")
    platform = serializers.CharField(help_text="the member that answers it")
    basis = serializers.ChoiceField(
        ["words", "category"],
        help_text="words: a sentence of the listing says so; category: the need is of its category",
    )
    reason = ReasonSerializer()


class LeftSerializer(serializers.Serializer[Any]):
    need = serializers.CharField()
    why = serializers.ChoiceField(
        ["nobody", "limit", "vague"],
        help_text="nobody: no product that may be recommended answers it; limit: a fourth member would; "
        "vague: it does not say clearly what is wanted",
    )


class DeclaredSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["names", "system", "interface", "vendor"])
    platform = serializers.CharField(help_text="whose listing says so; empty for what is known of both")
    value = serializers.CharField(help_text="what is named")
    text = serializers.CharField(help_text="the sentence of the listing")


class ConnectionSerializer(serializers.Serializer[Any]):
    platforms = serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2)
    declared = DeclaredSerializer(many=True, help_text="empty: unknown")


class BundleSerializer(serializers.Serializer[Any]):
    """The smallest set of products that answers every need that can be answered, where no single one does."""

    members = MemberSerializer(many=True, help_text="at most three")
    covers = CoverSerializer(many=True)
    left = LeftSerializer(many=True, help_text="needs that stay open")
    connections = ConnectionSerializer(many=True, help_text="what is declared of each pair")


class AnswerSerializer(serializers.Serializer[Any]):
    """The answer, and the recorded run it can be cited by."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    query = serializers.CharField()
    abstained = serializers.BooleanField(help_text="true: nothing in the catalogue fits")
    confidence = serializers.FloatField()
    needs = serializers.ListField(child=serializers.DictField())
    constraints = FoundConstraintSerializer(many=True, help_text="found in the statement")
    required = RequiredSerializer(help_text="confirmed, and applied to this answer")  # type: ignore[assignment]
    parent = serializers.UUIDField(  # type: ignore[assignment]
        allow_null=True, help_text="the run that this one asked again"
    )
    results = HitSerializer(many=True)
    also_listed = HitSerializer(many=True, help_text="relevant, but below what was asked")
    met = serializers.FloatField(help_text="how likely a listed product meets the need, and not only comes near")
    doubtful = serializers.BooleanField(help_text="true: so little that the answer needs a caution")
    why_no_result = WhySerializer(allow_null=True, help_text="null: there are results")
    bundle = BundleSerializer(allow_null=True, help_text="null: one product answers all that can be answered")
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


class WhyNotQuerySerializer(serializers.Serializer[Any]):
    platform = serializers.CharField(max_length=80, help_text="the key of a platform")


class AdmittedWithSerializer(serializers.Serializer[Any]):
    constraints = ConstraintsSerializer()
    min_assurance = serializers.ChoiceField(AssuranceChoice.choices)
    confirmed = serializers.ChoiceField(Freshness.choices, allow_null=True)
    top = serializers.IntegerField()


class WhyNotSerializer(serializers.Serializer[Any]):
    """Why a platform is not among the results of a run, asked again of the catalogue as it stands."""

    platform = serializers.CharField()
    platform_name = serializers.CharField(allow_null=True)
    shown = serializers.BooleanField(help_text="true: it is a result")
    position = serializers.IntegerField(allow_null=True, help_text="its rank among the results")
    obstacles = serializers.ListField(child=serializers.ChoiceField(OBSTACLES), help_text="what decides stands first")
    rank = serializers.IntegerField(allow_null=True, help_text="among all candidates, by score")
    candidates = serializers.IntegerField()
    score = serializers.FloatField()
    score_needed = serializers.FloatField(help_text="to be relevant enough")
    assurance = serializers.ChoiceField(AssuranceChoice.choices, allow_null=True)
    confirmed_on = serializers.DateField(allow_null=True, help_text="the day it was last confirmed")
    failed = UnmetSerializer(many=True)
    not_mentioned = serializers.ListField(
        child=serializers.CharField(), help_text="what of the statement the listing does not mention"
    )
    admitted_with = AdmittedWithSerializer(
        allow_null=True, help_text="the smallest change with which it is a result; null when there is none"
    )


class WhyNotView(APIView):
    """Say why a platform is not among the results of a run, and the smallest change that would let it in."""

    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "recommendations"

    @extend_schema(
        parameters=[WhyNotQuerySerializer],
        responses={
            200: WhyNotSerializer,
            400: OpenApiResponse(description="problem details: what is wrong, by field"),
            404: OpenApiResponse(description="problem details: no such run"),
        },
    )
    def get(self, request: Request, run_id: UUID) -> Response:
        wanted = WhyNotQuerySerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        run = get_object_or_404(Run, pk=run_id)
        return Response(whynot_page.to_json(services.why_not(run, wanted.validated_data["platform"])))


def required_of(constraints: Mapping[str, Any]) -> Required:
    """Return what was sent as constraints, checked before, as the engine takes it."""
    wanted = dict(constraints)
    for kind in (DEPLOYMENT, CONNECTIONS):
        wanted[kind] = frozenset(wanted.get(kind, ()))
    if "deadline" in wanted:
        wanted["deadline"] = wanted["deadline"].upper()
    return Required(**wanted)


def _asked(data: dict[str, Any]) -> services.Asked:
    required = required_of(data.get("constraints") or {})
    if data["confirmed"]:
        required = replace(required, confirmed_since=Freshness(data["confirmed"]).since(timezone.localdate()))
    return services.Asked(data["statement"], data["top"], Assurance.parse(data["min_assurance"]), required)
