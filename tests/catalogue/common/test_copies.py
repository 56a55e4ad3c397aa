"""What of a listing stands in an earlier one, on the seed catalogue: every real copy, and nothing that only sounds alike."""

from dataclasses import replace
from functools import cache

import pytest

from catalogue.common import copies
from recommender.engine.types import Document
from tests.recommender.engine.crafting import REWRITES, Case, copied_solves, copied_whole, rewritten
from tests.recommender.engine.seed_catalogue import documents

# Sentences that one seed listing has of another, nearly word for word; whichever comes second borrowed it.
ALIKE = {
    frozenset({"comeet", "zavi"}),
    frozenset({"etek-amr", "phenikaa-x-amr"}),
    frozenset({"fpt-lgsp", "viettel-lgsp"}),
}
VENDORS = {document.key: document.vendor for document in documents()}


def passages(document: Document) -> list[copies.Passage]:
    return list({passage.key: passage for passage in copies.passages(document)}.values())


@cache
def numbers(key: str) -> frozenset[int]:
    document = next(document for document in documents() if document.key == key)
    return frozenset().union(*(passage.numbers for passage in passages(document)))


def borrowed(document: Document, before: list[str] | None = None) -> dict[str, str]:
    others = VENDORS if before is None else before
    return copies.borrowed(
        passages(document), {key: numbers(key) for key in others if VENDORS[key] != document.vendor}, VENDORS
    )


def share(document: Document, of: Document) -> float:
    """Return how much of the running text that was taken, by syllables, is known as borrowed."""
    found = borrowed(document)
    taken = [passage for passage in passages(of) if passage.field in copies.RUNNING]
    return sum(len(one.words) for one in taken if one.key in found) / sum(len(one.words) for one in taken)


def a_copy(attack, at: int) -> tuple[Document, Document]:
    """Return the listing of a copier, and what of it was copied."""
    best, mine = documents()[at], documents()[(37 * at + 11) % len(documents())]
    found = attack(Case("", best, replace(mine, vendor="copier")))
    return found, replace(found, summary="", description="") if found.summary == mine.summary else found


def test_of_the_seed_listings_only_real_copies_are_borrowed():
    found = set()
    for at, document in enumerate(documents()):
        before = [other.key for other in documents()[:at]]
        found |= {frozenset({document.key, source}) for source in borrowed(document, before).values()}

    assert found == ALIKE


@pytest.mark.parametrize("attack", [copied_solves, copied_whole], ids=lambda attack: attack.__name__)
def test_a_copy_is_borrowed_whole(attack):
    for at in range(0, 263, 26):
        document, copied = a_copy(attack, at)

        assert share(document, copied) == 1


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
@pytest.mark.parametrize("copy", [copied_solves, copied_whole], ids=lambda copy: copy.__name__)
def test_a_rewritten_copy_is_borrowed_for_the_most_part(copy, rewrite):
    shares = [share(*a_copy(rewritten(copy, rewrite), at)) for at in range(0, 263, 26)]

    assert sum(shares) / len(shares) > 0.8


def test_what_three_other_vendors_say_is_nobodys():
    sentence = "Phần mềm quản lý văn bản đi, văn bản đến và điều hành công việc trên mạng."
    one = next(iter(copies.passages(replace(documents()[0], summary=sentence))))
    others = dict.fromkeys(("a", "b", "c"), one.numbers)

    assert copies.borrowed([one], others, {name: name for name in others}) == {}
    assert copies.borrowed([one], others, dict.fromkeys(others, "one vendor")) == {one.key: "a"}


def test_names_in_lists_alone_are_no_copy():
    document = documents()[0]
    other = replace(documents()[100], capabilities=document.capabilities, customers=document.customers)

    assert borrowed(other) == borrowed(documents()[100])


def test_a_passage_is_the_same_however_it_is_typed():
    one, other = "Hoà bình, <b>quý</b> khách ơi.", "HÒA BÌNH quý​ khách ơi!"
    keys = {passage.key for text in (one, other) for passage in copies.passages(replace(documents()[0], summary=text))}
    rest = {passage.key for passage in copies.passages(replace(documents()[0], summary=""))}

    assert len(keys - rest) == 1


def test_order_and_marks_do_not_matter_and_repeated_words_count_once():
    assert copies.numbers(["ky", "so", "tu", "xa"]) == copies.numbers(["xa", "tu", "so", "ky"])
    assert copies.numbers(["ky", "ky", "so"]) == frozenset()
