"""A vendor's desk: products, tasks and exposure together, for people (addresses, sentences) and for programs (JSON)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalogue.accounts.models import Organisation
from catalogue.platforms.desk import Desk, Product, State, Task, TaskKind, desk
from catalogue.platforms.models import Platform
from catalogue.problems.evaluation import Result
from catalogue.shortlists.models import ShortlistItem

from . import exposure
from .engine.whynot import Obstacle
from .exposure import Near
from .models import Band

HEIGHT, FLOOR = 132, 120  # of the picture of weeks, and where its bars stand, in pixels

OBSTACLES: dict[Obstacle, Any] = {
    Obstacle.NOT_LISTED: gettext_lazy("Sản phẩm không có trong danh mục"),
    Obstacle.ABSTAINED: gettext_lazy("Không sản phẩm nào đủ hợp"),
    Obstacle.RELEVANCE: gettext_lazy("Hồ sơ chưa nói đủ gần với bài toán"),
    Obstacle.DISCONTINUED: gettext_lazy("Hồ sơ ghi là đã ngừng cung cấp"),
    Obstacle.REQUIREMENT: gettext_lazy("Không đáp ứng một yêu cầu mà cơ quan đã xác nhận"),
    Obstacle.ASSURANCE: gettext_lazy("Mức bảo đảm thấp hơn mức cơ quan hỏi"),
    Obstacle.CONFIRMED: gettext_lazy("Đã lâu không được xác nhận lại, hơn mức cơ quan chấp nhận"),
    Obstacle.VENDOR_LIMIT: gettext_lazy("Doanh nghiệp đã có đủ sản phẩm trong mười hạng đầu"),
    Obstacle.TOP: gettext_lazy("Có đủ sản phẩm khác đứng trên"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of how a vendor's products were shown. until: the last day counted, None when none was.

    shown: by window (days), product, band. kept: how many people with an account have a product on their list.
    chosen: how many problems of agencies it was chosen for.
    """

    until: date | None
    shown: dict[int, dict[str, dict[Band, int]]]
    weeks: list[tuple[date, dict[Band, int]]]
    near: list[Near]
    kept: dict[str, int]
    chosen: dict[str, int]


def own_desk(vendor: Organisation, *, now: datetime) -> Desk:
    return desk(vendor, today=timezone.localdate(now))


def figures(platforms: Collection[str], *, now: datetime) -> Figures:
    """Return the figures of these products: seven queries, however many there are."""
    until = exposure.counted_until() or timezone.localdate(now) - timedelta(days=1)
    since = {days: until - timedelta(days=days - 1) for days in exposure.WINDOWS}
    kept = ShortlistItem.objects.filter(platform__in=platforms).values_list("platform").annotate(n=Count("pk"))
    chosen = Result.objects.filter(product__slug__in=platforms).values_list("product__slug").annotate(n=Count("pk"))
    return Figures(
        until,
        {days: exposure.shown(platforms, first) for days, first in since.items()},
        exposure.by_week(platforms, until),
        exposure.nearly(platforms, since[max(exposure.WINDOWS)]),
        dict(kept.order_by()),
        dict(chosen.order_by()),
    )


# For people


def rows(products: Sequence[Product], found: Figures) -> list[dict[str, Any]]:
    return [
        {
            "name": product.platform.name,
            "url": _address("product", product.platform),
            "preview_url": _address("product-preview", product.platform),
            "public_url": product.platform.get_absolute_url() if product.public else "",
            "state": product.state.value,
            "label": product.state.label,
            "public": product.public and product.state != State.PUBLISHED,
            "reason": product.reason,
            "since": product.since,
            "shown": [(days, _total(found.shown[days].get(product.platform.slug, {}))) for days in exposure.WINDOWS],
            "kept": found.kept.get(product.platform.slug, 0),
            "chosen": found.chosen.get(product.platform.slug, 0),
        }
        for product in products
    ]


def tasks(todo: Sequence[Task], *, today: date, may_write: bool) -> list[dict[str, Any]]:
    return [
        {
            "kind": task.kind.value,
            "title": task.kind.label,
            "product": task.platform.name,
            "about": _about(task),
            "due": task.due,
            "urgent": task.kind in (TaskKind.EXPIRED, TaskKind.RETURNED),
            "left": _left(task, today),
            "url": _task_address(task, may_write),
        }
        for task in todo
    ]


def _about(task: Task) -> str:
    if task.kind == TaskKind.COMPLETE:
        return ngettext("Còn %(n)d chỗ phải điền hoặc viết lại.", "Còn %(n)d chỗ phải điền hoặc viết lại.", task.n) % {
            "n": task.n
        }
    return task.about


