import random
from collections import Counter
from math import log, log1p

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.engine.lexical import (
    FIELD_WEIGHTS,
    QUERY_K,
    Candidates,
    Query,
    Rows,
    bm25,
    field_texts,
    frequencies_of,
    term_id,
    weigh_text,
)
from recommender.engine.text import syllables

from .samples import DOCUMENTS, phrase

TWO = [({"a": 2.0, "b": 1.0}, 3.0), ({"a": 1.0}, 1.0)]


def text_frequencies(rows: Rows) -> dict[int, int]:
    """Return in how many rows each term id stands."""
    return dict(zip(*(column.tolist() for column in rows.frequencies()), strict=True))


def score_all(terms: dict[str, int], weighed: list[tuple[dict[str, float], float]]) -> tuple[np.ndarray, np.ndarray]:
    rows = Rows.of(weighed)
    query = Query.of(terms, text_frequencies(rows), len(rows))
    return bm25(query, rows, np.arange(len(rows)), float(rows.lengths.mean()) if len(rows) else 1.0)


def reference(terms: dict[str, int], weighed: list[tuple[dict[str, float], float]]) -> list[tuple[float, float]]:
    """BM25 and covered idf as the paper writes them, over dictionaries."""
    size = len(weighed)
    average = sum(length for _, length in weighed) / size
    df = Counter(term for counts, _ in weighed for term in counts)
    idf = {term: log(1 + (size - df[term] + 0.5) / (df[term] + 0.5)) for term in terms}
    out = []
    for counts, length in weighed:
        score = covered = 0.0
        for term, said in terms.items():
            if tf := counts.get(term, 0.0):
                saturation = tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / average))
                score += idf[term] * (9 * said / (8 + said)) * saturation
                covered += idf[term]
        out.append((score, covered / sum(idf.values())))
    return out


class TestBm25:
    def test_a_common_term_scores_as_computed_by_hand(self):
        # idf = ln(1 + 0.5/2.5) = 0.182322; lengths 3 and 1 of 2 on average.
        scores, covered = score_all({"a": 1}, TWO)

        assert scores.tolist() == pytest.approx([0.182322 * 4.4 / 3.65, 0.182322 * 2.2 / 1.75], abs=1e-5)
        assert scores.tolist() == pytest.approx([0.219785, 0.229205], abs=1e-5)
        assert covered.tolist() == pytest.approx([1, 1])

    def test_a_term_said_three_times_counts_27_elevenths(self):
        once, _ = score_all({"b": 1}, TWO)
        thrice, _ = score_all({"b": 3}, TWO)

        assert once.tolist() == pytest.approx([0.693147 * 2.2 / 2.65, 0], abs=1e-5)
        assert thrice[0] == pytest.approx(once[0] * 27 / 11, rel=1e-6)
        assert thrice[0] == pytest.approx(1.412451, abs=1e-5)

    def test_however_often_a_term_is_said_it_counts_less_than_nine_times(self):
        often = Query.of({"a": 10_000}, {}, 2)
        once = Query.of({"a": 1}, {}, 2)

        assert 8.9 < often.weights[0] / once.weights[0] < QUERY_K + 1

    def test_a_term_no_text_has_lowers_what_is_covered(self):
        # idf of a, b and zz: 0.182322, 0.693147 and ln(1 + 2.5/0.5) = 1.791759.
        scores, covered = score_all({"a": 1, "b": 1, "zz": 1}, TWO)

        assert covered.tolist() == pytest.approx([0.875469 / 2.667228, 0.182322 / 2.667228], abs=1e-5)
        assert scores.tolist() == pytest.approx([0.219785 + 0.693147 * 2.2 / 2.65, 0.229205], abs=1e-5)

    def test_only_the_wanted_rows_are_scored_in_the_wanted_order(self):
        rows = Rows.of(TWO)
        query = Query.of({"b": 1}, text_frequencies(rows), 2)

        scores, _ = bm25(query, rows, np.array([1, 0, 1]), 2.0)

        assert scores.tolist() == pytest.approx([0, 0.575443, 0], abs=1e-5)

    @pytest.mark.parametrize("terms", [{}, {"a": 1}])
    def test_no_rows_and_no_terms_score_nothing(self, terms):
        rows = Rows.of(TWO)
        query = Query.of(terms, text_frequencies(rows), 2)

        nothing, _ = bm25(query, rows, np.empty(0, np.int64), 2.0)
        unasked, covered = bm25(Query.of({}, {}, 2), rows, np.arange(2), 2.0)

        assert nothing.shape == (0,)
        assert unasked.tolist() == covered.tolist() == [0, 0]

    @given(st.lists(phrase, min_size=1, max_size=8), phrase, st.integers(1, 5))
    def test_it_agrees_with_the_formula_over_dictionaries(self, texts, wanted, times):
        weighed = [weigh_text(text) for text in texts]
        terms = {term: count * times for term, count in Counter(syllables(wanted)).items()}

        scores, covered = score_all(terms, weighed)

        expected = reference(terms, weighed)
        assert scores.tolist() == pytest.approx([score for score, _ in expected], rel=1e-4, abs=1e-6)
        assert covered.tolist() == pytest.approx([share for _, share in expected], rel=1e-4, abs=1e-6)

    def test_it_agrees_with_the_formula_over_many_long_texts(self):
        draw = random.Random(16)  # noqa: S311 (texts, not secrets)
        vocabulary = [f"w{number}" for number in range(400)]
        weighed = [
            weigh_text(" ".join(draw.choices(vocabulary, weights=range(400, 0, -1), k=draw.randint(1, 300))))
            for _ in range(200)
        ]
        terms = Counter(draw.choices(vocabulary, k=30))

        scores, covered = score_all(terms, weighed)

        expected = reference(terms, weighed)
        assert scores.tolist() == pytest.approx([score for score, _ in expected], rel=1e-4)
        assert covered.tolist() == pytest.approx([share for _, share in expected], rel=1e-4)


