"""A vendor's desk, and how the recommender reads a draft. Nobody else has these pages: 404, whatever there is."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.throttling import SimpleRateThrottle

from catalogue.accounts.models import Organisation, User
from catalogue.platforms.content import Content, ContentInvalid, parse, step_of
from catalogue.platforms.desk import State
from catalogue.platforms.models import Platform
from catalogue.platforms.publishing import content_of
from catalogue.platforms.revisions import Revision, RevisionState
from catalogue.web.vendor_products.forms import FORMS, form_of
from catalogue.web.vendor_products.steps import address, member_of, read_platform, trail, written_platform

from . import desk_page, exposure, preview_page
from .preview import FEW_NEEDS, MOST_NEEDS

PAGE_SIZE = 30
FIRST_TASKS = 10
SCOPE = "previews"


class PreviewThrottle(SimpleRateThrottle):
    """So many looks a minute and person, on pages and by the API together."""

    scope = SCOPE

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk}


def vendor_of(user: User, key: str) -> Organisation:
    """Return the vendor if the user belongs to it, else raise Http404."""
    return get_object_or_404(Organisation.objects.vendors().read_by(user), key=key)


def content_to_read(platform: Platform) -> Content:
    """Return what the vendor is writing: the open revision, else what was returned or withdrawn, else what is public."""
    newest = platform.revisions.order_by("-number").first()
    if newest is not None and newest.state != RevisionState.PUBLISHED:
        return parse(newest.content)
    return content_of(platform)


@require_safe
@never_cache
def vendor_desk(request: HttpRequest, key: str) -> HttpResponse:
    """Products by state, what needs doing, and how often they were shown."""
    user, now = member_of(request), timezone.now()
    vendor = vendor_of(user, key)
    exposure.catch_up(now)
    found = desk_page.own_desk(vendor, now=now)
    wanted = request.GET.get("trang-thai", "")
    chosen = [product for product in found.products if product.state == wanted] if wanted in State else found.products
    page = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("trang"))
    figures = desk_page.figures([product.platform.slug for product in found.products], now=now)
    may_write = Organisation.objects.edited_by(user).filter(pk=vendor.pk).exists()
    todo = desk_page.tasks(found.tasks, today=timezone.localdate(now), may_write=may_write)
    context = {
        "vendor": vendor,
        "may_write": may_write,
        "counts": [
            {"state": state.value, "label": state.label, "n": n, "chosen": state == wanted}
            for state, n in found.counts()
        ],
        "wanted": wanted if wanted in State else "",
        "page": page,
        "products": desk_page.rows(list(page), figures),
        "total": len(found.products),
        "tasks": todo[:FIRST_TASKS],
        "more_tasks": todo[FIRST_TASKS:],
        "windows": exposure.WINDOWS,
        "bands": desk_page.bands(figures),
        "picture": desk_page.picture(figures),
        "near": desk_page.near(figures, found.products, preview_page.labels_of_leaves()),
        "fewest": exposure.FEWEST,
    }
    return render(request, "vendor/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def product_preview(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """How the recommender reads what is saved (GET), or what stands in a step's form and is not saved yet (POST)."""
    posting = request.method == "POST"
    platform = (written_platform if posting else read_platform)(request, key, slug)
    throttle = PreviewThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]
        refusal = _("Bạn xem trước quá nhiều lần trong một phút. Chữ đã viết vẫn còn; hãy thử lại sau ít giây.")
        answer = _answer(request, platform, None, refusal, status=429)
        answer["Retry-After"] = str(int(throttle.wait() or 60))
        return answer
    try:
        content = content_to_read(platform)
        if posting:
            content = _typed(request, content)
    except ContentInvalid as problem:
        return _answer(request, platform, None, _("Chưa xem trước được: %(why)s") % {"why": problem}, status=400)
    most = FEW_NEEDS if getattr(request, "htmx", False) else MOST_NEEDS
    return _answer(request, platform, preview_page.check(platform, content, most=most), "")


def _typed(request: HttpRequest, content: Content) -> Content:
    """Return the content with what one step's form holds. Raises ContentInvalid."""
    step = request.GET.get("buoc", "")
    if step not in FORMS:
        raise Http404
    form = form_of(step, content, request.POST)
    form.is_valid()
    return parse({**content.as_json(), **form.values()})


def _answer(
    request: HttpRequest, platform: Platform, checked: preview_page.Checked | None, refusal: str, status: int = 200
) -> HttpResponse:
    draft = Revision.objects.filter(platform=platform, state=RevisionState.DRAFT).exists()
    may_write = draft and Platform.objects.written_by(request.user).filter(pk=platform.pk).exists()

    def where(field: str) -> str:
        return address("product-step", platform, step=step_of(field)) if may_write else ""

    context: dict[str, Any] = {
        "platform": platform,
        "trail": [
            {"label": _("Bàn làm việc"), "url": reverse("vendor-desk", args=[platform.vendor.key])},
            *trail(platform)[1:],
        ],
        "url": address("product-preview", platform),
        "refusal": refusal,
        "unsaved": request.method == "POST",
        "draft": draft,
    }
    if checked:
        context["found"] = preview_page.shown(checked, preview_page.labels_of_leaves(), where)
        context["sentence"] = preview_page.in_a_sentence(checked)
        context["most_hints"] = preview_page.MOST_HINTS
    if getattr(request, "htmx", False):
        return render(request, "vendor/preview_panel.html", context)  # htmx swaps nothing in for another status
    return render(request, "vendor/preview.html", context, status=status)
