"""Why a product is not in an answer, for people (sentences) and for programs (JSON)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.platforms.choices import Assurance as AssuranceChoice
from catalogue.platforms.choices import Deployment, Freshness
from catalogue.templatetags.catalogue_ui import money, points, vndate

from . import whatif
from .answer import required_to_json
from .engine.types import Required
from .engine.whynot import Asking, Obstacle, WhyNot
from .models import Run
from .services import Asked


def to_json(found: WhyNot) -> dict[str, Any]:
    document, change = found.document, found.change
    return {
        "platform": found.key,
        "platform_name": document.name if document else None,
        "shown": not found.obstacles,
        "position": found.position,
        "obstacles": [obstacle.value for obstacle in found.obstacles],
        "rank": found.rank,
        "candidates": found.candidates,
        "score": round(found.score, 4),
        "score_needed": round(found.score_needed, 4),
        "assurance": document.assurance.key if document else None,
        "failed": [{"code": unmet.code, "text": unmet.text, "known": unmet.known} for unmet in found.failed],
        "not_mentioned": [unmet.text for unmet in found.missing],
        "confirmed_on": document.assured_on.isoformat() if document and document.assured_on else None,
        "admitted_with": {
            "constraints": required_to_json(replace(change.required, confirmed_since=None)),
            "min_assurance": change.min_assurance.key,
            "confirmed": Freshness.YEAR.value if change.required.confirmed_since else None,
            "top": change.top,
        }
        if change
        else None,
    }


def shown(run: Run, found: WhyNot) -> dict[str, Any]:
    """Return what the page says of one product."""
    document, change = found.document, found.change
    asked = Asked.again(run)
    return {
        "name": document.name if document else found.key,
        "url": reverse("platform", args=[document.key]) if document else "",
        "is_result": not found.obstacles,
        "position": found.position,
        "rank": found.rank,
        "candidates": found.candidates,
        "reasons": [_reason(obstacle, found, asked) for obstacle in found.obstacles],
        "missing": [unmet.text for unmet in found.missing],
        "changes": list(_changes(change, asked)) if change else [],
        "fields": whatif.hidden(change.required, change.min_assurance, change.top) if change else [],
    }


def _reason(obstacle: Obstacle, found: WhyNot, asked: Asked) -> str:
    if obstacle == Obstacle.NOT_LISTED:
        return _("Danh mục không có sản phẩm này.")
    if obstacle == Obstacle.ABSTAINED:
        return _("Với bài toán này, hệ thống không đủ căn cứ để giới thiệu sản phẩm nào.")
    if obstacle == Obstacle.RELEVANCE:
        if found.rank is None:
            return _("Hồ sơ của sản phẩm không có điểm chung nào với bài toán.")
        return _("Hồ sơ chưa đủ gần với bài toán: được %(score)s điểm, cần ít nhất %(needed)s.") % {
            "score": points(found.score),
            "needed": points(found.score_needed),
        }
    if obstacle == Obstacle.DISCONTINUED:
        return _("Sản phẩm đã ngừng cung cấp, nên không được giới thiệu.")
    if obstacle == Obstacle.REQUIREMENT:
        return _("Không đáp ứng yêu cầu đã xác nhận: %(what)s.") % {"what": "; ".join(_failed(found, asked.required))}
    if obstacle == Obstacle.ASSURANCE:
        level = AssuranceChoice(found.document.assurance.key).label if found.document else ""
        return _("Mức bảo đảm là “%(level)s”, thấp hơn mức đã chọn “%(asked)s”.") % {
            "level": level,
            "asked": AssuranceChoice(asked.min_assurance.key).label,
        }
    if obstacle == Obstacle.CONFIRMED:
        since = vndate(asked.required.confirmed_since)
        if found.document is None or found.document.assured_on is None:
            return _("Chưa ai ngoài doanh nghiệp xác nhận hồ sơ; bạn cần xác nhận từ %(since)s.") % {"since": since}
        return _("Xác nhận lần cuối ngày %(date)s; bạn cần xác nhận từ %(since)s trở lại đây.") % {
            "date": vndate(found.document.assured_on),
            "since": since,
        }
    if obstacle == Obstacle.VENDOR_LIMIT:
        return _("Nhà cung cấp này đã có đủ sản phẩm trong mười hạng đầu; các sản phẩm khác của họ xếp sau.")
    return ngettext(
        "Danh sách chỉ nêu %(top)d sản phẩm, và có đủ sản phẩm được điểm cao hơn.",
        "Danh sách chỉ nêu %(top)d sản phẩm, và có đủ sản phẩm được điểm cao hơn.",
        asked.top,
    ) % {"top": asked.top}


def _failed(found: WhyNot, required: Required) -> Iterator[str]:
    """Yield each requirement that the product fails, with what its listing says instead."""
    for unmet in found.failed:
        if unmet.code == "budget_vnd_max" and found.document:
            yield _("giá từ %(price)s, kinh phí tối đa %(budget)s") % {
                "price": money(found.document.price_min),
                "budget": money(required.budget_vnd_max),
            }
        elif found.document:
            yield _("cách triển khai là %(has)s, yêu cầu %(asked)s") % {
                "has": _ways(found.document.deployment),
                "asked": _ways(sorted(required.deployment)),
            }


def _ways(values: Any) -> str:
    return ", ".join(f"“{Deployment(value).label}”" for value in values)


def _changes(change: Asking, asked: Asked) -> Iterator[str]:
    """Yield each thing to ask otherwise."""
    if change.min_assurance != asked.min_assurance:
        level = AssuranceChoice(change.min_assurance.key).label
        yield _("Hạ mức bảo đảm tối thiểu xuống “%(level)s”") % {"level": level}
    if change.required.confirmed_since != asked.required.confirmed_since:
        yield _("Bỏ yêu cầu về lần xác nhận gần nhất")
    if change.required.budget_vnd_max != asked.required.budget_vnd_max:
        yield _("Nâng kinh phí tối đa lên %(budget)s") % {"budget": money(change.required.budget_vnd_max)}
    for value in sorted(change.required.deployment - asked.required.deployment):
        yield _("Chấp nhận thêm cách triển khai “%(way)s”") % {"way": Deployment(value).label}
    if change.top != asked.top:
        yield ngettext("Xem %(top)d sản phẩm đầu", "Xem %(top)d sản phẩm đầu", change.top) % {"top": change.top}
