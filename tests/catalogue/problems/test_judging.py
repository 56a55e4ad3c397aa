"""Opening together, scoring alone, agreeing, and reasons for everybody who answered."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalogue.audit.models import Event
from catalogue.notifications.models import Notice
from catalogue.organisations.models import Membership
from catalogue.problems import judging, proposals, services
from catalogue.problems.errors import IllegalMove, ReasonMissing, ResponderUntold
from catalogue.problems.evaluation import Aftermath, AgreedScore, Evaluator, PaidFor, Panel, Reason, Result, Score
from catalogue.problems.judging import Given
from catalogue.problems.models import Problem
from catalogue.problems.proposals import Proposal
from catalogue.problems.refusals import (
    CannotChange,
    NotFirst,
    NotOfTheAgency,
    PriceUnclear,
    ReasonsMissing,
    ScoresMissing,
    TextMissing,
    TooFewEvaluators,
    WrongStep,
)
from catalogue.problems.states import Ending, State
from catalogue.problems.totals import Scored, Weights, totals
from tests.support.problems import course

pytestmark = pytest.mark.django_db


@pytest.fixture
def one():
    return course()


@pytest.fixture
def two(one):
    """Two proposals, opened, each with its letter."""
    ours, theirs = one.handed_in(), one.handed_in("other_vendor")
    one.opened()
    return one, one.letter(ours), one.letter(theirs)


def now():
    return timezone.now()


class TestOpening:
    def test_opens_all_once_with_one_audit_line(self, one):
        one.handed_in()
        one.handed_in("other_vendor")
        one.over()
        judging.convene(one.problem, users=one.judges, blind=False, by=one.agency, now=now())

        assert judging.open_(one.problem, by=one.agency, now=now()) == 2

        with pytest.raises(WrongStep):
            judging.open_(one.problem, by=one.agency, now=now())
        line = Event.objects.get(action="proposals.opened")
        assert (line.facts, line.by) == ({"count": 2}, str(one.agency.pk))
        assert Problem.objects.get(pk=one.problem.pk).state == State.CLOSED

    def test_a_draft_and_what_was_taken_back_stay_shut(self, one):
        taken_back = one.handed_in()
        proposals.withdraw(taken_back, by=one.people["editor"], now=now())
        one.opened()
        assert judging.opened(one.problem, by=one.judges[0]) == []
        assert Panel.objects.get().opened == 0

    def test_not_before_the_closing_time_whatever_the_clock_here_says(self, one):
        one.handed_in()
        judging.convene(one.problem, users=one.judges, blind=False, by=one.agency, now=now())
        with pytest.raises(WrongStep):
            judging.open_(one.problem, by=one.agency, now=now() + datetime.timedelta(days=99))
        assert judging.opened(one.problem, by=one.judges[0]) == []

    def test_not_without_evaluators(self, one):
        one.over()
        with pytest.raises(WrongStep):
            judging.open_(one.problem, by=one.agency, now=now())

    def test_evaluators_are_two_of_the_agency(self, one):
        with pytest.raises(NotOfTheAgency):
            judging.convene(
                one.problem, users=[one.judges[0], one.people["editor"]], blind=False, by=one.agency, now=now()
            )
        with pytest.raises(TooFewEvaluators):
            judging.convene(one.problem, users=one.judges[:1], blind=False, by=one.agency, now=now())


class TestConflicts:
    def test_nothing_is_shown_before_one_declares(self, one):
        one.handed_in()
        one.over()
        judging.convene(one.problem, users=one.judges, blind=False, by=one.agency, now=now())
        judging.open_(one.problem, by=one.agency, now=now())
        first, second = one.judges
        assert judging.opened(one.problem, by=first) == []

        judging.declare(one.problem, conflict=False, by=first, now=now())
        judging.declare(one.problem, conflict=True, note="Em trai làm ở đó.", by=second, now=now())

        assert len(judging.opened(one.problem, by=first)) == 1
        assert judging.opened(one.problem, by=second) == []
        assert judging.opened(one.problem, by=one.agency) == [], "who opens is not who reads"
        with pytest.raises(WrongStep):
            judging.declare(one.problem, conflict=False, by=second, now=now())
        with pytest.raises(WrongStep):
            judging.score(one.problem, given=[], by=second, now=now())

    def test_a_conflict_is_named(self, one):
        judging.convene(one.problem, users=one.judges, blind=False, by=one.agency, now=now())
        with pytest.raises(ReasonMissing):
            judging.declare(one.problem, conflict=True, note=" ", by=one.judges[0], now=now())
        with pytest.raises(IntegrityError), transaction.atomic():
            Evaluator.objects.update(conflict=True, declared_at=now())

    def test_who_belongs_to_a_vendor_has_one(self, one):
        Membership.objects.create(user=one.judges[0], organisation=one.people.other, role="viewer")
        judging.convene(one.problem, users=one.judges, blind=False, by=one.agency, now=now())
        with pytest.raises(WrongStep):
            judging.declare(one.problem, conflict=False, by=one.judges[0], now=now())
        judging.declare(one.problem, conflict=True, note="Làm thêm ở đó.", by=one.judges[0], now=now())

    def test_who_left_the_agency_reads_no_more(self, two):
        one, _ours, _theirs = two
        judge = one.judges[0]
        assert len(judging.opened(one.problem, by=judge)) == 2
        Membership.objects.filter(user=judge).delete()
        assert judging.opened(one.problem, by=judge) == []
        assert not judging.judged_by(judge).exists()

    def test_another_takes_the_place(self, one):
        one.handed_in()
        one.opened()
        Evaluator.objects.filter(user=one.judges[1]).update(conflict=True, conflict_note="Có.")
        judging.convene(one.problem, users=[one.agency], blind=True, by=one.agency, now=now())
        assert Panel.objects.get().blind is False, "settled when the envelopes were opened"
        assert Evaluator.objects.count() == 3


class TestBlind:
    def test_names_are_hidden_until_all_have_scored(self, one):
        mine = one.handed_in(delivery="Sao Bắc làm trong hai tuần, như HỌP BẮC ở tỉnh khác.")
        one.opened(blind=True)
        first = one.judges[0]
        (shown,) = judging.opened(one.problem, by=first)
        assert (shown.vendor, shown.product, shown.offer.product) == (None, None, "")
        assert not any(name in str(shown.offer) for name in ("Sao Bắc", "HỌP BẮC"))
        assert "hai tuần" in shown.offer.delivery

        points = one.given({"A": 3})
        judging.score(one.problem, given=points, by=first, now=now())
        judging.finish(one.problem, by=first, now=now())
        assert judging.opened(one.problem, by=first)[0].vendor is None, "the other has not scored yet"
        judging.score(one.problem, given=points, by=one.judges[1], now=now())
        judging.finish(one.problem, by=one.judges[1], now=now())

        (named,) = judging.opened(one.problem, by=first)
        assert (named.proposal, named.vendor, named.product) == (mine, one.people.vendor, one.ours)


class TestScores:
    def test_every_cell_is_scored_before_one_is_done(self, two):
        one, ours, theirs = two
        judge, given = one.judges[0], one.given({ours: 4, theirs: 3})
        judging.score(one.problem, given=given[:-1], by=judge, now=now())
        with pytest.raises(ScoresMissing):
            judging.finish(one.problem, by=judge, now=now())
        judging.score(one.problem, given=given, by=judge, now=now())
        judging.finish(one.problem, by=judge, now=now())
        with pytest.raises(WrongStep):
            judging.score(one.problem, given=given, by=judge, now=now())
        assert Score.objects.count() == 8

    def test_they_agree_only_after_each_scored_alone(self, two):
        one, ours, theirs = two
        given = one.given({ours: 4, theirs: 3})
        judging.score(one.problem, given=given, by=one.judges[0], now=now())
        judging.finish(one.problem, by=one.judges[0], now=now())
        with pytest.raises(WrongStep):
            judging.agree(one.problem, given=given, by=one.judges[0], now=now())
        assert not AgreedScore.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"letter": "Z"}, CannotChange), ({"points": 6}, CannotChange), ({"aspect": "fit"}, CannotChange),
            ({"requirement": 0}, CannotChange), ({"reason": " "}, TextMissing),
        ],
    )  # fmt: skip
    def test_a_score_is_0_to_5_of_something_asked_with_a_reason(self, two, changed, why):
        one, ours, _theirs = two
        good = {"letter": ours, "aspect": "price", "points": 5, "reason": "Rẻ.", "requirement": None}
        with pytest.raises(why):
            judging.score(one.problem, given=[Given(**{**good, **changed})], by=one.judges[0], now=now())
        assert not Score.objects.exists()

    @pytest.mark.parametrize("half", [{"points": 6}, {"reason": ""}, {"aspect": "beauty"}, {"requirement": None}])
    def test_nor_does_the_database_take_another(self, two, half):
        one, ours, _theirs = two
        judging.score(one.problem, given=one.given({ours: 4})[:1], by=one.judges[0], now=now())
        with pytest.raises(IntegrityError), transaction.atomic():
            Score.objects.update(**half)


class TestTotals:
    EARLY, LATE = (datetime.datetime(2026, 11, day, tzinfo=datetime.UTC) for day in (1, 2))

    def of(self, key, fit=((True, 5), (False, 5)), price=5, delivery=5, amount=10, handed_in=EARLY):
        return Scored(key, fit, price, delivery, amount, handed_in)

    def test_by_the_weights_of_the_problem(self):
        scored = [self.of(1, ((True, 5), (False, 2)), 3, 4), self.of(2)]
        # fit (2×5 + 2) / 3 = 4; 50×4/5 + 30×3/5 + 20×4/5
        assert totals(scored, Weights(50, 30, 20), 5) == {2: Decimal("100.00"), 1: Decimal("74.00")}

    def test_a_tie_goes_by_musts_then_price_then_time(self):
        w = Weights(60, 40, 0)
        same = [
            self.of(1, ((True, 2), (False, 5)), 5), self.of(2, ((True, 3), (False, 3)), 5),
            self.of(3, ((True, 3), (False, 3)), 5, amount=9, handed_in=self.LATE),
            self.of(4, ((True, 3), (False, 3)), 5, amount=9),
        ]  # fmt: skip
        assert list(totals(same, w, 5)) == [4, 3, 2, 1]
        assert len(set(totals(same, w, 5).values())) == 1

    def test_without_requirements_fit_counts_nothing(self):
        assert totals([self.of(1, ())], Weights(50, 30, 20), 5) == {1: Decimal("50.00")}


class TestOutcome:
    def decide(self, one, **told):
        said = {"ending": Ending.AWARDED, "reason": "Đáp ứng tốt nhất.", "by": one.agency, "now": now(), **told}
        judging.decide(one.problem, **said)

    def test_from_question_to_reasons(self, two):
        one, ours, theirs = two
        one.scored({ours: 4, theirs: 3})
        assert [str(points) for points in judging.ranking(one.problem).values()] == ["80.00", "60.00"]

        self.decide(one, winner=ours, told=[*one.told(ours), *one.told(theirs, code="not_shown")])

        one.problem.refresh_from_db()
        assert (one.problem.state, one.problem.ending) == (State.ENDED, Ending.AWARDED)
        won = Result.objects.get(chosen=True)
        assert (won.product, won.points) == (one.ours, Decimal("80.00"))
        assert Reason.objects.filter(result__proposal__vendor=one.people.other, code="not_shown").count() == 2
        for role in ("editor", "other_vendor"):
            notices = Notice.objects.filter(user=one.people[role], context__what="decided")
            assert [notice.context["reason"] for notice in notices] == [""], "nobody reads of another"

    def test_everybody_who_answered_gets_a_reason_for_each_requirement(self, two):
        one, ours, theirs = two
        one.scored({ours: 4, theirs: 3})
        for told in ([], one.told(ours), [*one.told(ours), *one.told(theirs)[:1]]):
            with pytest.raises(ReasonsMissing):
                self.decide(one, winner=ours, told=told)
        assert not Result.objects.exists()
        assert Problem.objects.get(pk=one.problem.pk).state == State.CLOSED

    @pytest.mark.parametrize("ending", [Ending.AWARDED, Ending.TRIAL])
    def test_only_the_first_is_chosen(self, two, ending):
        one, ours, theirs = two
        one.scored({ours: 4, theirs: 3})
        for winner in (theirs, "", "Z"):
            with pytest.raises(NotFirst):
                self.decide(one, ending=ending, winner=winner, told=one.told(ours, theirs))

    def test_not_before_the_points_are_agreed(self, two):
        one, ours, theirs = two
        for ending in (Ending.AWARDED, Ending.NONE_SUITABLE):
            with pytest.raises(ScoresMissing):
                self.decide(one, ending=ending, winner=ours, told=one.told(ours, theirs))

    def test_none_suitable_has_reasons_too(self, two):
        one, ours, theirs = two
        one.scored({ours: 1, theirs: 1})
        self.decide(one, ending=Ending.NONE_SUITABLE, told=one.told(ours, theirs, code="not_met"))
        assert Result.objects.filter(chosen=False).count() == 2

    def test_given_up_nothing_was_assessed_and_nothing_need_be_opened(self, one):
        one.handed_in()
        one.over()
        self.decide(one, ending=Ending.CANCELLED)
        assert set(Reason.objects.values_list("code", flat=True)) == {"not_assessed"}
        assert judging.opened(one.problem, by=one.agency) == []

    def test_without_reasons_operators_cannot_end_it_either(self, one):
        one.handed_in()
        one.over()
        with pytest.raises(ResponderUntold):
            services.end(one.problem, ending=Ending.NONE_SUITABLE, reason="Không.", now=now())

    def test_a_reason_is_said_and_it_ends_once(self, two):
        one, ours, theirs = two
        one.scored({ours: 4, theirs: 3})
        told = one.told(ours, theirs)
        with pytest.raises(ReasonMissing):
            self.decide(one, winner=ours, told=told, reason=" ")
        self.decide(one, winner=ours, told=told)
        with pytest.raises(IllegalMove):
            self.decide(one, winner=ours, told=told)
        assert Result.objects.count() == 2

    def test_who_looks_back_says_so_with_a_date(self, two):
        one, ours, theirs = two
        with pytest.raises(WrongStep):
            judging.look_back(one.problem, delivered="yes", again=True, by=one.agency, now=now())
        one.scored({ours: 4, theirs: 3})
        self.decide(one, winner=ours, told=one.told(ours, theirs))
        one.problem.refresh_from_db()
        judging.look_back(one.problem, delivered="partly", again=True, note="Chậm hai tuần.", by=one.agency, now=now())
        assert Aftermath.objects.get().result.product == one.ours

    @pytest.mark.parametrize("half", [{"paid": 5}, {"paid_for": "year"}], ids=["for nothing", "nothing"])
    def test_a_price_says_what_it_was_paid_for(self, two, half):
        one, ours, theirs = two
        one.scored({ours: 4, theirs: 3})
        self.decide(one, winner=ours, told=one.told(ours, theirs))
        one.problem.refresh_from_db()

        with pytest.raises(PriceUnclear):
            judging.look_back(one.problem, delivered="yes", again=True, **half, by=one.agency, now=now())
        assert not Aftermath.objects.exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            Aftermath.objects.create(
                result=Result.objects.get(chosen=True), delivered="yes", again=True, said_at=now(), **half
            )

    def test_the_agency_reads_on_afterwards(self, two):
        one, ours, theirs = two
        one.scored({ours: 4, theirs: 3})
        self.decide(one, winner=ours, told=one.told(ours, theirs))
        one.problem.refresh_from_db()
        assert len(judging.opened(one.problem, by=one.agency)) == 2
        assert judging.opened(one.problem, by=one.people["editor"]) == []


class TestSilence:
    def test_is_counted_in_days_and_the_agency_reminded_once_a_week(self, one):
        moment = now()
        Problem.objects.update(
            posted_at=moment - datetime.timedelta(days=40), closes_at=moment - datetime.timedelta(days=8)
        )
        one.problem.refresh_from_db()
        assert judging.silent_days(one.problem, moment) == 8

        for days in (0, 1, 6):
            judging.remind(moment + datetime.timedelta(days=days))

        notices = Notice.objects.filter(user=one.agency, kind="proposal_work").order_by("created_at")
        assert [notice.context["days"] for notice in notices] == [8, 14]

    def test_what_is_open_or_has_an_outcome_is_not_silent(self, one):
        assert judging.silent_days(one.problem, now()) is None
        one.over()
        services.end(one.problem, ending=Ending.NONE_SUITABLE, reason="Không ai trả lời.", now=now())
        one.problem.refresh_from_db()
        assert judging.silent_days(one.problem, now()) is None
        assert judging.remind(now() + datetime.timedelta(days=30)) == 0
        assert not Proposal.objects.exists()


class TestWhatIsSaidOfAProduct:
    """On its page and in the API: who chose it, and how it went."""

    def ended(self, **fields):
        one, now = course(**fields), timezone.now()
        one.problem.invited.set([one.people.vendor, one.people.other])
        one.handed_in()
        one.handed_in("other_vendor")
        one.opened()
        first = next(one.letter(p) for p in one.problem.proposals.all() if p.vendor == one.people.vendor)
        one.scored({letter: 4 if letter == first else 2 for letter in ("A", "B")})
        judging.decide(
            one.problem,
            ending=Ending.TRIAL,
            winner=first,
            reason="Rẻ.",
            told=one.told("A", "B"),
            by=one.agency,
            now=now,
        )
        return one

    def read(self, client, product):
        page = client.get(f"/nen-tang/{product.slug}/").text
        return page, client.get(f"/api/v1/platforms/{product.slug}").json()["chosen_by"]

    def test_who_chose_it_and_how_it_went(self, client):
        one = self.ended()
        page, said = self.read(client, one.ours)
        assert "Cơ quan chưa nhìn lại." in page
        assert said[0]["aftermath"] == []

        judging.look_back(
            Problem.objects.get(pk=one.problem.pk), delivered="partly", again=False, note="Chậm hai tháng.",
            by=one.agency, now=timezone.now(),
        )  # fmt: skip

        page, said = self.read(client, one.ours)
        for text in ("Cơ quan đã chọn qua trang này", one.problem.title, "Sẽ không chọn lại.", "Chậm hai tháng."):
            assert text in page, text
        assert (said[0]["problem"], said[0]["ending"]) == (one.problem.slug, "trial")
        assert said[0]["aftermath"][0]["again"] is False

    def test_what_was_paid_stands_on_the_products_page_and_the_latest_word_counts(self, client):
        one = self.ended()
        problem = Problem.objects.get(pk=one.problem.pk)
        for paid, what in ((410_000_000, "year"), (450_000_000, "year"), (None, "")):
            judging.look_back(
                problem, delivered="yes", again=True, paid=paid, paid_for=what, by=one.agency, now=timezone.now()
            )

        page, said = self.read(client, one.ours)

        assert "Đã trả 450.000.000 đ mỗi năm</strong>" in page
        assert "theo lời 1 cơ quan" in page
        assert [row["paid"] for row in said[0]["aftermath"]] == [410_000_000, 450_000_000, None]
        assert "Paid VND 450,000,000 per year" in client.get(f"/en/nen-tang/{one.ours.slug}/").content.decode()

    def test_several_prices_are_told_from_the_least_to_the_most_of_each_kind(self):
        def choice(agency, paid, what):
            said = [Aftermath(paid=paid, paid_for=what)]
            problem = Problem(agency_id=agency)
            return SimpleNamespace(aftermath=SimpleNamespace(all=lambda: said), proposal=Proposal(problem=problem))

        choices = [choice(1, 9, "month"), choice(2, 5, "month"), choice(2, 6, "month"), choice(3, 7, "whole")]

        assert judging.paid([*choices, choice(4, None, "")]) == [
            judging.Paid(PaidFor.WHOLE, 7, 7, 1), judging.Paid(PaidFor.MONTH, 5, 9, 2)
        ]  # fmt: skip

    def test_nothing_is_said_of_who_was_not_chosen(self, client):
        one = self.ended()
        page, said = self.read(client, one.theirs)
        assert "Cơ quan đã chọn qua trang này" not in page
        assert said == []

    def test_nothing_is_said_of_a_problem_that_not_everybody_reads(self, client):
        one = self.ended(visibility="invited")
        page, said = self.read(client, one.ours)
        assert one.problem.title not in page
        assert said == []
