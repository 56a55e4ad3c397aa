"""Products on their way through vetting, with the criteria and the people that it takes."""

import datetime
from typing import Any

from django.contrib.auth.models import Group

from catalogue.accounts.models import User
from catalogue.accounts.policy import REVIEWERS
from catalogue.platforms.models import Platform
from catalogue.vetting import services
from catalogue.vetting.criteria import Criterion
from catalogue.vetting.models import Submission
from catalogue.vetting.service_levels import ServiceLevel
from catalogue.vetting.states import MOVES, Action, Proposal, State, Verdict
from tests.support.factories import CriteriaSetFactory, CriterionFactory, LeafFactory, PlatformFactory, with_factor
from tests.support.roles import People, person

NOW = datetime.datetime(2026, 11, 25, 2, tzinfo=datetime.UTC)  # a Wednesday, nine in the morning in Viet Nam
TODAY = datetime.date(2026, 11, 25)
STEPS = ("submitted", "in_review", "clarification", "to_decide", "challenge", "appeal")


def reviewer(name: str) -> User:
    user = person(f"{name}@bo.gov.vn", full_name=name)
    user.groups.add(Group.objects.get_or_create(name=REVIEWERS)[0])
    with_factor(user)
    return user


def rules() -> dict[str, Criterion]:
    """Make criteria and service levels: two that are mandatory, one that is not, ten working days for each step."""
    for step in STEPS:
        ServiceLevel.objects.get_or_create(
            step=step, defaults={"days": 10, "warn_days": 3, "reason": "Mẫu.", "reason_en": "Sample."}
        )
    general = CriteriaSetFactory()
    made = [
        CriterionFactory(criteria_set=general, key="identity", position=1, mandatory=True, lasts_months=24, fields=[]),
        CriterionFactory(
            criteria_set=general, key="source", position=2, mandatory=True, lasts_months=12,
            fields=["source_owner", "copyright_certificate"], level="document_seen",
        ),
        CriterionFactory(criteria_set=general, key="price", position=3, mandatory=False, lasts_months=6, fields=["packages"]),
    ]  # fmt: skip
    return {one.key: one for one in made}


def product(people: People, **fields: Any) -> Platform:
    """Return a listed product of the vendor that people's editor writes for."""
    leaf = fields.pop("category", None) or LeafFactory(key="online-meetings")
    return PlatformFactory(vendor=people.vendor, category=leaf, **fields)


def handed_in(people: People, platform: Platform | None = None, *, now: datetime.datetime = NOW) -> Submission:
    """Return a submission of what is public, in the queue."""
    submission = services.begin(platform or product(people), by=people["editor"], now=now)
    services.submit(submission, by=people["editor"], now=now)
    return submission


def examined(submission: Submission, by: User, *, missed: tuple[str, ...] = (), now: datetime.datetime = NOW) -> None:
    """Take it and conclude on every criterion; those of `missed` are not met."""
    if submission.state == State.SUBMITTED:
        services.take(submission, by=by, now=now)
    for one in submission.answers.all():
        verdict = Verdict.NOT_MET if one.criterion.key in missed else Verdict.MET
        services.conclude(one, verdict=verdict, note="Chưa có giấy tờ." if missed else "", by=by, now=now)


def proposed(submission: Submission, by: User, *, missed: tuple[str, ...] = (), now: datetime.datetime = NOW) -> None:
    """Examine it and hand it to a second person."""
    examined(submission, by, missed=missed, now=now)
    proposal = Proposal.REJECT if missed else Proposal.ACCEPT
    services.propose(submission, proposal=proposal, note="Đã xem đủ.", by=by, now=now)


def vetted(people: People, first: User, second: User, platform: Platform | None = None, *, now: datetime.datetime = NOW) -> Submission:  # fmt: skip
    """Return a submission that two people accepted."""
    submission = handed_in(people, platform, now=now)
    proposed(submission, first, now=now)
    services.accept(submission, by=second, now=now)
    return submission


def act(submission: Submission, action: Action, by: User | None, *, now: datetime.datetime = NOW) -> None:
    """Take one action as somebody, with whatever else it needs."""
    told: dict[str, Any] = {"by": by, "now": now}
    if MOVES[action].actor.name == "CLOCK":
        del told["by"]
    questions = {one.pk: "Giấy chứng nhận số nào?" for one in submission.answers.all()[:1]}
    asked = [one for answer in submission.answers.all() for one in answer.clarifications.filter(replied_at=None)]
    extra: dict[Action, dict[str, Any]] = {
        Action.ASK: {"questions": questions},
        Action.ANSWER: {"replies": {one.pk: services.Reply("Số 123/2024.") for one in asked}},
        Action.PROPOSE: {"proposal": Proposal.ACCEPT, "note": "Đã xem đủ."},
    }
    for needs_reason in ("give_back", "release", "send_back", "reject", "suspend", "reinstate", "revoke"):
        extra[Action(needs_reason)] = {"reason": "Lý do nêu rõ."}
    getattr(services, str(action))(submission, **told, **extra.get(action, {}))
