"""The recommendation of a problem that an agency is writing, for programs."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle

from catalogue.api.v1.products.base import ByScope
from catalogue.api.v1.products.shapes import CONFLICT
from catalogue.problems import writing
from catalogue.problems.models import Problem
from catalogue.problems.states import State

from . import services
from .answer import required_to_json
from .api import AnswerSerializer, ConstraintsSerializer, required_of
from .problem_pages import statement_of


class ConfirmedSerializer(serializers.Serializer[Any]):
    constraints = ConstraintsSerializer(required=False)


class ProblemRecommendation(ByScope):
    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "recommendations"

    @extend_schema(
        operation_id="agency_problems_recommend",
        request=ConfirmedSerializer,
        responses={201: AnswerSerializer, **CONFLICT},
        examples=[
            OpenApiExample(
                "With what is confirmed", {"constraints": {"budget_vnd_max": 500_000_000}}, request_only=True
            )
        ],
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Answer a draft's text, and keep with it the answer and the constraints that are confirmed; editors and owners."""
        problem = get_object_or_404(Problem.objects.written_by(self.user), agency__key=key, slug=slug)
        if problem.state not in State.writable():
            raise Http404
        required = required_of(self.body(ConfirmedSerializer).get("constraints") or {})
        run = services.answer_and_record(services.Asked(statement_of(problem), required=required))
        writing.confirm(
            problem, constraints=required_to_json(required), run=str(run.pk), by=self.user, now=timezone.now()
        )
        address = request.build_absolute_uri(run.get_absolute_url())
        return Response({"id": str(run.pk), "url": address, **run.answer}, status=201, headers={"Location": address})
