"""Who must prove who they are with more than a password."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from catalogue.common.errors import DomainError

from .models import User

REVIEWERS = "reviewers"  # the group whose members judge what vendors submit


class SecondFactorNeeded(DomainError):
    """Whoever decides for others needs a second factor first."""

    code = "second_factor_needed"

    def __init__(self) -> None:
        super().__init__(_("Tài khoản của bạn cần bước xác thực thứ hai trước khi làm việc này."))


def is_staff(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this person works for the catalogue: operators and reviewers."""
    return isinstance(user, User) and (
        user.is_staff or user.is_superuser or user.groups.filter(name=REVIEWERS).exists()
    )


def is_reviewer(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this person judges what vendors submit."""
    return isinstance(user, User) and user.may_act and user.groups.filter(name=REVIEWERS).exists()


def must_use_mfa(user: AbstractBaseUser | AnonymousUser) -> bool:
    return settings.REQUIRE_MFA and is_staff(user)


def lacks_second_factor(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this person must set up a second factor before anything else opens."""
    return must_use_mfa(user) and not is_mfa_enabled(user)
