"""What a vendor has, in which state, and what needs doing about it, most urgent first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation

from .choices import PricingModel
from .content import Step, parse, step_of
from .editing import what_is_missing
from .models import Evidence, Platform
from .packages import Package
from .revisions import Revision, RevisionState

WARNING = timedelta(days=28)  # before a piece of evidence expires: time enough to get a new one and hand it in


class State(TextChoices):
    """Where a product stands, the one that asks most of its vendor first."""

    RETURNED = "returned", _("Trả lại để sửa")
    DRAFT = "draft", _("Đang soạn")
    WAITING = "waiting", _("Chờ thẩm định")
    PUBLISHED = "published", _("Đang công bố")
    RETIRED = "retired", _("Đã rút khỏi danh mục")


class TaskKind(TextChoices):
    """What there is to do, most urgent first."""

    EXPIRED = "expired", _("Thay bằng chứng đã hết hạn")
    RETURNED = "returned", _("Sửa theo lý do trả lại")
    EXPIRING = "expiring", _("Gia hạn bằng chứng sắp hết hạn")
    HAND_IN = "hand_in", _("Nộp bản nháp đã đủ")
    COMPLETE = "complete", _("Điền tiếp bản nháp")
    PRICE = "price", _("Công bố giá")


@dataclass(frozen=True, slots=True)
class Product:
    """One product. public: the public sees it. newest: its last revision, None when it never had one."""

    platform: Platform
    state: State
    public: bool
    newest: Revision | None

    @property
    def reason(self) -> str:
        """Why it was returned, "" when it was not."""
        return self.newest.reason if self.newest and self.state == State.RETURNED else ""

    @property
    def since(self) -> datetime | None:
        """When its state was reached, as far as a revision says so."""
        one = self.newest
        return (one.decided_at or one.submitted_at or one.edited_at) if one else None


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. step: where in the product's form, None where another page is meant.

    about: the evidence, or the reason; "" when the kind says all. due: the last day, where there is one. n: how many.
    """

    kind: TaskKind
    platform: Platform
    step: Step | None = None
    about: str = ""
    due: date | None = None
    n: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    products: tuple[Product, ...]
    tasks: tuple[Task, ...]

    def counts(self) -> list[tuple[State, int]]:
        """Return how many products are in each state."""
        return [(state, sum(product.state == state for product in self.products)) for state in State]


def desk(vendor: Organisation, *, today: date) -> Desk:
    """Return the vendor's desk: four queries, however many products there are."""
    platforms = (
        Platform.objects.filter(vendor=vendor)
        .select_related("vendor", "category")
        .annotate(priced=Exists(Package.objects.filter(platform=OuterRef("pk"), price_min__isnull=False)))
        .order_by("name", "pk")
    )
    products = standings(list(platforms))
    order = list(State)
    products.sort(key=lambda product: order.index(product.state))
    kinds = list(TaskKind)
    tasks = sorted(
        [*_expiring(vendor, today), *_to_do(products)],
        key=lambda task: (kinds.index(task.kind), task.due or date.max, task.platform.name),
    )
    return Desk(tuple(products), tuple(tasks))


def standings(platforms: Sequence[Platform]) -> list[Product]:
    """Return where each product stands, in their order: one query, however many there are."""
    number = Revision.objects.filter(platform=OuterRef("platform")).order_by("-number").values("number")[:1]
    rows = Revision.objects.filter(platform__in=platforms, number=Subquery(number)).select_related("edited_by")
    newest = {row.platform_id: row for row in rows}
    return [_product(platform, newest.get(platform.pk)) for platform in platforms]


def _product(platform: Platform, newest: Revision | None) -> Product:
    public = platform.listed_at is not None and platform.retired_at is None
    if newest:
        newest.platform = platform
    if newest and newest.state == RevisionState.RETURNED:
        state = State.RETURNED
    elif newest and newest.state == RevisionState.SUBMITTED:
        state = State.WAITING
    elif newest and newest.state == RevisionState.DRAFT:
        state = State.DRAFT
    elif platform.retired_at:
        state = State.RETIRED
    else:
        state = State.PUBLISHED if public else State.DRAFT
    return Product(platform, state, public, newest)


def _expiring(vendor: Organisation, today: date) -> Iterator[Task]:
    """Yield a task for each piece of evidence of a public product that is no longer valid, or soon not."""
    rows = Evidence.objects.filter(
        platform__in=Platform.objects.listed().filter(vendor=vendor), expires_on__lte=today + WARNING
    ).select_related("platform__vendor")
    for one in rows.order_by("expires_on", "pk"):
        kind = TaskKind.EXPIRED if one.expires_on and one.expires_on < today else TaskKind.EXPIRING
        yield Task(kind, one.platform, "evidence", one.title, one.expires_on)


def _to_do(products: Iterable[Product]) -> Iterator[Task]:
    for product in products:
        platform, newest = product.platform, product.newest
        if product.state == State.RETURNED:
            yield Task(TaskKind.RETURNED, platform, None, product.reason)
        elif newest and newest.is_draft:
            lacking = what_is_missing(platform, parse(newest.content))
            if lacking:
                yield Task(TaskKind.COMPLETE, platform, step_of(next(iter(lacking))), n=len(lacking))
            else:
                yield Task(TaskKind.HAND_IN, platform)
        elif product.state == State.PUBLISHED and not _has_price(platform):
            yield Task(TaskKind.PRICE, platform, "packages")


def _has_price(platform: Platform) -> bool:
    free = platform.pricing_model == PricingModel.FREE
    return free or platform.price_min is not None or bool(platform.priced)  # type: ignore[attr-defined]
