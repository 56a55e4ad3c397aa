"""What a proposal says: one product, an answer to each requirement with evidence, a price, a trial."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.accounts.models import Organisation
from catalogue.platforms.content import words
from catalogue.platforms.models import Platform
from catalogue.platforms.packages import MOST_MONEY, Package

from .models import Problem
from .refusals import OfferInvalid

MOST_WORDS = 100  # of the evidence for one requirement
LONGEST_EVIDENCE = 1_500  # characters
LONGEST_NOTE = 2_000
MOST_LINES = 20
MOST_PIECES = 10_000_000  # of one package


class Meets(TextChoices):
    YES = "yes", gettext_lazy("Đáp ứng")
    PARTLY = "partly", gettext_lazy("Đáp ứng một phần")
    NO = "no", gettext_lazy("Chưa đáp ứng")


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one requirement, by its number."""

    requirement: int
    answer: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """So many of one package, for so many periods (months, years) of it. Dong."""

    package: str
    quantity: int
    periods: int
    unit_price: int

    @property
    def total(self) -> int:
        return self.quantity * self.periods * self.unit_price


@dataclass(frozen=True, slots=True)
class Offer:
    """A whole proposal. `stated_total`, dong, is for products without packages that fit; then there are no lines."""

    product: str = ""
    replies: Sequence[Reply] = ()
    lines: Sequence[Line] = ()
    stated_total: int | None = None
    price_note: str = ""
    delivery: str = ""
    trial: str = ""

    @property
    def total(self) -> int | None:
        return sum(line.total for line in self.lines) if self.lines else self.stated_total

    def reply_to(self, requirement: int) -> Reply:
        found = (one for one in self.replies if one.requirement == requirement)
        return next(found, Reply(requirement))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Offer:
        """Return the offer that `as_json` wrote, or that was sent in this shape."""
        parts = {**content, "replies": (), "lines": ()}
        return cls(
            **{
                **parts,
                "replies": [Reply(**one) for one in content.get("replies", ())],
                "lines": [Line(**one) for one in content.get("lines", ())],
            }
        )


def written(content: Mapping[str, Any], problem: Problem, vendor: Organisation) -> Offer:
    """Return what was sent as an offer, which may still be unfinished. Raises OfferInvalid for what can never be taken."""
    offer = Offer.of(content)
    asked = set(problem.requirements.values_list("pk", flat=True))
    packages = {
        one.name: one for one in Package.objects.filter(platform__in=products(vendor), platform__slug=offer.product)
    }
    wrong: dict[str, str] = {}
    if offer.product and not any(one.slug == offer.product for one in products(vendor)):
        wrong["product"] = _("Sản phẩm phải là sản phẩm đang công bố của doanh nghiệp.")
    numbers = [one.requirement for one in offer.replies]
    if len(set(numbers)) < len(numbers) or not asked.issuperset(numbers):
        wrong["replies"] = _("Mỗi yêu cầu của bài toán được trả lời một lần.")
    for reply in offer.replies:
        if words(reply.evidence) > MOST_WORDS or len(reply.evidence) > LONGEST_EVIDENCE:
            wrong[f"evidence-{reply.requirement}"] = _("Bằng chứng nhiều nhất %(most)d từ.") % {"most": MOST_WORDS}
        if reply.answer not in ("", *Meets.values):
            wrong[f"answer-{reply.requirement}"] = _("Trả lời là đáp ứng, đáp ứng một phần hoặc chưa đáp ứng.")
    if len(offer.lines) > MOST_LINES:
        wrong["lines"] = _("Nhiều nhất %(most)d dòng giá.") % {"most": MOST_LINES}
    for number, line in enumerate(offer.lines, start=1):
        if sentence := _wrong_line(line, packages.get(line.package)):
            wrong[f"line-{number}"] = sentence
    if offer.lines and offer.stated_total is not None:
        wrong["stated_total"] = _("Giá tính theo gói, hoặc nêu tổng, không cả hai.")
    elif offer.total is not None and not 0 <= offer.total <= MOST_MONEY:
        wrong["stated_total"] = _("Tổng giá không hợp lý.")
    for name in ("price_note", "delivery", "trial"):
        if len(getattr(offer, name)) > LONGEST_NOTE:
            wrong[name] = _("Nhiều nhất %(most)d ký tự.") % {"most": LONGEST_NOTE}
    if wrong:
        raise OfferInvalid(wrong)
    return offer


def _wrong_line(line: Line, package: Package | None) -> str:
    """Say what is wrong with a line of the price: nobody is offered more than the listing says."""
    if package is None:
        return _("Sản phẩm không có gói giá này.")
    if not (1 <= line.quantity <= MOST_PIECES and 1 <= line.periods <= MOST_PIECES and line.unit_price >= 0):
        return _("Số lượng, số kỳ và đơn giá phải là số dương.")
    highest = package.price_max if package.price_max is not None else package.price_min
    if highest is not None and line.unit_price > highest:
        return _("Đơn giá cao hơn giá đang công bố của gói.")
    return ""


def whole(offer: Offer, problem: Problem) -> None:
    """Check that nothing is left open before it is handed in. Raises OfferInvalid."""
    wrong = {}
    if not offer.product:
        wrong["product"] = _("Hãy chọn sản phẩm.")
    for requirement in problem.requirements.all():
        reply = offer.reply_to(requirement.pk)
        if not reply.answer:
            wrong[f"answer-{requirement.pk}"] = _("Hãy trả lời mọi yêu cầu.")
        elif reply.answer != Meets.NO and not reply.evidence.strip():
            wrong[f"evidence-{requirement.pk}"] = _("Hãy nêu bằng chứng cho yêu cầu đáp ứng hoặc đáp ứng một phần.")
    if offer.total is None:
        wrong["stated_total"] = _("Hãy nêu giá: theo gói, hoặc tổng.")
    if not offer.delivery.strip():
        wrong["delivery"] = _("Hãy viết cách triển khai và hỗ trợ.")
    if wrong:
        raise OfferInvalid(wrong)


def products(vendor: Organisation) -> list[Platform]:
    """Return what a vendor can offer: its listed products."""
    return list(Platform.objects.listed().filter(vendor=vendor).order_by("name", "pk"))
