"""The postman against a real mail server on this machine."""

import os
import signal
import uuid
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives

from catalogue.notifications import outbox
from catalogue.notifications.outbox import ByPostman, Outcome, PostmanGone
from catalogue.notifications.postman import ACCEPTED, LATER, REFUSED
from tests.own_servers import MailServer, free_port, until


class Strict(MailServer):
    """Refuses some readers and some mails, as mail servers do."""

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address.startswith("khong-co"):
            return "550 no such mailbox"
        if address.startswith("day"):
            return "452 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        if b"cam" in envelope.content:
            return "554 not wanted"
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def mails():
    with Strict() as server:
        yield server


@pytest.fixture
def folder(settings, tmp_path, mails):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mails.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.OUTBOX_DIR = tmp_path / "outbox"
    yield outbox.folder()
    outbox.close()


@pytest.fixture
def postman(folder):
    postman = ByPostman(folder)
    yield postman
    postman.close()


def letter(to: str = "lan@example.vn", text: str = "Kính gửi\n.\nmột dấu chấm riêng dòng") -> EmailMultiAlternatives:
    return EmailMultiAlternatives("Thư", text, "Nền tảng <thu@example.vn>", [to])


def taken() -> set[uuid.UUID]:
    with outbox.journals() as journals:
        return {key for journal in journals for key in journal.taken}


def test_what_the_server_takes_is_in_the_journal_before_anybody_is_told(postman, mails):
    keys = [uuid.uuid4() for _ in range(3)]

    for key in keys:
        assert postman.hand_over(key, letter()) == Outcome(ACCEPTED)
        assert key in taken()

    assert mails.taken == 3
    assert "một dấu chấm" in mails.mails[0].decode("utf-8")
    assert b"\r\n.\r\n" in mails.mails[0]


@pytest.mark.parametrize(
    ("mail", "outcome"),
    [
        (letter("khong-co@example.vn"), Outcome(REFUSED, "550 no such mailbox")),
        (letter("day@example.vn"), Outcome(LATER, "452 mailbox full")),
        (letter(text="cam"), Outcome(REFUSED, "554 not wanted")),
    ],
    ids=["no mailbox", "full", "not wanted"],
)
def test_a_refusal_is_told_and_the_next_mail_goes_on(postman, mails, mail, outcome):
    assert postman.hand_over(uuid.uuid4(), mail) == outcome

    assert postman.hand_over(uuid.uuid4(), letter()) == Outcome(ACCEPTED)
    assert len(taken()) == mails.taken == 1


def test_a_server_that_is_away_is_for_later(postman, settings, folder):
    settings.EMAIL_PORT = free_port()
    other = ByPostman(folder)

    outcome = other.hand_over(uuid.uuid4(), letter())
    other.close()

    assert outcome.what == LATER
    assert "ConnectionRefusedError" in outcome.detail


def test_a_server_that_restarted_costs_nothing(postman, mails):
    postman.hand_over(uuid.uuid4(), letter())
    mails.restart()

    assert postman.hand_over(uuid.uuid4(), letter()) == Outcome(ACCEPTED)
    assert mails.taken == 2


def test_a_journal_stays_while_its_postman_lives_and_goes_with_it(folder):
    postman = ByPostman(folder)
    key = uuid.uuid4()
    postman.hand_over(key, letter())

    assert taken() == {key}
    assert taken() == {key}
    postman.close()
    assert taken() == {key}, "read once more, then deleted"
    assert taken() == set()


def test_a_journal_that_could_not_be_settled_stays(folder):
    postman = ByPostman(folder)
    key = uuid.uuid4()
    postman.hand_over(key, letter())
    postman.close()

    with pytest.raises(RuntimeError), outbox.journals():
        raise RuntimeError

    assert taken() == {key}


def test_a_postman_that_is_killed_is_noticed_and_replaced(folder, mails):
    with outbox.at_hand() as first:
        os.kill(first._process.pid, signal.SIGKILL)
        with pytest.raises(PostmanGone):
            first.hand_over(uuid.uuid4(), letter())

    with outbox.at_hand() as second:
        assert second.name != first.name
        assert second.hand_over(uuid.uuid4(), letter()) == Outcome(ACCEPTED)


def test_a_postman_ends_with_its_worker(folder):
    postman = ByPostman(folder)

    postman._process.stdin.close()

    until(lambda: not postman.alive, "the end of the postman", 10)
    postman._process.stdout.close()


def test_a_mail_that_is_not_whole_is_not_sent(folder, mails):
    postman = ByPostman(folder)
    postman._process.stdin.write(b'{"key": "x", "from": "a@example.vn", "to": ["b@example.vn"], "size": 100}\nhalf')

    postman.close()

    assert mails.taken == 0
    assert postman._process.returncode == 0


def test_a_new_journal_is_begun_now_and_then(folder, monkeypatch):
    monkeypatch.setattr(outbox, "MOST_MAILS", 2)
    names = []
    for _ in range(4):
        with outbox.at_hand() as ours:
            ours.hand_over(uuid.uuid4(), letter())
            names.append(ours.name)

    assert names[0] == names[1] != names[2] == names[3]


def test_the_servers_password_is_not_on_the_command_line(folder, settings):
    settings.EMAIL_HOST_PASSWORD = "rat-bi-mat"
    postman = ByPostman(folder)
    command = Path(f"/proc/{postman._process.pid}/cmdline").read_text()
    postman.close()

    assert "rat-bi-mat" not in command
