"""One's organisations, and their people."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.accounts.models import Organisation
from catalogue.organisations import inviting, joining, people, registering
from catalogue.organisations.details import Details
from catalogue.organisations.invitations import Invitation
from catalogue.organisations.models import Membership
from catalogue.organisations.names import LONGEST_QUERY, find
from catalogue.organisations.requests import JoinRequest

from . import serializers as shapes
from .base import SignedIn, paged, roles_of

REGISTER = OpenApiExample(
    "A vendor",
    {"kind": "vendor", "name": "Công ty Cổ phần Sao Bắc", "short_name": "Sao Bắc", "legal_form": "company",
     "firm_type": "product", "firm_size": "small", "tax_code": "0101243150", "province": "01", "website": "https://saobac.example.vn"},
    request_only=True,
)  # fmt: skip
INVITE = OpenApiExample("An editor", {"email": "lan@example.vn", "role": "editor"}, request_only=True)
REASON = OpenApiExample("Why not", {"reason": "Không có trong danh sách nhân viên."}, request_only=True)


class Organisations(SignedIn):
    @extend_schema(operation_id="organisations_list", responses=paged(shapes.OrganisationSerializer))
    def get(self, request: Request) -> Response:
        """Those the caller belongs to, by name."""
        rows = Organisation.objects.read_by(self.user).order_by("name", "pk")
        return self.pages(request, rows, shapes.OrganisationSerializer, roles=roles_of(self.user))

    @extend_schema(
        operation_id="organisations_register",
        request=shapes.RegisterSerializer,
        responses={201: shapes.OrganisationSerializer},
        examples=[REGISTER],
    )
    def post(self, request: Request) -> Response:
        """Register a vendor or an agency; the caller becomes its owner. An agency may have to wait for an operator."""
        sent = self.body(shapes.RegisterSerializer)
        kind = sent.pop("kind")
        return self.told(registering.register(kind, Details(**sent), by=self.user, now=timezone.now()), status=201)


class Search(SignedIn):
    @extend_schema(
        operation_id="organisations_search",
        parameters=[
            OpenApiParameter("q", str, required=True, description="a name, old or new, or a company's tax code")
        ],
        responses=shapes.FoundSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Find an organisation to join or to claim, at most 20."""
        typed = request.query_params.get("q", "").replace("\0", "")
        if len(typed) > LONGEST_QUERY:
            raise serializers.ValidationError({"q": f"at most {LONGEST_QUERY} characters"})
        found = find(Organisation.objects.findable().with_unclaimed(), typed)
        return Response(shapes.FoundSerializer(found, many=True).data)


class OneOrganisation(SignedIn):
    @extend_schema(operation_id="organisations_retrieve", responses=shapes.OrganisationSerializer)
    def get(self, request: Request, key: str) -> Response:
        """One of the caller's organisations."""
        return self.told(get_object_or_404(Organisation.objects.read_by(self.user), key=key))

    @extend_schema(
        operation_id="organisations_describe",
        request=shapes.DetailsSerializer,
        responses=shapes.OrganisationSerializer,
        examples=[OpenApiExample("Another address", {"website": "https://saobac.example.vn"}, request_only=True)],
    )
    def patch(self, request: Request, key: str) -> Response:
        """Change what it says of itself; owners only."""
        row = get_object_or_404(Organisation.objects.described_by(self.user), key=key)
        now = {
            name: getattr(row, name)
            for name in ("name", "short_name", "legal_form", "firm_type", "firm_size", "website")
        }
        sent = self.body(shapes.DetailsSerializer, partial=True)
        details = Details(**{**now, "province": row.province_id or "", **sent})
        return self.told(registering.describe(row, details, by=self.user, now=timezone.now()))


class AskAgain(SignedIn):
    @extend_schema(operation_id="organisations_ask_again", request=None, responses={204: None})
    def post(self, request: Request, key: str) -> Response:
        """Have an operator look again at an agency that was not confirmed; owners only."""
        row = get_object_or_404(Organisation.objects.described_by(self.user), key=key)
        registering.ask_again(row, by=self.user, now=timezone.now())
        return Response(status=204)


class Leave(SignedIn):
    @extend_schema(operation_id="organisations_leave", request=None, responses={204: None})
    def post(self, request: Request, key: str) -> Response:
        """Leave. The last owner cannot."""
        row = get_object_or_404(Organisation.objects.read_by(self.user), key=key)
        people.leave(row, by=self.user, now=timezone.now())
        return Response(status=204)


class Transfer(SignedIn):
    @extend_schema(
        operation_id="organisations_transfer",
        request=shapes.TransferSerializer,
        responses={204: None},
        examples=[OpenApiExample("To a member", {"member": 12}, request_only=True)],
    )
    def post(self, request: Request, key: str) -> Response:
        """Make another member owner in the caller's place, who goes on as an editor."""
        row = get_object_or_404(Organisation.objects.managed_by(self.user), key=key)
        to = get_object_or_404(
            row.memberships.exclude(user=self.user), pk=self.body(shapes.TransferSerializer)["member"]
        )
        people.transfer(row, to=to, by=self.user, now=timezone.now())
        return Response(status=204)


