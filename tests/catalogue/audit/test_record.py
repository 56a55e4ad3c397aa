"""Who did what is written with the change, and stays as it was written."""

import datetime
import importlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from catalogue.audit.models import Event
from catalogue.audit.record import LONGEST_FACT, record
from catalogue.common.append_only import AppendOnlyError
from tests.support.factories import PlatformFactory, UserFactory


@pytest.fixture
def event(db):
    return record("platform.listed", PlatformFactory(slug="hopviet"), by=UserFactory(), level="vetted")


def test_an_event_says_what_was_done_to_what_by_whom_and_when(db):
    officer, platform = UserFactory(), PlatformFactory(slug="hopviet")
    at = datetime.datetime(2026, 11, 26, 8, tzinfo=datetime.UTC)

    record("platform.listed", platform, by=officer, at=at, level="vetted", price=Decimal("1.50"), vendor=platform.vendor,
           until=datetime.date(2027, 11, 26), codes={"b", "a"})  # fmt: skip

    event = Event.objects.about(platform).get()
    assert (event.action, event.target_type, event.target_label) == ("platform.listed", "catalogue.platform", "hopviet")
    assert (event.by, event.at) == (str(officer.pk), at)
    assert event.facts == {"level": "vetted", "price": "1.50", "vendor": platform.vendor.pk, "until": "2027-11-26",
                           "codes": ["a", "b"]}  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction():
    platform = PlatformFactory()

    with pytest.raises(transaction.TransactionManagementError, match=r"platform\.listed"):
        record("platform.listed", platform, by=None)

    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_is_undone_with_its_change():
    platform = PlatformFactory()

    with transaction.atomic():
        record("platform.listed", platform, by=None)
        transaction.set_rollback(True)

    assert not Event.objects.exists()


def test_the_history_of_a_row_is_found_after_the_row_and_who_did_it_are_gone(db):
    officer, platform = UserFactory(), PlatformFactory(slug="hopviet")
    record("platform.listed", platform, by=officer)
    record("platform.retired", platform, by=None)
    record("platform.listed", PlatformFactory(), by=officer)
    events = Event.objects.about(platform)
    user_id = officer.pk
    platform.delete()
    officer.delete()

    assert [(event.action, event.by) for event in events] == [
        ("platform.retired", ""),
        ("platform.listed", str(user_id)),
    ]


def test_a_person_is_never_named(db):
    officer = UserFactory(email="lan@example.gov.vn")

    event = record("user.invited", officer, by=officer)

    assert "lan" not in f"{event.target_label}{event.facts}{event}"


@pytest.mark.parametrize("fact", ["lan@example.gov.vn", ["xin gửi lan@example.gov.vn"], "x" * (LONGEST_FACT + 1)])
def test_texts_of_people_are_refused_as_facts(db, fact):
    with pytest.raises(ValueError, match="note"):
        record("platform.listed", PlatformFactory(), by=None, note=fact)


@pytest.mark.parametrize("action", ["listed", "Platform.listed", "platform listed", "platform.", ".listed", "a.b.c"])
def test_an_action_reads_thing_and_past_tense(db, action):
    with pytest.raises(ValueError, match=r"thing\.past_tense"):
        record(action, PlatformFactory(), by=None)


def test_what_is_not_saved_has_no_history(db):
    with pytest.raises(ValueError, match="not saved"):
        record("platform.listed", PlatformFactory.build(category=None, vendor=None), by=None)


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: Event.objects.filter(pk=event.pk).update(action="a.b"),
        lambda event: Event.objects.filter(pk=event.pk).delete(),
        lambda event: Event.objects.bulk_update([event], ["action"]),
        lambda event: Event.objects.update_or_create(pk=event.pk, defaults={"action": "a.b"}),
        lambda event: Event.objects.bulk_create(
            [event], update_conflicts=True, update_fields=["action"], unique_fields=["id"]
        ),
    ],
    ids=["save", "delete", "update", "delete many", "bulk update", "update or create", "upsert"],
)
def test_code_cannot_change_the_past(event, change):
    with pytest.raises(AppendOnlyError):
        change(event)

    assert Event.objects.get(pk=event.pk).action == "platform.listed"


@pytest.mark.parametrize("statement", ["UPDATE catalogue_event SET action = 'a.b'", "DELETE FROM catalogue_event"])
def test_the_database_refuses_too(event, statement):
    migration = importlib.import_module("catalogue.migrations.0011_audit")
    editor = connection.schema_editor()
    migration.guard(None, editor)  # tests make their tables without migrations

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Event.objects.get().action == "platform.listed"
    record("platform.retired", PlatformFactory(), by=None)
    migration.unguard(None, editor)
    assert Event.objects.count() == 2


def test_all_migrations_together_leave_what_is_append_only_guarded(tmp_path):
    """A migration that remakes the table on SQLite would drop its triggers without a word."""
    database = tmp_path / "migrated.sqlite3"
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v", "0"],
        cwd=settings.BASE_DIR, env={**os.environ, "DATABASE_URL": f"sqlite:///{database}"}, check=True,
    )  # fmt: skip
    columns = "action, target_type, target_id, target_label, by, at, facts"

    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            f"INSERT INTO catalogue_event ({columns}) VALUES ('a.b', 'c', '1', '', '', '2026-11-26', '{{}}')"  # noqa: S608
        )
        connection.execute(
            "INSERT INTO catalogue_entry VALUES (1, '2026-11-26', 'vetted', 'p', 'v', '{}', 'a', 'b', 'c', 'd')"
        )
        connection.execute("INSERT INTO catalogue_checkpoint VALUES ('2026-11-26', 1, 'b', '2026-11-26', 'c', 'd')")
        connection.execute(
            "INSERT INTO catalogue_amendment (problem_id, reason, changes, made_at) VALUES (1, 'a', '[1]', '2026-11-26')"
        )
        for table, column in (("event", "action"), ("entry", "hash"), ("checkpoint", "hash"), ("amendment", "reason")):
            for statement in (f"UPDATE catalogue_{table} SET {column} = 'x.y'", f"DELETE FROM catalogue_{table}"):  # noqa: S608
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    connection.execute(statement)
