from dataclasses import replace

import numpy as np
import pytest

from catalogue.common import copies
from catalogue.common.copies import folded, passage_key
from recommender.engine.claims import FIELD_SYLLABLES, MOST_ALSO, MOST_OFTEN, Reader, claims, damp
from recommender.engine.lexical import SEVERAL
from recommender.engine.semantic import passages
from recommender.engine.text import visible
from recommender.engine.types import Assurance, Document, Knowledge

from .samples import DOCUMENTS, listing
from .seed_catalogue import documents, knowledge

NOTHING_KNOWN = Reader.of(Knowledge())
SEEDS = Reader.of(knowledge())
MEETINGS = next(document for document in documents() if document.category == "online-meetings")
FARMS = next(document for document in documents() if document.category == "farm-management")


def counts(document: Document, reader: Reader = NOTHING_KNOWN) -> dict[str, float]:
    return dict(claims(document, reader).said[0])


class TestSaidOnce:
    def test_a_word_counts_once_a_sentence(self):
        assert counts(listing("a", summary="camera camera camera"))["camera"] == 1

    def test_a_sentence_that_repeats_another_does_not_count(self):
        once = counts(listing("a", summary="đếm xe ở nút giao", solves=()))
        again = counts(
            listing("a", summary="đếm xe ở nút giao", description="Đếm xe ở nút giao. Đếm xe ở nút giao!", solves=())
        )

        assert again == once

    def test_but_it_makes_the_listing_longer(self):
        short, long = (
            claims(listing("a", description="Đếm xe ở nút giao. " * n), NOTHING_KNOWN).said[1] for n in (1, 9)
        )

        assert long == short + 8 * 5

    def test_a_word_of_many_sentences_counts_up_to_a_limit(self):
        said = tuple(f"camera {chr(97 + n) * 3} {chr(97 + n) * 4}" for n in range(2 * MOST_OFTEN))

        assert counts(listing("a", capabilities=said))["camera"] == MOST_OFTEN

    def test_only_the_first_syllables_of_a_field_count(self):
        filler = " ".join(f"t{n}" for n in range(FIELD_SYLLABLES["description"]))

        assert "camera" in counts(listing("a", description=f"camera {filler}"))
        assert "camera" not in counts(listing("a", description=f"{filler} camera"))

    def test_words_of_two_texts_are_no_neighbours(self):
        terms = counts(listing("a", summary="", solves=("xử lý", "văn bản")))

        assert "~xu_ly" in terms
        assert "~ly_van" not in terms


def test_a_term_knows_the_piece_that_alone_says_it():
    terms, _, pieces = claims(replace(DOCUMENTS, assurance=Assurance.LISTED), NOTHING_KNOWN).said
    alone = dict(zip(terms, pieces, strict=True))

    assert alone["văn"] == SEVERAL
    assert alone["nhắc"] == alone["hạn"] != SEVERAL
    assert alone["nhắc"] != alone["phòng"]


def test_a_piece_that_is_most_of_a_listing_needs_no_other():
    _, _, pieces = claims(listing("a", summary="đếm xe ở mọi nút giao của thành phố", solves=()), NOTHING_KNOWN).said

    assert SEVERAL in pieces


