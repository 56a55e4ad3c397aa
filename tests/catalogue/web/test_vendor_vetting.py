"""A vendor's side of a vetting: asking for it, explaining, answering, taking it back, reading the result."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from catalogue.documents import services as documents
from catalogue.documents.models import Document
from catalogue.platforms import editing
from catalogue.platforms.models import Platform
from catalogue.platforms.revisions import RevisionState
from catalogue.vetting import services
from catalogue.vetting.models import Clarification, Submission
from catalogue.vetting.states import State
from tests.catalogue.documents.files import PDF
from tests.catalogue.platforms.test_editing import write
from tests.support.factories import LeafFactory
from tests.support.roles import check, everyone
from tests.support.vetting import handed_in, product, proposed, reviewer, rules, vetted

pytestmark = pytest.mark.django_db
MEMBERS = {"viewer": 200, "editor": 200, "owner": 200}
WRITERS = {"editor": 302, "owner": 302}


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
def platform(people):
    return product(people, slug="hop-giay", name="Họp Giấy")


@pytest.fixture
def first():
    return reviewer("Nguyễn Một")


@pytest.fixture
def second():
    return reviewer("Trần Hai")


def at(name="", **more):
    full = f"vendor-vetting-{name}" if name else "vendor-vetting"
    return reverse(full, kwargs={"key": "sao-bac", "slug": "hop-giay", **more})


def asked(people, platform, first, now) -> Clarification:
    """Return a question about the first criterion, which waits for its answer."""
    submission = handed_in(people, platform, now=now)
    services.take(submission, by=first, now=now)
    one = submission.answers.first()
    services.ask(submission, questions={one.pk: "Giấy chứng nhận số nào?"}, by=first, now=now)
    return one.clarifications.get()


def seen(answer) -> str:
    return answer.content.decode()


def shown(day) -> str:
    return f"{day:%d/%m/%Y}"


class TestWhoSeesWhat:
    def test_only_members_read_it(self, people, platform):
        check(people, "GET", at(), MEMBERS)

    def test_only_writers_ask_for_a_vetting(self, people, platform):
        check(people, "POST", at("begin"), WRITERS)

    def test_only_writers_hand_it_in(self, people, platform, now):
        services.begin(platform, by=people["editor"], now=now)

        check(people, "POST", at("submit"), WRITERS)

    @pytest.mark.parametrize(("method", "status"), [("GET", 200), ("POST", 302)])
    def test_only_writers_explain(self, people, platform, now, method, status):
        one = services.begin(platform, by=people["editor"], now=now).answers.first()
        allowed = {"editor": status, "owner": status}

        check(people, method, at("explain", pk=one.pk), allowed, data={f"text-{one.pk}": "Có."})

    @pytest.mark.parametrize(("method", "status"), [("GET", 200), ("POST", 302)])
    def test_only_writers_answer(self, people, platform, first, now, method, status):
        question = asked(people, platform, first, now)
        allowed = {"editor": status, "owner": status}

        check(people, method, at("answer"), allowed, data={f"text-{question.pk}": "Số 1."})

    @pytest.mark.parametrize(("method", "status"), [("GET", 200), ("POST", 302)])
    def test_only_writers_take_it_back(self, people, platform, now, method, status):
        handed_in(people, platform, now=now)

        check(people, method, at("withdraw"), {"editor": status, "owner": status})

    def test_a_viewer_reads_and_is_offered_nothing_to_do(self, people, platform, first, now):
        assert "<form" not in seen(people.client("viewer").get(at())).split("<main")[1]
        asked(people, platform, first, now)

        page = seen(people.client("viewer").get(at()))

        assert "Giấy chứng nhận số nào?" in page
        assert at("answer") not in page
        assert at("withdraw") not in page


class TestAsking:
    def test_a_listed_product_without_a_submission_is_offered_one(self, people, platform):
        client = people.client("editor")
        assert "Xin thẩm định nội dung đang công bố" in seen(client.get(at()))

        page = seen(client.post(at("begin"), follow=True))

        assert Submission.objects.get().state == State.DRAFT
        assert "Nộp hồ sơ thẩm định" in page
        assert page.count("Viết giải trình") == 3

    def test_what_is_not_public_is_vetted_when_it_is_handed_in(self, people, now):
        LeafFactory(key="online-meetings")
        editing.start(people.vendor, name="Họp Giấy", category="online-meetings", by=people["editor"], now=now)
        client = people.client("editor")

        assert "Nộp sản phẩm thì hồ sơ thẩm định được lập cùng lúc." in seen(client.get(at()))
        assert client.post(at("begin")).status_code == 404

    def test_an_explanation_is_kept_with_its_file(self, people, platform, now):
        one = services.begin(platform, by=people["editor"], now=now).answers.first()
        client, sent = people.client("editor"), {f"text-{one.pk}": " Chúng tôi tự làm. "}

        client.post(at("explain", pk=one.pk), {**sent, f"file-{one.pk}": SimpleUploadedFile("giay.pdf", PDF)})

        one.refresh_from_db()
        assert (one.text, one.document.name) == ("Chúng tôi tự làm.", "giay.pdf")
        form = seen(client.get(at("explain", pk=one.pk)))
        assert "Tệp đã có: giay.pdf." in form
        client.post(at("explain", pk=one.pk), {**sent, f"document-{one.pk}": one.document.pk, f"drop-{one.pk}": "1"})
        one.refresh_from_db()
        assert one.document is None

    def test_a_bad_file_is_refused_at_its_field_and_the_text_stays(self, people, platform, now):
        one = services.begin(platform, by=people["editor"], now=now).answers.first()
        bad = SimpleUploadedFile("giay.pdf", b"not a PDF")

        answer = people.client("editor").post(
            at("explain", pk=one.pk), {f"text-{one.pk}": "Có giấy.", f"file-{one.pk}": bad}
        )

        assert answer.status_code == 400
        assert "không phải một trong bốn loại" in seen(answer)
        assert "Có giấy." in seen(answer)
        one.refresh_from_db()
        assert one.text == ""

    def test_nobody_names_a_file_of_another_vendor(self, people, platform, now):
        theirs = documents.keep(people.other, name="a.pdf", content=PDF, by=people["other_vendor"], now=now)
        one = services.begin(platform, by=people["editor"], now=now).answers.first()

        for named in (str(theirs.pk), "../../etc/passwd", "0"):
            people.client("editor").post(
                at("explain", pk=one.pk), {f"text-{one.pk}": "Có.", f"document-{one.pk}": named}
            )
            one.refresh_from_db()
            assert one.document is None

    def test_what_was_handed_in_is_not_explained_any_more(self, people, platform, now):
        one = handed_in(people, platform, now=now).answers.first()

        assert people.client("editor").get(at("explain", pk=one.pk)).status_code == 404

    def test_a_renewal_says_what_it_takes_over(self, people, platform, first, second, now):
        vetted(people, first, second, platform, now=now - timedelta(days=30))
        client = people.client("editor")
        assert "Lập hồ sơ gia hạn" in seen(client.get(at()))

        page = seen(client.post(at("begin"), follow=True))

        assert "3 kết luận của lần trước còn giá trị nên được lấy sang." in page
        assert "Lần thẩm định trước còn hiệu lực đến" in page

    def test_without_criteria_nothing_can_be_begun_and_it_says_why(self, people, platform, monkeypatch):
        monkeypatch.setattr(services, "criteria_for", lambda leaf, today: [])

        page = people.client("editor").post(at("begin"), follow=True)

        assert "Chưa có bộ tiêu chí nào còn hiệu lực." in seen(page)
        assert not Submission.objects.exists()


class TestStanding:
    def test_it_says_until_when_who_must_do_what(self, people, platform, first, now):
        submission = handed_in(people, platform, now=now)
        client = people.client("owner")
        for wanted in ("Một người thẩm định sẽ nhận hồ sơ.", "Người thẩm định đang xem từng tiêu chí"):
            page = seen(client.get(at()))
            submission.refresh_from_db()
            assert wanted in page
            assert shown(submission.due_on) in page
            if submission.state == State.SUBMITTED:
                services.take(submission, by=first, now=now)

    def test_no_reviewer_is_named_and_no_conclusion_told_before_the_decision(
        self, people, platform, first, second, now
    ):
        submission = handed_in(people, platform, now=now)
        proposed(submission, first, missed=("source",), now=now)
        client = people.client("owner")
        before = seen(client.get(at()))
        assert "Chưa có giấy tờ." not in before
        assert "Đã xem đủ." not in before

        services.reject(submission, reason="Nguồn gốc chưa rõ.", by=second, now=now)

        after = seen(client.get(at()))
        assert f'href="{reverse("vendor-appeal", args=["sao-bac", "hop-giay"])}"' in after
        for said in ("Chưa có giấy tờ.", "Nguồn gốc chưa rõ.", "Không đạt"):
            assert said in after
        for person in (first, second):
            for page in (before, after):
                assert person.full_name not in page
                assert person.email not in page

    def test_what_is_late_says_so(self, people, platform, now):
        handed_in(people, platform, now=now)
        Submission.objects.update(due_on=timezone.localdate() - timedelta(days=1))

        assert "Quá hạn" in seen(people.client("viewer").get(at()))

    def test_earlier_ones_are_read_too_and_those_of_others_are_not(self, people, platform, first, second, now):
        earlier = handed_in(people, platform, now=now)
        services.withdraw(earlier, by=people["editor"], now=now)
        handed_in(people, platform, now=now)
        theirs = handed_in(people, product(people), now=now)
        client = people.client("viewer")

        page = client.get(f"{at()}?ho-so={earlier.pk}")

        assert page.context["submission"] == earlier
        assert f"?ho-so={earlier.pk}" in seen(client.get(at()))
        assert client.get(f"{at()}?ho-so={theirs.pk}").status_code == 404

    def test_the_product_leads_here(self, people, platform, first, now):
        page = people.client("editor").get("/to-chuc/sao-bac/san-pham/hop-giay/")
        assert re.search(rf'href="{at()}">Xin thẩm định', seen(page))

        asked(people, platform, first, now)

        page = people.client("editor").get("/to-chuc/sao-bac/san-pham/hop-giay/")
        assert re.search(rf'href="{at()}">Xem và trả lời câu hỏi', seen(page))

    def test_it_costs_the_same_however_much_was_said(self, people, platform, first, now, django_assert_num_queries):
        asked(people, platform, first, now)
        client = people.client("viewer")
        client.get(at())
        with django_assert_num_queries(10):
            client.get(at())
        one = Submission.objects.get().answers.last()
        for n in range(3):
            one.clarifications.create(
                question=f"Câu {n}",
                asked_by=first,
                asked_at=now,
                reply="Có.",
                replied_at=now,
                replied_by=people["editor"],
            )
        with django_assert_num_queries(10):
            client.get(at())


class TestAnswering:
    def test_replies_reach_the_reviewer_with_their_files(self, people, platform, first, now):
        question = asked(people, platform, first, now)

        people.client("editor").post(
            at("answer"),
            {f"text-{question.pk}": "Số 12/2024.", f"file-{question.pk}": SimpleUploadedFile("qd.pdf", PDF)},
        )

        question.refresh_from_db()
        assert (question.reply, question.document.name) == ("Số 12/2024.", "qd.pdf")
        assert Submission.objects.get().state == State.IN_REVIEW

    def test_every_question_wants_an_answer_and_a_file_that_came_is_kept(self, people, platform, first, now):
        question = asked(people, platform, first, now)
        client = people.client("editor")

        answer = client.post(
            at("answer"), {f"text-{question.pk}": " ", f"file-{question.pk}": SimpleUploadedFile("qd.pdf", PDF)}
        )

        assert answer.status_code == 400
        assert "Hãy trả lời mọi câu hỏi" in seen(answer)
        document = Document.objects.get()
        assert f'value="{document.pk}"' in seen(answer)
        client.post(at("answer"), {f"text-{question.pk}": "Số 1.", f"document-{question.pk}": document.pk})
        question.refresh_from_db()
        assert question.document == document

    def test_without_a_question_there_is_no_such_page(self, people, platform, now):
        handed_in(people, platform, now=now)

        assert people.client("editor").get(at("answer")).status_code == 404


class TestHandingIn:
    @pytest.fixture
    def draft(self, people, now):
        LeafFactory(key="online-meetings")
        revision = editing.start(
            people.vendor, name="Họp Giấy", category="online-meetings", by=people["editor"], now=now
        )
        return write(revision, people["editor"])

    def test_a_product_that_is_handed_in_is_a_submission(self, people, draft):
        client = people.client("editor")

        page = client.post(
            f"/to-chuc/sao-bac/san-pham/{draft.platform.slug}/kiem-tra/", {"version": draft.version}, follow=True
        )

        submission = Submission.objects.get()
        assert (submission.state, submission.revision) == (State.SUBMITTED, draft)
        assert reverse("vendor-vetting", args=["sao-bac", draft.platform.slug]) in seen(page)

    @pytest.mark.parametrize("name", ["product-withdraw", "vendor-vetting-withdraw"])
    def test_taking_it_back_ends_both(self, people, draft, now, name):
        services.hand_in(draft, by=people["editor"], now=now)

        people.client("editor").post(reverse(name, args=["sao-bac", draft.platform.slug]))

        draft.refresh_from_db()
        assert draft.state == RevisionState.WITHDRAWN
        assert Submission.objects.get().state == State.WITHDRAWN

    def test_a_draft_is_given_up_without_a_submission(self, people, draft):
        people.client("editor").post(reverse("product-withdraw", args=["sao-bac", draft.platform.slug]))

        draft.refresh_from_db()
        assert draft.state == RevisionState.WITHDRAWN

    def test_while_what_is_public_is_vetted_nothing_else_is_handed_in_and_nothing_is_lost(self, people, now, platform):
        handed_in(people, platform, now=now)
        revision = write(editing.revise(Platform.objects.get(), by=people["editor"], now=now), people["editor"])

        answer = people.client("editor").post(
            "/to-chuc/sao-bac/san-pham/hop-giay/kiem-tra/", {"version": revision.version}
        )

        revision.refresh_from_db()
        assert (answer.status_code, revision.state) == (409, RevisionState.DRAFT)
        assert "Sản phẩm này đã có một hồ sơ đang xử lý." in seen(answer)
        assert "Nộp hồ sơ" in seen(answer), "the button is still there"
