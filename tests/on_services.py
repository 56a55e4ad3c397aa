"""Run once more on PostgreSQL and Redis, where they answer, all that asks the database its own way; else say so.

With REQUIRE_SERVICES=1 a service that does not answer is a failure. The run has databases and keys of its own and
removes them.
"""

import os
import subprocess
import sys
import uuid

import redis

from tests.services import POSTGRES_URL, REDIS_URL, missing

# Once is enough: these know no database, and pages ask the querysets that everything else here asks.
_ONCE = (
    "tests/recommender/engine", "tests/catalogue/common", "tests/catalogue/web", "tests/test_docs.py", "tests/test_html.py",
    "tests/test_html_of_proposals.py", "tests/test_messages.py", "tests/test_pages.py",
)  # fmt: skip


def main() -> int:
    absent = missing()
    if absent:
        print(f"SKIPPED: the suite on PostgreSQL and Redis ({' and '.join(absent)} not found on this machine)")
        return 1 if os.environ.get("REQUIRE_SERVICES") == "1" else 0
    run = f"test-{uuid.uuid4().hex[:12]}"
    name = run.replace("-", "_")
    environment = {**os.environ, "DATABASE_URL": f"{POSTGRES_URL}/{name}", "REDIS_URL": REDIS_URL, "TEST_RUN": run}
    try:
        return subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-n",
                "auto",
                "--dist",
                "loadgroup",
                "-m",
                "not browser",
                *(f"--ignore={path}" for path in _ONCE),
                *sys.argv[1:],
            ],
            env=environment,
            check=False,
        ).returncode
    finally:
        client = redis.Redis.from_url(REDIS_URL)
        keys = list(client.scan_iter(f"*{run}*"))
        if keys:
            client.delete(*keys)


if __name__ == "__main__":
    sys.exit(main())
