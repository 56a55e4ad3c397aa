"""Questions in private, answers in public; amendments that everybody concerned is told of."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalogue.notifications.models import Notice
from catalogue.problems import amendments, proposals, questions, services
from catalogue.problems.errors import ReasonMissing
from catalogue.problems.models import Problem
from catalogue.problems.questions import Question
from catalogue.problems.refusals import (
    AlreadyAnswered,
    CannotChange,
    ClosingEarlier,
    NothingChanged,
    NotOpen,
    QuestionsOver,
    TextMissing,
    TextTooLong,
)
from tests.support.problems import course

pytestmark = pytest.mark.django_db


@pytest.fixture
def one():
    return course()


def ask(one, text="Có máy chủ riêng không?", now=None):
    return questions.ask(
        one.problem, vendor=one.people.vendor, text=text, by=one.people["editor"], now=now or timezone.now()
    )


def told(user, kind="proposal_news"):
    return [notice.context["what"] for notice in Notice.objects.filter(user=user, kind=kind).order_by("created_at")]


class TestQuestions:
    def test_the_agency_is_told_and_the_answer_goes_to_who_asked_and_to_the_public(self, one):
        asked = ask(one)
        assert told(one.agency, "proposal_work") == ["asked"]
        assert list(Question.objects.answered()) == []

        questions.answer(asked, answer="Không, thuê ngoài.", by=one.agency, now=timezone.now())

        public = Question.objects.answered().get()
        assert (public.wording, public.answer) == ("Có máy chủ riêng không?", "Không, thuê ngoài.")
        assert told(one.people["editor"]) == ["answered"]
        assert told(one.people["viewer"]) == told(one.people["other_vendor"]) == []

    def test_it_may_be_published_in_other_words(self, one):
        asked = ask(one, "Sao Bắc chúng tôi có cần đến khảo sát không?")
        questions.answer(asked, answer="Không.", wording="Có cần khảo sát không?", by=one.agency, now=timezone.now())
        assert Question.objects.answered().get().wording == "Có cần khảo sát không?"

    @pytest.mark.parametrize(("text", "why"), [("  ", TextMissing), ("a" * 1_001, TextTooLong)])
    def test_must_say_something_short(self, one, text, why):
        with pytest.raises(why):
            ask(one, text)

    def test_are_taken_until_three_working_days_before_closing(self):
        friday = datetime.datetime(2026, 12, 18, 10, tzinfo=datetime.UTC)
        one = course(posted_at=friday - datetime.timedelta(days=30), closes_at=friday)
        assert questions.last_day(one.problem) == datetime.date(2026, 12, 15)
        at = datetime.datetime(2026, 12, 15, 16, 59, tzinfo=datetime.UTC)  # a minute before midnight in Viet Nam
        ask(one, now=at)
        with pytest.raises(QuestionsOver):
            ask(one, now=at + datetime.timedelta(minutes=1))

    def test_are_not_taken_of_a_problem_that_was_withdrawn(self, one):
        services.withdraw(one.problem, reason="Không làm nữa.", now=timezone.now())
        with pytest.raises(NotOpen):
            ask(one)

    def test_are_answered_once(self, one):
        asked = ask(one)
        questions.answer(asked, answer="Có.", by=one.agency, now=timezone.now())
        with pytest.raises(AlreadyAnswered):
            questions.answer(asked, answer="Không.", by=one.agency, now=timezone.now())
        assert Question.objects.get().answer == "Có."

    def test_are_not_answered_after_the_end(self, one):
        asked = ask(one)
        services.withdraw(one.problem, reason="Không làm nữa.", now=timezone.now())
        with pytest.raises(NotOpen):
            questions.answer(asked, answer="Có.", by=one.agency, now=timezone.now())

    @pytest.mark.parametrize("half", [{"answer": "Có."}, {"answered_at": timezone.now()}, {"wording": "?"}])
    def test_half_an_answer_is_none(self, one, half):
        ask(one)
        with pytest.raises(IntegrityError), transaction.atomic():
            Question.objects.update(**half)


class TestAmendments:
    def amend(self, one, texts=None, **more):
        told = {"reason": "Doanh nghiệp hỏi.", "by": one.agency, "now": timezone.now(), **more}
        return amendments.amend(one.problem, texts=texts or {}, **told)

    def test_keeps_what_stood_there_and_why(self, one):
        before, must = one.problem.outcome, amendments.name_of(one.must)
        made = self.amend(one, {"outcome": "Không in giấy nữa.", must: "Chạy được hai giờ khi mất mạng."})

        assert made.reason == "Doanh nghiệp hỏi."
        assert made.changes == [
            {"field": "outcome", "before": before, "after": "Không in giấy nữa."},
            {"field": must, "before": "Chạy được khi mất mạng.", "after": "Chạy được hai giờ khi mất mạng."},
        ]
        one.must.refresh_from_db()
        assert (Problem.objects.get().outcome, one.must.text) == (
            "Không in giấy nữa.",
            "Chạy được hai giờ khi mất mạng.",
        )
        assert "khong in giay nua" in Problem.objects.get().words

    def test_tells_who_asked_drafted_or_was_invited_and_nobody_else(self, one):
        ask(one)
        self.amend(one, {"outcome": "Không in giấy."})
        assert told(one.people["editor"]) == ["amended"]
        assert told(one.people["other_vendor"]) == told(one.people["stranger"]) == []

        proposals.save(
            one.problem,
            vendor=one.people.other,
            content={},
            version=0,
            by=one.people["other_vendor"],
            now=timezone.now(),
        )
        self.amend(one, {"outcome": "Không in giấy, không gửi tay."})
        assert told(one.people["other_vendor"]) == ["amended"]

    def test_tells_the_invited(self, one):
        one.problem.invited.add(one.people.other)
        self.amend(one, {"outcome": "Không in giấy."})
        assert told(one.people["other_vendor"]) == ["amended"]

    def test_closing_may_move_later_never_earlier(self, one):
        closes_at = one.problem.closes_at
        later = closes_at + datetime.timedelta(days=3)
        made = self.amend(one, closes_at=later)
        assert made.changes == [{"field": "closes_at", "before": closes_at.isoformat(), "after": later.isoformat()}]
        with pytest.raises(ClosingEarlier):
            self.amend(one, closes_at=later - datetime.timedelta(seconds=1))
        assert Problem.objects.get().closes_at == later

    @pytest.mark.parametrize(
        ("texts", "more", "why"),
        [
            ({"outcome": "Khác."}, {"reason": " "}, ReasonMissing),
            ({"outcome": " "}, {}, TextMissing),
            ({"outcome": "a" * 3_001}, {}, TextTooLong),
            ({"agency": "Khác."}, {}, CannotChange),
            ({"requirement-0": "Khác."}, {}, CannotChange),
            ({}, {}, NothingChanged),
        ],
    )
    def test_what_is_refused_changes_nothing(self, one, texts, more, why):
        with pytest.raises(why):
            self.amend(one, texts, **more)
        assert one.problem.amendments.count() == 0

    def test_only_while_it_is_open(self, one):
        one.over()
        with pytest.raises(NotOpen):
            self.amend(one, closes_at=timezone.now() + datetime.timedelta(days=1))
