from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.engine import index as index_module
from recommender.engine.index import Index
from recommender.engine.leaves import known_texts
from recommender.engine.pipeline import rank, score
from recommender.engine.read import read
from recommender.engine.semantic import passages, statement_vector, text_key
from recommender.engine.types import Document, Knowledge

from .samples import (
    ARCHIVE,
    CAMERAS,
    CATALOGUE,
    DOCUMENTS,
    KNOWLEDGE,
    SCHOOLS,
    STATEMENT,
    WordEmbedder,
    index_of,
    listing,
    no_vectors,
    phrase,
    vectors_of,
)

Changes = Mapping[str, Document | None]
keys = st.sampled_from([f"p{number}" for number in range(9)])
solves = st.lists(phrase, max_size=4).map(tuple)
listings = st.builds(
    listing,
    keys,
    summary=phrase,
    solves=solves,
    customers=st.lists(phrase, max_size=2).map(tuple),
    category=st.sampled_from(["documents", "schools", "unknown"]),
)
changes = st.dictionaries(keys, st.none() | listings, min_size=1, max_size=4).map(
    lambda found: {key: document and replace(document, key=key) for key, document in found.items()}
)


def after(documents: list[Document], steps: list[Changes]) -> list[Document]:
    """Return the catalogue as it is after these changes."""
    state: dict[str, Document | None] = {document.key: document for document in documents}
    for step in steps:
        state.update(step)
    return [document for document in state.values() if document is not None]


def scores_of(index: Index, text: str, *, vectors: bool) -> dict[str, tuple[float, dict[str, float]]]:
    scored = score(read(text, index.expander), index, WordEmbedder() if vectors else None)
    return {
        document.key: (float(scored.scores[at]), {name: float(part[at]) for name, part in scored.parts.items()})
        for at, document in enumerate(scored.documents)
    }


