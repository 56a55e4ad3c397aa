"""Who is signed in."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from .models import User


class AccountBackend(AuthenticationBackend):
    """By e-mail address and password. A session of somebody locked, leaving or gone counts for nothing."""

    def get_user(self, user_id: Any) -> User | None:
        user = super().get_user(user_id)
        return user if isinstance(user, User) and user.may_act else None
