"""Pages for everybody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalogue.platforms.models import Platform
from catalogue.platforms.similar import similar
from catalogue.problems import judging

from . import register, structured
from .cards import assurance, card, category_link
from .claims import claims, evidence_claims, history, milestones, packages, price_range, taken_down
from .disputes.shown import shown

__all__ = ["platform_page", "price_range"]

MOST_SIMILAR = 6
MOST_OTHERS = 6  # products of the same vendor


@require_safe
def platform_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that is known of one platform, and what is not."""
    visible = Platform.objects.visible_to(request.user)
    platform = get_object_or_404(visible.for_page(), slug=slug)
    others = visible.filter(vendor=platform.vendor_id).exclude(pk=platform.pk)
    group = platform.category.parent
    choices = list(judging.choices_of(platform))
    context = {
        "platform": _facts(platform),
        "trail": [link for link in (category_link(group), category_link(platform.category)) if link],
        "assurance": assurance(platform),
        "taken_down": taken_down(platform),
        "claims": claims(platform, timezone.localdate()),
        "packages": packages(platform),
        "evidence": evidence_claims(platform),
        "milestones": milestones(platform),
        "choices": choices,
        "paid": judging.paid(choices),
        "history": history(platform),
        "challenges": shown(platform),
        "register": register.on_product(request, platform.slug),
        "sources": platform.sources,
        "graph": structured.software(request, platform),
        "similar": [card(one) for one in similar(platform, visible, MOST_SIMILAR)],
        "others": [card(one) for one in others.best_assured_first().for_cards()[:MOST_OTHERS]],
    }
    return render(request, "catalogue/platform.html", context)


def _facts(platform: Platform) -> dict[str, Any]:
    vendor, category = platform.vendor, platform.category
    return {
        "slug": platform.slug,
        "name": platform.name,
        "vendor": {
            "name": vendor.name,
            "url": reverse("vendor", args=[vendor.key]),
            "website": vendor.website,
            "province": vendor.province.name if vendor.province else "",
            "kind_label": vendor.get_firm_type_display(),
        },
        "category": {**(category_link(category) or {}), "group": category_link(category.parent)},
        "also": [category_link(also) for also in platform.also.all()],
        "summary": platform.summary,
        "description": platform.description,
        "capabilities": platform.capabilities,
        "solves": platform.solves,
        "status": platform.status,
        "website": platform.website,
    }
