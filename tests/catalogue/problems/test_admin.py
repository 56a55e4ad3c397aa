"""Operators enter what agencies sent, and every step asks first, takes its reason and is logged."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils import timezone

from catalogue.problems import writing
from catalogue.problems.errors import EditConflict
from catalogue.problems.models import Problem
from catalogue.problems.states import State
from tests.support.factories import AgencyFactory, LeafFactory, ProblemFactory, UserFactory, VendorFactory

pytestmark = pytest.mark.django_db
LIST = "/quan-tri/catalogue/problem/"
REASON = {"reason": "Vì mất mạng thì không dùng được."}


@pytest.fixture
def operator(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def act(client, action, problem, **values):
    return client.post(LIST, {"action": action, "_selected_action": [problem.pk], **values}, follow=True)


def test_a_problem_that_came_by_letter_is_entered_as_a_draft(operator):
    agency, leaf = AgencyFactory(), LeafFactory()

    operator.post(
        f"{LIST}add/",
        {"agency": agency.pk, "route": "ministry", "title": "Họp không giấy", "today": "In nhiều.", "affected": "42",
         "outcome": "Không in.", "categories": [leaf.pk], "state": "published"},
    )  # fmt: skip

    problem = Problem.objects.get()
    assert (problem.state, problem.agency, problem.categories.get()) == (State.DRAFT, agency, leaf)


@pytest.mark.parametrize("field", ["agency", "categories"])
def test_only_agencies_and_leaves_can_be_named(operator, field):
    sent = {"agency": AgencyFactory().pk, "route": "ministry", "title": "Họp", "categories": [LeafFactory().pk]}
    wrong = {"agency": VendorFactory().pk, "categories": [LeafFactory().parent.pk]}[field]

    operator.post(f"{LIST}add/", {**sent, field: wrong})

    assert not Problem.objects.exists()


def test_publishing_asks_first_and_for_the_closing_time(operator):
    problem = ProblemFactory(draft=True)
    day = timezone.localdate() + timedelta(days=30)

    asked = act(operator, "publish", problem)
    without = act(operator, "publish", problem, confirmed="yes")
    problem.refresh_from_db()
    assert "Đăng công khai?" in asked.content.decode()
    assert "errorlist" in without.content.decode()
    assert problem.state == State.DRAFT

    act(operator, "publish", problem, confirmed="yes", closes_at_0=day.isoformat(), closes_at_1="17:00")

    problem.refresh_from_db()
    assert problem.state == State.PUBLISHED
    assert timezone.localtime(problem.closes_at).strftime("%Y-%m-%d %H:%M") == f"{day.isoformat()} 17:00"
    assert LogEntry.objects.get(object_id=str(problem.pk)).change_message.startswith("Đăng công khai")


@pytest.mark.parametrize(
    ("action", "traits", "values", "state"),
    [
        ("close", {"over": True}, {}, State.CLOSED),
        ("end", {"closed": True}, {"ending": "trial", **REASON}, State.ENDED),
        ("end", {"over": True}, {"ending": "awarded", **REASON}, State.ENDED),
        ("withdraw", {}, REASON, State.WITHDRAWN),
    ],
)
def test_each_step_is_taken_once_confirmed_and_logged(operator, action, traits, values, state):
    problem = ProblemFactory(**traits)

    act(operator, action, problem, **values)
    problem.refresh_from_db()
    assert problem.state != state, "nothing happens before it is confirmed"
    act(operator, action, problem, confirmed="yes", **values)

    problem.refresh_from_db()
    assert problem.state == state
    assert LogEntry.objects.filter(object_id=str(problem.pk)).count() == 1


@pytest.mark.parametrize(("action", "values"), [("end", {"ending": "trial"}), ("withdraw", {}), ("end", REASON)])
def test_without_a_reason_or_an_outcome_nothing_happens(operator, action, values):
    problem = ProblemFactory(**({"closed": True} if action == "end" else {}))
    before = problem.state

    answer = act(operator, action, problem, confirmed="yes", **values)

    problem.refresh_from_db()
    assert problem.state == before
    assert "errorlist" in answer.content.decode()


def test_a_step_that_is_refused_says_why_and_the_others_are_done(operator):
    open_one, over = ProblemFactory(title="Còn hạn"), ProblemFactory(title="Quá hạn", over=True)

    answer = operator.post(
        LIST, {"action": "close", "_selected_action": [open_one.pk, over.pk], "confirmed": "yes"}, follow=True
    )

    assert "Còn hạn: Bài toán chưa hết hạn trả lời." in answer.content.decode()
    assert set(Problem.objects.values_list("state", flat=True)) == {State.PUBLISHED, State.CLOSED}
    assert LogEntry.objects.get().object_repr == "Quá hạn"


def test_what_is_public_is_neither_edited_nor_deleted(operator):
    problem = ProblemFactory(title="Tên cũ")

    operator.post(f"{LIST}{problem.pk}/change/", {"title": "Tên mới"})
    refused = operator.post(f"{LIST}{problem.pk}/delete/", {"post": "yes"})
    page = operator.get(LIST).content.decode()

    assert Problem.objects.get().title == "Tên cũ"
    assert refused.status_code == 403
    assert "delete_selected" not in page


def test_a_draft_can_be_deleted(operator):
    problem = ProblemFactory(draft=True)

    operator.post(f"{LIST}{problem.pk}/delete/", {"post": "yes"})

    assert not Problem.objects.exists()


def test_who_may_only_look_cannot_act(client):
    reader, problem = UserFactory(is_staff=True), ProblemFactory()
    reader.user_permissions.add(Permission.objects.get(codename="view_problem"))
    client.force_login(reader)

    act(client, "withdraw", problem, confirmed="yes", **REASON)

    assert Problem.objects.get().state == State.PUBLISHED


@pytest.mark.parametrize("user", [None, {}, {"is_staff": True}])
def test_it_is_for_operators(client, user):
    if user is not None:
        client.force_login(UserFactory(**user))

    assert client.get(LIST).status_code in (302, 403)


class TestTwoAtOnce:
    """An operator and an officer of the agency in one draft."""

    def sent(self, problem, **changes):
        return {
            "agency": problem.agency_id, "route": problem.route, "title": problem.title, "today": problem.today,
            "affected": problem.affected, "outcome": problem.outcome,
            "categories": list(problem.categories.values_list("pk", flat=True)), "seen": problem.version, **changes,
        }  # fmt: skip

    def test_an_operator_does_not_write_over_what_the_agency_saved_meanwhile(self, operator):
        problem, officer = ProblemFactory(draft=True), UserFactory()
        page = operator.get(f"{LIST}{problem.pk}/change/").text
        assert f'name="seen" value="{problem.version}"' in page
        writing.edit(problem, step="today", values={"today": "Bản của cơ quan."}, version=1, by=officer)

        answer = operator.post(f"{LIST}{problem.pk}/change/", self.sent(problem, today="Bản của người vận hành."))

        problem.refresh_from_db()
        assert problem.today == "Bản của cơ quan."
        assert "Người khác vừa lưu bài toán này" in answer.text
        assert "Bản của người vận hành." in answer.text, "what was typed stays"

    def test_the_agency_is_told_of_what_an_operator_saved_meanwhile(self, operator):
        problem, officer = ProblemFactory(draft=True), UserFactory()

        operator.post(f"{LIST}{problem.pk}/change/", self.sent(problem, today="Bản của người vận hành."))

        with pytest.raises(EditConflict) as refused:
            writing.edit(problem, step="today", values={"today": "Bản của cơ quan."}, version=1, by=officer)
        assert refused.value.theirs["today"] == "Bản của người vận hành."
        assert writing.edit(problem, step="outcome", values={"outcome": "Khác."}, version=1, by=officer).version == 3
