"""Admin pages of what vendors write and hand in."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .admin_parts import ReadOnly, public_link
from .documents.models import Document
from .platforms.capabilities import Capability
from .platforms.revisions import FieldRule, Revision


@admin.register(Revision)
class RevisionAdmin(ReadOnly):
    """What vendors wrote. Reviewers decide on it, on pages of their own."""

    list_display = ("platform", "number", "state", "submitted_at", "edited_by", "decided_at", "decided_by")
    list_filter = ("state", "submitted_at")
    search_fields = ("platform__name", "platform__slug", "platform__vendor__name")
    list_select_related = ("platform", "edited_by", "decided_by")


@admin.register(FieldRule)
class FieldRuleAdmin(admin.ModelAdmin):
    """Which fields of a listed product a vendor changes at once."""

    list_display = ("field", "material", "reason")
    list_filter = ("material",)

    def has_delete_permission(self, request: HttpRequest, obj: FieldRule | None = None) -> bool:
        return False


@admin.register(Capability)
class CapabilityAdmin(admin.ModelAdmin):
    list_display = ("label", "key", "leaves")
    list_filter = ("categories",)
    search_fields = ("label", "key")
    autocomplete_fields = ("categories",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Capability]:
        return super().get_queryset(request).prefetch_related("categories")

    @admin.display(description=_("nhóm"))
    def leaves(self, capability: Capability) -> str:
        return ", ".join(category.label for category in capability.categories.all())


@admin.register(Document)
class DocumentAdmin(ReadOnly):
    """Files that were handed in."""

    list_display = ("name", "organisation", "media_type", "size", "scanned", "uploaded_at", "open_it")
    list_filter = ("media_type", "scanned")
    search_fields = ("name", "sha256", "organisation__name")
    list_select_related = ("organisation",)
    date_hierarchy = "uploaded_at"
    fields = (
        "name",
        "organisation",
        "claim",
        "media_type",
        "size",
        "sha256",
        "scanned",
        "uploaded_by",
        "uploaded_at",
        "open_it",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return Document.objects.visible_to(request.user)  # what proves a claim is not for who checks evidence

    @admin.display(description=_("tệp"))
    def open_it(self, document: Document) -> SafeString:
        return public_link(reverse("document", args=[document.pk]))