class TestOneProduct:
    def test_the_seed_catalogue_bears_out_its_categories(self):
        borne = [claims(document, SEEDS).support[0] for document in documents()]

        assert sum(share == 1 for share in borne) >= 0.98 * len(borne)

    def test_a_category_that_the_text_does_not_bear_out_does_not_count(self):
        assert claims(replace(FARMS, category=MEETINGS.category, also=()), SEEDS).support[0] == 0
        assert claims(replace(FARMS, also=(MEETINGS.category,)), SEEDS).support[:2] == (1, 0)

    def test_unless_a_reviewer_has_confirmed_it(self):
        vetted = replace(FARMS, category=MEETINGS.category, also=(), assurance=Assurance.VETTED)

        assert claims(vetted, SEEDS).support[0] == 1
        assert set(claims(vetted, SEEDS).said[2]) == {SEVERAL}
        assert set(claims(replace(vetted, assurance=Assurance.LISTED), SEEDS).said[2]) != {SEVERAL}

    def test_categories_beyond_the_limit_do_not_count(self):
        every = replace(MEETINGS, also=tuple(leaf.key for leaf in knowledge().leaves))

        assert len(claims(every, SEEDS).support) == 1 + MOST_ALSO

    def test_keywords_of_another_category_do_not_count(self):
        leaf = next(leaf for leaf in knowledge().leaves if leaf.key == MEETINGS.category)
        stuffed = replace(FARMS, capabilities=(*FARMS.capabilities, " ".join(leaf.terms)))

        assert counts(stuffed, SEEDS).keys() == counts(FARMS, SEEDS).keys()

    def test_a_foreign_passage_counts_less_than_its_own(self):
        mixed = replace(FARMS, solves=(*FARMS.solves[:2], *MEETINGS.solves[:1]))
        weights = claims(mixed, SEEDS).passages

        assert len(weights) == len(passages(mixed))
        assert weights[-1] < min(weights[3:5])

    def test_a_listing_of_no_known_category_is_read_by_its_text(self):
        assert counts(replace(FARMS, category="unheard-of", also=()), SEEDS)


class TestVisible:
    @pytest.mark.parametrize(
        ("typed", "seen"),
        [
            ("đếm <b>xe</b>", "đếm  xe "),
            ("a<!-- camera -->b", "a b"),
            ("a<!-- camera", "a "),
            ("<p style='display: none'>camera</p>b", " b"),
            ("<div hidden>camera</div>b", " b"),
            ("<script>camera</script>b", " b"),
            ("h\u200bọ\u2060p", "họp"),
            ("\u202eabc\u202c", "abc"),
            ("1 < 2 và 3 > 2", "1 < 2 và 3 > 2"),
            ("dưới <500 xe", "dưới <500 xe"),
        ],
    )
    def test_only_what_a_reader_sees_counts(self, typed, seen):
        assert visible(typed) == seen

    def test_much_broken_markup_is_read_in_time(self):
        assert visible("<i hidden" * 20_000)


class TestDamp:
    vectors = np.eye(3, dtype=np.float32)

    def test_what_counts_in_full_stays(self):
        assert damp(self.vectors, (1, 1, 1)) is self.vectors

    def test_what_does_not_count_says_what_the_others_say(self):
        assert damp(self.vectors, (1, 1, 0))[2] == pytest.approx([0.5, 0.5, 0])

    def test_nothing_is_left_where_nothing_counts(self):
        assert not damp(self.vectors, (0, 0, 0)).any()


class TestOnesOwn:
    KEYS = tuple(passage.key for passage in copies.passages(MEETINGS))

    def test_a_borrowed_sentence_counts_for_nothing_and_makes_the_listing_longer(self):
        mine = listing("a", summary="Đếm xe ở nút giao.", solves=("Camera báo ùn tắc cho trực ban",))
        stolen = replace(mine, borrowed=(passage_key(folded(["camera", "báo", "ùn", "tắc", "cho", "trực", "ban"])),))

        assert "camera" in counts(mine)
        assert "camera" not in counts(stolen)
        assert claims(stolen, NOTHING_KNOWN).said[1] == claims(mine, NOTHING_KNOWN).said[1]
        assert claims(mine, NOTHING_KNOWN).passages[-1] == 1
        assert claims(stolen, NOTHING_KNOWN).passages[-1] == 0

    def test_a_category_borne_out_by_borrowed_text_alone_is_not_borne_out(self):
        fields = ("summary", "description", "capabilities", "solves")
        copy = replace(FARMS, category=MEETINGS.category, **{name: getattr(MEETINGS, name) for name in fields})

        assert claims(copy, SEEDS).support[0] == 1
        assert claims(replace(copy, borrowed=self.KEYS), SEEDS).support[0] == 0

    def test_a_sentence_or_two_cost_no_category(self):
        assert claims(replace(MEETINGS, borrowed=self.KEYS[:4]), SEEDS).support[0] == 1

    def test_nothing_is_asked_of_a_vetted_listing(self):
        vetted = replace(MEETINGS, assurance=Assurance.VETTED)

        assert claims(replace(vetted, borrowed=self.KEYS), SEEDS) == claims(vetted, SEEDS)
