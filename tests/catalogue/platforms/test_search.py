"""Looking up by words: with marks or without, half typed, abbreviated, mistyped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalogue.lexicon.models import Abbreviation
from catalogue.platforms import search
from catalogue.platforms.models import Platform
from catalogue.platforms.search import SLIP, Index, Listing
from tests.support.factories import LeafFactory, PlatformFactory, VendorFactory, small_catalogue

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    """Return the slugs that a search finds, best first."""
    scores = search.current().search(text).scores
    slugs = dict(Platform.objects.values_list("pk", "slug"))
    return [slugs[pk] for pk in sorted(scores, key=lambda pk: (-scores[pk], pk))]


@pytest.mark.parametrize(
    ("typed", "slugs"),
    [
        ("hội chẩn", {"hoichan"}),
        ("hoi chan", {"hoichan"}),
        ("HỘI CHẨN", {"hoichan"}),
        ("truy xuất", {"temviet"}),
        ("truy xua", {"temviet"}),  # half typed
        ("biểu quyêt", {"hopviet"}),  # a mark is missing
        ("biểu quyết đien tử", {"hopviet"}),  # another one
        ("bieu quyeet", {"hopviet"}),  # a letter twice
        ("telehealht", {"khamxa", "hoichan"}),  # the category in English, two letters swapped
        ("telemedicine", set()),
        ("họp  trực\ttuyến", {"hopviet", "hopcu"}),
        ("hop viet", {"hopviet"}),
        ("hopviet", {"hopviet"}),  # written in one word, as the name is
        ("tem viet", {"temviet"}),
        ("traceability", {"temviet"}),  # the category in English
        ("y tế từ xa", {"khamxa", "hoichan"}),
    ],
)
def test_words_are_found_as_people_type_them(catalogue, typed, slugs):
    assert set(found(typed)) == slugs


def test_a_word_with_marks_means_just_that_word(db):
    PlatformFactory(slug="hop-truc-tuyen", name="Họp trực tuyến")
    PlatformFactory(slug="hop-den", name="Hộp đen xe khách")

    assert found("họp") == ["hop-truc-tuyen"]
    assert found("hộp") == ["hop-den"]
    assert set(found("hop ")) == {"hop-truc-tuyen", "hop-den"}


def test_a_name_outranks_a_vendor_a_category_a_summary_and_the_rest(db):
    word = "Sông"
    PlatformFactory(slug="rest", capabilities=[f"Đo mực nước {word}"])
    PlatformFactory(slug="summary", summary=f"Theo dõi {word} ngòi.")
    PlatformFactory(slug="category", category=LeafFactory(key="river", label_vi=word, label_en="River"))
    PlatformFactory(slug="vendor", vendor=VendorFactory(short_name=word))
    PlatformFactory(slug="name", name=f"{word} Việt")

    assert found("sông") == ["name", "vendor", "category", "summary", "rest"]


def test_the_very_name_comes_first(db):
    PlatformFactory(slug="longer", name="Ví Momo Doanh nghiệp")
    PlatformFactory(slug="exact", name="Momo")

    assert found("momo")[0] == "exact"


def test_an_abbreviation_finds_its_long_form_and_itself(db):
    Abbreviation.objects.create(
        short="QLVB", also=["QLVB&ĐH"], expansions=["quản lý văn bản"], field="office", source="thử"
    )
    PlatformFactory(slug="long", summary="Phần mềm quản lý văn bản.")
    PlatformFactory(slug="short", name="QLVB Xanh")
    PlatformFactory(slug="neither", summary="Phần mềm quản lý tài sản.")

    assert set(found("qlvb")) == {"long", "short"}
    assert set(found("QLVB&ĐH")) == {"long"}


def test_a_slip_is_said(catalogue):
    answer = search.current().search("truy xuaat")

    assert answer.corrected == (("xuaat", "xuất"),)


@pytest.mark.parametrize("slip", ["nguon", "ngunồ", "nguồnn", "nguòn", "mguồn"])
def test_one_slip_of_any_kind_is_forgiven(catalogue, slip):
    assert found(slip)[0] == "temviet"


def test_when_nothing_has_every_word_the_nearest_are_given_and_this_is_said(catalogue):
    answer = search.current().search("tem QR truy xuất nguồn gốc nông sản blockchain")

    assert answer.partial
    assert answer.missing == ("blockchain",)
    assert len(answer.scores) == 1


def test_similar_words_are_offered_as_listings_write_them(catalogue):
    assert "xuất" in search.current().similar("xuaatt")


def test_every_change_is_found_at_the_next_search(catalogue):
    assert found("robot") == []

    platform = PlatformFactory(slug="robot", name="Robot phân loại")
    assert found("robot") == ["robot"]

    platform.vendor.short_name = "Máy Việt"
    platform.vendor.save()
    assert found("máy việt") == ["robot"]

    platform.category.label_vi = "Kho bãi"
    platform.category.save()
    assert found("kho bãi") == ["robot"]

    platform.delete()
    assert found("robot") == []


def test_a_search_of_an_unchanged_catalogue_costs_one_query(catalogue, django_assert_num_queries):
    search.current()

    with django_assert_num_queries(1):
        search.current().search("hop truc tuyen")


@pytest.mark.parametrize(
    "typed", ["", "   ", "%", "\\", "'; drop table --", "(*)[", "\u200b", "🙂", "\n", "_", "a" * 5000]
)
def test_odd_text_finds_nothing_and_breaks_nothing(catalogue, typed):
    assert found(typed) == []


class AnyText(TestCase):
    """Whatever is typed is answered."""

    @settings(max_examples=20)
    @given(st.text(max_size=60))
    def test_any_text_is_answered(self, text: str) -> None:
        small_catalogue()
        search.forget()
        assert len(search.current().search(text).scores) <= 5


def test_a_slip_is_worth_less_than_the_word():
    listings = {
        "right": Listing(1, ((1, " xuat "),), {"xuat": 1}),
        "near": Listing(2, ((1, " xuan "),), {"xuan": 1}),
    }
    index = Index(1, listings, {})

    assert set(index.search("xuat").scores) == {1}, "a known word is not second-guessed"
    assert index.search("xuag").scores.keys() == {1, 2}
    assert SLIP < 1
