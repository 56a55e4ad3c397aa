"""What the endpoints share: rows by scope, and a body that is an object with the version it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from catalogue.accounts.models import User
from catalogue.api.v1.organisations.base import SignedIn
from catalogue.platforms.models import Platform
from catalogue.platforms.revisions import Revision


class VersionSerializer(serializers.Serializer[Any]):
    """The version of the draft that the caller has read."""

    version = serializers.IntegerField(min_value=1)


class ByScope(SignedIn):
    """404 for whomever scope gives nothing, signed in or not: an address that asks to sign in says that it is one."""

    permission_classes = ()  # scope says it all

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not isinstance(request.user, User):
            raise Http404


class OfVendor(ByScope):
    """What the caller's vendors offer."""

    def read(self, key: str, slug: str) -> Platform:
        """Return the platform, if the caller belongs to its vendor."""
        rows = Platform.objects.read_by_members(self.user).select_related("vendor", "category")
        return get_object_or_404(rows, vendor__key=key, slug=slug)

    def written(self, key: str, slug: str) -> Platform:
        """Return the platform, if the caller may write it."""
        rows = Platform.objects.written_by(self.user).select_related("vendor", "category")
        return get_object_or_404(rows, vendor__key=key, slug=slug)


def open_revision(platform: Platform) -> Revision:
    """Return the revision of which something may still become; without one there is nothing to read or write."""
    revision = get_object_or_404(platform.revisions.open())
    revision.platform = platform
    return revision


def sent(request: Request) -> tuple[dict[str, Any], int]:
    """Return the fields of a body, and the version beside them. Raises ValidationError."""
    if not isinstance(request.data, Mapping):
        raise serializers.ValidationError(_("Hãy gửi một đối tượng JSON."))
    fields = dict(request.data.items())
    version = VersionSerializer(data={"version": fields.pop("version", None)})
    version.is_valid(raise_exception=True)
    return fields, version.validated_data["version"]