def contents(rows: Rows) -> tuple[list[tuple[float, list[tuple[int, float]]]], dict[int, int]]:
    """Return what rows say, however they keep it: each row's length and counts by term id, and the row counts."""
    listed = [
        (float(length), list(zip(rows.ids[start:end].tolist(), rows.counts[start:end].tolist(), strict=True)))
        for length, start, end in zip(rows.lengths, rows.indptr[:-1], rows.indptr[1:], strict=True)
    ]
    terms, df = rows.frequencies()
    return listed, {term: count for term, count in zip(terms.tolist(), df.tolist(), strict=True) if count}


class TestRows:
    def test_each_row_holds_its_terms_sorted_by_id_with_their_counts(self):
        rows = Rows.of([({"a": 2.0, "b": 0.5}, 3.0), ({}, 0.0), ({"b": 1.0}, 1.0)])

        assert rows.indptr.tolist() == [0, 2, 2, 3]
        first = dict(zip(rows.ids[:2].tolist(), rows.counts[:2].tolist(), strict=True))
        assert first == {term_id("a"): 2.0, term_id("b"): 0.5}
        assert rows.ids[:2].tolist() == sorted(first)
        assert rows.lengths.tolist() == [3, 0, 1]

    def test_the_terms_of_rows_in_any_order_are_found(self):
        rows = Rows.of([({"a": 1.0}, 1.0), ({}, 0.0), ({"b": 1.0, "c": 1.0}, 2.0)])

        places, owner = rows.places(np.array([2, 1, 0]))

        assert places.tolist() == [1, 2, 0]
        assert owner.tolist() == [0, 0, 2]

    def test_a_term_is_counted_once_a_row(self):
        rows = Rows.of(TWO)

        assert text_frequencies(rows) == {term_id("a"): 2, term_id("b"): 1}

    def test_frequencies_are_looked_up_and_unknown_terms_left_out(self):
        terms, df = Rows.of(TWO).frequencies()

        assert frequencies_of([term_id("b"), term_id("zz"), 0, 2**64 - 1], terms, df) == {term_id("b"): 1}
        assert frequencies_of([term_id("b")], terms[:0], df[:0]) == {}

    def test_no_texts_make_no_rows(self):
        rows = Rows.of([])

        assert len(rows) == 0
        assert text_frequencies(rows) == {}

    @given(st.lists(phrase, max_size=6), st.lists(phrase, max_size=6))
    def test_rows_with_others_after_them_are_those_of_all_texts(self, texts, others):
        first, second = (Rows.of(weigh_text(text) for text in some) for some in (texts, others))

        assert contents(first.followed_by(second)) == contents(Rows.of(weigh_text(text) for text in texts + others))

    @given(st.lists(phrase, min_size=1, max_size=6), st.data())
    def test_some_rows_are_those_of_their_texts(self, texts, data):
        wanted = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=8))

        taken = Rows.of(weigh_text(text) for text in texts).take(np.array(wanted, np.int64))

        assert contents(taken) == contents(Rows.of(weigh_text(texts[row]) for row in wanted))

    def test_the_number_of_a_term_is_the_same_on_every_machine(self):
        assert term_id("văn") == 6254583959602736765


