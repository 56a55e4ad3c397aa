"""Shapes: what is told of a vendor's own products, and what is sent. Fields of a content are those of `content.Content`."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema_field
from rest_framework import serializers

from catalogue.accounts.models import User
from catalogue.api.contents import Shape, whole
from catalogue.api.errors import MEDIA_TYPE
from catalogue.platforms import desk, editing
from catalogue.platforms.completeness import completeness
from catalogue.platforms.content import STEPS, Content, EvidenceContent, PackageContent, Step, parse, step_of
from catalogue.platforms.differences import Line, Mark
from catalogue.platforms.models import Platform
from catalogue.platforms.prompts import advice
from catalogue.platforms.publishing import content_of
from catalogue.platforms.quality import Code, Severity
from catalogue.platforms.revisions import Revision, RevisionState

CONTENT: Any = whole(Content)
_STEP_NAMES = list(STEPS)
_VERSION = {"type": "integer", "minimum": 1, "description": "of the draft: counts its saves"}
_SENT_VERSION = {"type": "integer", "minimum": 1, "description": "of the draft as the caller has read it"}
_FILE = {
    "type": "string",
    "format": "binary",
    "writeOnly": True,
    "description": "PDF, PNG, JPEG or DOCX; at most 10 MB",
}


def shape_of(step: Step) -> Shape:
    """Return what is sent and answered of a step. What is left out of a PATCH stays."""
    return Shape(f"{step.title()}Step", Content, STEPS[step], ("version",), {"version": _VERSION})


def new_item(model: type[PackageContent | EvidenceContent]) -> Shape:
    one = whole(model)
    return Shape(f"New{one.name}", model, one.fields, ("version", *one.required), {"version": _SENT_VERSION})


def changed_item(model: type[PackageContent | EvidenceContent]) -> Shape:
    one = whole(model)
    return Shape(f"Changed{one.name}", model, one.fields, ("version",), {"version": _SENT_VERSION})


def with_file(shape: Shape) -> Shape:
    """Return the shape as a form with a file. Fields of a form are texts; an empty one says nothing."""
    return Shape(f"{shape.name}WithFile", shape.model, shape.fields, shape.required, {**shape.more, "file": _FILE})


class ProductCardSerializer(serializers.Serializer[Any]):
    """One of the vendor's products, and where it stands."""

    key = serializers.CharField(source="platform.slug", read_only=True)
    name = serializers.CharField(source="platform.name", read_only=True)
    category = serializers.CharField(source="platform.category.key", read_only=True)
    state = serializers.ChoiceField(desk.State.choices, read_only=True, help_text="what asks most of its vendor first")
    public = serializers.BooleanField(read_only=True, help_text="whether the public sees it")
    page = serializers.SerializerMethodField(allow_null=True, help_text="public page; null when there is none")
    revision_state = serializers.ChoiceField(
        RevisionState.choices, source="newest.state", default=None, allow_null=True, read_only=True,
        help_text="of the newest revision; null when there never was one",
    )  # fmt: skip
    reason = serializers.CharField(read_only=True, allow_blank=True, help_text="why it was returned")
    since = serializers.DateTimeField(read_only=True, allow_null=True, help_text="when the state was reached")

    @extend_schema_field(serializers.URLField)
    def get_page(self, product: desk.Product) -> str | None:
        if not product.public:
            return None
        return self.context["request"].build_absolute_uri(product.platform.get_absolute_url())


class MissingSerializer(serializers.Serializer[Any]):
    """What keeps a draft from being handed in."""

    step = serializers.ChoiceField(_STEP_NAMES, read_only=True)
    field = serializers.CharField(read_only=True, help_text="solves.2 for one of a list")
    detail = serializers.CharField(read_only=True)


class HintSerializer(serializers.Serializer[Any]):
    """Advice on a text; nothing is refused for it."""

    code = serializers.ChoiceField([code.value for code in Code])
    severity = serializers.ChoiceField(Severity.choices)
    field = serializers.CharField(help_text="solves.2 for one of a list")
    message = serializers.CharField()
    why = serializers.CharField()
    example = serializers.CharField(allow_blank=True)


class RevisionSerializer(serializers.ModelSerializer[Revision]):
    """One revision in the course of a product's text."""

    state = serializers.ChoiceField(RevisionState.choices, read_only=True)
    begun_from = serializers.IntegerField(source="base_number", allow_null=True, read_only=True, help_text="number of the revision it began with")  # fmt: skip
    edited_by = serializers.SerializerMethodField(help_text="name or address; null when the account is gone")

    def get_edited_by(self, revision: Revision) -> str | None:
        by: User | None = revision.edited_by
        return (by.get_full_name() or by.email) if by else None

    class Meta:
        model = Revision
        fields: tuple[str, ...] = (
            "number", "state", "begun_from", "version", "created_at", "edited_at", "edited_by", "submitted_at", "decided_at",
            "reason",
        )  # fmt: skip
        read_only_fields = fields


