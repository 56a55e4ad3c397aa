"""Shapes: what is told of an organisation and its people, and what is sent. A person's tax code is in none of them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.accounts.models import REGISTERED_KINDS, FirmSize, FirmType, LegalForm, Organisation, OrganisationKind
from catalogue.accounts.roles import Role
from catalogue.organisations.claiming import LONGEST_POSITION
from catalogue.organisations.details import LONGEST_ADDRESS, LONGEST_NAME, LONGEST_SHORT_NAME
from catalogue.organisations.invitations import Invitation
from catalogue.organisations.inviting import LONGEST_EMAIL
from catalogue.organisations.models import Membership
from catalogue.organisations.requests import LONGEST_TEXT, Claim, JoinRequest


class FoundSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation whose existence is no secret."""

    province = serializers.CharField(source="province_id", allow_null=True, read_only=True, help_text="code")
    unclaimed = serializers.BooleanField(read_only=True, help_text="true: claim it; false: ask to join")

    class Meta:
        model = Organisation
        fields = ("key", "kind", "name", "short_name", "province", "unclaimed")
        read_only_fields = fields


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation as its members see it."""

    tax_code = serializers.CharField(
        source="public_tax_code", read_only=True, help_text="of an enterprise or a branch; a person's is never given"
    )
    province = serializers.CharField(source="province_id", allow_null=True, read_only=True, help_text="code")
    role = serializers.SerializerMethodField(help_text="of who asks")
    public_page = serializers.SerializerMethodField(help_text="whether everybody sees a page of it")

    class Meta:
        model = Organisation
        fields = (
            "key", "kind", "name", "short_name", "legal_form", "firm_type", "firm_size", "tax_code", "province", "website",
            "state", "refusal", "domain", "role", "public_page",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(Role.choices))
    def get_role(self, organisation: Organisation) -> str:
        return self.context["roles"][organisation.pk]

    def get_public_page(self, organisation: Organisation) -> bool:
        return organisation.kind == OrganisationKind.VENDOR and organisation.shown_since is not None


class DetailsSerializer(serializers.Serializer[Any]):
    """What an organisation says of itself. What is left out of a PATCH stays."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    short_name = serializers.CharField(max_length=LONGEST_SHORT_NAME, required=False, allow_blank=True)
    legal_form = serializers.ChoiceField(LegalForm.choices, required=False, help_text="of a vendor")
    firm_type = serializers.ChoiceField(FirmType.choices, required=False, allow_blank=True, help_text="of a vendor")
    firm_size = serializers.ChoiceField(
        FirmSize.choices, required=False, allow_blank=True, help_text="of a vendor, by Decree 80/2021/NĐ-CP, article 5"
    )
    tax_code = serializers.CharField(
        max_length=30,
        required=False,
        allow_blank=True,
        help_text="10 digits, 13 of a branch, 12 of a household business",
    )
    province = serializers.CharField(max_length=2, required=False, allow_blank=True, help_text="code")
    website = serializers.CharField(max_length=LONGEST_ADDRESS, required=False, allow_blank=True)


class RegisterSerializer(DetailsSerializer):
    kind = serializers.ChoiceField(REGISTERED_KINDS)


class OrganisationMemberSerializer(serializers.ModelSerializer[Membership]):
    email = serializers.EmailField(source="user.email", read_only=True)
    name = serializers.CharField(source="user.get_full_name", read_only=True)

    class Meta:
        model = Membership
        fields = ("id", "email", "name", "role", "created_at")
        read_only_fields = fields


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """An open invitation, for owners. Its link is only in the mail."""

    class Meta:
        model = Invitation
        fields = ("id", "email", "role", "created_at", "sent_at", "expires_at")
        read_only_fields = fields


class OfferSerializer(serializers.ModelSerializer[Invitation]):
    """An invitation as who is invited sees it."""

    organisation = serializers.CharField(source="organisation.name", read_only=True)

    class Meta:
        model = Invitation
        fields = ("organisation", "role", "expires_at")
        read_only_fields = fields


class JoinRequestSerializer(serializers.ModelSerializer[JoinRequest]):
    """Somebody who asks to join, for owners."""

    email = serializers.EmailField(source="user.email", read_only=True)
    name = serializers.CharField(source="user.get_full_name", read_only=True)

    class Meta:
        model = JoinRequest
        fields = ("id", "email", "name", "message", "created_at")
        read_only_fields = fields


class OwnJoinRequestSerializer(serializers.ModelSerializer[JoinRequest]):
    """A request of who asks; a hidden organisation is told by its tax code only, until it let one in."""

    organisation = serializers.CharField(source="asked_of", read_only=True)

    class Meta:
        model = JoinRequest
        fields = ("id", "organisation", "message", "state", "role", "reason", "created_at", "decided_at")
        read_only_fields = fields


class OwnClaimSerializer(serializers.ModelSerializer[Claim]):
    organisation = serializers.CharField(source="organisation.key", read_only=True)

    class Meta:
        model = Claim
        fields = ("id", "organisation", "position", "proof", "link", "state", "reason", "created_at", "decided_at")
        read_only_fields = fields


class ClaimSerializer(serializers.ModelSerializer[Claim]):
    """A claim that waits, for operators."""

    organisation = FoundSerializer(read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)
    name = serializers.CharField(source="user.get_full_name", read_only=True)

    class Meta:
        model = Claim
        fields = ("id", "organisation", "email", "name", "position", "proof", "link", "created_at")
        read_only_fields = fields


class AgencySerializer(serializers.ModelSerializer[Organisation]):
    """An agency that waits to be confirmed, for operators."""

    tax_code = serializers.CharField(source="public_tax_code", read_only=True)
    province = serializers.CharField(source="province_id", allow_null=True, read_only=True, help_text="code")
    owners = serializers.SerializerMethodField(help_text="e-mail addresses")

    class Meta:
        model = Organisation
        fields = ("key", "name", "short_name", "tax_code", "province", "website", "owners", "created_at")
        read_only_fields = fields

    def get_owners(self, organisation: Organisation) -> list[str]:
        return [membership.user.email for membership in organisation.memberships.all()]


class InviteSerializer(serializers.Serializer[Any]):
    email = serializers.CharField(max_length=LONGEST_EMAIL)
    role = serializers.ChoiceField(Role.choices)


class RoleSerializer(serializers.Serializer[Any]):
    role = serializers.ChoiceField(Role.choices)


class RefusalSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True)


class TransferSerializer(serializers.Serializer[Any]):
    member = serializers.IntegerField(min_value=1, help_text="id of the member who becomes owner")


class JoinAskSerializer(serializers.Serializer[Any]):
    """Which organisation: by its key, or by its tax code when it has no page."""

    organisation = serializers.SlugField(required=False)
    tax_code = serializers.CharField(max_length=30, required=False)
    message = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("organisation" in attrs) == ("tax_code" in attrs):
            raise serializers.ValidationError({"organisation": "give organisation or tax_code"})
        return attrs


class ClaimBodySerializer(serializers.Serializer[Any]):
    organisation = serializers.SlugField()
    position = serializers.CharField(max_length=LONGEST_POSITION)
    proof = serializers.CharField(max_length=LONGEST_TEXT)
    link = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ClaimWithFileSerializer(ClaimBodySerializer):
    file = serializers.FileField(required=False, help_text="a PDF, PNG, JPEG or DOCX that proves it, at most 10 MB")
