"""What a listing claims, each claim with how far it was checked, since when and by which source; and how it changed."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.platforms import differences
from catalogue.platforms.changes import Moment, latest_of
from catalogue.platforms.choices import ClaimLevel, Deployment, PricingModel, Status
from catalogue.platforms.models import Evidence, Platform
from catalogue.templatetags.catalogue_ui import money

MOST_CHANGES = 20


def taken_down(platform: Platform) -> dict[str, Any]:
    """How far a fact that somebody read and wrote down was checked: not at all, since the day of the last change."""
    level = ClaimLevel.DECLARED
    return {"level": level.value, "level_label": level.label, "date": timezone.localdate(platform.updated_at)}


def claims(platform: Platform) -> list[dict[str, Any]]:
    """Return the main facts as rows {label, values, note, vietnamese, level, level_label, date}; no values: not known.

    Nothing says which source states which of these facts, so each is as it was taken down, on the day of the last change.
    """
    taken = taken_down(platform)
    known_pricing = platform.pricing_model != PricingModel.UNKNOWN
    known_status = platform.status != Status.UNKNOWN
    rows: list[tuple[str, list[str], str, bool]] = [
        (_("Khách hàng đã nêu"), platform.customers, "", True),
        (_("Cách triển khai"), [str(Deployment(value).label) for value in platform.deployment], "", False),
        (
            _("Cách tính giá"),
            [platform.get_pricing_model_display()] if known_pricing else [],
            platform.pricing_note,
            False,
        ),
        (_("Mức giá công bố"), [price_range(platform)] if platform.price_min is not None else [], "", False),
        (_("Ra mắt"), [str(platform.launched)] if platform.launched else [], "", False),
        (_("Tình trạng"), [platform.get_status_display()] if known_status else [], "", False),
    ]
    return [
        {"label": label, "values": values, "note": note, "vietnamese": vietnamese, **(taken if values else {})}
        for label, values, note, vietnamese in rows
    ]


def evidence_claims(platform: Platform) -> list[dict[str, Any]]:
    """Return the evidence as rows; only what names a page is on public record."""
    return [_evidence(one) for one in platform.evidence.all()]


def _evidence(one: Evidence) -> dict[str, Any]:
    level = ClaimLevel.PUBLIC_RECORD if one.url else ClaimLevel.DECLARED
    return {
        "kind_label": one.get_kind_display(),
        "title": one.title,
        "year": one.year,
        "url": one.url,
        "note": one.note,
        "level": level.value,
        "level_label": level.label,
        "date": one.seen_on,
    }


def milestones(platform: Platform) -> list[dict[str, Any]]:
    """Return what happened to the product by year, latest first, as far as launch year and evidence tell."""
    rows = [
        {"year": one.year, "text": one.title, "kind": one.get_kind_display(), "url": one.url}
        for one in platform.evidence.all()
        if one.year
    ]
    if platform.launched:
        rows.append({"year": platform.launched, "text": "", "kind": _("Ra mắt"), "url": ""})
    return sorted(rows, key=lambda row: -int(row["year"] or 0))


def history(platform: Platform) -> list[dict[str, Any]]:
    """Return what happened to the listing by day, latest first: put on the list, changed (and what), evidence read."""
    added = timezone.localdate(platform.created_at)
    rows: list[dict[str, Any]] = []
    for day, moments in groupby(latest_of(platform.slug, MOST_CHANGES), lambda one: timezone.localdate(one.at)):
        if day != added:
            rows.append({"date": day, "text": _changed(list(moments))})
    read = Counter(one.seen_on for one in platform.evidence.all())
    rows += [
        {"date": day, "text": ngettext("Đọc và ghi %(n)d bằng chứng", "Đọc và ghi %(n)d bằng chứng", n) % {"n": n}}
        for day, n in read.items()
    ]
    rows.append({"date": added, "text": _("Đưa vào danh mục này")})
    return sorted(rows, key=lambda row: row["date"], reverse=True)


def _changed(moments: list[Moment]) -> str:
    """Say what changed on a day; how often, where nobody noted what."""
    names = {name for moment in moments for name in moment.fields or ()}
    unknown = sum(moment.fields is None for moment in moments)
    said = [_("Thay đổi: %(what)s") % {"what": ", ".join(differences.labels(names))}] if names else []
    if unknown:
        said.append(ngettext("Trang thay đổi %(n)d lần", "Trang thay đổi %(n)d lần", unknown) % {"n": unknown})
    return "; ".join(said)


def price_range(platform: Platform) -> str:
    """Write the published price in words: "500 đ – 10.000 đ / kiện"; "" when none is published."""
    if platform.price_min is None:
        return ""
    low, high = money(platform.price_min), money(platform.price_max)
    text = low if not high or high == low else f"{low} – {high}"
    return _("%(price)s / %(unit)s") % {"price": text, "unit": platform.price_unit} if platform.price_unit else text
