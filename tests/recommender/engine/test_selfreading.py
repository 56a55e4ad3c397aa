"""A listing is told what it speaks of and which of its sentences do not count; what it is told is what `claims` does."""

from dataclasses import replace

from recommender.engine.claims import FIELD_SYLLABLES, Reader, claims
from recommender.engine.selfreading import Doubt, read_itself
from recommender.engine.types import Assurance, Knowledge, Leaf

from .samples import listing

READER = Reader.of(
    Knowledge(
        (
            Leaf("documents", "Quản lý văn bản", ("Văn bản đến xử lý chậm, lãnh đạo ký giấy.",), ("văn bản", "ký số")),
            Leaf("cameras", "Camera giám sát", ("Camera an ninh khu phố hỏng không ai biết.",), ("camera", "giám sát")),
            Leaf("schools", "Trường học", ("Phụ huynh không biết điểm của con.",), ("học bạ", "phụ huynh")),
            Leaf("farms", "Nông nghiệp", ("Nông dân không biết khi nào tưới.",), ("tưới", "mùa vụ")),
            Leaf("taxes", "Thuế", ("Kê khai thuế phải chép tay.",), ("thuế", "hóa đơn")),
            Leaf("tours", "Du lịch", ("Khách không biết đi đâu.",), ("du lịch", "tham quan")),
        )
    )
)
OWN = listing(
    "a",
    summary="Quản lý văn bản, ký số văn bản đi.",
    description="Văn bản đến được xử lý, lãnh đạo ký số.",
    solves=("Văn bản đến xử lý chậm.",),
)
STRAY = "Camera an ninh giám sát khu phố, camera hỏng được báo, giám sát camera an ninh."


def test_a_listing_that_speaks_of_its_category_has_nothing_to_doubt():
    found = read_itself(OWN, READER)

    assert found.leaves[0][0] == OWN.category
    assert found.support == ((OWN.category, 1.0),)
    assert found.doubted == ()


def test_a_sentence_of_another_category_is_named_with_it():
    found = read_itself(replace(OWN, description=f"{OWN.description} {STRAY}"), READER)

    assert [(one.field, one.text, one.doubt, one.leaf) for one in found.doubted] == [
        ("description", STRAY, Doubt.ELSEWHERE, "cameras")
    ]
    assert found.doubted[0].weight < 0.5


def test_a_sentence_said_again_is_named_where_it_stands():
    told = "Hồ sơ thất lạc mỗi lần chuyển phòng hằng tháng."
    found = read_itself(replace(OWN, solves=(*OWN.solves, told, told)), READER)

    assert [(one.field, one.item, one.doubt) for one in found.doubted] == [("solves", 2, Doubt.REPEATED)]


def test_what_finds_no_room_is_named():
    long = " ".join(f"văn{n}" for n in range(FIELD_SYLLABLES["description"]))

    found = read_itself(replace(OWN, description=f"{long}. Câu này thừa."), READER)

    assert [(one.text, one.doubt) for one in found.doubted] == [("Câu này thừa.", Doubt.TOO_MUCH)]


def test_a_listing_of_another_category_than_it_declares_is_unfounded():
    found = read_itself(replace(OWN, category="cameras"), READER)

    assert found.support == (("cameras", 0.0),)
    assert found.leaves[0][0] == "documents"
    assert {one.doubt for one in found.doubted} == {Doubt.UNFOUNDED}


def test_a_vetted_listing_is_taken_at_its_word():
    found = read_itself(replace(OWN, description=f"{OWN.description} {STRAY}", assurance=Assurance.VETTED), READER)

    assert found.doubted == ()


def test_it_says_no_other_than_what_counts():
    for document in (OWN, replace(OWN, category="cameras"), replace(OWN, also=("cameras", "schools"))):
        assert (
            tuple(share for _leaf, share in read_itself(document, READER).support)
            == claims(document, READER).support[: len(document.leaves)]
        )
