"""The steps in which a product is written, and the packages and pieces of evidence of two of them, one at a time.

A step is sent as it is answered: its fields, and `version`. Who sends an older version than the step's last save is
answered 409 with both texts, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.api.contents import Shape
from catalogue.common.errors import DomainError
from catalogue.documents import services as documents
from catalogue.documents.checking import too_big
from catalogue.platforms import editing
from catalogue.platforms.content import STEPS, ContentInvalid, EvidenceContent, PackageContent, Step, parse
from catalogue.platforms.models import Platform
from catalogue.platforms.revisions import Revision

from . import examples, shapes
from .base import OfVendor, VersionSerializer, open_revision, sent

_VERSION = OpenApiParameter("version", int, required=True, description="of the draft as the caller has read it")
_AT = OpenApiParameter("at", int, OpenApiParameter.PATH, description="place in the list, from 0")


class OneStep(OfVendor):
    step: Step = "name"

    def get(self, request: Request, key: str, slug: str) -> Response:
        """The step as it is saved in the open revision; every member may read it."""
        return self.answer(open_revision(self.read(key, slug)))

    def patch(self, request: Request, key: str, slug: str) -> Response:
        """Save the step; what is left out stays. Editors and owners."""
        revision = open_revision(self.written(key, slug))
        values, version = sent(request)
        if unknown := values.keys() - set(STEPS[self.step]):
            raise ContentInvalid({name: [_("Bước này không có trường đó.")] for name in sorted(unknown)})
        return self.save(revision, values, version)

    def save(self, revision: Revision, values: dict[str, Any], version: int, status: int = 200) -> Response:
        saved = editing.edit(revision, step=self.step, values=values, version=version, by=self.user, now=timezone.now())
        return self.answer(saved, status)

    def answer(self, revision: Revision, status: int = 200) -> Response:
        content = parse(revision.content).as_json()
        fields = {field: content[field] for field in STEPS[self.step]}
        return Response({"version": revision.version, **fields}, status=status)


class Items(OneStep):
    """A list of which one is added at a time."""

    def post(self, request: Request, key: str, slug: str) -> Response:
        """Add one to the end; editors and owners. Answers with the whole list."""
        revision = open_revision(self.written(key, slug))
        with self.received(request, revision.platform) as (values, version):
            return self.keep(revision, [*revision.content[self.step], values], version, status=201)

    @contextmanager
    def received(self, request: Request, platform: Platform) -> Iterator[tuple[dict[str, Any], int]]:
        """Give what was sent, and the version beside it."""
        yield sent(request)

    def keep(self, revision: Revision, rows: list[Any], version: int, status: int = 200) -> Response:
        return self.save(revision, {self.step: rows}, version, status)


class OneItem(Items):
    http_method_names = ("patch", "delete", "options")

    def patch(self, request: Request, key: str, slug: str, at: int = 0) -> Response:
        """Change one; what is left out stays. Editors and owners. Answers with the whole list."""
        revision, there = self.there(key, slug, at)
        with self.received(request, revision.platform) as (values, version):
            return self.keep(revision, [*there[:at], {**there[at], **values}, *there[at + 1 :]], version)

    def delete(self, request: Request, key: str, slug: str, at: int) -> Response:
        """Take one off; editors and owners. Answers with the whole list."""
        revision, there = self.there(key, slug, at)
        version = VersionSerializer(data={"version": request.query_params.get("version")})
        version.is_valid(raise_exception=True)
        return self.keep(revision, [*there[:at], *there[at + 1 :]], version.validated_data["version"])

    def there(self, key: str, slug: str, at: int) -> tuple[Revision, list[Any]]:
        revision = open_revision(self.written(key, slug))
        rows: list[Any] = revision.content[self.step]
        if at >= len(rows):
            raise Http404
        return revision, rows


class WithFile(Items):
    """Evidence comes as JSON, or as a form with its file. When it is refused, the file is not kept either."""

    parser_classes = (JSONParser, MultiPartParser)

    @contextmanager
    def received(self, request: Request, platform: Platform) -> Iterator[tuple[dict[str, Any], int]]:
        is_form = isinstance(request.data, QueryDict)  # reads the request: only then is it known to be too big
        if getattr(request, "upload_too_big", False):
            raise too_big()
        values, version = sent(request)
        if not is_form:
            yield values, version
            return
        document, now = None, timezone.now()
        if file := values.pop("file", None):
            if not isinstance(file, UploadedFile):
                raise serializers.ValidationError({"file": _("Hãy gửi một tệp.")})
            document = documents.keep(platform.vendor, name=file.name or "", content=file.read(), by=self.user, now=now)
            values["document"] = str(document.pk)
        try:
            yield {name: _said(name, text) for name, text in values.items()}, version
        except DomainError:
            if document and document.uploaded_at == now:  # it came with this request
                document.delete()
            raise


def _said(name: str, text: str) -> Any:
    """Return what a field of a form says; an empty one says nothing."""
    field = EvidenceContent.model_fields.get(name)
    return field.default if text == "" and field and not field.is_required() else text


def step_view(step: Step, base: type[OneStep] = OneStep) -> type[OneStep]:
    """Return the view of one step, described by that step's own fields."""
    shape, name = shapes.shape_of(step), f"vendor_products_step_{step}"
    described = {
        "get": extend_schema(
            operation_id=name, responses={200: shape, **shapes.NOT_THERE}, examples=examples.of_step(step)
        ),
        "patch": extend_schema(
            operation_id=f"{name}_save",
            request={"application/json": shape},
            responses={200: shape, **shapes.CONFLICT},
            examples=[*examples.of_step(step), examples.conflict(step), examples.REFUSED],
        ),
    }
    if issubclass(base, Items):
        new = shapes.new_item(_MODELS[step])
        described["post"] = extend_schema(
            operation_id=f"{name}_add",
            request=_bodies(base, new),
            responses={201: shape, **_refusals(base)},
            examples=[*examples.of_item(step), examples.conflict(step), examples.REFUSED],
        )
    return extend_schema_view(**described)(type(f"{step.title()}Step", (base,), {"step": step}))


def item_view(step: Step, base: type[Items]) -> type[OneStep]:
    """Return the view of one package or piece of evidence."""
    shape, name = shapes.shape_of(step), f"vendor_products_step_{step}"
    described = {
        "patch": extend_schema(
            operation_id=f"{name}_change",
            parameters=[_AT],
            request=_bodies(base, shapes.changed_item(_MODELS[step])),
            responses={200: shape, **_refusals(base)},
            examples=[*examples.of_item(step), examples.conflict(step), examples.REFUSED],
        ),
        "delete": extend_schema(
            operation_id=f"{name}_remove",
            parameters=[_AT, _VERSION],
            responses={200: shape, **shapes.CONFLICT},
            examples=[examples.the_list(step), examples.conflict(step)],
        ),
    }
    return extend_schema_view(**described)(type(f"{step.title()}Item", (OneItem, base), {"step": step}))


_MODELS: dict[Step, type[PackageContent | EvidenceContent]] = {"packages": PackageContent, "evidence": EvidenceContent}


def _bodies(base: type[OneStep], shape: Shape) -> dict[str, Shape]:
    form = {"multipart/form-data": shapes.with_file(shape)} if issubclass(base, WithFile) else {}
    return {"application/json": shape, **form}


def _refusals(base: type[OneStep]) -> dict[tuple[int, str], OpenApiResponse]:
    return {**shapes.CONFLICT, **(shapes.UNSCANNED if issubclass(base, WithFile) else {})}
