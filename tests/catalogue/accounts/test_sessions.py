"""Where an account is signed in, and ending that."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from catalogue.accounts.sessions import device, forget_ended, shortened
from tests.support.factories import confirmed

pytestmark = pytest.mark.django_db
PAGE, END = "/tai-khoan/phien/", "/tai-khoan/phien/ket-thuc/"
PHONE = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"


@pytest.fixture
def two(sign_in, person):
    """A browser on a desk, and one on a phone."""
    return sign_in(person), sign_in(person, Client(HTTP_USER_AGENT=PHONE, REMOTE_ADDR="203.113.131.77"))


def test_each_device_is_listed_with_a_shortened_address(two):
    here, _phone = two

    page = here.get(PAGE).content.decode()

    assert page.count("Thiết bị này") == 1
    assert "Chrome · Android" in page
    assert "203.113.131.x" in page
    assert "203.113.131.77" not in page


def test_one_session_is_ended_and_only_that(two):
    here, phone = two
    row = UserSession.objects.get(ip="203.113.131.77")

    assert here.post(END, {"session": row.pk}).status_code == 302

    assert phone.get(PAGE).status_code == 302
    assert here.get(PAGE).status_code == 200


def test_all_others_are_ended_at_once(two, person):
    here, phone = two

    here.post(END, {"which": "others"})

    assert phone.get(PAGE).status_code == 302
    assert here.get(PAGE).status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 40, "", "1; drop"])
def test_a_session_that_is_not_there_is_not_found(two, number):
    assert two[0].post(END, {"session": number}).status_code == 404


def test_nobody_ends_the_session_of_another(two, sign_in):
    other = sign_in(confirmed(), Client())
    row = UserSession.objects.get(ip="203.113.131.77")

    assert other.post(END, {"session": row.pk}).status_code == 404
    assert two[1].get(PAGE).status_code == 200


def test_when_a_session_was_last_used_is_written_once_in_a_while(two):
    here, _phone = two
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(days=1))
    cache.delete(f"session-seen:{here.session.session_key}")

    here.get(PAGE)
    first = UserSession.objects.get(session_key=here.session.session_key).last_seen_at
    here.get(PAGE)

    assert timezone.now() - first < timedelta(minutes=1)
    assert UserSession.objects.get(session_key=here.session.session_key).last_seen_at == first


def test_of_a_session_that_ran_out_nothing_stays(two):
    assert forget_ended(timezone.now()) == 0

    assert forget_ended(timezone.now() + timedelta(days=15)) == 2
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("address", "shown"),
    [("203.113.131.77", "203.113.131.x"), ("2001:ee0:4f42:1234::7", "2001:ee0:4f42::x"), ("::", "::x")],
)
def test_an_address_loses_what_tells_one_desk_from_the_next(address, shown):
    assert shortened(address) == shown


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (PHONE, "Chrome · Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101 Firefox/145.0", "Firefox · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_as_people_name_it(agent, shown):
    assert device(agent) == shown
