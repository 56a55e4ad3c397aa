"""Tell vendors of the open problems that their vetted products fit: for a machine without a broker."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from recommender import matching


class Command(BaseCommand):
    help = "Tell vendors once, in their daily mail, of open problems that their vetted products fit."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{matching.tell(timezone.now())} notices asked for")
