"""A vendor: who it is, what it offers, and what is on record about it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalogue.accounts.models import LegalForm, Organisation
from catalogue.places.models import NameKind
from catalogue.platforms import coverage
from catalogue.platforms.choices import EvidenceKind
from catalogue.platforms.models import Category, Evidence, Platform
from catalogue.platforms.querysets import CategoryQuerySet, PlatformQuerySet, listed_platforms

from . import structured
from .cards import category_link, page_of_cards

LATEST_EVIDENCE = 12


@require_safe
def vendor_page(request: HttpRequest, key: str) -> HttpResponse:
    """Identity, group of firms, products page by page, record, sources. Nothing about a person."""
    visible = Organisation.objects.visible_to(request.user)
    vendor = get_object_or_404(visible.select_related("province", "parent").with_unclaimed(), key=key)
    platforms = Platform.objects.visible_to(request.user).filter(vendor=vendor)
    members = visible.filter(parent=vendor).annotate(n=listed_platforms()).order_by("short_name", "pk")
    evidence = Evidence.objects.filter(platform__in=platforms)
    context = {
        "vendor": vendor,
        "facts": _facts(vendor),
        "parent": _link(vendor.parent) if vendor.parent and visible.filter(pk=vendor.parent.pk).exists() else None,
        "members": [{**_link(member), "n": member.n} for member in members],
        "coverage": coverage.of(platforms),
        "record": [
            {"label": EvidenceKind(kind).label, "n": n}
            for kind, n in evidence.order_by().values_list("kind").annotate(n=Count("pk")).order_by("-n", "kind")
        ],
        "evidence": evidence.select_related("platform").order_by("-year", "-seen_on", "pk")[:LATEST_EVIDENCE],
        "categories": [category_link(leaf) for leaf in _categories(platforms)],
        **page_of_cards(request, platforms, label=vendor.short_name),
        "graph": structured.organisation(vendor),
    }
    return render(request, "catalogue/vendor.html", context)


def _facts(vendor: Organisation) -> dict[str, Any]:
    province = vendor.province
    former = province.names.filter(kind=NameKind.FORMER).order_by("name") if province else []
    return {
        "legal_form": vendor.get_legal_form_display(),
        "firm_type": vendor.get_firm_type_display() if vendor.legal_form == LegalForm.COMPANY else "",
        "firm_size": vendor.get_firm_size_display(),
        "tax_code": vendor.public_tax_code,
        "province": province.name if province else "",
        "former": [name.name for name in former if province and name.name != province.name],
        "merged_on": province.valid_from if province else None,
    }


def _categories(platforms: PlatformQuerySet) -> CategoryQuerySet:
    """The leaves in which the platforms stand first."""
    return Category.objects.filter(pk__in=platforms.order_by().values("category"))


def _link(vendor: Organisation) -> dict[str, Any]:
    return {"label": vendor.short_name, "url": reverse("vendor", args=[vendor.key])}
