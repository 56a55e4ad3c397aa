from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from itertools import combinations
from operator import or_

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.engine import bundles, pipeline
from recommender.engine.bundles import MOST_MEMBERS, smallest
from recommender.engine.index import tie
from recommender.engine.pipeline import recommend
from recommender.engine.types import Assurance, Bundle, Document, Knowledge, Recommendation, Required

from .samples import CAMERAS, DOCUMENTS, KNOWLEDGE, SCHOOLS, WordEmbedder, index_of, listing

LETTERS = "văn bản đến xử lý chậm"
STREETS = "đường phố ùn tắc giờ cao điểm"
MARKS = "giáo viên nhập điểm nhiều lần"
PAPERS = "hồ sơ giấy chất đầy kho"
ARCHIVE = listing("kho", category="archive", name="Kho Giấy", summary="Số hóa hồ sơ giấy chất đầy kho.", solves=())
CATALOGUE = (DOCUMENTS, CAMERAS, SCHOOLS)
needs = st.lists(st.sampled_from([LETTERS, STREETS, MARKS, PAPERS]), min_size=1, max_size=4, unique=True)


@pytest.fixture(autouse=True)
def _answers_whatever_the_calibration(monkeypatch):
    monkeypatch.setattr(pipeline, "threshold", lambda **kind: 0.0)


def ask(*parts: str, catalogue: Sequence[Document] = CATALOGUE, vectors: bool = False, **more) -> Recommendation:
    index = index_of(catalogue, vectors=vectors)
    return recommend("; ".join(parts), index, WordEmbedder() if vectors else None, **more)


def members(bundle: Bundle | None) -> set[str]:
    return {member.document.key for member in bundle.members} if bundle else set()


def who(bundle: Bundle) -> dict[str, str]:
    return {cover.need: cover.platform for cover in bundle.covers}


class TestSmallest:
    masks = st.lists(st.integers(0, 2**6 - 1), max_size=8)

    @given(masks)
    def test_covers_all_that_can_be_covered_and_no_smaller_set_does(self, masks):
        wanted = reduce(or_, masks, 0)

        for chosen in smallest(masks, len(masks)):
            assert reduce(or_, (masks[at] for at in chosen), 0) == wanted
            assert not any(
                reduce(or_, (masks[at] for at in fewer), 0) == wanted
                for size in range(len(chosen))
                for fewer in combinations(range(len(masks)), size)
            )

    @given(masks, st.integers(1, 3))
    def test_with_a_limit_nothing_as_small_covers_more(self, masks, most):
        best = max(
            (
                reduce(or_, (masks[at] for at in some), 0).bit_count()
                for size in range(most + 1)
                for some in combinations(range(len(masks)), size)
            ),
            default=0,
        )

        found = smallest(masks, most)

        assert all(len(chosen) <= most for chosen in found)
        assert {reduce(or_, (masks[at] for at in chosen), 0).bit_count() for chosen in found} == {best}

    @given(masks)
    def test_every_such_set_is_found_once(self, masks):
        found = smallest(masks, len(masks))
        wanted = reduce(or_, masks, 0)

        assert len(found) == len(set(found))
        assert set(found) == {
            some
            for some in combinations(range(len(masks)), len(found[0]))
            if reduce(or_, (masks[at] for at in some), 0) == wanted
        }


