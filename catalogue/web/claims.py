"""What a listing claims, each claim with how far it was checked, since when and by which source; and how it changed."""

from __future__ import annotations

from collections import Counter
from datetime import date
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
from catalogue.platforms.confirmations import Confirmation
from catalogue.platforms.models import Evidence, Platform
from catalogue.platforms.reading import share_in_words
from catalogue.templatetags.catalogue_ui import money

MOST_CHANGES = 20
_Row = tuple[str, str, list[str], str, bool]  # field of Content, label, values, note, whether the values are Vietnamese


def taken_down(platform: Platform) -> dict[str, Any]:
    """How far a fact that somebody read and wrote down was checked: not at all, since the day of the last change."""
    level = ClaimLevel.DECLARED
    return {
        "level": level.value,
        "level_label": level.label,
        "date": timezone.localdate(platform.updated_at),
        "by": _("người lập danh mục") if platform.sources else _("doanh nghiệp"),
    }


def claims(platform: Platform, today: date) -> list[dict[str, Any]]:
    """Return the main facts as rows {label, values, note, vietnamese, level, level_label, date, until, lapsed}.

    No values: not known. A fact that a vetting confirmed says how, when and until when; one whose confirmation is too old
    is as it was taken down again, and says since when (`lapsed`). Nothing says which source states which of the others.
    """
    confirmed = {one.field: one for one in platform.confirmations.all()}
    known_pricing = platform.pricing_model != PricingModel.UNKNOWN
    known_status = platform.status != Status.UNKNOWN
    rows: list[_Row] = [
        ("customers", _("Khách hàng đã nêu"), platform.customers, "", True),
        (
            "deployment",
            _("Cách triển khai"),
            [str(Deployment(value).label) for value in platform.deployment],
            "",
            False,
        ),
        (
            "pricing_model",
            _("Cách tính giá"),
            [platform.get_pricing_model_display()] if known_pricing else [],
            platform.pricing_note,
            False,
        ),
        (
            "packages",
            _("Mức giá công bố"),
            [price_range(platform)] if platform.price_min is not None else [],
            "",
            False,
        ),
        *(row for row in particulars(platform) if row[2]),
        ("launched", _("Ra mắt"), [str(platform.launched)] if platform.launched else [], "", False),
        ("status", _("Tình trạng"), [platform.get_status_display()] if known_status else [], "", False),
    ]
    return [
        {
            "label": label,
            "values": values,
            "note": note,
            "vietnamese": vietnamese,
            **(claim_of(platform, confirmed.get(field), today) if values else {}),
        }
        for field, label, values, note, vietnamese in rows
    ]


def claim_of(platform: Platform, confirmed: Confirmation | None, today: date) -> dict[str, Any]:
    """Say how far a fact was checked, on which day and until when: age takes a confirmation back."""
    if confirmed is None:
        return taken_down(platform)
    if confirmed.until < today:
        return {**taken_down(platform), "lapsed": confirmed.until}
    level = ClaimLevel(confirmed.level)
    return {
        "level": level.value,
        "level_label": level.label,
        "date": confirmed.confirmed_on,
        "until": confirmed.until,
        "by": _("hai người thẩm định"),
        "criterion": confirmed.criterion,
    }


def particulars(platform: Platform) -> list[_Row]:
    """Return what an agency asks before it rents, always the same rows; values are empty where the listing is silent.

    No listing of the seeds says any of it, so who shows it leaves silent rows out.
    """
    connections = [str(one.get_to_display()) for one in platform.connections.all()]
    level = [_("Cấp độ %(level)d") % {"level": platform.security_level}] if platform.security_level else []
    return [
        ("data_in_vietnam", _("Dữ liệu đặt tại Việt Nam"), _answered(platform.data_in_vietnam, Answer), "", False),
        ("security_level", _("Cấp độ an toàn đã được phê duyệt"), level, "", False),
        ("connections", _("Đã kết nối với"), connections, "", False),
        ("standards", _("Tiêu chuẩn đáp ứng"), platform.standards, "", True),
        ("languages", _("Ngôn ngữ giao diện"), platform.languages, "", True),
        ("export_formats", _("Định dạng xuất dữ liệu"), platform.export_formats, "", True),
        (
            "exit_terms",
            _("Điều kiện khi ngừng sử dụng"),
            [platform.exit_terms] if platform.exit_terms else [],
            "",
            True,
        ),
        ("vietnamese_share", _("Tỷ lệ sở hữu Việt Nam (%)"), _percent(platform.vietnamese_share), "", False),
        ("designed_by", _("Ai xác định yêu cầu và thiết kế"), _answered(platform.designed_by, Maker), "", False),
        ("source_owner", _("Quyền với mã nguồn"), _answered(platform.source_owner, SourceOwner), "", False),
        (
            "copyright_certificate",
            _("Số giấy chứng nhận quyền tác giả"),
            [platform.copyright_certificate] if platform.copyright_certificate else [],
            "",
            True,
        ),
        (
            "rd_share",
            _("Chi nghiên cứu và phát triển trên doanh thu sản phẩm (%)"),
            _percent(platform.rd_share),
            "",
            False,
        ),
        ("vietnamese_documents", _("Tài liệu tiếng Việt"), _answered(platform.vietnamese_documents, Answer), "", False),
        (
            "support_commitment",
            _("Cam kết hỗ trợ, bảo hành, nâng cấp"),
            _answered(platform.support_commitment, Answer),
            "",
            False,
        ),
        (
            "support_phone",
            _("Hỗ trợ"),
            [text for text in (platform.support_phone, platform.support_email) if text],
            "",
            False,
        ),
    ]


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
