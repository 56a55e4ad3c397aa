"""Servers that a test may kill: PostgreSQL, Redis and a mail server that counts, on ports of their own."""

import asyncio
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

import psycopg
from aiosmtpd.controller import Controller

PATIENCE_S = 60


def missing() -> list[str]:
    """Name the programs that are not on this machine."""
    return [
        name for name, path in (("initdb", _postgresql()), ("redis-server", shutil.which("redis-server"))) if not path
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {patience_s} s"
        time.sleep(0.05)


class Postgresql:
    """A cluster in a folder. It refuses to run as root, so then it is the user postgres who runs it."""

    def __init__(self, home: Path) -> None:
        self.home, self.port, self.restarts = home, free_port(), 0
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/site"
        home.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(home, "postgres", "postgres")
            for folder in home.parents:  # it must reach its own folder
                if folder.owner() == "root" and folder != Path("/"):
                    folder.chmod(folder.stat().st_mode | 0o011)
        self._run("initdb", "--no-sync", "--username", "postgres", "--auth", "trust", "--pgdata", str(home / "data"))
        self.start()
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE site")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.home}"
        self._pg_ctl("start", "--options", options, "--log", str(self.home / "log"))

    def crash_and_start(self) -> None:
        """Every connection and everything not committed is lost."""
        self._pg_ctl("stop", "--mode", "immediate")
        self.start()
        self.restarts += 1

    def __enter__(self) -> "Postgresql":
        return self

    def __exit__(self, *error: object) -> None:
        self._pg_ctl("stop", "--mode", "immediate")

    def _pg_ctl(self, verb: str, *options: str) -> None:
        self._run("pg_ctl", verb, "--wait", "--pgdata", str(self.home / "data"), *options)

    def _run(self, program: str, *options: str) -> None:
        become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*become, str(_postgresql() / program), *options], check=True, cwd="/", stdout=subprocess.DEVNULL
        )


class Redis:
    """Without persistence: a restart forgets the whole queue."""

    def __init__(self) -> None:
        self.port, self.restarts = free_port(), 0
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL, cwd="/",
        )  # fmt: skip
        until(self._answers, "Redis")

    def crash_and_start(self) -> None:
        self._stop()
        self.start()
        self.restarts += 1

    def __enter__(self) -> "Redis":
        return self

    def __exit__(self, *error: object) -> None:
        self._stop()

    def _stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class MailServer:
    """Takes every mail and counts; knows nothing of duplicates. Its "250" comes a little after it took the mail."""

    def __init__(self, slowness_s: float = 0.0, on_taken: Callable[[], None] = lambda: None) -> None:
        self.people: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.mails: list[bytes] = []
        self.slowness_s, self.on_taken = slowness_s, on_taken
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.people.update(envelope.rcpt_tos)
        self.ids[message_from_bytes(envelope.content)["Message-ID"]] += 1
        self.mails.append(envelope.content)
        self.on_taken()
        await asyncio.sleep(random.uniform(0, self.slowness_s))  # noqa: S311
        return "250 taken"

    @property
    def taken(self) -> int:
        return len(self.mails)

    def restart(self) -> None:
        self._server.stop()
        self.__enter__()

    def __enter__(self) -> "MailServer":
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)
        self._server.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.stop()


class Site:
    """Processes of the site, in process groups of their own, as a supervisor would start them."""

    def __init__(self, settings_module: str, environment: dict[str, str], log: Path) -> None:
        from django.conf import settings

        self.root = settings.BASE_DIR
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "VIRTUAL_ENV") if name in os.environ}
        self.environment = {**keep, "DJANGO_SETTINGS_MODULE": settings_module, **environment}
        self.log = log

    def start(self, *command: str) -> subprocess.Popen:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, cwd=self.root, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def run(self, *command: str) -> None:
        process = self.start(*command)
        assert process.wait() == 0, self.log.read_text()[-2000:]


def kill(process: subprocess.Popen) -> None:
    """kill -9 a process and every child in its group."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _postgresql() -> Path | None:
    """Return the folder of the newest server programs, None where there are none."""
    on_path = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(on_path).resolve().parent if on_path else folders[-1].parent if folders else None
