"""What anybody reads and does: challenges, and how late vetting is."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle
from rest_framework.views import APIView

from catalogue.accounts.models import User
from catalogue.api.v1.filters import KeysFilter
from catalogue.api.v1.products.shapes import BAD, CONFLICT, NOT_THERE
from catalogue.platforms.models import Platform
from catalogue.vetting import challenges, counts
from catalogue.vetting.challenges import Challenge, Outcome
from catalogue.vetting.errors import IllegalOutcome

from . import examples, shapes


class ChallengeFilter(django_filters.FilterSet):
    platform = KeysFilter(field_name="platform__slug", label="key of a platform")
    outcome = django_filters.ChoiceFilter(choices=[one for one in Outcome.choices if one[0] != Outcome.OPEN])

    class Meta:
        model = Challenge
        fields: list[str] = []


class Challenges(ListAPIView[Challenge]):
    """Challenges that were answered, the latest first, with reason and answer; and raising one."""

    queryset = Challenge.objects.none()
    serializer_class = shapes.ChallengeSerializer
    filterset_class = ChallengeFilter
    throttle_scope = "challenges"

    def get_throttles(self) -> list[BaseThrottle]:
        return [ScopedRateThrottle()] if self.request.method == "POST" else []

    def get_queryset(self) -> QuerySet[Challenge]:
        rows = Challenge.objects.all().public().filter(platform__in=Platform.objects.listed())
        return rows.select_related("platform").prefetch_related("appeals")

    @extend_schema(
        operation_id="challenges_list", responses={200: shapes.ChallengeSerializer(many=True), **BAD},
        examples=[examples.CHALLENGES],
    )  # fmt: skip
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Challenges that were answered, the latest first, with reason and answer."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="challenges_raise",
        request=shapes.RaiseSerializer,
        responses={201: shapes.RaisedSerializer, **BAD},
        examples=[examples.RAISE, examples.RAISED],
    )
    def post(self, request: Request) -> Response:
        """Challenge what a listing says; at most 5 an hour. `token` is told this once: it reads the answer and appeals."""
        sent = shapes.RaiseSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        told = dict(sent.validated_data)
        platform = get_object_or_404(Platform.objects.listed().select_related("vendor"), slug=told.pop("platform"))
        by = request.user if isinstance(request.user, User) else None
        made = challenges.challenge(platform, by=by, now=timezone.now(), **told)
        return Response(shapes.RaisedSerializer(made).data, status=201)


class OwnChallenge(APIView):
    """One's own challenge, by the token that raising it answered, or the link of a mail holds."""

    def challenge(self, token: str) -> Challenge:
        found = challenges.by_token(token)
        if found is None:
            raise Http404
        return found

    @extend_schema(
        operation_id="challenges_retrieve",
        responses={200: shapes.RaisedSerializer, **NOT_THERE},
        examples=[examples.MINE],
    )
    def get(self, request: Request, token: str) -> Response:
        """What came of one's challenge."""
        return Response(shapes.RaisedSerializer(self.challenge(token)).data)


class AppealOutcome(OwnChallenge):
    http_method_names = ("post", "options")

    @extend_schema(
        operation_id="challenges_appeal",
        request=shapes.ReasonSerializer,
        responses={201: shapes.AppealSerializer, **CONFLICT},
        examples=[examples.REASON, examples.APPEAL],
    )
    def post(self, request: Request, token: str) -> Response:
        """Ask for a third person where it was dismissed, once and in time."""
        one = self.challenge(token)
        sent = shapes.ReasonSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        if one.outcome == Outcome.UPHELD:
            raise IllegalOutcome
        by = request.user if isinstance(request.user, User) and request.user.pk == one.by_id else None
        made = challenges.appeal_outcome(one, reason=sent.validated_data["reason"], by=by, now=timezone.now())
        return Response(shapes.AppealSerializer(made).data, status=201)


class Clock(APIView):
    @extend_schema(operation_id="vetting_clock", responses=shapes.ClockSerializer, examples=[examples.CLOCK])
    def get(self, request: Request) -> Response:
        """How many wait at each step of vetting, how many are late, and how many working days each may take."""
        today = timezone.localdate()
        return Response(shapes.ClockSerializer({"on": today, "steps": counts.waiting(today)}).data)
