"""Members, their roles, and the owner that always remains."""

import threading

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, connections
from django.utils import timezone

from catalogue.accounts.models import Organisation
from catalogue.accounts.roles import Role
from catalogue.audit.models import Event
from catalogue.notifications.models import Notice
from catalogue.organisations import people as members
from catalogue.organisations.errors import LastOwner, NoLongerAllowed, NoLongerThere
from catalogue.organisations.models import Membership
from tests.support.factories import UserFactory, VendorFactory
from tests.support.roles import ROLES


def test_an_owner_gives_another_role_and_the_member_is_told(people, now):
    members.change_role(people.membership("viewer"), role="editor", by=people["owner"], now=now)

    assert people.membership("viewer").role == "editor"
    assert Notice.objects.get().user == people["viewer"]
    assert Event.objects.get().facts == {"user": people["viewer"].pk, "before": "viewer", "after": "editor"}


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_the_last_owner_cannot_become_less(people, now, role):
    with pytest.raises(LastOwner):
        members.change_role(people.membership("owner"), role=role, by=people["owner"], now=now)

    assert people.membership("owner").role == "owner"


def test_the_last_owner_can_neither_leave_nor_be_taken_out(people, now):
    with pytest.raises(LastOwner):
        members.leave(people.vendor, by=people["owner"], now=now)
    with pytest.raises(LastOwner):
        members.remove(people.membership("owner"), by=people["owner"], now=now)


@pytest.mark.parametrize("gone", [{"is_active": False}, {"deletion_asked_at": timezone.now()}])
def test_an_owner_who_is_switched_off_or_leaving_protects_nobody(people, now, gone):
    Membership.objects.create(user=UserFactory(**gone), organisation=people.vendor, role=Role.OWNER)

    with pytest.raises(LastOwner):
        members.leave(people.vendor, by=people["owner"], now=now)


def test_a_member_is_taken_out(people, now):
    members.remove(people.membership("editor"), by=people["owner"], now=now)

    assert not Organisation.objects.read_by(people["editor"]).exists()
    assert Notice.objects.get().context["what"] == "removed"


def test_who_is_no_longer_owner_decides_nothing(people, now):
    second = Membership.objects.create(user=people["stranger"], organisation=people.vendor, role=Role.OWNER)
    members.remove(people.membership("owner"), by=people["stranger"], now=now)

    with pytest.raises(NoLongerAllowed):
        members.remove(second, by=people["owner"], now=now)


def test_ownership_is_handed_over(people, now):
    members.transfer(people.vendor, to=people.membership("editor"), by=people["owner"], now=now)

    assert (people.membership("editor").role, people.membership("owner").role) == ("owner", "editor")


def test_ownership_is_not_handed_to_oneself_or_to_who_left(people, now):
    gone = people.membership("viewer")
    members.leave(people.vendor, by=people["viewer"], now=now)

    for member in (people.membership("owner"), gone):
        with pytest.raises(NoLongerThere):
            members.transfer(people.vendor, to=member, by=people["owner"], now=now)


def test_what_somebody_owns_alone_is_told_before_the_account_goes(people):
    assert members.owned_alone(people["owner"]) == [people.vendor]
    assert members.owned_alone(people["editor"]) == []


@pytest.mark.parametrize("role", ROLES)
def test_each_scope_yields_only_what_the_role_has(people, role):
    user = people.users[role] or AnonymousUser()
    organisations = Organisation.objects.filter(pk=people.vendor.pk)

    given = {
        name
        for name in ("read_by", "edited_by", "managed_by", "described_by", "for_operators")
        if getattr(organisations, name)(user).exists()
    }

    assert given == {
        "viewer": {"read_by"},
        "editor": {"read_by", "edited_by"},
        "owner": {"read_by", "edited_by", "managed_by", "described_by"},
        "operator": {"for_operators"},
    }.get(role, set())


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["leave", "remove the other", "give it up"])
def test_two_owners_who_go_at_once_leave_one(how):
    if connection.vendor != "postgresql":
        pytest.skip("this run is not on PostgreSQL; tests/on_services.py makes one that is")
    for _ in range(10):
        vendor = VendorFactory()
        rows = [Membership.objects.create(user=UserFactory(), organisation=vendor, role=Role.OWNER) for _ in range(2)]
        gate, refused = threading.Barrier(2), []

        def go(at: int, rows=rows, vendor=vendor, gate=gate, refused=refused) -> None:
            try:
                gate.wait()
                mine, other, now = rows[at], rows[1 - at], timezone.now()
                if how == "leave":
                    members.leave(vendor, by=mine.user, now=now)
                elif how == "remove the other":
                    members.remove(other, by=mine.user, now=now)
                else:
                    members.change_role(mine, role="viewer", by=mine.user, now=now)
            except (LastOwner, NoLongerAllowed) as error:
                refused.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=go, args=(at,)) for at in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert Membership.objects.filter(organisation=vendor, role=Role.OWNER).count() == 1
        assert len(refused) == 1
