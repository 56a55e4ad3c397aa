"""The decision file by the API: what the letter says, in its parts, for an office's own template."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from . import content
from .pages import PROBLEM, asked, drafted

_EXAMPLE = {
    "draft": content.DRAFT,
    "agency": "",
    "subject": "Về việc chọn nền tảng số cho bài toán “……”",
    "parts": [{"title": "1. Nhu cầu", "lines": [{"text": "Phường cần họp không giấy.", "kind": "quote"}]}],
    "names": ["HọpViệt"],
    "rows": [{"label": "Mức bảo đảm", "cells": [["Đã thẩm định, ngày 26/11/2026"]]}],
    "sources": ["Kết quả gợi ý: http://127.0.0.1:8000/goi-y/3f2b6c1e-7f0a-4c1d-9b57-0a2f0d9a5b11/"],
    "address": "http://127.0.0.1:8000/goi-y/3f2b6c1e-7f0a-4c1d-9b57-0a2f0d9a5b11/",
    "docx": "http://127.0.0.1:8000/goi-y/3f2b6c1e-7f0a-4c1d-9b57-0a2f0d9a5b11/to-trinh.docx",
}


class LetterLineSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    kind = serializers.ChoiceField(("text", "quote", "item"), help_text="`quote` is somebody's own words")


class LetterPartSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    lines = LetterLineSerializer(many=True)


class ComparedSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    cells = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class LetterSerializer(serializers.Serializer[Any]):
    """A draft in Vietnamese. `agency` is "" where only the office knows; `rows` have a cell for each of `names`."""

    draft = serializers.CharField(help_text="what stands on every page of it")
    agency = serializers.CharField(allow_blank=True)
    subject = serializers.CharField()
    parts = LetterPartSerializer(many=True)
    names = serializers.ListField(child=serializers.CharField())
    rows = ComparedSerializer(many=True)
    sources = serializers.ListField(child=serializers.CharField())
    address = serializers.URLField(help_text="of the recommendation")
    docx = serializers.URLField(help_text="the same as a document")


class DecisionFileView(APIView):
    @extend_schema(
        operation_id="decision_file",
        parameters=[
            OpenApiParameter("problem", str, description="key of a problem of one's own agency that names the run")
        ],
        responses={
            200: LetterSerializer,
            404: OpenApiResponse(description="problem details: no such run, or no such problem of one's own"),
        },
        examples=[OpenApiExample("A draft", _EXAMPLE, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, run_id: UUID) -> Response:
        """Draft the letter and the comparison of a recommendation."""
        run, problem = asked(request.user, run_id, request.query_params.get("problem", ""))
        letter = drafted(request, run, problem)
        with translation.override(content.LANGUAGE):
            docx = request.build_absolute_uri(reverse("decision-docx", args=[run.pk]))
        said = {
            **asdict(letter),
            "draft": content.DRAFT,
            "docx": docx + (f"?{PROBLEM}={problem.slug}" if problem else ""),
        }
        return Response(said)
