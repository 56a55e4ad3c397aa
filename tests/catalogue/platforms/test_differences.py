"""Two texts side by side: nothing is lost, and what moved is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.platforms.content import parse
from catalogue.platforms.differences import Mark, compared, differences
from catalogue.platforms.packages import price_range

LINES = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=30).filter(str.strip), max_size=6
)


def plain(lines, but=None):
    return ["".join(span.text for span in line if span.mark != but) for line in lines]


@given(LINES, LINES)
def test_each_side_is_whole_and_what_is_the_same_is_the_same(before, after):
    left, right = compared(before, after)

    assert plain(left) == before
    assert plain(right) == after
    assert {span.mark for line in left for span in line} <= {Mark.SAME, Mark.REMOVED}
    assert {span.mark for line in right for span in line} <= {Mark.SAME, Mark.ADDED}


def test_words_are_marked_not_letters():
    left, right = compared(["Họp cho cấp xã."], ["Họp cho cấp tỉnh."])

    assert [(span.mark, span.text) for span in left[0]] == [
        (Mark.SAME, "Họp cho cấp "),
        (Mark.REMOVED, "xã"),
        (Mark.SAME, "."),
    ]
    assert [(span.mark, span.text) for span in right[0]] == [
        (Mark.SAME, "Họp cho cấp "),
        (Mark.ADDED, "tỉnh"),
        (Mark.SAME, "."),
    ]


def test_only_fields_that_differ_are_told_in_their_order():
    before = parse({"name": "A", "summary": "Một", "status": "active"})
    after = parse({"name": "B", "summary": "Một", "status": "discontinued"})

    assert [one.field for one in differences(before, after)] == ["name", "status"]


@pytest.mark.parametrize(
    ("packages", "told"),
    [
        ([], (None, None, "", "")),
        ([("user", "month", None, None)], (None, None, "", "")),
        ([("user", "month", 5, None)], (5, 5, "user", "month")),
        ([("user", "month", 5, 9), ("user", "month", 2, None)], (2, 9, "user", "month")),
        ([("user", "month", 5, None), ("agency", "year", 900, None)], (5, 5, "user", "month")),
        ([("user", "month", None, None), ("agency", "year", 900, 1000)], (900, 1000, "agency", "year")),
    ],
)
def test_a_price_is_of_one_unit(packages, told):
    price = price_range(packages)

    assert (price.low, price.high, price.unit, price.period) == told
