"""Eight reviewers decide on one submission at the same moment, fifty times, on PostgreSQL."""

import pytest
from django.core.management import call_command
from django.db import connection

from catalogue.platforms.models import Platform
from catalogue.register.models import Entry
from catalogue.vetting import services
from catalogue.vetting.errors import IllegalMove
from catalogue.vetting.models import Step, Submission
from catalogue.vetting.states import Action, State
from tests.catalogue.platforms.test_editing_together import THREADS, on_postgresql, together
from tests.support.factories import LeafFactory
from tests.support.roles import everyone
from tests.support.vetting import NOW, handed_in, product, proposed, reviewer, rules

__all__ = ["on_postgresql"]  # a fixture

pytestmark = pytest.mark.django_db(transaction=True)
FILES = 50


def test_each_gets_one_decision_and_one_entry():
    rules()
    people, first = everyone(), reviewer("mot")
    leaf = LeafFactory(key="online-meetings")
    files = []
    for n in range(FILES):
        submission = handed_in(people, product(people, slug=f"san-pham-{n}", category=leaf))
        proposed(submission, first)
        files.append(submission)
    others = [reviewer(f"nguoi-{n}") for n in range(THREADS)]  # now, so that nobody has to be told of fifty files

    def decide(submission: Submission, n: int) -> State:
        mine = Submission.objects.select_related("platform__vendor").get(pk=submission.pk)
        if n % 2:
            services.accept(mine, by=others[n], now=NOW)
        else:
            services.reject(mine, reason="Thiếu giấy tờ.", by=others[n], now=NOW)
        return State(mine.state)

    for submission in files:
        answers = together(lambda n, one=submission: decide(one, n))
        won = [answer for answer in answers if isinstance(answer, State)]
        assert len(won) == 1, answers
        assert sum(isinstance(answer, IllegalMove) for answer in answers) == THREADS - 1, answers
        submission.refresh_from_db()
        assert submission.state == won[0]
        assert Entry.objects.filter(platform=submission.platform.slug).count() == 1
        decided = Step.objects.filter(submission=submission, action__in=[Action.ACCEPT, Action.REJECT])
        assert decided.count() == 1
        platform = Platform.objects.get(pk=submission.platform_id)
        assert (platform.assurance == "vetted") == (submission.state == State.VETTED)

    assert Entry.objects.count() == FILES
    call_command("verify_register")  # raises where a fault is found
    assert connection.vendor == "postgresql"
