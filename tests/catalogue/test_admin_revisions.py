"""What operators do with what vendors hand in."""

import pytest
from django.contrib.auth.models import Permission

from catalogue.platforms import editing
from catalogue.platforms.models import Platform
from tests.catalogue.platforms.test_editing import NOW, write
from tests.support.factories import LeafFactory, UserFactory, VendorFactory


class TestRevisions:
    @pytest.fixture
    def submitted(self, db):
        LeafFactory(key="online-meetings")
        by = UserFactory()
        draft = editing.start(VendorFactory(), name="Họp Giấy", category="online-meetings", by=by, now=NOW)
        return editing.submit(write(draft, by), by=by, now=NOW)

    def act(self, client, revision, action, **more):
        sent = {"action": action, "_selected_action": [str(revision.pk)], **more}
        return client.post("/quan-tri/catalogue/revision/", sent)

    def test_an_operator_publishes_after_being_asked(self, admin_client, submitted):
        assert "Công bố các bản này?" in self.act(admin_client, submitted, "publish_revisions").content.decode()
        assert not Platform.objects.listed().exists()

        self.act(admin_client, submitted, "publish_revisions", confirmed="yes")

        assert Platform.objects.listed().get().name == "Họp Giấy"

    def test_nothing_is_returned_without_a_reason(self, admin_client, submitted):
        self.act(admin_client, submitted, "return_revisions", confirmed="yes", reason=" ")
        submitted.refresh_from_db()
        assert submitted.state == "submitted"

        self.act(admin_client, submitted, "return_revisions", confirmed="yes", reason="Thiếu giá.")

        submitted.refresh_from_db()
        assert (submitted.state, submitted.reason) == ("returned", "Thiếu giá.")

    def test_who_may_only_look_may_not_decide(self, client, submitted):
        looker = UserFactory(is_staff=True)
        looker.user_permissions.add(Permission.objects.get(codename="view_revision"))
        client.force_login(looker)

        self.act(client, submitted, "publish_revisions", confirmed="yes")

        submitted.refresh_from_db()
        assert submitted.state == "submitted"

    def test_a_platform_is_taken_off_the_list_and_put_back(self, admin_client, catalogue):
        for action, listed in (("take_off", False), ("put_on", True)):
            sent = {"action": action, "_selected_action": [str(catalogue["khamxa"].pk)], "confirmed": "yes"}
            admin_client.post("/quan-tri/catalogue/platform/", sent)
            assert Platform.objects.listed().filter(slug="khamxa").exists() == listed
