"""The site: settings, addresses, the Celery app. It knows both apps; neither knows it."""

from .celery import app as celery_app

__all__ = ["celery_app"]
