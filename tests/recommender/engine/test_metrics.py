from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.engine.metrics import hit, ndcg, percentile, recall, reciprocal_rank

GRADES = {"a": 3, "b": 2, "c": 1, "d": 0}


class TestNdcg:
    def test_it_is_the_gain_by_hand(self):
        # Gains 7, 3, 1; discounts 1, 1/1.58496, 1/2.
        assert ndcg(["b", "a", "x"], GRADES) == pytest.approx((3 + 7 / log2(3)) / (7 + 3 / log2(3) + 0.5))
        assert ndcg(["b", "a", "x"], GRADES) == pytest.approx(0.789596, abs=1e-6)

    def test_the_third_place_counts_half(self):
        assert ndcg(["x", "y", "a"], {"a": 1}) == 0.5

    @pytest.mark.parametrize("ranking", [["a", "b", "c"], ["a", "b", "c", "x", "d"]])
    def test_the_ideal_order_is_one(self, ranking):
        assert ndcg(ranking, GRADES) == 1.0

    def test_nothing_behind_k_counts_in_the_ranking_or_the_ideal(self):
        assert ndcg(["x", "a"], GRADES, k=1) == 0.0
        assert ndcg(["a"], GRADES, k=1) == 1.0
        assert ndcg(["b"], GRADES, k=1) == pytest.approx(3 / 7)

    @pytest.mark.parametrize("grades", [{}, {"a": 0}])
    def test_without_an_ideal_order_there_is_none(self, grades):
        with pytest.raises(ValueError, match="above 0"):
            ndcg(["a"], grades)

    @given(st.permutations(["a", "b", "c", "d", "x", "y"]), st.integers(1, 8))
    def test_a_better_key_in_an_earlier_place_never_costs(self, ranking, k):
        first, second = sorted((ranking.index("a"), ranking.index("b")))
        better, worse = list(ranking), list(ranking)
        better[first], better[second] = "a", "b"
        worse[first], worse[second] = "b", "a"

        assert 0 <= ndcg(worse, GRADES, k) <= ndcg(better, GRADES, k) <= 1
        assert (ndcg(worse, GRADES, k) < ndcg(better, GRADES, k)) == (first < k)


class TestRecall:
    @pytest.mark.parametrize(
        ("ranking", "k", "share"),
        [(["a", "b"], 10, 1.0), (["a", "x", "b"], 2, 0.5), (["c", "d", "x"], 10, 0.0), ([], 10, 0.0), (["b"], 10, 0.5)],
    )
    def test_it_is_the_share_of_the_relevant_in_the_first_k(self, ranking, k, share):
        assert recall(ranking, GRADES, k) == share


class TestHit:
    @pytest.mark.parametrize(("k", "found"), [(1, 0.0), (2, 0.0), (3, 1.0)])
    def test_one_relevant_key_in_the_first_k_is_enough(self, k, found):
        assert hit(["x", "c", "b"], GRADES, k) == found


class TestReciprocalRank:
    @pytest.mark.parametrize(
        ("ranking", "value"),
        [(["a"], 1.0), (["c", "b", "a"], 0.5), (["x", "y", "z", "a"], 0.25), (["c"], 0.0), ([], 0.0)],
    )
    def test_it_is_one_over_the_place_of_the_first_relevant_key(self, ranking, value):
        assert reciprocal_rank(ranking, GRADES) == value


@pytest.mark.parametrize("measure", [recall, reciprocal_rank, lambda ranking, grades: hit(ranking, grades, 10)])
@pytest.mark.parametrize("grades", [{}, {"a": 1}])
def test_a_measure_of_answers_needs_a_relevant_one(measure, grades):
    with pytest.raises(ValueError, match="relevant"):
        measure(["a"], grades)


@pytest.mark.parametrize(
    ("values", "share", "value"),
    [
        ([], 0.5, 0.0),
        ([7], 0.95, 7),
        ([3, 1, 2], 0.5, 2),
        ([1, 2], 0.5, 1.5),
        ([10, 0], 0.25, 2.5),
        ([4, 2], 1, 4),
        ([4, 2], 0, 2),
    ],
)
def test_a_percentile_is_interpolated_between_its_neighbours(values, share, value):
    assert percentile(values, share) == value
