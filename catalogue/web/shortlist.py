"""The shortlist's page and the small forms that change it. Every change is a POST that leads back to where it was made."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.platforms.models import Platform
from catalogue.shortlists.services import (
    MOST_NOTE,
    Entry,
    ShortlistFull,
    forget_removed,
    last_removed,
    remember_removed,
    shortlist_of,
)

from .cards import card
from .comparison import MOST as MOST_COMPARED

_METHODS = require_http_methods(["GET", "HEAD", "POST"])  # a form's address that is reloaded leads to the page


class ShortlistInFrame:
    """What every page knows of the visitor's list. Asks for nothing until it is read."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def slugs(self) -> set[str]:
        return shortlist_of(self._request).slugs()


def shortlist_in_frame(request: HttpRequest) -> dict[str, object]:
    return {"shortlist": ShortlistInFrame(request)}


@never_cache
@require_safe
def shortlist_page(request: HttpRequest) -> HttpResponse:
    """Everything kept, with what has become of it."""
    entries = shortlist_of(request).entries()
    rows = Platform.objects.visible_to(request.user).for_cards()
    known = {platform.slug: platform for platform in rows.filter(slug__in=[entry.platform for entry in entries])}
    context = {
        "items": [_item(entry, known.get(entry.platform)) for entry in entries],
        "removed": [entry.name for entry in last_removed(request.session)],
        "most_compared": MOST_COMPARED,
        "most_note": MOST_NOTE,
        "days": settings.SESSION_COOKIE_AGE // 86_400,
    }
    return render(request, "catalogue/shortlist.html", context)


def _item(entry: Entry, platform: Platform | None) -> dict[str, Any]:
    item: dict[str, Any] = {"slug": entry.platform, "name": entry.name, "note": entry.note, "added_at": entry.added_at}
    if platform is None:
        return {**item, "status_note": _("Sản phẩm này không còn trong danh mục.")}
    return {**item, **card(platform)}


@_METHODS
def shortlist_add(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("shortlist")
    slug = _slug(request)
    platform = Platform.objects.visible_to(request.user).filter(slug=slug).first() if slug else None
    if platform is None:
        messages.error(request, _("Không tìm thấy sản phẩm này trong danh mục, nên chưa lưu được."))
        return _back(request)
    try:
        shortlist_of(request).add(platform)
    except ShortlistFull as refusal:
        messages.error(request, str(refusal))
        return _back(request, slug)
    return _changed(request, slug, platform.name, _("Đã lưu %(name)s.") % {"name": platform.name})


@_METHODS
def shortlist_remove(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("shortlist")
    slug = _slug(request)
    entry = shortlist_of(request).remove(slug) if slug else None
    if entry:
        remember_removed(request.session, [entry])
        if request.POST.get("next"):
            said = _("Đã bỏ %(name)s khỏi danh sách lưu.") % {"name": entry.name}
            return _changed(request, slug, entry.name, said)
    return _back(request, slug)


@_METHODS
def shortlist_note(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and (slug := _slug(request)):
        note = request.POST.get("note", "").replace("\0", "").replace("\r\n", "\n").strip()
        if len(note) > MOST_NOTE:
            messages.error(
                request,
                _("Ghi chú dài quá %(most)s ký tự; chỉ phần đầu được lưu.") % {"most": MOST_NOTE},
            )
        shortlist_of(request).write_note(slug, note)
        return HttpResponseRedirect(f"{reverse('shortlist')}#luu-{slug}", status=303)
    return redirect("shortlist")


@_METHODS
def shortlist_undo(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        shortlist_of(request).restore(last_removed(request.session))
        forget_removed(request.session)
    return redirect("shortlist")


@never_cache
@_METHODS
def shortlist_clear(request: HttpRequest) -> HttpResponse:
    """Ask first; a POST clears, and can still be undone."""
    if request.method == "POST":
        removed = shortlist_of(request).clear()
        if removed:
            remember_removed(request.session, removed)
        return redirect("shortlist")
    return render(request, "catalogue/shortlist_clear.html", {"size": len(shortlist_of(request).slugs())})


def _slug(request: HttpRequest) -> str:
    """Return the key that was sent, "" for what cannot be one."""
    slug = request.POST.get("platform", "")
    return slug if len(slug) <= 80 and slug.replace("-", "").replace("_", "").isalnum() and slug.isascii() else ""


def _changed(request: HttpRequest, slug: str, name: str, said: str) -> HttpResponse:
    """Say what was done: on the page that is led back to, or in the place that htmx asks for."""
    if not request.htmx:  # type: ignore[attr-defined]  # set by its middleware
        _say(request, said)
        return _back(request, slug)
    here = request.POST.get("next", "")
    context = {"slug": slug, "name": name, "here": here, "kept": shortlist_of(request).slugs(), "said": said}
    return render(request, "catalogue/keep_changed.html", context)


def _say(request: HttpRequest, text: str) -> None:
    link = format_html('<a href="{}">{}</a>', reverse("shortlist"), _("Xem danh sách lưu"))
    messages.success(request, format_html("{} {}", text, link))


def _back(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Lead back to the page the form stood on, at the same product; to the list when it names none of ours."""
    back = request.POST.get("next", "")
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Refresh": "true"})  # it stays as it was; the page says why
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    if not back or not safe:
        return redirect("shortlist")
    return HttpResponseRedirect(f"{back.partition('#')[0]}#luu-{slug}" if slug else back, status=303)
