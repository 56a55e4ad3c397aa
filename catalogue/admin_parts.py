"""What several admin pages share: rows that are only read, and an action that asks before it does something."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class ReadOnly(admin.ModelAdmin):
    """Rows that record what happened: nobody adds, changes or deletes them here, not even a superuser."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def public_link(address: str) -> SafeString:
    """Return a link to the page that the public sees."""
    return format_html('<a href="{}">{}</a>', address, _("Xem trang"))


def asked_first(
    page: admin.ModelAdmin,
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    title: str,
    consequence: str,
    action: str,
    change: Callable[[Any], str],
) -> HttpResponse | None:
    """Show the chosen rows and what will happen to them; once that is confirmed, do it, a log entry a row.

    `change` changes a row, saves it and returns what it did, "" when there was nothing to do.
    """
    if request.POST.get("confirmed") != "yes":
        context = {
            **page.admin_site.each_context(request),
            "title": title,
            "consequence": consequence,
            "rows": rows,
            "action": action,
            "opts": page.opts,
            "media": page.media,
        }
        return TemplateResponse(request, "admin/catalogue/confirm.html", context)
    count = 0
    with transaction.atomic():
        for row in rows:
            if what := change(row):
                page.log_change(request, row, what)
                count += 1
    text = ngettext("Đã thực hiện với %(count)d mục.", "Đã thực hiện với %(count)d mục.", count)
    page.message_user(request, text % {"count": count}, messages.SUCCESS)
    return None
