"""Make accounts to try the site with, on a laptop only."""

import time
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, is_mfa_enabled
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from catalogue.accounts.models import User
from catalogue.accounts.policy import must_use_mfa

PASSWORD = "dung-thu-tren-may-nay"  # noqa: S105 (printed on purpose; refused anywhere but on a laptop)
SECRET = "DUNGTHUTRENMAYNAYKHONGPHAIBIMATT"  # noqa: S105 (as public as the password, so that a phone can be left aside)
ACCOUNTS: dict[str, dict[str, Any]] = {
    "operator@example.vn": {"is_staff": True, "is_superuser": True, "full_name": "Quản trị viên mẫu"},
    "can-bo@example.vn": {"full_name": "Cán bộ mẫu"},
}


class Command(BaseCommand):
    help = "Make demonstration accounts and print them. Refused unless the settings are a laptop's."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SECRET_KEY != settings.LAPTOP_SECRET_KEY or not settings.ON_LAPTOP:
            raise CommandError("demonstration accounts are for a laptop only")
        for email, fields in ACCOUNTS.items():
            user = User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD, **fields)
            EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
            self.stdout.write(f"demo account: {email} / {PASSWORD}  (/tai-khoan/dang-nhap/)")
            if user.is_staff:
                self._second_factor(user)

    def _second_factor(self, user: User) -> None:
        """Staff have a factor as they must; its secret is printed, and with it the code of this half minute."""
        app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        ours = app is not None and decrypt(app.data["secret"]) == SECRET
        if not must_use_mfa(user) and ours and app:
            app.delete()
        elif must_use_mfa(user) and (ours or not is_mfa_enabled(user)):
            if app is None:
                TOTP.activate(user, SECRET)
            code = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
            self.stdout.write(
                f"  second step: {code} for half a minute; `manage.py demo_users` prints the next, or add"
            )
            self.stdout.write(
                f"  otpauth://totp/{user.email}?secret={SECRET}&issuer=demo to an app, or set REQUIRE_MFA=false"
            )
