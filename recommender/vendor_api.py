"""A vendor's desk, exposure and previews for programs; who is no member is told what a stranger is told."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from catalogue.accounts.models import User
from catalogue.api.v1.products.shapes import HintSerializer
from catalogue.platforms.completeness import QUESTIONS
from catalogue.platforms.content import Content, ContentInvalid, parse
from catalogue.platforms.desk import State, TaskKind
from catalogue.platforms.models import Platform

from . import desk_page, exposure, preview_page
from .api import OBSTACLES
from .engine.selfreading import Doubt
from .models import Band
from .preview import Standing
from .vendor_pages import SCOPE, content_to_read, vendor_of

_NOT_THERE = OpenApiResponse(description="problem details: no such thing, or not the caller's to see")


def member(request: Request) -> User:
    """Return who asks, or raise Http404."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


class DeskProductSerializer(serializers.Serializer[Any]):
    platform = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField(State.choices)
    public = serializers.BooleanField(help_text="whether the public sees it")
    reason = serializers.CharField(allow_blank=True, help_text="why it was returned")
    since = serializers.DateTimeField(allow_null=True)


class DeskTaskSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(TaskKind.choices)
    platform = serializers.CharField()
    step = serializers.CharField(allow_null=True, help_text="of the product's form")
    about = serializers.CharField(allow_blank=True)
    due = serializers.DateField(allow_null=True)
    n = serializers.IntegerField(help_text="places still to be filled in")


class DeskSerializer(serializers.Serializer[Any]):
    """A vendor's products by state, and what needs doing, most urgent first."""

    counts = serializers.DictField(child=serializers.IntegerField(), help_text="products by state")
    products = DeskProductSerializer(many=True)
    tasks = DeskTaskSerializer(many=True)


class BandsSerializer(serializers.Serializer[Any]):
    """In how many answers, by where in the answer."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), **{band.value: serializers.IntegerField() for band in Band}}


class WindowSerializer(BandsSerializer):
    days = serializers.IntegerField()


class WeekSerializer(BandsSerializer):
    first_day = serializers.DateField()


class PlatformExposureSerializer(serializers.Serializer[Any]):
    platform = serializers.CharField()
    shown = WindowSerializer(many=True)
    shortlisted = serializers.IntegerField(help_text="people with an account who keep it now")
    chosen = serializers.IntegerField(help_text="problems of agencies it was chosen for")


class NearlySerializer(serializers.Serializer[Any]):
    platform = serializers.CharField()
    category = serializers.CharField(help_text="what the questions were about")
    obstacle = serializers.ChoiceField(OBSTACLES)
    questions = serializers.IntegerField()


class ExposureSerializer(serializers.Serializer[Any]):
    """How often products were shown, counted in whole days from recorded answers."""

    until = serializers.DateField(help_text="the last day counted")
    platforms = PlatformExposureSerializer(many=True)
    weeks = WeekSerializer(many=True, help_text="of all products together")
    nearly = NearlySerializer(many=True, help_text="over the longest window")
    fewest_questions = serializers.IntegerField(help_text="groups of fewer questions are left out of `nearly`")


class PreviewAskSerializer(serializers.Serializer[Any]):
    content = serializers.DictField(
        required=False, help_text="fields to read in place of the saved ones, as a product's content has them"
    )


class OpenQuestionSerializer(serializers.Serializer[Any]):
    field = serializers.ChoiceField([question.field for question in QUESTIONS])
    points = serializers.IntegerField()
    what = serializers.CharField()
    why = serializers.CharField()


class CompletenessSerializer(serializers.Serializer[Any]):
    percent = serializers.IntegerField()
    answered = serializers.ListField(child=serializers.CharField())
    open = OpenQuestionSerializer(many=True)


class HeardSerializer(serializers.Serializer[Any]):
    category = serializers.CharField()
    strength = serializers.FloatField(help_text="0 to 1")


class DeclaredCategorySerializer(serializers.Serializer[Any]):
    category = serializers.CharField()
    support = serializers.FloatField(help_text="0 to 1: how far the text bears it out")


class DoubtedSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    text = serializers.CharField()
    doubt = serializers.ChoiceField([doubt.value for doubt in Doubt])
    weight = serializers.FloatField(help_text="0 to 1: how much of the sentence counts")
    category = serializers.CharField(allow_null=True, help_text="what it speaks of instead")


class ReadingSerializer(serializers.Serializer[Any]):
    categories = HeardSerializer(many=True)
    declared = DeclaredCategorySerializer(many=True)
    doubted = DoubtedSerializer(many=True)


class AheadSerializer(serializers.Serializer[Any]):
    platform = serializers.CharField()
    platform_name = serializers.CharField()
    text = serializers.CharField(help_text="a sentence of its public listing")


class PlacedNeedSerializer(serializers.Serializer[Any]):
    need = serializers.CharField()
    category = serializers.CharField()
    standing = serializers.ChoiceField([standing.value for standing in Standing])
    place = serializers.IntegerField(allow_null=True)
    missing = serializers.ListField(child=serializers.CharField(), help_text="what the content does not speak of")
    ahead = AheadSerializer(allow_null=True, help_text="the listing in the last place shown")


class PreviewSerializer(serializers.Serializer[Any]):
    """How the recommender reads a draft. Nothing is recorded."""

    completeness = CompletenessSerializer()
    hints = HintSerializer(many=True)
    reading = ReadingSerializer()
    needs = PlacedNeedSerializer(many=True)
    recommended = serializers.BooleanField(help_text="its level of assurance is enough for a question as usually asked")
    by_meaning = serializers.BooleanField()


class VendorDeskView(APIView):
    @extend_schema(operation_id="organisations_desk", responses={200: DeskSerializer, 404: _NOT_THERE})
    def get(self, request: Request, key: str) -> Response:
        """Products by state and what needs doing; every member of the vendor may read it."""
        vendor = vendor_of(member(request), key)
        return Response(desk_page.desk_json(desk_page.own_desk(vendor, now=timezone.now())))


class VendorExposureView(APIView):
    @extend_schema(operation_id="organisations_exposure", responses={200: ExposureSerializer, 404: _NOT_THERE})
    def get(self, request: Request, key: str) -> Response:
        """How often the vendor's products were shown, kept, and nearly shown; every member may read it."""
        vendor, now = vendor_of(member(request), key), timezone.now()
        exposure.catch_up(now)
        slugs = list(Platform.objects.filter(vendor=vendor).order_by("slug").values_list("slug", flat=True))
        return Response(desk_page.exposure_json(desk_page.figures(slugs, now=now), slugs))


class PreviewView(APIView):
    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = SCOPE

    @extend_schema(
        operation_id="organisations_preview",
        request=PreviewAskSerializer,
        responses={
            200: PreviewSerializer,
            400: OpenApiResponse(description="problem details: what is wrong, by field"),
            404: _NOT_THERE,
        },
        examples=[
            OpenApiExample(
                "Another summary",
                {"content": {"summary": "Họp trực tuyến, biểu quyết cho UBND xã."}},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Read a draft as the recommender would; editors and owners. Nothing is saved."""
        rows = Platform.objects.written_by(member(request)).select_related("vendor", "category")
        platform = get_object_or_404(rows, vendor__key=key, slug=slug)
        sent = PreviewAskSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            content = _with(content_to_read(platform), sent.validated_data.get("content", {}))
        except ContentInvalid as refusal:
            raise serializers.ValidationError(refusal.fields) from refusal
        return Response(preview_page.to_json(preview_page.check(platform, content)))


def _with(content: Content, values: dict[str, Any]) -> Content:
    return parse({**content.as_json(), **values})