class Members(SignedIn):
    @extend_schema(operation_id="organisations_members", responses=paged(shapes.OrganisationMemberSerializer))
    def get(self, request: Request, key: str) -> Response:
        """Its members, the longest there first; every member may read them."""
        row = get_object_or_404(Organisation.objects.read_by(self.user), key=key)
        rows = row.memberships.select_related("user").order_by("created_at", "pk")
        return self.pages(request, rows, shapes.OrganisationMemberSerializer)


class OneMember(SignedIn):
    def member(self, key: str, pk: int) -> Membership:
        managed = Organisation.objects.managed_by(self.user)
        return get_object_or_404(Membership.objects.filter(organisation__in=managed), organisation__key=key, pk=pk)

    @extend_schema(
        operation_id="organisations_member_role",
        request=shapes.RoleSerializer,
        responses=shapes.OrganisationMemberSerializer,
        examples=[OpenApiExample("May only read", {"role": "viewer"}, request_only=True)],
    )
    def patch(self, request: Request, key: str, pk: int) -> Response:
        """Give a member another role; owners only."""
        row = self.member(key, pk)
        people.change_role(row, by=self.user, now=timezone.now(), **self.body(shapes.RoleSerializer))
        row.refresh_from_db()
        return Response(shapes.OrganisationMemberSerializer(row).data)

    @extend_schema(operation_id="organisations_member_remove", responses={204: None})
    def delete(self, request: Request, key: str, pk: int) -> Response:
        """Take a member out; owners only."""
        people.remove(self.member(key, pk), by=self.user, now=timezone.now())
        return Response(status=204)


class Invitations(SignedIn):
    @extend_schema(operation_id="organisations_invitations", responses=paged(shapes.InvitationSerializer))
    def get(self, request: Request, key: str) -> Response:
        """Open invitations; owners only."""
        row = get_object_or_404(Organisation.objects.managed_by(self.user), key=key)
        return self.pages(request, row.invitations.open(), shapes.InvitationSerializer)

    @extend_schema(
        operation_id="organisations_invite",
        request=shapes.InviteSerializer,
        responses={201: shapes.InvitationSerializer},
        examples=[INVITE],
    )
    def post(self, request: Request, key: str) -> Response:
        """Invite an address; owners only."""
        row = get_object_or_404(Organisation.objects.managed_by(self.user), key=key)
        sent = inviting.invite(row, by=self.user, now=timezone.now(), **self.body(shapes.InviteSerializer))
        return Response(shapes.InvitationSerializer(sent).data, status=201)


class OneInvitation(SignedIn):
    def invitation(self, key: str, pk: int) -> Invitation:
        rows = Invitation.objects.managed_by(self.user).open().select_related("organisation")
        return get_object_or_404(rows, organisation__key=key, pk=pk)

    @extend_schema(operation_id="organisations_invitation_revoke", responses={204: None})
    def delete(self, request: Request, key: str, pk: int) -> Response:
        """Take an invitation back; owners only."""
        inviting.revoke(self.invitation(key, pk), by=self.user, now=timezone.now())
        return Response(status=204)


class SendAgain(OneInvitation):
    http_method_names = ("post", "options")

    @extend_schema(operation_id="organisations_invitation_resend", request=None, responses=shapes.InvitationSerializer)
    def post(self, request: Request, key: str, pk: int) -> Response:
        """Send it with a new link and a new term; owners only."""
        row = self.invitation(key, pk)
        inviting.send_again(row, by=self.user, now=timezone.now())
        return Response(shapes.InvitationSerializer(row).data)


class JoinRequests(SignedIn):
    @extend_schema(operation_id="organisations_asked_to_join", responses=paged(shapes.JoinRequestSerializer))
    def get(self, request: Request, key: str) -> Response:
        """Who asks to join and waits; owners only."""
        row = get_object_or_404(Organisation.objects.managed_by(self.user), key=key)
        return self.pages(request, row.join_requests.waiting().select_related("user"), shapes.JoinRequestSerializer)


class Answer(SignedIn):
    def asked(self, key: str, pk: int) -> JoinRequest:
        rows = JoinRequest.objects.managed_by(self.user).select_related("organisation", "user")
        return get_object_or_404(rows, organisation__key=key, pk=pk)


class AcceptJoin(Answer):
    @extend_schema(
        operation_id="organisations_join_accept",
        request=shapes.RoleSerializer,
        responses=shapes.OrganisationMemberSerializer,
        examples=[OpenApiExample("As an editor", {"role": "editor"}, request_only=True)],
    )
    def post(self, request: Request, key: str, pk: int) -> Response:
        """Let them in, with a role; owners only."""
        row = self.asked(key, pk)
        entered = joining.approve(row, by=self.user, now=timezone.now(), **self.body(shapes.RoleSerializer))
        return Response(shapes.OrganisationMemberSerializer(entered).data)


class RefuseJoin(Answer):
    @extend_schema(
        operation_id="organisations_join_refuse",
        request=shapes.RefusalSerializer,
        responses={204: None},
        examples=[REASON],
    )
    def post(self, request: Request, key: str, pk: int) -> Response:
        """Do not let them in, and say why; owners only."""
        row = self.asked(key, pk)
        joining.refuse(row, by=self.user, now=timezone.now(), **self.body(shapes.RefusalSerializer))
        return Response(status=204)
