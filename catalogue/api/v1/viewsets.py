"""The catalogue's lists. Each viewset wires scope, shape and filters, and decides nothing."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.viewsets import ReadOnlyModelViewSet

from catalogue.accounts.models import Organisation
from catalogue.platforms.models import Category, Platform
from catalogue.platforms.querysets import listed_platforms

from .filters import PlatformFilter, VendorFilter
from .serializers import CategorySerializer, PlatformCardSerializer, PlatformSerializer, VendorSerializer


class PlatformViewSet(ReadOnlyModelViewSet[Platform]):
    """Platforms the caller may see, by name unless searched or sorted otherwise."""

    queryset = Platform.objects.none()
    filterset_class = PlatformFilter
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Platform]:
        rows = Platform.objects.visible_to(self.request.user)
        return (rows.for_page() if self.action == "retrieve" else rows.for_cards()).order_by("name", "pk")

    def filter_queryset(self, queryset: QuerySet[Any, Any]) -> Any:
        """Search and facets are of the list; an address of one platform means that one."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def get_serializer_class(self) -> type[PlatformCardSerializer]:
        return PlatformSerializer if self.action == "retrieve" else PlatformCardSerializer


class VendorViewSet(ReadOnlyModelViewSet[Organisation]):
    """Vendors, by name, with how many platforms each has listed."""

    queryset = Organisation.objects.none()
    serializer_class = VendorSerializer
    filterset_class = VendorFilter
    lookup_field = "key"

    def get_queryset(self) -> QuerySet[Organisation]:
        rows = Organisation.objects.visible_to(self.request.user).select_related("province", "parent")
        return rows.annotate(platform_count=listed_platforms()).order_by("name", "pk")


class CategoryViewSet(ReadOnlyModelViewSet[Category]):
    """Category leaves in the order of the directive, with how many platforms have it as their main one."""

    queryset = Category.objects.none()
    serializer_class = CategorySerializer
    lookup_field = "key"

    def get_queryset(self) -> QuerySet[Category]:
        rows = Category.objects.leaves_only().select_related("parent", "scheme")
        return rows.annotate(platform_count=listed_platforms()).order_by("position", "pk")
