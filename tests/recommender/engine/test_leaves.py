from collections.abc import Mapping
from dataclasses import replace
from math import exp

import numpy as np
import pytest
from hypothesis import given

from recommender.engine.abbreviations import Expander
from recommender.engine.leaves import (
    ALSO_WEIGHT,
    SHARPNESS,
    LeafModel,
    known_texts,
    leaf_places,
    leaf_texts,
    prior,
    shares,
)
from recommender.engine.read import read
from recommender.engine.semantic import centred, statement_vector
from recommender.engine.types import Knowledge, Leaf

from .samples import KNOWLEDGE, WordEmbedder, any_text

NOTHING = (np.empty(0, np.float32), np.empty(0, np.int64))


def terms(text: str) -> Mapping[str, float]:
    return read(text, Expander(())).terms


def words_only(text: str, knowledge: Knowledge = KNOWLEDGE) -> dict[str, float]:
    model = LeafModel.of(knowledge, None)
    return dict(zip(model.keys, model.scores(terms(text), NOTHING, None, NOTHING).tolist(), strict=True))


@pytest.fixture(scope="module")
def centre() -> np.ndarray:
    return WordEmbedder().passages(known_texts(KNOWLEDGE)).mean(axis=0)


@pytest.fixture(scope="module")
def with_vectors(centre) -> LeafModel:
    return LeafModel.of(KNOWLEDGE, centred(WordEmbedder().passages(leaf_texts(KNOWLEDGE)), centre))


class TestTexts:
    def test_needs_come_first_then_one_text_a_leaf(self):
        assert leaf_texts(KNOWLEDGE) == [
            "Văn bản đến xử lý chậm",
            "Không theo dõi được việc giao",
            "Hồ sơ giấy chất đầy kho",
            "Đường phố ùn tắc giờ cao điểm",
            "Giáo viên nhập điểm nhiều lần",
            "Quản lý văn bản và điều hành",  # a leaf without terms goes by its label
            "số hóa, lưu trữ",
            "camera, biển số",
            "học bạ, học sinh",
        ]

    def test_examples_out_of_scope_come_last(self):
        assert known_texts(KNOWLEDGE) == [*leaf_texts(KNOWLEDGE), *KNOWLEDGE.outside]


class TestScores:
    @pytest.mark.parametrize(
        ("text", "leaf"),
        [
            ("cần xem biển số xe", "cameras"),  # a term
            ("cần lưu trữ điện tử", "archive"),  # the label
            ("giáo viên nhập điểm", "schools"),  # a need
            ("van ban den xu ly cham", "documents"),  # without marks
        ],
    )
    def test_the_leaf_whose_words_are_used_is_the_best(self, text, leaf):
        scores = words_only(text)

        assert scores[leaf] == 1.0
        assert max(value for key, value in scores.items() if key != leaf) < 1.0

    @pytest.mark.parametrize("text", ["", "xyz", "123"])
    def test_a_statement_that_matches_nothing_speaks_for_no_leaf(self, text):
        assert set(words_only(text).values()) == {0.0}

    @given(any_text)
    def test_scores_reach_from_zero_to_one(self, text):
        scores = words_only(text).values()

        assert min(scores) == 0.0
        assert max(scores) in (0.0, 1.0)

    def test_without_leaves_there_are_no_scores(self):
        assert words_only("văn bản", Knowledge()) == {}

    def test_a_leaf_without_needs_is_known_by_its_name(self):
        knowledge = Knowledge((Leaf("a", "Văn bản"), Leaf("b", "Camera", ("đường ùn tắc",))))

        assert words_only("văn bản", knowledge) == {"a": 1.0, "b": 0.0}

    def test_leaves_that_all_lack_needs_are_known_by_their_names(self):
        assert words_only("văn bản", Knowledge((Leaf("a", "Văn bản"), Leaf("b", "Camera")))) == {"a": 1.0, "b": 0.0}

    def test_meaning_finds_a_leaf_where_words_do_not(self, with_vectors, centre):
        said = terms("xyz")
        vector = statement_vector(WordEmbedder(), "đường phố ùn tắc giờ cao điểm", centre)

        scores = dict(zip(with_vectors.keys, with_vectors.scores(said, NOTHING, vector, NOTHING), strict=True))

        assert scores["cameras"] == 1.0
        assert max(value for key, value in scores.items() if key != "cameras") < 1.0

    def test_the_solves_of_its_products_speak_for_a_leaf(self, with_vectors, centre):
        said = terms("xyz")
        vector = statement_vector(WordEmbedder(), "hoàn toàn khác", centre)
        near = np.full(3, 0.99, np.float32)
        archive = with_vectors.keys.index("archive")

        scores = with_vectors.scores(said, NOTHING, vector, (near, np.full(3, archive)))
        of_no_leaf = with_vectors.scores(said, NOTHING, vector, (near, np.full(3, -1)))

        assert int(np.argmax(scores)) == archive
        assert of_no_leaf.tolist() == with_vectors.scores(said, NOTHING, vector, NOTHING).tolist()
        assert int(np.argmax(of_no_leaf)) != archive

    def test_one_near_solve_says_less_than_three(self, with_vectors, centre):
        said = terms("xyz")
        vector = statement_vector(WordEmbedder(), "hoàn toàn khác", centre)
        solves = np.array([0.9, -0.9, -0.9, 0.7, 0.7, 0.7], np.float32)
        leaves = [
            with_vectors.keys.index(key) for key in ("archive", "archive", "archive", "schools", "schools", "schools")
        ]

        scores = dict(
            zip(with_vectors.keys, with_vectors.scores(said, NOTHING, vector, (solves, np.array(leaves))), strict=True)
        )

        assert scores["schools"] > scores["archive"]

    def test_the_words_of_its_products_speak_for_a_leaf(self):
        model = LeafModel.of(KNOWLEDGE, None)
        words = np.array([3.0, 0.0, 9.0])
        leaves = np.array([model.keys.index("cameras"), model.keys.index("schools"), -1])  # the last one's is not known

        scores = dict(zip(model.keys, model.scores(terms("xyz"), (words, leaves), None, NOTHING), strict=True))

        assert scores == {"documents": 0.0, "archive": 0.0, "cameras": 1.0, "schools": 0.0}


