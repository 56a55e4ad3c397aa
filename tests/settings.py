"""The site's settings as the tests run them: nothing of the laptop's is touched."""

import os
import tempfile
from pathlib import Path

# A folder a test process, gone with it: index and static files of one test never meet another's.
_home = tempfile.TemporaryDirectory(prefix="nen-tang-viet-tests-")
os.environ.setdefault("INDEX_DIR", str(Path(_home.name) / "index"))

from config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # accounts by the dozen, none of them real
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"recommendations": None}  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
