"""The servers that some tests need, and whether they are there."""

import shutil
import socket
from pathlib import Path

POSTGRES_URL = "postgres://postgres@127.0.0.1:5432"
ROOT = Path(__file__).resolve().parent.parent
REDIS_URL = "redis://127.0.0.1:6379/0"


def answers(port: int) -> bool:
    """Say whether something listens on this port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def missing() -> list[str]:
    """Name the servers that do not answer."""
    return [name for name, port in (("PostgreSQL", 5432), ("Redis", 6379)) if not answers(port)]


def html_checker() -> list[str] | None:
    """Return the command of the Nu HTML checker, None where Java or its package (`make web-tools`) is missing."""
    java, jar = shutil.which("java"), ROOT / "var" / "npm" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    return [java, "-jar", str(jar)] if java and jar.exists() else None


def chromium() -> str | None:
    """Return the path of a Chromium, None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
