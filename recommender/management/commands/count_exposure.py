"""Count how often products were shown, up to yesterday. A worker does so every night; this is for where there is none."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from recommender import exposure


class Command(BaseCommand):
    help = "Count the answers of every whole day that was not counted yet."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{exposure.count(timezone.now())} days were counted")
