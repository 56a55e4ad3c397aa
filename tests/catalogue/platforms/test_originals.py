"""Who said it first is written down with each save, and never taken over."""

import datetime
import itertools

import pytest
from django.utils import timezone

from catalogue.common import copies
from catalogue.platforms import changes, originals
from catalogue.platforms.models import Platform
from catalogue.platforms.originals import (
    BorrowedPassage,
    SaidNumber,
    SaidPassage,
    borrowed_sentences,
    note,
    note_all,
    note_statement,
)
from recommender import corpus
from tests.support.factories import PlatformFactory, VendorFactory

pytestmark = pytest.mark.django_db
NUMBERS = itertools.count()
SOLVES = [
    "Nông dân nuôi tôm đo độ mặn bằng tay ba lần một đêm, chậm một giờ là mất trắng cả ao.",
    "Thương lái hỏi nhật ký cho ăn mà sổ ghi bị ướt, không chứng minh được tôm sạch để bán giá cao.",
]


def listed(**changed) -> Platform:
    """Register a platform whose summary is its own."""
    return PlatformFactory(**{"summary": f"Bản {next(NUMBERS)}", **changed})


def first(**changed) -> Platform:
    return listed(**{"slug": "ao-tom", "solves": SOLVES, **changed})


def borrowed(platform: Platform) -> list[tuple[str, str | None]]:
    return [
        (one.sentence, one.original.slug if one.original else None)
        for one in borrowed_sentences(Platform.objects.get(pk=platform.pk))
    ]


def test_what_another_vendor_said_before_is_borrowed_from_them():
    first()
    copy = listed(solves=["Kho lạnh báo nhiệt độ về điện thoại của chủ vựa.", *SOLVES])

    assert borrowed(copy) == [(sentence, "ao-tom") for sentence in SOLVES]


def test_who_said_it_first_borrowed_nothing_and_saving_again_changes_nothing():
    original = first()
    copy = listed(solves=SOLVES)
    kept = list(SaidPassage.objects.values_list("key", "slug")), SaidNumber.objects.count()

    for platform in (original, copy, original):
        platform.save()

    assert borrowed(original) == []
    assert len(borrowed(copy)) == 2
    assert (list(SaidPassage.objects.values_list("key", "slug")), SaidNumber.objects.count()) == kept


def test_the_copy_does_not_become_the_original_when_the_original_changes_or_goes():
    original = first()
    copy = listed(solves=SOLVES)
    original.solves = []
    original.save()
    copy.save()

    assert [slug for _, slug in borrowed(copy)] == ["ao-tom", "ao-tom"]

    original.delete()
    copy.save()

    assert [slug for _, slug in borrowed(copy)] == [None, None]


def test_the_original_may_say_it_again_under_the_same_key():
    vendor = VendorFactory()
    original = first(vendor=vendor)
    listed(solves=SOLVES)
    original.delete()

    assert borrowed(first(vendor=vendor)) == []


def test_what_was_ones_own_stays_ones_own():
    mine = first(summary="Đo độ mặn của ao.")
    listed(solves=[f"{SOLVES[0]} Máy sục khí bật theo giờ."])
    mine.summary = "Đo độ mặn và nhiệt độ của ao."
    mine.save()

    assert borrowed(mine) == []


def test_a_passage_taken_out_is_no_longer_borrowed():
    first()
    copy = listed(solves=SOLVES)
    copy.solves = SOLVES[1:]
    copy.save()

    assert borrowed(copy) == [(SOLVES[1], "ao-tom")]


def test_firms_of_one_group_share_what_they_say():
    mother = VendorFactory()
    first(vendor=VendorFactory(parent=mother))

    assert borrowed(listed(vendor=mother, solves=SOLVES)) == []
    assert borrowed(listed(vendor=VendorFactory(parent=mother), solves=SOLVES)) == []
    assert len(borrowed(listed(solves=SOLVES))) == 2


def test_a_copy_of_a_copy_is_borrowed_from_the_original():
    first()
    listed(solves=SOLVES)

    assert {slug for _, slug in borrowed(listed(solves=SOLVES))} == {"ao-tom"}


def test_rows_that_were_there_before_are_noted_by_age_then_key():
    now = timezone.now()
    for days, slug in ((1, "moi"), (9, "cu"), (1, "an-sau")):
        platform = listed(slug=slug, solves=SOLVES)
        Platform.objects.filter(pk=platform.pk).update(created_at=now - datetime.timedelta(days=days))
    for model in (SaidPassage, SaidNumber, BorrowedPassage):
        model.objects.all().delete()

    note_all()

    rows = BorrowedPassage.objects.order_by("platform__slug").values_list("platform__slug", "original__slug")
    assert set(rows) == {("an-sau", "cu"), ("moi", "cu")}
    assert {row.said_at for row in SaidPassage.objects.filter(slug="cu")} == {now - datetime.timedelta(days=9)}


def test_a_save_without_its_texts_reads_none():
    platform = first()
    SaidPassage.objects.all().delete()
    platform.save(update_fields=["status", "updated_at"])

    assert not SaidPassage.objects.exists()


def test_it_is_written_before_followers_are_told(monkeypatch):
    first()
    seen = []
    monkeypatch.setattr(changes, "record", lambda *told: seen.append(BorrowedPassage.objects.count()))
    listed(solves=SOLVES)

    assert seen[-1] == 2


def test_numbers_of_common_words_are_kept_for_few(monkeypatch):
    monkeypatch.setattr(originals, "HOLDERS", 2)
    for _ in range(4):
        listed(solves=SOLVES[:1], summary=f"Phần mềm {_}")

    held = SaidNumber.objects.values_list("number", flat=True)
    assert max(list(held).count(number) for number in set(held)) <= 2


def test_the_documents_carry_it_and_cost_the_same_however_many_they_are(django_assert_num_queries):
    first()
    listed(slug="chep", solves=SOLVES)
    with django_assert_num_queries(3):
        few = {document.key: document for document in corpus.documents()}
    for _ in range(8):
        listed(solves=SOLVES)
    with django_assert_num_queries(3):
        list(corpus.documents())

    keys = {passage.key for passage in copies.passages(few["chep"]) if passage.field == "solves"}
    assert set(few["chep"].borrowed) == keys
    assert few["ao-tom"].borrowed == ()


def test_noting_twice_is_noting_once():
    first()
    copy = listed(solves=SOLVES)
    note(copy, now=timezone.now())

    assert BorrowedPassage.objects.count() == 2


def test_what_a_published_statement_said_before_is_borrowed():
    before = first()
    note_statement(" ".join(SOLVES), key="ao-tom-xa-a", now=timezone.now())
    note_statement(" ".join(SOLVES), key="ao-tom-xa-b", now=timezone.now())
    after = listed(slug="sau", solves=["Kho lạnh báo nhiệt độ về điện thoại của chủ vựa."])
    after.solves = [*after.solves, SOLVES[1]]
    after.save()
    before.save()

    assert borrowed(after) == [(SOLVES[1], "ao-tom")]
    assert borrowed(before) == []


def test_a_statement_that_no_listing_said_has_no_platform():
    note_statement(SOLVES[0], key="ao-tom-xa-a", now=timezone.now())
    after = listed(solves=SOLVES[:1])
    after.save()

    assert borrowed(after) == [(SOLVES[0], None)]
