"""How often products were shown: counts of whole days that anybody can count again, and that give no question away."""

import datetime
from collections import Counter

import pytest
import time_machine
from django.core.management import call_command

from recommender import exposure, services
from recommender.engine import pipeline
from recommender.engine.types import Assurance, Required
from recommender.engine.whynot import Obstacle, explain_absence, near_misses
from recommender.models import Band, CountedDay, Exposure, NearMiss, Run
from recommender.store import store

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 20)
NEEDS = (
    "Phường cần họp trực tuyến, họp không giấy",
    "Trạm y tế xã cần khám chữa bệnh từ xa",
    "Tem QR truy xuất nguồn gốc OCOP",
)


def at(day: datetime.date, hour: int = 3) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), datetime.UTC)


def ask(day=DAY, *needs, hour=3, **asked) -> list[Run]:
    """Ask on a day; hour is of UTC, seven behind the clock of the site."""
    with time_machine.travel(at(day, hour), tick=False):
        return [services.answer_and_record(services.Asked(need, **asked)) for need in needs or NEEDS]


def later(days=1) -> datetime.datetime:
    return at(DAY + datetime.timedelta(days=days))


def rows() -> Counter:
    return Counter({(one.platform, one.day, one.band, one.leaf): one.count for one in Exposure.objects.all()})


def recounted() -> Counter:
    """Count again, in the plainest way, from the answers themselves."""
    found: Counter = Counter()
    for run in Run.objects.all():
        leaf = run.answer["needs"][0]["category"] if run.answer["needs"] else ""
        day = run.created_at.astimezone(datetime.timezone(datetime.timedelta(hours=7))).date()
        for hit in run.answer["results"]:
            rank = hit["rank"]
            band = "first_three" if rank < 4 else "first_ten" if rank < 11 else "further"
            found[hit["platform"], day, band, leaf] += 1
        for hit in run.answer["also_listed"]:
            found[hit["platform"], day, "apart", leaf] += 1
    return found


@pytest.fixture(autouse=True)
def ready(catalogue, answering):
    return catalogue


def test_the_counts_are_those_of_the_answers():
    ask()
    ask(DAY + datetime.timedelta(days=1), *NEEDS[:2], min_assurance=Assurance.LISTED)

    assert exposure.count(later(2)) == 2

    assert rows() == recounted()
    assert set(Exposure.objects.values_list("band", flat=True)) >= {Band.FIRST_THREE, Band.APART}
    assert {one.day: one.runs for one in CountedDay.objects.all()} == {
        DAY: 3,
        DAY + datetime.timedelta(days=1): 2,
    }


def test_counting_again_changes_nothing():
    ask()
    exposure.count(later())
    before = rows(), list(NearMiss.objects.values_list("platform", "obstacle", "leaf", "count"))

    assert exposure.count(later()) == 0
    exposure._keep(DAY, exposure.tally(DAY))

    assert (rows(), list(NearMiss.objects.values_list("platform", "obstacle", "leaf", "count"))) == before


def test_today_is_counted_tomorrow_and_only_what_is_new():
    ask()
    assert exposure.count(later(0)) == 0
    exposure.count(later())
    ask(DAY + datetime.timedelta(days=1))

    assert exposure.count(later(2)) == 1
    assert rows() == recounted()


def test_a_day_begins_at_midnight_in_viet_nam():
    ask(DAY, NEEDS[0], hour=16)  # 23:00
    ask(DAY, NEEDS[0], hour=17)  # 00:00 of the next day

    exposure.count(later(3))

    assert dict(CountedDay.objects.exclude(runs=0).values_list("day", "runs")) == {
        DAY: 1,
        DAY + datetime.timedelta(days=1): 1,
    }
    assert rows() == recounted()


def test_a_day_costs_the_same_however_many_answers(django_assert_num_queries):
    for days, questions in enumerate([NEEDS, NEEDS[:1], NEEDS * 4]):
        ask(DAY + datetime.timedelta(days=days), *questions)
    exposure.count(later(1))  # the index is open, and there is a day to go on from

    for days in (2, 3):
        with django_assert_num_queries(15):
            assert exposure.count(later(days)) == 1