class TestFields:
    def test_the_vendor_counts_less_than_what_the_product_does(self):
        assert 0 < FIELD_WEIGHTS["vendor_name"] < FIELD_WEIGHTS["summary"]

    def test_every_text_of_a_listing_can_be_searched(self):
        texts = field_texts(DOCUMENTS)

        assert {field for field, _ in texts} == set(FIELD_WEIGHTS)
        assert ("customers", "UBND tỉnh Bắc Ninh") in texts
        assert [text for field, text in texts if field == "solves"] == list(DOCUMENTS.solves)


class TestCandidates:
    texts = ["quản lý văn bản", "camera giao thông", "văn bản văn bản văn bản", "học bạ"]

    def built(self, folder=None) -> Candidates:
        return Candidates.build([weigh_text(text) for text in self.texts], folder)

    def test_rows_that_share_a_term_are_found_and_no_others(self):
        assert sorted(self.built().best({"văn": 1, "camera": 1}, 10).tolist()) == [0, 1, 2]

    @pytest.mark.parametrize("term", ["~van_ban", "~van", "văn"])
    def test_folded_terms_and_bigrams_find_rows_too(self, term):
        assert sorted(self.built().best({term: 1}, 10).tolist()) == [0, 2]

    @pytest.mark.parametrize("terms", [{"zz": 1}, {}])
    def test_terms_that_stand_nowhere_find_nothing(self, terms):
        assert self.built().best(terms, 10).tolist() == []

    def test_at_most_so_many_are_returned_the_best_of_them(self):
        assert self.built().best({"học": 1, "bạ": 1, "~hoc_ba": 1, "văn": 1}, 1).tolist() == [3]

    def test_a_term_said_more_often_weighs_more(self):
        assert self.built().best({"camera": 9, "bạ": 1}, 1).tolist() == [1]
        assert self.built().best({"camera": 1, "bạ": 9}, 1).tolist() == [3]

    def test_what_was_kept_in_a_folder_finds_the_same(self, tmp_path):
        built = self.built(tmp_path)

        opened = Candidates.open(tmp_path)

        assert opened.best({"văn": 1, "bạ": 1}, 10).tolist() == built.best({"văn": 1, "bạ": 1}, 10).tolist() != []

    def test_an_index_of_nothing_finds_nothing(self):
        assert Candidates.build([]).best({"văn": 1}, 10).tolist() == []

    @given(st.lists(phrase, min_size=1, max_size=12), phrase)
    @settings(max_examples=25)
    def test_every_row_that_shares_a_term_is_found(self, texts, wanted):
        weighed = [weigh_text(text) for text in texts]
        terms = Counter(syllables(wanted))

        found = Candidates.build(weighed).best(terms, 100)

        assert sorted(found.tolist()) == [
            row for row, (counts, _) in enumerate(weighed) if counts.keys() & terms.keys()
        ]


def test_the_rarer_a_term_the_more_it_weighs():
    ids = [term_id(term) for term in "abc"]
    query = Query.of({"a": 1, "b": 1, "c": 1}, {ids[0]: 10, ids[1]: 5}, 10)

    weights = dict(zip(query.ids.tolist(), query.weights.tolist(), strict=True))

    assert weights[ids[0]] == pytest.approx(log1p(0.5 / 10.5))
    assert 0 < weights[ids[0]] < weights[ids[1]] < weights[ids[2]]
