from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.engine import pipeline
from recommender.engine.pipeline import MOST_PER_VENDOR, recommend
from recommender.engine.types import Assurance, Required
from recommender.engine.whynot import Obstacle, WhyNot, explain_absence

from .samples import CAMERAS, CATALOGUE, DOCUMENTS, SCHOOLS, index_of, listing

NEED = "Văn bản đến xử lý chậm"
SHARE = 0.3


@pytest.fixture(autouse=True)
def _answers_whatever_the_calibration(monkeypatch):
    monkeypatch.setattr(pipeline, "threshold", lambda **kind: 0.0)
    monkeypatch.setattr(pipeline, "WORTH_SHOWING", SHARE)


def ask(key, documents, *, required=Required(), level=Assurance.PUBLIC_RECORD, top=10, text=NEED) -> WhyNot:  # noqa: B008
    return explain_absence(key, text, index_of(documents), required=required, min_assurance=level, top=top, most=50)


def admits(found: WhyNot, documents, text=NEED) -> bool:
    """Say whether the change is true: asked that way, the engine does return the listing."""
    change = found.change
    answer = recommend(
        text, index_of(documents), required=change.required, min_assurance=change.min_assurance, top=change.top
    )
    return found.key in [hit.document.key for hit in answer.results]


def test_a_result_has_no_obstacle_but_a_position():
    found = ask("a", [listing("a"), CAMERAS])

    assert (found.obstacles, found.position, found.rank, found.change) == ((), 1, 1, None)


def test_what_the_catalogue_does_not_have_is_said_so():
    found = ask("nobody", [listing("a")])

    assert found.obstacles == (Obstacle.NOT_LISTED,)
    assert found.change is None


def test_a_listing_that_went_away_is_not_listed_and_one_that_came_is():
    index = index_of([listing("a"), listing("b")]).with_changes({"a": None, "c": listing("c")}, 2, lambda keys: {})

    gone, came = (
        explain_absence(key, NEED, index, required=Required(), min_assurance=Assurance.LISTED, top=10, most=50)
        for key in ("a", "c")
    )

    assert gone.obstacles == (Obstacle.NOT_LISTED,)
    assert came.obstacles == ()


def test_without_enough_ground_for_any_answer_no_change_is_told(monkeypatch):
    monkeypatch.setattr(pipeline, "threshold", lambda **kind: 1.1)

    found = ask("a", [listing("a")])

    assert found.obstacles == (Obstacle.ABSTAINED,)
    assert found.change is None


def test_what_lacks_relevance_is_told_its_score_and_what_it_does_not_mention():
    found = ask(SCHOOLS.key, CATALOGUE, text="Văn bản đến xử lý chậm ở trường")

    assert found.obstacles[0] == Obstacle.RELEVANCE
    assert found.score < found.score_needed
    assert [unmet.text for unmet in found.missing]
    assert found.change is None


def test_what_a_listing_has_of_the_statement_word_for_word_is_not_mentioned():
    statement = "Công văn từ bưu điện chuyển về xã nằm chờ nhiều ngày mà chẳng ai hay biết"
    quoting = replace(SCHOOLS, solves=(*SCHOOLS.solves, statement))

    found = ask(quoting.key, [DOCUMENTS, quoting], text=statement)

    assert found.obstacles[0] == Obstacle.RELEVANCE
    assert found.missing, "the sentence is the office's that asks"


def test_what_shares_nothing_is_no_candidate():
    found = ask(CAMERAS.key, [DOCUMENTS, CAMERAS])

    assert found.obstacles[0] == Obstacle.RELEVANCE
    assert found.rank is None


def test_a_discontinued_product_cannot_be_let_in():
    found = ask("a", [listing("a", available=False), listing("b")])

    assert found.obstacles == (Obstacle.DISCONTINUED,)
    assert found.change is None


def test_the_level_is_lowered_exactly_to_its_own():
    documents = [listing("a", assurance=Assurance.PUBLIC_RECORD), listing("b", assurance=Assurance.VETTED)]

    found = ask("a", documents, level=Assurance.VETTED)

    assert found.obstacles == (Obstacle.ASSURANCE,)
    assert found.change.min_assurance == Assurance.PUBLIC_RECORD
    assert admits(found, documents)


