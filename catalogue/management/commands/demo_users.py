"""Make accounts to try the site with, on a laptop only."""

import time
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError

from catalogue.accounts.models import Organisation, User
from catalogue.accounts.policy import REVIEWERS, is_staff, must_use_mfa
from catalogue.organisations.models import Membership, Role

PASSWORD = "dung-thu-tren-may-nay"  # noqa: S105 (printed on purpose; refused anywhere but on a laptop)
SECRET = "DUNGTHUTRENMAYNAYKHONGPHAIBIMATT"  # noqa: S105 (as public as the password, so that a phone can be left aside)
ACCOUNTS: dict[str, dict[str, Any]] = {
    "operator@example.vn": {"is_staff": True, "is_superuser": True, "full_name": "Quản trị viên mẫu"},
    "tham-dinh-1@example.vn": {"full_name": "Người thẩm định mẫu 1"},
    "tham-dinh-2@example.vn": {"full_name": "Người thẩm định mẫu 2"},
    "doanh-nghiep@example.vn": {"full_name": "Doanh nghiệp mẫu"},
    "can-bo@example.vn": {"full_name": "Cán bộ mẫu"},
}
JUDGES = {"tham-dinh-1@example.vn", "tham-dinh-2@example.vn"}  # two, because one of them never decides alone
OWNS = {"doanh-nghiep@example.vn": "misa"}  # a vendor of the seeds


class Command(BaseCommand):
    help = "Make demonstration accounts and print them. Refused unless the settings are a laptop's."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SECRET_KEY != settings.LAPTOP_SECRET_KEY or not settings.ON_LAPTOP:
            raise CommandError("demonstration accounts are for a laptop only")
        for email, fields in ACCOUNTS.items():
            user = User.objects.filter(email=email).first() or User.objects.create_user(email, PASSWORD, **fields)
            EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
            self.stdout.write(f"demo account: {email} / {PASSWORD}  (/tai-khoan/dang-nhap/)")
            if email in JUDGES:
                user.groups.add(Group.objects.get_or_create(name=REVIEWERS)[0])
            if email in OWNS:
                self._give(user, OWNS[email])
            if is_staff(user):
                self._second_factor(user)

    def _give(self, user: User, key: str) -> None:
        """Have the person speak for a vendor, where the seeds are loaded."""
        vendor = Organisation.objects.filter(key=key).first()
        if vendor:
            Membership.objects.get_or_create(user=user, organisation=vendor, defaults={"role": Role.OWNER})
            self.stdout.write(f"  speaks for {vendor.short_name}: /to-chuc/{key}/san-pham/")

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
