"""What somebody outside asks for and answers, and what operators decide."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.accounts.models import Organisation
from catalogue.accounts.scopes import is_operator
from catalogue.documents import services as documents
from catalogue.documents import uploading
from catalogue.organisations import claiming, inviting, joining, registering
from catalogue.organisations.invitations import Invitation
from catalogue.organisations.requests import Claim, JoinRequest

from . import serializers as shapes
from .base import SignedIn, paged
from .own import REASON


class OwnJoinRequests(SignedIn):
    @extend_schema(operation_id="join_requests_list", responses=paged(shapes.OwnJoinRequestSerializer))
    def get(self, request: Request) -> Response:
        """What the caller asked, the latest first."""
        rows = JoinRequest.objects.made_by(self.user).select_related("organisation")
        return self.pages(request, rows, shapes.OwnJoinRequestSerializer)

    @extend_schema(
        operation_id="join_requests_send",
        request=shapes.JoinAskSerializer,
        responses={201: shapes.OwnJoinRequestSerializer},
        examples=[
            OpenApiExample("By key", {"organisation": "sao-bac", "message": "Phòng kinh doanh."}, request_only=True),
            OpenApiExample("By tax code", {"tax_code": "0101243150"}, request_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        """Ask an organisation's owners to be let in; at most 10 a day."""
        sent, now = self.body(shapes.JoinAskSerializer), timezone.now()
        if "tax_code" in sent:
            asked = joining.ask_by_tax_code(sent["tax_code"], by=self.user, message=sent["message"], now=now)
        else:
            row = get_object_or_404(Organisation.objects.findable(), key=sent["organisation"])
            asked = joining.ask(row, by=self.user, message=sent["message"], now=now)
        return Response(shapes.OwnJoinRequestSerializer(asked).data, status=201)


