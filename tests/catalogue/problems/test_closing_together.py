"""Sixteen firms hand in around the closing second, on PostgreSQL, while the agency opens."""

import datetime
import threading
import time

import pytest
from django.db import connection
from django.utils import timezone

from catalogue.problems import judging, proposals
from catalogue.problems.models import Problem
from catalogue.problems.proposals import Proposal, Stage
from catalogue.problems.refusals import NotOpen, WrongStep
from tests.catalogue.platforms.test_editing_together import on_postgresql
from tests.support.factories import PlatformFactory, UserFactory, VendorFactory
from tests.support.problems import course

__all__ = ["on_postgresql"]  # a fixture

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 16
SPREAD = 0.05  # seconds between two firms; half of them come before the closing time


def test_those_in_time_stay_those_late_are_refused_and_none_is_lost():
    one = course()
    judging.convene(one.problem, users=one.judges, blind=False, by=one.agency, now=timezone.now())
    drafts = []
    for n in range(THREADS):
        vendor, by = VendorFactory(key=f"hang-{n}"), UserFactory()
        platform = PlatformFactory(vendor=vendor)
        content = one.offer(platform, lines=[], stated_total=n + 1)
        drafts.append(
            (proposals.save(one.problem, vendor=vendor, content=content, version=0, by=by, now=timezone.now()), by)
        )
    closes_at = timezone.now() + datetime.timedelta(seconds=2)
    Problem.objects.update(closes_at=closes_at)
    answers: list[object] = [None] * THREADS
    counted: list[int] = []

    def wait_until(offset: float) -> None:
        time.sleep(max(0.0, (closes_at - timezone.now()).total_seconds() + offset))

    def hand_in(n: int) -> None:
        proposal, by = drafts[n]
        try:
            wait_until((n - THREADS / 2) * SPREAD)
            proposals.submit(proposal, by=by, now=timezone.now())
            answers[n] = "in time"
        except NotOpen as refusal:
            answers[n] = refusal
        finally:
            connection.close()

    def open_as_soon_as_possible() -> None:
        try:
            while not counted:
                try:
                    counted.append(judging.open_(one.problem, by=one.agency, now=timezone.now()))
                except WrongStep:
                    time.sleep(0.005)
        finally:
            connection.close()

    threads = [threading.Thread(target=hand_in, args=(n,)) for n in range(THREADS)]
    threads.append(threading.Thread(target=open_as_soon_as_possible))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    stayed = [n for n, answer in enumerate(answers) if answer == "in time"]
    late = [n for n, answer in enumerate(answers) if isinstance(answer, NotOpen)]
    assert sorted(stayed + late) == list(range(THREADS)), answers
    assert stayed, "some came before the closing time"
    assert late, "and some after"
    assert set(Proposal.objects.submitted().values_list("pk", flat=True)) == {drafts[n][0].pk for n in stayed}
    assert all(at < closes_at for at in Proposal.objects.submitted().values_list("submitted_at", flat=True))
    assert Proposal.objects.filter(stage=Stage.DRAFT).count() == len(late)
    assert counted == [len(stayed)], "what was opened is what stayed"
    assert connection.vendor == "postgresql"


def test_who_is_just_handing_in_is_waited_for():
    """A transaction that was in time and is committed after the closing time is opened with the others."""
    one = course()
    judging.convene(one.problem, users=one.judges, blind=False, by=one.agency, now=timezone.now())
    proposal = proposals.save(
        one.problem,
        vendor=one.people.vendor,
        content=one.offer(),
        version=0,
        by=one.people["editor"],
        now=timezone.now(),
    )
    Problem.objects.update(closes_at=timezone.now() + datetime.timedelta(seconds=1))
    handed_in = threading.Event()

    def slowly() -> None:
        from django.db import transaction

        try:
            with transaction.atomic():
                proposals.submit(proposal, by=one.people["editor"], now=timezone.now())
                handed_in.set()
                time.sleep(2.5)
        finally:
            connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    assert handed_in.wait(10)
    time.sleep(1.2)
    counted = judging.open_(one.problem, by=one.agency, now=timezone.now())
    thread.join(30)
    assert counted == 1
