"""Accounts in a real browser: for everybody, on every screen; and a security key that the browser itself makes."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.utils import timezone

from catalogue.accounts.models import User
from catalogue.accounts.policy import lacks_second_factor
from catalogue.accounts.tokens import ApiToken, Scope
from tests import account_pages
from tests.journeys.looks import faults_everywhere, violations
from tests.support.factories import PASSWORD, confirmed, with_factor
from tests.support.security_keys import with_key as with_key_in_database

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", ["vi", "en"])


@pytest.fixture(autouse=True)
def no_attempts_yet(fresh_cache) -> None:
    """Limits are counted in the cache, which outlives a test."""


@pytest.fixture
def person() -> User:
    """Somebody with everything an account can have."""
    user = confirmed(email="lan@example.vn", full_name="Trần Thị Lan")
    with_factor(user)
    with_key_in_database(user)
    RecoveryCodes.activate(user)
    ApiToken.objects.issue(user, name="báo cáo hằng tháng", scope=Scope.READ, days=30, now=timezone.now())
    return user


def come_in(visitor, live_server, user: User) -> None:
    """Give the window a session of this person, the password just said."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "catalogue.accounts.backends.AccountBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    visitor.page.context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": live_server.url}])


@IN_BOTH_LANGUAGES
def test_every_page_of_an_account_can_be_used_by_everybody(visit, live_server, person, language):
    visitor = visit(path="/tai-khoan/dang-nhap/")
    come_in(visitor, live_server, person)
    page, wrong = visitor.page, []
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).pk
    visitor.trouble.clear()
    for address in account_pages.own_addresses(language, key=key):
        wrong += faults_everywhere(visitor, address)
        assert page.url == live_server.url + address
        if page.locator("h1").count() != 1:
            wrong.append(f"{address} has not one heading")

    assert wrong == []


@IN_BOTH_LANGUAGES
def test_errors_of_forms_are_announced_and_lead_to_their_fields(visit, live_server, language):
    prefix = "" if language == "vi" else "/en"
    visitor = visit(path=f"{prefix}/tai-khoan/dang-ky/")
    page = visitor.page
    page.fill("[name=full_name]", "Trần Thị Lan")
    page.click("main form button[type=submit]")

    assert page.locator(".error-summary").get_attribute("role") == "alert"
    link = page.locator(".error-summary a").first
    link.click()
    assert page.evaluate("document.activeElement.name") == "email"
    assert page.input_value("[name=full_name]") == "Trần Thị Lan"
    assert violations(page) == []
    assert visitor.trouble == []


def test_somebody_registers_with_the_keyboard_alone(visit, live_server):
    page = visit(width=390, path="/tai-khoan/dang-ky/").page
    page.focus("[name=full_name]")
    for text in ("Trần Thị Lan", "lan@example.vn", "cau-thang-mau-xanh", "cau-thang-mau-xanh"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/xac-nhan-thu/")
    page.goto(re.search(r"http://\S+", mail.outbox[0].body)[0])
    page.keyboard.press("Tab")
    page.locator("main form button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tai-khoan/")

    assert page.locator("h1").inner_text() == "Tài khoản của tôi"
    assert EmailAddress.objects.get().verified


@pytest.fixture
def with_key(visit):
    """A window whose browser has a security key built in, as a phone or a laptop does."""

    def opened(path: str, *, width: int = 1280):
        visitor = visit(width=width, path=path)
        devtools = visitor.page.context.new_cdp_session(visitor.page)
        devtools.send("WebAuthn.enable")
        devtools.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        return visitor

    return opened


@pytest.mark.parametrize("width", [1280, 390])
def test_an_operator_adds_a_key_and_signs_in_with_nothing_else(with_key, live_server, width):
    operator = confirmed(email="op@example.vn", is_staff=True, is_superuser=True, second_factor=False)
    visitor = with_key("/tai-khoan/dang-nhap/?next=/quan-tri/", width=width)
    page = visitor.page
    page.fill("[name=login]", operator.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form >> nth=0 >> button")
    page.wait_for_url("**/tai-khoan/bao-mat/")  # nothing else opens yet
    assert lacks_second_factor(operator)
    page.click("text=Thêm khóa bảo mật")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/bao-mat/khoa/them/")
    page.fill("[name=name]", "Máy tính ở cơ quan")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/ma-du-phong/")
    assert page.locator(".account__codes li").count() == 10
    page.goto(live_server.url + "/quan-tri/")
    assert page.url.endswith("/quan-tri/")

    page.context.clear_cookies()
    page.goto(live_server.url + "/tai-khoan/dang-nhap/")
    page.click("#passkey_login")
    page.wait_for_url("**/tai-khoan/")
    page.goto(live_server.url + "/quan-tri/")

    assert page.url.endswith("/quan-tri/")
    assert [trouble for trouble in visitor.trouble if "quan-tri" not in trouble] == []


def test_a_key_is_the_second_step_after_a_password(with_key, live_server):
    person = confirmed(email="lan@example.vn")
    page = with_key("/tai-khoan/dang-nhap/").page
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form >> nth=0 >> button")
    page.goto(live_server.url + "/tai-khoan/bao-mat/khoa/them/")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/ma-du-phong/")

    page.context.clear_cookies()
    page.goto(live_server.url + "/tai-khoan/dang-nhap/")
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form >> nth=0 >> button")
    page.wait_for_url("**/bao-mat/xac-thuc/")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url("**/tai-khoan/")

    assert page.locator("h1").inner_text() == "Tài khoản của tôi"


def test_a_browser_without_a_key_is_told_so_on_the_page(visit):
    page = visit(path="/tai-khoan/dang-nhap/").page
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')) }"
    )

    page.click("#passkey_login")

    page.wait_for_selector("[data-key-trouble]:not([hidden])")


def test_signing_in_needs_no_scripts(visit, live_server):
    person = confirmed(email="lan@example.vn")
    page = visit(scripts=False, path="/tai-khoan/dang-nhap/").page
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form >> nth=0 >> button")

    assert page.url.endswith("/tai-khoan/")
