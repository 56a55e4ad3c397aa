"""Signing in, and every way it can be refused."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from catalogue.accounts.models import User
from catalogue.shortlists.models import ShortlistItem
from tests.support.factories import PASSWORD, UserFactory, confirmed

from .conftest import SIGN_IN, link_of_last_mail

pytestmark = pytest.mark.django_db
WRONG = "Thư điện tử hoặc mật khẩu chưa đúng."


def test_who_signs_in_goes_to_the_account_or_where_they_came_from(client, person):
    assert client.post(SIGN_IN, {"login": "LAN@example.vn", "password": PASSWORD}).url == "/tai-khoan/"
    there = Client().post(SIGN_IN, {"login": person.email, "password": PASSWORD, "next": "/danh-sach-luu/"})
    assert there.url == "/danh-sach-luu/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_sent_to_another_site(client, person, target):
    assert client.post(SIGN_IN, {"login": person.email, "password": PASSWORD, "next": target}).url == "/tai-khoan/"


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client, person):
    wrong = client.post(SIGN_IN, {"login": person.email, "password": "sai"}).content.decode()
    unknown = client.post(SIGN_IN, {"login": "ai@example.vn", "password": "sai"}).content.decode()

    assert WRONG in wrong
    assert WRONG in unknown
    assert 'value="lan@example.vn"' in wrong  # what was typed stays, but for the password


def test_too_many_wrong_passwords_close_the_door_for_a_while(client, person):
    for _ in range(5):
        client.post(SIGN_IN, {"login": person.email, "password": "sai"})
    answer = client.post(SIGN_IN, {"login": person.email, "password": PASSWORD})

    assert "Sai quá nhiều lần" in answer.content.decode()
    assert client.get("/tai-khoan/").status_code == 302


def test_who_has_not_confirmed_the_address_gets_the_mail_again(client):
    user = UserFactory()

    answer = client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})

    assert answer.url == "/tai-khoan/xac-nhan-thu/"
    assert mail.outbox[0].to == [user.email]
    assert client.get("/tai-khoan/").status_code == 302


def test_a_stopped_account_does_not_open(client, person):
    User.objects.update(is_active=False)

    assert client.post(SIGN_IN, {"login": person.email, "password": PASSWORD}).url == "/tai-khoan/tam-ngung/"
    assert client.get("/tai-khoan/").status_code == 302


def test_what_was_kept_before_signing_in_goes_along(client, catalogue, person):
    client.post("/danh-sach-luu/luu/", {"platform": "hopviet"})

    client.post(SIGN_IN, {"login": person.email, "password": PASSWORD})

    assert [item.platform for item in ShortlistItem.objects.filter(user=person)] == ["hopviet"]


def test_a_session_ends_with_the_browser_unless_it_is_to_be_remembered(client, person):
    short = client.post(SIGN_IN, {"login": person.email, "password": PASSWORD})
    long = Client().post(SIGN_IN, {"login": person.email, "password": PASSWORD, "remember": "on"})

    assert short.cookies["sessionid"]["max-age"] == ""
    assert long.cookies["sessionid"]["max-age"] == settings.SESSION_COOKIE_AGE


def test_signing_out_asks_first(sign_in, person):
    browser = sign_in(person)

    assert "Đăng xuất?" in browser.get("/tai-khoan/dang-xuat/").content.decode()
    assert browser.get("/tai-khoan/").status_code == 200
    browser.post("/tai-khoan/dang-xuat/")
    assert browser.get("/tai-khoan/").status_code == 302


class TestForgottenPassword:
    def test_a_link_by_mail_sets_a_new_one_and_ends_every_session(self, sign_in, person):
        elsewhere = sign_in(person, Client())
        browser = Client()
        assert browser.post("/tai-khoan/mat-khau/quen/", {"email": person.email}).url.endswith("/da-gui/")
        page = browser.get(link_of_last_mail())
        assert page.status_code == 302  # the secret leaves the address bar

        new = {"password1": "con-thuyen-nho-xiu", "password2": "con-thuyen-nho-xiu"}
        answer = browser.post(page.url, new)

        assert answer.url == "/tai-khoan/mat-khau/quen/xong/"
        assert elsewhere.get("/tai-khoan/").status_code == 302
        assert Client().post(SIGN_IN, {"login": person.email, "password": new["password1"]}).url == "/tai-khoan/"
        assert mail.outbox[-1].subject == "Đã đặt lại mật khẩu"
        mail.outbox.pop()
        assert "Liên kết không dùng được" in browser.get(link_of_last_mail()).content.decode()

    def test_nobody_learns_whether_there_is_such_an_account(self, client, person):
        known = client.post("/tai-khoan/mat-khau/quen/", {"email": person.email})
        unknown = client.post("/tai-khoan/mat-khau/quen/", {"email": "ai@example.vn"})

        assert known.url == unknown.url
        assert [m.subject for m in mail.outbox] == ["Đặt lại mật khẩu", "Địa chỉ này chưa có tài khoản"]

    def test_a_weak_new_one_is_refused(self, client, person):
        client.post("/tai-khoan/mat-khau/quen/", {"email": person.email})
        page = client.get(link_of_last_mail())

        answer = client.post(page.url, {"password1": "ngan", "password2": "ngan"})

        assert "ít nhất 10 ký tự" in answer.content.decode()


class TestChanging:
    def test_the_password_asks_for_the_old_one_and_ends_other_sessions(self, sign_in, person):
        browser, elsewhere = sign_in(person), sign_in(person, Client())
        new = {"password1": "con-thuyen-nho-xiu", "password2": "con-thuyen-nho-xiu"}
        wrong = browser.post("/tai-khoan/mat-khau/doi/", {"oldpassword": "sai", **new})
        assert 'class="error-summary"' in wrong.content.decode()

        browser.post("/tai-khoan/mat-khau/doi/", {"oldpassword": PASSWORD, **new})

        assert browser.get("/tai-khoan/").status_code == 200
        assert elsewhere.get("/tai-khoan/").status_code == 302
        assert mail.outbox[-1].subject == "Đã đổi mật khẩu"

    def test_a_new_address_holds_once_it_is_confirmed(self, proved, person):
        browser = proved(person)
        browser.post("/tai-khoan/thu-dien-tu/", {"action_add": "", "email": "moi@example.vn"})
        person.refresh_from_db()
        assert person.email == "lan@example.vn"

        browser.post(link_of_last_mail())

        person.refresh_from_db()
        assert person.email == "moi@example.vn"
        assert "lan@example.vn" in [address for message in mail.outbox for address in message.to]  # the old one is told

    def test_another_persons_address_cannot_be_taken(self, proved, person):
        confirmed(email="chu@example.vn")
        browser = proved(person)

        browser.post("/tai-khoan/thu-dien-tu/", {"action_add": "", "email": "chu@example.vn"})
        page = browser.post(link_of_last_mail(), follow=True).content.decode()

        assert mail.outbox[-1].to == [
            "chu@example.vn"
        ]  # the form answers as for any address: nobody learns it is taken
        assert "đã thuộc về một tài khoản khác" in page
        person.refresh_from_db()
        assert person.email == "lan@example.vn"

    def test_name_and_language(self, sign_in, person):
        browser = sign_in(person)

        browser.post("/tai-khoan/ho-so/", {"full_name": "Trần Lan", "language": "en"})

        person.refresh_from_db()
        assert (person.full_name, person.language) == ("Trần Lan", "en")
        assert browser.post("/tai-khoan/ho-so/", {"full_name": "x", "language": "fr"}).status_code == 400


def test_a_locked_account_says_how_to_unlock_it_only_to_who_knows_the_password(client, person):
    User.objects.update(idle_warned_at=timezone.now() - timedelta(days=30), locked_at=timezone.now())

    assert WRONG in client.post(SIGN_IN, {"login": person.email, "password": "sai"}).content.decode()
    assert client.post(SIGN_IN, {"login": person.email, "password": PASSWORD}).url == "/tai-khoan/da-khoa/"
    assert client.get("/tai-khoan/").status_code == 302

    client.post("/tai-khoan/mat-khau/quen/", {"email": person.email})
    page = client.get(link_of_last_mail())
    new = {"password1": "con-thuyen-nho-xiu", "password2": "con-thuyen-nho-xiu"}
    client.post(page.url, new)
    assert client.post(SIGN_IN, {"login": person.email, "password": new["password1"]}).url == "/tai-khoan/"
