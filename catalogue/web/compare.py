"""Two to four products side by side: the page, and the same table as a file. The address says which, in which order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.common.text import one_line
from catalogue.platforms import search
from catalogue.platforms.models import Platform

from . import comparison_files
from .cards import assurance
from .comparison import FEWEST, MOST, Comparison, compare

MOST_ASKED = 30  # products that one address may name, as many as a shortlist holds
MOST_FOUND = 10
MOST_TYPED = 100  # characters of a search
_KEY = re.compile(r"[-a-zA-Z0-9_]{1,80}")


@dataclass(frozen=True)
class Asked:
    """What an address asks for. `platforms` in its order; the rest is what had to be left out, for saying so."""

    platforms: list[Platform]
    unknown: list[str]
    repeated: list[str]

    @property
    def slugs(self) -> list[str]:
        return [platform.slug for platform in self.platforms]


@require_safe
def compare_page(request: HttpRequest) -> HttpResponse:
    """The table; with too few products or too many, how to choose."""
    asked = _asked(request)
    too_many = len(asked.platforms) > MOST
    table = compare(asked.platforms) if FEWEST <= len(asked.platforms) <= MOST else None
    typed = one_line(request.GET.get("tim", "").replace("\0", ""))[:MOST_TYPED]
    found = _found(request, typed, asked) if typed and len(asked.platforms) < MOST else []
    context = {
        "asked": asked,
        "notes": _notes(asked),
        "too_many": too_many,
        "most": MOST,
        "table": table,
        "products": [_product(platform, asked.slugs) for platform in asked.platforms],
        "files": _files(table),
        "typed": typed,
        "may_add": len(asked.platforms) < MOST,
        "found": _offers(found[:MOST_FOUND], asked),
        "more": len(found) > MOST_FOUND,
        "alike": _offers(_alike(request, asked), asked) if len(asked.platforms) == 1 and not typed else [],
        "today": timezone.localdate(),
        "address": request.build_absolute_uri(compare_url(asked.slugs)),
    }
    return render(request, "catalogue/compare.html", context, status=400 if too_many else 200)


@require_safe
def compare_file(request: HttpRequest, extension: str) -> HttpResponse:
    """The table as a file; without a table, the page that says what is missing."""
    kind = comparison_files.KINDS.get(extension)
    if kind is None:
        raise Http404
    asked = _asked(request)
    if not FEWEST <= len(asked.platforms) <= MOST:
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{reverse('compare')}?{query}" if query else reverse("compare"))
    table = compare(asked.platforms)
    name = comparison_files.file_name(table, kind.extension)
    body = kind.write(table, request.build_absolute_uri(compare_url(asked.slugs)))
    return HttpResponse(
        body, content_type=kind.media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def compare_url(slugs: Iterable[str]) -> str:
    """Return the address of a comparison, products in the order given."""
    query = urlencode([("p", slug) for slug in slugs])
    return f"{reverse('compare')}?{query}" if query else reverse("compare")


def _asked(request: HttpRequest) -> Asked:
    keys = [key.strip()[:200] for key in request.GET.getlist("p") if key.strip()][:MOST_ASKED]
    wanted = list(dict.fromkeys(keys))
    rows = Platform.objects.visible_to(request.user).for_comparison().filter(slug__in=filter(_KEY.fullmatch, wanted))
    known = {platform.slug: platform for platform in rows} if wanted else {}
    return Asked(
        platforms=[known[key] for key in wanted if key in known],
        unknown=[key for key in wanted if key not in known],
        repeated=[known[key].name for key in wanted if key in known and keys.count(key) > 1],
    )


def _notes(asked: Asked) -> list[str]:
    return [
        *(_("Danh mục không có sản phẩm nào mang khóa “%(key)s”.") % {"key": key} for key in asked.unknown),
        *(_("%(name)s được nêu nhiều lần; bảng chỉ ghi một lần.") % {"name": name} for name in asked.repeated),
    ]


def _product(platform: Platform, slugs: list[str]) -> dict[str, Any]:
    return {
        "slug": platform.slug,
        "name": platform.name,
        "url": platform.get_absolute_url(),
        "vendor": platform.vendor.short_name,
        "status": platform.status,
        "assurance": assurance(platform),
        "without_url": compare_url(slug for slug in slugs if slug != platform.slug),
    }


def _files(table: Comparison | None) -> list[dict[str, str]]:
    if table is None:
        return []
    query = urlencode([("p", platform.slug) for platform in table.platforms])
    return [
        {"label": extension.upper(), "url": f"{reverse('compare-file', args=[extension])}?{query}"}
        for extension in comparison_files.KINDS
    ]


def _found(request: HttpRequest, typed: str, asked: Asked) -> list[Platform]:
    """Return what the list would find by these words, the closest first, without those that are there already.

    One more than MOST_FOUND says that there are others.
    """
    scores = search.current().search(typed).scores
    rows = Platform.objects.visible_to(request.user).exclude(slug__in=asked.slugs).select_related("vendor")
    closest = sorted(scores, key=lambda pk: (-scores[pk], pk))[: MOST_FOUND + 1 + len(asked.platforms)]
    found = rows.in_bulk(closest)
    return [found[pk] for pk in closest if pk in found][: MOST_FOUND + 1]


def _alike(request: HttpRequest, asked: Asked) -> Iterable[Platform]:
    """Return other products of the only one's category, by name: an offer, not a ranking."""
    only = asked.platforms[0]
    rows = Platform.objects.visible_to(request.user).select_related("vendor").filter(category=only.category)
    return rows.exclude(pk=only.pk).order_by("name")[:MOST_FOUND]


def _offers(platforms: Iterable[Platform], asked: Asked) -> list[dict[str, str]]:
    return [
        {
            "name": platform.name,
            "vendor": platform.vendor.short_name,
            "url": compare_url([*asked.slugs, platform.slug]),
        }
        for platform in platforms
    ]
