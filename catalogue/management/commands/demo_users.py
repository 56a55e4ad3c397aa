"""Make accounts to try the site with, on a laptop only."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from catalogue.accounts.models import User

PASSWORD = "dung-thu-tren-may-nay"  # noqa: S105 (printed on purpose; refused anywhere but on a laptop)
ACCOUNTS = {"operator@example.vn": {"is_staff": True, "is_superuser": True, "first_name": "Quản trị"}}


class Command(BaseCommand):
    help = "Make demonstration accounts and print them. Refused unless the settings are a laptop's."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SECRET_KEY != settings.LAPTOP_SECRET_KEY or not settings.ON_LAPTOP:
            raise CommandError("demonstration accounts are for a laptop only")
        for email, fields in ACCOUNTS.items():
            if not User.objects.filter(email=email).exists():
                User.objects.create_user(email, PASSWORD, **fields)
            self.stdout.write(f"demo account: {email} / {PASSWORD}  (/quan-tri/)")
