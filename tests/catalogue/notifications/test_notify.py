"""A notice is a row in the transaction of what happened; nothing is sent before the commit."""

import datetime

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone, translation

from catalogue.notifications.kinds import Group, Pace
from catalogue.notifications.models import Notice, NoticeChoice
from catalogue.notifications.send import next_digest, notify
from catalogue.notifications.states import State
from tests.support.factories import UserFactory

FACTS = {"platform": "hopviet", "name": "HọpViệt", "what": "Giá"}


def test_a_notice_is_undone_with_what_it_tells(transactional_db):
    reader = UserFactory()

    with transaction.atomic():
        notify("mistake_reported", to=reader, **FACTS)
        transaction.set_rollback(True)

    assert not Notice.objects.exists()
    assert mail.outbox == []


def test_it_is_sent_after_the_commit(transactional_db):
    reader = UserFactory()

    with transaction.atomic():
        notice = notify("mistake_reported", to=reader, **FACTS)
        assert mail.outbox == []

    assert [message.to for message in mail.outbox] == [[reader.email]]
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == (State.SENT, 1)


def test_the_same_about_the_same_is_told_once(db, django_capture_on_commit_callbacks):
    lan, minh = UserFactory(), UserFactory()

    with django_capture_on_commit_callbacks(execute=True):
        rows = [notify("mistake_reported", to=to, about="mistake:1", **FACTS)
                for to in (lan, lan, minh, "ngoai@example.vn", "ngoai@example.vn")]  # fmt: skip

    assert len({row.pk for row in rows}) == 3
    assert sorted(message.to[0] for message in mail.outbox) == sorted([lan.email, minh.email, "ngoai@example.vn"])


def test_without_a_key_it_is_told_each_time(db):
    reader = UserFactory()

    assert notify("mistake_reported", to=reader, **FACTS) != notify("mistake_reported", to=reader, **FACTS)


def test_a_kind_nobody_declared_is_refused(db):
    with pytest.raises(KeyError):
        notify("no_such_kind", to=UserFactory())


def test_who_switched_it_off_is_told_nothing(db):
    reader = UserFactory()
    NoticeChoice.objects.choose(reader, {Group.OPERATIONS: Pace.OFF})

    assert notify("mistake_reported", to=reader, **FACTS) is None
    assert not Notice.objects.exists()


def test_who_wants_one_mail_a_day_waits_for_it(db, django_capture_on_commit_callbacks):
    reader = UserFactory()
    NoticeChoice.objects.choose(reader, {Group.OPERATIONS: Pace.DAILY})
    at = datetime.datetime(2026, 11, 26, 3, tzinfo=datetime.UTC)  # ten in the morning in Hà Nội

    with django_capture_on_commit_callbacks(execute=True):
        notice = notify("mistake_reported", to=reader, at=at, **FACTS)

    assert mail.outbox == []
    assert notice.digest
    assert timezone.localtime(notice.due_at).isoformat() == "2026-11-27T08:00:00+07:00"


@pytest.mark.parametrize(("hour", "day"), [("07:59", 26), ("08:00", 27), ("23:59", 27)])
def test_the_daily_mail_goes_out_in_the_morning(hour, day):
    now = datetime.datetime.fromisoformat(f"2026-11-26T{hour}:00+07:00")

    assert next_digest(now).isoformat() == f"2026-11-{day}T08:00:00+07:00"


def test_an_address_is_written_to_in_the_language_of_the_moment(db):
    with translation.override("en"):
        assert notify("mistake_reported", to="ngoai@example.vn", **FACTS).language == "en"
    assert notify("mistake_reported", to="ngoai@example.vn", language="en", **FACTS).language == "en"


def test_the_change_stands_when_the_broker_is_away(transactional_db, monkeypatch):
    from catalogue.notifications import tasks

    def away(*args):
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.deliver, "delay", away)

    with transaction.atomic():
        notice = notify("mistake_reported", to=UserFactory(), **FACTS)

    notice.refresh_from_db()
    assert notice.state == State.WAITING
