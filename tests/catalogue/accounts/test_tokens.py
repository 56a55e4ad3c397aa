"""Keys for a person's own programs."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from catalogue.accounts.models import User
from catalogue.accounts.tokens import LONGEST, MOST, ApiToken, Scope, TooManyTokens
from tests.support.factories import confirmed

pytestmark = pytest.mark.django_db
PAGE = "/tai-khoan/ma-truy-cap/"
READ, WRITE = "/api/v1/platforms", "/api/v1/recommendations"
NEED = {"statement": "Phường cần họp trực tuyến, họp không giấy"}


def issue(user, scope=Scope.READ, days=30):
    return ApiToken.objects.issue(user, name="báo cáo", scope=scope, days=days, now=timezone.now())


def asked(api, secret, address=READ, method="get", **more):
    return getattr(api, method)(address, headers={"Authorization": f"Bearer {secret}"}, **more)


class TestPage:
    def test_shows_a_new_token_once_and_keeps_only_its_hash(self, proved, person):
        browser = proved(person)

        page = browser.post(PAGE, {"name": "báo cáo", "scope": "read", "days": "90"})

        secret = re.search(r"ntv_[\w-]{43}", page.content.decode())[0]
        assert page["Cache-Control"].startswith("max-age=0, no-cache")
        assert secret not in browser.get(PAGE).content.decode()
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM catalogue_apitoken")
            assert secret not in str(cursor.fetchall())
        assert asked(Client(), secret).status_code == 200

    def test_making_one_needs_the_password_once_more(self, sign_in, person):
        browser = sign_in(person)
        assert browser.get(PAGE).status_code == 200

        assert browser.post(PAGE, {"name": "x", "scope": "read", "days": "90"}).url.startswith(
            "/tai-khoan/xac-nhan-lai/"
        )
        assert not ApiToken.objects.exists()

    @pytest.mark.parametrize(
        "wrong", [{"name": ""}, {"name": "x" * 101}, {"scope": "admin"}, {"days": "99999"}, {"days": "x"}]
    )
    def test_says_what_is_wrong(self, proved, person, wrong):
        answer = proved(person).post(PAGE, {"name": "báo cáo", "scope": "read", "days": "90", **wrong})

        assert answer.status_code == 400
        assert 'class="error-summary"' in answer.content.decode()
        assert not ApiToken.objects.exists()

    def test_revokes_one_of_ones_own_and_no_other(self, sign_in, person):
        secret, browser = issue(person), sign_in(person)
        theirs = issue(confirmed())
        other = ApiToken.objects.exclude(user=person).get()

        assert browser.post(f"{PAGE}thu-hoi/", {"token": other.pk}).status_code == 404
        browser.post(f"{PAGE}thu-hoi/", {"token": ApiToken.objects.get(user=person).pk})

        assert asked(Client(), secret).status_code == 401
        assert asked(Client(), theirs).status_code == 200


class TestRequest:
    def test_a_token_that_reads_does_not_write(self, api, catalogue, person):
        secret = issue(person)

        assert asked(api, secret).status_code == 200
        refused = asked(api, secret, WRITE, "post", data=NEED, format="json")

        assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")

    def test_a_token_that_writes_needs_no_csrf_token(self, catalogue, answering, person):
        strict = Client(enforce_csrf_checks=True)

        answer = asked(strict, issue(person, Scope.WRITE), WRITE, "post", data=NEED, content_type="application/json")

        assert answer.status_code in (200, 201)

    @pytest.mark.parametrize("secret", ["", "ntv_made-up", "x" * 5000, "\u0111"])
    def test_what_is_no_token_is_refused_as_a_problem(self, api, db, secret):
        answer = asked(api, secret)

        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
        assert answer["WWW-Authenticate"] == "Bearer"

    def test_a_token_ends(self, api, person):
        secret = issue(person, days=30)

        with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
            assert asked(api, secret).status_code == 401

    def test_a_session_does_not_stand_in_for_a_wrong_token(self, sign_in, person):
        assert asked(sign_in(person), "ntv_made-up").status_code == 401

    @pytest.mark.parametrize(
        "state",
        [
            {"is_active": False},
            {"deletion_asked_at": timezone.now()},
            {"idle_warned_at": timezone.now(), "locked_at": timezone.now()},
        ],
    )
    def test_counts_for_nothing_once_its_owner_may_not_act(self, api, person, state):
        secret = issue(person)
        User.objects.filter(pk=person.pk).update(**state)

        assert asked(api, secret).status_code == 401

    def test_staff_need_a_second_factor_for_it_too(self, api, db):
        secret = issue(confirmed(is_staff=True, second_factor=False))

        assert asked(api, secret).json()["code"] == "second_factor_needed"

    def test_its_last_use_is_seen(self, api, person):
        asked(api, issue(person))

        assert ApiToken.objects.get().last_used_at is not None


class TestRules:
    def test_nobody_has_more_than_they_can_keep_an_eye_on(self, person):
        for _ in range(MOST):
            issue(person)
        with pytest.raises(TooManyTokens):
            issue(person)

        ApiToken.objects.of(person).first().delete()
        issue(person)

    def test_none_lasts_longer_than_a_year(self, person):
        issue(person, days=4000)

        assert ApiToken.objects.get().expires_at - ApiToken.objects.get().created_at == LONGEST

    def test_old_ones_are_forgotten(self, person):
        issue(person, days=30)

        assert ApiToken.objects.forget_old(timezone.now() + timedelta(days=119)) == 0
        assert ApiToken.objects.forget_old(timezone.now() + timedelta(days=121)) == 1


def test_the_description_of_the_api_tells_of_both_ways(api, db):
    schema = api.get("/api/v1/schema/?format=json").json()

    schemes = schema["components"]["securitySchemes"]
    assert schemes["token"] == {
        "type": "http", "scheme": "bearer", "description": "A token of your own, made on the account's page.",
    }  # fmt: skip
    assert schemes["cookieAuth"]["in"] == "cookie"
    assert {"token": []} in schema["paths"]["/api/v1/platforms"]["get"]["security"]
