"""What is looked at by machine when something is handed in, and what the queue makes of it."""

import datetime

import pytest
from django.test import override_settings

from catalogue.vetting import checks, links, tasks
from catalogue.vetting.models import Finding, Submission
from tests.support.factories import EvidenceFactory
from tests.support.roles import everyone
from tests.support.vetting import handed_in, product, rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission():
    rules()
    people = everyone()
    platform = product(people, website="https://san-pham.vn/")
    EvidenceFactory(platform=platform, kind="certification", url="", expires_on=datetime.date(2020, 1, 1))
    return handed_in(people, platform)


def test_findings_are_kept_and_those_against_it_are_its_risk(submission):
    tasks.examine(submission.pk)

    found = {one.code: one.passed for one in submission.findings.all()}
    assert found["evidence_expired"] is False
    assert found["links_not_asked"] is None, "nobody waits for other people's servers"
    assert Submission.objects.get().risk == sum(passed is False for passed in found.values()) >= 1


def test_again_replaces_what_was_found(submission):
    tasks.examine(submission.pk)
    first = Finding.objects.count()
    tasks.examine(submission.pk)
    assert Finding.objects.count() == first


@override_settings(CELERY_TASK_ALWAYS_EAGER=False)
def test_a_worker_asks_the_addresses(submission, monkeypatch):
    monkeypatch.setattr(links, "look", lambda url: links.Seen(url, 404, final=url))
    tasks.examine(submission.pk)

    dead = submission.findings.get(code="link", facts__url="https://san-pham.vn/")
    assert dead.passed is False
    assert checks.sentence(checks.Found(dead.code, dead.passed, dead.facts)).startswith(
        "https://san-pham.vn/: không có trang"
    )


def test_one_that_is_gone_is_no_trouble():
    tasks.examine(123456)
    assert not Finding.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_handing_in_asks_for_it():
    rules()
    handed_in(everyone())
    assert Finding.objects.exists()
