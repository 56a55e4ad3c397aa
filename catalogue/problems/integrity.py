"""What the managing ministry may want to ask about a posted problem. Questions, never verdicts: each has honest answers.

Only the ministry reads them; nothing follows from one by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.accounts.scopes import Caller
from catalogue.common import copies, working_days
from catalogue.platforms.originals import SaidPassage

from .coach import FEWEST_DAYS
from .evaluation import Result
from .models import Problem
from .querysets import ProblemQuerySet
from .states import State, Visibility

IN_A_ROW = 2  # single invitations of one agency
PAIRED = 3  # times that one agency chose one vendor


class Code(TextChoices):
    SINGLE_INVITATIONS = "single_invitations", gettext_lazy("Mời một doanh nghiệp, nhiều lần liền")
    SHORT_DEADLINE = "short_deadline", gettext_lazy("Hạn trả lời ngắn")
    COPIED_REQUIREMENT = "copied_requirement", gettext_lazy("Yêu cầu giống lời của một sản phẩm")
    REPEATED_PAIR = "repeated_pair", gettext_lazy("Cùng cơ quan, cùng doanh nghiệp")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One question about one problem, in a sentence."""

    code: Code
    sentence: str


def looked_at_by(user: Caller) -> ProblemQuerySet:
    """Posted problems that the caller may ask about: the ministry's people, never about their own agency's."""
    return Problem.objects.overseen_by(user).select_related("agency").order_by("-posted_at", "-pk")


def doubts(problem: Problem) -> list[Doubt]:
    """Return what may be asked about a posted problem, in the order of the codes."""
    return [*_single(problem), *_short(problem), *_copied(problem), *_paired(problem)]


def _single(problem: Problem) -> Iterable[Doubt]:
    earlier = Problem.objects.posted().filter(agency=problem.agency_id, posted_at__lte=problem.posted_at)
    latest = earlier.annotate(guests=Count("invited")).order_by("-posted_at", "-pk")[:IN_A_ROW]
    alone = [one for one in latest if one.visibility == Visibility.INVITED and one.guests == 1]
    if len(alone) == IN_A_ROW:
        yield Doubt(
            Code.SINGLE_INVITATIONS,
            _("%(n)d bài toán liền nhau của cơ quan chỉ mời một doanh nghiệp. Vì sao không mời thêm?")
            % {"n": IN_A_ROW},
        )


def _short(problem: Problem) -> Iterable[Doubt]:
    if problem.posted_at is None or problem.closes_at is None:
        return
    days = working_days.between(timezone.localdate(problem.posted_at), timezone.localdate(problem.closes_at))
    if days < FEWEST_DAYS:
        words = {"days": days, "usual": FEWEST_DAYS}
        yield Doubt(
            Code.SHORT_DEADLINE,
            _("Doanh nghiệp có %(days)d ngày làm việc để trả lời, ít hơn %(usual)d. Có gì gấp không?") % words,
        )


def _copied(problem: Problem) -> Iterable[Doubt]:
    """Ask about a requirement that stood, word by word, in the listing of one vendor before it was posted."""
    for requirement in problem.requirements.all():
        keys = [passage.key for passage in copies.passages_of(requirement.text)]
        said = SaidPassage.objects.filter(key__in=keys, vendor__isnull=False, said_at__lt=problem.posted_at)
        vendors = {one.vendor_id: one.slug for one in said}
        if len(vendors) == 1:
            words = {"text": requirement.text, "product": next(iter(vendors.values()))}
            yield Doubt(
                Code.COPIED_REQUIREMENT,
                _("Yêu cầu “%(text)s” có sẵn trong hồ sơ của một sản phẩm (%(product)s). Việc gì cần đúng câu này?")
                % words,
            )


def _paired(problem: Problem) -> Iterable[Doubt]:
    won = Result.objects.filter(chosen=True, proposal__problem=problem).select_related("proposal__vendor").first()
    if won is None or problem.state != State.ENDED:
        return
    vendor = won.proposal.vendor
    times = Result.objects.filter(
        chosen=True, proposal__vendor=vendor, proposal__problem__agency=problem.agency_id,
        proposal__problem__ended_at__lte=problem.ended_at,
    ).count()  # fmt: skip
    if times >= PAIRED:
        words = {"times": times, "vendor": vendor.short_name}
        yield Doubt(
            Code.REPEATED_PAIR,
            _("Cơ quan đã chọn %(vendor)s %(times)d lần. Các lần đó có đủ doanh nghiệp trả lời không?") % words,
        )
