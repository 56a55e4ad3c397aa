"""A problem with two requirements, two firms with a product each, and an agency with people who evaluate."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from catalogue.accounts.models import User
from catalogue.organisations.models import Membership, Role
from catalogue.platforms.models import Platform
from catalogue.platforms.packages import Package
from catalogue.problems import judging, proposals
from catalogue.problems.judging import Given, Told
from catalogue.problems.models import Problem
from catalogue.problems.proposals import Proposal
from catalogue.problems.requirements import Requirement
from tests.support.factories import LeafFactory, PlatformFactory, ProblemFactory
from tests.support.roles import People, everyone, person

SECRET = "bí mật niêm phong"  # stands in every part of an offer that is text


@dataclass(frozen=True)
class Course:
    """`ours` is the product of people's vendor, `theirs` of the other one; judges belong to the agency."""

    people: People
    problem: Problem
    must: Requirement
    nice: Requirement
    ours: Platform
    theirs: Platform
    judges: tuple[User, User]

    @property
    def agency(self) -> User:
        return self.people["agency"]

    def offer(self, platform: Platform | None = None, **changes: Any) -> dict[str, Any]:
        """Return a whole offer: both requirements, one package."""
        return {
            "product": (platform or self.ours).slug,
            "replies": [
                {"requirement": self.must.pk, "answer": "yes", "evidence": f"Đã chạy ở 12 phường, {SECRET}."},
                {"requirement": self.nice.pk, "answer": "partly", "evidence": f"Có bản thử, {SECRET}."},
            ],
            "lines": [{"package": "Cơ bản", "quantity": 42, "periods": 12, "unit_price": 50_000}],
            "delivery": f"Hai tuần, {SECRET}.",
            "trial": f"Dùng thử ba tháng, {SECRET}.",
            **changes,
        }

    def handed_in(self, role: str = "editor", platform: Platform | None = None, **changes: Any) -> Proposal:
        """Return a proposal that was handed in by somebody of a vendor."""
        now, vendor = timezone.now(), self.people.vendor if role != "other_vendor" else self.people.other
        platform = platform or (self.ours if vendor == self.people.vendor else self.theirs)
        by = self.people[role]
        made = proposals.save(
            self.problem, vendor=vendor, content=self.offer(platform, **changes), version=0, by=by, now=now
        )
        proposals.submit(made, by=by, now=now)
        return made

    def over(self) -> None:
        """Let the closing time pass."""
        now = timezone.now()
        Problem.objects.filter(pk=self.problem.pk).update(
            posted_at=now - datetime.timedelta(days=2), closes_at=now - datetime.timedelta(seconds=1)
        )
        self.problem.refresh_from_db()

    def opened(self, *, blind: bool = False) -> None:
        """Let the time pass, and open what was handed in before two who have no conflict."""
        self.over()
        judging.convene(self.problem, users=self.judges, blind=blind, by=self.agency, now=timezone.now())
        judging.open_(self.problem, by=self.agency, now=timezone.now())
        for judge in self.judges:
            judging.declare(self.problem, conflict=False, by=judge, now=timezone.now())

    def letter(self, proposal: Proposal) -> str:
        return next(one.letter for one in judging.opened(self.problem, by=self.judges[0]) if one.proposal == proposal)

    def given(self, points: dict[str, int]) -> list[Given]:
        """Return points for everything: as many for each aspect as its letter gets."""
        return [
            Given(letter, aspect, n, "Xem bằng chứng.", requirement)
            for letter, n in points.items()
            for aspect, requirement in (
                ("fit", self.must.pk), ("fit", self.nice.pk), ("price", None), ("delivery", None),
            )
        ]  # fmt: skip

    def scored(self, points: dict[str, int]) -> None:
        """Let both score the same, and agree on it."""
        now = timezone.now()
        for judge in self.judges:
            judging.score(self.problem, given=self.given(points), by=judge, now=now)
            judging.finish(self.problem, by=judge, now=now)
        judging.agree(self.problem, given=self.given(points), by=self.judges[0], now=now)

    def told(self, *letters: str, code: str = "met") -> list[Told]:
        return [Told(letter, one.pk, code) for letter in letters for one in (self.must, self.nice)]


def course(**fields: Any) -> Course:
    people = everyone()
    leaf = LeafFactory(key="paperless-meetings")
    problem = ProblemFactory(agency=people.office, categories=[leaf], **fields)
    must = Requirement.objects.create(problem=problem, kind="must", text="Chạy được khi mất mạng.", position=1)
    nice = Requirement.objects.create(problem=problem, kind="nice", text="Có tiếng dân tộc.", position=2)
    ours = PlatformFactory(slug="hop-bac", name="Họp Bắc", vendor=people.vendor, category=leaf)
    theirs = PlatformFactory(slug="hop-nam", name="Họp Nam", vendor=people.other, category=leaf)
    for platform in (ours, theirs):
        Package.objects.create(platform=platform, name="Cơ bản", unit="user", period="month", price_min=60_000)
    judges = (person("cham-1@so-y-te.gov.vn"), person("cham-2@so-y-te.gov.vn"))
    for judge in judges:
        Membership.objects.create(user=judge, organisation=people.office, role=Role.VIEWER)
    return Course(people, problem, must, nice, ours, theirs, judges)