@pytest.mark.parametrize("day", [date(2025, 11, 24), None])
def test_what_was_confirmed_too_long_ago_is_let_in_by_asking_for_no_day(day):
    documents = [listing("a", assured_on=day), listing("b", assured_on=date(2026, 11, 1))]

    found = ask("a", documents, required=Required(confirmed_since=date(2025, 11, 25)))

    assert found.obstacles == (Obstacle.CONFIRMED,)
    assert found.failed == ()
    assert found.change.required == Required()
    assert admits(found, documents)


def test_what_was_confirmed_in_time_meets_no_obstacle():
    documents = [listing("a", assured_on=date(2025, 11, 25))]

    assert ask("a", documents, required=Required(confirmed_since=date(2025, 11, 25))).obstacles == ()


def test_the_budget_is_raised_exactly_to_its_price():
    documents = [listing("a", price_min=300), listing("b")]

    found = ask("a", documents, required=Required(budget_vnd_max=299))

    assert found.obstacles == (Obstacle.REQUIREMENT,)
    assert found.change.required == Required(budget_vnd_max=300)
    assert admits(found, documents)


def test_one_way_to_deploy_is_added_to_those_asked():
    documents = [listing("a", deployment=("mobile_app", "saas"))]
    required = Required(deployment=frozenset({"on_premise"}), users=5)

    found = ask("a", documents, required=required)

    assert found.change.required == replace(required, deployment=frozenset({"on_premise", "mobile_app"}))
    assert admits(found, documents)


def test_behind_better_ones_as_many_must_be_asked_for_as_its_position():
    documents = [
        *(listing(f"a{at}") for at in range(3)),
        listing("weak", summary="Phần mềm một cửa, văn bản.", solves=("Văn bản đến thất lạc",)),
    ]

    found = ask("weak", documents, top=3)

    assert found.obstacles == (Obstacle.TOP,)
    assert found.change.top == 4
    assert admits(found, documents)


def test_more_than_one_may_ask_for_is_no_change():
    documents = [*(listing(f"a{at}") for at in range(3)), listing("weak", solves=("Văn bản đến thất lạc",))]

    found = explain_absence(
        "weak", NEED, index_of(documents), required=Required(), min_assurance=Assurance.LISTED, top=2, most=3
    )

    assert found.change is None


def test_a_vendor_with_enough_products_among_the_first_is_told_apart_from_a_low_score():
    crowd = [listing(f"v{at}", vendor="one") for at in range(MOST_PER_VENDOR + 1)]
    documents = [*crowd, *(listing(f"w{at}", summary="Phần mềm văn bản.", solves=("Văn bản chậm",)) for at in range(6))]
    shown = recommend(NEED, index_of(documents), top=5).results
    (left,) = {document.key for document in crowd} - {hit.document.key for hit in shown}

    found = ask(left, documents, top=5)

    assert found.obstacles == (Obstacle.VENDOR_LIMIT,)
    assert found.change.top > 5
    assert admits(found, documents)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["one", "two"]), st.sampled_from([None, 100, 300]),
            st.sampled_from([(), ("saas",), ("on_premise", "saas")]), st.sampled_from(list(Assurance)), st.booleans(),
        ),
        min_size=1, max_size=9,
    ),
    st.sampled_from([None, 50, 200]),
    st.sampled_from([frozenset(), frozenset({"hardware"}), frozenset({"saas"})]),
    st.sampled_from(list(Assurance)),
    st.integers(1, 4),
)  # fmt: skip
@settings(max_examples=20, deadline=None)
def test_whatever_is_asked_the_reasons_agree_with_the_answer_and_the_change_is_true(rows, budget, ways, level, top):
    documents = [
        listing(f"p{at}", vendor=vendor, price_min=price, deployment=deployment, assurance=own, available=available)
        for at, (vendor, price, deployment, own, available) in enumerate(rows)
    ]
    required = Required(ways, budget)
    answer = recommend(NEED, index_of(documents), required=required, min_assurance=level, top=top)
    results = [hit.document.key for hit in answer.results]

    for document in documents:
        found = ask(document.key, documents, required=required, level=level, top=top)

        assert (not found.obstacles) == (document.key in results)
        assert found.position == (results.index(document.key) + 1 if document.key in results else None)
        assert (found.change is not None) == (bool(found.obstacles) and document.available)
        assert found.change is None or admits(found, documents)
