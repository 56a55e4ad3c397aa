"""Proposals: one of a vendor for a problem, in an envelope that nobody opens before the closing time.

What is in the table says that there is a proposal, never what it says. Whether something is in time is decided by one
conditional UPDATE with the clock of the database: the clocks of web servers differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db import connection, models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import FirmSize, Organisation, OrganisationKind, User
from catalogue.accounts.scopes import Caller
from catalogue.audit.record import record
from catalogue.common.models import one_of

from . import offers, sealing
from .models import Problem
from .offers import Offer
from .refusals import NotOpen, ProposalChanged, SealCannotOpen, WrongStep
from .states import State

FEWEST_FIRMS = 3  # of a size, that are told of it
UNKNOWN, OTHER = "unknown", "other"


class Stage(models.TextChoices):
    """Where a proposal stands. What is handed in cannot be changed; taken back it can, and be handed in again."""

    DRAFT = "draft", _("Bản nháp")
    SUBMITTED = "submitted", _("Đã nộp")
    WITHDRAWN = "withdrawn", _("Đã rút")

    @property
    def sources(self) -> list[Stage]:
        """The stages from which this one may be entered."""
        return [stage for stage, targets in MOVES.items() if self in targets]

    @classmethod
    def writable(cls) -> list[Stage]:
        return [cls.DRAFT, cls.WITHDRAWN]


MOVES: dict[Stage, set[Stage]] = {
    Stage.DRAFT: {Stage.SUBMITTED},
    Stage.SUBMITTED: {Stage.WITHDRAWN},
    Stage.WITHDRAWN: {Stage.SUBMITTED},
}


class Proposal(models.Model):
    """One vendor's answer to one problem."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="proposals", verbose_name=_("bài toán"))
    vendor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="proposals", limit_choices_to={"kind": OrganisationKind.VENDOR},
        verbose_name=_("doanh nghiệp"),
    )  # fmt: skip
    stage = models.CharField(_("tình trạng"), max_length=10, choices=Stage, default=Stage.DRAFT)
    envelope = models.BinaryField(_("phong bì"))
    version = models.PositiveIntegerField(default=0)  # each save counts one
    saved_at = models.DateTimeField(_("lúc lưu"))
    submitted_at = models.DateTimeField(_("lúc nộp"), null=True)
    withdrawn_at = models.DateTimeField(_("lúc rút"), null=True)

    class QuerySet(models.QuerySet["Proposal"]):
        def written_by(self, user: Caller) -> Self:
            """Those the caller writes for a vendor, and so may read before anybody else."""
            return self.filter(vendor__in=Organisation.objects.vendors().edited_by(user))

        def submitted(self) -> Self:
            return self.filter(stage=Stage.SUBMITTED)

        def in_time(self) -> Self:
            """Those whose problem takes answers at this moment, as the database's clock has it."""
            live = Problem.objects.filter(pk=OuterRef("problem"), state=State.PUBLISHED, closes_at__gt=Now())
            return self.filter(Exists(live))

        def for_lists(self) -> Self:
            return self.select_related("problem__agency", "vendor")

    objects = QuerySet.as_manager()

    class Meta:
        verbose_name = _("hồ sơ trả lời bài toán")
        verbose_name_plural = _("hồ sơ trả lời bài toán")
        ordering = ("problem", "pk")
        constraints = (
            one_of("stage", Stage, "proposal_stage_known"),
            models.UniqueConstraint(name="one_proposal_of_a_vendor", fields=["problem", "vendor"]),
            models.CheckConstraint(
                name="proposal_stage_is_dated",
                condition=Q(stage=Stage.DRAFT, submitted_at__isnull=True, withdrawn_at__isnull=True)
                | Q(stage=Stage.SUBMITTED, submitted_at__isnull=False, withdrawn_at__isnull=True)
                | Q(stage=Stage.WITHDRAWN, submitted_at__isnull=True, withdrawn_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.problem} · {self.vendor}"


@dataclass(frozen=True, slots=True)
class OfSize:
    """Firms of one size, or OTHER: of several sizes, too few of each to be told apart."""

    size: str
    drafted: int
    submitted: int

    @property
    def firms(self) -> int:
        return self.drafted + self.submitted


@dataclass(frozen=True, slots=True)
class Odds:
    """How many firms work on an answer, and how many handed one in; by their size where no group is small."""

    drafted: int
    submitted: int
    by_size: tuple[OfSize, ...] = ()


@transaction.atomic
def save(
    problem: Problem, *, vendor: Organisation, content: Mapping[str, Any], version: int, by: User, now: datetime
) -> Proposal:
    """Keep what a vendor's editor wrote, sealed; the caller checked that `by` writes for the vendor.

    version: the one that was read; 0 for the first save. Raises OfferInvalid, NotOpen, WrongStep, ProposalChanged.
    """
    offer = offers.written(content, problem, vendor)
    envelope = sealing.seal(offer.as_json(), problem=problem.pk, vendor=vendor.pk)
    proposal, fresh = Proposal.objects.get_or_create(
        problem=problem, vendor=vendor, defaults={"envelope": envelope, "saved_at": now}
    )
    kept = Proposal.objects.in_time().filter(pk=proposal.pk, stage__in=Stage.writable(), version=version)
    won = kept.update(envelope=envelope, version=F("version") + 1, saved_at=Now())
    proposal.refresh_from_db()
    if not won:
        raise _why(proposal, Stage.writable(), _now("Hồ sơ đã nộp; muốn sửa thì rút lại trước."))
    if fresh:
        record("proposal.begun", proposal, by=by, at=now, problem=problem.slug)
    return proposal


@transaction.atomic
def submit(proposal: Proposal, *, by: User, now: datetime) -> None:
    """Hand it in. Raises OfferInvalid while something is missing, WrongStep, ProposalChanged, and NotOpen when it is late."""
    offer = inside(proposal)
    offers.written(
        offer.as_json(), proposal.problem, proposal.vendor
    )  # a product may be delisted meanwhile, a price change
    offers.whole(offer, proposal.problem)
    _keep_shut(proposal.problem_id)
    _move(proposal, Stage.SUBMITTED, submitted_at=Now(), withdrawn_at=None)
    record("proposal.submitted", proposal, by=by, at=now, problem=proposal.problem.slug)


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User, now: datetime) -> None:
    """Take it back, to change it or for good. Raises WrongStep, and NotOpen after the closing time."""
    _keep_shut(proposal.problem_id)
    _move(proposal, Stage.WITHDRAWN, submitted_at=None, withdrawn_at=Now())
    record("proposal.withdrawn", proposal, by=by, at=now, problem=proposal.problem.slug)


def read_own(proposal: Proposal, *, by: User) -> Offer:
    """Return what a proposal says to who writes it. Raises Proposal.DoesNotExist for anybody else."""
    return inside(Proposal.objects.written_by(by).get(pk=proposal.pk))


def odds(problem: Problem) -> Odds:
    drafted, handed_in = Count("pk", Q(stage__in=Stage.writable())), Count("pk", Q(stage=Stage.SUBMITTED))
    rows = problem.proposals.order_by("vendor__firm_size").values_list("vendor__firm_size")
    counted = rows.annotate(drafted=drafted, submitted=handed_in)
    groups = {size: OfSize(size or UNKNOWN, *numbers) for size, *numbers in counted}
    in_order = [groups[size] for size in (*FirmSize.values, "") if size in groups]
    return Odds(_drafted(in_order), _submitted(in_order), tuple(_none_small(in_order)))


def _none_small(groups: list[OfSize]) -> list[OfSize]:
    """Return the groups with those of less than FEWEST_FIRMS put together, so that no total less the others gives one away.

    The smallest of the rest goes with them while they are still too few. Nothing where no group of one size is left.
    """
    by_number = sorted(groups, key=lambda group: group.firms, reverse=True)
    small = [group for group in by_number if group.firms < FEWEST_FIRMS]
    told = by_number[: len(by_number) - len(small)]
    while told and small and sum(group.firms for group in small) < FEWEST_FIRMS:
        small.append(told.pop())
    if not told:
        return []
    shown = [group for group in groups if group in told]
    return [*shown, OfSize(OTHER, _drafted(small), _submitted(small))] if small else shown


def _drafted(groups: list[OfSize]) -> int:
    return sum(group.drafted for group in groups)


def _submitted(groups: list[OfSize]) -> int:
    return sum(group.submitted for group in groups)


def inside(proposal: Proposal) -> Offer:
    """Open an envelope. Whoever calls this has checked who reads. Raises SealCannotOpen."""
    try:
        content = sealing.unseal(bytes(proposal.envelope), problem=proposal.problem_id, vendor=proposal.vendor_id)
    except sealing.SealBroken as error:
        raise SealCannotOpen from error
    return Offer.of(content)


def _move(proposal: Proposal, target: Stage, **changes: Any) -> None:
    """Take one step in time, or raise and change nothing: the guard and the clock are this one UPDATE."""
    rows = Proposal.objects.in_time().filter(pk=proposal.pk, stage__in=target.sources, version=proposal.version)
    won = rows.update(stage=target, **changes)
    proposal.refresh_from_db()
    if not won:
        words = {"stage": Stage(proposal.stage).label, "target": target.label}
        raise _why(
            proposal, target.sources, _now("Hồ sơ đang ở bước “%(stage)s”, không thể chuyển sang “%(target)s”.") % words
        )


def _why(proposal: Proposal, stages: list[Stage], sentence: str) -> NotOpen | WrongStep | ProposalChanged:
    """Return why an UPDATE met no row."""
    if not Proposal.objects.in_time().filter(pk=proposal.pk).exists():
        return NotOpen()
    return ProposalChanged() if proposal.stage in stages else WrongStep(sentence)


def _keep_shut(problem_id: int) -> None:
    """Let nobody open the envelopes of a problem before this transaction is over.

    A proposal that was in time could be committed after the opening has counted, and be lost. Who hands in shares this
    lock with others who do; the opening waits for all of them. SQLite lets one transaction write at a time.
    """
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(Problem._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR KEY SHARE", [problem_id])  # noqa: S608 (our own name)
