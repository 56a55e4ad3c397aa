"""What operators do with what vendors hand in: they look, and free what a reviewer cannot go on with; they never decide."""

import pytest
from django.contrib.auth.models import Permission

from catalogue.audit.models import Event
from catalogue.platforms import editing
from catalogue.platforms.models import Platform
from catalogue.vetting.models import Finding
from catalogue.vetting.states import State
from tests.catalogue.platforms.test_editing import NOW, write
from tests.support.factories import LeafFactory, UserFactory, VendorFactory
from tests.support.roles import everyone
from tests.support.vetting import examined, handed_in, proposed, reviewer, rules

pytestmark = pytest.mark.django_db
REVISIONS, SUBMISSIONS = "/quan-tri/catalogue/revision/", "/quan-tri/catalogue/submission/"


def act(client, address, row, action, **more):
    return client.post(address, {"action": action, "_selected_action": [str(row.pk)], **more})


@pytest.mark.parametrize("action", ["publish_revisions", "return_revisions"])
def test_nobody_decides_on_a_text_here(admin_client, action):
    LeafFactory(key="online-meetings")
    by = UserFactory()
    draft = editing.start(VendorFactory(), name="Họp Giấy", category="online-meetings", by=by, now=NOW)
    submitted = editing.submit(write(draft, by), by=by, now=NOW)

    page = admin_client.get(REVISIONS).content.decode()
    act(admin_client, REVISIONS, submitted, action, confirmed="yes", reason="Thiếu giá.")

    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    assert action not in page


def test_a_platform_is_taken_off_the_list_and_put_back(admin_client, catalogue):
    for action, listed in (("take_off", False), ("put_on", True)):
        sent = {"action": action, "_selected_action": [str(catalogue["khamxa"].pk)], "confirmed": "yes"}
        admin_client.post("/quan-tri/catalogue/platform/", sent)
        assert Platform.objects.listed().filter(slug="khamxa").exists() == listed


class TestSubmissions:
    @pytest.fixture
    def submission(self):
        rules()
        return handed_in(everyone())

    def test_an_operator_reads_its_steps_findings_and_conclusions(self, admin_client, submission):
        examined(submission, reviewer("mot"))
        Finding.objects.create(submission=submission, code="dead-link", passed=False, found_at=NOW)

        page = admin_client.get(f"{SUBMISSIONS}{submission.pk}/change/").content.decode()

        for said in ("Nhận hồ sơ", "dead-link", "general 1 · source"):
            assert said in page

    def test_one_is_freed_after_being_asked_and_with_a_reason(self, admin_client, submission):
        proposed(submission, reviewer("mot"))
        asked = act(admin_client, SUBMISSIONS, submission, "release_submissions")
        assert "Đưa các hồ sơ này về hàng chờ?" in asked.content.decode()
        act(admin_client, SUBMISSIONS, submission, "release_submissions", confirmed="yes", reason=" ")
        submission.refresh_from_db()
        assert submission.state == State.TO_DECIDE

        act(admin_client, SUBMISSIONS, submission, "release_submissions", confirmed="yes", reason="Nghỉ ốm.")

        submission.refresh_from_db()
        assert (submission.state, submission.reviewer) == (State.SUBMITTED, None)
        assert submission.steps.last().note == "Nghỉ ốm."
        assert Event.objects.filter(action="submission.release").exists()

    def test_what_nobody_holds_stays_and_the_operator_is_told(self, admin_client, submission):
        page = act(admin_client, SUBMISSIONS, submission, "release_submissions", confirmed="yes", reason="Nghỉ ốm.")

        submission.refresh_from_db()
        assert submission.state == State.SUBMITTED
        assert (
            "Chờ người thẩm định"
            in admin_client.get(page.url if page.status_code == 302 else SUBMISSIONS).content.decode()
        )

    def test_who_may_only_look_at_the_admin_sees_none_and_frees_none(self, client, submission):
        examined(submission, reviewer("mot"))
        looker = UserFactory(is_staff=True)
        looker.user_permissions.add(Permission.objects.get(codename="view_submission"))
        client.force_login(looker)

        assert submission.platform.name not in client.get(SUBMISSIONS).content.decode()
        act(client, SUBMISSIONS, submission, "release_submissions", confirmed="yes", reason="Nghỉ ốm.")

        submission.refresh_from_db()
        assert submission.state == State.IN_REVIEW
