"""Admin pages of what vendors write and hand in."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .accounts.models import User
from .admin_parts import ReadOnly, asked_first, public_link
from .documents.models import Document
from .platforms import editing
from .platforms.capabilities import Capability
from .platforms.revisions import FieldRule, Revision, RevisionState


class ReturnForm(forms.Form):
    reason = forms.CharField(label=_("Lý do trả lại"), widget=forms.Textarea, max_length=2_000)


@admin.register(Revision)
class RevisionAdmin(ReadOnly):
    """What vendors wrote; until reviewers have pages of their own, an operator decides here."""

    list_display = ("platform", "number", "state", "submitted_at", "edited_by", "decided_at", "decided_by")
    list_filter = ("state", "submitted_at")
    search_fields = ("platform__name", "platform__slug", "platform__vendor__name")
    list_select_related = ("platform", "edited_by", "decided_by")
    actions = ("publish_revisions", "return_revisions")

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions if request.user.has_perm("catalogue.change_platform") else {}

    @admin.action(description=_("Công bố"))
    def publish_revisions(self, request: HttpRequest, rows: QuerySet[Revision]) -> HttpResponse | None:
        return asked_first(
            self,
            request,
            rows.filter(state=RevisionState.SUBMITTED),
            title=gettext("Công bố các bản này?"),
            consequence=gettext("Nội dung thay cho bản mọi người đang thấy. Bạn đã đọc và mở bằng chứng của từng bản."),
            action="publish_revisions",
            change=lambda revision: _decided(
                editing.publish(revision, by=cast(User, request.user), now=timezone.now())
            ),
        )

    @admin.action(description=_("Trả lại để sửa"))
    def return_revisions(self, request: HttpRequest, rows: QuerySet[Revision]) -> HttpResponse | None:
        return asked_first(
            self,
            request,
            rows.filter(state=RevisionState.SUBMITTED),
            title=gettext("Trả lại các bản này?"),
            consequence=gettext("Doanh nghiệp đọc được lý do và sửa tiếp từ bản này."),
            action="return_revisions",
            form_class=ReturnForm,
            change=lambda revision, reason: _decided(
                editing.return_(revision, reason=reason, by=cast(User, request.user), now=timezone.now())
            ),
        )


def _decided(revision: Revision) -> str:
    return gettext("Tình trạng: %(status)s") % {"status": revision.get_state_display()}


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
    """Files that vendors handed in."""

    list_display = ("name", "organisation", "media_type", "size", "scanned", "uploaded_at", "open_it")
    list_filter = ("media_type", "scanned")
    search_fields = ("name", "sha256", "organisation__name")
    list_select_related = ("organisation",)
    date_hierarchy = "uploaded_at"
    fields = (
        "name",
        "organisation",
        "media_type",
        "size",
        "sha256",
        "scanned",
        "uploaded_by",
        "uploaded_at",
        "open_it",
    )

    @admin.display(description=_("tệp"))
    def open_it(self, document: Document) -> SafeString:
        return public_link(reverse("document", args=[document.pk]))
