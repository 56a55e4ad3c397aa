"""Runs, to be read: an answer is never changed."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from catalogue.admin_parts import ReadOnly, public_link

from .models import Run


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = ("created_at", "beginning", "abstained", "min_assurance", "took_ms", "page")
    list_filter = ("abstained", "min_assurance", "created_at")
    search_fields = ("statement",)
    search_help_text = _("Tìm trong lời văn của bài toán")
    date_hierarchy = "created_at"
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        """Leave the answers, which are long, to the pages that show one."""
        return super().get_queryset(request).defer("answer", "engine")

    @admin.display(description=_("bài toán"))
    def beginning(self, run: Run) -> str:
        return Truncator(run.statement).chars(90)

    @admin.display(description=_("trang công khai"))
    def page(self, run: Run) -> SafeString:
        return public_link(run.get_absolute_url())
