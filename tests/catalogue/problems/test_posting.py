"""Posting a problem: by its agency's editors alone, through the ministry or directly, and never under two hands."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.accounts.models import OrganisationKind
from catalogue.audit.models import Event
from catalogue.common import working_days
from catalogue.notifications.models import Notice
from catalogue.organisations.models import Membership, Role
from catalogue.platforms.content import ContentInvalid
from catalogue.problems import services, writing
from catalogue.problems.content import STEPS, Written
from catalogue.problems.errors import (
    ClosingTimePast,
    EditConflict,
    IllegalMove,
    NotOpen,
    NotWritable,
    Outdated,
    OwnProblem,
    ProblemIncomplete,
    ReasonMissing,
    UnknownKeys,
    VolumeMissing,
)
from catalogue.problems.models import Problem
from catalogue.problems.requirements import Joiner
from catalogue.problems.returns import Return, Side
from catalogue.problems.states import State, Visibility
from catalogue.web.agency_problems.forms import firms_to_invite
from tests.support.factories import AgencyFactory, LeafFactory, PlatformFactory, ProblemFactory, VendorFactory
from tests.support.roles import check, everyone, person

pytestmark = pytest.mark.django_db
SLUGS = ("ten", "hien-nay", "ai-gap", "ket-qua", "yeu-cau", "ngan-sach", "thoi-gian", "cham-diem", "da-co-chua", "cach-dang")  # fmt: skip


@pytest.fixture
def people():
    return everyone()


@pytest.fixture
def leaf():
    return LeafFactory()


def draft(people, leaf=None, **fields):
    return ProblemFactory(agency=people.office, draft=True, categories=[leaf or LeafFactory()], **fields)


def whole(people, **fields):
    """A draft that can be sent in."""
    fields = {
        "mode": "rent_ready",
        "not_reuse": "Không có gì giống.",
        "closes_at": timezone.now() + timedelta(days=40),
        **fields,
    }
    problem = draft(people, **fields)
    problem.requirements.create(text="Dùng được khi mất mạng.", position=0)
    return problem


def moderator(kind=OrganisationKind.REGULATOR, role=Role.EDITOR, email="bo@example.gov.vn"):
    ministry = VendorFactory(kind=kind, key="bo-quan-ly", name="Bộ Quản lý", legal_form="public_body", shown_since=None)
    user = person(email)
    Membership.objects.create(user=user, organisation=ministry, role=role)
    return user


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


class TestRoles:
    @pytest.mark.parametrize("slug", ["", "kiem-tra/", "tuong-tu/", "goi-y/"])
    def test_members_of_the_agency_read(self, people, slug):
        problem = draft(people)
        check(people, "GET", f"/to-chuc/so-y-te/bai-toan/{problem.slug}/{slug}", {"agency": 200})

    @pytest.mark.parametrize("slug", [*SLUGS, "rut"])
    def test_editors_of_the_agency_write(self, people, slug):
        problem = draft(people)
        check(people, "GET", f"/to-chuc/so-y-te/bai-toan/{problem.slug}/{slug}/", {"agency": 200})

    def test_the_lists(self, people):
        check(people, "GET", "/to-chuc/so-y-te/bai-toan/", {"agency": 200})
        check(people, "GET", "/to-chuc/so-y-te/bai-toan/them/moi/", {"agency": 200})
        check(people, "GET", "/to-chuc/sao-bac/bai-toan/", {})  # a vendor has none, also for its owner

    @pytest.mark.parametrize("slug", ["ten", "kiem-tra", "rut", "huong-dan", "goi-y"])
    def test_nobody_else_writes_by_post(self, people, slug):
        problem = draft(people)
        address = f"/to-chuc/so-y-te/bai-toan/{problem.slug}/{slug}/"
        query = "?buoc=ten" if slug == "huong-dan" else ""
        expected = {"ten": 302, "kiem-tra": 409, "rut": 302, "huong-dan": 200, "goi-y": 302}[slug]
        check(people, "POST", address + query, {"agency": expected}, data={"title": "Họp", "version": "1"})

    def test_a_viewer_of_the_agency_reads_and_does_not_write(self, people):
        viewer = person("xem@example.gov.vn")
        Membership.objects.create(user=viewer, organisation=people.office, role=Role.VIEWER)
        problem, client = draft(people), client_of(viewer)
        base = f"/to-chuc/so-y-te/bai-toan/{problem.slug}/"

        read = [client.get(base + slug).status_code for slug in ("", "kiem-tra/", "tuong-tu/")]
        refused = [client.get(base + slug).status_code for slug in ("ten/", "rut/")]

        assert (read, refused) == ([200] * 3, [404] * 2)
        assert client.post(base + "kiem-tra/").status_code == 404
        assert client.get("/to-chuc/so-y-te/bai-toan/them/moi/").status_code == 404
        assert "Viết bài toán mới" not in client.get("/to-chuc/so-y-te/bai-toan/").text

    def test_the_desk_is_for_the_ministry_and_operators(self, people):
        problem = whole(people)
        writing.send_in(problem, version=0, by=people["agency"], now=timezone.now())

        check(people, "GET", "/bo-quan-ly/bai-toan/", {"operator": 200})
        check(people, "GET", f"/bo-quan-ly/bai-toan/{problem.slug}/", {"operator": 200})
        check(people, "POST", f"/bo-quan-ly/bai-toan/{problem.slug}/", {"operator": 302}, data={"lam": "dang"})

    @pytest.mark.parametrize(("role", "status"), [(Role.OWNER, 200), (Role.EDITOR, 200), (Role.VIEWER, 404)])
    def test_editors_of_a_regulator_moderate(self, people, role, status):
        assert client_of(moderator(role=role)).get("/bo-quan-ly/bai-toan/").status_code == status

    def test_editors_of_another_agency_do_not(self, people):
        assert client_of(moderator(kind=OrganisationKind.AGENCY)).get("/bo-quan-ly/bai-toan/").status_code == 404

    def test_nobody_moderates_for_their_own_agency(self, people):
        user = moderator()
        Membership.objects.create(user=user, organisation=people.office, role=Role.VIEWER)
        problem = whole(people)
        writing.send_in(problem, version=0, by=people["agency"], now=timezone.now())

        assert client_of(user).post(f"/bo-quan-ly/bai-toan/{problem.slug}/", {"lam": "dang"}).status_code == 404
        problem.refresh_from_db()
        assert problem.state == State.MODERATION

    def test_a_draft_is_not_the_ministrys_to_see(self, people):
        problem = draft(people)
        assert client_of(moderator()).get(f"/bo-quan-ly/bai-toan/{problem.slug}/").status_code == 404

    def test_joining_is_for_editors_of_other_agencies(self, people):
        problem = ProblemFactory()
        check(people, "GET", f"/bai-toan/{problem.slug}/cung-gap/", {"agency": 200})
        own = ProblemFactory(agency=people.office)
        check(people, "GET", f"/bai-toan/{own.slug}/cung-gap/", {})


class TestVisibility:
    @pytest.mark.parametrize("state", ["draft", "moderation", "returned"])
    def test_what_is_not_published_is_not_public(self, people, client, state):
        problem = ProblemFactory(agency=people.office, **{state: True})
        assert client.get(problem.get_absolute_url()).status_code == 404
        assert problem not in Problem.objects.public()

    def test_vetted_vendors_of_the_category_see_what_is_for_them(self, people, leaf):
        problem = ProblemFactory(visibility=Visibility.VETTED_VENDORS, categories=[leaf])
        PlatformFactory(vendor=people.vendor, category=leaf, assurance="vetted", assured_on="2026-01-01", vetted_until="2027-01-01")  # fmt: skip
        PlatformFactory(vendor=people.other, category=leaf)
        assert self._seen(people, problem) == {"viewer", "editor", "owner", "operator"}

    @pytest.mark.parametrize(
        ("group", "confirmed", "seen"),
        [("same", False, True), ("another", False, False), ("another", True, True), ("another", "too old", False)],
    )
    def test_a_further_category_counts_where_the_vetting_speaks_for_it(self, people, leaf, group, confirmed, seen):
        """By the same criteria, those of the group, or because a reviewer confirmed the categories."""
        further = LeafFactory(parent__key=leaf.parent.key if group == "same" else "other-group")
        problem, today = (
            ProblemFactory(visibility=Visibility.VETTED_VENDORS, categories=[further]),
            timezone.localdate(),
        )
        product = PlatformFactory(
            vendor=people.vendor,
            category=leaf,
            assurance="vetted",
            assured_on=today,
            vetted_until=today + timedelta(days=9),
        )
        PlatformFactory(vendor=people.other, category=leaf).also.add(further)
        assert self._seen(people, problem) == {"operator"}

        product.also.add(further)
        if confirmed:
            until = today - timedelta(days=1) if confirmed == "too old" else today
            product.confirmations.create(
                field="also", level="tested", confirmed_on=today - timedelta(days=9), until=until, criterion="x",
                submission=1,
            )  # fmt: skip

        assert self._seen(people, problem) == {"operator", *({"viewer", "editor", "owner"} if seen else ())}

    def test_a_firm_can_be_invited_for_a_further_category(self, people, leaf):
        further = LeafFactory()
        PlatformFactory(vendor=people.vendor, category=leaf).also.add(further)
        written = Written(title="Khám từ xa", categories=[further.key])
        assert people.vendor.key in dict(firms_to_invite(written))

    def test_the_invited_see_what_is_for_them(self, people):
        problem = ProblemFactory(visibility=Visibility.INVITED)
        problem.invited.add(people.other)
        assert self._seen(people, problem) == {"other_vendor", "operator"}

    def test_what_is_for_the_ministry_stays_there(self, people):
        problem = ProblemFactory(visibility=Visibility.MINISTRY, agency=people.office)
        assert self._seen(people, problem) == {"agency", "operator"}

    def _seen(self, people, problem):
        address = problem.get_absolute_url()
        return {role for role in people.users if people.client(role).get(address).status_code == 200}

    def test_it_is_in_no_list_feed_or_sitemap(self, people, client):
        problem = ProblemFactory(visibility=Visibility.MINISTRY, title="Việc riêng của bộ")
        pages = ["/bai-toan/?state=all", "/nguon-tin/bai-toan.atom", "/api/v1/problems"]
        assert not any(problem.slug in client.get(page).text for page in pages)


class TestWriting:
    def test_a_problem_is_begun_by_its_name(self, people, leaf):
        answer = people.client("agency").post(
            "/to-chuc/so-y-te/bai-toan/them/moi/", {"title": " Khám  từ xa ", "categories": [leaf.key]}
        )

        problem = Problem.objects.get()
        assert answer["Location"] == f"/to-chuc/so-y-te/bai-toan/{problem.slug}/"
        assert (problem.title, problem.state, problem.agency) == ("Khám từ xa", State.DRAFT, people.office)
        assert list(problem.categories.all()) == [leaf]
        assert Event.objects.filter(action="problem.started").exists()

    def test_without_a_name_nothing_is_begun(self, people):
        answer = people.client("agency").post("/to-chuc/so-y-te/bai-toan/them/moi/", {"title": ""})
        assert answer.status_code == 400
        assert not Problem.objects.exists()

    def test_all_steps_by_the_browser_without_scripts(self, people, leaf):
        problem, client = draft(people, leaf), people.client("agency")
        closes = timezone.localdate() + timedelta(days=40)
        typed = {
            "ten": {"title": "Khám từ xa cho trạm y tế xã", "categories": [leaf.key]},
            "hien-nay": {"today": "Bệnh nhân đi 40 km lên tỉnh.", "systems": "HIS tỉnh"},
            "ai-gap": {"affected": "120 trạm y tế, 80.000 lượt khám mỗi năm."},
            "ket-qua": {"outcome": "Một nửa số ca không phải lên tỉnh."},
            "yeu-cau": {"must": "Chạy khi mạng yếu.\nNối HIS tỉnh.", "nice": "Có tiếng Tày."},
            "ngan-sach": {"mode": "rent_ready", "budget_min": "300.000.000", "budget_max": "500.000.000"},
            "thoi-gian": {"closes_on": closes.isoformat(), "start_on": "2027-06-01", "duration_months": "24"},
            "cham-diem": {"weight_fit": "60", "weight_price": "20", "weight_delivery": "20"},
            "da-co-chua": {"not_reuse": "Nền tảng tỉnh chưa có hội chẩn."},
            "cach-dang": {"route": "ministry", "visibility": "public"},
        }
        for slug in SLUGS:
            problem.refresh_from_db()
            answer = client.post(
                f"/to-chuc/so-y-te/bai-toan/{problem.slug}/{slug}/", {"version": problem.version, **typed[slug]}
            )
            assert answer.status_code == 302, (slug, answer.text)
        problem.refresh_from_db()
        assert answer["Location"].endswith("/kiem-tra/")
        assert [(one.kind, one.text) for one in problem.requirements.all()] == [
            ("must", "Chạy khi mạng yếu."),
            ("must", "Nối HIS tỉnh."),
            ("nice", "Có tiếng Tày."),
        ]
        assert (problem.budget_min, problem.budget_max, problem.duration_months) == (300_000_000, 500_000_000, 24)
        assert timezone.localtime(problem.closes_at).isoformat() == f"{closes}T17:00:00+07:00"
        assert set(problem.saved) == set(STEPS) - {"reach"}  # left as it was: nothing to save

    @pytest.mark.parametrize(
        ("slug", "typed", "sentence"),
        [
            ("ten", {"title": ""}, "Hãy điền nội dung này."),
            ("cham-diem", {"weight_fit": "60", "weight_price": "60", "weight_delivery": "20"}, "cộng lại bằng 100; đang là 140"),
            ("ngan-sach", {"budget_min": "500", "budget_max": "300"}, "bằng hoặc lớn hơn mức thấp nhất"),
            ("ngan-sach", {"budget_max": "nhiều"}, "Hãy nhập một số nguyên."),
            ("yeu-cau", {"must": "Chạy nhanh.", "nice": "chạy nhanh."}, "đứng ở cả hai danh sách"),
            ("yeu-cau", {"must": "x" * 201}, "Nhiều nhất 200 ký tự."),
            ("thoi-gian", {"closes_on": "32/13/2026"}, "không dùng được"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_at_its_field_and_not_saved(self, people, slug, typed, sentence):
        problem = draft(people)
        before = Problem.objects.filter(pk=problem.pk).values().get()
        answer = people.client("agency").post(
            f"/to-chuc/so-y-te/bai-toan/{problem.slug}/{slug}/", {"version": "1", **typed}
        )
        assert answer.status_code == 400
        assert sentence in answer.text
        assert Problem.objects.filter(pk=problem.pk).values().get() == before

    def test_it_saves_itself(self, people):
        problem = draft(people)
        answer = people.client("agency").post(
            f"/to-chuc/so-y-te/bai-toan/{problem.slug}/hien-nay/", {"version": "1", "today": "Chép tay."},
            headers={"HX-Request": "true"},
        )  # fmt: skip
        problem.refresh_from_db()
        assert problem.today == "Chép tay."
        assert "Đã tự lưu" in answer.text
        assert f'value="{problem.version}"' in answer.text

    def test_two_who_write_the_same_step_are_shown_each_other(self, people):
        problem, client = draft(people), people.client("agency")
        address = f"/to-chuc/so-y-te/bai-toan/{problem.slug}/hien-nay/"
        client.post(address, {"version": "1", "today": "Bản của Lan."})

        answer = client.post(address, {"version": "1", "today": "Bản của Minh."})

        problem.refresh_from_db()
        assert answer.status_code == 409
        assert problem.today == "Bản của Lan."
        assert "Bản của Lan." in answer.text
        assert "Bản của Minh." in answer.text

    def test_two_who_write_different_steps_do_not_disturb_each_other(self, people):
        problem, by = draft(people), people["agency"]
        writing.edit(problem, step="today", values={"today": "Chép tay."}, version=1, by=by)
        saved = writing.edit(problem, step="outcome", values={"outcome": "Không chép tay."}, version=1, by=by)
        assert (saved.today, saved.outcome, saved.version) == ("Chép tay.", "Không chép tay.", 3)

    def test_an_unknown_category_or_firm_is_refused(self, people):
        problem, by = draft(people), people["agency"]
        with pytest.raises(UnknownKeys):
            writing.edit(problem, step="need", values={"categories": ["khong-co"]}, version=1, by=by)
        with pytest.raises(UnknownKeys):
            writing.edit(problem, step="reach", values={"invited": ["khong-co"]}, version=1, by=by)

    def test_what_was_sent_in_is_not_written(self, people):
        problem = whole(people)
        writing.send_in(problem, version=0, by=people["agency"], now=timezone.now())
        with pytest.raises(NotWritable):
            writing.edit(problem, step="today", values={"today": "Khác."}, version=9, by=people["agency"])
        with pytest.raises(NotWritable):
            writing.discard(problem, by=people["agency"], now=timezone.now())
        with pytest.raises(NotWritable):
            writing.confirm(problem, constraints={}, run="", by=people["agency"], now=timezone.now())

    def test_a_draft_is_deleted_and_nothing_else(self, people):
        problem = draft(people)
        answer = people.client("agency").post(f"/to-chuc/so-y-te/bai-toan/{problem.slug}/rut/")
        assert answer["Location"] == "/to-chuc/so-y-te/bai-toan/"
        assert not Problem.objects.exists()
        assert Event.objects.filter(action="problem.discarded").exists()


class TestSendingIn:
    @pytest.mark.parametrize("lacking", ["mode", "not_reuse", "closes_at", "today"])
    def test_what_is_missing_is_named(self, people, lacking):
        problem = whole(people, **{lacking: None if lacking == "closes_at" else ""})
        with pytest.raises(ProblemIncomplete):
            writing.send_in(problem, version=0, by=people["agency"], now=timezone.now())
        answer = people.client("agency").post(f"/to-chuc/so-y-te/bai-toan/{problem.slug}/kiem-tra/", {"version": "1"})
        assert answer.status_code == 409
        assert "Chưa đăng được, còn thiếu" in answer.text

    def test_it_is_sent_in_as_it_was_read(self, people):
        problem = whole(people)
        with pytest.raises(Outdated):
            writing.send_in(problem, version=7, by=people["agency"], now=timezone.now())
        answer = people.client("agency").post(f"/to-chuc/so-y-te/bai-toan/{problem.slug}/kiem-tra/", {})
        assert answer.status_code == 409

    @pytest.mark.parametrize("route", ["direct", "ministry"])
    def test_a_closing_time_that_is_over_is_refused(self, people, route):
        problem = whole(people, route=route, closes_at=timezone.now() - timedelta(hours=1))
        with pytest.raises(ClosingTimePast):
            writing.send_in(problem, version=0, by=people["agency"], now=timezone.now())

    def test_directly(self, people, client):
        problem = whole(people, route="direct")
        people.client("agency").post(f"/to-chuc/so-y-te/bai-toan/{problem.slug}/kiem-tra/", {"version": "1"})
        page = client.get(problem.get_absolute_url())
        assert "Dùng được khi mất mạng." in page.text
        assert "Thuê dịch vụ sẵn có" in page.text

    def test_through_the_ministry(self, people, client, django_capture_on_commit_callbacks):
        problem, ministry = whole(people), moderator()
        people.client("agency").post(f"/to-chuc/so-y-te/bai-toan/{problem.slug}/kiem-tra/", {"version": "1"})
        problem.refresh_from_db()
        assert problem.state == State.MODERATION
        assert client.get(problem.get_absolute_url()).status_code == 404
        assert list(Notice.objects.filter(kind="problem_to_moderate").values_list("user", flat=True)) == [ministry.pk]

        answer = client_of(ministry).post(f"/bo-quan-ly/bai-toan/{problem.slug}/", {"lam": "dang"})

        assert answer["Location"] == "/bo-quan-ly/bai-toan/"
        assert client.get(problem.get_absolute_url()).status_code == 200
        assert list(Notice.objects.filter(kind="problem_news").values_list("user", flat=True)) == [people["agency"].pk]

    def test_where_no_regulator_is_here_operators_are_told(self, people):
        writing.send_in(whole(people), version=0, by=people["agency"], now=timezone.now())
        assert list(Notice.objects.filter(kind="problem_to_moderate").values_list("user", flat=True)) == [
            people["operator"].pk
        ]

    def test_it_is_returned_with_a_reason_written_anew_and_sent_again(self, people):
        problem, ministry, by, now = whole(people), moderator(), people["agency"], timezone.now()
        writing.send_in(problem, version=0, by=by, now=now)
        address = f"/bo-quan-ly/bai-toan/{problem.slug}/"
        assert client_of(ministry).post(address, {"lam": "tra", "reason": " "}).status_code == 409

        client_of(ministry).post(address, {"lam": "tra", "reason": "Chưa nêu số người."})

        page = people.client("agency").get(f"/to-chuc/so-y-te/bai-toan/{problem.slug}/")
        assert "Chưa nêu số người." in page.text
        writing.edit(problem, step="affected", values={"affected": "80.000 người."}, version=1, by=by)
        again = writing.send_in(problem, version=0, by=by, now=now)
        assert (again.state, again.reason) == (State.MODERATION, "")

    def test_every_return_is_kept_for_the_author_and_the_ministry(self, people):
        """As what somebody decided, never who."""
        problem, ministry, by, now = whole(people), moderator(), people["agency"], timezone.now()
        operator = people["operator"]
        for day, who, reason in ((0, ministry, "Chưa nêu số người."), (3, operator, "Chưa nêu đường truyền.")):
            writing.send_in(problem, version=0, by=by, now=now + timedelta(days=day))
            services.return_to_agency(problem, reason=reason, by=who, now=now + timedelta(days=day, hours=1))
        writing.send_in(problem, version=0, by=by, now=now + timedelta(days=4))

        pages = [
            people.client("agency").get(f"/to-chuc/so-y-te/bai-toan/{problem.slug}/").text,
            client_of(ministry).get(f"/bo-quan-ly/bai-toan/{problem.slug}/").text,
        ]

        for page in pages:
            assert "Đã trả lại 2 lần" in page
            assert page.index("Chưa nêu đường truyền.") < page.index("Chưa nêu số người."), "the latest first"
            assert "Bộ quản lý. Gửi ngày" in page
            assert "Người vận hành, thay bộ quản lý. Gửi ngày" in page
            assert ministry.email not in page
            assert operator.email not in page
        answer = people.api("agency").get(f"/api/v1/organisations/so-y-te/problems/{problem.slug}").json()
        assert [(one["side"], one["reason"]) for one in answer["returns"]] == [
            ("operator", "Chưa nêu đường truyền."), ("ministry", "Chưa nêu số người."),
        ]  # fmt: skip

    def test_a_return_before_returns_were_kept_is_found_in_the_audit_log(self, people):
        problem, now = whole(people), timezone.now()
        writing.send_in(problem, version=0, by=people["agency"], now=now)
        services.return_to_agency(problem, reason="Chưa rõ.", by=moderator(), now=now + timedelta(hours=1))
        Return.objects.all().delete()

        import_module("catalogue.migrations.0030_keep_what_is_returned").keep(apps, None)

        (kept,) = Return.objects.all()
        assert (kept.reason, kept.side, kept.submitted_at) == ("Chưa rõ.", Side.UNKNOWN, now)
        assert kept.returned_at == now + timedelta(hours=1)

    def test_the_page_of_one_that_was_returned_does_not_call_it_withdrawn(self, people):
        problem = ProblemFactory(agency=people.office, returned=True)
        page = people.client("agency").get(problem.get_absolute_url()).text
        assert "Lý do trả lại" in page
        assert "đã rút" not in page

    def test_a_reason_is_needed_and_each_is_decided_once(self, people):
        problem, ministry, now = whole(people), moderator(), timezone.now()
        writing.send_in(problem, version=0, by=people["agency"], now=now)
        with pytest.raises(ReasonMissing):
            services.return_to_agency(problem, reason=" ", by=ministry, now=now)
        services.publish_for_agency(problem, by=ministry, now=now)
        with pytest.raises(IllegalMove):
            services.return_to_agency(problem, reason="Nghĩ lại.", by=ministry, now=now)
        with pytest.raises(IllegalMove):
            services.publish_for_agency(problem, by=ministry, now=now)

    def test_the_time_at_the_ministry_is_given_back(self, people):
        sent = timezone.localtime().replace(year=2026, month=3, day=2, hour=9)  # a Monday
        closes = sent.replace(day=20, hour=17, minute=0, second=0, microsecond=0)
        problem = whole(people, closes_at=closes)
        writing.send_in(problem, version=0, by=people["agency"], now=sent)

        services.publish_for_agency(problem, by=moderator(), now=sent + timedelta(days=3))

        day = timezone.localdate(problem.closes_at)
        assert working_days.between(closes.date(), day) == 3
        assert timezone.localtime(problem.closes_at).hour == 17

    def test_it_is_taken_back_while_it_waits_and_not_after(self, people):
        problem, by, now = whole(people), people["agency"], timezone.now()
        writing.send_in(problem, version=0, by=by, now=now)
        people.client("agency").post(f"/to-chuc/so-y-te/bai-toan/{problem.slug}/rut/")
        problem.refresh_from_db()
        assert (problem.state, problem.submitted_at) == (State.DRAFT, None)
        writing.send_in(problem, version=0, by=by, now=now)
        services.publish_for_agency(problem, by=moderator(), now=now)
        with pytest.raises(IllegalMove):
            writing.take_back(problem, by=by, now=now)

    def test_what_is_open_is_withdrawn_with_a_reason(self, people, client):
        problem = ProblemFactory(agency=people.office)
        address = f"/to-chuc/so-y-te/bai-toan/{problem.slug}/rut/"
        assert people.client("agency").post(address, {"reason": ""}).status_code == 409
        people.client("agency").post(address, {"reason": "Tỉnh đã cấp phần mềm."})
        assert "Tỉnh đã cấp phần mềm." in client.get(problem.get_absolute_url()).text

    def test_it_is_never_closed_early(self, people):
        problem = ProblemFactory(agency=people.office, over=True)
        answer = people.client("agency").post(f"/to-chuc/so-y-te/bai-toan/{problem.slug}/rut/", {"reason": "Thôi."})
        assert answer.status_code == 409


class TestMeToo:
    def test_another_agency_joins_and_leaves_in_public(self, people, client):
        problem = ProblemFactory()
        address, mine = f"/bai-toan/{problem.slug}/cung-gap/", people.client("agency")

        mine.post(address, {"agency": "so-y-te", "volume": "45 trạm y tế"})

        page = client.get(problem.get_absolute_url()).text
        assert "1 cơ quan khác cùng gặp" in page
        assert "Sở Y tế tỉnh Mẫu: 45 trạm y tế" in page
        mine.post(address, {"agency": "so-y-te", "volume": "50 trạm y tế"})
        assert Joiner.objects.get().volume == "50 trạm y tế"
        mine.post(address, {"agency": "so-y-te", "lam": "rut"})
        assert "45 trạm y tế" not in client.get(problem.get_absolute_url()).text
        assert not Joiner.objects.exists()

    def test_what_does_not_go_together_is_refused(self, people):
        by, now = people["agency"], timezone.now()
        open_, over = ProblemFactory(), ProblemFactory(over=True)
        with pytest.raises(OwnProblem):
            writing.join(open_, agency=open_.agency, volume="1", by=by, now=now)
        with pytest.raises(OwnProblem):
            writing.join(open_, agency=people.vendor, volume="1", by=by, now=now)
        with pytest.raises(VolumeMissing):
            writing.join(open_, agency=people.office, volume=" ", by=by, now=now)
        with pytest.raises(NotOpen):
            writing.join(over, agency=people.office, volume="1", by=by, now=now)

    def test_a_volume_too_long_is_refused_at_its_field(self, people):
        problem = ProblemFactory()
        answer = people.client("agency").post(
            f"/bai-toan/{problem.slug}/cung-gap/", {"agency": "so-y-te", "volume": "x" * 301}
        )
        assert answer.status_code == 400


class TestAlreadySolved:
    def test_what_others_asked_and_how_it_ended_is_shown(self, people, leaf):
        other = ProblemFactory(ended=True, agency=AgencyFactory(), title="Họp không giấy ở xã", categories=[leaf])
        hidden = ProblemFactory(visibility=Visibility.MINISTRY, title="Họp không giấy bí mật", categories=[leaf])
        problem = draft(people, leaf, title="Họp không giấy ở phường")

        page = people.client("agency").get(f"/to-chuc/so-y-te/bai-toan/{problem.slug}/tuong-tu/").text

        assert other.title in page
        assert other.reason in page
        assert hidden.title not in page

    def test_the_recommendation_is_kept_with_what_was_confirmed(self, people):
        problem = draft(people, today="Trạm y tế cần khám từ xa, kinh phí dưới 500 triệu đồng.")
        address = reverse("problem-recommendation", args=["so-y-te", problem.slug])
        page = people.client("agency").get(address)
        assert 'name="budget_vnd_max"' in page.text

        people.client("agency").post(address, {"budget_vnd_max": "500000000"})

        problem.refresh_from_db()
        assert problem.constraints == {"budget_vnd_max": 500_000_000}
        assert len(problem.run) == 36
        assert people.client("agency").get(f"/goi-y/{problem.run}/").status_code == 200


def test_content_refuses_what_it_does_not_know(people):
    with pytest.raises(ContentInvalid):
        writing.start(people.office, title="", categories=[], by=people["agency"], now=timezone.now())


def test_an_edit_conflict_says_both_texts(people):
    problem, by = draft(people), people["agency"]
    writing.edit(problem, step="today", values={"today": "Một."}, version=1, by=by)
    with pytest.raises(EditConflict) as refused:
        writing.edit(problem, step="today", values={"today": "Hai."}, version=1, by=by)
    assert refused.value.members["theirs"]["today"] == "Một."
    assert refused.value.members["yours"] == {"today": "Hai."}
    assert mail.outbox == []
