"""Who sees which organisations, and for which somebody may act. Pages, the API and other packages ask here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from .roles import OrganisationState, Role

if TYPE_CHECKING:
    from .models import Organisation, User  # noqa: F401

Caller = AbstractBaseUser | AnonymousUser
DECIDE = "catalogue.decide_organisations"


def is_operator(user: Caller) -> bool:
    """Say whether this person decides on agencies and claims."""
    return bool(getattr(user, "is_staff", False)) and user.has_perm(DECIDE)  # type: ignore[union-attr]


def confirmed_addresses(user: User) -> frozenset[str]:
    """Return the addresses that are proven to be this person's, in lower case."""
    rows = EmailAddress.objects.filter(user=user, verified=True)
    return frozenset(email.lower() for email in rows.values_list("email", flat=True))


def operators() -> models.QuerySet[User]:
    """Those who decide on agencies and claims."""
    backend = "django.contrib.auth.backends.ModelBackend"
    people = apps.get_model("catalogue", "User")._default_manager
    return people.with_perm(DECIDE, backend=backend).filter(is_staff=True)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def vendors(self) -> Self:
        return self.filter(kind="vendor")

    def active(self) -> Self:
        return self.filter(state=OrganisationState.ACTIVE)

    def shown(self) -> Self:
        """Vendors with a public page: those of the seeds, and those that have had a product listed."""
        return self.vendors().active().filter(shown_since__isnull=False)

    def visible_to(self, user: Caller) -> Self:
        """Vendors with a public page, and the caller's own. Agencies and regulators have no page."""
        return self.vendors().filter(Q(pk__in=self._model().shown()) | self._held_by(user, list(Role)))

    def findable(self) -> Self:
        """Those whose existence is no secret: one can ask to join them, or claim them."""
        return self.active().filter(~Q(kind="vendor") | Q(shown_since__isnull=False))

    def read_by(self, user: Caller) -> Self:
        """Those the caller belongs to, whatever has become of them."""
        return self.filter(self._held_by(user, list(Role)))

    def edited_by(self, user: Caller) -> Self:
        """Those in whose name the caller may write what they offer or ask for."""
        return self.active().filter(self._held_by(user, Role.editing()))

    def managed_by(self, user: Caller) -> Self:
        """Those in whose name the caller may decide who belongs."""
        return self.active().filter(self._held_by(user, Role.managing()))

    def described_by(self, user: Caller) -> Self:
        """Those whose details the caller may put right: also one that waits or was refused."""
        return self.filter(self._held_by(user, Role.managing()))

    def for_operators(self, user: Caller) -> Self:
        """All for who decides on them, none for anybody else."""
        return self.all() if is_operator(user) else self.none()

    def waiting(self) -> Self:
        return self.filter(state=OrganisationState.WAITING)

    def unclaimed(self) -> Self:
        """Those that nobody speaks for yet."""
        return self.filter(~Exists(_memberships().filter(organisation=OuterRef("pk"))))

    def with_unclaimed(self) -> Self:
        """Say of each, as `unclaimed`, whether nobody speaks for it yet."""
        return self.annotate(unclaimed=~Exists(_memberships().filter(organisation=OuterRef("pk"))))

    def _held_by(self, user: Caller, roles: list[Role]) -> Exists:
        return Exists(_memberships().filter(organisation=OuterRef("pk"), user=user.pk, role__in=roles))

    def _model(self) -> OrganisationQuerySet:
        return type(self)(self.model)


def _memberships() -> models.QuerySet[models.Model]:
    """The memberships, whose model stands in a package above this one."""
    return apps.get_model("catalogue", "Membership")._default_manager.all()
