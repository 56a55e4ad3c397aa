import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.engine.lexical import Query, Rows, bm25, frequencies_of, term_id, weigh_text
from recommender.engine.postings import Postings

from .samples import phrase


def by_rows(texts: list[str], asked: dict[str, float]) -> tuple[list[float], float]:
    """BM25 of the texts as listings are scored, each a listing of one piece."""
    rows = Rows.of(weigh_text(text) for text in texts)
    query = Query.of(asked, frequencies_of([term_id(term) for term in asked], rows.terms, rows.df), len(rows))
    scores, _ = bm25(query, rows, np.arange(len(rows)), float(rows.lengths.mean()) if len(rows) else 1.0)
    return scores.tolist(), float(query.weights.sum())


@given(st.lists(phrase, max_size=8), phrase)
def test_texts_score_as_listings_do(texts, statement):
    asked = weigh_text(statement)[0] | {"khong_co_o_dau": 0.5}

    scores, weight = Postings.of(texts).scores(asked)
    expected, expected_weight = by_rows(texts, asked)

    assert scores.tolist() == pytest.approx(expected, rel=1e-5, abs=1e-6)
    assert weight == pytest.approx(expected_weight)


def test_no_texts_and_no_statement_score_nothing():
    assert Postings.of([]).scores({"a": 1.0})[0].tolist() == []
    assert Postings.of(["một hai"]).scores({})[0].tolist() == [0.0]
    assert len(Postings.of(["một hai", ""])) == 2
