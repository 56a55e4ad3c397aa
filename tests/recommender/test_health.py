"""For those who run the site."""

import pytest
from django.db import DatabaseError

pytestmark = pytest.mark.django_db


def test_alive(client):
    assert client.get("/healthz").content == b"ok"


def test_ready_names_what_it_checked(client, catalogue):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert set(answer.json()["checks"]) == {"database", "broker", "index"}


def test_not_ready_without_a_database(client, monkeypatch):
    from recommender import health

    class Gone:
        def cursor(self):
            raise DatabaseError("gone")

    monkeypatch.setattr(health, "connection", Gone())
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == {"ok": False}


def test_not_ready_without_its_broker(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": settings.REDIS_URL}
    }

    assert client.get("/readyz").status_code == 503


def test_answers_are_counted(client, catalogue, answering):
    client.post("/goi-y/", {"statement": "họp trực tuyến"})

    assert 'recommendations_total{outcome="answered"}' in client.get("/metrics").content.decode()
