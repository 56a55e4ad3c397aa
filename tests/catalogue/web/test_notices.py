"""How a person is told, and the way out of a mail: who reaches what, in both languages."""

import re

import pytest
from django.core import mail

from catalogue.notifications.kinds import Group, Pace
from catalogue.notifications.models import Notice, NoticeChoice
from catalogue.notifications.unsubscribing import token_for
from catalogue.platforms.models import Platform
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db
CHOICES, STOP = "/tai-khoan/thong-bao/", "/thu/ngung/{}/"
ALL = {
    "operations": "daily",
    "organisations": "immediate",
    "problems": "immediate",
    "vetting": "daily",
}  # what is asked


@pytest.fixture
def reader():
    return UserFactory()


@pytest.fixture
def token(reader):
    return token_for(reader, [Group.OPERATIONS])


def pace(user) -> Pace:
    return NoticeChoice.objects.pace(user, Group.OPERATIONS)


ROLES = {"anonymous": None, "reader": {}, "staff": {"is_staff": True}, "superuser": {"is_superuser": True}}


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("get", CHOICES, {"reader", "staff", "superuser"}),
        ("post", CHOICES, {"reader", "staff", "superuser"}),
        ("get", STOP, set(ROLES)),
        ("post", STOP, set(ROLES)),
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_who_reaches_which_page(client, token, prefix, method, address, allowed, role):
    if ROLES[role] is not None:
        client.force_login(UserFactory(**ROLES[role]))

    answer = getattr(client, method)(prefix + address.format(token), ALL)

    if role in allowed:
        assert answer.status_code in (200, 302)
        assert "login" not in answer.get("Location", "")
    else:
        assert answer.status_code == 302
        assert "next=" in answer["Location"]


def test_the_choices_of_an_account_are_its_own(client, reader):
    other = UserFactory()
    client.force_login(reader)

    answer = client.post(CHOICES, ALL, follow=True)

    assert "Đã lưu cách nhận thông báo." in answer.content.decode()
    assert re.search(r'value="daily" checked', answer.content.decode())
    assert (pace(reader), pace(other)) == (Pace.DAILY, Pace.IMMEDIATE)


@pytest.mark.parametrize(
    "sent",
    [
        {name: pace for name, pace in ALL.items() if name != "operations"},
        {**ALL, "operations": "hourly"},
    ],
)
def test_a_choice_that_is_none_is_refused_and_leads_to_its_field(client, reader, sent):
    client.force_login(reader)

    answer = client.post(CHOICES, sent)

    assert answer.status_code == 400
    assert 'href="#id_operations"' in answer.content.decode()
    assert 'id="id_operations"' in answer.content.decode()
    assert not NoticeChoice.objects.exists()


def test_what_cannot_be_chosen_is_not_asked(client, reader):
    client.force_login(reader)

    page = client.get(CHOICES).content.decode()

    assert 'name="operations"' in page
    assert 'name="account"' not in page


def test_looking_at_the_way_out_changes_nothing(client, reader, token):
    page = client.get(STOP.format(token)).content.decode()

    assert "Vận hành danh mục" in page
    assert pace(reader) is Pace.IMMEDIATE


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "One-Click"}])
def test_one_post_is_enough_and_may_come_again(client, reader, token, body):
    """RFC 8058: no session, no CSRF token, no question."""
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert client.post(STOP.format(token), body).status_code == 200

    assert pace(reader) is Pace.OFF


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_we_did_not_make_is_not_found(client, reader, token, method):
    for wrong in (token[:-2] + "xx", "x", token_for(reader, [Group.ACCOUNT]), token_for(reader, ["no-such-group"])):
        assert getattr(client, method)(STOP.format(wrong)).status_code == 404
    assert not NoticeChoice.objects.exists()


def test_the_address_of_somebody_who_left_is_not_found(client, reader, token):
    reader.delete()

    assert client.post(STOP.format(token)).status_code == 404


def test_operators_are_told_of_a_mistake_and_read_it_only_in_the_admin(
    client, catalogue, django_capture_on_commit_callbacks
):
    operator = UserFactory(is_staff=True, is_superuser=True, language="en")
    UserFactory(is_staff=True)
    UserFactory()
    Platform.objects.filter(slug="hopviet").update(name="HọpViệt")

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/nen-tang/hopviet/bao-sai/", {"about": "price", "reason": "Giá đã đổi từ tháng trước, bí mật"})

    assert [message.to for message in mail.outbox] == [[operator.email]]
    assert mail.outbox[0].subject == "Mistake reported: HọpViệt"
    assert "bí mật" not in mail.outbox[0].body
    assert "Price" in mail.outbox[0].body
    assert Notice.objects.get().about.startswith("mistake:")
