from collections import Counter
from dataclasses import replace
from datetime import date
from hashlib import blake2b

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.common.text import canonical, fold
from recommender.engine import pipeline
from recommender.engine.pipeline import MOST_PER_VENDOR, WEIGHTS, rank, recommend
from recommender.engine.read import read
from recommender.engine.types import Assurance, Document, Hit, Knowledge, NoResult, Required, Unmet

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
    phrase,
    typed_text,
)

NEED = "Văn bản đến xử lý chậm"
WEAKER = {"summary": "Phần mềm một cửa của huyện.", "solves": ("Văn bản đến thất lạc ở nhiều nơi trong cơ quan",)}
WITH_VECTORS = index_of(CATALOGUE, vectors=True)


@pytest.fixture(autouse=True)
def _answers_whatever_the_calibration(monkeypatch):
    """What is sure enough and worth showing is fitted to the real catalogue, and says nothing of these few listings."""
    monkeypatch.setattr(pipeline, "threshold", lambda **kind: 0.0)
    monkeypatch.setattr(pipeline, "WORTH_SHOWING", 0.3)


def keys(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.document.key for hit in hits]


def many(vendor: str, count: int, **changes) -> list[Document]:
    return [listing(f"{vendor}-{number}", vendor=vendor, **changes) for number in range(count)]


