"""Hands mails to the mail server, in a process of its own, and writes down which ones it took.

A worker that is killed between the server's "250" and its own commit would not know whether the mail is on its way. So
the conversation is not the worker's. This process reads mails from its standard input, and for each that the server took
appends a line to its journal before anybody is told. It has a session of its own: what kills a worker leaves it its time
to finish the mail in hand; then the end of its input ends it. Its lock on the journal says that it is still alive.

Only the standard library, so that it starts in a moment. One line of JSON a message: first how to reach the server, then
for each mail {"key", "from", "to", "size"} and that many bytes; each is answered {"outcome", "detail"}.
"""

import contextlib
import fcntl
import json
import os
import select
import signal
import smtplib
import ssl
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO

ACCEPTED, LATER, REFUSED = "accepted", "later", "refused"
LONGEST_S = 300  # for one mail, whatever the server does; outbox.LEASE is longer
IDLE_S = 20  # then the connection is given back


class Postman:
    def __init__(self, server: dict[str, Any], journal: int) -> None:
        self.server = server
        self.journal = journal
        self.connection: smtplib.SMTP | None = None

    def hand_over(self, key: str, sender: str, to: list[str], mail: bytes) -> tuple[str, str]:
        """Return what became of the mail, and the server's words. ACCEPTED is in the journal by then."""
        try:
            connection = self._ready(sender)
            for address in to:
                self._step(connection.rcpt(address))
            self._step(connection.data(mail))
        except smtplib.SMTPResponseException as answer:  # the server said no
            self._reset()
            words = answer.smtp_error.decode(errors="replace") if isinstance(answer.smtp_error, bytes) else ""
            return (REFUSED if answer.smtp_code >= 500 else LATER), f"{answer.smtp_code} {words}"
        except _Trouble as trouble:
            self.close()
            return LATER, str(trouble)
        except (smtplib.SMTPException, OSError) as trouble:  # also TimeoutError of the alarm
            self.close()
            return LATER, f"{type(trouble).__name__}: {trouble}"
        signal.alarm(0)
        try:
            os.write(self.journal, f"{key} {time.time():.3f}\n".encode())
            os.fdatasync(self.journal)
        except OSError as trouble:  # a full disk; the worker's own commit may still keep it
            return ACCEPTED, f"not in the journal: {trouble}"
        return ACCEPTED, ""

    def _ready(self, sender: str) -> smtplib.SMTP:
        """Return a connection on which MAIL FROM was accepted; a stale one is made anew."""
        if self.connection:  # it may have gone stale
            with contextlib.suppress(smtplib.SMTPServerDisconnected):
                if self._from(self.connection, sender)[0] == 250:
                    return self.connection
        self.close()
        try:
            self.connection = self._connect()
            code, words = self._from(self.connection, sender)
        except smtplib.SMTPResponseException as answer:  # greeting or password
            raise _Trouble(f"{answer.smtp_code} {answer.smtp_error!r}") from answer
        if code != 250:
            raise _Trouble(f"{code} {words!r}")
        return self.connection

    def _from(self, connection: smtplib.SMTP, sender: str) -> tuple[int, bytes]:
        return connection.mail(sender, ["BODY=8BITMIME"] if connection.has_extn("8bitmime") else [])

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        where = {"local_hostname": server["name"], "timeout": server["timeout"]}
        connection = (
            smtplib.SMTP_SSL(server["host"], server["port"], context=ssl.create_default_context(), **where)
            if server["ssl"]
            else smtplib.SMTP(server["host"], server["port"], **where)
        )
        if server["tls"]:
            connection.starttls(context=ssl.create_default_context())
        if server["user"]:
            connection.login(server["user"], server["password"])
        connection.ehlo_or_helo_if_needed()
        return connection

    def _step(self, answer: tuple[int, bytes]) -> None:
        if answer[0] not in (250, 251):
            raise smtplib.SMTPResponseException(*answer)

    def _reset(self) -> None:
        try:
            if self.connection:
                self.connection.rset()
        except (smtplib.SMTPException, OSError):
            self.close()

    def close(self) -> None:
        if self.connection:
            try:
                self.connection.quit()
            except (smtplib.SMTPException, OSError):
                self.connection.close()
        self.connection = None


class _Trouble(Exception):
    """Something between us and the server that the mail is not to blame for."""


def open_journal(path: Path) -> int:
    """Return the journal, locked before anybody can see it under its name."""
    hidden = path.with_suffix(".new")
    journal = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
    hidden.rename(path)
    return journal


def _too_long(*args: Any) -> None:
    raise TimeoutError(f"the mail server took longer than {LONGEST_S} s")


def main(path: Path, read: BinaryIO, write: BinaryIO) -> None:
    signal.signal(signal.SIGALRM, _too_long)
    postman = Postman(json.loads(read.readline()), open_journal(path))
    _say(write, {"outcome": "ready"})
    while True:
        if not select.select([read], [], [], IDLE_S)[0]:  # strictly one at a time, so nothing hides in the buffer
            postman.close()
        line = read.readline()
        if not line:
            break
        head = json.loads(line)
        mail = read.read(head["size"])
        if len(mail) < head["size"]:  # killed while it wrote: the mail is not whole
            break
        signal.alarm(LONGEST_S)
        outcome, detail = postman.hand_over(head["key"], head["from"], head["to"], mail)
        signal.alarm(0)
        _say(write, {"outcome": outcome, "detail": detail})
    postman.close()


def _say(write: BinaryIO, answer: dict[str, str]) -> None:
    with contextlib.suppress(BrokenPipeError):  # who asked is gone; the journal has it
        write.write(json.dumps(answer).encode() + b"\n")
        write.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
