"""From nothing to an account that can be used."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from catalogue.accounts.models import User
from tests.support.factories import confirmed

from .conftest import link_of_last_mail

pytestmark = pytest.mark.django_db
REGISTER = "/tai-khoan/dang-ky/"
GIVEN = {
    "full_name": "Nguyễn Văn Ánh",
    "email": "anh@example.vn",
    "password1": "cau-thang-mau-xanh",
    "password2": "cau-thang-mau-xanh",
}


def test_who_registers_confirms_the_address_and_is_in(client):
    answer = client.post(REGISTER, GIVEN)
    assert answer.url == "/tai-khoan/xac-nhan-thu/"
    assert client.get("/tai-khoan/").status_code != 200

    link = link_of_last_mail()
    assert "anh@example.vn" in client.get(link).content.decode()
    assert not EmailAddress.objects.get().verified  # a mail scanner that opens the link confirms nothing
    client.post(link)

    assert client.get("/tai-khoan/").status_code == 200
    user = User.objects.get()
    assert (user.full_name, user.language) == ("Nguyễn Văn Ánh", "vi")
    assert mail.outbox[0].subject == "Xác nhận thư điện tử"
    assert mail.outbox[0].body.startswith("Kính gửi Ông/Bà,")


def test_who_confirms_in_another_browser_signs_in_there(client):
    client.post(REGISTER, GIVEN)
    other = Client()

    answer = other.post(link_of_last_mail())

    assert answer.url == "/tai-khoan/dang-nhap/"
    assert other.get("/tai-khoan/").status_code == 302


def test_whoever_reads_english_gets_english_mail(client):
    client.post("/en" + REGISTER, GIVEN)

    assert mail.outbox[0].subject == "Confirm your e-mail address"
    assert "/en/tai-khoan/xac-nhan-thu/" in mail.outbox[0].body
    assert User.objects.get().language == "en"


def test_a_link_that_was_made_up_confirms_nothing(client):
    assert client.get("/tai-khoan/xac-nhan-thu/abc123/").status_code == 200
    assert client.post("/tai-khoan/xac-nhan-thu/abc123/").status_code == 404
    assert not EmailAddress.objects.exists()


def test_nobody_learns_whether_an_address_has_an_account(client):
    confirmed(email="anh@example.vn")
    taken = client.post(REGISTER, GIVEN)
    free = Client().post(REGISTER, {**GIVEN, "email": "moi@example.vn"})

    assert (taken.status_code, taken.url) == (free.status_code, free.url)
    assert [message.subject for message in mail.outbox] == ["Địa chỉ này đã có tài khoản", "Xác nhận thư điện tử"]
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("ngan-qua", "ít nhất 10 ký tự"),
        ("password123", "phổ biến"),
        ("20261125998877", "số"),
        ("anh@example.vn", "giống"),
    ],
)
def test_a_weak_password_is_refused_and_what_was_typed_stays(client, password, says):
    answer = client.post(REGISTER, {**GIVEN, "password1": password, "password2": password})

    page = answer.content.decode()
    assert says in page
    assert 'class="error-summary"' in page
    assert 'value="Nguyễn Văn Ánh"' in page
    assert password not in page.replace('value="anh@example.vn"', "")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "không-phải-thư"},
        {"email": ""},
        {"full_name": ""},
        {"full_name": "x" * 151},
        {"password2": "khác"},
        {"email": "a\0b@example.vn"},
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_made(client, wrong):
    answer = client.post(REGISTER, {**GIVEN, **wrong})

    assert answer.status_code == 200
    assert 'class="error-summary"' in answer.content.decode()
    assert not User.objects.exists()


def test_a_name_is_only_text(client):
    client.post(REGISTER, {**GIVEN, "full_name": "<script>alert(1)</script>"})
    client.post(link_of_last_mail())

    page = client.get("/tai-khoan/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_program_that_fills_the_hidden_field_makes_nobody_and_is_not_told(client):
    answer = client.post(REGISTER, {**GIVEN, "website": "https://spam.example"})

    assert answer.url == "/tai-khoan/xac-nhan-thu/"
    assert not User.objects.exists()
    assert mail.outbox == []


def test_registering_is_limited_by_address_of_the_network(client):
    answers = [client.post(REGISTER, {}).status_code for _ in range(21)]

    assert set(answers[:20]) == {200}
    assert answers[20] == 429


def test_whoever_makes_an_operator_on_the_server_need_not_confirm(db, client):
    operator = User.objects.create_superuser("op@example.vn", "cau-thang-mau-xanh")

    assert EmailAddress.objects.get(user=operator).verified
