"""One proposal of a vendor, sealed until the closing time, in time by the database's clock."""

import datetime
from itertools import product

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from catalogue.audit.models import Event
from catalogue.problems import judging, proposals, sealing
from catalogue.problems.models import Problem
from catalogue.problems.proposals import FEWEST_FIRMS, Odds, OfSize, Proposal, Stage
from catalogue.problems.refusals import NotOpen, OfferInvalid, ProposalChanged, SealCannotOpen, WrongStep
from tests.support.factories import PlatformFactory, VendorFactory
from tests.support.problems import SECRET, course

pytestmark = pytest.mark.django_db


@pytest.fixture
def one():
    return course()


def save(one, version=0, role="editor", vendor=None, **changes):
    return proposals.save(
        one.problem, vendor=vendor or one.people.vendor, content=one.offer(**changes), version=version,
        by=one.people[role], now=timezone.now(),
    )  # fmt: skip


class TestSealing:
    def dump(self) -> str:
        """Return everything that stands in the database, as a dump would have it: blobs in hexadecimal and as text."""
        lines = []
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 (our own tables)
                rows = cursor.fetchall()
                lines += [repr(row) for row in rows]
                blobs = [cell for row in rows for cell in row if isinstance(cell, bytes | memoryview)]
                lines += [bytes(blob).decode("utf-8", "replace") for blob in blobs]
        return "\n".join(lines)

    @pytest.mark.parametrize("handed_in", [False, True])
    def test_nothing_of_it_stands_in_the_database(self, one, handed_in, tmp_path):
        made = one.handed_in() if handed_in else save(one)

        for told in (self.dump(), repr(Proposal.objects.values().get()), repr(vars(made))):
            assert SECRET not in told
            assert "unit_price" not in told
        call_command("dumpdata", "catalogue", output=str(tmp_path / "dump.json"))
        assert SECRET not in (tmp_path / "dump.json").read_text()
        assert one.problem.title in (tmp_path / "dump.json").read_text(), "the dump holds what is public"
        assert SECRET in str(sealing.unseal(bytes(made.envelope), problem=one.problem.pk, vendor=one.people.vendor.pk))

    def test_nor_in_the_admin(self, one, admin_client):
        one.handed_in()
        assert Proposal not in admin.site._registry
        answer = admin_client.get(reverse("admin:catalogue_problem_change", args=[one.problem.pk]))
        assert answer.status_code == 200
        assert one.problem.title in answer.content.decode()
        assert SECRET not in answer.content.decode()

    def test_its_own_editors_read_it_and_nobody_else(self, one):
        made = one.handed_in()
        for role in ("editor", "owner"):
            assert SECRET in str(proposals.read_own(made, by=one.people[role]))
        for role in ("viewer", "other_vendor", "agency", "operator", "reviewer", "stranger"):
            with pytest.raises(Proposal.DoesNotExist):
                proposals.read_own(made, by=one.people[role])
        assert judging.opened(one.problem, by=one.agency) == []

    def test_the_agency_reads_it_once_it_is_opened(self, one):
        one.handed_in()
        one.opened()
        assert SECRET in str(judging.opened(one.problem, by=one.judges[0]))

    def test_two_envelopes_of_one_text_are_not_alike_and_lengths_tell_little(self, one):
        short, again = (sealing.seal({"a": "b"}, problem=1, vendor=1) for _n in range(2))
        assert short != again
        assert len(short) == len(sealing.seal({"a": "b" * 900}, problem=1, vendor=1))

    @pytest.mark.parametrize(("problem", "vendor"), [(2, 1), (1, 2)])
    def test_moved_to_another_row_it_does_not_open(self, one, problem, vendor):
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(sealing.seal({"a": 1}, problem=1, vendor=1), problem=problem, vendor=vendor)

    @pytest.mark.parametrize("place", [0, 2, 8, 20, -1])
    def test_altered_it_does_not_open(self, place):
        sealed = bytearray(sealing.seal({"a": 1}, problem=1, vendor=1))
        sealed[place] ^= 1
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(bytes(sealed), problem=1, vendor=1)

    def test_with_another_key_it_opens_only_while_the_old_one_is_named(self, settings):
        first, second = ("BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=", "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=")
        settings.SEAL_KEY = first
        sealed = sealing.seal({"a": 1}, problem=1, vendor=1)
        settings.SEAL_KEY = second
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(sealed, problem=1, vendor=1)
        settings.SEAL_OLD_KEYS = [first]
        assert sealing.unseal(sealed, problem=1, vendor=1) == {"a": 1}

    def test_a_deployment_without_a_key_takes_nothing(self, settings):
        settings.ON_LAPTOP, settings.DEBUG = False, False
        with pytest.raises(ImproperlyConfigured, match="SEAL_KEY"):
            sealing.seal({}, problem=1, vendor=1)

    @pytest.mark.parametrize("written", ["not base64!", "c2hvcnQ="])
    def test_a_bad_key_is_not_repeated(self, written):
        with pytest.raises(ImproperlyConfigured, match="SEAL_KEY") as error:
            sealing.read_key(written)
        assert written not in str(error.value)

    def test_one_broken_envelope_keeps_all_shut(self, one):
        one.handed_in()
        Proposal.objects.update(envelope=b"\x01nothing")
        one.over()
        judging.convene(one.problem, users=one.judges, blind=False, by=one.agency, now=timezone.now())
        with pytest.raises(SealCannotOpen):
            judging.open_(one.problem, by=one.agency, now=timezone.now())
        assert Problem.objects.get(pk=one.problem.pk).panel.opened_at is None


