"""Five hundred notices, while everything that can fall over does: nobody is forgotten, nobody is written to twice."""

import os
import random
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests import own_servers
from tests.own_servers import MailServer, Postgresql, Redis, Site, kill, until

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("worker")]
NOTICES, KILLS = 500, 9
PYTHON = sys.executable
TELL_ALL = f"""
from django.db import transaction
from catalogue.accounts.models import User
from catalogue.notifications.send import notify
people = User.objects.bulk_create(
    [User(email=f"can-bo-{{n}}@example.gov.vn", password="!") for n in range({NOTICES})])
with transaction.atomic():
    for n, person in enumerate(people):
        notify("mistake_reported", to=person, about=f"mistake:{{n}}", platform="hopviet", name="HọpViệt", what="Giá")
"""


@pytest.fixture
def servers(tmp_path: Path):
    if not settings.REDIS_URL:
        pytest.skip("once is enough: tests/on_services.py runs it")
    if absent := own_servers.missing():
        said = f"{' and '.join(absent)} not found on this machine"
        pytest.fail(said) if os.environ.get("REQUIRE_SERVICES") == "1" else pytest.skip(said)
    with Postgresql(tmp_path / "postgresql") as database, Redis() as broker, MailServer(slowness_s=0.03) as mails:
        yield database, broker, mails


def test_five_hundred_notices_survive_killed_workers_a_lost_queue_and_a_crashed_database(servers, tmp_path, capsys):
    database, broker, mails = servers
    site = Site(
        "tests.outage_settings",
        {
            "DATABASE_URL": database.url,
            "REDIS_URL": broker.url,
            "EMAIL_URL": mails.url,
            "OUTBOX_DIR": str(tmp_path / "outbox"),
            "INDEX_DIR": str(tmp_path / "index"),
        },
        tmp_path / "site.log",
    )
    site.run(PYTHON, "manage.py", "migrate", "-v", "0")
    site.run(PYTHON, "manage.py", "shell", "-v", "0", "-c", TELL_ALL)
    beat = site.start(
        PYTHON, "-m", "celery", "-A", "config", "beat", "--schedule", str(tmp_path / "beat"), "--pidfile="
    )
    falls = {
        3: broker.crash_and_start,
        4: database.crash_and_start,
        6: broker.crash_and_start,
        7: database.crash_and_start,
    }
    in_hand = 0

    worker = _worker(site)
    for at in range(KILLS):
        before = mails.taken
        until(lambda before=before: mails.taken > before, "a mail")
        time.sleep(random.uniform(0, 0.6))  # noqa: S311
        if at in falls and at % 2:  # sometimes with the worker alive, sometimes with nobody there
            falls[at]()
        kill(worker)
        in_hand += _count(database, "state = 'sending'")
        if at in falls and not at % 2:
            falls[at]()
        worker = _worker(site)
    until(lambda: _count(database, "state = 'sent'") == NOTICES, "the last notice")
    time.sleep(2)  # what is sent twice would be sent now
    kill(worker)
    kill(beat)

    people, ids = mails.people, mails.ids
    counts = {
        "notices": NOTICES,
        "delivered": len(people),
        "twice": sum(times > 1 for times in people.values()),
        "lost": NOTICES - len(people),
        "mails": mails.taken,
        "workers killed": KILLS,
        "in hand when killed": in_hand,
        "broker restarts": broker.restarts,
        "database crashes": database.restarts,
        "attempts beyond the first": _count(database, "attempts > 1"),
    }
    _the_audit_log_is_guarded(database)
    with capsys.disabled():
        print("\n" + ", ".join(f"{name} {count}" for name, count in counts.items()))  # noqa: T201 (they are what is to be shown)
    assert (counts["delivered"], counts["twice"], counts["lost"]) == (NOTICES, 0, 0)
    assert len(ids) == NOTICES
    assert in_hand > 0, "no worker was killed with a notice in hand: the test showed nothing"


def _the_audit_log_is_guarded(database: Postgresql) -> None:
    """This is the one database of the suite that all migrations made."""
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO catalogue_event (action, target_type, target_id, target_label, by, at, facts)"
            " VALUES ('a.b', 'c', '1', '', '', now(), '{}')"
        )
        for statement in ("UPDATE catalogue_event SET action = 'x.y'", "DELETE FROM catalogue_event"):
            with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
                connection.execute(statement)


def _worker(site: Site):
    return site.start(PYTHON, "-m", "celery", "-A", "config", "worker", "--concurrency", "2", "--loglevel", "WARNING",
                      "--without-gossip", "--without-mingle")  # fmt: skip


def _count(database: Postgresql, condition: str) -> int:
    with psycopg.connect(database.url) as connection:
        return connection.execute(f"SELECT count(*) FROM catalogue_notice WHERE {condition}").fetchone()[0]  # noqa: S608
