"""Eight decisions at the same moment, on PostgreSQL: SQLite lets one transaction write at a time."""

import random
import time

import pytest
from django.db import connection, transaction

from catalogue.common.errors import DomainError
from catalogue.register import chain, keys
from catalogue.register.models import Entry, Head
from catalogue.register.verifying import verify
from tests.catalogue.platforms.test_editing_together import THREADS, together
from tests.support.factories import entered

pytestmark = pytest.mark.django_db(transaction=True)
EACH = 25


@pytest.fixture(autouse=True)
def on_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time")


class Undone(DomainError):
    """A decision that fails after it was entered."""


def test_eight_who_decide_at_once_leave_a_chain_without_a_gap():
    undone = 0

    def decide(n: int) -> int:
        failed = 0
        dice = random.Random(n)  # noqa: S311
        for turn in range(EACH):
            try:
                with transaction.atomic():
                    entry = entered("suspended", f"p-{n}", turn=turn)
                    time.sleep(dice.random() / 500)
                    if dice.random() < 0.2:
                        failed += 1
                        raise Undone
                    assert Head.objects.get().number == entry.number
            except Undone:
                pass
        return failed

    answers = together(decide)

    undone = sum(answers)
    rows = list(chain.entry_rows())
    assert undone
    assert [row["number"] for row in rows] == list(range(1, THREADS * EACH - undone + 1))
    assert verify(rows, keys=keys.trusted(), head=Head.objects.values("number", "hash").get()) == []
    for n in range(THREADS):
        turns = [row["facts"]["turn"] for row in rows if row["platform"] == f"p-{n}"]
        assert turns == sorted(turns)


def test_what_is_read_while_others_append_is_whole():
    def work(n: int) -> list[chain.Fault]:
        found = []
        for _turn in range(EACH):
            if n < 4:
                entered("suspended", f"p-{n}")
            else:
                entries, marks, head = chain.reading()
                found += verify(entries, keys=keys.trusted(), checkpoints=marks, head=head)
        return found

    answers = together(work)

    assert answers == [[]] * THREADS
    assert Entry.objects.count() == 4 * EACH
