"""The second step: set up, asked for, required of staff, and nowhere a way around it."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.utils import timezone

from catalogue.accounts.adapters import SecondFactorAdapter
from catalogue.accounts.policy import REVIEWERS
from tests.support.factories import PASSWORD, TOTP_SECRET, confirmed, with_factor

from .conftest import SIGN_IN, code

pytestmark = pytest.mark.django_db
STEP = "/tai-khoan/bao-mat/xac-thuc/"
SECURITY = "/tai-khoan/bao-mat/"


def reviewer(**fields):
    user = confirmed(second_factor=False, **fields)
    user.groups.add(Group.objects.get_or_create(name=REVIEWERS)[0])
    return user


STAFF = {
    "operator": lambda: confirmed(is_staff=True, second_factor=False),
    "superuser": lambda: confirmed(is_staff=True, is_superuser=True, second_factor=False),
    "reviewer": reviewer,
}
EVERY_STAFF = pytest.mark.parametrize("make", STAFF.values(), ids=STAFF.keys())


class TestAuthenticatorApp:
    @pytest.mark.django_db(transaction=True)  # the mail goes out with the commit, in the same request
    def test_is_set_up_after_the_password_is_said_once_more(self, sign_in, person):
        browser, add = sign_in(person), f"{SECURITY}ung-dung/them/"
        asked = browser.get(add)
        assert asked.url.startswith("/tai-khoan/xac-nhan-lai/")
        assert "Mật khẩu chưa đúng." in browser.post(asked.url, {"password": "sai"}).content.decode()
        assert browser.post(asked.url, {"password": PASSWORD}).url == add
        assert "<svg" in browser.get(add).content.decode()
        assert "Mã chưa đúng." in browser.post(add, {"code": "000000"}).content.decode()

        answer = browser.post(add, {"code": code(secret=browser.session["mfa.totp.secret"])})

        assert answer.url == f"{SECURITY}ma-du-phong/"
        assert browser.get(answer.url).content.decode().count("<code>") == 10
        assert mail.outbox[0].subject == "Đã thêm ứng dụng xác thực"

    def test_is_asked_for_at_every_sign_in(self, client, person):
        with_factor(person)

        assert client.post(SIGN_IN, {"login": person.email, "password": PASSWORD}).url == STEP
        assert client.get("/tai-khoan/").status_code == 302
        assert "Mã chưa đúng." in client.post(STEP, {"code": "123"}).content.decode()
        now = code()
        assert client.post(STEP, {"code": now}).url == "/tai-khoan/"
        assert client.get("/tai-khoan/").status_code == 200

        again = Client()
        again.post(SIGN_IN, {"login": person.email, "password": PASSWORD})
        assert again.post(STEP, {"code": now}).status_code == 200  # a code seen over a shoulder is worth nothing

    def test_codes_cannot_be_guessed(self, client, person):
        with_factor(person)
        client.post(SIGN_IN, {"login": person.email, "password": PASSWORD})
        for guess in range(6):
            client.post(STEP, {"code": f"{guess:06}"})

        assert client.post(STEP, {"code": code()}).status_code == 200
        assert client.get("/tai-khoan/").status_code == 302

    def test_cannot_be_read_in_the_database(self, person, settings):
        kept = with_factor(person).data["secret"]

        assert TOTP_SECRET not in kept
        assert SecondFactorAdapter().decrypt(kept) == TOTP_SECRET
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10
        assert SecondFactorAdapter().decrypt(kept) == TOTP_SECRET  # the key of the site can be changed


class TestRecoveryCode:
    def test_signs_in_once(self, proved, person):
        with_factor(person)
        browser = Client()
        browser.post(SIGN_IN, {"login": person.email, "password": PASSWORD})
        browser.post(STEP, {"code": code()})
        browser.post("/tai-khoan/xac-nhan-lai/", {"password": PASSWORD})
        browser.post(f"{SECURITY}ma-du-phong/tao/")
        file = browser.get(f"{SECURITY}ma-du-phong/tai-ve/")
        assert file["Content-Disposition"].startswith("attachment")
        spare = file.content.decode().split()[0]

        for expected in ("/tai-khoan/", None):
            other = Client()
            other.post(SIGN_IN, {"login": person.email, "password": PASSWORD})
            answer = other.post(STEP, {"code": spare})
            assert (answer.url if answer.status_code == 302 else None) == expected


class TestStaff:
    @EVERY_STAFF
    @pytest.mark.parametrize(
        "address",
        ["/", "/quan-tri/", "/quan-tri/catalogue/user/", "/tai-khoan/", "/en/nen-tang/", "/tai-khoan/ma-truy-cap/"],
    )
    def test_open_nothing_before_a_factor_is_set_up(self, client, make, address):
        client.force_login(make())

        answer = client.get(address)

        assert (answer.status_code, answer.url.removeprefix("/en")) == (302, SECURITY)

    @EVERY_STAFF
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_are_refused_by_the_api_too(self, client, make, method):
        client.force_login(make())
        address = {"get": "/api/v1/platforms", "post": "/api/v1/recommendations"}[method]

        answer = getattr(client, method)(address)

        assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_needed")

    @EVERY_STAFF
    def test_can_set_one_up_and_then_go_on(self, client, make):
        user = make()
        client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
        page = client.get(SECURITY).content.decode()
        assert "quyết định thay người khác" in page
        client.post("/tai-khoan/xac-nhan-lai/", {"password": PASSWORD})
        add = f"{SECURITY}ung-dung/them/"
        client.get(add)

        client.post(add, {"code": code(secret=client.session["mfa.totp.secret"])})

        assert client.get("/tai-khoan/").status_code == 200
        assert client.get("/quan-tri/").status_code == (200 if user.is_staff else 302)

    def test_cannot_let_go_of_the_last_one(self, client):
        user = confirmed(is_staff=True)
        client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
        client.post(STEP, {"code": code()})
        client.post("/tai-khoan/xac-nhan-lai/", {"password": PASSWORD})

        answer = client.post(f"{SECURITY}ung-dung/go/")

        assert "phải có bước xác thực thứ hai" in answer.content.decode()
        assert Authenticator.objects.filter(user=user).exists()

    def test_strangers_answers_stay_anybodys(self, client):
        assert "Cookie" not in client.get("/the/trang.png").get("Vary", "")
        assert "Cookie" not in client.get("/sitemap.xml").get("Vary", "")

    def test_who_is_not_staff_may_do_without(self, sign_in, person):
        assert sign_in(person).get("/nen-tang/").status_code == 200

    def test_the_switch_for_a_laptop(self, client, settings):
        settings.REQUIRE_MFA = False
        client.force_login(confirmed(is_staff=True, is_superuser=True, second_factor=False))

        assert client.get("/quan-tri/").status_code == 200


class TestAdmin:
    def test_has_no_door_of_its_own(self, client):
        operator = confirmed(is_staff=True, is_superuser=True)
        first = client.get("/quan-tri/", follow=True)
        assert first.redirect_chain[-1][0].startswith("/tai-khoan/dang-nhap/?next=/quan-tri/")

        answer = client.post("/quan-tri/login/", {"username": operator.email, "password": PASSWORD})

        assert answer.status_code == 302
        assert "_auth_user_id" not in client.session

    def test_lets_no_operator_become_another_by_a_password_alone(self, client):
        client.force_login(confirmed(is_staff=True))
        other = confirmed(is_staff=True, is_superuser=True)

        client.post("/quan-tri/login/", {"username": other.email, "password": PASSWORD})

        assert client.session["_auth_user_id"] != str(other.pk)

    def test_shows_nobody_what_proves_who_people_are(self, client):
        client.force_login(confirmed(is_staff=True, is_superuser=True))
        person = confirmed()
        with_factor(person)

        assert client.get("/quan-tri/mfa/authenticator/").status_code == 404
        assert client.get("/quan-tri/socialaccount/socialapp/").status_code == 404
        assert client.get(f"/quan-tri/catalogue/user/{person.pk}/delete/").status_code == 403

    def test_cannot_bring_back_who_was_erased(self, client):
        client.force_login(confirmed(is_staff=True, is_superuser=True))
        gone = confirmed(is_active=False, erased_at=timezone.now())
        page = f"/quan-tri/catalogue/user/{gone.pk}/change/"

        assert client.get(page).status_code == 200
        assert client.post(page, {"is_active": "on"}).status_code == 403

    def test_helps_who_lost_everything_after_asking(self, client):
        client.force_login(confirmed(is_staff=True, is_superuser=True))
        person = confirmed()
        with_factor(person)
        asked = {"action": "reset_second_factor", "_selected_action": [person.pk]}

        page = client.post("/quan-tri/catalogue/user/", asked).content.decode()
        assert "Gỡ bước xác thực thứ hai?" in page
        assert Authenticator.objects.filter(user=person).exists()
        client.post("/quan-tri/catalogue/user/", {**asked, "confirmed": "yes"})

        assert not Authenticator.objects.filter(user=person).exists()
