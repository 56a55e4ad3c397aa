"""Challenges and appeals: what each does to the product, who may decide, and what the register says of it."""

import datetime

import pytest

from catalogue.accounts import personal_data
from catalogue.notifications.models import Notice
from catalogue.platforms.choices import Assurance
from catalogue.platforms.models import Platform
from catalogue.register.models import Entry
from catalogue.vetting import challenges, clock, counts, services
from catalogue.vetting.challenges import APPEAL_DAYS, Appeal, Challenge, Outcome
from catalogue.vetting.errors import AlreadyAppealed, IllegalOutcome, NamesPerson, ReasonMissing, SamePerson, TooLate
from catalogue.vetting.states import State
from tests.support.roles import everyone
from tests.support.vetting import NOW, TODAY, examined, handed_in, product, proposed, reviewer, rules, vetted

pytestmark = pytest.mark.django_db
REASON = "Giấy chứng nhận đã bị thu hồi từ tháng 6."


@pytest.fixture
def people():
    rules()
    return everyone()


@pytest.fixture
def four():
    return [reviewer(name) for name in ("mot", "hai", "ba", "bon")]


def later(**by):
    return NOW + datetime.timedelta(**by)


def raised(platform, **fields) -> Challenge:
    told = {"about": "evidence", "reason": REASON, "by": None, "now": NOW, **fields}
    return challenges.challenge(platform, **told)


def kinds() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("kind", flat=True))


class TestWholeCourse:
    def test_challenge_founded_suspended_appealed_by_the_vendor_and_reinstated_by_a_third_person(self, people, four):
        first, second, third, fourth = four
        submission = vetted(people, first, second)
        one = raised(submission.platform, email="nguoi-dan@example.vn")

        challenges.settle(one, upheld=True, answer="Đúng, giấy đã hết hiệu lực.", suspends=True, by=third, now=NOW)
        submission.refresh_from_db()
        assert submission.state == State.SUSPENDED
        assert Platform.objects.get().assurance == Assurance.LISTED

        asked = challenges.appeal_decision(submission, reason="Đã có giấy mới.", by=people["owner"], now=later(days=3))
        for partial in (first, second, third):
            assert not Appeal.objects.for_reviewers(partial).exists(), partial
            with pytest.raises(SamePerson):
                challenges.decide(asked, upheld=True, answer="Đã xem giấy mới.", by=partial, now=later(days=4))
        challenges.decide(asked, upheld=True, answer="Đã xem giấy mới.", by=fourth, now=later(days=4))

        submission.refresh_from_db()
        assert submission.state == State.VETTED
        assert Platform.objects.get().assurance == Assurance.VETTED
        assert kinds() == ["vetted", "suspended", "challenge_upheld", "appeal_upheld", "reinstated"]
        entry = Entry.objects.get(kind="challenge_upheld")
        assert entry.facts["reason"] == REASON
        assert "nguoi-dan@example.vn" not in str([row.facts for row in Entry.objects.all()])

    def test_a_dismissed_challenge_is_turned_round_by_the_appeal_of_who_raised_it(self, people, four):
        one = raised(product(people), email="nguoi-dan@example.vn")
        challenges.settle(one, upheld=False, answer="Giấy còn hiệu lực.", suspends=True, by=four[0], now=NOW)
        assert (one.outcome, one.suspends) == (Outcome.DISMISSED, False)

        asked = challenges.appeal_outcome(one, reason="Xem quyết định thu hồi.", by=None, now=later(days=1))
        assert not Appeal.objects.for_reviewers(four[0]).exists()
        challenges.decide(asked, upheld=True, answer="Đúng là đã thu hồi.", by=four[1], now=later(days=2))

        one.refresh_from_db()
        assert one.outcome == Outcome.UPHELD
        assert kinds() == ["challenge_dismissed", "appeal_upheld"]
        told = Notice.objects.filter(kind="challenge_news", email="nguoi-dan@example.vn")
        assert sorted(row.context["what"] for row in told) == ["appeal_upheld", "dismissed"]

    def test_a_founded_challenge_is_turned_round_and_its_suspension_with_it(self, people, four):
        submission = vetted(people, *four[:2])
        one = raised(submission.platform)
        challenges.settle(one, upheld=True, answer="Đúng.", suspends=True, by=four[2], now=NOW)

        asked = challenges.appeal_outcome(one, reason="Giấy mới đây.", by=people["owner"], now=NOW)
        challenges.decide(asked, upheld=True, answer="Giấy mới hợp lệ.", by=four[3], now=NOW)

        submission.refresh_from_db()
        assert submission.state == State.VETTED
        assert Challenge.objects.get().outcome == Outcome.DISMISSED

    def test_an_appeal_that_fails_changes_nothing(self, people, four):
        submission = vetted(people, *four[:2])
        services.suspend(submission, reason="Hết giấy.", by=four[2], now=NOW)
        asked = challenges.appeal_decision(submission, reason="Không đúng.", by=people["editor"], now=NOW)

        challenges.decide(asked, upheld=False, answer="Vẫn chưa có giấy.", by=four[3], now=NOW)

        submission.refresh_from_db()
        assert submission.state == State.SUSPENDED
        assert kinds()[-1] == "appeal_dismissed"
        with pytest.raises(IllegalOutcome):
            challenges.decide(asked, upheld=True, answer="Đổi ý.", by=four[3], now=NOW)

    def test_who_examined_it_cannot_suspend_it_and_nothing_is_settled_then(self, people, four):
        submission = vetted(people, *four[:2])
        one = raised(submission.platform)

        with pytest.raises(SamePerson):
            challenges.settle(one, upheld=True, answer="Đúng.", suspends=True, by=four[0], now=NOW)

        one.refresh_from_db()
        assert one.outcome == Outcome.OPEN
        assert kinds() == ["vetted"]


