"""The site's settings as the tests run them: nothing of the laptop's is touched.

With DATABASE_URL and REDIS_URL set (see tests/on_services.py) the same tests run on PostgreSQL and Redis; every key
they write there begins with TEST_RUN, and is removed afterwards.
"""

import os
import tempfile
from pathlib import Path

# A folder a test process, gone with it: index and static files of one test never meet another's.
_home = tempfile.TemporaryDirectory(prefix="nen-tang-viet-tests-")
os.environ.setdefault("INDEX_DIR", str(Path(_home.name) / "index"))
os.environ.setdefault("OUTBOX_DIR", str(Path(_home.name) / "outbox"))
os.environ.setdefault("DATABASE_URL", f"sqlite:///{_home.name}/db.sqlite3")

from config.settings import *  # noqa: E402, F403

REGISTER_LAPTOP_KEY = Path(_home.name) / "register.key"
SEAL_LAPTOP_KEY = Path(_home.name) / "seal.key"
TEST_RUN = os.environ.get("TEST_RUN", "test-run")
CACHES["default"]["KEY_PREFIX"] = TEST_RUN  # noqa: F405
CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"{TEST_RUN}:"  # noqa: F405
DATABASES["default"].get("OPTIONS", {}).pop("pool", None)  # noqa: F405 (a pool keeps test databases from being dropped)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # accounts by the dozen, none of them real
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = dict.fromkeys(REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
