"""Problems as pages: everybody finds and reads what is public; a draft only who may see it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from catalogue.organisations.models import Membership, Role
from tests.support.factories import (
    AgencyFactory,
    GroupFactory,
    LeafFactory,
    ProblemFactory,
    UserFactory,
    VendorFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/bai-toan/"
STATES = {"published": {}, "closed": {"closed": True}, "ended": {"ended": True}, "withdrawn": {"withdrawn": True}}


def titles(answer) -> list[str]:
    return [card["title"] for card in answer.context["cards"]]


def member(organisation, role=Role.EDITOR):
    user = UserFactory()
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def operator(**fields):
    user = UserFactory(is_staff=True, **fields)
    user.user_permissions.add(Permission.objects.get(codename="view_problem"))
    return user


ROLES = {
    "anonymous": (None, 404),
    "somebody": (lambda agency: UserFactory(), 404),
    "another agency": (lambda agency: member(AgencyFactory()), 404),
    "vendor": (lambda agency: member(VendorFactory()), 404),
    "viewer": (lambda agency: member(agency, Role.VIEWER), 200),
    "editor": (lambda agency: member(agency, Role.EDITOR), 200),
    "owner": (lambda agency: member(agency, Role.OWNER), 200),
    "operator": (lambda agency: operator(), 200),
}


@pytest.fixture(params=ROLES)
def role(request, client):
    """Somebody of a role, their agency, and what they get of its drafts."""
    agency = AgencyFactory()
    who, status = ROLES[request.param]
    if who:
        client.force_login(who(agency))
    return agency, status


class TestRoles:
    @pytest.mark.parametrize("traits", STATES.values(), ids=STATES)
    def test_everybody_reads_what_is_public(self, client, role, traits):
        problem = ProblemFactory(agency=role[0], **traits)

        page = client.get(problem.get_absolute_url())

        assert page.status_code == 200
        assert problem.agency.name in page.content.decode()

    def test_a_draft_is_for_its_agency_and_operators_and_not_there_for_others(self, client, role):
        agency, status = role
        draft = ProblemFactory(agency=agency, draft=True)

        answer = client.get(draft.get_absolute_url())

        assert answer.status_code == status
        if status == 200:
            assert "Bản nháp" in answer.content.decode()
            assert "noindex" in answer.content.decode()
            assert "ld+json" not in answer.content.decode().replace("BreadcrumbList", "").split("<body")[0]

    def test_the_list_holds_no_draft_for_anybody(self, client, role):
        ProblemFactory(agency=role[0], title="Công khai")
        ProblemFactory(agency=role[0], title="Nháp", draft=True)

        assert titles(client.get(LIST, {"state": "all"})) == ["Công khai"]

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_pages_are_read_only(self, client, role, method):
        address = ProblemFactory(agency=role[0]).get_absolute_url()

        assert getattr(client, method)(LIST).status_code == 405
        assert getattr(client, method)(address).status_code == 405


class TestList:
    def test_open_ones_stand_first_and_those_that_close_soon_before_others(self, client):
        ProblemFactory(title="Sau", closes_at=timezone.now() + timedelta(days=50))
        ProblemFactory(title="Trước", closes_at=timezone.now() + timedelta(days=5))
        ProblemFactory(title="Quá hạn", over=True)

        answer = client.get(LIST)

        assert titles(answer) == ["Trước", "Sau"]
        assert answer.context["cards"][0]["left"] == "còn 5 ngày"
        assert titles(client.get(LIST, {"sort": "newest"})) == ["Trước", "Sau"]
        assert titles(client.get(LIST, {"state": "closed"})) == ["Quá hạn"], "closed by the clock"

    @pytest.mark.parametrize("state", [*STATES, "all"])
    def test_each_state_has_its_list_and_its_number(self, client, state):
        for traits in (*STATES.values(), {"over": True}):
            ProblemFactory(**traits)
        expected = {"published": 1, "closed": 2, "ended": 1, "withdrawn": 1, "all": 5}

        answer = client.get(LIST, {"state": state})

        assert len(titles(answer)) == expected[state]
        assert {one["value"]: one["n"] for one in answer.context["stages"]} == expected

    def test_by_leaf_and_group(self, client):
        leaf = LeafFactory(key="meetings", parent=GroupFactory(key="work"))
        ProblemFactory(title="Họp", categories=[leaf])
        ProblemFactory(title="Khác")

        assert titles(client.get(LIST, {"category": "meetings"})) == ["Họp"]
        assert titles(client.get(LIST, {"category": "work"})) == ["Họp"]

    @pytest.mark.parametrize("typed", ["giấy", "giay", "KHONG GIAY"])
    def test_words_are_found_with_marks_or_without(self, client, typed):
        ProblemFactory(title="Họp không giấy")
        ProblemFactory(title="Khác", today="Khác", outcome="Khác")

        assert titles(client.get(LIST, {"q": typed})) == ["Họp không giấy"]

    @pytest.mark.parametrize(
        "query",
        ["q=%00", "category=%00", "category=khong-co", "state=lost", "sort=best", "trang=x", "q=" + "a" * 5000,
         "category=" + "b" * 5000, "q=%25", "q='\"--", "q=<script>alert(1)</script>"],
    )  # fmt: skip
    def test_nonsense_is_answered_with_the_page(self, client, query):
        ProblemFactory()
        answer = client.get(f"{LIST}?{query}")

        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()

    def test_a_category_that_is_not_there_is_left_out_and_this_is_said(self, client):
        ProblemFactory()
        answer = client.get(LIST, {"category": "khong-co"})

        assert len(titles(answer)) == 1
        assert "khong-co" in answer.content.decode()

    def test_an_empty_list_says_how_to_post_and_where_others_are(self, client):
        empty = client.get(LIST).content.decode()
        ProblemFactory(ended=True)
        others = client.get(LIST).content.decode()

        assert "Hôm nay chưa có bài toán nào" in empty
        assert 'href="/bai-toan/dang/"' in empty
        assert 'href="/bai-toan/?state=all"' in others

    def test_it_has_pages_and_each_names_itself(self, client):
        for _ in range(45):
            ProblemFactory()

        first, second = client.get(LIST), client.get(LIST, {"trang": 2})

        assert len(titles(first)) == len(titles(second)) == 20
        assert 'href="/bai-toan/?trang=3"' in second.content.decode()
        assert '<link rel="canonical" href="http://testserver/bai-toan/?trang=2">' in second.content.decode()

    @pytest.mark.parametrize("rows", [20, 200])
    @pytest.mark.parametrize("query", ["", "?state=all", "?category=work&q=hop&sort=newest"])
    def test_it_costs_the_same_however_long(self, client, django_assert_num_queries, rows, query):
        leaf = LeafFactory(parent=GroupFactory(key="work"))
        for _ in range(rows):
            ProblemFactory(categories=[leaf, LeafFactory(key="kia")])

        with django_assert_num_queries(6 if "category" in query else 5):
            assert client.get(LIST + query).context["page"].paginator.count == rows


class TestPage:
    def test_it_says_everything_of_an_open_problem(self, client):
        problem = ProblemFactory()
        page = client.get(problem.get_absolute_url()).content.decode()

        for text in (problem.title, problem.agency.name, problem.number, problem.affected, "Đang nhận trả lời",
                     "Gửi qua bộ quản lý", "còn 30 ngày", '"@type": "Demand"'):  # fmt: skip
            assert text in page, text

    def test_what_became_of_it_is_told_with_the_reason(self, client):
        page = client.get(ProblemFactory(ended=True).get_absolute_url()).content.decode()

        assert "Không có trả lời nào phù hợp" in page
        assert "Không sản phẩm nào dùng được khi mất mạng." in page

    def test_a_withdrawn_one_says_why(self, client):
        page = client.get(ProblemFactory(withdrawn=True).get_absolute_url()).content.decode()

        assert "Cơ quan đã rút bài toán này" in page
        assert "Tỉnh đã cấp phần mềm dùng chung." in page

    def test_one_that_is_over_promises_an_outcome_whoever_has_noted_it(self, client):
        page = client.get(ProblemFactory(over=True).get_absolute_url()).content.decode()

        assert "Hết hạn, chờ kết quả" in page
        assert "Doanh nghiệp trả lời thế nào" not in page

    def test_texts_are_never_markup(self, client):
        bad = "<script>alert(1)</script><img src=x onerror=alert(1)>"
        page = client.get(ProblemFactory(title=bad[:30], today=bad, outcome=bad).get_absolute_url()).content.decode()

        assert "<script>alert" not in page
        assert "<img src=x" not in page

    def test_there_is_an_english_page(self, client):
        problem = ProblemFactory()
        page = client.get(f"/en{problem.get_absolute_url()}").content.decode()

        assert "Open for answers" in page
        assert "30 days left" in page

    def test_it_costs_the_same_for_anybody(self, client, django_assert_num_queries):
        problem = ProblemFactory(categories=[LeafFactory(), LeafFactory()])

        with django_assert_num_queries(7):
            client.get(problem.get_absolute_url())


class TestElsewhere:
    def test_a_category_shows_its_open_problems_and_where_the_others_are(self, client):
        leaf = LeafFactory(key="nhom")
        for at in range(6):
            ProblemFactory(title=f"Việc {at}", categories=[leaf])
        ProblemFactory(title="Xong", categories=[leaf], ended=True)

        page = client.get("/nhom/nhom/").content.decode()

        assert page.count('class="problem-card"') == 4
        assert 'href="/bai-toan/?category=nhom"' in page
        assert "Xong" not in page

    def test_a_category_without_one_says_how_to_post(self, client):
        LeafFactory(key="nhom")

        assert 'href="/bai-toan/dang/"' in client.get("/nhom/nhom/").content.decode()

    def test_the_directive_counts_them_by_task_each_once(self, client):
        group = GroupFactory(key="y-te", scheme_item=2)
        ProblemFactory(categories=[LeafFactory(parent=group), LeafFactory(parent=group)])

        page = client.get("/chi-thi-16/").content.decode()

        assert "1 bài toán đang nhận trả lời" in page
        assert 'href="/bai-toan/?category=y-te"' in page

    def test_the_home_page_and_an_empty_search_lead_to_posting(self, client):
        assert 'href="/bai-toan/dang/"' in client.get("/").content.decode()
        assert 'href="/bai-toan/dang/"' in client.get("/nen-tang/?q=zzzz").content.decode()