class TestChanges:
    @given(
        st.lists(listings, max_size=7, unique_by=lambda document: document.key),
        st.lists(changes, min_size=1, max_size=4),
        phrase,
    )
    @settings(max_examples=25, deadline=None)
    def test_scores_are_exactly_those_of_a_full_rebuild(self, documents, steps, text):
        index = index_of(documents)
        for sequence, step in enumerate(steps, start=1):
            index = index.with_changes(step, sequence, no_vectors)
        rebuilt = index_of(after(documents, steps))

        changed, expected = scores_of(index, text, vectors=False), scores_of(rebuilt, text, vectors=False)

        assert changed == expected
        assert rank(text, index) == rank(text, rebuilt)
        assert len(index) == len(rebuilt)
        assert index.stamp.sequence == len(steps)

    @given(
        st.lists(listings, max_size=7, unique_by=lambda document: document.key),
        st.lists(changes, min_size=1, max_size=4),
        phrase,
    )
    @settings(max_examples=25, deadline=None)
    def test_with_vectors_they_are_those_of_a_full_rebuild_to_the_sixth_digit(self, documents, steps, text):
        find = vectors_of([*documents, *(document for step in steps for document in step.values() if document)])
        index = Index.build(documents, KNOWLEDGE, find, model=WordEmbedder.name)
        for sequence, step in enumerate(steps, start=1):
            index = index.with_changes(step, sequence, find)
        rebuilt = Index.build(after(documents, steps), KNOWLEDGE, find, model=WordEmbedder.name)
        text = f"{text} đường phố"  # with a mark, so that meaning counts

        changed, expected = scores_of(index, text, vectors=True), scores_of(rebuilt, text, vectors=True)

        assert changed.keys() == expected.keys()
        for key, (whole, parts) in expected.items():
            assert parts.keys() == {"lexical", "semantic", "need"}
            assert changed[key][0] == pytest.approx(whole, abs=1e-6)
            assert changed[key][1] == pytest.approx(parts, abs=1e-6)

    @given(
        st.lists(listings, max_size=7, unique_by=lambda document: document.key),
        st.lists(changes, min_size=1, max_size=4),
        phrase,
    )
    @settings(max_examples=15, deadline=None)
    def test_only_what_is_listed_now_is_returned(self, documents, steps, text):
        index = index_of(documents)
        for sequence, step in enumerate(steps, start=1):
            index = index.with_changes(step, sequence, no_vectors)
        listed = {document.key: document for document in after(documents, steps)}

        scored = score(read(text, index.expander), index, None)

        assert {document.key: document for document in index.documents()} == listed
        assert all(listed[document.key] == document for document in scored.documents)
        assert len({document.key for document in scored.documents}) == len(scored.documents)
        assert len(list(index.documents())) == len(index) == len(listed)

    def test_the_order_of_changes_makes_no_difference(self):
        one, other = listing("a", summary="quản lý văn bản"), listing("b", summary="văn bản đi")
        before = index_of(CATALOGUE)

        there = before.with_changes({"a": one}, 1, no_vectors).with_changes({"b": other, "hoc-ba": None}, 2, no_vectors)
        back = before.with_changes({"hoc-ba": None, "b": other}, 1, no_vectors).with_changes({"a": one}, 2, no_vectors)

        assert scores_of(there, STATEMENT, vectors=False) == scores_of(back, STATEMENT, vectors=False)
        assert rank(STATEMENT, there) == rank(STATEMENT, back)

    def test_a_listing_taken_away_is_gone_and_back_when_it_returns(self):
        before = index_of(CATALOGUE)

        without = before.with_changes({DOCUMENTS.key: None}, 1, no_vectors)
        again = without.with_changes({DOCUMENTS.key: DOCUMENTS}, 2, no_vectors)

        assert DOCUMENTS.key not in rank(STATEMENT, without)[0]
        assert len(without) == len(CATALOGUE) - 1
        assert (
            scores_of(again, STATEMENT, vectors=False)[DOCUMENTS.key]
            == scores_of(before, STATEMENT, vectors=False)[DOCUMENTS.key]
        )
        assert len(again) == len(CATALOGUE)

    def test_a_listing_that_was_never_there_can_be_taken_away(self):
        index = index_of(CATALOGUE).with_changes({"nobody": None}, 7, no_vectors)

        assert rank(STATEMENT, index) == rank(STATEMENT, index_of(CATALOGUE))
        assert (index.changed, index.stamp.sequence) == (0, 7)

    def test_the_index_it_was_made_from_stays_as_it_was(self):
        before = index_of(CATALOGUE)
        ranking = rank(STATEMENT, before)

        before.with_changes({DOCUMENTS.key: None, "new": listing("new")}, 1, no_vectors)

        assert rank(STATEMENT, before) == ranking
        assert (len(before), before.changed, before.stamp.sequence) == (len(CATALOGUE), 0, 0)

    def test_every_row_that_differs_from_the_base_is_counted(self):
        index = index_of(CATALOGUE)

        index = index.with_changes({"camera": None}, 1, no_vectors)
        assert index.changed == 1  # one hidden
        index = index.with_changes({"hoc-ba": SCHOOLS, "new": listing("new")}, 2, no_vectors)
        assert index.changed == 4  # one more hidden, two beside

    def test_a_changed_text_is_found_by_its_new_words_only(self):
        renamed = replace(
            CAMERAS, name="Xung Nhịp", summary="Đo đạc địa chính", description="", capabilities=(), solves=()
        )

        index = index_of(CATALOGUE).with_changes({CAMERAS.key: renamed}, 1, no_vectors)

        assert scores_of(index, "địa chính", vectors=False)[CAMERAS.key][1]["lexical"] > 0
        assert CAMERAS.key not in scores_of(index, "biển số", vectors=False)

    def test_a_listing_without_solves_has_the_same_meaning_however_it_came_in(self):
        bare = replace(ARCHIVE, solves=())
        find = vectors_of([*CATALOGUE, bare])
        rebuilt = Index.build([DOCUMENTS, bare], KNOWLEDGE, find, model=WordEmbedder.name)

        changed = Index.build([DOCUMENTS], KNOWLEDGE, find, model=WordEmbedder.name).with_changes(
            {bare.key: bare}, 1, find
        )

        assert scores_of(changed, bare.summary, vectors=True)[bare.key][1] == pytest.approx(
            scores_of(rebuilt, bare.summary, vectors=True)[bare.key][1], abs=1e-6
        )

    def test_the_same_listings_are_answers_however_they_came_in(self):
        stranger = listing("stranger", name="X", vendor_name="Y", summary="thứ khác hẳn", solves=())
        rebuilt = index_of([DOCUMENTS, stranger])

        changed = index_of([DOCUMENTS]).with_changes({"stranger": stranger}, 1, no_vectors)

        assert rank("quản lý văn bản", changed) == rank("quản lý văn bản", rebuilt)


