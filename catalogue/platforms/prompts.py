"""What helps somebody who describes a product: needs as agencies tell them, functions that others name, advice."""

from __future__ import annotations

from catalogue.lexicon.models import Abbreviation

from .capabilities import Capability
from .content import Content
from .likeness import near_copies
from .models import CategoryPhrase, Platform
from .quality import Hint, hints

MOST_EXAMPLES = 3


def needs_told(category: str) -> list[str]:
    """Return needs of a category as agencies tell them."""
    needs = CategoryPhrase.objects.filter(category__key=category, kind="need").order_by("position")
    return list(needs.values_list("text", flat=True)[:MOST_EXAMPLES])


def offered_capabilities(content: Content) -> list[tuple[str, str]]:
    """Return the functions that products of these categories are known to have, and those chosen already: (key, label)."""
    near = Capability.objects.filter(categories__key__in=[content.category, *content.also])
    chosen = Capability.objects.filter(key__in=content.common_capabilities)
    return list((near | chosen).distinct().order_by("label").values_list("key", "label"))


def advice(platform: Platform, content: Content) -> list[Hint]:
    """Return what in the content would keep an officer from understanding or believing it. platform: with its vendor."""
    vendor = platform.vendor
    return hints(
        content,
        names=[content.name, vendor.name, vendor.short_name],
        known=[short for row in Abbreviation.objects.all() for short in (row.short, *row.also)],
        copies=near_copies(platform, content),
    )
