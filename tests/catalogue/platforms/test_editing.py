"""A vendor writes, hands in, takes back; somebody decides; the public sees only what was decided."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from catalogue.accounts.models import Organisation, OrganisationKind
from catalogue.audit.models import Event
from catalogue.platforms import editing
from catalogue.platforms.capabilities import Capability
from catalogue.platforms.changes import current_sequence
from catalogue.platforms.choices import Assurance
from catalogue.platforms.content import ContentInvalid, parse
from catalogue.platforms.models import Platform
from catalogue.platforms.publishing import content_of
from catalogue.platforms.revisions import MOVES, FieldRule, Revision, RevisionState
from tests.support.factories import EvidenceFactory, LeafFactory, PlatformFactory, UserFactory, VendorFactory, evidenced

NOW = datetime.datetime(2026, 11, 26, 2, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(hours=1)
SOLVES = [
    "Mỗi kỳ họp in hàng nghìn trang tài liệu, sửa một chỗ là in lại từ đầu.",
    "Đại biểu ở xa phải đi cả ngày đường chỉ để dự một cuộc họp ngắn.",
    "Biểu quyết giơ tay đếm nhầm, thư ký phải đếm lại nhiều lần.",
    "Kết luận họp gửi bằng giấy, nơi nhận được nơi không.",
]
WHOLE = {
    "summary": {"summary": "Họp không giấy cho hội đồng nhân dân."},
    "description": {"description": "Gửi tài liệu, điểm danh, biểu quyết."},
    "solves": {"solves": SOLVES},
    "capabilities": {"capabilities": ["Biểu quyết điện tử"]},
    "customers": {"status": "active", "customers": ["Tỉnh A"]},
    "prices": {"pricing_model": "subscription"},
    "packages": {
        "packages": [
            {"name": "Xã", "unit": "agency", "period": "year", "price_min": 12_000_000, "price_max": 15_000_000},
            {"name": "Tỉnh", "unit": "agency", "period": "year", "price_min": 90_000_000},
        ]
    },
    "deployment": {"deployment": ["saas"], "data_in_vietnam": "yes", "security_level": 3},
    "connections": {"connections": ["lgsp"]},
}


@pytest.fixture
def by(db):
    return UserFactory()


@pytest.fixture
def vendor(db):
    return VendorFactory(key="hop-viet")


@pytest.fixture
def leaf(db):
    return LeafFactory(key="online-meetings")


@pytest.fixture
def draft(vendor, leaf, by):
    return editing.start(vendor, name="Họp Không Giấy", category="online-meetings", by=by, now=NOW)


def write(revision: Revision, by, steps=WHOLE) -> Revision:
    for step, values in steps.items():
        revision = editing.edit(revision, step=step, values=values, version=revision.version, by=by, now=NOW)
    return revision


@pytest.fixture
def submitted(draft, by):
    return editing.submit(write(draft, by), by=by, now=NOW)


class TestStart:
    def test_makes_a_draft_that_nobody_sees_and_no_follower_hears_of(self, draft):
        assert draft.platform.slug == "hop-khong-giay"
        assert (draft.number, draft.version, draft.state) == (1, 1, RevisionState.DRAFT)
        assert not Platform.objects.listed().exists()
        assert current_sequence() == 0 or "hop-khong-giay" not in _changed_slugs()

    def test_gives_a_second_product_of_the_same_name_another_address(self, draft, by, leaf):
        other = editing.start(VendorFactory(key="khac"), name="Họp không giấy", category=leaf.key, by=by, now=NOW)

        assert other.platform.slug == "hop-khong-giay-khac"

    @pytest.mark.parametrize(
        "given",
        [{"name": "", "category": "online-meetings"}, {"name": "A", "category": ""}, {"name": "A", "category": "none"}],
    )
    def test_refuses_without_a_name_or_a_known_category(self, vendor, leaf, by, given):
        with pytest.raises(ContentInvalid):
            editing.start(vendor, **given, by=by, now=NOW)

        assert not Platform.objects.exists()


def _changed_slugs():
    from catalogue.platforms.models import Change

    return set(Change.objects.values_list("slug", flat=True))


class TestEdit:
    def test_saves_a_step_and_counts(self, draft, by):
        saved = editing.edit(
            draft, step="summary", values={"summary": " Họp \n không giấy "}, version=1, by=by, now=LATER
        )

        assert saved.content["summary"] == "Họp không giấy"
        assert (saved.version, saved.saved, saved.edited_at) == (2, {"summary": 2}, LATER)

    def test_tells_the_second_of_two_who_wrote_the_same_step_and_overwrites_nothing(self, draft, by):
        editing.edit(draft, step="summary", values={"summary": "Của người thứ nhất"}, version=1, by=by, now=NOW)

        with pytest.raises(editing.EditConflict) as refusal:
            editing.edit(draft, step="summary", values={"summary": "Của người thứ hai"}, version=1, by=by, now=NOW)

        assert refusal.value.theirs == {"summary": "Của người thứ nhất"}
        assert refusal.value.yours == {"summary": "Của người thứ hai"}
        draft.refresh_from_db()
        assert draft.content["summary"] == "Của người thứ nhất"
        again = editing.edit(
            draft, step="summary", values={"summary": "Gộp"}, version=refusal.value.version, by=by, now=NOW
        )
        assert again.content["summary"] == "Gộp"

    def test_keeps_both_when_two_wrote_different_steps(self, draft, by):
        editing.edit(draft, step="summary", values={"summary": "Tóm tắt"}, version=1, by=by, now=NOW)
        saved = editing.edit(draft, step="description", values={"description": "Mô tả"}, version=1, by=by, now=NOW)

        assert (saved.content["summary"], saved.content["description"]) == ("Tóm tắt", "Mô tả")

    def test_writes_no_field_of_another_step(self, draft, by):
        saved = editing.edit(
            draft, step="summary", values={"summary": "Tóm tắt", "name": "Khác"}, version=1, by=by, now=NOW
        )

        assert saved.content["name"] == "Họp Không Giấy"

    @pytest.mark.parametrize("state", sorted(set(RevisionState) - {RevisionState.DRAFT}))
    def test_is_refused_outside_a_draft(self, draft, by, state):
        Revision.objects.filter(pk=draft.pk).update(
            state=state, submitted_at=NOW, reason="x", decided_at=None if state == "submitted" else NOW
        )

        with pytest.raises(editing.IllegalMove):
            editing.edit(draft, step="summary", values={"summary": "Tóm tắt"}, version=1, by=by, now=NOW)

    @pytest.mark.parametrize(
        ("step", "values", "field"),
        [
            ("summary", {"summary": "từ " * 51}, "summary"),
            ("deployment", {"security_level": 6}, "security_level"),
            ("deployment", {"deployment": ["teleport"]}, "deployment.0"),
            ("origin", {"vietnamese_share": "101"}, "vietnamese_share"),
            ("contact", {"website": "javascript:alert(1)"}, "website"),
            ("contact", {"support_email": "x"}, "support_email"),
            ("contact", {"support_phone": "gọi tôi"}, "support_phone"),
            ("name", {"also": ["nothing"]}, "also"),
            ("capabilities", {"common_capabilities": ["nothing"]}, "common_capabilities"),
            ("solves", {"solves": ["Câu này đứng hai lần trong danh sách"] * 2}, "solves"),
            ("packages", {"packages": [{"name": "A", "unit": "user", "period": "year", "price_min": 5, "price_max": 4}]}, "packages.0.price_max"),
            ("packages", {"packages": [{"name": "A", "unit": "transaction", "period": "year"}]}, "packages.0.period"),
            ("packages", {"packages": [{"name": "A", "unit": "user", "period": "year", "price_min": -1}]}, "packages.0.price_min"),
            ("evidence", {"evidence": [{"kind": "other", "title": "X", "document": "7f2d3f6e-6f0f-4a0f-9a48-0f0b7a2f0a11"}]}, "evidence"),
        ],
    )  # fmt: skip
    def test_refuses_what_cannot_be_kept_and_names_the_field(self, draft, by, step, values, field):
        with pytest.raises(ContentInvalid) as refusal:
            editing.edit(draft, step=step, values=values, version=1, by=by, now=NOW)

        assert list(refusal.value.fields) == [field]
        assert refusal.value.fields[field][0]
        draft.refresh_from_db()
        assert draft.version == 1

    def test_takes_text_as_text_and_drops_what_is_no_text(self, draft, by):
        saved = editing.edit(
            draft, step="description", values={"description": "<b>a</b>\x00\u202e\r\nb"}, version=1, by=by, now=NOW
        )

        assert saved.content["description"] == "<b>a</b>\nb"


class TestSubmit:
    def test_names_everything_that_is_missing_or_must_be_rewritten(self, draft, by):
        draft = write(
            draft, by, {"solves": {"solves": [*SOLVES[:3], "Họp Không Giấy là giải pháp số 1 cho cơ quan bạn."]}}
        )

        with pytest.raises(editing.Incomplete) as refusal:
            editing.submit(draft, by=by, now=NOW)

        assert set(refusal.value.fields) == {
            "summary", "description", "capabilities", "status", "pricing_model", "deployment", "solves.3",
        }  # fmt: skip
        assert len(refusal.value.fields["solves.3"]) == 3

    def test_leaves_the_public_with_what_it_saw(self, submitted):
        assert submitted.state == RevisionState.SUBMITTED
        assert not Platform.objects.listed().exists()

    def test_hands_in_what_the_writer_saw_or_nothing(self, draft, by):
        seen = write(draft, by)
        editing.edit(
            seen,
            step="summary",
            values={"summary": "Người khác vừa sửa câu này."},
            version=seen.version,
            by=by,
            now=NOW,
        )

        with pytest.raises(editing.IllegalMove):
            editing.submit(seen, by=by, now=NOW)

    def test_of_nothing_new_is_refused(self, submitted, by):
        editing.publish(submitted, by=by, now=NOW)
        again = editing.revise(submitted.platform, by=by, now=NOW)

        with pytest.raises(editing.NothingChanged):
            editing.submit(again, by=by, now=NOW)

    def test_publishes_at_once_when_no_changed_field_needs_a_review(self, submitted, by):
        FieldRule.objects.create(field="website", material=False, reason="Sửa được ngay.")
        editing.publish(submitted, by=by, now=NOW)
        again = editing.revise(submitted.platform, by=by, now=LATER)
        again = write(again, by, {"contact": {"website": "https://hop.example.vn"}})

        done = editing.submit(again, by=by, now=LATER)

        assert (done.state, done.decided_by) == (RevisionState.PUBLISHED, None)
        assert Platform.objects.listed().get().website == "https://hop.example.vn"

    def test_waits_when_one_changed_field_needs_a_review(self, submitted, by):
        FieldRule.objects.create(field="website", material=False, reason="Sửa được ngay.")
        editing.publish(submitted, by=by, now=NOW)
        again = editing.revise(submitted.platform, by=by, now=LATER)
        again = write(again, by, {"contact": {"website": "https://hop.example.vn"}, "summary": {"summary": "Câu mới."}})

        assert editing.submit(again, by=by, now=LATER).state == RevisionState.SUBMITTED
        assert Platform.objects.listed().get().website == ""


class TestPublish:
    def test_writes_everything_and_lists_the_platform(self, submitted, by):
        Capability.objects.create(key="bieu-quyet", label="Biểu quyết")

        editing.publish(submitted, by=by, now=LATER)

        platform = Platform.objects.listed().get()
        assert (platform.listed_at, platform.summary) == (LATER, "Họp không giấy cho hội đồng nhân dân.")
        assert (platform.price_min, platform.price_max, platform.price_unit) == (
            12_000_000,
            90_000_000,
            "cơ quan / năm",
        )
        assert [package.name for package in platform.packages.all()] == ["Xã", "Tỉnh"]
        assert [connection.to for connection in platform.connections.all()] == ["lgsp"]
        assert (platform.data_in_vietnam, platform.security_level) == ("yes", 3)
        assert content_of(platform) == parse(submitted.content)

    def test_is_announced_once(self, submitted, by):
        before = current_sequence()

        editing.publish(submitted, by=by, now=LATER)

        assert current_sequence() == before + 1

    def test_keeps_what_an_operator_corrected_meanwhile_in_other_fields(self, submitted, by):
        editing.publish(submitted, by=by, now=NOW)
        again = editing.revise(submitted.platform, by=by, now=NOW)
        again = write(again, by, {"summary": {"summary": "Câu mới của doanh nghiệp."}})
        Platform.objects.filter(pk=again.platform_id).update(description="Người quản trị đã chữa.")
        editing.submit(again, by=by, now=NOW)

        editing.publish(again, by=by, now=LATER)

        platform = Platform.objects.get()
        assert (platform.summary, platform.description) == ("Câu mới của doanh nghiệp.", "Người quản trị đã chữa.")

    def test_leaves_read_evidence_read_and_counts_no_vendors_word_as_a_public_record(self, by):
        platform = evidenced(
            name="Có bằng chứng",
            description="Mô tả",
            capabilities=["A"],
            solves=SOLVES,
            pricing_model="quote",
            deployment=["saas"],
        )
        seen = platform.evidence.get()
        revision = editing.revise(platform, by=by, now=NOW)
        evidence = [
            *revision.content["evidence"],
            {"kind": "sao_khue", "title": "Sao Khuê", "url": "https://example.vn/sk"},
        ]
        revision = write(revision, by, {"evidence": {"evidence": evidence}})
        editing.submit(revision, by=by, now=NOW)
        editing.publish(revision, by=by, now=LATER)

        rows = {one.title: one.seen_on for one in platform.evidence.all()}
        assert rows == {seen.title: seen.seen_on, "Sao Khuê": None}
        platform.refresh_from_db()
        assert (platform.assurance, platform.assured_on) == (Assurance.PUBLIC_RECORD, seen.seen_on)

    def test_takes_the_level_away_with_the_evidence(self, by):
        platform = evidenced(
            description="Mô tả", capabilities=["A"], solves=SOLVES, pricing_model="quote", deployment=["saas"]
        )
        revision = write(editing.revise(platform, by=by, now=NOW), by, {"evidence": {"evidence": []}})
        editing.publish(editing.submit(revision, by=by, now=NOW), by=by, now=LATER)

        platform.refresh_from_db()
        assert platform.assurance == Assurance.LISTED

    def test_keeps_a_price_that_nobody_replaced_by_packages(self, by):
        platform = PlatformFactory(
            price_min=500,
            price_max=900,
            price_unit="kiện",
            description="M",
            capabilities=["A"],
            solves=SOLVES,
            pricing_model="quote",
            deployment=["saas"],
        )
        revision = write(editing.revise(platform, by=by, now=NOW), by, {"summary": {"summary": "Câu mới."}})
        editing.publish(editing.submit(revision, by=by, now=NOW), by=by, now=LATER)

        platform.refresh_from_db()
        assert (platform.price_min, platform.price_unit) == (500, "kiện")

    def test_shows_a_new_vendor_with_its_first_product_and_writes_down_each_step(self, submitted, by):
        Organisation.objects.filter(pk=submitted.platform.vendor_id).update(shown_since=None)

        editing.publish(submitted, by=by, now=LATER)

        assert Organisation.objects.get(pk=submitted.platform.vendor_id).shown_since == LATER
        about = Event.objects.filter(action__startswith="revision.").order_by("pk")
        assert [(event.action, event.by, event.at) for event in about] == [
            ("revision.submitted", str(by.pk), NOW), ("revision.published", str(by.pk), LATER),
        ]  # fmt: skip


class TestMoves:
    VERBS = {
        RevisionState.SUBMITTED: lambda revision, by: editing.submit(revision, by=by, now=LATER),
        RevisionState.PUBLISHED: lambda revision, by: editing.publish(revision, by=by, now=LATER),
        RevisionState.RETURNED: lambda revision, by: editing.return_(revision, reason="Thiếu giá.", by=by, now=LATER),
        RevisionState.WITHDRAWN: lambda revision, by: editing.withdraw(revision, by=by, now=LATER),
    }

    @pytest.mark.parametrize("before", list(RevisionState))
    @pytest.mark.parametrize("target", list(VERBS))
    def test_every_verb_moves_from_where_it_may_and_from_nowhere_else(self, draft, by, before, target):
        draft = write(draft, by)
        Revision.objects.filter(pk=draft.pk).update(
            state=before, submitted_at=NOW, reason="x" if before == "returned" else "",
            decided_at=None if before in RevisionState.open() else NOW,
        )  # fmt: skip
        draft.refresh_from_db()

        if target in MOVES[before]:
            assert self.VERBS[target](draft, by).state == target
        else:
            with pytest.raises(editing.IllegalMove):
                self.VERBS[target](draft, by)
            draft.refresh_from_db()
            assert draft.state == before
            assert not Platform.objects.listed().exists()

    def test_nothing_is_returned_without_a_reason(self, submitted, by):
        with pytest.raises(editing.ReasonMissing):
            editing.return_(submitted, reason="  ", by=by, now=NOW)

    @pytest.mark.parametrize("ended", ["returned", "withdrawn"])
    def test_what_was_returned_or_taken_back_is_where_the_next_one_begins(self, submitted, by, ended):
        if ended == "returned":
            editing.return_(submitted, reason="Thiếu giá.", by=by, now=NOW)
        else:
            editing.withdraw(submitted, by=by, now=NOW)

        again = editing.revise(submitted.platform, by=by, now=LATER)

        assert (again.number, again.base_number, again.state) == (2, 1, RevisionState.DRAFT)
        assert again.content == submitted.content

    def test_a_platform_has_one_open_revision(self, draft, by):
        assert editing.revise(draft.platform, by=by, now=LATER) == draft
        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.create(
                platform=draft.platform, number=2, content={}, base_content={}, created_at=NOW, edited_at=NOW
            )


class TestScope:
    @pytest.mark.parametrize(
        ("role", "reads", "writes"), [("owner", True, True), ("editor", True, True), ("viewer", True, False)]
    )
    def test_follows_the_role_in_the_vendor(self, draft, vendor, role, reads, writes):
        member = UserFactory()
        member.memberships.create(organisation=vendor, role=role)

        assert Revision.objects.read_by_members(member).exists() == reads
        assert Revision.objects.written_by(member).exists() == writes
        assert not Platform.objects.visible_to(member).exists()

    def test_a_member_of_another_vendor_or_of_an_agency_sees_nothing(self, draft):
        other = UserFactory()
        other.memberships.create(organisation=VendorFactory(), role="owner")
        other.memberships.create(organisation=VendorFactory(kind=OrganisationKind.AGENCY), role="owner")

        assert not Revision.objects.read_by_members(other).exists()

    def test_for_a_vendor_that_may_not_act_nobody_writes(self, draft, vendor):
        owner = UserFactory()
        owner.memberships.create(organisation=vendor, role="owner")
        Organisation.objects.filter(pk=vendor.pk).update(state="refused", refusal="Không phải doanh nghiệp.")

        assert Revision.objects.read_by_members(owner).exists()
        assert not Revision.objects.written_by(owner).exists()


def test_what_rows_say_reads_the_same_once_it_was_written_down(catalogue):
    EvidenceFactory(platform=catalogue["khamxa"], title="Khác")
    for platform in Platform.objects.all():
        assert parse(content_of(platform).as_json()) == content_of(platform)
