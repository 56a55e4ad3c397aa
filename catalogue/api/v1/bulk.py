"""Bringing products in and taking everything out: the same as the pages, by the same services and scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalogue.accounts.models import Organisation, User
from catalogue.api.renderers import AnyType
from catalogue.platforms.bulk import exporting, importing, opening, planning, publiccode, templates
from catalogue.platforms.bulk.sheets import XLSX, Saved

_KEY = OpenApiParameter("key", str, OpenApiParameter.PATH, description="key of a vendor that the caller belongs to")


class ImportSerializer(serializers.Serializer[Any]):
    """What is sent."""

    file = serializers.FileField(write_only=True, help_text="XLSX or CSV as in the template; at most 10 MB")
    dry_run = serializers.BooleanField(
        default=True, write_only=True, help_text="true: only say what would be done; false: do all of it, or nothing"
    )


class PubliccodeSerializer(ImportSerializer):
    file = serializers.FileField(write_only=True, help_text="publiccode.yml; at most 256 KB")
    category = serializers.CharField(
        default="", allow_blank=True, write_only=True, help_text="key of the main category; without it by the file"
    )
    product = serializers.CharField(
        default="", allow_blank=True, write_only=True, help_text="key of the product meant; without it by the name"
    )


class PlannedSerializer(serializers.Serializer[planning.Planned]):
    """One product of the file: `fields` differ from what the vendor's text is now, `lacking` keep it from being handed in."""

    row = serializers.IntegerField(read_only=True)
    product = serializers.CharField(
        source="platform.slug", default=None, allow_null=True, read_only=True, help_text="key; null for a new one"
    )
    name = serializers.CharField(source="after.name", read_only=True)
    fields = serializers.ListField(child=serializers.CharField(), read_only=True)  # type: ignore[assignment]
    lacking = serializers.ListField(child=serializers.CharField(), read_only=True)


class RowProblemSerializer(serializers.Serializer[planning.Problem]):
    table = serializers.CharField(read_only=True)
    row = serializers.IntegerField(read_only=True, help_text="as the spreadsheet counts")
    column = serializers.CharField(read_only=True, help_text="key of the column; empty when the row is meant")
    detail = serializers.CharField(source="sentence", read_only=True)


class PlanSerializer(serializers.Serializer[Any]):
    """What a file does."""

    dry_run = serializers.BooleanField(read_only=True)
    created = PlannedSerializer(many=True, read_only=True)
    changed = PlannedSerializer(many=True, read_only=True)
    unchanged = serializers.IntegerField(read_only=True)
    problems = RowProblemSerializer(many=True, read_only=True)
    notes = serializers.ListField(child=serializers.CharField(), read_only=True)
    products = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="keys of what was created or changed; empty in a dry run",
    )


@dataclass(frozen=True)
class _Told:
    """A plan as it is told."""

    plan: planning.Plan
    notes: list[str]
    dry_run: bool
    products: list[str]

    def as_data(self) -> dict[str, Any]:
        return {
            "dry_run": self.dry_run,
            "created": self.plan.created,
            "changed": self.plan.changed,
            "unchanged": len(self.plan.unchanged),
            "problems": self.plan.problems,
            "notes": self.notes,
            "products": self.products,
        }


_EXAMPLE = OpenApiExample(
    "One new product, nothing done yet",
    {
        "dry_run": True,
        "created": [{"row": 3, "product": None, "name": "Họp A", "fields": ["name", "category"], "lacking": ["summary"]}],
        "changed": [], "unchanged": 0, "problems": [], "notes": [], "products": [],
    },
    response_only=True,
)  # fmt: skip