class TestThirdPerson:
    def test_who_suspended_or_revoked_is_none(self, people, four):
        submission = vetted(people, *four[:2])
        services.revoke(submission, reason="Gian dối.", by=four[2], now=NOW)
        asked = challenges.appeal_decision(submission, reason="Không gian dối.", by=people["owner"], now=NOW)

        assert [one for one in four if Appeal.objects.for_reviewers(one).filter(pk=asked.pk)] == [four[3]]

    def test_a_reviewer_who_had_no_part_sees_appeals_of_both_kinds(self, people, four):
        submission = handed_in(people)
        proposed(submission, four[0], missed=("source",))
        services.reject(submission, reason="Thiếu giấy.", by=four[1], now=NOW)
        one = raised(submission.platform)
        challenges.settle(one, upheld=True, answer="Đúng.", suspends=False, by=four[2], now=NOW)
        challenges.appeal_decision(submission, reason="Có giấy.", by=people["owner"], now=NOW)
        challenges.appeal_outcome(one, reason="Không đúng.", by=people["owner"], now=NOW)

        seen = [Appeal.objects.for_reviewers(one).count() for one in four]
        assert seen == [1, 1, 1, 2]


class TestTime:
    def test_an_appeal_is_taken_on_the_last_day_and_not_on_the_next(self, people, four):
        submission = vetted(people, *four[:2])
        services.suspend(submission, reason="Hết giấy.", by=four[2], now=NOW)

        assert challenges.open_to_vendor(submission.platform, later(days=APPEAL_DAYS)) == [submission]
        assert challenges.open_to_vendor(submission.platform, later(days=APPEAL_DAYS + 1)) == []
        with pytest.raises(TooLate):
            challenges.appeal_decision(submission, reason="x", by=people["owner"], now=later(days=APPEAL_DAYS + 1))
        challenges.appeal_decision(submission, reason="Có.", by=people["owner"], now=later(days=APPEAL_DAYS))
        assert challenges.open_to_vendor(submission.platform, NOW) == []
        with pytest.raises(AlreadyAppealed):
            challenges.appeal_decision(submission, reason="Nữa.", by=people["owner"], now=NOW)

    def test_who_won_by_an_outcome_has_nothing_to_appeal_against(self, people, four):
        one = raised(product(people))
        challenges.settle(one, upheld=True, answer="Đúng.", suspends=False, by=four[0], now=NOW)

        assert not challenges.is_open_to_appeal(one, by_challenger=True, now=NOW)
        assert challenges.open_to_vendor(one.platform, NOW) == [one]

    def test_an_address_is_forgotten_once_nothing_can_follow(self, people, four):
        one = raised(product(people), email="nguoi-dan@example.vn")
        challenges.settle(one, upheld=False, answer="Không đúng.", suspends=False, by=four[0], now=NOW)

        clock.look_after(later(days=APPEAL_DAYS))
        assert Challenge.objects.get().email == "nguoi-dan@example.vn"
        clock.look_after(later(days=APPEAL_DAYS + 2))
        assert Challenge.objects.get().email == ""


