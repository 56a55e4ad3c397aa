"""What a statement also looks for: other words for the same, and the words of what answers it."""

from dataclasses import replace
from math import sqrt

import pytest

from recommender.engine.abbreviations import Expander
from recommender.engine.pipeline import rank
from recommender.engine.read import read
from recommender.engine.thesaurus import CLOSE, LOOSE, Thesaurus
from recommender.engine.thesaurus import related as thesaurus_related
from recommender.engine.types import Synonyms

from .samples import index_of, listing

QUEUE = Synonyms(("xếp hàng", "chờ lâu"), ("lấy số", "đặt hẹn"), close=False)
CLOUD = Synonyms(("đám mây", "cloud"), ("đám mây", "cloud"))
SHOP = Synonyms(("một cửa hàng",), ("bán lẻ",))
DESK = Synonyms(("một cửa",), ("hành chính công",))
THESAURUS = Thesaurus([QUEUE, CLOUD, SHOP, DESK])


def related(text: str, thesaurus: Thesaurus = THESAURUS) -> dict[str, float]:
    statement = read(text, Expander(()))
    return dict(thesaurus_related(thesaurus.found(statement), statement))


def test_a_phrase_of_the_problem_looks_for_the_words_of_the_product():
    found = related("Dân phải xếp hàng từ sáng")

    assert found["lấy"] == found["~dat_hen"] == pytest.approx(LOOSE * sqrt(0.5))  # each in one of two phrases


def test_a_synonym_counts_for_more_and_is_not_added_where_it_was_said():
    assert related("dùng đám mây")["cloud"] == pytest.approx(CLOSE * sqrt(0.5))
    assert "cloud" not in related("dùng cloud, tức là đám mây")


def test_the_longest_phrase_at_a_place_is_meant():
    assert "bán" in related("mở một cửa hàng")
    assert "hành" not in related("mở một cửa hàng")
    assert "hành" in related("bộ phận một cửa của xã")


def test_a_phrase_must_stand_whole():
    assert related("xếp ba hàng ghế") == {}


def test_without_marks_phrases_of_two_syllables_are_found_but_single_ones_are_not():
    assert related("dan phai xep hang tu sang").keys() == {"~lay", "~so", "~lay_so", "~dat", "~hen", "~dat_hen"}
    assert related("thue cloud cua ta") == {}


def test_without_groups_nothing_is_added():
    assert related("xếp hàng", Thesaurus([])) == {}


def test_a_listing_is_found_by_the_words_of_the_problem():
    """And one that says the words themselves stands above it."""
    index = index_of([listing("answers", summary="Máy lấy số tự động"), listing("says", summary="Xếp hàng tự động")])
    bare = [key for key in rank("xếp hàng", index)[0] if key == "answers"]
    ranked = rank("xếp hàng", replace(index, thesaurus=THESAURUS))[0]

    assert bare == []
    assert ranked == ["says", "answers"]
