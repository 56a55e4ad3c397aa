"""The pages of asking, answering and evaluating: who opens which, and the whole course by forms."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from catalogue.organisations.models import Membership
from catalogue.platforms.packages import Package
from catalogue.problems import judging, proposals, questions, services
from catalogue.problems.evaluation import Result
from catalogue.problems.models import Problem
from catalogue.problems.proposals import Proposal
from catalogue.problems.questions import Question
from catalogue.problems.states import Ending
from tests.support.names import control_names, repeated
from tests.support.problems import SECRET, course
from tests.support.roles import ROLES, check

pytestmark = pytest.mark.django_db
WRITERS = {"editor": 200, "owner": 200}


@pytest.fixture
def one():
    return course()


def at(one, name, **more):
    return reverse(name, kwargs={"slug": one.problem.slug, **more})


def form_of(one, product, delivery=f"Hai tuần, {SECRET}."):
    package = product.packages.get()
    return {
        "product": product.slug, f"answer-{one.must.pk}": "yes", f"evidence-{one.must.pk}": f"Đã chạy, {SECRET}.",
        f"answer-{one.nice.pk}": "no", "line-1": package.pk, "quantity-1": 42, "periods-1": 12, "unit_price-1": 50000,
        "delivery": delivery, "version": 0,
    }  # fmt: skip


def marks(one, points):
    cells = [f"fit-{one.must.pk}", f"fit-{one.nice.pk}", "price-0", "delivery-0"]
    return {
        f"{part}-{letter}-{cell}": n if part == "points" else "Có bằng chứng."
        for letter, n in points.items() for cell in cells for part in ("points", "reason")
    }  # fmt: skip


class TestRoles:
    def test_everybody_reads_the_problem(self, one):
        check(one.people, "GET", at(one, "problem"), dict.fromkeys(ROLES, 200))

    def test_vendors_ask_and_answer(self, one):
        own = {"key": one.people.vendor.key}
        check(one.people, "GET", at(one, "problem-ask"), {**WRITERS, "other_vendor": 200})
        check(one.people, "POST", at(one, "problem-ask"), {"editor": 302, "owner": 302, "other_vendor": 400},
              data={"vendor": one.people.vendor.key, "text": "Mấy máy?"})  # fmt: skip
        check(one.people, "GET", reverse("proposals", kwargs=own), WRITERS)
        check(one.people, "GET", at(one, "proposal", **own), WRITERS)
        sent = form_of(one, one.ours)
        check(one.people, "POST", at(one, "proposal", **own), {"editor": 302, "owner": 302}, data=sent)

    @pytest.mark.parametrize(
        ("name", "sent"),
        [
            ("problem-amend", {}), ("problem-convene", {}),
            ("problem-decide", {"ending": "awarded"}), ("problem-look-back", {}),
        ],
    )  # fmt: skip
    def test_the_agency_leads(self, one, name, sent):
        check(one.people, "GET", at(one, name), {"agency": 200})
        check(one.people, "POST", at(one, name), {"agency": 400}, data=sent)

    def test_the_agency_works(self, one):
        asked = questions.ask(
            one.problem, vendor=one.people.vendor, text="Mấy máy?", by=one.people["editor"], now=timezone.now()
        )
        check(one.people, "GET", at(one, "problem-work"), {"agency": 200})
        check(one.people, "GET", at(one, "problem-answer", pk=asked.pk), {"agency": 200})
        sent = {"wording": "Mấy máy?", "answer": "Hai."}
        check(one.people, "POST", at(one, "problem-answer", pk=asked.pk), {"agency": 302}, data=sent)
        check(one.people, "POST", at(one, "problem-open"), {"agency": 302})

    @pytest.mark.parametrize("name", ["problem-declare", "problem-score", "problem-agree"])
    def test_who_was_named_evaluates(self, one, name):
        one.handed_in()
        one.opened()
        for method in ("GET", "POST"):
            check(one.people, method, at(one, name), {})
        client = one.people.client("anonymous")
        client.force_login(one.judges[0])
        assert client.get(at(one, name)).status_code == 200

    def test_before_the_opening_no_page_shows_it(self, one):
        one.handed_in()
        addresses = [at(one, name) for name in ("problem", "problem-work", "problem-decide", "problem-score")]
        addresses += [at(one, "proposal", key=one.people.vendor.key), reverse("problems")]
        for role in ROLES:
            for address in addresses:
                shown = SECRET in one.people.client(role).get(address).content.decode()
                assert shown == (role in WRITERS and "/tra-loi/" in address), (role, address)


class TestCourse:
    def test_from_question_to_reasons(self, one):
        editor, other, agency = (one.people.client(role) for role in ("editor", "other_vendor", "agency"))
        first, second = one.people.client("anonymous"), one.people.client("anonymous")
        first.force_login(one.judges[0])
        second.force_login(one.judges[1])

        editor.post(at(one, "problem-ask"), {"vendor": one.people.vendor.key, "text": "Sao Bắc hỏi: mấy máy?"})
        work = agency.get(at(one, "problem-work")).content.decode()
        assert "mấy máy?" in work
        assert one.people.vendor.name not in work
        asked = Question.objects.get()
        agency.post(at(one, "problem-answer", pk=asked.pk), {"wording": "Có mấy máy?", "answer": "Hai máy."})
        amended = agency.get(at(one, "problem-amend")).context["form"]
        sent = {field.html_name: field.value() for field in amended if field.value() is not None}
        sent["closes_at"] = timezone.localtime(one.problem.closes_at).strftime("%Y-%m-%dT%H:%M")
        agency.post(at(one, "problem-amend"), {**sent, "outcome": "Không in giấy nào.", "reason": "Có người hỏi."})
        page = one.people.client("anonymous").get(at(one, "problem")).content.decode()
        assert all(text in page for text in ("Có mấy máy?", "Hai máy.", "Không in giấy nào.", "Có người hỏi."))
        assert "Sao Bắc" not in page

        own, theirs = (at(one, "proposal", key=key) for key in ("sao-bac", "sao-nam"))
        refused = editor.post(own, {**form_of(one, one.ours, delivery=""), "submit": "1"})
        assert refused.status_code == 400
        assert "Hãy viết cách triển khai" in refused.content.decode()
        version = refused.context["version"]
        assert editor.post(own, {**form_of(one, one.ours), "submit": "1", "version": version}).status_code == 302
        assert editor.post(own, {"withdraw": "1"}).status_code == 302
        again = editor.get(own).context["version"]
        assert editor.post(own, {**form_of(one, one.ours), "submit": "1", "version": again}).status_code == 302
        assert other.post(theirs, {**form_of(one, one.theirs), "submit": "1"}).status_code == 302
        assert Proposal.objects.submitted().count() == 2

        one.over()
        late = editor.post(own, {"withdraw": "1"})
        assert late.status_code == 409
        members = list(Membership.objects.filter(user__in=one.judges).values_list("pk", flat=True))
        assert agency.post(at(one, "problem-convene"), {"members": members, "blind": "on"}).status_code == 302
        agency.post(at(one, "problem-open"))
        assert first.get(at(one, "problem-score")).status_code == 404, "not before one declared"
        for client in (first, second):
            client.post(at(one, "problem-declare"), {"conflict": "no"})
            shown = client.get(at(one, "problem-score")).content.decode()
            assert SECRET in shown
            assert "Sao Bắc" not in shown
            assert (
                client.post(at(one, "problem-score"), {**marks(one, {"A": 4, "B": 2}), "finish": "1"}).status_code
                == 302
            )
        assert first.post(at(one, "problem-agree"), marks(one, {"A": 4, "B": 2})).status_code == 302
        named = first.get(at(one, "problem-work")).content.decode()
        assert "80,00 điểm" in named or "80.00 điểm" in named
        assert one.people.vendor.name in named

        told = {f"code-{letter}-{req.pk}": "met" for letter in "AB" for req in (one.must, one.nice)}
        lacking = agency.post(at(one, "problem-decide"), {"ending": "awarded", "reason": "Tốt nhất."})
        assert lacking.status_code == 400
        done = agency.post(at(one, "problem-decide"), {"ending": "awarded", "reason": "Tốt nhất.", **told})
        assert done.status_code == 302
        won = Result.objects.get(chosen=True)
        for client, address, key in ((editor, own, "sao-bac"), (other, theirs, "sao-nam")):
            page = client.get(address).content.decode()
            assert ("Hồ sơ được chọn" in page) == (won.proposal.vendor.key == key)
            assert "Chạy được khi mất mạng." in page
        assert agency.post(at(one, "problem-look-back"), {"delivered": "yes", "again": "no"}).status_code == 302
        page = one.people.client("anonymous").get(at(one, "problem")).content.decode()
        assert won.product.name in page
        assert "Sẽ không chọn lại." in page
        assert not re.search(r"25[.,]200[.,]000", page), "nobody learns a price"

    def test_silence_is_counted_on_the_page(self, one):
        moment = timezone.now()
        Problem.objects.update(
            posted_at=moment - datetime.timedelta(days=40), closes_at=moment - datetime.timedelta(days=9)
        )
        page = one.people.client("anonymous").get(at(one, "problem")).content.decode()
        assert "Đã 9 ngày chưa có kết quả." in page
        services.end(Problem.objects.get(), ending=Ending.CANCELLED, reason="Thôi.", now=moment)
        assert "chưa có kết quả" not in one.people.client("anonymous").get(at(one, "problem")).content.decode()

    def test_what_a_colleague_saved_is_not_overwritten(self, one):
        editor, owner = one.people.client("editor"), one.people.client("owner")
        own = at(one, "proposal", key="sao-bac")
        editor.post(own, form_of(one, one.ours))
        refused = owner.post(own, form_of(one, one.ours, delivery="Ba tuần."))
        assert refused.status_code == 409
        assert "Ba tuần." in refused.content.decode(), "what was typed is not lost"
        assert proposals.read_own(Proposal.objects.get(), by=one.people["owner"]).delivery.startswith("Hai tuần")
        assert judging.opened(one.problem, by=one.people["agency"]) == []


class TestTwoFirmsOfOnePerson:
    """Somebody writes for the firm that was invited, and for another: the invitation is not the other's."""

    @pytest.fixture
    def one(self):
        one = course(visibility="invited")
        one.problem.invited.set([one.people.vendor])
        one.people["editor"].memberships.create(organisation=one.people.other, role="editor")
        return one

    @pytest.mark.parametrize(("firm", "status"), [("vendor", 200), ("other", 404)])
    def test_only_the_invited_one_answers(self, one, firm, status):
        vendor = getattr(one.people, firm)
        platform = one.ours if firm == "vendor" else one.theirs
        page = one.people.client("editor").get(at(one, "proposal", key=vendor.key))
        sent = {"version": 0, "content": {**one.offer(platform), "stated_total": None, "price_note": ""}}
        address = f"/api/v1/organisations/{vendor.key}/proposals/{one.problem.slug}"
        answer = one.people.api("editor").put(address, sent, format="json")
        assert (page.status_code, answer.status_code) == (status, status)

    @pytest.mark.parametrize(("firm", "statuses"), [("vendor", (302, 201)), ("other", (400, 404))])
    def test_only_the_invited_one_asks(self, one, firm, statuses):
        sent = {"vendor": getattr(one.people, firm).key, "text": "Mấy máy?"}
        page = one.people.client("editor").post(at(one, "problem-ask"), sent)
        answer = one.people.api("editor").post(f"/api/v1/problems/{one.problem.slug}/questions", sent, format="json")
        assert (page.status_code, answer.status_code) == statuses

    def test_the_page_offers_only_what_can_be_done(self, one):
        page = one.people.client("editor").get(at(one, "problem")).text
        assert "Trả lời với tên Sao Bắc" in page
        assert "Trả lời với tên Sao Nam" not in page

    def test_what_was_answered_stays_open_to_who_answered(self, one):
        proposal = one.handed_in()
        one.problem.invited.clear()
        address = f"/api/v1/organisations/sao-bac/proposals/{one.problem.slug}/withdraw"
        api = one.people.api("editor")
        assert one.people.client("editor").get(at(one, "proposal", key="sao-bac")).status_code == 200
        assert api.post(address, {"version": proposal.version}, format="json").status_code == 200