def _left(task: Task, today: date) -> str:
    if task.due is None:
        return ""
    days = (task.due - today).days
    if days < 0:
        return _("đã hết hạn")
    if days == 0:
        return _("hết hạn hôm nay")
    return ngettext("còn %(days)d ngày", "còn %(days)d ngày", days) % {"days": days}


def _task_address(task: Task, may_write: bool) -> str:
    """Return where it is done: a step of a draft, else the product's page, from which a revision is begun."""
    if task.kind == TaskKind.HAND_IN:
        return _address("product-check", task.platform)
    if task.kind == TaskKind.COMPLETE and task.step and may_write:
        return _address("product-step", task.platform, step=task.step)
    return _address("product", task.platform)


def _address(name: str, platform: Platform, **more: Any) -> str:
    return reverse(name, kwargs={"key": platform.vendor.key, "slug": platform.slug, **more})


def bands(found: Figures) -> list[dict[str, Any]]:
    """Return for each band how often any of the products stood in it, one number a window."""
    totals = {
        days: {band: sum(of_one.get(band, 0) for of_one in by_platform.values()) for band in Band}
        for days, by_platform in found.shown.items()
    }
    return [{"label": band.label, "counts": [totals[days][band] for days in exposure.WINDOWS]} for band in Band]


def picture(found: Figures) -> dict[str, Any]:
    """Return the bars of the weeks, and the table behind them. Widths and places are shares of the picture, in %."""
    highest = max((_total(counts) for _first, counts in found.weeks), default=0)
    step = 100 / len(found.weeks)
    columns = []
    for at, (first, counts) in enumerate(found.weeks):
        parts, base = [], float(FLOOR)
        for band in Band:
            if n := counts.get(band, 0):
                height = n / highest * (FLOOR - 4)
                base -= height
                parts.append({"band": band.value, "y": f"{base:.1f}", "height": f"{height:.1f}"})
        columns.append(
            {
                "first": first,
                "x": f"{at * step + step * 0.15:.2f}%",
                "width": f"{step * 0.7:.2f}%",
                "parts": parts,
                "counts": [counts.get(band, 0) for band in Band],
                "total": _total(counts),
            }
        )
    return {
        "columns": columns,
        "bands": [{"band": band.value, "label": band.label} for band in Band],
        "height": HEIGHT,
        "floor": FLOOR,
        "highest": highest,
        "first": found.weeks[0][0],
        "until": found.until,
    }


def near(found: Figures, products: Sequence[Product], labels: dict[str, str]) -> list[dict[str, Any]]:
    by_slug = {product.platform.slug: product.platform for product in products}
    return [
        {
            "product": by_slug[one.platform].name,
            "url": _address("product-preview", by_slug[one.platform]),
            "category": labels.get(one.leaf, one.leaf),
            "why": OBSTACLES[one.obstacle],
            "questions": one.questions,
        }
        for one in found.near
    ]


def _total(counts: dict[Band, int]) -> int:
    return sum(counts.values())


# For programs


def desk_json(found: Desk) -> dict[str, Any]:
    return {
        "counts": {state.value: n for state, n in found.counts()},
        "products": [
            {
                "platform": product.platform.slug,
                "name": product.platform.name,
                "state": product.state.value,
                "public": product.public,
                "reason": product.reason,
                "since": product.since,
            }
            for product in found.products
        ],
        "tasks": [
            {
                "kind": task.kind.value,
                "platform": task.platform.slug,
                "step": task.step,
                "about": task.about,
                "due": task.due,
                "n": task.n,
            }
            for task in found.tasks
        ],
    }


def exposure_json(found: Figures, platforms: Sequence[str]) -> dict[str, Any]:
    return {
        "until": found.until,
        "platforms": [
            {
                "platform": platform,
                "shown": [
                    {"days": days, **_by_band(by_platform.get(platform, {}))}
                    for days, by_platform in found.shown.items()
                ],
                "shortlisted": found.kept.get(platform, 0),
                "chosen": found.chosen.get(platform, 0),
            }
            for platform in platforms
        ],
        "weeks": [{"first_day": first, **_by_band(counts)} for first, counts in found.weeks],
        "nearly": [
            {
                "platform": one.platform,
                "category": one.leaf,
                "obstacle": one.obstacle.value,
                "questions": one.questions,
            }
            for one in found.near
        ],
        "fewest_questions": exposure.FEWEST,
    }


def _by_band(counts: dict[Band, int]) -> dict[str, int]:
    return {band.value: counts.get(band, 0) for band in Band}
