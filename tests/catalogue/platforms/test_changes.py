"""Whoever follows the change sequence sees every change of what is listed, in the order of commits."""

from contextlib import suppress

import pytest
from django.db import connection, transaction

from catalogue.platforms import changed_fields, changes
from catalogue.platforms.models import Category, Change, ChangeCounter, Platform
from tests.support.factories import EvidenceFactory, LeafFactory, PlatformFactory

pytestmark = pytest.mark.django_db


class Undone(Exception):
    pass


def slugs_after(sequence: int) -> list[str]:
    return changes.since(sequence)[1]


def test_saving_or_deleting_a_platform_is_a_change_of_it():
    before = changes.current_sequence()
    platform = PlatformFactory(slug="hop-viet")

    assert "hop-viet" in slugs_after(before)
    before = changes.current_sequence()
    platform.delete()

    assert slugs_after(before) == ["hop-viet"]


def test_its_vendor_its_evidence_and_its_further_categories_are_changes_of_it():
    platform, other = PlatformFactory(slug="hop-viet"), LeafFactory()
    PlatformFactory(slug="another")

    for touch in (
        platform.vendor.save,
        lambda: EvidenceFactory(platform=platform),
        lambda: platform.also.add(other),
        lambda: platform.also.clear(),
    ):
        before = changes.current_sequence()
        touch()

        assert slugs_after(before) == ["hop-viet"]


def test_a_category_is_a_change_of_everything():
    leaf = LeafFactory()
    before = changes.current_sequence()

    Category.objects.get(pk=leaf.pk).save()

    assert slugs_after(before) == [changes.EVERYTHING]


def test_a_batch_writes_each_change_once_at_its_end():
    platform = PlatformFactory(slug="hop-viet")
    before = changes.current_sequence()

    with transaction.atomic(), changes.batched():
        platform.save()
        platform.save()
        assert changes.current_sequence() == before

    assert list(Change.objects.filter(sequence__gt=before).values_list("slug", flat=True)) == ["hop-viet"]


def fields_after(sequence: int) -> list[list[str] | None]:
    return list(Change.objects.filter(sequence__gt=sequence).values_list("fields", flat=True))


class TestWhatChanged:
    @pytest.fixture
    def platform(self):
        platform = PlatformFactory(slug="hop-viet", price_min=1)
        return Platform.objects.get(pk=platform.pk)  # as somebody who edits it reads it

    @pytest.mark.parametrize(
        ("values", "fields"),
        [
            ({"name": "Họp Mới"}, ["name"]),
            ({"price_min": 5, "pricing_note": "theo năm"}, ["price_min", "pricing_note"]),
            ({"capabilities": ["Biểu quyết"]}, ["capabilities"]),
            ({"price_min": "1"}, []),
            ({}, []),
        ],
    )
    def test_a_save_says_which_fields_it_changed(self, platform, values, fields):
        before = changes.current_sequence()
        for name, value in values.items():
            setattr(platform, name, value)

        platform.save()

        assert fields_after(before) == [fields]

    def test_what_is_not_saved_has_not_changed(self, platform):
        before = changes.current_sequence()
        platform.name, platform.website = "Họp Mới", "https://example.vn"

        platform.save(update_fields=["website"])

        assert fields_after(before) == [["website"]]

    def test_making_and_deleting_change_nothing_that_was_there(self):
        before = changes.current_sequence()
        platform = PlatformFactory()
        platform.name = "Khác"
        platform.delete()

        assert [fields for fields in fields_after(before) if fields] == []

    def test_evidence_the_vendor_and_further_categories_are_named(self, platform):
        for touch, fields in (
            (lambda: EvidenceFactory(platform=platform), ["evidence"]),
            (lambda: platform.evidence.first().delete(), ["evidence"]),
            (lambda: platform.also.add(LeafFactory()), ["also"]),
            (platform.vendor.save, []),
            (lambda: setattr(platform.vendor, "short_name", "Khác") or platform.vendor.save(), ["vendor"]),
        ):
            before = changes.current_sequence()
            touch()
            assert Change.objects.filter(sequence__gt=before, slug="hop-viet").latest("sequence").fields == fields

    def test_a_batch_gathers_them(self, platform):
        before = changes.current_sequence()

        with transaction.atomic(), changes.batched():
            platform.name = "Họp Mới"
            platform.save()
            platform.status = "discontinued"
            platform.save()
            changes.record(["khac"], ["website"])
            changes.record(["khac"])

        assert fields_after(before) == [["name", "status"], None], "one of two unknown is unknown"

    def test_the_latest_leave_out_what_no_reader_sees(self, platform):
        Change.objects.all().delete()
        changes.record(["hop-viet"])
        changes.record(["hop-viet"], [])
        changes.record(["hop-viet"], ["name"])

        assert [moment.fields for moment in changes.latest_of("hop-viet", 5)] == [["name"], None]

    def test_readers_get_words_in_the_order_of_a_listing_each_once(self):
        names = ["sources", "evidence", "price_max", "also", "pricing_note", "capabilities", "category", "gone"]

        assert changed_fields.labels(names) == ["nhóm", "chức năng", "giá", "nguồn", "bằng chứng", "gone"]


def test_a_change_is_announced_after_its_commit_and_not_when_it_is_undone(django_capture_on_commit_callbacks):
    heard = []

    def listen(sender, sequence, slugs, **kwargs):
        heard.append((sequence, slugs))

    changes.changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            PlatformFactory(slug="hop-viet")
            assert heard == []
        announced = list(heard)
        with django_capture_on_commit_callbacks(execute=True), suppress(Undone), transaction.atomic():
            PlatformFactory(slug="undone")
            raise Undone
    finally:
        changes.changed.disconnect(listen)

    assert ["hop-viet"] in [slugs for _, slugs in announced]
    assert heard == announced


@pytest.mark.django_db(transaction=True)
def test_numbers_are_taken_one_after_another_by_transactions_that_overlap():
    """On PostgreSQL the second writer waits for the first: a follower can never read past a change still to come."""
    import threading

    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time")
    first_has_number, second_done = threading.Event(), threading.Event()
    taken: list[int] = []

    def second() -> None:
        first_has_number.wait(5)
        with transaction.atomic():
            taken.append(changes.record(["second"]))
        second_done.set()
        connection.close()

    worker = threading.Thread(target=second)
    worker.start()
    with transaction.atomic():
        mine = changes.record(["first"])
        first_has_number.set()
        assert not second_done.wait(0.5), "the second took a number before the first committed"
    worker.join(5)

    assert taken == [mine + 1]
    assert ChangeCounter.objects.get().last == mine + 1