class TestShares:
    def test_they_fall_with_the_distance_from_the_best_and_add_up_to_one(self):
        of = shares(np.array([1.0, 0.5, 0.0, 0.75]))

        assert of.sum() == pytest.approx(1)
        assert (of / of[0]).tolist() == pytest.approx([1.0, exp(-SHARPNESS / 2), exp(-SHARPNESS), exp(-SHARPNESS / 4)])

    def test_where_no_leaf_matched_there_are_none(self):
        assert shares(np.zeros(4)).tolist() == [0, 0, 0, 0]


class TestFit:
    of = np.array([0.6, 0.3, 0.0, 0.1])  # documents, archive, cameras, schools

    def fit(self, **related: tuple[tuple[str, float], ...]) -> Mapping[str, float]:
        leaves = tuple(replace(leaf, related=related.get(leaf.key, ())) for leaf in KNOWLEDGE.leaves)
        model = LeafModel.of(replace(KNOWLEDGE, leaves=leaves), None)
        return dict(zip(model.keys, model.fit(self.of).tolist(), strict=True))

    def test_without_relations_a_leaf_answers_what_is_about_it(self):
        assert self.fit() == pytest.approx({"documents": 1.0, "archive": 0.5, "cameras": 0.0, "schools": 1 / 6})

    def test_a_related_leaf_answers_its_share_of_what_is_about_the_other(self):
        assert self.fit(documents=(("archive", 0.5), ("gone", 0.9))) == pytest.approx(
            {"documents": 1.0, "archive": 1.0, "cameras": 0.0, "schools": 1 / 6}
        )

    def test_a_relation_holds_one_way(self):
        assert self.fit(archive=(("cameras", 0.5),))["cameras"] == pytest.approx(0.25)
        assert self.fit(cameras=(("archive", 0.5),))["archive"] == pytest.approx(0.5)

    def test_where_no_leaf_matched_none_answers(self):
        assert set(LeafModel.of(KNOWLEDGE, None).fit(np.zeros(4)).tolist()) == {0.0}


@pytest.mark.parametrize(
    ("category", "also", "value"),
    [
        ("documents", (), 1.0),
        ("archive", (), 0.5),
        ("archive", ("documents",), ALSO_WEIGHT),
        ("documents", ("archive",), 1.0),
        ("unknown", (), 0.0),
        ("unknown", ("archive",), ALSO_WEIGHT * 0.5),
    ],
)
def test_a_product_answers_by_the_best_of_its_categories_a_further_one_for_less(category, also, value):
    places = leaf_places([(category, *also), ("archive", "archive", "archive")], ["documents", "archive"])

    assert prior(np.array([1.0, 0.5]), places, np.ones((2, 4), np.float32)) == pytest.approx([value, 0.5])


def test_a_category_counts_as_far_as_the_text_bears_it_out_and_none_beyond_what_is_borne_out():
    places = leaf_places([("documents", "archive", "documents")], ["documents", "archive"])

    assert prior(np.array([1.0, 0.5]), places, np.array([[0.5, 0.0]], np.float32)) == [0.5]
    assert prior(np.array([1.0, 0.5]), places, np.array([[0.0, 1.0]], np.float32)) == [ALSO_WEIGHT * 0.5]
    assert prior(np.array([1.0, 0.5]), places, np.zeros((1, 4), np.float32)) == [0.0]
