"""Searches that a vendor keeps, by the API: the same rows, to the same people, as on the site."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.accounts.models import Organisation
from catalogue.platforms.models import Category
from catalogue.problems import following
from catalogue.problems.following import SavedSearch

from .organisations.base import SignedIn, paged

_SENT = {"text": "họp không giấy", "category": "paperless-meetings"}
_GIVEN = {"id": 3, **_SENT, "saved_at": "2026-11-25T09:00:00+07:00"}


@extend_schema_serializer(
    examples=[
        OpenApiExample("Words in a category", _SENT, request_only=True),
        OpenApiExample("A search that is kept", _GIVEN, response_only=True),
    ]
)
class SavedSearchSerializer(serializers.ModelSerializer[SavedSearch]):
    """Words, the key of a leaf or a group, or both."""

    text = serializers.CharField(max_length=following.LONGEST_TEXT, allow_blank=True, default="")
    category = serializers.SlugRelatedField[Category](
        "key", queryset=Category.objects.all(), allow_null=True, default=None
    )

    class Meta:
        model = SavedSearch
        fields = ("id", "text", "category", "saved_at")
        read_only_fields = ("id", "saved_at")
        validators: list[Any] = []  # the same again is no mistake


class _OfVendor(SignedIn):
    def vendor(self, key: str) -> Organisation:
        return get_object_or_404(Organisation.objects.vendors().edited_by(self.user), key=key)


class SavedSearches(_OfVendor):
    @extend_schema(operation_id="saved_searches_list", responses=paged(SavedSearchSerializer))
    def get(self, request: Request, key: str) -> Response:
        """Those of a vendor the caller writes for."""
        rows = SavedSearch.objects.filter(vendor=self.vendor(key)).select_related("category")
        return self.pages(request, rows, SavedSearchSerializer)

    @extend_schema(
        operation_id="saved_searches_save", request=SavedSearchSerializer, responses={201: SavedSearchSerializer}
    )
    def post(self, request: Request, key: str) -> Response:
        """Save a search; the same one again gives the one that is kept. New problems it finds are told by daily mail."""
        vendor = self.vendor(key)
        made = following.save(vendor, **self.body(SavedSearchSerializer), by=self.user, now=timezone.now())
        return Response(SavedSearchSerializer(made).data, status=201)


class OneSavedSearch(_OfVendor):
    @extend_schema(operation_id="saved_searches_remove", responses={204: None})
    def delete(self, request: Request, key: str, pk: int) -> Response:
        """Keep it no longer."""
        own = SavedSearch.objects.filter(vendor=self.vendor(key)).select_related("vendor")
        following.remove(get_object_or_404(own, pk=pk), by=self.user, now=timezone.now())
        return Response(status=204)


urlpatterns = [
    path("organisations/<slug:key>/problem-searches", SavedSearches.as_view(), name="saved-searches"),
    path("organisations/<slug:key>/problem-searches/<int:pk>", OneSavedSearch.as_view(), name="saved-search"),
]
