"""Searches that a vendor keeps: who may, what is found, and that nobody is told twice; by page and by API."""

import datetime
from datetime import timedelta

import pytest
from django.utils import timezone

from catalogue.audit.models import Event
from catalogue.common.errors import DomainError
from catalogue.notifications.kinds import Group, Pace
from catalogue.notifications.models import Notice, NoticeChoice
from catalogue.problems import following
from catalogue.problems.following import SavedSearch
from catalogue.problems.states import Visibility
from catalogue.problems.tasks import look_after_problems
from tests.support.factories import GroupFactory, LeafFactory, PlatformFactory, ProblemFactory
from tests.support.roles import ROLES, check, everyone

pytestmark = pytest.mark.django_db
WRITERS = ("editor", "owner")


@pytest.fixture
def people():
    return everyone()


@pytest.fixture
def leaf():
    return LeafFactory(key="telehealth", label_vi="Y tế từ xa", parent=GroupFactory(key="health"))


def saved(people, text="họp", category=None, *, days=1) -> SavedSearch:
    at = timezone.now() - timedelta(days=days)
    return following.save(people.vendor, text=text, category=category, by=people["editor"], now=at)


def addresses(people) -> tuple[str, str]:
    return (
        f"/to-chuc/{people.vendor.key}/tim-kiem-da-luu/",
        f"/api/v1/organisations/{people.vendor.key}/problem-searches",
    )


def told() -> list[Notice]:
    look_after_problems()
    return list(Notice.objects.filter(kind="search_found").order_by("user_id"))


def test_only_who_writes_for_the_vendor_sees_saves_and_removes(people):
    search = saved(people)
    page, api = addresses(people)

    check(people, "GET", page, dict.fromkeys(WRITERS, 200))
    check(people, "POST", page, dict.fromkeys(WRITERS, 302), data={"text": "khám"})
    check(people, "POST", f"{page}{search.pk}/bo/", dict.fromkeys(WRITERS, 302))
    check(people, "GET", api, dict.fromkeys(WRITERS, 200))
    check(people, "POST", api, dict.fromkeys(WRITERS, 201), data={"text": "khám"})
    check(people, "DELETE", f"{api}/{search.pk}", dict.fromkeys(WRITERS, 204))


def test_nobody_removes_the_search_of_another_vendor(people):
    search = following.save(people.other, text="họp", category=None, by=people["other_vendor"], now=timezone.now())
    page, api = addresses(people)

    assert people.client("owner").post(f"{page}{search.pk}/bo/").status_code == 404
    assert people.api("owner").delete(f"{api}/{search.pk}").status_code == 404
    assert SavedSearch.objects.filter(pk=search.pk).exists()


def test_an_agency_keeps_no_searches(people):
    key = people.office.key

    assert people.client("agency").get(f"/to-chuc/{key}/tim-kiem-da-luu/").status_code == 404
    assert people.api("agency").get(f"/api/v1/organisations/{key}/problem-searches").status_code == 404


def test_a_search_is_saved_shown_and_removed(people, leaf):
    page, _ = addresses(people)
    client = people.client("editor")
    assert client.post(page, {"text": "  hội chẩn ", "category": "telehealth"}).status_code == 302

    search = SavedSearch.objects.get()
    assert (search.text, search.category) == ("hội chẩn", leaf)
    shown = client.get(page).content.decode()
    assert "hội chẩn · Y tế từ xa" in shown
    assert "?q=h%E1%BB%99i+ch%E1%BA%A9n&amp;category=telehealth" in shown
    client.post(f"{page}{search.pk}/bo/")
    assert not SavedSearch.objects.exists()
    assert list(Event.objects.order_by("pk").values_list("action", flat=True)) == [
        "problem_search.saved", "problem_search.removed",
    ]  # fmt: skip


def test_the_api_gives_the_same(people, leaf):
    _, api = addresses(people)
    client = people.api("editor")
    sent = {"text": "họp", "category": "telehealth"}
    first, again = (client.post(api, sent, format="json").json() for _ in range(2))

    assert first == again, "the same again is the one that is kept"
    assert {name: first[name] for name in sent} == sent
    assert client.get(api).json()["results"] == [first]
    refused = client.post(api, {"text": " "}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "search_empty")
    assert client.post(api, {"category": "khong-co"}, format="json").status_code == 400


@pytest.mark.parametrize("sent", [{}, {"text": "  "}, {"text": "a" * 201}, {"category": "khong-co"}])
def test_what_asks_for_nothing_is_refused_beside_its_field(people, sent):
    page, _ = addresses(people)

    assert people.client("editor").post(page, sent).status_code == 400
    assert not SavedSearch.objects.exists()


def test_a_vendor_keeps_so_many_and_no_more(people, monkeypatch):
    monkeypatch.setattr(following, "MOST", 2)
    for text in ("một", "hai"):
        saved(people, text)

    with pytest.raises(DomainError) as refusal:
        saved(people, "ba")
    assert refusal.value.code == "too_many_searches"
    assert saved(people, "hai").text == "hai", "what is kept already is no more"


def test_the_list_leads_who_writes_for_a_vendor_to_saving(people, leaf):
    page, _ = addresses(people)
    for role in ROLES:
        shown = people.client(role).get("/bai-toan/?q=hop&category=telehealth").content.decode()
        assert (f"{page}?q=hop&amp;category=telehealth" in shown) is (role in WRITERS), role
    assert page not in people.client("editor").get("/bai-toan/").content.decode(), "everything is no search"

    filled = people.client("editor").get(f"{page}?q=hop&category=telehealth").content.decode()
    assert 'value="hop"' in filled
    assert '<option value="telehealth" selected>' in filled


def test_writers_are_told_once_by_digest_of_what_was_posted_since(people, leaf):
    saved(people, "khám", leaf, days=2)
    saved(people, "", leaf.parent, days=2)
    fresh = ProblemFactory(title="Khám từ xa", categories=[leaf])
    ProblemFactory(title="Họp", categories=[LeafFactory(key="meetings", parent=GroupFactory(key="office"))])
    now = timezone.now()
    ProblemFactory(title="Khám trước đó", categories=[leaf], posted_at=now - timedelta(days=9))
    ProblemFactory(title="Khám đã hết hạn", categories=[leaf], over=True)

    notices = told()
    assert {notice.user for notice in notices} == {people[role] for role in WRITERS}
    assert {notice.context["slug"] for notice in notices} == {fresh.slug}
    assert all(notice.digest for notice in notices)
    assert told() == notices


def test_what_the_vendor_may_not_read_is_not_told(people, leaf):
    saved(people, "", leaf)
    for visibility in (Visibility.MINISTRY, Visibility.INVITED, Visibility.VETTED_VENDORS):
        ProblemFactory(categories=[leaf], visibility=visibility, posted_at=timezone.now())
    assert told() == []

    PlatformFactory(vendor=people.vendor, category=leaf, assurance="vetted", assured_on=datetime.date(2026, 11, 22))
    assert {notice.context["slug"] for notice in told()} == set(
        leaf.problems.filter(visibility=Visibility.VETTED_VENDORS).values_list("slug", flat=True)
    )


def test_who_switched_it_off_is_not_told(people):
    saved(people)
    NoticeChoice.objects.create(user=people["editor"], group=Group.PROBLEMS, pace=Pace.OFF)
    ProblemFactory(title="Họp")

    assert [notice.user for notice in told()] == [people["owner"]]