class TestTexts:
    """What is entered in the register can never be put right, so it is refused before it gets there."""

    @pytest.mark.parametrize("text", ["Hỏi lan@example.vn, người phụ trách.", "x lan@sub.example.gov.vn"])
    def test_an_address_of_a_person_is_refused_everywhere(self, people, four, text):
        platform = product(people)
        with pytest.raises(NamesPerson):
            raised(platform, reason=text)
        one = raised(platform)
        with pytest.raises(NamesPerson):
            challenges.settle(one, upheld=True, answer=text, suspends=False, by=four[0], now=NOW)
        submission = handed_in(people, platform)
        services.take(submission, by=four[0], now=NOW)
        with pytest.raises(NamesPerson):
            services.conclude(submission.answers.first(), verdict="not_met", note=text, by=four[0], now=NOW)
        examined(submission, four[0])
        services.propose(submission, proposal="reject", note="Thiếu.", by=four[0], now=NOW)
        with pytest.raises(NamesPerson):
            services.reject(submission, reason=text, by=four[1], now=NOW)
        assert not Entry.objects.exists()

    def test_lines_as_a_browser_sends_them_and_tabs_can_be_entered(self, people, four):
        one = raised(product(people), reason="Dòng một.\r\nDòng\thai.")

        challenges.settle(one, upheld=True, answer="Đúng.\r\nĐã sửa.", suspends=False, by=four[0], now=NOW)

        assert Entry.objects.get().facts["reason"] == "Dòng một.\nDòng hai."
        assert Entry.objects.get().facts["answer"] == "Đúng.\nĐã sửa."

    def test_blanks_say_nothing(self, people):
        with pytest.raises(ReasonMissing):
            raised(product(people), reason=" \r\n ")


class TestCounts:
    def test_each_step_says_its_term_and_how_many_wait_and_are_late(self, people, four):
        handed_in(people)
        raised(product(people, slug="khac"))
        late = TODAY + datetime.timedelta(days=60)

        told = {row.step: (row.days, row.open, row.late) for row in counts.waiting(TODAY)}
        assert told == {
            "submitted": (10, 1, 0), "in_review": (10, 0, 0), "clarification": (10, 0, 0), "to_decide": (10, 0, 0),
            "challenge": (10, 1, 0), "appeal": (10, 0, 0),
        }  # fmt: skip
        assert {row.step: row.late for row in counts.waiting(late) if row.late} == {"submitted": 1, "challenge": 1}

    def test_drafts_are_not_counted_and_it_costs_four_queries(self, people, django_assert_num_queries):
        services.begin(product(people), by=people["editor"], now=NOW)

        with django_assert_num_queries(4):
            assert not any(row.open for row in counts.waiting(TODAY))


class TestPersonalData:
    def test_is_handed_over_and_the_address_forgotten(self, people):
        user = people["stranger"]
        by_account = raised(product(people), by=user)
        by_address = raised(by_account.platform, email=user.email.upper())
        raised(by_account.platform, email="khac@example.vn")

        copy = personal_data.copy_of(user, NOW)["challenges"]
        assert len(copy["challenges"]) == 2
        assert copy["challenges"][0]["reason"] == REASON
        personal_data.erase(user, NOW)

        for one in (by_account, by_address):
            one.refresh_from_db()
            assert one.email == ""
            assert one.reason == REASON
        assert Challenge.objects.filter(email="khac@example.vn").exists()

    def test_what_somebody_wrote_in_an_appeal_is_handed_over(self, people, four):
        submission = vetted(people, *four[:2])
        services.suspend(submission, reason="Hết giấy.", by=four[2], now=NOW)
        challenges.appeal_decision(submission, reason="Có giấy mới.", by=people["owner"], now=NOW)

        (copy,) = personal_data.copy_of(people["owner"], NOW)["challenges"]["appeals"]
        assert copy["reason"] == "Có giấy mới."
