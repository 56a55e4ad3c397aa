"""A product goes through vetting: what each step does to it, to its listing and to the register."""

import datetime

import pytest

from catalogue.audit.models import Event
from catalogue.notifications.models import Notice
from catalogue.platforms import editing
from catalogue.platforms.choices import Assurance, ClaimLevel
from catalogue.platforms.confirmations import Confirmation
from catalogue.platforms.models import Platform
from catalogue.platforms.revisions import FieldRule, Revision, RevisionState
from catalogue.register.models import Entry
from catalogue.vetting import clock, services
from catalogue.vetting.criteria import CriteriaSet
from catalogue.vetting.errors import (
    AlreadyOpen,
    MandatoryNotMet,
    NoCriteria,
    NothingAsked,
    ReasonMissing,
    Unanswered,
    Undecided,
)
from catalogue.vetting.models import Submission
from catalogue.vetting.states import Action, Proposal, State, Verdict
from tests.catalogue.platforms.test_editing import write
from tests.support.factories import CriteriaSetFactory, LeafFactory
from tests.support.roles import everyone
from tests.support.vetting import (
    NOW,
    TODAY,
    act,
    examined,
    handed_in,
    product,
    proposed,
    reviewer,
    rules,
    vetted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def criteria():
    return rules()


@pytest.fixture
def people(criteria):
    return everyone()


@pytest.fixture
def first():
    return reviewer("mot")


@pytest.fixture
def second():
    return reviewer("hai")


def later(**stretch: int) -> datetime.datetime:
    return NOW + datetime.timedelta(**stretch)


def whole(people) -> Revision:
    """Return a finished draft of a product that nobody has seen."""
    leaf = LeafFactory(key="online-meetings")
    draft = editing.start(people.vendor, name="Họp Giấy", category=leaf.key, by=people["editor"], now=NOW)
    return write(draft, people["editor"])


class TestHandingIn:
    def test_a_new_product_enters_the_queue_with_every_criterion(self, people, criteria):
        revision = services.hand_in(whole(people), by=people["editor"], now=NOW)

        submission = Submission.objects.get()
        assert (revision.state, submission.state) == (RevisionState.SUBMITTED, State.SUBMITTED)
        assert {one.criterion.key for one in submission.answers.all()} == set(criteria)
        assert submission.due_on is not None
        assert submission.due_on > TODAY
        assert [step.action for step in submission.steps.all()] == [Action.SUBMIT]
        assert not Platform.objects.listed().exists()

    def test_a_change_that_needs_no_review_is_public_at_once_and_enters_no_queue(self, people):
        editing.publish(editing.submit(whole(people), by=people["editor"], now=NOW), by=None, now=NOW)
        FieldRule.objects.create(field="summary", material=False, reason="mẫu")
        again = editing.revise(Platform.objects.get(), by=people["editor"], now=NOW)
        write(again, people["editor"], {"summary": {"summary": "Họp không giấy, gọn hơn."}})

        done = services.hand_in(Revision.objects.get(number=2), by=people["editor"], now=NOW)

        assert done.state == RevisionState.PUBLISHED
        assert not Submission.objects.exists()

    def test_what_is_public_can_be_vetted_as_it_stands(self, people):
        submission = handed_in(people)

        assert (submission.state, submission.revision) == (State.SUBMITTED, None)

    def test_one_at_a_time(self, people):
        submission = handed_in(people)

        with pytest.raises(AlreadyOpen):
            services.begin(submission.platform, by=people["owner"], now=NOW)

    def test_nothing_is_examined_by_no_criteria(self, people):
        CriteriaSetFactory(version=2, valid_from=TODAY, key=CriteriaSet.objects.get().key)

        with pytest.raises(NoCriteria):
            services.begin(product(people), by=people["editor"], now=NOW)

    def test_reviewers_are_told_and_the_riskiest_comes_first(self, people, first):
        quiet, risky = handed_in(people), handed_in(people, product(people, slug="khac"), now=later(hours=1))
        Submission.objects.filter(pk=risky.pk).update(risk=3)

        assert list(Submission.objects.for_reviewers(first).queue()) == [risky, quiet]
        told = Notice.objects.filter(user=first, kind="vetting_work")
        assert [notice.context["what"] for notice in told] == ["submit", "submit"]


class TestClarification:
    def test_each_question_is_answered_before_it_goes_on(self, people, first):
        submission = handed_in(people)
        services.take(submission, by=first, now=NOW)
        one, other = submission.answers.all()[:2]
        services.ask(submission, questions={one.pk: "Số nào?", other.pk: "Ai cấp?"}, by=first, now=NOW)
        asked = {c.question: c.pk for answer in submission.answers.all() for c in answer.clarifications.all()}

        with pytest.raises(Unanswered) as refusal:
            services.answer(submission, replies={asked["Số nào?"]: services.Reply("123")}, by=people["editor"], now=NOW)
        assert refusal.value.criteria == [other.criterion.label]
        assert submission.state == State.CLARIFICATION

        replies = {number: services.Reply("Số 123, Cục Bản quyền.") for number in asked.values()}
        services.answer(submission, replies=replies, by=people["editor"], now=later(hours=2))
        assert (submission.state, submission.reviewer) == (State.IN_REVIEW, first)
        assert {c.reply for answer in submission.answers.all() for c in answer.clarifications.all()} == {
            "Số 123, Cục Bản quyền."
        }

    def test_nothing_is_asked_by_nothing(self, people, first):
        submission = handed_in(people)
        services.take(submission, by=first, now=NOW)
        with pytest.raises(NothingAsked):
            services.ask(submission, questions={submission.answers.first().pk: "  "}, by=first, now=NOW)

    def test_a_criterion_of_another_submission_is_none_of_this_one(self, people, first):
        submission, other = handed_in(people), handed_in(people, product(people, slug="khac"))
        services.take(submission, by=first, now=NOW)
        with pytest.raises(NothingAsked):
            services.ask(submission, questions={other.answers.first().pk: "Số nào?"}, by=first, now=NOW)

    def test_who_stays_silent_is_warned_and_then_closed(self, people, first):
        revision = services.hand_in(whole(people), by=people["editor"], now=NOW)
        submission = Submission.objects.get()
        services.take(submission, by=first, now=NOW)
        act(submission, Action.ASK, first)

        assert clock.look_after(NOW)["warned"] == 0
        warned = datetime.datetime.combine(submission.due_on, datetime.time(2), datetime.UTC)
        assert clock.look_after(warned)["warned"] == 1
        assert clock.look_after(warned)["warned"] == 0, "told once"
        assert clock.look_after(warned)["lapsed"] == 0
        assert clock.look_after(warned + datetime.timedelta(days=1))["lapsed"] == 1

        submission.refresh_from_db()
        revision.refresh_from_db()
        assert (submission.state, revision.state) == (State.LAPSED, RevisionState.RETURNED)
        assert Entry.objects.get().kind == "lapsed"

    def test_who_was_never_warned_is_not_closed(self, people, first):
        submission = handed_in(people)
        services.take(submission, by=first, now=NOW)
        act(submission, Action.ASK, first)

        done = clock.look_after(later(days=60))

        assert (done["warned"], done["lapsed"]) == (1, 0)


class TestDeciding:
    def test_two_people_make_it_vetted_until_what_it_rests_on_runs_out(self, people, first, second):
        submission = vetted(people, first, second)

        platform = Platform.objects.get()
        until = datetime.date(2027, 11, 25)  # the mandatory answer that holds the shortest: twelve months
        assert (submission.state, submission.valid_until) == (State.VETTED, until)
        assert (platform.assurance, platform.assured_on, platform.vetted_until) == (Assurance.VETTED, TODAY, until)
        entry = Entry.objects.get()
        assert (entry.kind, entry.platform, entry.facts["until"]) == ("vetted", platform.slug, until.isoformat())
        assert entry.facts["verdicts"] == {"identity": "met", "source": "met", "price": "met"}
        assert str(first.pk) not in str(entry.facts)
        assert Event.objects.filter(action="submission.accept").count() == 1

    def test_each_claim_says_how_when_and_until_when(self, people, first, second):
        vetted(people, first, second)

        kept = {one.field: one for one in Confirmation.objects.all()}
        assert set(kept) == {"source_owner", "copyright_certificate", "packages"}
        assert kept["source_owner"].level == ClaimLevel.DOCUMENT_SEEN
        assert (kept["packages"].confirmed_on, kept["packages"].until) == (TODAY, datetime.date(2027, 5, 25))

    def test_what_was_handed_in_is_public_with_it(self, people, first, second):
        revision = services.hand_in(whole(people), by=people["editor"], now=NOW)
        submission = Submission.objects.get()
        proposed(submission, first)
        services.accept(submission, by=second, now=NOW)

        revision.refresh_from_db()
        platform = Platform.objects.listed().get()
        assert (revision.state, platform.name, platform.assurance) == ("published", "Họp Giấy", "vetted")

    def test_a_mandatory_criterion_that_is_missed_keeps_it_out(self, people, first):
        submission = handed_in(people)
        examined(submission, first, missed=("source",))
        with pytest.raises(MandatoryNotMet):
            services.propose(submission, proposal=Proposal.ACCEPT, note="Tốt.", by=first, now=NOW)

    def test_one_that_is_not_mandatory_does_not(self, people, first, second):
        submission = handed_in(people)
        examined(submission, first, missed=("price",))
        services.propose(submission, proposal=Proposal.ACCEPT, note="Tốt.", by=first, now=NOW)
        services.accept(submission, by=second, now=NOW)
        assert not Confirmation.objects.filter(field="packages").exists()

    def test_nothing_is_proposed_while_a_criterion_is_open(self, people, first):
        submission = handed_in(people)
        services.take(submission, by=first, now=NOW)
        with pytest.raises(Undecided):
            services.propose(submission, proposal=Proposal.REJECT, note="Thiếu.", by=first, now=NOW)

    def test_not_met_needs_a_reason(self, people, first):
        submission = handed_in(people)
        services.take(submission, by=first, now=NOW)
        with pytest.raises(ReasonMissing):
            services.conclude(submission.answers.first(), verdict=Verdict.NOT_MET, note=" ", by=first, now=NOW)

    def test_a_refusal_gives_a_reason_for_each_criterion_and_the_text_back(self, people, first, second):
        revision = services.hand_in(whole(people), by=people["editor"], now=NOW)
        submission = Submission.objects.get()
        proposed(submission, first, missed=("source",))
        services.reject(submission, reason="Thiếu giấy chứng nhận.", by=second, now=NOW)

        revision.refresh_from_db()
        assert revision.state == RevisionState.RETURNED
        assert revision.reason == "Thiếu giấy chứng nhận.\nCó source không?: Chưa có giấy tờ."
        assert Entry.objects.get().facts["reasons"] == {"source": "Chưa có giấy tờ."}
        assert Notice.objects.filter(user=people["owner"], kind="vetting_news").exists()


class TestAgeing:
    def test_it_expires_on_the_day_after_and_what_is_left_is_what_evidence_supports(self, people, first, second):
        submission = vetted(people, first, second)
        day = datetime.datetime.combine(submission.valid_until, datetime.time(2), datetime.UTC)

        assert clock.look_after(day)["expired"] == 0
        assert clock.look_after(day + datetime.timedelta(days=1))["expired"] == 1

        platform = Platform.objects.get()
        assert (platform.assurance, platform.vetted_until) == (Assurance.LISTED, None)
        assert [entry.kind for entry in Entry.objects.order_by("number")] == ["vetted", "expired"]

    def test_its_vendor_is_told_in_time_and_once(self, people, first, second):
        submission = vetted(people, first, second)
        day = datetime.datetime.combine(submission.valid_until, datetime.time(2), datetime.UTC) - datetime.timedelta(
            days=27
        )
        clock.look_after(day)
        clock.look_after(day + datetime.timedelta(days=1))

        told = [one.context["what"] for one in Notice.objects.filter(user=people["owner"], kind="vetting_news")]
        assert told.count("ending") == 1

    def test_renewing_takes_over_what_still_holds(self, people, first, second):
        before = vetted(people, first, second)
        again = services.begin(before.platform, by=people["editor"], now=later(days=200))

        kept = {one.criterion.key: one for one in again.answers.all()}
        assert again.renews == before
        assert kept["identity"].verdict == kept["source"].verdict == Verdict.MET
        assert kept["identity"].concluded_on == TODAY
        assert kept["price"].verdict == Verdict.OPEN, "half a year is over"

    def test_what_the_vendor_rewrote_is_asked_again(self, people, first, second):
        platform = vetted(people, first, second).platform
        revision = editing.revise(platform, by=people["editor"], now=NOW)
        write(revision, people["editor"])
        services.hand_in(Revision.objects.get(), by=people["editor"], now=later(days=1))

        kept = {one.criterion.key: one.verdict for one in Submission.objects.open().get().answers.all()}
        assert kept["identity"] == Verdict.MET
        assert kept["price"] == Verdict.OPEN, "the packages changed"

    def test_a_later_vetting_replaces_the_earlier(self, people, first, second):
        before = vetted(people, first, second)
        vetted(people, first, second, before.platform, now=later(days=300))

        before.refresh_from_db()
        assert before.state == State.REPLACED
        assert Platform.objects.get().assured_on == TODAY + datetime.timedelta(days=300)

    def test_what_was_confirmed_of_a_field_goes_when_its_text_changes(self, people, first, second):
        platform = vetted(people, first, second).platform
        FieldRule.objects.create(field="packages", material=False, reason="mẫu")
        revision = editing.revise(platform, by=people["editor"], now=NOW)
        write(revision, people["editor"])
        editing.submit(Revision.objects.get(), by=people["editor"], now=NOW)
        editing.publish(Revision.objects.get(), by=None, now=NOW)

        assert not Confirmation.objects.filter(field="packages").exists()
        assert Confirmation.objects.filter(field="source_owner").exists()


class TestSuspending:
    def test_takes_the_level_away_and_gives_it_back(self, people, first, second):
        submission = vetted(people, first, second)
        services.suspend(submission, reason="Giấy chứng nhận bị thu hồi.", by=second, now=NOW)
        assert Platform.objects.get().assurance == Assurance.LISTED
        assert not Confirmation.objects.exists()

        services.reinstate(submission, reason="Đã có giấy mới.", by=second, now=NOW)
        platform = Platform.objects.get()
        assert (platform.assurance, platform.vetted_until) == (Assurance.VETTED, submission.valid_until)
        assert Confirmation.objects.count() == 3
        assert [entry.kind for entry in Entry.objects.order_by("number")] == ["vetted", "suspended", "reinstated"]
