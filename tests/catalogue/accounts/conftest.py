"""Somebody who signs in as people do: by the form, through every step."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

from catalogue.accounts.models import User
from tests.support.factories import PASSWORD, TOTP_SECRET, confirmed

SIGN_IN = "/tai-khoan/dang-nhap/"


@pytest.fixture(autouse=True)
def no_attempts_yet(fresh_cache) -> None:
    """Limits are counted in the cache, which outlives a test."""


@pytest.fixture
def person(db) -> User:
    return confirmed(email="lan@example.vn", full_name="Trần Thị Lan")


@pytest.fixture
def sign_in(client: Client) -> Callable[..., Client]:
    """Sign a person in by the form and return the browser."""

    def signed_in(user: User, browser: Client = client) -> Client:
        answer = browser.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()[-2000:]
        return browser

    return signed_in


@pytest.fixture
def proved(sign_in) -> Callable[..., Client]:
    """Sign a person in, and say the password once more, as pages that matter ask."""

    def signed_in_and_proved(user: User, browser: Client | None = None) -> Client:
        browser = sign_in(user, browser) if browser else sign_in(user)
        browser.post("/tai-khoan/xac-nhan-lai/", {"password": PASSWORD})
        return browser

    return signed_in_and_proved


def code(secret: str = TOTP_SECRET) -> str:
    """Return what an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def link_of_last_mail() -> str:
    return re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]
