"""Accounts nobody signs in to."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from catalogue.accounts import idleness, tasks
from catalogue.accounts.models import User
from catalogue.accounts.policy import REVIEWERS
from tests.support.factories import PASSWORD, UserFactory, confirmed

from .conftest import SIGN_IN

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


def days(count: int) -> timedelta:
    return timedelta(days=count)


def idle(count: int, **fields: object) -> User:
    """Return somebody who signed in so many days ago."""
    return confirmed(last_login=NOW - days(count), date_joined=NOW - days(900), **fields)


@pytest.mark.parametrize(
    ("count", "fields", "told"),
    [
        (334, {}, 0), (335, {}, 1), (75, {"is_staff": True}, 0), (76, {"is_staff": True}, 1),
        (400, {"is_active": False}, 0), (400, {"deletion_asked_at": NOW}, 0),
    ],
)  # fmt: skip
def test_who_has_not_signed_in_for_long_is_told_once(count, fields, told):
    user = idle(count, **fields)

    assert idleness.warn_idle(now=NOW) == told
    assert idleness.warn_idle(now=NOW + days(1)) == (1 - told if count in (334, 75) else 0)
    if told:
        assert mail.outbox[0].to == [user.email]
        assert "/tai-khoan/dang-nhap/" in mail.outbox[0].body


def test_a_reviewer_is_staff():
    idle(80).groups.add(Group.objects.create(name=REVIEWERS))

    assert idleness.warn_idle(now=NOW) == 1


def test_who_never_signed_in_is_counted_from_the_day_of_registering():
    confirmed(date_joined=NOW - days(340))

    assert idleness.warn_idle(now=NOW) == 1


def test_the_mail_says_the_day_in_the_language_of_the_person():
    idle(335, language="en")
    idleness.warn_idle(now=NOW)

    assert mail.outbox[0].subject == "Your account will soon be locked, as nobody uses it"
    assert "25/12/2026" in mail.outbox[0].body
    assert "/en/tai-khoan/dang-nhap/" in mail.outbox[0].body


def test_a_mail_that_cannot_be_sent_is_tried_again(monkeypatch):
    idle(335)
    monkeypatch.setattr(EmailBackend, "send_messages", lambda self, messages: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        idleness.warn_idle(now=NOW)
    monkeypatch.undo()

    assert idleness.warn_idle(now=NOW) == 1


def test_nobody_is_locked_who_was_not_told_in_time():
    idle(500)
    assert idleness.lock_idle(now=NOW) == 0
    idleness.warn_idle(now=NOW)
    assert idleness.lock_idle(now=NOW + days(29)) == 0

    assert idleness.lock_idle(now=NOW + days(30)) == 1
    assert idleness.lock_idle(now=NOW + days(31)) == 0
    assert mail.outbox[-1].subject == "Tài khoản đã khóa vì lâu không dùng"


def test_a_sign_in_after_the_warning_keeps_the_account(client):
    user = idle(335)
    idleness.warn_idle(now=NOW)

    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})

    user.refresh_from_db()
    assert user.idle_warned_at is None
    assert idleness.lock_idle(now=NOW + days(40)) == 0


def test_locking_ends_what_is_open(client):
    user = confirmed()
    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    User.objects.update(last_login=NOW - days(400))
    idleness.warn_idle(now=NOW)

    idleness.lock_idle(now=NOW + days(30))

    assert client.get("/tai-khoan/").status_code == 302
    assert Client().post(SIGN_IN, {"login": user.email, "password": PASSWORD}).url == "/tai-khoan/da-khoa/"


def test_the_nightly_task_can_run_twice():
    user = confirmed(last_login=timezone.now() - days(336))

    tasks.look_after_accounts()
    tasks.look_after_accounts()

    assert len(mail.outbox) == 1
    assert User.objects.get(pk=user.pk).locked_at is None


@pytest.mark.parametrize(("after", "gone"), [(6, 0), (8, 1)])
def test_who_never_confirms_is_forgotten_and_nobody_else(client, person, after, gone):
    client.post(
        "/tai-khoan/dang-ky/",
        {"full_name": "Ai đó", "email": "ai@example.vn", "password1": "cau-thang-mau-xanh", "password2": "cau-thang-mau-xanh"},
    )  # fmt: skip
    UserFactory(email="do-quan-tri-tao@example.vn")  # made in the admin: no address was asked to be confirmed yet

    assert idleness.forget_unconfirmed(now=timezone.now() + days(after)) == gone
    assert User.objects.filter(email="ai@example.vn").exists() is not bool(gone)
    assert User.objects.exclude(email="ai@example.vn").count() == 2


def test_no_account_is_locked_without_a_warning(person):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.update(locked_at=NOW)
