"""A copy of what is held, and leaving."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.core import mail
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.utils import timezone

from catalogue.accounts import deletion, personal_data
from catalogue.accounts.models import User
from catalogue.accounts.tokens import ApiToken, Scope
from catalogue.organisations.models import Membership, Role
from catalogue.platforms.mistakes import MistakeReport
from catalogue.shortlists.models import ShortlistItem
from tests.support.factories import PASSWORD, TOTP_SECRET, VendorFactory, confirmed, with_factor

from .conftest import SIGN_IN

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
EXPORT, DELETE = "/tai-khoan/du-lieu/tai-ve/", "/tai-khoan/du-lieu/xoa/"
GRACE = timedelta(days=30)


@pytest.fixture
def full(person, catalogue):
    """A person of whom something is held everywhere."""
    with_factor(person)
    SocialAccount.objects.create(
        user=person, provider="oidc", uid="079123456789", extra_data={"userinfo": {"sub": "x", "address": "Hà Nội"}}
    )
    ShortlistItem.objects.create(user=person, platform="hopviet", name="HọpViệt", note="Hỏi giá")
    vendor = VendorFactory(name="Công ty Một")
    Membership.objects.create(user=person, organisation=vendor, role=Role.EDITOR)
    ApiToken.objects.issue(person, name="báo cáo", scope=Scope.READ, days=30, now=timezone.now())
    MistakeReport.objects.create(
        platform=catalogue["hopviet"], about="price", reason="Giá đã đổi từ năm ngoái.", email="LAN@example.vn"
    )
    return person


class TestCopy:
    def test_holds_everything_but_what_proves_who_somebody_is(self, full):
        copy = personal_data.copy_of(full, NOW)

        assert copy["account"]["full_name"] == "Trần Thị Lan"
        assert copy["email_addresses"][0]["email"] == "lan@example.vn"
        assert copy["memberships"][0]["organisation__name"] == "Công ty Một"
        assert copy["shortlist"][0]["note"] == "Hỏi giá"
        assert copy["mistake_reports"][0]["reason"] == "Giá đã đổi từ năm ngoái."
        assert copy["api_tokens"][0]["name"] == "báo cáo"
        assert {method["kind"] for method in copy["sign_in_methods"]} == {"password", "totp", "provider"}
        text = json.dumps(copy, default=str)
        assert full.password not in text
        assert TOTP_SECRET not in text
        assert ApiToken.objects.get().digest not in text

    def test_keeps_of_a_provider_only_what_is_used(self, full):
        assert SocialAccount.objects.get().extra_data == {"userinfo": {"sub": "x"}}

    def test_is_a_file_given_after_the_password_is_said_once_more(self, sign_in, person):
        browser = sign_in(person)
        asked = browser.get(EXPORT)
        assert asked.url.startswith("/tai-khoan/xac-nhan-lai/")
        browser.post(asked.url, {"password": PASSWORD})

        file = browser.get(EXPORT)

        assert file["Content-Type"] == "application/json"
        assert file["Content-Disposition"].startswith('attachment; filename="du-lieu-ca-nhan-')
        assert file["Cache-Control"].startswith("max-age=0, no-cache")
        assert file.json()["account"]["email"] == "lan@example.vn"
        assert file.json()["sessions"][0]["ip"] == "127.0.0.1"

    def test_every_row_that_names_a_person_is_handed_over_and_forgotten(self):
        """A model with a person in it belongs to a holding: add it to one, or say here why it does not."""
        held = {
            "account.EmailAddress", "catalogue.ApiToken", "catalogue.Appeal", "catalogue.Challenge", "catalogue.Claim", "catalogue.JoinRequest",
            "catalogue.Membership", "catalogue.Notice", "catalogue.NoticeChoice", "catalogue.ShortlistItem",
            "mfa.Authenticator", "socialaccount.SocialAccount", "usersessions.UserSession", "admin.LogEntry",
        }  # fmt: skip
        in_office = "what somebody did for an organisation or in office, under the number of an account without a name"
        not_held = dict.fromkeys(
            (
                "catalogue.Clarification",
                "catalogue.Document",
                "catalogue.Evaluator",
                "catalogue.Import",
                "catalogue.Invitation",
                "catalogue.Joiner",
                "catalogue.MistakeReport",
                "catalogue.Problem",
                "catalogue.Revision",
                "catalogue.Step",
                "catalogue.Submission",
            ),
            in_office,
        )
        naming = {
            model._meta.label
            for model in apps.get_models()
            for field in model._meta.get_fields()
            if isinstance(field, models.ForeignKey | models.OneToOneField) and field.related_model is User
        }

        assert naming - not_held.keys() <= held


class TestLeaving:
    def test_closes_the_account_at_once(self, proved, person, django_capture_on_commit_callbacks):
        browser, elsewhere = proved(person), Client()
        elsewhere.post(SIGN_IN, {"login": person.email, "password": PASSWORD})
        secret = ApiToken.objects.issue(person, name="x", scope=Scope.READ, days=30, now=timezone.now())
        assert "Xóa tài khoản?" in browser.get(DELETE).content.decode()

        with django_capture_on_commit_callbacks(execute=True):
            answer = browser.post(DELETE)

        assert answer.url == "/tai-khoan/du-lieu/da-yeu-cau-xoa/"
        assert "Tài khoản đã đóng" in browser.get(answer.url).content.decode()
        assert browser.get("/tai-khoan/").status_code == elsewhere.get("/tai-khoan/").status_code == 302
        assert ApiToken.objects.find(secret, timezone.now()) is None
        assert mail.outbox[-1].subject == "Tài khoản đã đóng, dữ liệu sẽ bị xóa"

    def test_is_taken_back_by_signing_in(self, client, person):
        deletion.ask_deletion(person, now=timezone.now())

        page = client.post(SIGN_IN, {"login": person.email, "password": PASSWORD}, follow=True).content.decode()

        assert "yêu cầu xóa đã hủy" in page
        assert deletion.erase_due(now=timezone.now() + GRACE) == 0
        assert User.objects.get().email == "lan@example.vn"

    def test_needs_the_password_once_more(self, sign_in, person):
        browser = sign_in(person)

        assert browser.post(DELETE).url.startswith("/tai-khoan/xac-nhan-lai/")
        assert User.objects.get().deletion_asked_at is None

    def test_asked_twice_keeps_the_first_day(self, person):
        first = deletion.ask_deletion(person, now=NOW)

        assert deletion.ask_deletion(person, now=NOW + timedelta(days=3)) == first

    def test_is_refused_to_the_last_owner_of_an_organisation(self, proved, person):
        vendor = VendorFactory(name="Công ty Một")
        Membership.objects.create(user=person, organisation=vendor, role=Role.OWNER)
        browser = proved(person)
        assert "chủ quản cuối cùng của: Công ty Một" in browser.get(DELETE).content.decode()

        answer = browser.post(DELETE)

        assert answer.status_code == 409
        assert User.objects.get().deletion_asked_at is None

    @pytest.mark.parametrize(
        ("fields", "free"), [({}, True), ({"is_active": False}, False), ({"deletion_asked_at": NOW}, False)]
    )
    def test_another_owner_counts_only_while_they_can_act(self, person, fields, free):
        vendor = VendorFactory()
        Membership.objects.create(user=person, organisation=vendor, role=Role.OWNER)
        Membership.objects.create(user=confirmed(**fields), organisation=vendor, role=Role.OWNER)

        assert (personal_data.refusal(person) is None) is free


class TestErasing:
    @pytest.mark.parametrize(("after", "erased"), [(GRACE - timedelta(seconds=1), 0), (GRACE, 1)])
    def test_happens_after_the_days_in_which_it_can_be_taken_back(self, person, after, erased):
        deletion.ask_deletion(person, now=NOW)

        assert deletion.erase_due(now=NOW + after) == erased
        assert deletion.erase_due(now=NOW + after) == 0

    def test_leaves_a_number_and_nothing_of_the_person(self, full, django_capture_on_commit_callbacks):
        deletion.ask_deletion(full, now=NOW)
        with django_capture_on_commit_callbacks(execute=True):
            deletion.erase_due(now=NOW + GRACE)

        gone = User.objects.get()
        assert (gone.email, gone.full_name, gone.is_active) == (f"erased-{gone.pk}@invalid", "", False)
        assert not gone.has_usable_password()
        for model in (EmailAddress, Authenticator, SocialAccount, ShortlistItem, Membership, ApiToken):
            assert not model.objects.exists(), model
        assert MistakeReport.objects.get().email == ""
        assert "lan@example.vn" not in json.dumps(personal_data.copy_of(gone, NOW), default=str)
        assert mail.outbox[-1].subject == "Dữ liệu đã xóa"
        assert mail.outbox[-1].to == ["lan@example.vn"]

    def test_the_address_can_be_used_again(self, client, person):
        deletion.ask_deletion(person, now=NOW)
        deletion.erase_due(now=NOW + GRACE)

        client.post(
            "/tai-khoan/dang-ky/",
            {"full_name": "Lan", "email": "lan@example.vn", "password1": "cau-thang-mau-xanh", "password2": "cau-thang-mau-xanh"},
        )  # fmt: skip

        assert User.objects.filter(email="lan@example.vn").count() == 1

    def test_an_erased_account_is_never_staff_again(self, person):
        deletion.ask_deletion(person, now=NOW)
        deletion.erase_due(now=NOW + GRACE)

        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.update(is_staff=True)
