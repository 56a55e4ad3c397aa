"""Eight people of an agency, or of the ministry, at one problem in the same moment, on PostgreSQL."""

from collections import Counter

import pytest
from django.utils import timezone

from catalogue.audit.models import Event
from catalogue.notifications.models import Notice
from catalogue.problems import services, writing
from catalogue.problems.content import STEPS
from catalogue.problems.errors import EditConflict, IllegalMove, NotWritable, Outdated
from catalogue.problems.models import Problem
from catalogue.problems.returns import Return
from catalogue.problems.states import Route, State
from tests.catalogue.platforms.test_editing_together import THREADS, on_postgresql, together
from tests.catalogue.problems.test_posting import moderator, whole
from tests.support.factories import UserFactory
from tests.support.roles import everyone

__all__ = ["on_postgresql"]  # a fixture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officers():
    return [UserFactory() for _n in range(THREADS)]


def lines(*actions):
    return list(Event.objects.filter(action__in=actions).order_by("at", "pk").values_list("action", flat=True))


def kinds(answers):
    return Counter(type(answer) for answer in answers)


def mine(problem):
    """Return the problem as a request of its own reads it."""
    return Problem.objects.get(pk=problem.pk)


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize(("route", "state"), [(Route.DIRECT, State.PUBLISHED), (Route.MINISTRY, State.MODERATION)])
def test_of_eight_who_send_one_draft_in_one_does(officers, route, state, version):
    ministry, problem = moderator(), whole(everyone(), route=route)
    announced = []
    services.moved.connect(lambda sender, **told: announced.append(told["state"]), weak=False, dispatch_uid="a test")

    answers = together(lambda n: writing.send_in(mine(problem), version=version, by=officers[n], now=timezone.now()))
    services.moved.disconnect(dispatch_uid="a test")

    assert kinds(answers) == {Problem: 1, IllegalMove: THREADS - 1}
    problem.refresh_from_db()
    assert problem.state == state
    assert lines("problem.sent_in") == ["problem.sent_in"]
    winner = next(n for n, answer in enumerate(answers) if isinstance(answer, Problem))
    assert Event.objects.get(action="problem.sent_in").by == str(officers[winner].pk)
    assert announced == [state]
    waits = Notice.objects.filter(kind="problem_to_moderate", user=ministry).count()
    assert waits == (1 if route == Route.MINISTRY else 0)


def test_of_eight_who_decide_at_the_ministry_one_does(officers):
    """Half of them publish, half of them return it."""
    people, ministry = everyone(), moderator()
    problem = whole(people, route=Route.MINISTRY)
    writing.send_in(problem, version=0, by=people["agency"], now=timezone.now())

    def decide(n):
        if n % 2:
            services.return_to_agency(mine(problem), reason=f"Lý do {n}.", by=ministry, now=timezone.now())
        else:
            services.publish_for_agency(mine(problem), by=ministry, now=timezone.now())

    answers = together(decide)

    assert kinds(answers) == {type(None): 1, IllegalMove: THREADS - 1}
    problem.refresh_from_db()
    assert lines("problem.moderated") == ["problem.moderated"]
    assert Notice.objects.filter(kind="problem_news", user=people["agency"]).count() == 1
    returned = list(Return.objects.values_list("reason", flat=True))
    assert returned == ([] if problem.state == State.PUBLISHED else [f"Lý do {answers.index(None)}."])


def test_it_is_taken_back_or_published_never_both(officers):
    people, ministry = everyone(), moderator()
    problem = whole(people, route=Route.MINISTRY)
    writing.send_in(problem, version=0, by=people["agency"], now=timezone.now())

    def pull(n):
        if n % 2:
            writing.take_back(mine(problem), by=officers[n], now=timezone.now())
        else:
            services.publish_for_agency(mine(problem), by=ministry, now=timezone.now())

    answers = together(pull)

    assert kinds(answers) == {type(None): 1, IllegalMove: THREADS - 1}
    problem.refresh_from_db()
    told = lines("problem.moderated", "problem.taken_back")
    assert told == (["problem.moderated"] if problem.state == State.PUBLISHED else ["problem.taken_back"])


def test_of_eight_who_save_one_step_one_wins_and_seven_get_both_texts(officers):
    problem, texts = whole(everyone()), [f"Câu của cán bộ {n}." for n in range(THREADS)]

    answers = together(
        lambda n: writing.edit(mine(problem), step="today", values={"today": texts[n]}, version=1, by=officers[n])
    )

    assert kinds(answers) == {Problem: 1, EditConflict: THREADS - 1}
    winner = next(n for n, answer in enumerate(answers) if isinstance(answer, Problem))
    problem.refresh_from_db()
    assert (problem.today, problem.version, problem.edited_by) == (texts[winner], 2, officers[winner])
    for n, answer in enumerate(answers):
        if n != winner:
            assert (answer.yours["today"], answer.theirs["today"]) == (texts[n], texts[winner])


def test_eight_who_save_eight_steps_all_win(officers):
    problem = whole(everyone())
    values = {
        "need": {"title": "Tên mới"}, "today": {"today": "Nay."}, "affected": {"affected": "Mười người."},
        "outcome": {"outcome": "Xong."}, "requirements": {"must": ["Một.", "Hai."], "nice": ["Ba."]},
        "money": {"budget_max": 9_000_000}, "dates": {"duration_months": 12}, "reuse": {"not_reuse": "Không có."},
    }  # fmt: skip
    assert len(values) == THREADS
    assert set(values) < set(STEPS)
    steps = list(values)

    answers = together(
        lambda n: writing.edit(mine(problem), step=steps[n], values=values[steps[n]], version=1, by=officers[n])
    )

    assert kinds(answers) == {Problem: THREADS}
    problem.refresh_from_db()
    assert problem.version == 1 + THREADS
    assert (problem.title, problem.today, problem.budget_max) == ("Tên mới", "Nay.", 9_000_000)
    assert [one.text for one in problem.requirements.all()] == ["Một.", "Hai.", "Ba."]


def test_what_is_saved_while_another_sends_in_is_sent_or_refused_and_never_lost(officers):
    """Who sends in names the version that was read: what was not read is not published."""
    problem = whole(everyone(), route=Route.DIRECT)

    def work(n):
        if n == 0:
            return writing.send_in(mine(problem), version=1, by=officers[n], now=timezone.now())
        return writing.edit(
            mine(problem), step="today", values={"today": f"Câu của cán bộ {n}."}, version=1, by=officers[n]
        )

    sent, *saved = together(work)

    problem.refresh_from_db()
    if isinstance(sent, Problem):
        assert kinds(saved) == {NotWritable: THREADS - 1}
        assert (problem.state, problem.version) == (State.PUBLISHED, 1)
    else:
        assert isinstance(sent, Outdated)
        assert kinds(saved) == {Problem: 1, EditConflict: THREADS - 2}
        assert (problem.state, problem.version) == (State.DRAFT, 2)
        assert lines("problem.sent_in") == []
