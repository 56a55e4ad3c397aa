"""Problems by the API: read only; drafts are for those who may see them, as on the site."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from catalogue.platforms.models import Category
from catalogue.problems.contracting import record_of
from catalogue.problems.models import Problem
from catalogue.problems.querysets import ProblemQuerySet
from catalogue.problems.requirements import Joiner, Requirement
from catalogue.problems.states import Ending, Mode, RequirementKind, Route, Sort, State

LONGEST_TEXT = 200
_CARD_EXAMPLE = {
    "key": "hop-khong-giay-o-phuong-7k3qz9",
    "number": "7K3QZ9",
    "title": "Họp không giấy ở phường",
    "agency": "Ủy ban nhân dân phường Mẫu",
    "categories": ["paperless-meetings"],
    "state": "published",
    "route": "ministry",
    "posted_at": "2026-11-25T09:00:00+07:00",
    "closes_at": "2026-12-25T17:00:00+07:00",
    "url": "http://127.0.0.1:8000/api/v1/problems/hop-khong-giay-o-phuong-7k3qz9",
    "page": "http://127.0.0.1:8000/bai-toan/hop-khong-giay-o-phuong-7k3qz9/",
}
_CARD = tuple(_CARD_EXAMPLE)
_OCID = "ocds-000000-hop-khong-giay-o-phuong-7k3qz9"
_RELEASE_EXAMPLE = {
    "ocid": _OCID,
    "id": f"{_OCID}-posted",
    "date": "2026-11-25T02:00:00Z",
    "tag": ["planning", "tender"],
    "initiationType": "tender",
    "language": "vi",
    "buyer": {"id": "ubnd-phuong-mau", "name": "Ủy ban nhân dân phường Mẫu"},
    "tender": {"id": "7K3QZ9", "title": "Họp không giấy ở phường", "status": "active"},
}
_RECORD_EXAMPLE = {
    "uri": "http://127.0.0.1:8000/bai-toan/hop-khong-giay-o-phuong-7k3qz9/ocds.json",
    "version": "1.1",
    "publishedDate": "2026-11-25T02:00:00Z",
    "publisher": {"name": "Nền tảng Việt cho cơ quan nhà nước", "uri": "http://127.0.0.1:8000/"},
    "records": [
        {
            "ocid": _OCID,
            "releases": [_RELEASE_EXAMPLE],
            "compiledRelease": {
                **_RELEASE_EXAMPLE, "id": f"{_OCID}-compiled-2026-11-25T02:00:00Z", "tag": ["compiled"],
            },
        }
    ],
}  # fmt: skip


@extend_schema_serializer(examples=[OpenApiExample("A problem that is open", _CARD_EXAMPLE, response_only=True)])
class ProblemCardSerializer(serializers.ModelSerializer[Problem]):
    """A problem in a list. `state` is as the clock has it: what is past its closing time is `closed`."""

    key = serializers.CharField(source="slug", read_only=True)
    number = serializers.CharField(read_only=True)
    agency = serializers.CharField(source="agency.name", read_only=True)
    categories = serializers.SlugRelatedField[Category]("key", many=True, read_only=True)
    state = serializers.SerializerMethodField()
    route = serializers.ChoiceField(choices=Route.choices, read_only=True)
    url = serializers.HyperlinkedIdentityField("api:problem-detail", lookup_field="slug")
    page = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=State.choices))
    def get_state(self, problem: Problem) -> str:
        return problem.stage_at(timezone.now()).value

    @extend_schema_field(serializers.URLField())
    def get_page(self, problem: Problem) -> str:
        return self.context["request"].build_absolute_uri(problem.get_absolute_url())

    class Meta:
        model = Problem
        fields: tuple[str, ...] = _CARD
        read_only_fields: tuple[str, ...] = _CARD


class RequirementSerializer(serializers.ModelSerializer[Requirement]):
    kind = serializers.ChoiceField(choices=RequirementKind.choices, read_only=True)

    class Meta:
        model = Requirement
        fields = ("kind", "text")
        read_only_fields = fields


class JoinerSerializer(serializers.ModelSerializer[Joiner]):
    """An agency with the same problem."""

    agency = serializers.CharField(source="agency.name", read_only=True)

    class Meta:
        model = Joiner
        fields = ("agency", "volume")
        read_only_fields = fields


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A problem that has ended",
            {
                **_CARD_EXAMPLE,
                "state": "ended",
                "today": "Mỗi kỳ họp in hàng nghìn trang tài liệu.",
                "affected": "42 cán bộ, 30 tổ dân phố, 24 kỳ họp mỗi năm.",
                "outcome": "Tài liệu tới trước họp hai ngày, không in giấy.",
                "systems": "Hệ thống quản lý văn bản của tỉnh",
                "requirements": [{"kind": "must", "text": "Dùng được khi mất mạng."}],
                "mode": "rent_ready",
                "budget_min": None,
                "budget_max": 500_000_000,
                "start_on": "2027-03-01",
                "duration_months": 24,
                "weight_fit": 50,
                "weight_price": 30,
                "weight_delivery": 20,
                "joiners": [{"agency": "Ủy ban nhân dân phường Sen", "volume": "28 tổ dân phố"}],
                "closed_at": "2026-12-25T17:00:00+07:00",
                "ended_at": "2027-01-08T10:00:00+07:00",
                "ending": "none_suitable",
                "reason": "Không sản phẩm nào dùng được khi mất mạng.",
                "updated_at": "2027-01-08T10:00:00+07:00",
            },
            response_only=True,
        )
    ]
)
class ProblemSerializer(ProblemCardSerializer):
    """A problem with everything its agency states. `ending` is "" until there is one; a withdrawn one has only a reason."""

    ending = serializers.ChoiceField(choices=Ending.choices, allow_blank=True, read_only=True)
    mode = serializers.ChoiceField(choices=Mode.choices, allow_blank=True, read_only=True)
    requirements = RequirementSerializer(many=True, read_only=True)
    joiners = JoinerSerializer(many=True, read_only=True)

    class Meta(ProblemCardSerializer.Meta):
        fields = (
            *_CARD, "today", "affected", "outcome", "systems", "requirements", "mode", "budget_min", "budget_max", "start_on",
            "duration_months", "weight_fit", "weight_price", "weight_delivery", "joiners", "closed_at", "ended_at", "ending", "reason", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class ProblemFilter(django_filters.FilterSet):
    """Problems by words, category and state. A state given several times widens the choice."""

    q = django_filters.CharFilter(
        method="words",
        max_length=LONGEST_TEXT,
        label="words of the problem, its number or agency; marks may be left out",
    )
    category = django_filters.CharFilter(method="within", max_length=60, label="key of a leaf or a group")
    state = django_filters.MultipleChoiceFilter(choices=State.choices, field_name="stage")
    sort = django_filters.ChoiceFilter(
        choices=Sort.choices, method="order", label="the newest first unless said", empty_label=None
    )

    class Meta:
        model = Problem
        fields: list[str] = []

    def words(self, rows: ProblemQuerySet, name: str, value: str) -> ProblemQuerySet:
        return rows.matching(value)

    def within(self, rows: ProblemQuerySet, name: str, value: str) -> ProblemQuerySet:
        category = Category.objects.filter(key=value).first()
        return rows.in_category(category) if category else rows.none()

    def order(self, rows: ProblemQuerySet, name: str, value: str) -> ProblemQuerySet:
        return rows.in_order(Sort(value), timezone.now())


class ProblemViewSet(ReadOnlyModelViewSet[Problem]):
    """Problems of agencies, the newest first: those that can be answered, and what became of the others."""

    queryset = Problem.objects.none()
    filterset_class = ProblemFilter
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Problem]:
        now = timezone.now()
        rows = Problem.objects.visible_to(self.request.user).with_stage(now)
        return rows.for_cards().in_order(Sort.NEWEST, now)

    def filter_queryset(self, queryset: QuerySet[Any, Any]) -> Any:
        """Words and choices are of the list; an address of one problem means that one."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def get_serializer_class(self) -> type[ProblemCardSerializer]:
        return ProblemSerializer if self.action == "retrieve" else ProblemCardSerializer

    @extend_schema(
        responses={
            200: OpenApiResponse(OpenApiTypes.OBJECT, "a record package of the Open Contracting Data Standard 1.1"),
            404: OpenApiResponse(description="no problem that everybody may read"),
        },
        examples=[OpenApiExample("A problem that is open", _RECORD_EXAMPLE, response_only=True, status_codes=["200"])],
    )
    @action(detail=True, url_path="ocds")
    def ocds(self, request: Request, slug: str) -> Response:
        """Give a public problem as open contracting data, the same as its page does; what not everybody reads has none."""
        return Response(record_of(slug, request.build_absolute_uri))
