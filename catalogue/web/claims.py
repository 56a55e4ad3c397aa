"""What a listing claims, each claim with how far it was checked, since when and by which source; and how it changed."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.platforms import changed_fields
from catalogue.platforms.changes import Moment, latest_of
from catalogue.platforms.choices import Answer, ClaimLevel, Deployment, Maker, PricingModel, SourceOwner, Status
from catalogue.platforms.models import Evidence, Platform
from catalogue.platforms.reading import share_in_words
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
        *_particulars(platform),
        (_("Ra mắt"), [str(platform.launched)] if platform.launched else [], "", False),
        (_("Tình trạng"), [platform.get_status_display()] if known_status else [], "", False),
    ]
    return [
        {"label": label, "values": values, "note": note, "vietnamese": vietnamese, **(taken if values else {})}
        for label, values, note, vietnamese in rows
    ]


def _particulars(platform: Platform) -> list[tuple[str, list[str], str, bool]]:
    """Return what an agency asks before it rents; what no listing of the seeds says is left out until one does."""
    connections = [str(one.get_to_display()) for one in platform.connections.all()]
    level = [_("Cấp độ %(level)d") % {"level": platform.security_level}] if platform.security_level else []
    rows: list[tuple[str, list[str], str, bool]] = [
        (_("Dữ liệu đặt tại Việt Nam"), _answered(platform.data_in_vietnam, Answer), "", False),
        (_("Cấp độ an toàn đã được phê duyệt"), level, "", False),
        (_("Đã kết nối với"), connections, "", False),
        (_("Tiêu chuẩn đáp ứng"), platform.standards, "", True),
        (_("Ngôn ngữ giao diện"), platform.languages, "", True),
        (_("Định dạng xuất dữ liệu"), platform.export_formats, "", True),
        (_("Điều kiện khi ngừng sử dụng"), [platform.exit_terms] if platform.exit_terms else [], "", True),
        (_("Tỷ lệ sở hữu Việt Nam (%)"), _percent(platform.vietnamese_share), "", False),
        (_("Ai xác định yêu cầu và thiết kế"), _answered(platform.designed_by, Maker), "", False),
        (_("Quyền với mã nguồn"), _answered(platform.source_owner, SourceOwner), "", False),
        (
            _("Số giấy chứng nhận quyền tác giả"),
            [platform.copyright_certificate] if platform.copyright_certificate else [],
            "",
            True,
        ),
        (_("Chi nghiên cứu và phát triển trên doanh thu sản phẩm (%)"), _percent(platform.rd_share), "", False),
        (_("Tài liệu tiếng Việt"), _answered(platform.vietnamese_documents, Answer), "", False),
        (_("Cam kết hỗ trợ, bảo hành, nâng cấp"), _answered(platform.support_commitment, Answer), "", False),
        (_("Hỗ trợ"), [text for text in (platform.support_phone, platform.support_email) if text], "", False),
    ]
    return [row for row in rows if row[1]]


def _answered(value: str, choices: type[TextChoices]) -> list[str]:
    return [] if value == "unknown" else [str(choices(value).label)]


def _percent(share: Decimal | None) -> list[str]:
    return [] if share is None else [share_in_words(share)]


def packages(platform: Platform) -> list[dict[str, Any]]:
    """Return the packages as rows {name, price, terms, includes}; price "" where none is published."""
    return [
        {
            "name": one.name,
            "price": _("%(price)s / %(unit)s") % {"price": _from_to(one.price_min, one.price_max), "unit": one.counted}
            if one.price_min is not None
            else "",
            "unit": one.counted,
            "quantity": one.min_quantity,
            "months": one.min_months,
            "setup": money(one.setup_fee),
            "support": money(one.support_fee),
            "includes": one.includes,
        }
        for one in platform.packages.all()
    ]


def _from_to(low: int | None, high: int | None) -> str:
    least, most = money(low), money(high)
    return least if not most or most == least else f"{least} – {most}"


def evidence_claims(platform: Platform) -> list[dict[str, Any]]:
    """Return the evidence as rows; only what names a page is on public record."""
    return [_evidence(one) for one in platform.evidence.all()]


def _evidence(one: Evidence) -> dict[str, Any]:
    level = ClaimLevel.PUBLIC_RECORD if one.url and one.seen_on else ClaimLevel.DECLARED
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
    added = timezone.localdate(platform.listed_at or platform.created_at)
    rows: list[dict[str, Any]] = []
    for day, moments in groupby(latest_of(platform.slug, MOST_CHANGES), lambda one: timezone.localdate(one.at)):
        if day != added:
            rows.append({"date": day, "text": _changed(list(moments))})
    read = Counter(one.seen_on for one in platform.evidence.all() if one.seen_on)
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
    said = [_("Thay đổi: %(what)s") % {"what": ", ".join(changed_fields.labels(names))}] if names else []
    if unknown:
        said.append(ngettext("Trang thay đổi %(n)d lần", "Trang thay đổi %(n)d lần", unknown) % {"n": unknown})
    return "; ".join(said)


def price_range(platform: Platform) -> str:
    """Write the published price in words: "500 đ – 10.000 đ / kiện"; "" when none is published."""
    if platform.price_min is None:
        return ""
    text = _from_to(platform.price_min, platform.price_max)
    return _("%(price)s / %(unit)s") % {"price": text, "unit": platform.price_unit} if platform.price_unit else text