class TestScores:
    @given(st.one_of(typed_text, phrase))
    @settings(max_examples=60)
    def test_parts_add_up_to_a_score_between_zero_and_one(self, text):
        answer = recommend(text, WITH_VECTORS, WordEmbedder(), min_assurance=Assurance.LISTED)

        for hit in answer.results + answer.also_listed:
            assert tuple(hit.parts) == answer.signals
            assert sum(hit.parts.values()) == pytest.approx(hit.score)
            assert min(hit.parts.values()) >= -1e-9
            assert hit.score <= 1 + 1e-9

    def test_what_is_best_in_every_part_has_the_whole_weight_of_each(self):
        answer = recommend(DOCUMENTS.solves[0], WITH_VECTORS, WordEmbedder())

        whole = sum(WEIGHTS.values())
        most = {name: weight / whole for name, weight in WEIGHTS.items()}
        assert answer.results[0].parts == pytest.approx(most, abs=1e-6)
        assert answer.results[0].score == pytest.approx(1, abs=2e-6)

    @pytest.mark.parametrize("embedder", [None, WordEmbedder()])
    @pytest.mark.parametrize("document", CATALOGUE, ids=lambda document: document.key)
    def test_a_listing_is_the_first_answer_to_the_problem_it_solves(self, document, embedder):
        ranking, _ = rank(document.solves[0], WITH_VECTORS, embedder)

        assert ranking[0] == document.key

    @given(phrase)
    @settings(max_examples=20)
    def test_the_better_of_two_vendors_stands_first(self, text):
        answer = recommend(text, WITH_VECTORS, WordEmbedder(), min_assurance=Assurance.LISTED)

        scores = [hit.score for hit in answer.results]
        assert scores == sorted(scores, reverse=True)

    def test_equal_scores_are_ordered_by_the_published_seed_and_by_nothing_else(self):
        twins = [listing(key, vendor=key) for key in ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta")]
        by_seed = sorted(
            (twin.key for twin in twins),
            key=lambda key: blake2b(f"16/CT-BTTTT\n{key}".encode(), digest_size=8).digest(),
        )

        forwards, _ = rank(NEED, index_of(twins))
        backwards, _ = rank(NEED, index_of(twins[::-1]))
        answer = recommend(NEED, index_of(twins))

        assert forwards == backwards == by_seed == keys(answer.results)
        assert len({hit.score for hit in answer.results}) == 1

    def test_a_listing_far_behind_the_best_is_ranked_but_no_answer(self):
        text = "Văn bản đến xử lý chậm ở trường"

        ranking, _ = rank(text, index_of(CATALOGUE))
        answer = recommend(text, index_of(CATALOGUE), min_assurance=Assurance.LISTED)

        assert SCHOOLS.key in ranking
        assert keys(answer.results)[0] == DOCUMENTS.key
        assert SCHOOLS.key not in keys(answer.results)
        assert all(hit.score >= pipeline.WORTH_SHOWING * answer.results[0].score for hit in answer.results)

    def test_the_category_the_statement_is_about_lifts_a_listing(self):
        ours, other = listing("ours"), listing("other", category="cameras", also=("documents",))

        answer = recommend(NEED, index_of([ours, other]))

        parts = {hit.document.key: hit.parts for hit in answer.results}
        assert parts["ours"]["lexical"] == parts["other"]["lexical"]
        assert parts["ours"]["need"] > parts["other"]["need"]
        assert keys(answer.results)[0] == "ours"


class TestSignals:
    def test_a_marked_statement_is_compared_by_words_meaning_and_need(self):
        assert recommend(STATEMENT, WITH_VECTORS, WordEmbedder()).signals == ("lexical", "semantic", "need")

    def test_marks_are_put_back_before_meaning_is_compared(self):
        asked = []

        class Embedder(WordEmbedder):
            def queries(self, texts):
                asked.extend(texts)
                return super().queries(texts)

        answer = recommend(fold(NEED), WITH_VECTORS, Embedder())

        assert answer.signals == ("lexical", "semantic", "need")
        assert asked == [canonical(NEED)]

    @pytest.mark.parametrize(
        ("text", "index", "embedder"),
        [
            (STATEMENT, WITH_VECTORS, None),
            (STATEMENT, index_of(CATALOGUE), WordEmbedder()),
        ],
        ids=["no embedder", "no vectors"],
    )
    def test_otherwise_it_is_compared_by_words_and_need_alone(self, text, index, embedder):
        answer = recommend(text, index, embedder)

        assert answer.signals == ("lexical", "need")
        assert keys(answer.results) == [DOCUMENTS.key]
        assert answer.results[0].parts.keys() == {"lexical", "need"}
        assert answer.results[0].score == pytest.approx(1)

    def test_a_listing_still_without_vectors_stands_in_the_middle_for_meaning(self):
        new = replace(ARCHIVE, key="new", vendor="new")

        index = WITH_VECTORS.with_changes({"new": new}, 1, lambda wanted: {})
        answer = recommend("hồ sơ văn bản giấy của cơ quan", index, WordEmbedder(), min_assurance=Assurance.LISTED)

        meaning = {hit.document.key: hit.parts["semantic"] for hit in answer.results}
        assert 0 < meaning["new"] < meaning[ARCHIVE.key]


class TestVendors:
    def test_at_most_so_many_of_one_vendor_are_among_the_first_ten_when_there_are_others(self):
        index = index_of(many("big", 12) + [listing(f"small-{number}", **WEAKER) for number in range(8)])

        ranking, _ = rank(NEED, index)
        answer = recommend(NEED, index)

        for first_ten in (ranking[:10], keys(answer.results)):
            assert Counter(key.split("-")[0] for key in first_ten) == {
                "big": MOST_PER_VENDOR,
                "small": 10 - MOST_PER_VENDOR,
            }
        assert len(ranking) == 20

    def test_the_best_of_a_vendor_are_kept(self):
        better = many("big", 3, capabilities=("Xử lý văn bản đến nhanh",))
        index = index_of([*better, *many("big", 9)[3:], *[listing(f"small-{number}") for number in range(8)]])

        ranking, _ = rank(NEED, index)

        assert set(ranking[:3]) == {document.key for document in better}

    def test_a_vendor_alone_fills_the_answer(self):
        answer = recommend(NEED, index_of(many("only", 7)))

        assert len(answer.results) == 7

    def test_a_vendors_further_products_follow_where_nobody_elses_is_worth_showing(self):
        weak = replace(CAMERAS, key="weak", summary="Camera và văn bản.")

        answer = recommend(NEED, index_of([*many("big", 6), weak]))

        assert len(answer.results) == 6

    def test_listings_that_are_not_results_do_not_make_room_for_one_vendor(self):
        unchecked = [listing(f"unchecked-{number}", assurance=Assurance.LISTED) for number in range(6)]
        others = [listing(f"small-{number}", **WEAKER) for number in range(8)]

        answer = recommend(NEED, index_of([*many("big", 12), *unchecked, *others]))

        assert Counter(hit.document.vendor for hit in answer.results)["big"] == MOST_PER_VENDOR


class TestRequirements:
    levels = [listing(level.key, assurance=level) for level in Assurance]

    @pytest.mark.parametrize("asked", Assurance)
    def test_results_are_checked_as_far_as_was_asked_and_the_others_listed_beside(self, asked):
        answer = recommend(NEED, index_of(self.levels), min_assurance=asked)

        assert set(keys(answer.results)) == {level.key for level in Assurance if level >= asked}
        assert set(keys(answer.also_listed)) == {level.key for level in Assurance if level < asked}

    def test_only_what_was_confirmed_since_a_day_is_a_result_and_the_others_say_when_they_were(self):
        listings = [
            listing("on-the-day", assured_on=date(2025, 11, 25)),
            listing("a-day-before", assured_on=date(2025, 11, 24)),
            listing("never", assured_on=None),
        ]
        index = index_of([]).with_changes({one.key: one for one in listings[:1]}, 1, lambda keys: {})
        for found in (index_of(listings), index.with_changes({one.key: one for one in listings}, 2, lambda keys: {})):
            answer = recommend(NEED, found, required=Required(confirmed_since=date(2025, 11, 25)))

            assert keys(answer.results) == ["on-the-day"]
            told = {hit.document.key: [(u.code, u.text, u.known) for u in hit.unmet] for hit in answer.also_listed}
            assert told["a-day-before"][-1] == ("confirmed_since", "2025-11-24", True)
            assert told["never"][-1] == ("confirmed_since", "", True)

    def test_no_listing_is_read_to_know_when_it_was_confirmed(self, monkeypatch):
        index = index_of([listing("old", assured_on=date(2020, 1, 1)), listing("new", assured_on=date(2026, 1, 1))])
        scored = pipeline.score(read(NEED, index.expander), index, None)
        monkeypatch.setattr(pipeline, "failures", lambda document, required: pytest.fail("a listing was read"))

        places = pipeline.fitting(scored, range(2), Required(confirmed_since=date(2025, 1, 1)), Assurance.LISTED)

        assert [scored.documents[place].key for place in places] == ["new"]

    def test_a_public_record_is_asked_for_unless_something_else_is(self):
        assert recommend(NEED, index_of(self.levels)) == recommend(
            NEED, index_of(self.levels), min_assurance=Assurance.PUBLIC_RECORD
        )

    def test_what_a_listing_fails_puts_it_aside_and_what_it_leaves_unknown_does_not(self):
        index = index_of(
            [
                listing("fits", deployment=("on_premise", "saas"), price_min=100),
                listing("silent"),
                listing("cloud-only", deployment=("saas",), price_min=100),
                listing("dear", deployment=("on_premise",), price_min=101),
            ]
        )

        answer = recommend(NEED, index, required=Required(frozenset({"on_premise"}), 100))

        told = {hit.document.key: {(u.code, u.known) for u in hit.unmet} for hit in answer.results + answer.also_listed}
        assert set(keys(answer.results)) == {"fits", "silent"}
        assert set(keys(answer.also_listed)) == {"cloud-only", "dear"}
        assert told == {
            "fits": set(),
            "silent": {("deployment", False), ("budget_vnd_max", False)},
            "cloud-only": {("deployment", True)},
            "dear": {("budget_vnd_max", True)},
        }

    def test_a_discontinued_product_is_never_a_result(self):
        answer = recommend(NEED, index_of([listing("here"), listing("gone", available=False)]))

        assert keys(answer.results) == ["here"]
        assert keys(answer.also_listed) == ["gone"]
        assert Unmet("status", "discontinued") in answer.also_listed[0].unmet

    def test_a_requirement_that_was_only_read_changes_nothing(self):
        index = index_of([listing("dear", price_min=900_000_000), listing("cheap", price_min=1)])

        answer = recommend(f"{NEED}, kinh phí dưới 500 triệu đồng", index)

        assert [constraint.value for constraint in answer.statement.constraints] == [500_000_000]
        assert set(keys(answer.results)) == {"dear", "cheap"}

    @pytest.mark.parametrize("top", [1, 3, 5])
    def test_no_more_than_asked_are_returned_of_either_kind(self, top):
        index = index_of(
            [*(listing(f"a{n}") for n in range(5)), *(listing(f"b{n}", assurance=Assurance.LISTED) for n in range(5))]
        )

        answer = recommend(NEED, index, top=top)

        assert len(answer.results) == len(answer.also_listed) == top

    def test_results_are_found_behind_any_number_of_listings_that_are_none(self):
        index = index_of(
            [
                *(listing(f"a{n}", assurance=Assurance.LISTED) for n in range(15)),
                listing("good", summary="Văn bản đến. " * 5),
            ]
        )

        assert keys(recommend(NEED, index, top=3).results) == ["good"]


class TestNoAnswer:
    @pytest.mark.parametrize("knowledge", [KNOWLEDGE, Knowledge()], ids=["leaves", "no leaves"])
    @pytest.mark.parametrize("embedder", [None, WordEmbedder()])
    def test_an_empty_index_abstains(self, knowledge, embedder):
        answer = recommend(STATEMENT, index_of([], knowledge), embedder)

        assert answer.abstained
        assert answer.results == answer.also_listed == ()

    @pytest.mark.parametrize("text", ["", " \n", "…?!", "zzz yyy"])
    def test_a_statement_that_matches_nothing_abstains(self, text):
        answer = recommend(text, index_of(CATALOGUE))

        assert answer.abstained
        assert answer.results == answer.also_listed == answer.needs == ()
        assert rank(text, index_of(CATALOGUE)) == ([], True)

    def test_below_the_line_nothing_is_shown(self, monkeypatch):
        monkeypatch.setattr(pipeline, "threshold", lambda **kind: 1.1)

        answer = recommend(STATEMENT, index_of(CATALOGUE))

        assert answer.abstained
        assert answer.results == answer.also_listed == ()
        assert rank(STATEMENT, index_of(CATALOGUE))[1]

    @given(typed_text)
    @settings(max_examples=60)
    def test_whatever_is_typed_there_is_an_answer_or_none(self, text):
        answer = recommend(text, WITH_VECTORS, WordEmbedder())

        assert 0 <= answer.confidence <= 1
        assert not (answer.abstained and (answer.results or answer.also_listed))
        assert set(keys(answer.results)).isdisjoint(keys(answer.also_listed))


class TestWhyNothing:
    about_schools = "Giáo viên nhập điểm nhiều lần, học bạ của học sinh"
    without_schools = index_of([DOCUMENTS, CAMERAS, ARCHIVE], vectors=True)

    def test_a_need_clearly_of_a_category_without_a_product_gets_no_answer_and_its_category(self):
        answer = recommend(self.about_schools, self.without_schools, WordEmbedder())

        assert answer.abstained
        assert answer.results == answer.also_listed == ()
        assert (answer.why.code, answer.why.category) == (NoResult.NO_PRODUCT, "schools")
        assert rank(self.about_schools, self.without_schools, WordEmbedder())[1]

    @pytest.mark.parametrize(
        "product",
        [
            SCHOOLS,
            replace(CAMERAS, also=("schools",), description="Camera cho học sinh. Giáo viên nhập điểm vào học bạ."),
        ],
    )
    def test_one_product_of_it_is_enough(self, product):
        index = index_of([DOCUMENTS, product, ARCHIVE], vectors=True)

        assert not recommend(self.about_schools, index, WordEmbedder()).abstained

    def test_the_nearest_listing_is_named_with_what_it_does_not_mention(self):
        near = listing("near", summary="Giáo viên xem văn bản.", solves=())

        why = recommend(self.about_schools, index_of([near], vectors=True), WordEmbedder()).why

        assert why.nearest is near
        assert why.missing
        assert all(text in self.about_schools for text in why.missing)

    @pytest.mark.parametrize(("chance", "code"), [(0.6, NoResult.NO_PRODUCT), (0.4, NoResult.OUTSIDE)])
    def test_otherwise_the_line_between_the_two_decides(self, monkeypatch, chance, code):
        monkeypatch.setattr(pipeline, "threshold", lambda **kind: 1.1)
        monkeypatch.setattr(pipeline, "digital", lambda signals, **kind: chance)
        monkeypatch.setattr(pipeline, "digital_threshold", lambda **kind: 0.5)

        why = recommend(STATEMENT, index_of(CATALOGUE)).why

        assert (why.code, why.digital) == (code, chance)
        assert (why.category, why.nearest) == (("documents", DOCUMENTS) if code == NoResult.NO_PRODUCT else ("", None))

    @pytest.mark.parametrize("text", ["", "…?!", "zzz yyy"])
    def test_what_is_about_no_category_at_all_is_out_of_scope(self, text):
        assert recommend(text, index_of(CATALOGUE)).why.code == NoResult.OUTSIDE

    def test_products_below_what_was_asked_are_a_reason_of_their_own(self):
        answer = recommend(NEED, index_of([listing("unchecked", assurance=Assurance.LISTED)]))

        assert not answer.abstained
        assert answer.why.code == NoResult.BELOW_ASKED

    @given(typed_text)
    @settings(max_examples=40)
    def test_there_is_a_reason_exactly_where_there_is_no_result(self, text):
        answer = recommend(text, WITH_VECTORS, WordEmbedder())

        assert (answer.why is None) == bool(answer.results)
        if answer.why:
            assert (answer.why.code == NoResult.BELOW_ASKED) == bool(answer.also_listed)
            assert not answer.bundle


class TestNeeds:
    def test_the_categories_it_seems_to_be_about_are_named_best_first_with_their_shares(self):
        answer = recommend(STATEMENT, index_of(CATALOGUE))

        shares = [share for _, share in answer.needs]
        assert answer.needs[0][0] == "documents"
        assert len(shares) == 3
        assert shares == sorted(shares, reverse=True)
        assert shares[0] > 0.5
        assert sum(shares) <= 1


@pytest.mark.parametrize(
    "typed",
    [
        "van ban den xu ly cham",
        "VĂN BẢN ĐẾN XỬ LÝ CHẬM",
        "Vaên baûn ñeán xöû lyù chaäm",
        "V¨n b¶n ®Õn xö lý chËm, ho¹t ®éng qu¶n lý v¨n b¶n",
        "Va\u0306n ba\u0309n đê\u0301n xư\u0309 ly\u0301 châ\u0323m",
    ],
    ids=["no marks", "capitals", "VNI", "TCVN3", "NFD"],
)
def test_however_a_statement_is_typed_the_same_listing_is_first(typed):
    assert rank(typed, index_of(CATALOGUE))[0][0] == DOCUMENTS.key
