"""Each step of a problem: what it takes, what it does, and that it happens once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from catalogue.problems import services
from catalogue.problems.errors import ClosingTimePast, IllegalMove, ProblemIncomplete, ReasonMissing, StillOpen
from catalogue.problems.models import Problem
from catalogue.problems.states import MOVES, Ending, State
from tests.support.factories import PlatformFactory, ProblemFactory, UserFactory, VendorFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
LATER = NOW + timedelta(days=20)
TRAITS = {
    State.DRAFT: {"draft": True},
    State.PUBLISHED: {},
    State.CLOSED: {"closed": True},
    State.ENDED: {"ended": True},
    State.WITHDRAWN: {"withdrawn": True},
    State.MODERATION: {"moderation": True},
    State.RETURNED: {"returned": True},
}


def publish(problem):
    services.publish(problem, closes_at=timezone.now() + timedelta(days=9), now=timezone.now())


def close(problem):
    services.close(problem, now=timezone.now())


def end(problem):
    services.end(problem, ending=Ending.TRIAL, reason="Dùng thử ba tháng.", now=timezone.now())


def withdraw(problem):
    services.withdraw(problem, reason="Nhầm.", now=timezone.now())


def hand_in(problem):
    services.hand_to_ministry(problem, now=timezone.now())


def return_it(problem):
    services.return_to_agency(problem, reason="Chưa nêu con số.", by=UserFactory(), now=timezone.now())


def take_back(problem):
    services.take_back(problem, now=timezone.now())


STEPS = {
    State.DRAFT: take_back,
    State.MODERATION: hand_in,
    State.RETURNED: return_it,
    State.PUBLISHED: publish,
    State.CLOSED: close,
    State.ENDED: end,
    State.WITHDRAWN: withdraw,
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("target", STEPS)
def test_a_step_from_elsewhere_is_refused_and_changes_nothing(state, target):
    if target in MOVES[state]:
        pytest.skip("a legal move")
    problem = ProblemFactory(**TRAITS[state])
    before = Problem.objects.filter(pk=problem.pk).values().get()

    with pytest.raises((IllegalMove, StillOpen, ClosingTimePast)):
        STEPS[target](problem)

    assert Problem.objects.filter(pk=problem.pk).values().get() == before


def test_the_whole_course(django_capture_on_commit_callbacks):
    heard = []
    services.moved.connect(listen := lambda sender, problem_id, state, **kwargs: heard.append((problem_id, state)))
    problem = ProblemFactory(draft=True)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            services.publish(problem, closes_at=LATER, now=NOW)
            services.close(problem, now=LATER)
            services.end(problem, ending=Ending.AWARDED, reason="Đủ mọi yêu cầu.", now=LATER)
    finally:
        services.moved.disconnect(listen)

    problem.refresh_from_db()
    assert (problem.state, problem.posted_at, problem.closed_at, problem.ended_at) == (State.ENDED, NOW, LATER, LATER)
    assert (problem.ending, problem.reason) == (Ending.AWARDED, "Đủ mọi yêu cầu.")
    assert heard == [(problem.pk, state) for state in (State.PUBLISHED, State.CLOSED, State.ENDED)]


class TestPublishing:
    @pytest.mark.parametrize("field", ["today", "affected", "outcome"])
    def test_what_firms_must_know_has_to_be_there(self, field):
        problem = ProblemFactory(draft=True, **{field: "  "})

        with pytest.raises(ProblemIncomplete, match=str(Problem._meta.get_field(field).verbose_name)):
            publish(problem)

    def test_it_stands_in_a_category(self):
        with pytest.raises(ProblemIncomplete, match="nhóm nhu cầu"):
            publish(ProblemFactory(draft=True, categories=[]))

    def test_it_is_an_agency_s(self):
        with pytest.raises(ProblemIncomplete, match="cơ quan"):
            publish(ProblemFactory(draft=True, agency=VendorFactory()))

    @pytest.mark.parametrize("closes_at", [NOW, NOW - timedelta(seconds=1)])
    def test_the_closing_time_is_ahead(self, closes_at):
        with pytest.raises(ClosingTimePast):
            services.publish(ProblemFactory(draft=True), closes_at=closes_at, now=NOW)


class TestEnding:
    @pytest.mark.parametrize("reason", ["", "  \n"])
    def test_a_reason_is_always_told(self, reason):
        for step in (
            lambda: services.withdraw(ProblemFactory(), reason=reason, now=timezone.now()),
            lambda: services.end(
                ProblemFactory(closed=True), ending=Ending.CANCELLED, reason=reason, now=timezone.now()
            ),
        ):
            with pytest.raises(ReasonMissing):
                step()

    def test_an_open_one_cannot_be_ended_or_closed(self):
        for step in (end, close):
            with pytest.raises(StillOpen):
                step(ProblemFactory())

    def test_one_that_is_over_is_closed_on_the_way(self):
        problem = ProblemFactory(over=True)

        end(problem)

        assert problem.state == State.ENDED
        assert problem.closed_at is not None

    def test_one_that_is_over_cannot_be_withdrawn(self):
        with pytest.raises(IllegalMove, match="Hết hạn"):
            withdraw(ProblemFactory(over=True))


def test_of_two_who_decide_at_once_the_second_is_refused():
    problem = ProblemFactory(closed=True)
    mine, theirs = Problem.objects.get(pk=problem.pk), Problem.objects.get(pk=problem.pk)

    services.end(mine, ending=Ending.AWARDED, reason="Đạt.", now=timezone.now())
    with pytest.raises(IllegalMove):
        services.end(theirs, ending=Ending.CANCELLED, reason="Thôi.", now=timezone.now())

    problem.refresh_from_db()
    assert problem.ending == Ending.AWARDED
    assert theirs.state == State.ENDED, "who was refused sees how things stand"


@pytest.mark.django_db(transaction=True)
def test_of_many_who_decide_at_once_one_wins():
    from concurrent.futures import ThreadPoolExecutor

    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time")
    problem = ProblemFactory(closed=True)

    def decide(ending: Ending) -> bool:
        try:
            services.end(Problem.objects.get(pk=problem.pk), ending=ending, reason=ending.label, now=timezone.now())
        except IllegalMove:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(decide, [*Ending, *Ending]))

    problem.refresh_from_db()
    assert won.count(True) == 1
    assert problem.reason == Ending(problem.ending).label


def test_a_listing_that_repeats_a_published_problem_says_nothing_of_its_own():
    pasted = "Cán bộ một cửa của 84 xã nhập lại bằng tay mỗi hồ sơ vào hai phần mềm không nối với nhau."
    publish(ProblemFactory(draft=True, today=pasted))

    platform = PlatformFactory(solves=[pasted, "Người dân không biết hồ sơ của mình đang nằm ở đâu."])

    assert [passage.text for passage in platform.borrowed.all()] == [pasted]
