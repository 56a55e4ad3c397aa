"""The public register by the API: every value as it was hashed, so that what is read here can be checked too."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from catalogue.platforms import search
from catalogue.register import chain
from catalogue.register.models import Checkpoint, Entry, EntryQuerySet
from catalogue.register.states import EntryKind

from .filters import KeysFilter

LONGEST_TEXT = 200
FIRST_YEAR, LAST_YEAR = 2000, 9998
_HASH, _NOTHING = "0d7f0f6f7a6f1d0a3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978879601", "0" * 64
_KEY_ID = "6b1f0c2d3e4f5a6b7c8d9eafb0c1d2e3f405162738495a6b7c8d9eafb0c1d2e3"
_SIGNATURE = "3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ow=="


@extend_schema_field(OpenApiTypes.OBJECT)
class FactsField(serializers.JSONField):
    pass


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A product that was found good",
            {
                "number": 1,
                "at": "2026-11-26T01:30:15.123456Z",
                "kind": "vetted",
                "platform": "hopviet",
                "vendor": "sao-bac",
                "facts": {"until": "2027-11-26", "reasons": {"security": "Chứng chỉ còn hạn."}},
                "previous": _NOTHING,
                "hash": _HASH,
                "signature": _SIGNATURE,
                "key_id": _KEY_ID,
                "page": "http://127.0.0.1:8000/dang-ky/1/",
            },
            response_only=True,
        )
    ]
)
class EntrySerializer(serializers.Serializer[Entry]):
    """A decision. `hash` is the SHA-256 of the first seven fields as canonical JSON, `signature` Ed25519 over it."""

    number = serializers.IntegerField(min_value=1, read_only=True)
    at = serializers.CharField(help_text="UTC, to the microsecond, exactly as it was hashed", read_only=True)
    kind = serializers.ChoiceField(choices=EntryKind.choices, read_only=True)
    platform = serializers.CharField(help_text="its key; it may no longer be listed", read_only=True)
    vendor = serializers.CharField(help_text="its key", read_only=True)
    facts = FactsField(help_text="codes, dates, reasons by criterion; `until` is the last day", read_only=True)
    previous = serializers.CharField(help_text="hash of the entry before; 64 zeros for the first", read_only=True)
    hash = serializers.CharField(read_only=True)
    signature = serializers.CharField(help_text="base64", read_only=True)
    key_id = serializers.CharField(help_text="SHA-256 of the public key as DER", read_only=True)
    page = serializers.URLField(read_only=True)

    def to_representation(self, entry: Entry) -> dict[str, Any]:
        address = reverse("register-entry", args=[entry.number])
        return {**chain.plain(entry), "page": self.context["request"].build_absolute_uri(address)}


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A day's end",
            {
                "day": "2026-11-26",
                "number": 1,
                "hash": _HASH,
                "made_at": "2026-11-25T17:07:00.000000Z",
                "signature": _SIGNATURE,
                "key_id": _KEY_ID,
            },
            response_only=True,
        )
    ]
)
class CheckpointSerializer(serializers.Serializer[Checkpoint]):
    """Where the register ended on a day. `signature` is Ed25519 over the first four fields as canonical JSON."""

    day = serializers.DateField(read_only=True)
    number = serializers.IntegerField(min_value=0, help_text="the last entry; 0 while there was none", read_only=True)
    hash = serializers.CharField(help_text="of that entry", read_only=True)
    made_at = serializers.CharField(help_text="UTC, exactly as it was signed", read_only=True)
    signature = serializers.CharField(help_text="base64", read_only=True)
    key_id = serializers.CharField(read_only=True)

    def to_representation(self, checkpoint: Checkpoint) -> dict[str, Any]:
        return chain.plain(checkpoint)


class EntryFilter(django_filters.FilterSet):
    """Entries by product, vendor, kind and year. A kind or key given several times widens the choice."""

    q = django_filters.CharFilter(
        method="words", max_length=LONGEST_TEXT, label="words of the product; marks may be left out"
    )
    platform = KeysFilter(label="key of a product")
    vendor = KeysFilter(label="key of a vendor")
    kind = django_filters.MultipleChoiceFilter(choices=EntryKind.choices)
    year = django_filters.NumberFilter(
        "at__year", min_value=FIRST_YEAR, max_value=LAST_YEAR, decimal_places=0, label="in Việt Nam's time"
    )

    class Meta:
        model = Entry
        fields: list[str] = []

    def words(self, rows: EntryQuerySet, name: str, value: str) -> EntryQuerySet:
        return rows.matching(value, search.slugs(value))


class EntryViewSet(ReadOnlyModelViewSet[Entry]):
    """Every decision about a product, the newest first. Whole, in order and by line: `/dang-ky/so.ndjson`."""

    queryset = Entry.objects.none()
    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    lookup_field = "number"
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Entry]:
        return Entry.objects.newest_first()

    def filter_queryset(self, queryset: QuerySet[Any, Any]) -> Any:
        """Words and choices are of the list; an address of one entry means that one."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @extend_schema(operation_id="register_entry")
    def retrieve(self, *args: Any, **kwargs: Any) -> Any:
        return super().retrieve(*args, **kwargs)


class CheckpointViewSet(ListModelMixin, GenericViewSet[Checkpoint]):
    """Signed ends of days, the latest first. Keep one: it shows later whether what it saw was rewritten."""

    queryset = Checkpoint.objects.order_by("-day")
    serializer_class = CheckpointSerializer
    filterset_class = None
