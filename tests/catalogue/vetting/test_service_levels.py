"""Terms of vetting: from the seeds, in working days, and changed by operators only within reason."""

import shutil
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import translation

from catalogue.vetting.service_levels import ServiceLevel, Step, due, warn_on
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def levels(tmp_path):
    shutil.copy(settings.BASE_DIR / "seeds" / "service_levels.yaml", tmp_path)
    call_command("load_seeds", str(tmp_path))
    return {level.step: level for level in ServiceLevel.objects.all()}


def test_every_step_has_a_term(levels):
    assert set(levels) == set(Step.values)
    assert all(level.warn_days < level.days for level in levels.values())


def test_a_term_counts_working_days_from_the_day_after(levels):
    assert due(Step.SUBMITTED, date(2026, 11, 20)) == date(2026, 11, 30), "over a weekend and the 24th"


def test_a_reminder_goes_out_before_the_end(levels):
    assert warn_on(Step.SUBMITTED, date(2026, 11, 30)) == date(2026, 11, 26)


def test_a_step_without_a_term_is_an_error_not_a_guess(db):
    with pytest.raises(ServiceLevel.DoesNotExist):
        due("lunch", date(2026, 11, 20))


def test_what_an_operator_changed_outlives_a_second_load(levels, tmp_path):
    ServiceLevel.objects.filter(pk=Step.APPEAL).update(days=30)

    call_command("load_seeds", str(tmp_path))

    assert ServiceLevel.objects.get(pk=Step.APPEAL).days == 30


@pytest.mark.parametrize("values", [{"days": 0}, {"warn_days": 5}, {"reason": ""}])
def test_a_term_that_makes_no_sense_is_refused_by_the_database(levels, values):
    with pytest.raises(IntegrityError):
        ServiceLevel.objects.filter(pk=Step.SUBMITTED).update(**values)


def test_the_reason_is_read_in_the_readers_language(levels):
    level = levels[Step.TO_DECIDE]

    assert level.why == level.reason
    with translation.override("en"):
        assert level.why == level.reason_en


class TestInTheAdmin:
    def test_an_operator_changes_a_term(self, admin_client, levels):
        address = "/quan-tri/catalogue/servicelevel/appeal/change/"
        sent = {"days": 25, "warn_days": 5, "reason": "Lý do.", "reason_en": "A reason."}

        assert admin_client.get(address).status_code == 200
        admin_client.post(address, sent)

        assert ServiceLevel.objects.get(pk=Step.APPEAL).days == 25

    @pytest.mark.parametrize("verb", ["add", "appeal/delete"])
    def test_nobody_adds_or_removes_one(self, admin_client, levels, verb):
        assert admin_client.get(f"/quan-tri/catalogue/servicelevel/{verb}/").status_code == 403

    def test_staff_without_the_permission_may_not(self, client, levels):
        client.force_login(UserFactory(is_staff=True))

        assert client.get("/quan-tri/catalogue/servicelevel/").status_code == 403
