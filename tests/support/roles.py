"""One person of every role, and a table of who may do what: everybody else is told that there is nothing.

def test_only_owners_see_it(people):
    check(people, "GET", f"/to-chuc/{people.vendor.key}/thong-tin/", {"owner": 200})
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.test import Client
from rest_framework.test import APIClient

from catalogue.accounts.models import Organisation, OrganisationKind, User
from catalogue.organisations.models import Membership, Role
from tests.support.factories import UserFactory, VendorFactory

ROLES = ("anonymous", "stranger", "other_vendor", "viewer", "editor", "owner", "agency", "reviewer", "operator")
STAFF = ("reviewer", "operator")


@dataclass(frozen=True)
class People:
    """Who there is. Viewer, editor and owner belong to `vendor`; other_vendor owns `other`, agency owns `office`."""

    users: Mapping[str, User | None]
    vendor: Organisation
    other: Organisation
    office: Organisation

    def __getitem__(self, role: str) -> User:
        user = self.users[role]
        assert user is not None, "nobody is signed in"
        return user

    def membership(self, role: str) -> Membership:
        return Membership.objects.get(user=self[role], organisation=self.vendor)

    def client(self, role: str) -> Client:
        client, user = Client(), self.users[role]
        if user:
            client.force_login(user)
        return client

    def api(self, role: str) -> APIClient:
        client, user = APIClient(), self.users[role]
        if user:
            client.force_authenticate(user)
        return client


def person(email: str, **fields: Any) -> User:
    """Return somebody whose address is confirmed."""
    user = UserFactory(email=email, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def everyone() -> People:
    """Make a person of every role, and the organisations they speak for."""
    vendor, other = (
        VendorFactory(key="sao-bac", short_name="Sao Bắc"),
        VendorFactory(key="sao-nam", short_name="Sao Nam"),
    )
    office = VendorFactory(
        kind=OrganisationKind.AGENCY, key="so-y-te", name="Sở Y tế tỉnh Mẫu", short_name="Sở Y tế Mẫu",
        legal_form="public_body", shown_since=None,
    )  # fmt: skip
    users: dict[str, User | None] = {
        role: None if role == "anonymous" else person(f"{role}@example.gov.vn", is_staff=role in STAFF)
        for role in ROLES
    }
    for role, organisation, right in (
        ("viewer", vendor, Role.VIEWER),
        ("editor", vendor, Role.EDITOR),
        ("owner", vendor, Role.OWNER),
        ("other_vendor", other, Role.OWNER),
        ("agency", office, Role.OWNER),
    ):
        Membership.objects.create(user=users[role], organisation=organisation, role=right)
    users["reviewer"].groups.add(Group.objects.get_or_create(name="reviewers")[0])
    users["operator"].user_permissions.add(Permission.objects.get(codename="decide_organisations"))
    users = {role: user and User.objects.get(pk=user.pk) for role, user in users.items()}
    return People(users, vendor, other, office)


def check(
    people: People,
    method: str,
    address: str,
    allowed: Mapping[str, int],
    *,
    data: Mapping[str, Any] | None = None,
    others: int = 404,
) -> None:
    """Ask as everybody, each time of the same rows; `allowed` names who is answered, and with which status.

    Everybody else who is signed in is answered `others`. Who is not is sent to sign in, or refused by the API.
    """
    api = address.startswith("/api/")
    for role in ROLES:
        with transaction.atomic():
            client = people.api(role) if api else people.client(role)
            options = {"format": "json"} if api and method != "GET" else {}
            answer = getattr(client, method.lower())(address, data or {}, **options)
            transaction.set_rollback(True)
        if role in allowed:
            expected: tuple[int, ...] = (allowed[role],)
        elif role == "anonymous":
            expected = (401, 403) if api else (302,)
            assert api or "next=" in answer["Location"], f"{role}: {method} {address} is led to {answer['Location']}"
        else:
            expected = (others,)
        assert answer.status_code in expected, f"{role}: {method} {address} was answered {answer.status_code}"