class TestVectors:
    def test_without_an_embedder_nothing_is_missing(self):
        index = index_of(CATALOGUE)

        assert (index.stamp.model, index.stamp.missing, index.centre) == ("", 0, None)

    def test_with_every_vector_meaning_counts(self):
        index = index_of(CATALOGUE, vectors=True)

        assert (index.stamp.model, index.stamp.missing) == (WordEmbedder.name, 0)
        assert index.centre == pytest.approx(WordEmbedder().passages(known_texts(KNOWLEDGE)).mean(axis=0), abs=1e-6)

    def test_a_listing_with_one_passage_unmade_waits_for_its_vectors(self):
        absent = text_key(passages(CAMERAS)[0], WordEmbedder.name)
        find = vectors_of(CATALOGUE)

        index = Index.build(
            CATALOGUE,
            KNOWLEDGE,
            lambda wanted: {k: v for k, v in find(wanted).items() if k != absent},
            model=WordEmbedder.name,
        )

        sizes = dict(zip(index.base.keys, np.diff(index.base.vector_indptr).tolist(), strict=True))
        assert sizes == {"van-ban": 5, "camera": 0, "hoc-ba": 5, "luu-tru": 4}
        assert index.stamp.missing == 1

    def test_while_a_text_of_the_leaves_has_no_vector_words_alone_decide(self):
        absent = text_key(KNOWLEDGE.leaves[0].needs[0], WordEmbedder.name)
        find = vectors_of(CATALOGUE)

        index = Index.build(
            CATALOGUE,
            KNOWLEDGE,
            lambda wanted: {k: v for k, v in find(wanted).items() if k != absent},
            model=WordEmbedder.name,
        )

        assert (index.centre, index.stamp.model, index.stamp.missing) == (None, "", len(CATALOGUE))
        assert rank(STATEMENT, index, WordEmbedder()) == rank(STATEMENT, index_of(CATALOGUE))

    def test_a_changed_listing_brings_its_vectors(self):
        find = vectors_of(CATALOGUE)
        index = Index.build([DOCUMENTS], KNOWLEDGE, find, model=WordEmbedder.name)

        changed = index.with_changes({CAMERAS.key: CAMERAS}, 1, find)

        text = "nút giao thường xuyên ùn tắc"
        as_changed = scores_of(changed, text, vectors=True)[CAMERAS.key]
        as_built = scores_of(index_of([DOCUMENTS, CAMERAS], vectors=True), text, vectors=True)[CAMERAS.key]
        assert as_changed[1] == pytest.approx(as_built[1], abs=1e-6)
        assert as_changed[1]["semantic"] > 0

    def test_a_change_counts_anew_what_waits_for_vectors(self):
        find = vectors_of(CATALOGUE)
        index = Index.build(CATALOGUE, KNOWLEDGE, vectors_of([DOCUMENTS]), model=WordEmbedder.name)

        one_came = index.with_changes({CAMERAS.key: CAMERAS}, 1, find)
        one_went = one_came.with_changes({CAMERAS.key: None}, 2, find)
        one_is_new = one_went.with_changes({"new": listing("new")}, 3, no_vectors)
        all_told = [found.stamp.missing for found in (index, one_came, one_went, one_is_new)]

        assert all_told == [3, 2, 2, 3]

    def test_without_a_vector_for_the_leaves_every_listing_waits(self):
        index = Index.build(CATALOGUE, KNOWLEDGE, no_vectors, model=WordEmbedder.name)

        assert index.with_changes({CAMERAS.key: None}, 1, no_vectors).stamp.missing == len(CATALOGUE) - 1


class TestCandidates:
    def test_a_listing_that_shares_no_word_is_found_by_its_meaning(self):
        index = index_of(
            [*CATALOGUE, listing("stranger", name="X", vendor_name="Y", summary="zz", solves=("zz",))], vectors=True
        )

        by_words, _ = rank(STATEMENT, index)
        by_both, _ = rank(STATEMENT, index, WordEmbedder())

        assert "stranger" not in by_words
        assert "stranger" in by_both

    def test_an_empty_index_has_none(self):
        for index in (index_of([]), index_of([], Knowledge()), index_of([], vectors=True)):
            assert rank(STATEMENT, index, WordEmbedder())[0] == []
            assert len(index) == 0

    @given(st.lists(st.tuples(phrase, phrase), min_size=6, max_size=30), phrase)
    @settings(max_examples=30, deadline=None)
    def test_of_many_listings_the_nearest_are_found_exactly(self, said, statement):
        """Though the first look at all of them is a rough one."""
        documents = [listing(f"p{at}", summary=one, solves=(other,)) for at, (one, other) in enumerate(said)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(index_module, "ALL", 5)
            patch.setattr(index_module, "MOST_CANDIDATES", 3)
            index = index_of(documents, vectors=True)
            assert index.centre is not None
            vector = statement_vector(WordEmbedder(), statement, index.centre)

            near = index.base.nearest(vector)

        exact = index.base.means.similarity(vector)
        assert sorted(exact[near]) == pytest.approx(sorted(exact)[-3:], abs=1e-6)
