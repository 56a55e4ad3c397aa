"""What a page is about, in schema.org's words, for machines. A fact that is not known is left out, never guessed.

A page puts nodes into its context as `graph`; the frame writes them. Breadcrumbs write themselves, see
templates/components/breadcrumb.html.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.accounts.models import LegalForm, Organisation
from catalogue.common.known import known
from catalogue.platforms.choices import EvidenceKind, PricingModel
from catalogue.platforms.models import Platform
from catalogue.problems.models import Problem

Node = dict[str, Any]
_TYPES = {LegalForm.PUBLIC_BODY: "GovernmentOrganization", LegalForm.UNIVERSITY: "CollegeOrUniversity"}
_PRIZES = (EvidenceKind.MAKE_IN_VIETNAM_AWARD, EvidenceKind.SAO_KHUE)


def website(request: HttpRequest) -> Node:
    """Return the site itself, with the address of its search."""
    home = request.build_absolute_uri(reverse("home"))
    return {
        "@type": "WebSite",
        "@id": f"{home}#site",
        "url": home,
        "name": _("Nền tảng Việt cho cơ quan nhà nước"),
        "inLanguage": get_language(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{home}nen-tang/?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def organisation(vendor: Organisation) -> Node:
    """Return a vendor. Its own site names it better than an address of ours would."""
    node: Node = {
        "@type": _TYPES.get(LegalForm(vendor.legal_form), "Organization"),
        "name": vendor.short_name,
        "legalName": vendor.name,
        "url": vendor.website,
        "taxID": vendor.public_tax_code,
    }
    if vendor.province:
        node["address"] = {"@type": "PostalAddress", "addressRegion": vendor.province.name, "addressCountry": "VN"}
    return known(node)


def software(request: HttpRequest, platform: Platform) -> Node:
    """Return a platform as its page shows it. The rows of `for_page()` are enough."""
    url = request.build_absolute_uri(platform.get_absolute_url())
    return known({
        "@type": "SoftwareApplication",
        "@id": f"{url}#nen-tang",
        "url": url,
        "name": platform.name,
        "description": platform.summary,
        "applicationCategory": platform.category.label,
        "featureList": platform.capabilities,
        "datePublished": str(platform.launched or ""),
        "sameAs": platform.website,
        "award": [
            f"{evidence.title} ({evidence.year})" if evidence.year else evidence.title
            for evidence in platform.evidence.all()
            if evidence.kind in _PRIZES
        ],
        "provider": organisation(platform.vendor),
        "offers": _offers(platform),
        "mainEntityOfPage": {"@type": "WebPage", "@id": url, "dateModified": platform.updated_at.isoformat()},
    })  # fmt: skip


def demand(request: HttpRequest, problem: Problem) -> Node:
    """Return an agency with what it seeks: a Demand that is valid while the problem can be answered."""
    url = request.build_absolute_uri(problem.get_absolute_url())
    return known({
        "@type": "GovernmentOrganization",
        "name": problem.agency.name,
        "url": problem.agency.website,
        "seeks": known({
            "@type": "Demand",
            "@id": f"{url}#bai-toan",
            "url": url,
            "identifier": problem.number,
            "name": problem.title,
            "description": problem.outcome,
            "validFrom": problem.posted_at.isoformat() if problem.posted_at else "",
            "validThrough": problem.closes_at.isoformat() if problem.closes_at else "",
            "areaServed": {"@type": "Country", "name": "Việt Nam"},
            "itemOffered": [
                {"@type": "Service", "serviceType": category.label} for category in problem.categories.all()
            ],
        }),
    })  # fmt: skip


def _offers(platform: Platform) -> Node | None:
    if platform.pricing_model == PricingModel.FREE:
        return {"@type": "Offer", "price": 0, "priceCurrency": "VND"}
    if platform.price_min is None:
        return None
    if platform.price_max is None or platform.price_max == platform.price_min:
        price = {"@type": "Offer", "price": platform.price_min}
    else:
        price = {"@type": "AggregateOffer", "lowPrice": platform.price_min, "highPrice": platform.price_max}
    return known({**price, "priceCurrency": "VND", "description": platform.price_unit})