class TestBundle:
    @pytest.mark.parametrize("vectors", [False, True])
    def test_two_needs_that_no_product_answers_alone_take_two_products(self, vectors):
        bundle = ask(LETTERS, STREETS, vectors=vectors).bundle

        assert who(bundle) == {LETTERS: DOCUMENTS.key, STREETS: CAMERAS.key}
        assert members(bundle) == {DOCUMENTS.key, CAMERAS.key}
        assert bundle.left == ()

    def test_each_need_is_given_the_sentence_that_supports_it(self):
        bundle = ask(LETTERS, STREETS).bundle

        cover = bundle.covers[0]
        assert (cover.basis, cover.reason.text) == ("words", DOCUMENTS.solves[0])
        assert [cover.reason.text[slice(*mark)] for mark in cover.reason.marks] == ["Văn bản đến xử lý chậm"]

    def test_what_no_word_supports_is_covered_by_the_category_and_says_so(self):
        silent = listing("silent", category="cameras", summary="Phần mềm văn bản.", solves=())

        bundle = ask(LETTERS, STREETS, catalogue=[DOCUMENTS, silent]).bundle

        (cover,) = (cover for cover in bundle.covers if cover.need == STREETS)
        assert (cover.platform, cover.basis) == ("silent", "category")
        assert (cover.reason.field, cover.reason.text) == ("category", "Camera giám sát giao thông")

    def test_one_product_that_answers_everything_needs_no_company(self):
        able = listing("able", solves=(LETTERS, STREETS))

        assert ask(LETTERS, STREETS, catalogue=[DOCUMENTS, CAMERAS, able]).bundle is None

    @pytest.mark.parametrize("parts", [(LETTERS,), ("zzz yyy",), (LETTERS, "xây bể bơi miễn phí")])
    def test_nothing_more_to_cover_is_no_bundle(self, parts):
        assert ask(*parts).bundle is None

    def test_a_need_that_nobody_answers_is_named(self):
        bundle = ask(LETTERS, STREETS, PAPERS, catalogue=[replace(DOCUMENTS, also=()), CAMERAS]).bundle

        assert {(left.need, left.why) for left in bundle.left} == {(PAPERS, "nobody")}

    def test_a_need_of_no_clear_category_is_left_open_and_counts_for_nothing(self):
        bundle = ask(LETTERS, "xây bể bơi miễn phí", STREETS).bundle

        assert members(bundle) == {DOCUMENTS.key, CAMERAS.key}
        assert {(left.need, left.why) for left in bundle.left} == {("xây bể bơi miễn phí", "vague")}

    def test_more_than_three_products_are_no_help_and_the_rest_is_named(self):
        documents = replace(DOCUMENTS, also=())

        bundle = ask(LETTERS, STREETS, MARKS, PAPERS, catalogue=[documents, CAMERAS, SCHOOLS, ARCHIVE]).bundle

        assert len(bundle.members) == MOST_MEMBERS == 3
        assert [left.why for left in bundle.left] == ["limit"]
        assert set(who(bundle)) | {left.need for left in bundle.left} == {LETTERS, STREETS, MARKS, PAPERS}

    def test_only_products_that_meet_what_was_asked_are_members(self):
        unchecked = replace(CAMERAS, assurance=Assurance.LISTED)
        gone = replace(CAMERAS, available=False)
        dear = replace(CAMERAS, price_min=900_000_000)

        assert ask(LETTERS, STREETS, catalogue=[DOCUMENTS, unchecked]).bundle is None
        assert ask(LETTERS, STREETS, catalogue=[DOCUMENTS, gone]).bundle is None
        assert (
            ask(LETTERS, STREETS, catalogue=[DOCUMENTS, dear], required=Required(budget_vnd_max=800_000_000)).bundle
            is None
        )
        assert ask(
            LETTERS, STREETS, catalogue=[DOCUMENTS, unchecked], min_assurance=Assurance.LISTED
        ).bundle is not None  # fmt: skip

    def test_of_equals_the_published_seed_decides_whatever_their_order_and_vendor(self):
        twins = [replace(CAMERAS, key=key, vendor=vendor) for key, vendor in [("a", "an-binh"), ("b", "x"), ("c", "y")]]
        chosen = min(twins, key=lambda twin: tie(twin.key)).key

        for order in (twins, twins[::-1]):
            assert who(ask(LETTERS, STREETS, catalogue=[DOCUMENTS, *order]).bundle)[STREETS] == chosen

    def test_the_one_that_answers_its_need_best_is_preferred(self):
        closer = replace(CAMERAS, key="closer", solves=("Đường phố ùn tắc giờ cao điểm",))

        assert who(ask(LETTERS, STREETS, catalogue=[DOCUMENTS, CAMERAS, closer]).bundle)[STREETS] == "closer"

    def test_the_words_of_a_requirement_answer_no_need(self):
        gateway = listing("gateway", category="schools", summary="Kết nối LGSP của tỉnh.", solves=())
        need = f"{STREETS}; kết nối LGSP"

        answer = ask(LETTERS, need, catalogue=[DOCUMENTS, CAMERAS, gateway])

        assert answer.statement.clauses == (LETTERS, need), "too short to be a need of its own"
        assert who(answer.bundle) == {LETTERS: DOCUMENTS.key, need: CAMERAS.key}

    def test_without_categories_there_is_none(self):
        answer = recommend(
            f"{LETTERS}; {STREETS}", index_of(CATALOGUE, Knowledge(abbreviations=KNOWLEDGE.abbreviations))
        )

        assert answer.results
        assert answer.bundle is None

    @given(needs, st.sets(st.sampled_from([DOCUMENTS, CAMERAS, SCHOOLS, ARCHIVE]), min_size=1), st.booleans())
    def test_agrees_with_the_single_results(self, parts, catalogue, vectors):
        answer = ask(*parts, catalogue=sorted(catalogue, key=lambda one: one.key), vectors=vectors)

        if not answer.bundle:
            return
        bundle, best = answer.bundle, answer.results[0]
        assert 2 <= len(bundle.members) <= MOST_MEMBERS
        assert members(bundle) == {cover.platform for cover in bundle.covers}
        assert [*dict.fromkeys(cover.platform for cover in bundle.covers)] == [m.document.key for m in bundle.members]
        said = {cover.need for cover in bundle.covers} | {left.need for left in bundle.left}
        assert said == set(answer.statement.clauses)
        assert {unmet.text for unmet in best.unmet}, "the best single product leaves something open"
        hits = {hit.document.key: hit for hit in answer.results}
        for cover in bundle.covers:
            if cover.basis == "words" and cover.platform in hits:
                assert cover.need not in {unmet.text for unmet in hits[cover.platform].unmet}
        for one, other in combinations(bundle.members, 2):
            mine = {cover.need for cover in bundle.covers if cover.platform == one.document.key}
            others = {cover.need for cover in bundle.covers if cover.platform == other.document.key}
            assert mine
            assert not mine & others


def test_the_most_that_is_asked_of_the_embedder_is_one_batch(monkeypatch):
    asked: list[int] = []

    class Counting(WordEmbedder):
        def queries(self, texts):
            asked.append(len(texts))
            return super().queries(texts)

    recommend(f"{LETTERS}; {STREETS}", index_of(CATALOGUE, vectors=True), Counting())

    assert asked == [1, 2]
    assert bundles.MOST_CANDIDATES <= 100