class Imports(APIView):
    parser_classes = (MultiPartParser,)
    shape: type[ImportSerializer] = ImportSerializer

    @extend_schema(
        operation_id="vendor_imports_send",
        parameters=[_KEY],
        request={"multipart/form-data": ImportSerializer},
        responses={200: PlanSerializer, 201: PlanSerializer},
        examples=[_EXAMPLE],
    )
    def post(self, request: Request, key: str) -> Response:
        """Check a file of products (200), or bring it in as drafts (201): all of it, or nothing."""
        vendor = get_object_or_404(Organisation.objects.vendors().edited_by(request.user), key=key)
        file = cast(Any, request.data).get("file")  # reads the request: only then is it known to be too big
        too_big = getattr(request, "upload_too_big", False)
        name, content = opening.sent(file if isinstance(file, UploadedFile) else None, too_big=too_big)
        sent = self.shape(data=request.data)
        sent.is_valid(raise_exception=True)
        opened = self.opened(content, sent.validated_data)
        return self.answer(request, vendor, opened, name, dry_run=sent.validated_data["dry_run"])

    def opened(self, content: bytes, sent: dict[str, Any]) -> opening.Opened:
        return opening.opened(content)

    def answer(
        self, request: Request, vendor: Organisation, file: opening.Opened, name: str, *, dry_run: bool
    ) -> Response:
        if dry_run:
            told = _Told(planning.plan(vendor, file.tables), file.notes, dry_run, [])
            return Response(PlanSerializer(told.as_data()).data)
        by = cast(User, request.user)
        done, plan = importing.bring_in(vendor, file, name=name, by=by, now=timezone.now())
        told = _Told(plan, file.notes, dry_run, [*done.result["created"], *done.result["changed"]])
        return Response(PlanSerializer(told.as_data()).data, status=201)


class PubliccodeImports(Imports):
    shape = PubliccodeSerializer

    @extend_schema(
        operation_id="vendor_imports_publiccode",
        parameters=[_KEY],
        request={"multipart/form-data": PubliccodeSerializer},
        responses={200: PlanSerializer, 201: PlanSerializer},
        examples=[_EXAMPLE],
    )
    def post(self, request: Request, key: str) -> Response:
        """The same for one product, from its publiccode.yml. `notes` say what was understood and what was not."""
        return super().post(request, key)

    def opened(self, content: bytes, sent: dict[str, Any]) -> opening.Opened:
        return publiccode.as_file(publiccode.read(content), category=sent["category"], product=sent["product"])


class ImportTemplate(APIView):
    renderer_classes = (JSONRenderer, AnyType)

    @extend_schema(
        operation_id="vendor_import_template",
        parameters=[
            _KEY,
            OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=templates.KINDS),
        ],
        responses={(200, XLSX): OpenApiTypes.BINARY, (200, "text/csv"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, key: str, kind: str) -> FileResponse:
        """An empty file to fill in."""
        get_object_or_404(Organisation.objects.vendors().edited_by(request.user), key=key)
        if kind not in templates.KINDS:
            raise Http404
        return _saved(templates.template(kind))


class Export(APIView):
    renderer_classes = (JSONRenderer, AnyType)

    @extend_schema(
        operation_id="vendor_export",
        parameters=[_KEY, OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(exporting.KINDS))],
        responses={(200, kind.media_type): OpenApiTypes.BINARY for kind in exporting.KINDS.values()},
    )
    def get(self, request: Request, key: str, kind: str) -> FileResponse:
        """Everything the vendor entered: products, packages, evidence, every revision with what was decided, documents."""
        vendor = get_object_or_404(Organisation.objects.vendors().read_by(request.user), key=key)
        if kind not in exporting.KINDS:
            raise Http404
        return _saved(exporting.export(vendor, kind, day=timezone.localdate()))


def _saved(file: Saved) -> FileResponse:
    return FileResponse(file.file, as_attachment=True, filename=file.name, content_type=file.media_type)


urlpatterns = [
    path("organisations/<slug:key>/imports", Imports.as_view(), name="imports"),
    path("organisations/<slug:key>/imports/publiccode", PubliccodeImports.as_view(), name="imports-publiccode"),
    path("organisations/<slug:key>/import-template/<str:kind>", ImportTemplate.as_view(), name="import-template"),
    path("organisations/<slug:key>/export/<str:kind>", Export.as_view(), name="export"),
]
