"""Settings come from the environment; a bad value is an error, and a laptop's is no deployment."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import checks, env

GOOD = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST",
    "ALLOWED_HOSTS": "example.gov.vn",
    "DATABASE_URL": "postgres://site@db/site",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://site:secret@mail:587",
    "MAIL_FROM": "Nền tảng Việt <thu@example.gov.vn>",
    "SITE_URL": "https://example.gov.vn",
    "REGISTER_KEY": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=",
    "SEAL_KEY": "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=",
}


def deploy_check(**variables: str) -> subprocess.CompletedProcess:
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in {*env.VARIABLES, "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    }
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        cwd=settings.BASE_DIR, env={**clean, **variables}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_deploy_check_fails_while_laptop_defaults_remain():
    answer = deploy_check()

    assert answer.returncode != 0
    assert [
        code
        for code in ("E001", "E002", "E003", "E004", "E006", "E007", "E008", "E011", "E012")
        if f"config.{code}" not in answer.stderr
    ] == []


def test_the_deploy_check_passes_with_a_deployment():
    assert deploy_check(**GOOD).returncode == 0


@pytest.mark.parametrize(
    ("left", "code"),
    [
        ({"SECRET_KEY": settings.LAPTOP_SECRET_KEY}, "E001"),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, "E002"),
        ({"REDIS_URL": ""}, "E003"),
        ({"ON_LAPTOP": True}, "E004"),
        ({"DEBUG": True}, "E005"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "E006"),
        ({"MAIL_FROM": settings.LAPTOP_MAIL_FROM}, "E007"),
        ({"SITE_URL": "http://127.0.0.1:8000"}, "E008"),
        ({"REQUIRE_MFA": False}, "E009"),
        ({"OIDC_ISSUER": "http://dinhdanh.example.vn"}, "E010"),
        ({"REGISTER_KEY": ""}, "E011"),
        ({"REGISTER_KEY": "not a key"}, "E011"),
        ({"SEAL_KEY": ""}, "E012"),
        ({"SEAL_KEY": "c2hvcnQ="}, "E012"),
    ],
)
def test_each_laptop_default_fails_by_itself(monkeypatch, left, code):
    deployed = {
        "SECRET_KEY": "k" * 60, "LAPTOP_SECRET_KEY": settings.LAPTOP_SECRET_KEY, "REDIS_URL": "redis://r",
        "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}}, "ON_LAPTOP": False, "DEBUG": False,
        "LAPTOP_MAIL_FROM": settings.LAPTOP_MAIL_FROM, "MAIL_FROM": "thu@example.gov.vn",
        "SITE_URL": "https://example.gov.vn",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "REQUIRE_MFA": True, "OIDC_ISSUER": "",
        "REGISTER_KEY": GOOD["REGISTER_KEY"], "SEAL_KEY": GOOD["SEAL_KEY"],
    }  # fmt: skip
    monkeypatch.setattr(checks, "settings", SimpleNamespace(**deployed))
    assert checks.laptop_defaults(None) == []
    monkeypatch.setattr(checks, "settings", SimpleNamespace(**{**deployed, **left}))

    assert [error.id for error in checks.laptop_defaults(None)] == [f"config.{code}"]


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("DEBUG", "yes", lambda: env.flag("DEBUG")),
        ("DATABASE_URL", "mysql://x/y", lambda: env.database("")),
        ("DATABASE_URL", "nonsense", lambda: env.database("")),
        ("REDIS_URL", "http://redis", lambda: env.address("REDIS_URL", ("redis",))),
        ("EMAIL_URL", "foo", lambda: env.email("")),
        ("OCDS_PREFIX", "ocds-ABC", env.ocds_prefix),
        ("OIDC_ISSUER", "ldap://x", env.identity_provider),
        ("OIDC_ISSUER", "https://dinhdanh.example.vn", env.identity_provider),  # without OIDC_CLIENT_ID
    ],
)
def test_a_value_that_cannot_be_read_is_an_error_that_names_the_variable(monkeypatch, name, value, read):
    monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=name):
        read()


def test_a_secret_is_read_from_the_file_it_is_mounted_as(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("mounted\n")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "secret"))

    assert env.text("SECRET_KEY") == "mounted"


def test_a_secret_whose_file_is_not_there_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "none"))

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE"):
        env.text("SECRET_KEY")


def test_a_variable_nobody_documented_cannot_be_read():
    with pytest.raises(ImproperlyConfigured, match="VARIABLES"):
        env.text("COLOUR")