class TestTwoWhoAmend:
    @pytest.fixture
    def agency(self, one):
        return one.people.client("agency")

    def sent(self, agency, one):
        form = agency.get(at(one, "problem-amend")).context["form"]
        said = {field.html_name: field.value() for field in form if field.value() is not None}
        return said | {"closes_at": timezone.localtime(one.problem.closes_at).strftime("%Y-%m-%dT%H:%M")}

    def test_do_not_put_back_what_the_other_changed(self, one, agency):
        mine, theirs = self.sent(agency, one), self.sent(agency, one)
        agency.post(at(one, "problem-amend"), {**theirs, "outcome": "Không in giấy nào.", "reason": "Có người hỏi."})

        changed = {**mine, "affected": "Bốn mươi hai phường.", "reason": "Đếm lại."}
        answer = agency.post(at(one, "problem-amend"), changed)

        one.problem.refresh_from_db()
        assert one.problem.outcome == "Không in giấy nào."
        assert one.problem.amendments.count() == 1
        page = answer.text
        assert "Đồng nghiệp vừa công bố một sửa đổi khác." in page
        assert "Bốn mươi hai phường." in page, "what was typed stays"
        assert '<dd lang="vi"><p>Không in giấy nào.</p></dd>' in page, "and what is published is shown"

        form = answer.context["form"]
        again = {**{field.html_name: field.value() for field in form}, "outcome": "Không in giấy nào."}
        assert agency.post(at(one, "problem-amend"), again).status_code == 302
        one.problem.refresh_from_db()
        assert (one.problem.outcome, one.problem.affected) == ("Không in giấy nào.", "Bốn mươi hai phường.")

    def test_by_the_api_say_what_they_read(self, one):
        api, address = one.people.api("agency"), f"/api/v1/problems/{one.problem.slug}/amendments"
        first = {"texts": {"outcome": "Không in."}, "reason": "Hỏi.", "seen": 0}
        assert api.post(address, first, format="json").status_code == 201
        again = api.post(address, {"texts": {"outcome": "In ít."}, "reason": "Nghĩ lại.", "seen": 0}, format="json")
        assert (again.status_code, again.json()["code"]) == (409, "edit_conflict")


