"""Killed between the mail server's taking a mail and the worker's commit: the worst moment there is."""

import os
import signal
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from catalogue.notifications.models import Notice
from catalogue.notifications.send import notify
from catalogue.notifications.states import State
from tests.own_servers import MailServer, Site, kill, until
from tests.support.factories import UserFactory

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("worker")]
DELIVER = (sys.executable, "manage.py", "deliver_notices")


@pytest.fixture
def mails():
    with MailServer() as server:
        yield server


@pytest.fixture
def site(mails, tmp_path):
    if not settings.REDIS_URL or connection.vendor != "postgresql":
        pytest.skip("this run is not on PostgreSQL and Redis; tests/on_services.py makes one that is")
    database = connection.settings_dict
    return Site(
        "tests.outage_settings",
        {
            "DATABASE_URL": f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
            "EMAIL_URL": mails.url,
            "OUTBOX_DIR": str(tmp_path / "outbox"),
        },
        tmp_path / "site.log",
    )


@pytest.fixture
def notice(site):
    return notify("mistake_reported", to=UserFactory(), platform="hopviet", name="HọpViệt", what="Giá")


def state(notice: Notice) -> str:
    return Notice.objects.values_list("state", flat=True).get(pk=notice.pk)


def test_a_worker_killed_before_the_answer_reached_it_sends_nothing_twice(site, mails, notice):
    mails.on_taken = lambda: kill(process)
    process = site.start(*DELIVER)
    process_ended = process.wait

    process_ended()
    assert mails.taken == 1
    assert state(notice) == State.SENDING, "the worker never learned of it"
    mails.on_taken = lambda: None

    def settled() -> bool:
        site.run(*DELIVER)
        return state(notice) == State.SENT

    until(settled, "the settling")
    assert mails.taken == 1


def test_with_its_postman_killed_too_the_mail_goes_again_under_the_same_message_id(site, mails, notice, tmp_path):
    """What is not promised: no process is left that could know. Mailboxes put two mails of one Message-ID together."""

    def kill_both() -> None:
        os.kill(_postman(tmp_path / "outbox"), signal.SIGKILL)
        kill(process)

    mails.on_taken = kill_both
    process = site.start(*DELIVER)
    process.wait()
    mails.on_taken = lambda: None

    site.run(*DELIVER)

    assert state(notice) == State.SENT
    assert mails.taken == 2
    assert list(mails.ids.values()) == [2]


def _postman(folder: Path) -> int:
    """Return the process that keeps a journal in this folder."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and str(folder).encode() in _command(entry):
            return int(entry.name)
    raise AssertionError("there is no postman")


def _command(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes()
    except OSError:
        return b""
