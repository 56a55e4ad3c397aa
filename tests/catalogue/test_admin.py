"""The admin, as operators use it: find, read, and act only after being asked."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from catalogue.admin_parts import ReadOnly
from catalogue.audit.record import record
from catalogue.documents.models import Document
from catalogue.notifications.models import Notice
from catalogue.notifications.send import notify
from catalogue.notifications.states import State
from catalogue.organisations.models import Membership
from catalogue.platforms import changes, editing
from catalogue.platforms.originals import BorrowedPassage
from catalogue.seeding.models import SeedRow
from catalogue.vetting import challenges
from catalogue.vetting.challenges import Challenge
from recommender import services
from recommender.models import Run
from tests.support.factories import PlatformFactory, UserFactory
from tests.support.roles import everyone
from tests.support.vetting import NOW, reviewer, rules, vetted

pytestmark = pytest.mark.django_db
READ_ONLY = sorted(
    (model for model, page in admin.site._registry.items() if isinstance(page, ReadOnly)),
    key=lambda model: model.__name__,
)
SAID = "Nông dân nuôi tôm đo độ mặn bằng tay ba lần một đêm, chậm một giờ là mất trắng cả ao."
PLATFORMS = "/quan-tri/catalogue/platform/"


@pytest.fixture
def operator(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def rows(answering, catalogue, operator):
    """A row or more of everything that is only read."""
    services.answer_and_record(services.Asked("Phường cần họp trực tuyến, họp không giấy"))
    SeedRow.objects.create(file="platforms.yaml", key="hopviet", digest="0")
    record("platform.listed", catalogue["hopviet"], by=None)
    notify("mistake_reported", to="ngoai@example.vn", platform="hopviet", name="HọpViệt", what="Giá")
    Membership.objects.create(user=UserFactory(), organisation=catalogue["hopviet"].vendor, role="owner")
    editing.revise(catalogue["hopviet"], by=UserFactory(), now=timezone.now())
    Document.objects.create(
        organisation=catalogue["hopviet"].vendor, name="a.pdf", media_type="application/pdf", size=1, sha256="0" * 64,
        file="documents/00/0", uploaded_at=timezone.now(),
    )  # fmt: skip
    _vetting()
    original = PlatformFactory(solves=[SAID])
    PlatformFactory(slug="chep-lai", name="Chép Lại", summary="Bản sao", solves=[SAID])
    assert BorrowedPassage.objects.get().original == original
    page = admin.site._registry[type(catalogue["hopviet"])]
    page.log_change(_request(operator), catalogue["hopviet"], "thử")


def _vetting():
    rules()
    people, (first, second, third) = everyone(), [reviewer(name) for name in ("mot", "hai", "ba")]
    submission = vetted(people, first, second)
    doubt = challenges.challenge(
        submission.platform, about="price", reason="Giá đã đổi.", email="ai-do@example.vn", by=None, now=NOW
    )
    challenges.settle(doubt, upheld=True, answer="Đúng.", suspends=False, by=third, now=NOW)
    challenges.appeal_outcome(doubt, reason="Không đúng.", by=people["owner"], now=NOW)


def test_who_raised_a_challenge_is_not_shown_to_operators(operator, rows):
    row = Challenge.objects.get()

    for address in (
        reverse("admin:catalogue_challenge_changelist"),
        reverse("admin:catalogue_challenge_change", args=[row.pk]),
    ):
        assert "ai-do@example.vn" not in operator.get(address).content.decode()


def _request(client):
    return client.get("/quan-tri/").wsgi_request


def test_what_records_the_past_is_only_read():
    assert {model.__name__ for model in READ_ONLY} == {
        "Appeal", "BorrowedPassage", "Challenge", "Change", "CriteriaSet", "Document", "Event", "Evidence", "LogEntry",
        "Membership", "Notice", "Revision", "Run", "SeedRow", "Submission",
    }  # fmt: skip


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model.__name__)
def test_rows_that_are_only_read_are_shown_and_cannot_be_touched(operator, rows, model):
    row = model.objects.first()
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"

    assert operator.get(reverse(f"{name}_changelist")).status_code == 200
    assert operator.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    assert operator.get(reverse(f"{name}_add")).status_code == 403
    assert operator.get(reverse(f"{name}_delete", args=[row.pk])).status_code == 403
    assert operator.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403


@pytest.mark.parametrize(
    "model", sorted(admin.site._registry, key=lambda model: model._meta.label), ids=lambda m: m._meta.label
)
def test_every_list_can_be_opened_and_searched(operator, rows, model):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    assert operator.get(address).status_code == 200
    assert operator.get(address, {"q": "họp"}).status_code == 200


def test_a_list_costs_the_same_however_many_platforms_it_shows(operator, django_assert_max_num_queries):
    PlatformFactory.create_batch(3)
    with django_assert_max_num_queries(20) as few:
        operator.get(PLATFORMS)
    PlatformFactory.create_batch(25)
    with django_assert_max_num_queries(len(few)):
        operator.get(PLATFORMS)


def test_the_list_leads_to_the_public_page(operator, catalogue):
    assert 'href="/nen-tang/hopviet/"' in operator.get(PLATFORMS).content.decode()


def test_the_list_of_runs_leads_to_the_answer(operator, rows):
    page = operator.get("/quan-tri/recommender/run/").content.decode()

    assert f'href="{Run.objects.get().get_absolute_url()}"' in page


def test_marking_as_discontinued_asks_first(operator, catalogue):
    chosen = [catalogue["hopviet"].pk, catalogue["hopcu"].pk]

    asked = operator.post(PLATFORMS, {"action": "mark_discontinued", "_selected_action": chosen})

    assert asked.status_code == 200
    assert "HọpViệt" in asked.content.decode()
    catalogue["hopviet"].refresh_from_db()
    assert catalogue["hopviet"].status == "active", "nothing happens before it is confirmed"


def test_marking_as_discontinued_is_logged_and_seen_by_followers(operator, catalogue):
    chosen = [catalogue["hopviet"].pk, catalogue["hopcu"].pk]
    before = changes.current_sequence()

    operator.post(PLATFORMS, {"action": "mark_discontinued", "_selected_action": chosen, "confirmed": "yes"})

    catalogue["hopviet"].refresh_from_db()
    assert catalogue["hopviet"].status == "discontinued"
    assert changes.since(before)[1] == ["hopviet"], "the other one was discontinued already"
    assert [entry.object_repr for entry in LogEntry.objects.all()] == ["HọpViệt"]
    assert "đã ngừng cung cấp" in operator.get("/nen-tang/hopviet/").content.decode()


def test_it_can_be_taken_back(operator, catalogue):
    operator.post(PLATFORMS, {"action": "mark_active", "_selected_action": [catalogue["hopcu"].pk], "confirmed": "yes"})

    catalogue["hopcu"].refresh_from_db()
    assert catalogue["hopcu"].status == "active"


def test_who_may_only_look_cannot_act(client, catalogue, django_user_model):
    from django.contrib.auth.models import Permission

    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_platform"))
    client.force_login(reader)

    page = client.get(PLATFORMS)
    client.post(
        PLATFORMS, {"action": "mark_discontinued", "_selected_action": [catalogue["hopviet"].pk], "confirmed": "yes"}
    )

    assert "mark_discontinued" not in page.content.decode()
    catalogue["hopviet"].refresh_from_db()
    assert catalogue["hopviet"].status == "active"


def test_what_could_not_be_sent_is_sent_again_only_after_being_asked(operator, rows):
    notice = Notice.objects.get(kind="mistake_reported")
    Notice.objects.exclude(pk=notice.pk).delete()
    Notice.objects.update(state=State.FAILED, attempts=12, failure="550")
    chosen = {"action": "send_again", "_selected_action": [str(notice.pk)]}

    asked = operator.post("/quan-tri/catalogue/notice/", chosen)
    assert asked.status_code == 200
    assert Notice.objects.get().state == State.FAILED
    operator.post("/quan-tri/catalogue/notice/", {**chosen, "confirmed": "yes"})

    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == (State.WAITING, 0)


def test_a_platform_shows_what_another_said_before_it(operator):
    original = PlatformFactory(name="Ao Tôm", solves=[SAID])
    copy = PlatformFactory(solves=[SAID])

    def shown(platform):
        return operator.get(f"{PLATFORMS}{platform.pk}/change/").content.decode()

    assert f"“{SAID}”" in shown(copy)
    assert "giống danh mục của Ao Tôm" in shown(copy)
    assert "giống danh mục" not in shown(original)
    original.delete()
    assert "giống danh mục của một nền tảng không còn" in shown(copy)
