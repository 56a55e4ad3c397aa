"""A vendor's products: which there are, how each stands, and what becomes of it."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.accounts.models import Organisation
from catalogue.api.pagination import Pages
from catalogue.api.renderers import AnyType
from catalogue.api.v1.organisations.base import paged
from catalogue.documents.models import Document, MediaType
from catalogue.documents.serving import download
from catalogue.platforms import editing
from catalogue.platforms.content import parse
from catalogue.platforms.desk import standings
from catalogue.platforms.differences import of_revision
from catalogue.platforms.models import Platform
from catalogue.platforms.prompts import needs_told, offered_capabilities
from catalogue.vetting import services as vetting

from . import examples, shapes
from .base import OfVendor, VersionSerializer, open_revision, sent


class Products(OfVendor):
    @extend_schema(
        operation_id="vendor_products_list",
        responses={200: paged(shapes.ProductCardSerializer), **shapes.NOT_THERE},
        examples=[examples.LIST],
    )
    def get(self, request: Request, key: str) -> Response:
        """The vendor's products by name, those that nobody else sees among them; every member may read them."""
        vendor = get_object_or_404(Organisation.objects.vendors().read_by(self.user), key=key)
        rows = Platform.objects.filter(vendor=vendor).select_related("vendor", "category").order_by("name", "pk")
        pages = Pages()
        page = pages.paginate_queryset(rows, request, view=self) or []
        told = shapes.ProductCardSerializer(standings(page), many=True, context={"request": request})
        return pages.get_paginated_response(told.data)

    @extend_schema(
        operation_id="vendor_products_start",
        request=shapes.StartSerializer,
        responses={201: shapes.ProductSerializer, **shapes.BAD},
        examples=[examples.START, examples.STARTED, examples.REFUSED],
    )
    def post(self, request: Request, key: str) -> Response:
        """Begin a product: a draft that nobody else sees; editors and owners."""
        vendor = get_object_or_404(Organisation.objects.vendors().edited_by(self.user), key=key)
        revision = editing.start(vendor, by=self.user, now=timezone.now(), **self.body(shapes.StartSerializer))
        answer = told(request, revision.platform, status=201)
        answer["Location"] = reverse("api:product", args=[key, revision.platform.slug])
        return answer


class OneProduct(OfVendor):
    @extend_schema(
        operation_id="vendor_products_retrieve",
        responses={200: shapes.ProductSerializer, **shapes.NOT_THERE},
        examples=[examples.PRODUCT],
    )
    def get(self, request: Request, key: str, slug: str) -> Response:
        """What the public reads, and the open revision: its text, what is missing, advice; every member may read it."""
        return told(request, self.read(key, slug))


class Changes(OfVendor):
    @extend_schema(
        operation_id="vendor_products_changes",
        responses={200: shapes.ChangesSerializer, **shapes.NOT_THERE},
        examples=[examples.CHANGES],
    )
    def get(self, request: Request, key: str, slug: str) -> Response:
        """The open revision beside what the public sees, word by word."""
        platform = self.read(key, slug)
        found = {"is_new": platform.listed_at is None, "differences": of_revision(open_revision(platform))}
        return Response(shapes.ChangesSerializer(found).data)


class Revisions(OfVendor):
    @extend_schema(
        operation_id="vendor_products_revisions",
        responses={200: paged(shapes.RevisionSerializer), **shapes.NOT_THERE},
        examples=[examples.REVISIONS],
    )
    def get(self, request: Request, key: str, slug: str) -> Response:
        """Every revision with what became of it and why, the newest first."""
        rows = self.read(key, slug).revisions.defer("content", "base_content").select_related("edited_by")
        return self.pages(request, rows.order_by("-number"), shapes.RevisionSerializer)


class Prompts(OfVendor):
    @extend_schema(
        operation_id="vendor_products_prompts",
        responses={200: shapes.PromptsSerializer, **shapes.NOT_THERE},
        examples=[examples.PROMPTS],
    )
    def get(self, request: Request, key: str, slug: str) -> Response:
        """Needs as agencies tell them, and common functions to choose from; editors and owners."""
        content = parse(open_revision(self.written(key, slug)).content)
        offered = [{"key": one, "label": label} for one, label in offered_capabilities(content)]
        found = {"needs": needs_told(content.category), "common_capabilities": offered}
        return Response(shapes.PromptsSerializer(found).data)


class Revise(OfVendor):
    @extend_schema(
        operation_id="vendor_products_revise",
        request=None,
        responses={200: shapes.ProductSerializer, **shapes.NOT_THERE},
        examples=[examples.PRODUCT],
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Begin a revision while the public sees the old text, or go on with the open one; editors and owners."""
        platform = self.written(key, slug)
        editing.revise(platform, by=self.user, now=timezone.now())
        return told(request, platform)


class Submit(OfVendor):
    @extend_schema(
        operation_id="vendor_products_submit",
        request=VersionSerializer,
        responses={200: shapes.ProductSerializer, **shapes.CONFLICT},
        examples=[examples.VERSION, examples.SUBMITTED, examples.INCOMPLETE, examples.OUTDATED],
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Hand the draft in, as it was at `version`. What needs no review is published at once; editors and owners."""
        revision = open_revision(self.written(key, slug))
        _fields, version = sent(request)
        vetting.hand_in(revision, version=version, by=self.user, now=timezone.now())
        return told(request, self.read(key, slug))


class Withdraw(OfVendor):
    @extend_schema(
        operation_id="vendor_products_withdraw",
        request=None,
        responses={200: shapes.ProductSerializer, **shapes.CONFLICT},
        examples=[examples.WITHDRAWN],
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Take back what was handed in, or give the draft up. The next revision begins with its text; editors and owners."""
        platform = self.written(key, slug)
        vetting.take_back(open_revision(platform), by=self.user, now=timezone.now())
        return told(request, platform)


class OneDocument(OfVendor):
    renderer_classes = (JSONRenderer, AnyType)

    @extend_schema(
        operation_id="vendor_documents_download",
        responses={**{(200, kind.value): OpenApiTypes.BINARY for kind in MediaType}, **shapes.NOT_THERE},
    )
    def get(self, request: Request, key: str, pk: Any) -> FileResponse:
        """A file of evidence as it came in; members, and who checks evidence."""
        rows = Document.objects.visible_to(self.user).filter(organisation__key=key).distinct()
        return download(get_object_or_404(rows, pk=pk))


def told(request: Request, platform: Platform, status: int = 200) -> Response:
    """Answer with a product as it stands now."""
    product = standings([platform])[0]
    return Response(shapes.ProductSerializer(product, context={"request": request}).data, status=status)