class TestNamesOfControls:
    """Whoever does not see where a field stands hears which requirement, proposal or price row it belongs to."""

    @pytest.fixture
    def read(self, one):
        def page(who, name, **more):
            client = one.people.client("anonymous")
            client.force_login(who)
            answer = client.get(at(one, name, **more))
            assert answer.status_code == 200
            return answer.content.decode()

        return page

    def test_of_a_proposal_with_several_price_rows(self, one, read):
        Package.objects.create(platform=one.ours, name="Nâng cao", unit="user", period="month", price_min=90_000)
        page = read(one.people["editor"], "proposal", key=one.people.vendor.key)

        assert repeated(page) == []
        assert "Bằng chứng, Chạy được khi mất mạng." in control_names(page)
        assert "Số lượng, Gói giá 2 (không bắt buộc)" in control_names(page)

    def test_of_points_and_of_reasons_for_firms(self, one, read):
        one.handed_in()
        one.handed_in("other_vendor")
        one.opened(blind=True)
        scoring = read(one.judges[0], "problem-score")
        one.scored({"A": 4, "B": 2})
        agreeing, deciding = read(one.judges[0], "problem-agree"), read(one.agency, "problem-decide")

        assert repeated(scoring) == repeated(agreeing) == repeated(deciding) == []
        assert "Lý do, hồ sơ B, Có tiếng dân tộc." in control_names(scoring)
        assert "Giải thích cho doanh nghiệp, Hồ sơ A: Có tiếng dân tộc. (không bắt buộc)" in control_names(deciding)

    def test_of_the_other_forms(self, one, read):
        asked = questions.ask(
            one.problem, vendor=one.people.vendor, text="Mấy máy?", by=one.people["editor"], now=timezone.now()
        )

        assert repeated(read(one.people["editor"], "problem-ask")) == []
        for name in ("problem-amend", "problem-convene", "problem-work"):
            assert repeated(read(one.agency, name)) == [], name
        assert repeated(read(one.agency, "problem-answer", pk=asked.pk)) == []
        judging.convene(one.problem, users=one.judges, blind=True, by=one.agency, now=timezone.now())
        assert repeated(read(one.judges[0], "problem-declare")) == []

    def test_a_mistake_says_which_field_it_is_in(self, one):
        one.handed_in()
        one.handed_in("other_vendor")
        one.opened()
        client = one.people.client("anonymous")
        client.force_login(one.judges[0])
        sent = {**marks(one, {"A": 4, "B": 3}), f"reason-B-fit-{one.nice.pk}": ""}

        page = client.post(at(one, "problem-score"), sent).content.decode()

        assert "Hãy ghi lý do cho điểm này. (hồ sơ B, Có tiếng dân tộc.)" in page
