"""What the endpoints share: somebody is signed in, a body is checked, a list comes in pages."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalogue.accounts.models import Organisation, User
from catalogue.api.pagination import Pages
from catalogue.organisations.models import Membership

from .serializers import OrganisationSerializer


class SignedIn(APIView):
    """Scope decides what somebody signed in sees; nobody else sees anything."""

    permission_classes: tuple[type[BasePermission], ...] = (IsAuthenticated,)

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    def body(self, shape: type[serializers.Serializer[Any]], **options: Any) -> dict[str, Any]:
        """Return what was sent, checked. Raises ValidationError."""
        sent = shape(data=self.request.data, **options)
        sent.is_valid(raise_exception=True)
        return sent.validated_data

    def pages(
        self, request: Request, rows: QuerySet[Any], shape: type[serializers.Serializer[Any]], **context: Any
    ) -> Response:
        pages = Pages()
        page = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response(shape(page, many=True, context=context).data)

    def told(self, organisation: Organisation, status: int = 200) -> Response:
        """Answer with an organisation of one's own."""
        context = {"roles": roles_of(self.user)}
        return Response(OrganisationSerializer(organisation, context=context).data, status=status)


def paged(shape: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """Return the shape of a page of these, for the description of the API."""
    return inline_serializer(
        f"Paginated{shape.__name__.removesuffix('Serializer')}List",
        {
            "count": serializers.IntegerField(),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": shape(many=True),
        },
    )


def roles_of(user: User) -> dict[int, str]:
    """Return the role somebody has in each of their organisations, by its number."""
    return dict(Membership.objects.filter(user=user).values_list("organisation_id", "role"))
