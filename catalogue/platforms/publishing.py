"""From a platform's rows to the content its vendor writes, and back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from .capabilities import Capability
from .confirmations import Confirmation
from .content import Content, parse
from .models import Category, Platform
from .packages import counted, price_range
from .services import refresh_assurance

# Fields that are columns of the platform under the same name.
_COLUMNS = (
    "name", "summary", "description", "solves", "customers", "status", "launched", "pricing_model", "pricing_note",
    "deployment", "data_in_vietnam", "security_level", "standards", "languages", "export_formats", "exit_terms",
    "vietnamese_share", "designed_by", "source_owner", "copyright_certificate", "rd_share", "vietnamese_documents",
    "support_commitment", "website", "support_phone", "support_email",
)  # fmt: skip
_PACKAGE = (
    "name", "unit", "period", "price_min", "price_max", "min_quantity", "min_months", "setup_fee", "support_fee", "includes",
)  # fmt: skip
_EVIDENCE = ("kind", "title", "year", "url", "note", "issuer", "number", "expires_on")
_SAME_EVIDENCE = ("kind", "title", "url")  # what makes a piece of evidence the same one in a later revision


def content_of(platform: Platform) -> Content:
    """Return what the platform's rows say, as its vendor would write it. Raises ContentInvalid when they do not fit."""
    common = list(platform.common_capabilities.order_by("key"))
    labels = {capability.label for capability in common}
    return parse(
        {
            **{name: getattr(platform, name) for name in _COLUMNS},
            "category": platform.category.key,
            "also": sorted(platform.also.values_list("key", flat=True)),
            "common_capabilities": [capability.key for capability in common],
            "capabilities": [text for text in platform.capabilities if text not in labels],
            "connections": list(platform.connections.values_list("to", flat=True)),
            "packages": [_values(package, _PACKAGE) for package in platform.packages.all()],
            "evidence": [
                {**_values(one, _EVIDENCE), "document": one.document_id} for one in platform.evidence.order_by("pk")
            ],
        }
    )


def apply(platform: Platform, content: Content, fields: Iterable[str], now: datetime) -> None:
    """Write these fields of the content to the platform's rows, and list the platform if it was not. Inside a transaction.

    Evidence that stays keeps the day on which somebody read it; what is new or reworded was read by nobody yet.
    """
    wanted = set(fields)
    for name in wanted.intersection(_COLUMNS):
        setattr(platform, name, getattr(content, name))
    if "category" in wanted:
        platform.category = Category.objects.leaves_only().get(key=content.category)
    if wanted & {"capabilities", "common_capabilities"}:
        _write_capabilities(platform, content)
    if "packages" in wanted:
        _write_packages(platform, content)
    if "evidence" in wanted:
        _write_evidence(platform, content)
    if "also" in wanted:
        platform.also.set(Category.objects.leaves_only().filter(key__in=content.also))
    if "connections" in wanted:
        platform.connections.all().delete()
        for to in content.connections:
            platform.connections.create(to=to)
    if platform.listed_at is not None:
        Confirmation.objects.drop(platform, wanted)
    platform.listed_at = platform.listed_at or now
    platform.retired_at = None
    refresh_assurance(platform)
    platform.save()


def _write_capabilities(platform: Platform, content: Content) -> None:
    common = list(Capability.objects.filter(key__in=content.common_capabilities).order_by("label"))
    platform.common_capabilities.set(common)
    labels = [capability.label for capability in common]
    platform.capabilities = [*labels, *(text for text in content.capabilities if text not in labels)]


def _write_packages(platform: Platform, content: Content) -> None:
    platform.packages.all().delete()
    for at, package in enumerate(content.packages):
        platform.packages.create(position=at, **_values(package, _PACKAGE))
    price = price_range([(one.unit, one.period, one.price_min, one.price_max) for one in content.packages])
    platform.price_min, platform.price_max = price.low, price.high
    platform.price_unit = counted(price.unit, price.period) if price.unit else ""


def _write_evidence(platform: Platform, content: Content) -> None:
    there = {tuple(_values(one, _SAME_EVIDENCE).values()): one for one in platform.evidence.all()}
    for one in content.evidence:
        row = there.pop(tuple(_values(one, _SAME_EVIDENCE).values()), None)
        values = {**_values(one, _EVIDENCE), "document_id": one.document}
        if row is None:
            platform.evidence.create(**values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.seen_on = None
            row.save()
    for row in there.values():
        row.delete()


def _values(of: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(of, name) for name in names}
