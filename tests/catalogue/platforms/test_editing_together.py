"""Eight people in one product at the same moment, on PostgreSQL: SQLite lets one transaction write at a time."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from catalogue.common.errors import DomainError
from catalogue.platforms import editing
from catalogue.platforms.content import STEPS
from catalogue.platforms.models import Platform
from catalogue.platforms.revisions import Revision, RevisionState
from tests.catalogue.platforms.test_editing import NOW, SOLVES, write
from tests.support.factories import LeafFactory, PlatformFactory, UserFactory, VendorFactory

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


@pytest.fixture(autouse=True)
def on_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time")


def together(work: Callable[[int], Any]) -> list[Any]:
    """Do the work once in each of eight threads, all let go at once; return what each gave or was refused with."""
    gate = threading.Barrier(THREADS)
    answers: list[Any] = [None] * THREADS

    def run(n: int) -> None:
        gate.wait(10)
        try:
            answers[n] = work(n)
        except DomainError as refusal:
            answers[n] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


@pytest.fixture
def people():
    return [UserFactory() for _n in range(THREADS)]


@pytest.fixture
def draft(people):
    LeafFactory(key="online-meetings")
    return editing.start(VendorFactory(), name="Họp", category="online-meetings", by=people[0], now=NOW)


def test_of_eight_who_save_one_step_one_wins_and_seven_are_told_and_no_text_is_lost(draft, people):
    texts = [f"Câu của người thứ {n}." for n in range(THREADS)]

    answers = together(
        lambda n: editing.edit(draft, step="summary", values={"summary": texts[n]}, version=1, by=people[n], now=NOW)
    )

    kinds = Counter(type(answer) for answer in answers)
    assert kinds == {Revision: 1, editing.EditConflict: THREADS - 1}
    winner = next(n for n, answer in enumerate(answers) if isinstance(answer, Revision))
    saved = Revision.objects.get()
    assert (saved.content["summary"], saved.version, saved.edited_by) == (texts[winner], 2, people[winner])
    for n, answer in enumerate(answers):
        if n != winner:
            assert answer.yours == {"summary": texts[n]}
            assert answer.theirs == {"summary": texts[winner]}


def test_eight_who_save_eight_steps_all_win(draft, people):
    values: dict[str, dict[str, Any]] = {
        "summary": {"summary": "Tóm tắt"}, "description": {"description": "Mô tả"}, "solves": {"solves": SOLVES},
        "capabilities": {"capabilities": ["A"]}, "customers": {"status": "active"}, "prices": {"pricing_model": "quote"},
        "deployment": {"deployment": ["saas"]}, "connections": {"connections": ["lgsp"]},
    }  # fmt: skip
    steps = list(values)

    answers = together(
        lambda n: editing.edit(draft, step=steps[n], values=values[steps[n]], version=1, by=people[n], now=NOW)
    )

    assert all(isinstance(answer, Revision) for answer in answers), answers
    saved = Revision.objects.get()
    assert saved.version == 1 + THREADS
    assert all(saved.content[field] == value for step in steps for field, value in values[step].items())
    assert set(saved.saved) == set(steps) <= set(STEPS)


def test_eight_who_begin_a_revision_get_the_same_one(people):
    platform = PlatformFactory()

    answers = together(lambda n: editing.revise(platform, by=people[n], now=NOW))

    assert {answer.pk for answer in answers} == {Revision.objects.get().pk}


def test_eight_who_begin_products_of_one_name_get_eight_addresses(people):
    LeafFactory(key="online-meetings")
    vendor = VendorFactory()

    answers = together(
        lambda n: editing.start(vendor, name="Họp Việt", category="online-meetings", by=people[n], now=NOW)
    )

    assert len({answer.platform.slug for answer in answers}) == THREADS


def test_of_eight_who_hand_in_and_eight_who_decide_one_each_wins(draft, people):
    whole = write(draft, people[0])
    handed_in = together(lambda n: editing.submit(Revision.objects.get(pk=whole.pk), by=people[n], now=NOW))
    assert sum(isinstance(answer, Revision) for answer in handed_in) == 1

    decided = together(
        lambda n: (
            editing.publish(Revision.objects.get(pk=whole.pk), by=people[n], now=NOW)
            if n % 2
            else editing.return_(Revision.objects.get(pk=whole.pk), reason="Thiếu giá.", by=people[n], now=NOW)
        )
    )

    assert sum(isinstance(answer, Revision) for answer in decided) == 1
    state = Revision.objects.get().state
    assert Platform.objects.listed().exists() == (state == RevisionState.PUBLISHED)