class OwnJoinRequest(SignedIn):
    @extend_schema(operation_id="join_requests_withdraw", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Withdraw it."""
        joining.withdraw(
            get_object_or_404(JoinRequest.objects.made_by(self.user), pk=pk), by=self.user, now=timezone.now()
        )
        return Response(status=204)


class OwnClaims(SignedIn):
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(operation_id="claims_list", responses=paged(shapes.OwnClaimSerializer))
    def get(self, request: Request) -> Response:
        """What the caller claimed, the latest first."""
        return self.pages(
            request, Claim.objects.made_by(self.user).select_related("organisation"), shapes.OwnClaimSerializer
        )

    @extend_schema(
        operation_id="claims_send",
        request={
            "application/json": shapes.ClaimBodySerializer,
            "multipart/form-data": shapes.ClaimWithFileSerializer,
        },
        responses={201: shapes.OwnClaimSerializer},
        examples=[
            OpenApiExample(
                "A vendor of the seeds",
                {
                    "organisation": "sao-bac",
                    "position": "Giám đốc",
                    "proof": "Người đại diện theo pháp luật, giấy đăng ký số …",
                },
                request_only=True,
                media_type="application/json",
            )
        ],
    )
    @transaction.atomic
    def post(self, request: Request) -> Response:
        """Ask to speak for an organisation nobody speaks for; at most 5 a day. An operator decides."""
        sent = self.body(shapes.ClaimBodySerializer)
        row = get_object_or_404(Organisation.objects.findable(), key=sent.pop("organisation"))
        now = timezone.now()
        claimed = claiming.claim(row, by=self.user, now=now, **sent)
        if upload := uploading.sent(request):
            documents.keep(claimed, name=upload.name or "", content=upload.read(), by=self.user, now=now)
        return Response(shapes.OwnClaimSerializer(claimed).data, status=201)


class OwnClaim(SignedIn):
    @extend_schema(operation_id="claims_withdraw", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Withdraw it."""
        claiming.withdraw(get_object_or_404(Claim.objects.made_by(self.user), pk=pk), by=self.user, now=timezone.now())
        return Response(status=204)


class Offer(SignedIn):
    """An invitation, by the token of its mail. Somebody else's is not there."""

    def offer(self, token: str) -> Invitation:
        row = get_object_or_404(Invitation.objects.with_token(token).select_related("organisation"))
        if not inviting.is_for(row, self.user):
            raise Http404
        return row

    @extend_schema(operation_id="invitations_retrieve", responses=shapes.OfferSerializer)
    def get(self, request: Request, token: str) -> Response:
        """What one is invited to."""
        return Response(shapes.OfferSerializer(self.offer(token)).data)


class AcceptOffer(Offer):
    http_method_names = ("post", "options")

    @extend_schema(operation_id="invitations_accept", request=None, responses=shapes.OrganisationSerializer)
    def post(self, request: Request, token: str) -> Response:
        """Join. A token works once."""
        return self.told(inviting.accept(self.offer(token), by=self.user, now=timezone.now()).organisation)


class DeclineOffer(Offer):
    http_method_names = ("post", "options")

    @extend_schema(operation_id="invitations_decline", request=None, responses={204: None})
    def post(self, request: Request, token: str) -> Response:
        """Decline."""
        inviting.decline(self.offer(token), by=self.user, now=timezone.now())
        return Response(status=204)


class WaitingAgencies(SignedIn):
    @extend_schema(operation_id="operations_agencies", responses=paged(shapes.AgencySerializer))
    def get(self, request: Request) -> Response:
        """Agencies that wait to be confirmed, the longest waiting first; operators only."""
        _only(self)
        rows = Organisation.objects.for_operators(self.user).waiting().prefetch_related("memberships__user")
        return self.pages(request, rows.order_by("created_at", "pk"), shapes.AgencySerializer)


class AcceptAgency(SignedIn):
    @extend_schema(operation_id="operations_agency_accept", request=None, responses={204: None})
    def post(self, request: Request, key: str) -> Response:
        """Know an agency to be one; operators only."""
        row = get_object_or_404(Organisation.objects.for_operators(self.user), key=key)
        registering.approve(row, by=self.user, now=timezone.now())
        return Response(status=204)


class RefuseAgency(SignedIn):
    @extend_schema(
        operation_id="operations_agency_refuse",
        request=shapes.RefusalSerializer,
        responses={204: None},
        examples=[REASON],
    )
    def post(self, request: Request, key: str) -> Response:
        """Say why it is not confirmed; operators only."""
        row = get_object_or_404(Organisation.objects.for_operators(self.user), key=key)
        registering.refuse(row, by=self.user, now=timezone.now(), **self.body(shapes.RefusalSerializer))
        return Response(status=204)


class WaitingClaims(SignedIn):
    @extend_schema(operation_id="operations_claims", responses=paged(shapes.ClaimSerializer))
    def get(self, request: Request) -> Response:
        """Claims that wait, the longest waiting first; operators only."""
        _only(self)
        rows = Claim.objects.for_operators(self.user).waiting().select_related("user", "organisation")
        return self.pages(request, rows.order_by("created_at", "pk"), shapes.ClaimSerializer)


class AcceptClaim(SignedIn):
    @extend_schema(operation_id="operations_claim_accept", request=None, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """Make the claimant owner, and refuse whoever else claims the same; operators only."""
        row = get_object_or_404(Claim.objects.for_operators(self.user).select_related("user", "organisation"), pk=pk)
        claiming.accept(row, by=self.user, now=timezone.now())
        return Response(status=204)


class RefuseClaim(SignedIn):
    @extend_schema(
        operation_id="operations_claim_refuse",
        request=shapes.RefusalSerializer,
        responses={204: None},
        examples=[REASON],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say no, and why; operators only."""
        row = get_object_or_404(Claim.objects.for_operators(self.user).select_related("user", "organisation"), pk=pk)
        claiming.refuse(row, by=self.user, now=timezone.now(), **self.body(shapes.RefusalSerializer))
        return Response(status=204)


def _only(view: SignedIn) -> None:
    """Others are told that there is no such list: an empty one would say that there is."""
    if not is_operator(view.user):
        raise Http404
