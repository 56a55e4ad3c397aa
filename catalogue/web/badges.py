"""A badge that shows how a product stands today, for its vendor to put on another site."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalogue.platforms.models import Platform
from catalogue.register.standing import Today, today_of
from catalogue.register.states import Standing
from catalogue.templatetags.catalogue_ui import vndate

from . import qr

FRESH_S = 300  # how long a badge may be kept: a suspension must be seen soon
MOST_LETTERS = 38  # of a product's name that fit
WIDTH, HEIGHT = 344, 84
# Band and line. The badge brings its own ground, so it reads on light pages and on dark ones.
_COLOURS = {
    Standing.VETTED: ("#0b3b3c", "#eebf55"),
    Standing.SUSPENDED: ("#5c3f00", "#f0cd82"),
    Standing.EXPIRED: ("#3f4644", "#acb9b4"),
    Standing.REVOKED: ("#7a1f14", "#f5a191"),
    Standing.NEVER: ("#3f4644", "#acb9b4"),
}


@require_safe
@cache_control(public=True, max_age=FRESH_S)
def badge_svg(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture itself. Other sites show it, so it is the one thing here that they may load."""
    platform, today = _of(request, slug)
    band, line = _COLOURS[today.standing]
    name = platform.name if len(platform.name) <= MOST_LETTERS else f"{platform.name[: MOST_LETTERS - 1].rstrip()}…"
    context = {
        "width": WIDTH,
        "height": HEIGHT,
        "band": band,
        "line": line,
        "standing": today.standing,
        "says": says(today),
        "name": name,
        "site": _("Nền tảng Việt · sổ đăng ký"),
        "title": f"{platform.name}: {says(today)}",
    }
    answer = render(request, "register/badge.svg", context, content_type="image/svg+xml")
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
def badge_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Where a badge leads: how the product stands today, and how its vendor puts the badge elsewhere."""
    platform, today = _of(request, slug)
    address = request.build_absolute_uri
    context: dict[str, Any] = {
        "platform": platform,
        "today": today,
        "says": says(today),
        "checked_on": timezone.localdate(),
        "width": WIDTH,
        "height": HEIGHT,
        "page_url": address(request.path),
        "picture_url": address(reverse("badge-svg", args=[slug])),
        "trail": [{"label": platform.name, "url": platform.get_absolute_url()}],
    }
    return render(request, "register/badge.html", context)


@require_safe
def badge_qr(request: HttpRequest, slug: str) -> HttpResponse:
    platform = get_object_or_404(Platform.objects.visible_to(request.user), slug=slug)
    return qr.picture(
        request, reverse("badge", args=[platform.slug]), title=_("Mã QR dẫn đến tình trạng thẩm định hôm nay")
    )


def says(today: Today) -> str:
    """Say how a product stands, with the day it stands so to."""
    if today.standing == Standing.VETTED:
        return _("Đã thẩm định, đến hết %(day)s") % {"day": vndate(today.until)}
    if today.standing == Standing.EXPIRED and today.until:
        return _("Đã hết hạn thẩm định %(day)s") % {"day": vndate(today.until)}
    if today.entry is not None:
        return _("%(standing)s từ %(day)s") % {"standing": today.standing.label, "day": vndate(today.entry.at)}
    return str(today.standing.label)


def _of(request: HttpRequest, slug: str) -> tuple[Platform, Today]:
    platform = get_object_or_404(Platform.objects.visible_to(request.user), slug=slug)
    return platform, today_of(platform.slug, today=timezone.localdate())
