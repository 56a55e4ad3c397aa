from math import exp

import numpy as np
import pytest
from hypothesis import given

from recommender.engine.abbreviations import Expander
from recommender.engine.leaves import ALSO_WEIGHT, SHARPNESS, LeafModel, known_texts, leaf_texts, leaf_weights
from recommender.engine.read import read
from recommender.engine.semantic import centred, statement_vector
from recommender.engine.types import Knowledge, Leaf, Statement

from .samples import KNOWLEDGE, WordEmbedder, any_text

NO_SOLVES = (np.empty(0, np.float32), np.empty(0, np.int64))


def statement(text: str) -> Statement:
    return read(text, Expander(()))


def words_only(text: str, knowledge: Knowledge = KNOWLEDGE) -> dict[str, float]:
    model = LeafModel.of(knowledge, None)
    return dict(zip(model.keys, model.scores(statement(text), None, *NO_SOLVES).tolist(), strict=True))


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
        said = statement("xyz")
        vector = statement_vector(WordEmbedder(), "đường phố ùn tắc giờ cao điểm", centre)

        scores = dict(zip(with_vectors.keys, with_vectors.scores(said, vector, *NO_SOLVES), strict=True))

        assert scores["cameras"] == 1.0
        assert max(value for key, value in scores.items() if key != "cameras") < 1.0

    def test_the_solves_of_its_products_speak_for_a_leaf(self, with_vectors, centre):
        said = statement("xyz")
        vector = statement_vector(WordEmbedder(), "hoàn toàn khác", centre)
        near = np.full(3, 0.99, np.float32)
        schools = with_vectors.keys.index("schools")

        scores = with_vectors.scores(said, vector, near, np.full(3, schools))
        of_no_leaf = with_vectors.scores(said, vector, near, np.full(3, -1))

        assert int(np.argmax(scores)) == schools
        assert of_no_leaf.tolist() == with_vectors.scores(said, vector, *NO_SOLVES).tolist()
        assert int(np.argmax(of_no_leaf)) != schools

    def test_one_near_solve_says_less_than_three(self, with_vectors, centre):
        said = statement("xyz")
        vector = statement_vector(WordEmbedder(), "hoàn toàn khác", centre)
        solves = np.array([0.9, -0.9, -0.9, 0.7, 0.7, 0.7], np.float32)
        leaves = [
            with_vectors.keys.index(key) for key in ("archive", "archive", "archive", "schools", "schools", "schools")
        ]

        scores = dict(zip(with_vectors.keys, with_vectors.scores(said, vector, solves, np.array(leaves)), strict=True))

        assert scores["schools"] > scores["archive"]


class TestPrior:
    model = LeafModel.of(KNOWLEDGE, None)
    scores = np.array([1.0, 0.5, 0.0, 0.75])  # documents, archive, cameras, schools

    @pytest.mark.parametrize(
        ("category", "also", "value"),
        [
            ("documents", (), 1.0),
            ("archive", (), exp(-SHARPNESS / 2)),
            ("cameras", (), exp(-SHARPNESS)),
            ("archive", ("documents",), ALSO_WEIGHT),
            ("documents", ("archive",), 1.0),
            ("schools", ("archive",), exp(-SHARPNESS / 4)),
            ("unknown", (), 0.0),
            ("unknown", ("schools",), ALSO_WEIGHT * exp(-SHARPNESS / 4)),
        ],
    )
    def test_a_product_has_the_best_of_its_categories_a_further_one_for_less(self, category, also, value):
        assert self.model.prior(self.scores, category, also) == pytest.approx(value)

    def test_where_no_leaf_matched_nothing_speaks_for_any_product(self):
        assert self.model.prior(np.zeros(4), "documents", ("archive",)) == 0.0
        assert leaf_weights(np.zeros(4)).tolist() == [0, 0, 0, 0]