def test_the_command_and_the_task_count(capsys):
    ask()
    with time_machine.travel(later(), tick=False):
        call_command("count_exposure")
        call_command("count_exposure")

    assert capsys.readouterr().out == "1 days were counted\n0 days were counted\n"


class TestNearMisses:
    def test_name_what_decides_first_as_why_not_does(self):
        index = store().current()
        wanted = {"required": Required(), "min_assurance": Assurance.PUBLIC_RECORD, "top": 1}

        found = near_misses(NEEDS[1], index, within=20, **wanted)

        assert found["hoichan"] == Obstacle.ASSURANCE
        for key, obstacle in found.items():
            assert explain_absence(key, NEEDS[1], index, most=50, **wanted).obstacles[0] == obstacle

    def test_are_none_where_the_engine_abstains(self, monkeypatch):
        monkeypatch.setattr(pipeline, "threshold", lambda *, semantic: 2.0)
        wanted = {"required": Required(), "min_assurance": Assurance.LISTED, "top": 10}

        assert near_misses(NEEDS[0], store().current(), within=20, **wanted) == {}

    def test_are_counted_once_a_question_not_for_each_time_it_is_asked_again(self):
        (run,) = ask(DAY, NEEDS[1])
        ask(DAY, NEEDS[1], parent=str(run.pk))

        exposure.count(later())

        assert NearMiss.objects.get(platform="hoichan").count == 1

    def test_are_never_what_the_answer_showed(self):
        ask()
        exposure.count(later())

        shown = set(Exposure.objects.exclude(band=Band.APART).values_list("platform", "leaf"))
        assert not shown & set(NearMiss.objects.values_list("platform", "leaf"))

    @pytest.mark.parametrize(("questions", "told"), [(4, 0), (5, 1)])
    def test_are_told_from_five_questions_on(self, questions, told):
        ask(DAY, *[NEEDS[1]] * questions)
        exposure.count(later())

        found = exposure.nearly(["hoichan"], DAY)

        assert [(one.platform, one.obstacle, one.questions) for one in found] == [
            ("hoichan", Obstacle.ASSURANCE, 5)
        ] * told


class TestReading:
    def test_windows_and_weeks_hold_their_days_and_no_others(self):
        for days in (0, 6, 7, 29, 30):
            Exposure.objects.create(
                day=DAY - datetime.timedelta(days=days),
                platform="a",
                band=Band.FIRST_TEN,
                leaf="",
                count=10**days % 7 + 1,
            )
        counts = {DAY - row.day: row.count for row in Exposure.objects.all()}

        shown = exposure.shown(["a", "b"], DAY - datetime.timedelta(days=29))
        weeks = exposure.by_week(["a"], DAY)

        assert shown == {
            "a": {Band.FIRST_TEN: sum(n for back, n in counts.items() if back.days <= 29)},
            "b": {},
        }
        assert len(weeks) == exposure.WEEKS
        assert weeks[-1] == (
            DAY - datetime.timedelta(days=6),
            {Band.FIRST_TEN: sum(n for back, n in counts.items() if back.days <= 6)},
        )
        assert sum(of_week.get(Band.FIRST_TEN, 0) for _first, of_week in weeks) == sum(counts.values())

    def test_without_a_worker_few_answers_are_counted_at_once_and_many_are_left(self, settings, monkeypatch):
        ask()
        monkeypatch.setattr(exposure, "FEW", 2)
        exposure.catch_up(later())
        assert not CountedDay.objects.exists()

        monkeypatch.setattr(exposure, "FEW", 3)
        settings.CELERY_TASK_ALWAYS_EAGER = False
        exposure.catch_up(later())
        assert not CountedDay.objects.exists()

        settings.CELERY_TASK_ALWAYS_EAGER = True
        exposure.catch_up(later())
        assert exposure.counted_until() == DAY
