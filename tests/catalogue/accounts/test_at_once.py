"""Two things at the same moment, on a database where that can happen."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from catalogue.accounts import deletion
from catalogue.accounts.models import User
from catalogue.accounts.tokens import MOST, ApiToken, Scope, TooManyTokens
from tests.support.factories import confirmed

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


@pytest.fixture(autouse=True)
def on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one writer in at a time; `make test` runs this on PostgreSQL too")


def together(*jobs: Callable[[], object]) -> list[object]:
    """Run all at once and return what each gave, or the error it met."""
    start, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(at: int, job: Callable[[], object]) -> None:
        start.wait()
        try:
            results[at] = job()
        except Exception as error:  # noqa: BLE001 (the test looks at it)
            results[at] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at, job)) for at, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def test_nobody_gets_more_tokens_by_asking_eight_times_at_once():
    person, now = confirmed(), timezone.now()
    for at in range(MOST - 1):
        ApiToken.objects.create(
            user=person, name="x", digest=str(at), created_at=now, expires_at=now + timedelta(days=1)
        )

    def ask() -> str:
        with transaction.atomic():
            return ApiToken.objects.issue(person, name="x", scope=Scope.READ, days=30, now=now)

    results = together(*[ask] * AT_ONCE)

    assert sum(isinstance(result, str) for result in results) == 1
    assert sum(isinstance(result, TooManyTokens) for result in results) == AT_ONCE - 1


def test_a_sign_in_and_the_erasing_at_the_same_moment_leave_an_account_whole_or_gone():
    for _ in range(10):
        person, now = confirmed(), timezone.now()
        User.objects.filter(pk=person.pk).update(deletion_asked_at=now - timedelta(days=30))

        kept, _count = together(lambda: deletion.take_back(person), lambda: deletion.erase_due(now=now))  # noqa: B023

        person.refresh_from_db()
        if kept:
            assert (person.erased_at, person.deletion_asked_at) == (None, None)
            assert person.is_active
        else:
            assert person.erased_at is not None
            assert not person.is_active


def test_asked_for_eight_times_at_once_the_deletion_is_told_once(mailoutbox):
    person, now = confirmed(), timezone.now()

    together(*[lambda: deletion.ask_deletion(User.objects.get(pk=person.pk), now=now)] * AT_ONCE)

    assert [message.subject for message in mailoutbox] == ["Tài khoản đã đóng, dữ liệu sẽ bị xóa"]
