"""Pages for everybody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from catalogue.platforms.choices import Assurance, Deployment
from catalogue.platforms.models import Platform
from catalogue.templatetags.catalogue_ui import money


def platform_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that is known of one platform, and what is not."""
    platform = get_object_or_404(Platform.objects.visible_to(request.user).for_page(), slug=slug)
    level = Assurance(platform.assurance)
    context = {
        "platform": _facts(platform),
        "assurance": {
            "level": level.value,
            "label": level.label,
            "date": platform.assured_on,
            "explanation": level.explanation,
        },
        "evidence": [
            {
                "kind_label": evidence.get_kind_display(),
                "title": evidence.title,
                "year": evidence.year,
                "url": evidence.url,
                "note": evidence.note,
            }
            for evidence in platform.evidence.all()
        ],
        "sources": platform.sources,
    }
    return render(request, "catalogue/platform.html", context)


def _facts(platform: Platform) -> dict[str, Any]:
    vendor, category = platform.vendor, platform.category
    return {
        "name": platform.name,
        "vendor": {
            "name": vendor.name,
            "website": vendor.website,
            "province": vendor.province.name if vendor.province else "",
            "kind_label": vendor.get_firm_type_display(),
        },
        "category": {"label": category.label, "group": category.parent.label if category.parent else ""},
        "also": [also.label for also in platform.also.all()],
        "summary": platform.summary,
        "description": platform.description,
        "capabilities": platform.capabilities,
        "solves": platform.solves,
        "customers": platform.customers,
        "deployment_labels": [Deployment(value).label for value in platform.deployment],
        "pricing_label": platform.get_pricing_model_display(),
        "pricing_note": platform.pricing_note,
        "price_range": price_range(platform),
        "launched": platform.launched,
        "status": platform.status,
        "status_label": platform.get_status_display(),
        "website": platform.website,
    }


def price_range(platform: Platform) -> str:
    """Write the published price in words: "500 đ – 10.000 đ / kiện"; "" when none is published."""
    if platform.price_min is None:
        return ""
    low, high = money(platform.price_min), money(platform.price_max)
    text = low if not high or high == low else f"{low} – {high}"
    return _("%(price)s / %(unit)s") % {"price": text, "unit": platform.price_unit} if platform.price_unit else text
