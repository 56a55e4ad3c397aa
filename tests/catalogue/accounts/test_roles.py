"""Every view of an account, and who may open it."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from catalogue.web import account_urls
from tests.support.factories import PASSWORD, confirmed, with_factor

from .conftest import SIGN_IN, code

pytestmark = pytest.mark.django_db

# Name of a view → what it answers on GET: to nobody signed in, to a person, to staff without a second factor.
# "in" is the sign-in page, "proof" asks for the password once more, "set up" leads to the second factor.
VIEWS = {
    "account": ("in", 200, "set up"),
    "account-profile": ("in", 200, "set up"),
    "account_login": (200, "account", "set up"),
    "account_logout": ("home", 200, 200),
    "account_signup": (200, "account", "set up"),
    "account_inactive": (200, 200, "set up"),
    "account_locked": (200, 200, "set up"),
    "account_reauthenticate": ("in", 200, 200),
    "account_email": ("in", 200, 200),
    "account_email_verification_sent": (200, 200, 200),
    "account_change_password": ("in", 200, 200),
    "account_set_password": ("in", "change", "change"),
    "account_reset_password": (200, 200, "set up"),
    "account_reset_password_done": (200, 200, "set up"),
    "account_reset_password_from_key_done": (200, 200, "set up"),
    "mfa_index": ("in", 200, 200),
    "mfa_authenticate": ("in", "account", "set up"),
    "mfa_reauthenticate": ("in", "proof", "proof"),
    "mfa_activate_totp": ("in", "proof", "proof"),
    "mfa_deactivate_totp": (None, 404, "set up"),
    "mfa_view_recovery_codes": ("in", 404, 404),
    "mfa_generate_recovery_codes": ("in", "proof", "proof"),
    "mfa_download_recovery_codes": ("in", 404, 404),
    "mfa_list_webauthn": ("in", 200, 200),
    "mfa_add_webauthn": ("in", "proof", "proof"),
    "mfa_reauthenticate_webauthn": ("in", "proof", "proof"),
    "mfa_login_webauthn": ("in", "account", "set up"),
    "mfa_remove_webauthn": ("in", "proof", "set up"),
    "mfa_edit_webauthn": ("in", "proof", "set up"),
    "socialaccount_connections": ("in", 200, "set up"),
    "socialaccount_signup": ("in", "in", "set up"),
    "socialaccount_login_cancelled": (200, 200, "set up"),
    "socialaccount_login_error": (401, 401, "set up"),
    "openid_connect_login": (404, 404, "set up"),
    "openid_connect_callback": (404, 404, "set up"),
    "account-sessions": ("in", 200, "set up"),
    "account-session-end": ("in", 405, "set up"),
    "account-data": ("in", 200, "set up"),
    "account-data-export": ("in", "proof", "set up"),
    "account-delete": ("in", "proof", "set up"),
    "account-deletion-asked": (200, 200, "set up"),
    "account-tokens": ("in", 200, "set up"),
    "account-token-revoke": ("in", 405, "set up"),
}
PLACES = {
    "in": "/tai-khoan/dang-nhap/",
    "proof": "/tai-khoan/xac-nhan-lai/",
    "set up": "/tai-khoan/bao-mat/",
    "account": "/tai-khoan/",
    "change": "/tai-khoan/mat-khau/doi/",
    "home": "/",
}
LINKS = {
    "account_confirm_email": {"key": "x"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "x-y"},
}


def address(name: str) -> str:
    for arguments in ({}, {"pk": 1}, {"provider_id": "oidc"}):
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(name)


def test_the_table_is_whole():
    names = {entry.name for entry in [*account_urls.urlpatterns, *account_urls.without_language]}

    assert names == VIEWS.keys() | LINKS.keys()


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("role", ["anonymous", "person", "staff without a factor"])
def test_each_view_opens_to_whom_it_should(client, sign_in, name, role):
    if role != "anonymous":
        sign_in(confirmed(is_staff=role != "person", second_factor=False))
    expected = dict(zip(("anonymous", "person", "staff without a factor"), VIEWS[name], strict=True))[role]

    answer = client.get(address(name))

    if isinstance(expected, int):
        assert answer.status_code == expected
    elif expected is None:  # a view of the second factor that takes a signed-in person for granted
        assert answer.status_code in (302, 403, 404)
    else:
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, PLACES[expected])


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("role", ["anonymous", "person"])
def test_a_link_of_a_mail_that_was_made_up_opens_nothing(client, sign_in, name, role):
    if role == "person":
        sign_in(confirmed())

    page = client.get(reverse(name, kwargs=LINKS[name]))

    assert page.status_code == 200
    assert "đã hết hạn hoặc đã dùng rồi" in page.content.decode()


def test_staff_with_a_factor_open_what_a_person_opens(client):
    user = confirmed(is_staff=True)
    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    client.post("/tai-khoan/bao-mat/xac-thuc/", {"code": code()})

    for name in ("account", "account-sessions", "account-data", "account-tokens", "socialaccount_connections"):
        assert client.get(address(name)).status_code == 200, name


def test_nobody_touches_the_key_of_another(proved):
    mine, theirs = confirmed(), confirmed()
    key = with_factor(theirs)
    browser = proved(mine, Client())

    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        assert browser.get(reverse(name, kwargs={"pk": key.pk})).status_code == 404
        assert browser.post(reverse(name, kwargs={"pk": key.pk}), {"name": "x"}).status_code == 404


@pytest.mark.parametrize("language", ["", "/en"])
def test_no_page_of_an_account_may_be_indexed_or_kept_by_a_proxy(sign_in, language):
    browser = sign_in(confirmed())
    for path in ("/tai-khoan/", "/tai-khoan/phien/", "/tai-khoan/du-lieu/", "/tai-khoan/ma-truy-cap/"):
        page = browser.get(language + path)
        assert '<meta name="robots" content="noindex">' in page.content.decode()
        assert "no-store" in page["Cache-Control"]


def test_a_form_from_another_site_does_nothing(person):
    strict = Client(enforce_csrf_checks=True)

    for path in (
        "/tai-khoan/dang-nhap/",
        "/tai-khoan/dang-ky/",
        "/tai-khoan/mat-khau/quen/",
        "/tai-khoan/phien/ket-thuc/",
    ):
        assert strict.post(path, {"login": person.email}).status_code == 403, path