class OpenRevisionSerializer(RevisionSerializer):
    """The revision that is being written, or waits for a decision. `missing` and `hints` are of a draft."""

    content = serializers.SerializerMethodField()
    saved = serializers.DictField(child=serializers.IntegerField(), read_only=True, help_text="version at which each step was last saved; a step never saved is not there")  # fmt: skip
    missing = serializers.SerializerMethodField(help_text="none: it can be handed in")
    completeness = serializers.SerializerMethodField(help_text="percent of what agencies ask that is answered")
    hints = serializers.SerializerMethodField()
    at_once = serializers.SerializerMethodField(help_text="handing it in would publish it without a review")

    @extend_schema_field(CONTENT)
    def get_content(self, revision: Revision) -> Any:
        return parse(revision.content).as_json()

    @extend_schema_field(MissingSerializer(many=True))
    def get_missing(self, revision: Revision) -> Any:
        problems = editing.what_is_missing(revision.platform, parse(revision.content)) if revision.is_draft else {}
        return [
            {"step": step_of(field), "field": field, "detail": detail}
            for field, sentences in problems.items()
            for detail in sentences
        ]

    def get_completeness(self, revision: Revision) -> int:
        return completeness(parse(revision.content)).percent

    @extend_schema_field(HintSerializer(many=True))
    def get_hints(self, revision: Revision) -> Any:
        found = advice(revision.platform, parse(revision.content)) if revision.is_draft else []
        return HintSerializer(found, many=True).data

    def get_at_once(self, revision: Revision) -> bool:
        return editing.shown_at_once(revision)

    class Meta(RevisionSerializer.Meta):
        fields = (*RevisionSerializer.Meta.fields, "content", "saved", "missing", "completeness", "hints", "at_once")
        read_only_fields = fields


class ProductSerializer(ProductCardSerializer):
    """A product with what the public reads and what its vendor is writing."""

    may_write = serializers.SerializerMethodField(help_text="whether the caller may write it")
    published = serializers.SerializerMethodField(
        allow_null=True, help_text="what the public sees; null when it sees nothing"
    )
    revision = serializers.SerializerMethodField(allow_null=True, help_text="the open one; null when there is none")

    def get_may_write(self, product: desk.Product) -> bool:
        user = self.context["request"].user
        return Platform.objects.written_by(user).filter(pk=product.platform.pk).exists()

    @extend_schema_field(CONTENT)
    def get_published(self, product: desk.Product) -> Any:
        return content_of(product.platform).as_json() if product.public else None

    @extend_schema_field(OpenRevisionSerializer)
    def get_revision(self, product: desk.Product) -> Any:
        newest = product.newest
        if newest is None or newest.state not in RevisionState.open():
            return None
        return OpenRevisionSerializer(newest).data


class SpanSerializer(serializers.Serializer[Any]):
    mark = serializers.ChoiceField([mark.value for mark in Mark])
    text = serializers.CharField(trim_whitespace=False)


class DifferenceSerializer(serializers.Serializer[Any]):
    """One field in two texts: its lines, each in runs of words that stayed, went or came."""

    field = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # a serializer has a label, unused here
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=SpanSerializer(many=True)))
    def get_before(self, difference: Any) -> Any:
        return _told(difference.before)

    @extend_schema_field(serializers.ListField(child=SpanSerializer(many=True)))
    def get_after(self, difference: Any) -> Any:
        return _told(difference.after)


def _told(lines: tuple[Line, ...]) -> list[Any]:
    return [SpanSerializer(line, many=True).data for line in lines]


class ChangesSerializer(serializers.Serializer[Any]):
    """What the open revision changes of what the public sees; all it says while the public sees nothing."""

    is_new = serializers.BooleanField(read_only=True, help_text="the public has never seen it")
    differences = DifferenceSerializer(many=True, read_only=True)


class CapabilitySerializer(serializers.Serializer[Any]):
    key = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # a serializer has a label, unused here


class PromptsSerializer(serializers.Serializer[Any]):
    """What helps to write the open revision."""

    needs = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="of the category, as agencies tell them: how `solves` reads",
    )
    common_capabilities = CapabilitySerializer(many=True, read_only=True, help_text="what can be chosen")


class StartSerializer(serializers.Serializer[Any]):
    """What must be known before there is a draft."""

    name = serializers.CharField(trim_whitespace=False, help_text="at most 120 characters")
    category = serializers.CharField(trim_whitespace=False, help_text="key of a leaf")


class PlaceSerializer(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="packages.0.price_max for one of a list")
    detail = serializers.CharField()


class ProblemDetailsSerializer(serializers.Serializer[Any]):
    """Problem details (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField(required=False)
    errors = PlaceSerializer(many=True, required=False)  # type: ignore[assignment]  # a serializer has errors, unused here


class ConflictSerializer(ProblemDetailsSerializer):
    """Nothing was written. Of a step that somebody saved meanwhile: both texts, and the version to send next."""

    theirs = serializers.DictField(required=False, help_text="the step's fields as they are saved")
    yours = serializers.DictField(required=False, help_text="the fields as they were sent")
    version = serializers.IntegerField(required=False)


NOT_THERE = {(404, MEDIA_TYPE): OpenApiResponse(ProblemDetailsSerializer, "no such thing, or not the caller's to see")}
BAD = {(400, MEDIA_TYPE): OpenApiResponse(ProblemDetailsSerializer, "what is wrong, by field"), **NOT_THERE}
CONFLICT = {**BAD, (409, MEDIA_TYPE): OpenApiResponse(ConflictSerializer, "not as things stand")}
UNSCANNED = {
    (503, MEDIA_TYPE): OpenApiResponse(ProblemDetailsSerializer, "the virus scanner does not answer; nothing was kept")
}
