"""Handing a mail over, and reading afterwards what the mail server took.

Over SMTP a postman does it (postman.py), one for each worker process, with a journal of its own in OUTBOX_DIR. Any other
mail backend is called in this process: nobody loses a mail that was printed.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, SafeMIMEText, get_connection
from django.core.mail.utils import DNS_NAME

from . import postman
from .postman import ACCEPTED, LATER

LEASE = timedelta(minutes=15)  # longer than a postman's LONGEST_S, so that a lease that ran out means nobody is sending
MOST_MAILS = 1_000  # of one journal; then a new postman begins a new one
TIMEOUT_S = 30  # of one step of the conversation with the mail server


@dataclass(frozen=True)
class Outcome:
    """What became of a mail: postman.ACCEPTED, LATER (try again) or REFUSED (never will be), and the server's words."""

    what: str
    detail: str = ""


class PostmanGone(Exception):
    """The postman ended before it answered: its journal has to be read before anybody sends the mail again."""


class Outbox(Protocol):
    name: str  # kept with each notice in hand

    def hand_over(self, key: uuid.UUID, mail: EmailMultiAlternatives) -> Outcome:
        """Raises PostmanGone."""


class InProcess:
    """Django's own backends: console, file, memory."""

    name = ""

    def hand_over(self, key: uuid.UUID, mail: EmailMultiAlternatives) -> Outcome:
        try:
            get_connection().send_messages([mail])
        except OSError as trouble:
            return Outcome(LATER, str(trouble))
        return Outcome(ACCEPTED)


class ByPostman:
    """One postman, kept by the process that started it."""

    def __init__(self, folder: Path) -> None:
        journal = uuid.uuid4().hex
        self.name = f"{machine(folder)}/{journal}"
        self.sent = 0
        self._process = subprocess.Popen(  # noqa: S603 (our own file)
            [sys.executable, "-I", str(Path(postman.__file__)), str(folder / f"{journal}.journal")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._say(_server())
        self._answer()  # the journal exists and is locked from here on

    def hand_over(self, key: uuid.UUID, mail: EmailMultiAlternatives) -> Outcome:
        self.sent += 1
        raw: bytes = cast(SafeMIMEText, mail.message()).as_bytes(linesep="\r\n")
        sender = parseaddr(mail.from_email)[1]
        self._say({"key": str(key), "from": sender, "to": mail.recipients(), "size": len(raw)}, raw)
        answer = self._answer()
        return Outcome(answer["outcome"], answer["detail"])

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """Let it finish and go."""
        with suppress(BrokenPipeError):
            cast(BinaryIO, self._process.stdin).close()
        self._process.wait()
        cast(BinaryIO, self._process.stdout).close()

    def _gone(self) -> PostmanGone:
        self._process.wait()  # its journal is unlocked from here on
        return PostmanGone()

    def _say(self, head: dict[str, Any], raw: bytes = b"") -> None:
        pipe = cast(BinaryIO, self._process.stdin)
        try:
            pipe.write(json.dumps(head).encode() + b"\n" + raw)
            pipe.flush()
        except BrokenPipeError as error:
            raise self._gone() from error

    def _answer(self) -> dict[str, str]:
        line = cast(BinaryIO, self._process.stdout).readline()
        if not line:
            raise self._gone()
        return cast(dict[str, str], json.loads(line))


_lock = threading.Lock()
_ours: tuple[int, ByPostman] | None = None  # the process that started it, and the postman


@contextmanager
def at_hand() -> Iterator[Outbox]:
    """Give the outbox of this process, to one thread at a time."""
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        yield InProcess()
        return
    global _ours
    with _lock:
        if _ours and _ours[0] == os.getpid() and (not _ours[1].alive or _ours[1].sent >= MOST_MAILS):
            _ours[1].close()
            _ours = None
        if _ours is None or _ours[0] != os.getpid():
            _ours = (os.getpid(), ByPostman(folder()))
        yield _ours[1]


def close() -> None:
    """Let the postman of this process go, if it has one."""
    global _ours
    with _lock:
        if _ours and _ours[0] == os.getpid():
            _ours[1].close()
        _ours = None


atexit.register(close)


def folder() -> Path:
    settings.OUTBOX_DIR.mkdir(parents=True, exist_ok=True)
    return settings.OUTBOX_DIR


def machine(where: Path) -> str:
    """Return the name of this folder of journals, the same for all who share it."""
    path = where / "machine"
    if not path.exists():
        fresh = where / f"machine.{uuid.uuid4().hex}"
        fresh.write_text(uuid.uuid4().hex)
        with suppress(FileExistsError):
            os.link(fresh, path)  # whoever comes first names it
        fresh.unlink()
    return path.read_text()


@dataclass(frozen=True)
class Journal:
    """What one postman wrote: the mails that the server took, and when."""

    name: str
    taken: dict[uuid.UUID, datetime]
    alive: bool


@contextmanager
def journals() -> Iterator[list[Journal]]:
    """Give every journal of this folder. Those of postmen that are gone are deleted afterwards, unless an error came up.

    While they are read nobody else can take them for deleted: they are locked.
    """
    where = folder()
    held: list[tuple[Path, BinaryIO]] = []
    found = []
    try:
        for path in sorted(where.glob("*.journal")):
            try:
                file: BinaryIO = path.open("rb")
            except FileNotFoundError:  # somebody else just finished with it
                continue
            alive = not _locked(file)
            found.append(Journal(f"{machine(where)}/{path.stem}", _read(file), alive))
            if alive:
                file.close()
            else:
                held.append((path, file))
        yield found
        for path, _ in held:
            path.unlink(missing_ok=True)
    finally:
        for _, file in held:
            file.close()


def _locked(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(file: BinaryIO) -> dict[uuid.UUID, datetime]:
    taken = {}
    for line in file.read().decode().splitlines(keepends=True):
        if line.endswith("\n"):  # else it is just being written
            key, at = line.split()
            taken[uuid.UUID(key)] = datetime.fromtimestamp(float(at), UTC)
    return taken


def _server() -> dict[str, Any]:
    """Return how to reach the mail server, as Django's own backend would."""
    return {
        "host": settings.EMAIL_HOST,
        "port": settings.EMAIL_PORT,
        "user": settings.EMAIL_HOST_USER,
        "password": settings.EMAIL_HOST_PASSWORD,
        "tls": settings.EMAIL_USE_TLS,
        "ssl": settings.EMAIL_USE_SSL,
        "name": DNS_NAME.get_fqdn(),
        "timeout": settings.EMAIL_TIMEOUT or TIMEOUT_S,
    }
