"""The reviewer's desk: who comes in, what waits there in which order, and each move by each role."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.documents import services as documents
from catalogue.platforms import editing
from catalogue.platforms.models import Platform
from catalogue.vetting import services
from catalogue.vetting.models import Answer, Finding, Submission
from catalogue.vetting.states import Action, Proposal, State, Verdict
from tests.catalogue.documents.files import PDF
from tests.catalogue.platforms.test_editing import WHOLE, write
from tests.support.factories import LeafFactory, PlatformFactory
from tests.support.roles import ROLES, check, everyone
from tests.support.vetting import examined, handed_in, product, proposed, reviewer, rules, vetted

pytestmark = pytest.mark.django_db
DESK = "/tham-dinh/ban-lam-viec/"


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "private"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def people():
    rules()
    return everyone()


@pytest.fixture
def submission(people, now):
    return handed_in(people, now=now)


@pytest.fixture
def second():
    return reviewer("hai")


def at(submission):
    return f"/tham-dinh/ho-so/{submission.pk}/"


def act_at(submission, action):
    return reverse("vetting-act", kwargs={"pk": submission.pk, "action": action})


def conclude_at(one):
    return reverse("vetting-conclude", args=[one.submission_id, one.pk])


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def _opens(client, document) -> bool:
    answer = client.get(f"/tep/{document.pk}/")
    if answer.status_code == 200:
        assert b"".join(
            answer.streaming_content
        )  # read, not closed: closing it ends the connection to the database too
    return answer.status_code == 200


def seen(answer) -> str:
    return answer.content.decode()


class TestWhoComesIn:
    def test_only_reviewers_have_a_desk(self, people, submission):
        check(people, "GET", DESK, {"reviewer": 200})

    def test_only_reviewers_see_a_submission(self, people, submission):
        check(people, "GET", at(submission), {"reviewer": 200})

    def test_only_reviewers_take_one(self, people, submission):
        check(people, "POST", f"{at(submission)}nhan/", {"reviewer": 302})

    def test_only_reviewers_have_the_checks_run(self, people, submission):
        check(people, "POST", f"{at(submission)}kiem-tra/", {"reviewer": 302})

    def test_only_reviewers_conclude(self, people, submission, now):
        services.take(submission, by=people["reviewer"], now=now)
        one = submission.answers.first()

        check(people, "POST", conclude_at(one), {"reviewer": 302}, data={"verdict": "met"})

    @pytest.mark.parametrize("action", [Action.ASK, Action.PROPOSE, Action.GIVE_BACK])
    def test_only_who_holds_it_has_the_page_of_a_move(self, people, submission, now, action):
        services.take(submission, by=people["reviewer"], now=now)
        query = f"?tieu-chi={submission.answers.first().pk}"

        check(people, "GET", act_at(submission, action) + query, {"reviewer": 200})
        assert as_(reviewer("ba")).get(act_at(submission, action) + query).status_code == 302

    @pytest.mark.parametrize("action", [Action.ACCEPT, Action.REJECT, Action.SEND_BACK])
    def test_only_a_second_person_decides(self, people, submission, second, now, action):
        proposed(submission, second, now=now)

        check(people, "GET", act_at(submission, action), {"reviewer": 200})
        sent = {"reason": "Thiếu giấy.", "confirmed": "1"}
        check(people, "POST", act_at(submission, action), {"reviewer": 302}, data=sent)

        answer = as_(second).post(act_at(submission, action), sent)
        submission.refresh_from_db()
        assert (answer.status_code, submission.state) == (302, State.TO_DECIDE)

    def test_a_reviewer_of_a_vendor_has_no_desk(self, people, submission):
        people["reviewer"].memberships.create(organisation=people.other, role="viewer")

        assert people.client("reviewer").get(DESK).status_code == 404
        assert people.client("reviewer").get(at(submission)).status_code == 404

    def test_a_draft_is_nobodys_work_yet(self, people, now):
        draft = services.begin(product(people), by=people["editor"], now=now)

        assert people.client("reviewer").get(at(draft)).status_code == 404

    def test_the_account_leads_reviewers_to_their_desk(self, people):
        for address in ("/tai-khoan/", "/to-chuc/"):
            assert DESK in seen(people.client("reviewer").get(address))
            assert DESK not in seen(people.client("editor").get(address))


class TestDesk:
    def test_the_riskiest_come_first_then_the_longest_waiting(self, people, now):
        names = ("Mới", "Cũ", "Lạ")
        rows = [
            handed_in(people, PlatformFactory(vendor=people.vendor, name=name), now=now - timedelta(days=days))
            for name, days in zip(names, (0, 3, 1), strict=True)
        ]
        Submission.objects.filter(pk=rows[2].pk).update(risk=2)

        page = seen(people.client("reviewer").get(DESK))

        assert re.findall(r'<strong lang="vi">([^<]+)</strong>', page) == ["Lạ", "Cũ", "Mới"]
        assert "2 điểm cần chú ý" in page

    def test_what_one_holds_and_what_waits_for_ones_decision_stand_apart(self, people, second, now):
        mine = handed_in(people, PlatformFactory(vendor=people.vendor, name="Của tôi"), now=now)
        theirs = handed_in(people, PlatformFactory(vendor=people.vendor, name="Của người kia"), now=now)
        services.take(mine, by=people["reviewer"], now=now)
        proposed(theirs, second, now=now)

        page = seen(people.client("reviewer").get(DESK))

        held, decided, queue = re.split(r'id="cho-ban"|id="hang-cho"', page)
        assert "Của tôi" in held
        assert "Của người kia" in decided
        assert "Hàng chờ đang trống." in queue
        other = seen(as_(second).get(DESK))
        assert "Không có hồ sơ nào của người khác chờ quyết định." in other

    def test_what_is_late_is_marked_and_counted(self, people, submission):
        assert "Quá hạn" not in seen(people.client("reviewer").get(DESK))
        Submission.objects.update(due_on=timezone.localdate() - timedelta(days=1))

        page = people.client("reviewer").get(DESK)

        assert "Quá hạn" in seen(page)
        assert page.context["counts"] == {"waiting": 1, "examined": 0, "asked": 0, "to_decide": 0, "late": 1}

    def test_an_empty_desk_says_so(self, people):
        page = seen(people.client("reviewer").get(DESK))

        assert f'href="{reverse("vetting-challenges")}"' in page
        assert "Bạn chưa giữ hồ sơ nào." in page
        assert "Hàng chờ đang trống." in page

    def test_it_costs_the_same_however_long_the_queue_and_comes_in_pages(self, people, now, django_assert_num_queries):
        client = people.client("reviewer")
        handed_in(people, PlatformFactory(vendor=people.vendor), now=now)
        client.get(DESK)
        with django_assert_num_queries(19):
            client.get(DESK)
        for _ in range(21):
            handed_in(people, PlatformFactory(vendor=people.vendor), now=now)
        with django_assert_num_queries(19):
            first = client.get(DESK)

        assert len(first.context["queue"]) == 20
        assert 'href="/tham-dinh/ban-lam-viec/?trang=2"' in seen(first)
        assert len(client.get(f"{DESK}?trang=2").context["queue"]) == 2


class TestSubmissionPage:
    def test_beside_each_question_stands_what_speaks_for_it(self, people, now):
        platform = product(people, source_owner="vietnamese")
        platform.evidence.create(kind="certification", title="Chứng nhận ISO 27001", url="https://iso.example.vn/1")
        platform.evidence.create(kind="other", title="Giấy khác")
        draft = services.begin(platform, by=people["editor"], now=now)
        paper = documents.keep(people.vendor, name="dang-ky.pdf", content=PDF, by=people["editor"], now=now)
        one = draft.answers.get(criterion__key="source")
        services.explain(one, text="Chúng tôi viết toàn bộ.", document=paper, by=people["editor"])
        services.submit(draft, by=people["editor"], now=now)
        Finding.objects.create(submission=draft, code="links", passed=False, found_at=now)

        page = people.client("reviewer").get(at(draft))

        item = next(item for item in page.context["items"] if item.answer.pk == one.pk)
        assert item.answer.text == "Chúng tôi viết toàn bộ."
        assert [piece.url for piece in item.evidence] == ["https://iso.example.vn/1"]
        assert item.fields[0][0] == "Quyền với mã nguồn"
        assert item.fields[0][1]
        for said in ("Có source không?", "Giấy tờ còn hạn, khớp với hồ sơ.", "Văn bản mẫu", "dang-ky.pdf", "Cần chú ý"):
            assert said in seen(page)
        assert "Giấy khác" not in seen(page)

    def test_a_paper_of_a_submission_opens_for_reviewers_and_no_other_paper(self, people, now):
        draft = services.begin(product(people), by=people["editor"], now=now)
        papers = [
            documents.keep(people.vendor, name=f"{n}.pdf", content=PDF + b"\n" * n, by=people["editor"], now=now)
            for n in (1, 2)
        ]
        services.explain(draft.answers.first(), text="", document=papers[0], by=people["editor"])
        assert not _opens(people.client("reviewer"), papers[0]), "not handed in yet"
        services.submit(draft, by=people["editor"], now=now)

        opened = {role: _opens(people.client(role), papers[0]) for role in ROLES}
        assert {role for role, opens in opened.items() if opens} == {"viewer", "editor", "owner", "reviewer"}
        assert not _opens(people.client("reviewer"), papers[1])

    def test_a_paper_that_only_the_handed_in_text_names_opens_too(self, people, now):
        LeafFactory(key="online-meetings")
        paper = documents.keep(people.vendor, name="1.pdf", content=PDF, by=people["editor"], now=now)
        draft = editing.start(people.vendor, name="Họp Giấy", category="online-meetings", by=people["editor"], now=now)
        draft = write(draft, people["editor"])
        piece = {"kind": "other", "title": "Giấy", "document": str(paper.pk)}
        draft = editing.edit(
            draft, step="evidence", values={"evidence": [piece]}, version=draft.version, by=people["editor"], now=now
        )
        services.hand_in(draft, by=people["editor"], now=now)

        assert _opens(people.client("reviewer"), paper)

    def test_it_tells_how_the_same_was_decided_before(self, people, second, now):
        for n in range(2):
            _rejected(people, second, now, f"Trước {n}")
        submission = handed_in(people, now=now)

        items = people.client("reviewer").get(at(submission)).context["items"]

        source = next(item for item in items if item.answer.criterion.key == "source")
        assert list(source.reasons) == ["Chưa có giấy tờ."]
        assert [(past.product, past.verdict) for past in source.past] == [
            ("Trước 1", Verdict.NOT_MET),
            ("Trước 0", Verdict.NOT_MET),
        ]

    def test_it_shows_what_changed_since_the_last_vetting(self, people, second, now):
        before = vetted(people, people["reviewer"], second, now=now - timedelta(days=30))
        platform = before.platform
        draft = editing.revise(platform, by=people["editor"], now=now)
        draft = write(draft, people["editor"], {**WHOLE, "summary": {"summary": "Họp không giấy cho xã."}})
        renewal = services.hand_in(draft, by=people["editor"], now=now).submission

        page = people.client("reviewer").get(at(renewal))

        assert "summary" in [one.field for one in page.context["differences"]]
        assert "Họp không giấy cho xã." in seen(page)
        assert page.context["compared_with"] == "vetted"
        assert people.client("reviewer").get(at(before)).context["compared_with"] == ""

    def test_what_was_vetted_as_it_stood_is_compared_with_what_was_public_then(self, people, second, now):
        before = vetted(people, people["reviewer"], second, now=now - timedelta(days=30))
        platform = Platform.objects.get(pk=before.platform_id)
        was = platform.summary
        draft = editing.revise(platform, by=people["editor"], now=now)
        draft = write(draft, people["editor"], {**WHOLE, "summary": {"summary": "Câu mới."}})
        editing.publish(editing.submit(draft, by=people["editor"], now=now), by=second, now=now)

        assert services.content_under_review(before).summary == was

    def test_its_cost_does_not_grow_with_what_is_written(self, people, second, now, django_assert_num_queries):
        submission, client = handed_in(people, now=now), people.client("reviewer")
        _rejected(people, second, now, "Trước")
        client.get(at(submission))
        with django_assert_num_queries(31):
            client.get(at(submission))
        for n in range(3):
            _rejected(people, second, now, f"Sau {n}")
        for n in range(5):
            Finding.objects.create(submission=submission, code=f"code-{n}", found_at=now)
        with django_assert_num_queries(31):
            client.get(at(submission))


def _rejected(people, second, now, name) -> None:
    earlier = handed_in(people, product(people, name=name), now=now)
    proposed(earlier, second, missed=("source",), now=now)
    services.reject(earlier, reason="Thiếu giấy.", by=people["reviewer"], now=now)


class TestMoves:
    def test_who_is_slower_is_told_and_takes_nothing(self, people, submission, second, now):
        people.client("reviewer").post(f"{at(submission)}nhan/")

        page = as_(second).post(f"{at(submission)}nhan/", follow=True)

        submission.refresh_from_db()
        assert submission.reviewer == people["reviewer"]
        assert "không thể Nhận hồ sơ" in seen(page)

    def test_a_conclusion_is_kept_one_at_a_time(self, people, submission, now):
        services.take(submission, by=people["reviewer"], now=now)
        one = submission.answers.first()

        answer = people.client("reviewer").post(conclude_at(one), {"verdict": "met", "note": "Đủ giấy."})

        one.refresh_from_db()
        assert answer["Location"] == f"{at(submission)}#tc-{one.pk}"
        assert (one.verdict, one.note) == (Verdict.MET, "Đủ giấy.")

    def test_what_is_not_met_needs_a_reason_and_what_was_typed_stays(self, people, submission, now):
        services.take(submission, by=people["reviewer"], now=now)
        one = submission.answers.first()

        answer = people.client("reviewer").post(conclude_at(one), {"verdict": "not_met", "note": " "})

        one.refresh_from_db()
        assert (answer.status_code, one.verdict) == (400, Verdict.OPEN)
        assert "Hãy ghi lý do." in seen(answer)
        assert re.search(r'value="not_met"[^>]*checked', seen(answer))

    def test_with_scripts_the_one_criterion_is_answered(self, people, submission, now):
        services.take(submission, by=people["reviewer"], now=now)
        one = submission.answers.first()
        client = people.client("reviewer")

        good = client.post(conclude_at(one), {"verdict": "met"}, headers={"HX-Request": "true"})
        bad = client.post(conclude_at(one), {"verdict": "not_met"}, headers={"HX-Request": "true"})

        assert seen(good).count("<article") == 1
        assert "Đã kết luận 1 trên 3 tiêu chí." in seen(good)
        assert bad.status_code == 200, "or nobody would see it"
        assert "Hãy ghi lý do." in seen(bad)
        one.refresh_from_db()
        assert one.verdict == Verdict.MET

    def test_somebody_elses_conclusions_are_not_written(self, people, submission, second, now):
        services.take(submission, by=second, now=now)
        one = submission.answers.first()

        answer = people.client("reviewer").post(conclude_at(one), {"verdict": "met"})

        one.refresh_from_db()
        assert (answer.status_code, one.verdict) == (409, Verdict.OPEN)

    def test_questions_are_read_with_their_mail_before_they_are_sent(self, people, submission, now):
        services.take(submission, by=people["reviewer"], now=now)
        one, other = submission.answers.all()[:2]
        client, address = people.client("reviewer"), act_at(submission, Action.ASK)

        assert seen(client.get(f"{address}?tieu-chi={one.pk}")).count("<textarea") == 1
        sent = {"tieu-chi": [one.pk], f"question-{one.pk}": "Giấy số nào?"}
        preview = client.post(address, sent)
        assert "Thư doanh nghiệp sẽ nhận" in seen(preview)
        assert "Xin trả lời trước hết ngày" in seen(preview)
        submission.refresh_from_db()
        assert submission.state == State.IN_REVIEW
        assert not mail.outbox

        client.post(address, {**sent, "confirmed": "1"})

        submission.refresh_from_db()
        assert submission.state == State.CLARIFICATION
        assert one.clarifications.get().question == "Giấy số nào?"
        assert not other.clarifications.exists()

    def test_nothing_is_asked_without_a_question(self, people, submission, now):
        services.take(submission, by=people["reviewer"], now=now)
        client, address = people.client("reviewer"), act_at(submission, Action.ASK)
        one = submission.answers.first()

        assert client.get(address)["Location"] == at(submission)
        empty = client.post(address, {"tieu-chi": [one.pk], f"question-{one.pk}": " ", "confirmed": "1"})

        assert empty.status_code == 400
        assert "Hãy ghi câu hỏi cho ít nhất một tiêu chí." in seen(empty)

    def test_nothing_is_proposed_while_a_criterion_is_open(self, people, submission, now):
        services.take(submission, by=people["reviewer"], now=now)

        answer = people.client("reviewer").post(
            act_at(submission, Action.PROPOSE), {"proposal": "accept", "note": "Đủ."}
        )

        assert answer.status_code == 409
        assert "Còn tiêu chí chưa kết luận" in seen(answer)

    def test_a_proposal_reaches_the_second_person(self, people, submission, second, now):
        examined(submission, people["reviewer"], now=now)
        people.client("reviewer").post(act_at(submission, Action.PROPOSE), {"proposal": "accept", "note": "Đủ cả."})

        page = as_(second).get(at(submission))

        assert people["reviewer"].email in seen(page), "reviewers answer for what they did"
        assert people["editor"].email not in seen(page)

        assert "Người thứ nhất đề xuất: Công nhận" in seen(page)
        assert "Đủ cả." in seen(page)

    @pytest.mark.parametrize("action", [Action.GIVE_BACK, Action.SEND_BACK, Action.REJECT])
    def test_a_reason_is_never_left_out(self, people, submission, second, now, action):
        if action == Action.GIVE_BACK:
            services.take(submission, by=people["reviewer"], now=now)
        else:
            proposed(submission, second, now=now)
        before = submission.state

        answer = people.client("reviewer").post(act_at(submission, action), {"reason": " ", "confirmed": "1"})

        submission.refresh_from_db()
        assert (answer.status_code, submission.state) == (400, before)
        assert "Hãy ghi lý do." in seen(answer)

    def test_a_rejection_begins_with_a_draft_and_shows_the_mail_first(self, people, submission, second, now):
        proposed(submission, second, missed=("source",), now=now)
        client, address = people.client("reviewer"), act_at(submission, Action.REJECT)
        drafted = client.get(address)
        assert drafted.context["form"]["reason"].value() == "Đã xem đủ."
        assert "Có source không?: Chưa có giấy tờ." in seen(drafted)

        preview = client.post(address, {"reason": "Chưa rõ nguồn gốc."})
        submission.refresh_from_db()
        assert submission.state == State.TO_DECIDE
        assert "Lý do: Chưa rõ nguồn gốc." in seen(preview)
        client.post(address, {"reason": "Chưa rõ nguồn gốc.", "confirmed": "1"})

        submission.refresh_from_db()
        assert (submission.state, submission.decided_by) == (State.REJECTED, people["reviewer"])
        assert submission.reason == "Chưa rõ nguồn gốc."

    def test_what_was_typed_can_be_changed_after_reading_the_mail(self, people, submission, second, now):
        proposed(submission, second, missed=("source",), now=now)

        page = people.client("reviewer").post(act_at(submission, Action.REJECT), {"reason": "Nháp.", "back": "1"})

        assert page.context["mail"] is None
        assert page.context["form"]["reason"].value() == "Nháp."

    def test_an_acceptance_names_its_last_day_before_it_is_given(self, people, submission, second, now):
        proposed(submission, second, now=now)
        client, address = people.client("reviewer"), act_at(submission, Action.ACCEPT)

        preview = client.post(address, {"note": ""})
        client.post(address, {"note": "", "confirmed": "1"})

        submission.refresh_from_db()
        assert submission.state == State.VETTED
        assert f"{submission.valid_until:%d/%m/%Y}".lstrip("0") in seen(preview)

    def test_what_misses_something_mandatory_cannot_be_accepted(self, people, submission, second, now):
        proposed(submission, second, now=now)
        Answer.objects.filter(submission=submission, criterion__key="source").update(
            verdict=Verdict.NOT_MET, note="Thiếu.", concluded_on=None, holds_until=None
        )

        answer = people.client("reviewer").post(act_at(submission, Action.ACCEPT), {"confirmed": "1"})

        assert answer.status_code == 409
        assert "Chưa đạt tiêu chí bắt buộc" in seen(answer)

    def test_a_vetting_is_revoked_by_somebody_who_did_not_examine_it(self, people, second, now):
        submission = vetted(people, second, people["reviewer"], now=now)
        assert as_(second).get(act_at(submission, Action.REVOKE)).status_code == 302

        people.client("reviewer").post(
            act_at(submission, Action.REVOKE), {"reason": "Giấy bị thu hồi.", "confirmed": "1"}
        )

        submission.refresh_from_db()
        assert submission.state == State.REVOKED

    def test_proposals_are_first_filled_in_from_what_was_found(self, people, submission, now):
        examined(submission, people["reviewer"], missed=("source",), now=now)

        form = people.client("reviewer").get(act_at(submission, Action.PROPOSE)).context["form"]

        assert form["proposal"].value() == Proposal.REJECT
        assert "Chưa có giấy tờ." in form["note"].value()
