"""Every state, every action, every person: who may do what stands in one table, and the code keeps to it."""

import itertools

import pytest
from django.db import transaction

from catalogue.accounts.models import User
from catalogue.common.errors import DomainError
from catalogue.organisations.models import Role
from catalogue.register.models import Entry
from catalogue.vetting import services
from catalogue.vetting.models import Step, Submission
from catalogue.vetting.states import MOVES, Action, Actor, State
from tests.support.roles import everyone
from tests.support.vetting import NOW, act, handed_in, product, proposed, reviewer, rules, vetted

pytestmark = pytest.mark.django_db
PEOPLE = ("stranger", "other_vendor", "viewer", "editor", "owner", "agency", "operator", "holder", "second", "partial")
BY_A_PERSON = [action for action in Action if MOVES[action].actor is not Actor.CLOCK]


@pytest.fixture
def cast():
    """Everybody; two reviewers, of whom one holds the submission; and one who works for a vendor besides."""
    rules()
    people = everyone()
    by: dict[str, User] = {name: people[name] for name in PEOPLE if name in people.users}
    by |= {name: reviewer(name) for name in ("holder", "second", "partial")}
    by["partial"].memberships.create(organisation=people.other, role=Role.VIEWER)
    return people, by


def in_state(state: State, people, by) -> Submission:
    """Bring a submission into a state by nothing but legal steps."""
    first, second = by["holder"], by["second"]
    if state == State.DRAFT:
        return services.begin(product(people), by=people["editor"], now=NOW)
    if state in (State.VETTED, State.SUSPENDED, State.REVOKED, State.EXPIRED, State.REPLACED):
        submission = vetted(people, first, second)
        if state == State.SUSPENDED:
            act(submission, Action.SUSPEND, second)
        elif state == State.REVOKED:
            act(submission, Action.REVOKE, second)
        elif state == State.EXPIRED:
            services.expire(submission, now=NOW)
        elif state == State.REPLACED:
            vetted(people, first, second, submission.platform)
            submission.refresh_from_db()
        return submission
    submission = handed_in(people)
    if state == State.WITHDRAWN:
        services.withdraw(submission, by=people["editor"], now=NOW)
    elif state == State.IN_REVIEW:
        services.take(submission, by=first, now=NOW)
    elif state in (State.CLARIFICATION, State.LAPSED):
        services.take(submission, by=first, now=NOW)
        act(submission, Action.ASK, first)
        if state == State.LAPSED:
            services.lapse(submission, now=NOW)
    elif state == State.TO_DECIDE:
        proposed(submission, first)
    elif state == State.REJECTED:
        proposed(submission, first, missed=("source",))
        act(submission, Action.REJECT, second)
    return submission


def may(name: str, action: Action, state: State) -> bool:
    """The rule, said a second time, by name."""
    actor = MOVES[action].actor
    holds = state not in (State.DRAFT, State.SUBMITTED, State.WITHDRAWN)
    allowed = {
        Actor.VENDOR: {"editor", "owner"},
        Actor.REVIEWER: {"holder", "second"},
        Actor.HOLDER: {"holder"} if holds else set(),
        Actor.SECOND: {"second"} if holds else {"holder", "second"},
        Actor.OPERATOR: {"operator"},
    }
    return name in allowed[actor]


@pytest.mark.parametrize("state", State)
def test_each_action_is_taken_where_the_table_says_and_by_nobody_else(state, cast):
    people, by = cast
    submission = in_state(state, people, by)
    assert submission.state == state
    wrong = []
    for action, name in itertools.product(BY_A_PERSON, PEOPLE):
        before = (Step.objects.count(), Entry.objects.count())
        with transaction.atomic():
            tried = Submission.objects.get(pk=submission.pk)
            if action == Action.PROPOSE and state == State.IN_REVIEW:
                tried.answers.update(verdict="not_applicable", note="Không liên quan.")
                one = tried.answers.first()
                assert one is not None
                type(one).objects.filter(pk=one.pk).update(
                    verdict="met", concluded_on=NOW.date(), holds_until=NOW.date().replace(year=2027)
                )
            try:
                act(tried, action, by[name])
                done = tried.state == MOVES[action].target
            except DomainError:
                done = False
                unchanged = (Step.objects.count(), Entry.objects.count()) == before
                if not unchanged or Submission.objects.get(pk=submission.pk).state != state:
                    wrong.append(f"{name}: {action} was refused in {state} and left something behind")
            transaction.set_rollback(True)
        expected = state in MOVES[action].sources and may(name, action, state)
        if done != expected:
            wrong.append(f"{name}: {action} in {state} {'went through' if done else 'was refused'}")

    assert wrong == []


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", [action for action in Action if MOVES[action].actor is Actor.CLOCK])
def test_what_a_time_ends_only_the_time_ends(state, action, cast):
    people, by = cast
    submission = in_state(state, people, by)

    with pytest.raises(DomainError):
        services._move(submission, action, by=people["operator"], now=NOW)
    if state in MOVES[action].sources:
        services._move(submission, action, by=None, now=NOW)
        assert submission.state == MOVES[action].target
    else:
        with pytest.raises(DomainError):
            services._move(submission, action, by=None, now=NOW)
        assert Submission.objects.get(pk=submission.pk).state == state


def test_every_state_is_reached_and_every_end_is_an_end():
    reached = {State.DRAFT} | {move.target for move in MOVES.values()}
    assert reached == set(State)
    ends = set(State) - {source for move in MOVES.values() for source in move.sources}
    assert ends == {State.REJECTED, State.WITHDRAWN, State.LAPSED, State.EXPIRED, State.REPLACED, State.REVOKED}
