"""The Celery app. Without REDIS_URL tasks run in the process that sent them, after its transaction commits."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("nen-tang-viet")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
