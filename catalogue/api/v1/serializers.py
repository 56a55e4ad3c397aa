"""Out-shapes of the catalogue: one serializer a shape, read only."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.accounts.models import Organisation
from catalogue.api.v1.proposals.shapes import AftermathSerializer
from catalogue.platforms.changes import Moment, latest_of
from catalogue.platforms.models import Category, Evidence, Platform
from catalogue.platforms.packages import Package
from catalogue.platforms.particulars import PlatformConnection
from catalogue.problems import judging
from catalogue.problems.evaluation import Result
from catalogue.problems.states import Ending

MOST_CHANGES = 50  # of one listing


class SourceSerializer(serializers.Serializer[dict[str, str]]):
    """Where a fact was read; `url` is null for general knowledge, which nobody can check."""

    url = serializers.URLField(allow_null=True, read_only=True)
    note = serializers.CharField(read_only=True)


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    class Meta:
        model = Evidence
        fields = ("kind", "title", "year", "url", "note", "issuer", "number", "expires_on", "seen_on")
        read_only_fields = fields


class CategorySerializer(serializers.ModelSerializer[Category]):
    """A leaf with its group and the document it rests on."""

    group = serializers.SlugRelatedField[Category]("key", source="parent", read_only=True)
    basis = serializers.CharField(source="scheme.title", read_only=True)
    platforms = serializers.IntegerField(source="platform_count", read_only=True)

    class Meta:
        model = Category
        fields = ("key", "label_vi", "label_en", "group", "basis", "platforms")
        read_only_fields = fields


class VendorSerializer(serializers.ModelSerializer[Organisation]):
    province = serializers.CharField(source="province.name", default=None, read_only=True)
    parent = serializers.CharField(  # type: ignore[assignment]  # a serializer has a parent of its own, unused here
        source="parent.key", default=None, read_only=True
    )
    platforms = serializers.IntegerField(source="platform_count", read_only=True)
    sources = SourceSerializer(many=True, read_only=True)

    class Meta:
        model = Organisation
        fields = (
            "key", "name", "short_name", "legal_form", "firm_type", "firm_size", "website", "province", "parent", "platforms", "sources",
        )  # fmt: skip
        read_only_fields = fields


class PricingSerializer(serializers.ModelSerializer[Platform]):
    """Money in Vietnamese dong; null where no source gives a price."""

    model = serializers.CharField(source="pricing_model", read_only=True)
    note = serializers.CharField(source="pricing_note", read_only=True)
    vnd_min = serializers.IntegerField(source="price_min", allow_null=True, read_only=True)
    vnd_max = serializers.IntegerField(source="price_max", allow_null=True, read_only=True)
    unit = serializers.CharField(source="price_unit", read_only=True)

    class Meta:
        model = Platform
        fields = ("model", "note", "vnd_min", "vnd_max", "unit")
        read_only_fields = fields


class MomentSerializer(serializers.Serializer[Moment]):
    """A change of a listing, and what of it changed; null where nobody noted it."""

    at = serializers.DateTimeField(read_only=True)
    changed = serializers.ListField(child=serializers.CharField(), source="fields", allow_null=True, read_only=True)


class PackageSerializer(serializers.ModelSerializer[Package]):
    """A package as an invoice would have it. Money in Vietnamese dong; null where nothing is published."""

    class Meta:
        model = Package
        fields = (
            "name", "unit", "period", "price_min", "price_max", "min_quantity", "min_months", "setup_fee", "support_fee",
            "includes",
        )  # fmt: skip
        read_only_fields = fields


_CARD = (
    "key", "name", "vendor", "vendor_name", "category", "also", "summary", "status", "assurance", "assured_on", "url",
)  # fmt: skip


class PlatformCardSerializer(serializers.ModelSerializer[Platform]):
    """A platform in a list."""

    key = serializers.CharField(source="slug", read_only=True)
    vendor = serializers.CharField(source="vendor.key", read_only=True)
    vendor_name = serializers.CharField(source="vendor.short_name", read_only=True)
    category = serializers.CharField(source="category.key", read_only=True)
    also = serializers.SlugRelatedField[Category]("key", many=True, read_only=True)
    url = serializers.HyperlinkedIdentityField("api:platform-detail", lookup_field="slug")

    class Meta:
        model = Platform
        fields: tuple[str, ...] = _CARD
        read_only_fields: tuple[str, ...] = _CARD


class ChoiceSerializer(serializers.ModelSerializer[Result]):
    """A public problem that the product was chosen or tried out for, and what its agency said afterwards."""

    problem = serializers.CharField(source="proposal.problem.slug", read_only=True, help_text="key")
    agency = serializers.CharField(source="proposal.problem.agency.name", read_only=True)
    ending = serializers.ChoiceField(Ending.choices, source="proposal.problem.ending", read_only=True)
    aftermath = AftermathSerializer(many=True, read_only=True)

    class Meta:
        model = Result
        fields = ("problem", "agency", "ending", "told_at", "aftermath")
        read_only_fields = fields


class PlatformSerializer(PlatformCardSerializer):
    """A platform with everything its listing states."""

    capabilities = serializers.ListField(child=serializers.CharField(), read_only=True)
    solves = serializers.ListField(child=serializers.CharField(), read_only=True)
    customers = serializers.ListField(child=serializers.CharField(), read_only=True)
    deployment = serializers.ListField(child=serializers.CharField(), read_only=True)
    pricing = PricingSerializer(source="*", read_only=True)
    packages = PackageSerializer(many=True, read_only=True)
    connections = serializers.SlugRelatedField[PlatformConnection]("to", many=True, read_only=True)
    standards = serializers.ListField(child=serializers.CharField(), read_only=True)
    languages = serializers.ListField(child=serializers.CharField(), read_only=True)
    export_formats = serializers.ListField(child=serializers.CharField(), read_only=True)
    evidence = EvidenceSerializer(many=True, read_only=True)
    sources = SourceSerializer(many=True, read_only=True)
    history = serializers.SerializerMethodField()
    chosen_by = serializers.SerializerMethodField()

    @extend_schema_field(ChoiceSerializer(many=True))
    def get_chosen_by(self, platform: Platform) -> Any:
        return ChoiceSerializer(judging.choices_of(platform), many=True).data

    @extend_schema_field(MomentSerializer(many=True))
    def get_history(self, platform: Platform) -> Any:
        return [MomentSerializer(moment).data for moment in latest_of(platform.slug, MOST_CHANGES)]

    class Meta(PlatformCardSerializer.Meta):
        fields = (
            *_CARD,
            "description", "capabilities", "solves", "customers", "deployment", "pricing", "packages", "launched", "website",
            "support_phone", "support_email", "data_in_vietnam", "security_level", "connections", "standards", "languages",
            "export_formats", "exit_terms", "vietnamese_share", "designed_by", "source_owner", "copyright_certificate",
            "rd_share", "vietnamese_documents", "support_commitment", "listed_at", "evidence", "sources", "history", "chosen_by",
            "updated_at",
        )  # fmt: skip
        read_only_fields = fields
