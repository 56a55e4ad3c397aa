"""What several admin pages share: rows that are only read, and an action that asks before it does something."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.common.errors import DomainError


class ReadOnly(admin.ModelAdmin):
    """Rows that record what happened: nobody adds, changes or deletes them here, not even a superuser."""

    actions: Sequence[str] | None = None

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
    change: Callable[..., str],
    form_class: type[forms.Form] | None = None,
) -> HttpResponse | None:
    """Show the chosen rows and what will happen to them; once that is confirmed, do it, a log entry a row.

    `change` changes a row, saves it and returns what it did, "" when there was nothing to do; a DomainError it raises is
    shown, and the other rows are done. form_class: what else must be said; its values go to `change` by name.
    """
    confirmed = request.POST.get("confirmed") == "yes"
    form = form_class(request.POST if confirmed else None) if form_class else None
    if not confirmed or (form is not None and not form.is_valid()):
        context = {
            **page.admin_site.each_context(request),
            "title": title,
            "consequence": consequence,
            "rows": rows,
            "action": action,
            "form": form,
            "opts": page.opts,
            "media": page.media,
        }
        return TemplateResponse(request, "admin/catalogue/confirm.html", context)
    count = refused = 0
    with transaction.atomic():
        for row in rows:
            try:
                what = change(row, **(form.cleaned_data if form else {}))
            except DomainError as refusal:
                page.message_user(request, f"{row}: {refusal}", messages.ERROR)
                refused += 1
                continue
            if what:
                page.log_change(request, row, what)
                count += 1
    if refused and not count:
        return None
    text = ngettext("Đã thực hiện với %(count)d mục.", "Đã thực hiện với %(count)d mục.", count)
    page.message_user(request, text % {"count": count}, messages.SUCCESS)
    return None
