"""Runs, to be read: an answer is never changed."""

from django.contrib import admin
from django.http import HttpRequest

from .models import Run


@admin.register(Run)
class RunAdmin(admin.ModelAdmin):
    list_display = ("created_at", "abstained", "min_assurance", "took_ms")
    list_filter = ("abstained", "min_assurance")
    date_hierarchy = "created_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Run | None = None) -> bool:
        return False
