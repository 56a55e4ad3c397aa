"""For those who run the site: alive, ready, counted."""

import time

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from catalogue.platforms import changes

from .engine import snapshot

CATALOGUE_SEQUENCE = Gauge("catalogue_sequence", "Number of the catalogue's last change")


def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """Database, broker and index can be used; 503 names what cannot."""
    checks = {"database": _database(), "broker": _broker(), "index": _index()}
    healthy = all(check["ok"] for check in checks.values())
    return JsonResponse({"ready": healthy, "checks": checks}, status=200 if healthy else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text format."""
    CATALOGUE_SEQUENCE.set(changes.current_sequence())
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _database() -> dict[str, object]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"ok": False}
    return {"ok": True, "vendor": connection.vendor}


def _broker() -> dict[str, object]:
    if not settings.REDIS_URL:
        return {"ok": True, "used": False}
    try:
        cache.set("readyz", 1, timeout=5)
    except Exception:  # noqa: BLE001 (whatever the client raises, the broker is not there)
        return {"ok": False, "used": True}
    return {"ok": True, "used": True}


def _index() -> dict[str, object]:
    """A missing index is built by the next answer, so it is reported, not failed."""
    name = snapshot.current_name(settings.INDEX_DIR)
    if name is None:
        return {"ok": True, "built": False}
    return {"ok": True, "built": True, "age_s": round(time.time() - (settings.INDEX_DIR / name).stat().st_mtime)}
