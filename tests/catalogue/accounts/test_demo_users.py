"""Accounts to try the site with: real ones, printed, and nowhere but on a laptop."""

import re

import pytest
from django.core.management import CommandError, call_command

from catalogue.accounts.adapters import SecondFactorAdapter
from catalogue.accounts.models import User
from catalogue.accounts.policy import lacks_second_factor
from catalogue.vetting.querysets import may_review
from tests.support.factories import VendorFactory

from .conftest import SIGN_IN

pytestmark = pytest.mark.django_db
STEP = "/tai-khoan/bao-mat/xac-thuc/"


def test_the_operator_comes_in_with_what_is_printed(client, capsys):
    call_command("demo_users")
    printed = capsys.readouterr().out
    email, password = re.search(r"(operator@\S+) / (\S+)", printed).groups()
    code = re.search(r"second step: (\d{6})", printed)[1]

    assert client.post(SIGN_IN, {"login": email, "password": password}).url == STEP
    client.post(STEP, {"code": code})

    assert client.get("/quan-tri/").status_code == 200


def test_run_again_changes_nothing(capsys):
    call_command("demo_users")
    before = list(User.objects.values_list("pk", "email", "password"))
    call_command("demo_users")

    assert list(User.objects.values_list("pk", "email", "password")) == before


def test_without_the_requirement_a_password_is_enough(client, settings, capsys):
    call_command("demo_users")
    settings.REQUIRE_MFA = False
    call_command("demo_users")
    email, password = re.search(r"(operator@\S+) / (\S+)", capsys.readouterr().out).groups()

    client.post(SIGN_IN, {"login": email, "password": password})

    assert client.get("/quan-tri/").status_code == 200


def test_a_factor_of_ones_own_is_left_alone(capsys):
    call_command("demo_users")
    operator = User.objects.get(email="operator@example.vn")
    app = operator.authenticator_set.get()
    app.data = {"secret": SecondFactorAdapter().encrypt("ABCD")}
    app.save()
    capsys.readouterr()

    call_command("demo_users")

    assert "totp/operator@" not in capsys.readouterr().out
    assert not lacks_second_factor(operator)


@pytest.mark.parametrize("left", [{"ON_LAPTOP": False}, {"SECRET_KEY": "k" * 60}])
def test_is_refused_anywhere_but_on_a_laptop(settings, left):
    for name, value in left.items():
        setattr(settings, name, value)

    with pytest.raises(CommandError):
        call_command("demo_users")
    assert not User.objects.exists()


def test_two_reviewers_and_a_vendors_owner_can_try_the_whole_way(client, capsys):
    vendor = VendorFactory(key="misa", short_name="MISA")
    call_command("demo_users")
    printed = capsys.readouterr().out

    reviewers = User.objects.filter(email__startswith="tham-dinh-")
    assert len(reviewers) == 2
    assert all(may_review(user) and not lacks_second_factor(user) for user in reviewers)
    assert printed.count("second step") == 3
    owner = User.objects.get(email="doanh-nghiep@example.vn")
    assert owner.memberships.get().organisation == vendor
    assert "speaks for MISA: /to-chuc/misa/san-pham/" in printed
    email, password = re.search(r"(tham-dinh-1@\S+) / (\S+)", printed).groups()
    client.post(SIGN_IN, {"login": email, "password": password})
    client.post(STEP, {"code": re.findall(r"second step: (\d{6})", printed)[1]})
    assert client.get("/tham-dinh/ban-lam-viec/").status_code == 200