class TestCourse:
    def test_is_drafted_handed_in_taken_back_changed_and_handed_in_again(self, one):
        made, editor, now = save(one), one.people["editor"], timezone.now()
        assert (made.stage, made.version) == (Stage.DRAFT, 1)
        proposals.submit(made, by=editor, now=now)
        assert made.submitted_at is not None
        assert proposals.odds(one.problem) == Odds(drafted=0, submitted=1)
        with pytest.raises(WrongStep):
            save(one, version=1)
        proposals.withdraw(made, by=editor, now=now)
        assert proposals.odds(one.problem) == Odds(drafted=1, submitted=0)
        save(one, version=1, trial="Dùng thử một năm.")
        made.refresh_from_db()
        proposals.submit(made, by=editor, now=now)
        assert proposals.read_own(made, by=editor).trial == "Dùng thử một năm."
        assert list(Event.objects.about(made).values_list("action", flat=True)) == [
            "proposal.submitted", "proposal.withdrawn", "proposal.submitted", "proposal.begun",
        ]  # fmt: skip

    def test_of_two_colleagues_the_second_to_save_is_told(self, one):
        save(one)
        save(one, version=1, trial="Một.")
        with pytest.raises(ProposalChanged):
            save(one, version=1, trial="Hai.")
        with pytest.raises(ProposalChanged):
            save(one, version=0, trial="Ba.")
        assert proposals.read_own(Proposal.objects.get(), by=one.people["owner"]).trial == "Một."

    def test_what_was_read_is_what_is_handed_in(self, one):
        made = save(one)
        save(one, version=1, trial="Đồng nghiệp vừa sửa.")
        with pytest.raises(ProposalChanged):
            proposals.submit(made, by=one.people["editor"], now=timezone.now())

    def test_there_is_one_of_a_vendor(self, one):
        made = save(one)
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.create(
                problem=one.problem, vendor=one.people.vendor, envelope=made.envelope, saved_at=timezone.now()
            )

    @pytest.mark.parametrize(
        "half", [{"stage": "submitted"}, {"stage": "withdrawn"}, {"submitted_at": timezone.now()}, {"stage": "won"}]
    )
    def test_a_stage_has_its_date(self, one, half):
        save(one)
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.update(**half)

    @pytest.mark.parametrize("step", ["save", "submit", "withdraw"])
    def test_after_the_closing_time_nothing_moves(self, one, step):
        made, editor = (
            (save(one), one.people["editor"]) if step != "withdraw" else (one.handed_in(), one.people["editor"])
        )
        before = Proposal.objects.values().get()
        one.over()
        yesterday = timezone.now() - datetime.timedelta(days=1)  # a server whose clock is wrong changes nothing
        late = {
            "save": lambda: proposals.save(
                one.problem, vendor=one.people.vendor, content=one.offer(), version=1, by=editor, now=yesterday
            ),
            "submit": lambda: proposals.submit(made, by=editor, now=yesterday),
            "withdraw": lambda: proposals.withdraw(made, by=editor, now=yesterday),
        }
        with pytest.raises(NotOpen):
            late[step]()
        assert Proposal.objects.values().get() == before

    def test_a_late_first_draft_leaves_no_row(self, one):
        one.over()
        with pytest.raises(NotOpen):
            save(one)
        assert not Proposal.objects.exists()


