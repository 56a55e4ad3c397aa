"""The site's own settings, as a deployment has them, with a beat that does not make a test wait."""

from config.settings import *  # noqa: F403

CELERY_BEAT_SCHEDULE["notices"]["schedule"] = 1.0  # noqa: F405 (seconds)
