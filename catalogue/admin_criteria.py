"""What operators see of the criteria, and the terms that they may change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .admin_parts import ReadOnly
from .vetting.criteria import CriteriaSet, Criterion
from .vetting.service_levels import ServiceLevel


class CriterionInline(admin.StackedInline):
    """The questions of a set, to read."""

    model = Criterion
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CriteriaSet)
class CriteriaSetAdmin(ReadOnly):
    """A version never changes; the next one comes with the seeds."""

    list_display = ("key", "version", "label", "group", "valid_from", "valid_to")
    list_filter = ("key",)
    list_select_related = ("group",)
    inlines = (CriterionInline,)


@admin.register(ServiceLevel)
class ServiceLevelAdmin(admin.ModelAdmin):
    """Each step has one term, so none is added and none goes."""

    list_display = ("__str__", "days", "warn_days", "reason")
    readonly_fields = ("step",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ServiceLevel | None = None) -> bool:
        return False