class TestOffers:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"product": "hop-nam"}, "product"),
            ({"product": "khong-co"}, "product"),
            ({"replies": [{"requirement": 0, "answer": "yes", "evidence": ""}]}, "replies"),
            ({"lines": [{"package": "Cao cấp", "quantity": 1, "periods": 1, "unit_price": 1}]}, "line-1"),
            ({"lines": [{"package": "Cơ bản", "quantity": 1, "periods": 1, "unit_price": 60_001}]}, "line-1"),
            ({"lines": [{"package": "Cơ bản", "quantity": 0, "periods": 1, "unit_price": 1}]}, "line-1"),
            ({"stated_total": 5}, "stated_total"),
            ({"lines": [], "stated_total": -1}, "stated_total"),
            ({"trial": "a" * 2_001}, "trial"),
        ],
    )
    def test_what_can_never_be_taken_is_not_even_drafted(self, one, changes, field):
        with pytest.raises(OfferInvalid) as refusal:
            save(one, **changes)
        assert field in refusal.value.fields
        assert not Proposal.objects.exists()

    @pytest.mark.parametrize(("n", "taken"), [(100, True), (101, False)])
    def test_evidence_has_at_most_a_hundred_words(self, one, n, taken):
        replies = [{"requirement": one.must.pk, "answer": "yes", "evidence": "chữ " * n}]
        if taken:
            save(one, replies=replies)
        else:
            with pytest.raises(OfferInvalid):
                save(one, replies=replies)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"product": ""}, "product"),
            ({"replies": []}, "answer-"),
            ({"lines": []}, "stated_total"),
            ({"delivery": " "}, "delivery"),
        ],
    )
    def test_what_is_unfinished_is_drafted_but_not_handed_in(self, one, changes, field):
        if changes == {"product": ""}:
            changes = {**changes, "lines": [], "stated_total": 5}
        made = save(one, **changes)
        with pytest.raises(OfferInvalid) as refusal:
            proposals.submit(made, by=one.people["editor"], now=timezone.now())
        assert any(name.startswith(field) for name in refusal.value.fields)

    def test_a_stated_price_will_do(self, one):
        made = save(one, lines=[], stated_total=30_000_000)
        proposals.submit(made, by=one.people["editor"], now=timezone.now())
        assert proposals.read_own(made, by=one.people["editor"]).total == 30_000_000

    def test_the_total_is_quantity_times_periods_times_price(self, one):
        assert proposals.read_own(save(one), by=one.people["editor"]).total == 42 * 12 * 50_000

    def test_a_product_that_was_taken_off_the_list_is_not_offered(self, one):
        made = save(one)
        one.ours.listed_at = None
        one.ours.save()
        PlatformFactory(vendor=one.people.vendor)
        with pytest.raises(OfferInvalid):
            proposals.submit(made, by=one.people["editor"], now=timezone.now())


class TestOdds:
    def answered(self, problem, *sizes, stage=Stage.SUBMITTED):
        now = timezone.now()
        for size in sizes:
            Proposal.objects.create(
                problem=problem, vendor=VendorFactory(firm_size=size), envelope=b"", saved_at=now, stage=stage,
                submitted_at=now if stage == Stage.SUBMITTED else None,
            )  # fmt: skip

    def test_are_told_by_the_size_of_the_firms(self, one):
        self.answered(one.problem, "small", "small", "", "", "")
        self.answered(one.problem, "small", "large", "large", "medium", stage=Stage.DRAFT)

        assert proposals.odds(one.problem) == Odds(
            drafted=4, submitted=5,
            by_size=(OfSize("small", 1, 2), OfSize("unknown", 0, 3), OfSize("other", 3, 0)),
        )  # fmt: skip

    def test_a_small_group_takes_another_with_it_so_that_it_is_not_what_remains(self, one):
        self.answered(one.problem, *["small"] * 4, *["medium"] * 3, "large")
        assert proposals.odds(one.problem).by_size == (OfSize("small", 0, 4), OfSize("other", 0, 4))

    def test_of_few_firms_only_the_number_is_told(self, one):
        self.answered(one.problem, *["small"] * 4, "large")
        assert proposals.odds(one.problem) == Odds(drafted=0, submitted=5)

    def test_whatever_the_numbers_no_group_is_small_and_none_can_be_worked_out(self):
        for numbers in product(range(5), repeat=5):
            sizes = ("micro", "small", "medium", "large", "unknown")
            groups = [OfSize(size, 0, n) for size, n in zip(sizes, numbers, strict=True) if n]
            told = proposals._none_small(groups)
            assert all(group.firms >= FEWEST_FIRMS for group in told), numbers
            assert not told or sum(group.firms for group in told) == sum(numbers), numbers
            if len(groups) > 0 and all(group.firms >= FEWEST_FIRMS for group in groups):
                assert told == groups, numbers

    def test_stand_on_the_page_and_in_the_api(self, one, client):
        self.answered(one.problem, *["small"] * 3)
        page = client.get(one.problem.get_absolute_url()).text
        assert "Hồ sơ đang soạn: 0. Hồ sơ đã nộp: 3." in page
        assert "<dt>Nhỏ</dt><dd>đang soạn 0, đã nộp 3</dd>" in page
        assert "tự khai" in page
        said = client.get(f"/api/v1/problems/{one.problem.slug}/outcome").json()
        assert said["by_size"] == [{"size": "small", "drafted": 0, "submitted": 3}]

    def test_of_few_firms_the_page_says_why_their_sizes_are_not_told(self, one, client):
        self.answered(one.problem, "small", "large")
        page = client.get(one.problem.get_absolute_url()).text
        assert "khi có từ 3 doanh nghiệp cùng cỡ" in page
        assert "đã nộp 1" not in page
        assert client.get(f"/api/v1/problems/{one.problem.slug}/outcome").json()["by_size"] == []
