from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.engine.connections import connections
from recommender.engine.types import Declared, Document

from .samples import any_text, listing

ONE = listing("one", name="Trục Văn Bản", vendor="a", vendor_name="An Bình", summary="Một phần mềm.", solves=())
OTHER = listing("other", name="Cổng Dân", vendor="b", vendor_name="Bình Minh", summary="Phần mềm khác.", solves=())


def declared(one: Document, other: Document = OTHER) -> list[Declared]:
    (connection,) = connections([one, other])
    assert connection.platforms == (one.key, other.key)
    return list(connection.declared)


def test_what_nobody_says_is_unknown():
    assert declared(ONE) == []


@pytest.mark.parametrize("name", ["Cổng Dân", "CỔNG DÂN", "Bình Minh"])
def test_a_listing_that_names_the_other_product_or_its_vendor(name):
    sentence = f"Kết nối sẵn với {name}."

    (said,) = declared(replace(ONE, description=f"Chạy nhanh. {sentence}"))

    assert (said.kind, said.platform, said.text) == ("names", "one", sentence)


def test_a_name_inside_another_word_or_too_short_is_no_name():
    assert declared(replace(ONE, description="Siêu cổng dânsự."), replace(OTHER, name="Dân", vendor_name="b")) == []


def test_a_national_system_that_both_name():
    said = declared(
        replace(ONE, capabilities=("Kết nối LGSP của tỉnh",)), replace(OTHER, description="Tích hợp qua LGSP, VNeID.")
    )

    assert {(one.kind, one.platform, one.value) for one in said} == {
        ("system", "one", "LGSP"), ("system", "other", "LGSP"),
    }  # fmt: skip


def test_a_system_that_only_one_names_connects_nothing():
    assert declared(replace(ONE, capabilities=("Kết nối LGSP của tỉnh",))) == []


@pytest.mark.parametrize("words", ["API mở", "chuẩn HL7 FHIR", "đăng nhập một lần (SSO)", "RESTful API", "webhook"])
def test_an_open_interface_is_said_of_the_one_that_has_it(words):
    (said,) = declared(replace(ONE, capabilities=(f"Có {words}",)))

    assert (said.kind, said.platform, said.text) == ("interface", "one", f"Có {words}")
    assert said.value in words


def test_words_that_only_look_like_one_are_none():
    assert declared(replace(ONE, description="Rapid, thapi, apiary.")) == []


def test_what_customers_complain_of_is_no_declaration():
    assert declared(replace(ONE, solves=("Không có API để nối với Cổng Dân",))) == []


def test_of_one_vendor_is_said_and_its_own_name_is_no_link():
    mine = replace(OTHER, vendor="a", vendor_name="An Bình", summary="Sản phẩm của An Bình.")

    assert [(one.kind, one.platform, one.value) for one in declared(ONE, mine)] == [("vendor", "", "An Bình")]


@given(st.lists(any_text, min_size=2, max_size=3))
def test_every_pair_is_spoken_of_once_whatever_listings_say(texts):
    documents = [replace(ONE, key=str(at), vendor=str(at), description=text) for at, text in enumerate(texts)]

    found = connections(documents)

    assert [one.platforms for one in found] == [(a.key, b.key) for a, b in combinations(documents, 2)]
    for one in found:
        for said in one.declared:
            assert said.platform in one.platforms
