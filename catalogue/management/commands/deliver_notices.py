"""Send what waits in the outbox from this process: for a machine without a broker, by hand or by cron."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from catalogue.notifications import delivery, outbox


class Command(BaseCommand):
    help = "Send every notice that is due, and make the daily mails, without a worker. Safe to run beside workers."

    def handle(self, *args: Any, **options: Any) -> None:
        tried = 0
        while due := delivery.sweep(now=timezone.now()):  # what fails is due later, so this ends
            for notice_id in due:
                delivery.deliver(notice_id, now=timezone.now())
            tried += len(due)
        outbox.close()
        self.stdout.write(f"{tried} notices tried")
