"""No product text can buy rank: what a listing says of itself must not lift it where it does not belong.

The real seed catalogue, own statements, and for each statement products of other categories that stand far down. Each
test rewrites such a listing the way somebody who wants places would, and looks where it stands then.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from statistics import median

import pytest

from recommender.engine.index import Index
from recommender.engine.pipeline import rank
from recommender.engine.types import Document
from tests.recommender.engine.samples import WordEmbedder, index_of, no_vectors, vectors_of
from tests.recommender.engine.seed_catalogue import documents, knowledge

pytestmark = pytest.mark.xdist_group("adversarial")  # the index of the whole catalogue is built once

STATEMENTS = (
    "Trạm y tế xã ở vùng cao cần hội chẩn với bác sĩ bệnh viện tỉnh mà không phải chuyển người bệnh đi xa.",
    "Cuộc họp nào của ủy ban cũng phải đi hàng chục cây số; cần họp qua mạng với các thôn và ghi biên bản.",
    "Văn bản đến nằm chờ trên bàn, lãnh đạo đi công tác thì không ai ký được, cần xử lý và ký số từ xa.",
    "Hợp tác xã trồng vải muốn người mua quét mã biết quả vải từ vườn nào, bón phân gì, thu hoạch ngày nào.",
    "Trường tiểu học muốn phụ huynh xem điểm, học bạ và đóng học phí qua điện thoại thay cho sổ giấy.",
    "Khách đến di tích không có người thuyết minh; cần thuyết minh tự động nhiều thứ tiếng và bản đồ tham quan.",
    "Kho hồ sơ giấy của chi cục đầy mối mọt, cần quét, nhận dạng chữ và tìm lại hồ sơ theo nội dung.",
    "Ngã tư trung tâm kẹt xe giờ tan tầm; cần đếm xe qua camera và chỉnh đèn tín hiệu theo lưu lượng.",
    "Máy chủ của sở bị dò quét liên tục, cần giám sát an toàn thông tin ngày đêm và cảnh báo khi bị tấn công.",
    "Người dân phản ánh ổ gà, rác thải qua điện thoại và muốn biết phường xử lý đến đâu.",
    "Tiểu thương ở chợ muốn nhận tiền không dùng tiền mặt, khách quét mã, cuối ngày đối soát được.",
    "Nông dân nuôi tôm cần đo độ mặn, nhiệt độ ao tự động và báo động về điện thoại khi vượt ngưỡng.",
    "Cán bộ xã cần học bồi dưỡng trực tuyến, làm bài kiểm tra và được cấp chứng nhận mà không phải lên tỉnh.",
    "Bưu cục cần theo dõi đường đi của gói hàng và xếp tuyến cho người giao hàng đỡ chạy vòng.",
    "can so hoa ho so dat dai, tra cuu thua dat tren ban do va cap nhat bien dong cho van phong dang ky",
)
FAR = 30  # places; a product of another category below this has no business near the top
TEN = 10
# The bounds of what one listing's text can decide (docs/ranking.md): shares of the cases.
PASSING = 0.05  # of pasted statements that pass the best answer
ENTERING = 0.15  # of pasted statements that enter the first ten; without the rules 0.99
GAINING = 0.2  # of keywords and categories that gain more than ten places
Attack = Callable[[Document, Document], Document]  # the attacker's listing, the best answer's → what is registered


@cache
def index(vectors: bool) -> Index:
    return index_of(documents(), knowledge(), vectors=vectors)


def order(statement: str, vectors: bool, changed: Document | None = None) -> list[str]:
    over = index(vectors)
    if changed is not None:
        find = vectors_of([changed], knowledge()) if vectors else no_vectors
        over = over.with_changes({changed.key: changed}, 1, find)
    return rank(statement, over, WordEmbedder() if vectors else None)[0]


@cache
def cases(vectors: bool) -> Sequence[tuple[str, Document, Document]]:
    """Return statement, the product that answers it best, and one that does not at all: two a statement, three in all
    with vectors, which cost more."""
    listed = {document.key: document for document in documents()}
    found = []
    for statement in STATEMENTS[:: 5 if vectors else 1]:
        before = order(statement, vectors)
        leaves = {leaf for key in before[:TEN] for leaf in (listed[key].category, *listed[key].also)}
        far = [key for key in before[FAR:] if leaves.isdisjoint({listed[key].category, *listed[key].also})]
        far = [far[0], far[-1]][: 1 if vectors else 2]
        found += [(statement, listed[before[0]], listed[key]) for key in far]
    return found


def places(attack: Attack, vectors: bool) -> list[tuple[int, int]]:
    """Return for each case where the attacker stands after the attack, and where the best answer does."""
    after = []
    for statement, best, attacker in cases(vectors):
        ranking = order(statement, vectors, attack(attacker, best))
        after.append((_place(ranking, attacker.key), _place(ranking, best.key)))
    return after


def _place(ranking: list[str], key: str) -> int:
    return ranking.index(key) + 1 if key in ranking else len(ranking) + 1


def gain(case: tuple[str, Document, Document], changed: Document, vectors: bool) -> int:
    """Return how many places a listing gains by being changed; less than 0 when it loses some."""
    statement = case[0]
    return _place(order(statement, vectors), changed.key) - _place(order(statement, vectors, changed), changed.key)


def _terms(best: Document) -> str:
    """Return what points to the best answer's category, as anybody may read it on the site."""
    leaf = next(leaf for leaf in knowledge().leaves if leaf.key == best.category)
    return " ".join((leaf.label, *leaf.terms))


def every_abbreviation(mine: Document, best: Document) -> Document:
    known = knowledge().abbreviations
    words = [*(entry.short for entry in known), *(meaning for entry in known for meaning in entry.expansions)]
    return replace(mine, description=f"{mine.description} {' '.join(words)}")


def ten_times_as_long(mine: Document, best: Document) -> Document:
    return replace(
        mine,
        description=" ".join([mine.description] * 10),
        capabilities=mine.capabilities * 10,
        solves=mine.solves * 10,
    )


def a_bit_of_every_product(mine: Document, best: Document) -> Document:
    others = [document.description for document in documents()[::26] if document.category != best.category]
    return replace(mine, description=" ".join([mine.description, *others]))


def letters_joined_by_nothing(mine: Document, best: Document) -> Document:
    return replace(mine, description=f"{mine.description} {chr(0x200B).join(_terms(best))}")


def keywords_in_the_description(mine: Document, best: Document) -> Document:
    return replace(mine, description=f"{mine.description} {' '.join([_terms(best)] * 20)}")


def keywords_as_capabilities(mine: Document, best: Document) -> Document:
    return replace(mine, capabilities=(*mine.capabilities, _terms(best)))


def keywords_in_the_name(mine: Document, best: Document) -> Document:
    return replace(mine, name=f"{mine.name} {_terms(best)}")


def keywords_as_customers(mine: Document, best: Document) -> Document:
    return replace(mine, customers=(*mine.customers, _terms(best)))


def hidden_markup(mine: Document, best: Document) -> Document:
    hidden = " ".join([_terms(best)] * 20)
    return replace(
        mine, description=f"{mine.description}{chr(10) * 50}<i style='display:none'>{hidden}</i><!--{hidden}-->"
    )


def hidden_between_words(mine: Document, best: Document) -> Document:
    return replace(mine, description=mine.description + chr(0x2060) + _terms(best).replace(" ", f" {chr(0x200B)}"))


def copied_description(mine: Document, best: Document) -> Document:
    return replace(mine, description=best.description, capabilities=best.capabilities)


def copied_solves(mine: Document, best: Document) -> Document:
    return replace(mine, solves=best.solves)


def copied_whole(mine: Document, best: Document) -> Document:
    copied = ("summary", "description", "capabilities", "solves", "customers")
    return replace(mine, **{name: getattr(best, name) for name in copied})


def wrong_category(mine: Document, best: Document) -> Document:
    return replace(mine, category=best.category)


def one_more_category(mine: Document, best: Document) -> Document:
    return replace(mine, also=(best.category, *mine.also))


def every_category(mine: Document, best: Document) -> Document:
    return replace(mine, also=tuple(leaf.key for leaf in knowledge().leaves))


def wrong_category_and_keywords(mine: Document, best: Document) -> Document:
    return keywords_in_the_description(wrong_category(mine, best), best)


def pasted_as_a_solve(mine: Document, statement: str) -> Document:
    return replace(mine, solves=(*mine.solves, statement))


def pasted_into_the_description(mine: Document, statement: str) -> Document:
    return replace(mine, description=f"{mine.description} {statement}")


def pasted_ten_times(mine: Document, statement: str) -> Document:
    return replace(mine, description=" ".join([mine.description, *[statement] * 10]), solves=(statement,) * 10)


def pasted_everywhere(mine: Document, statement: str) -> Document:
    mine = pasted_into_the_description(pasted_as_a_solve(mine, statement), statement)
    return replace(mine, capabilities=(*mine.capabilities, statement), customers=(*mine.customers, statement))


DECLARED = (wrong_category, one_more_category, every_category, wrong_category_and_keywords)
PASTED = (pasted_as_a_solve, pasted_into_the_description, pasted_ten_times, pasted_everywhere)
BULK = (every_abbreviation, ten_times_as_long, a_bit_of_every_product, letters_joined_by_nothing)
STUFFING = (
    keywords_in_the_description, keywords_as_capabilities, keywords_in_the_name, keywords_as_customers,
    hidden_markup, hidden_between_words,
)  # fmt: skip
COPIES = (copied_description, copied_solves, copied_whole)


def _name(attack: Attack) -> str:
    return attack.__name__


@pytest.mark.parametrize("vectors", [False, True], ids=["words", "vectors"])
class TestNoText:
    @pytest.mark.parametrize("attack", BULK, ids=_name)
    def test_in_bulk_enters_the_first_ten(self, attack, vectors):
        assert [mine for mine, _ in places(attack, vectors) if mine <= TEN] == []

    @pytest.mark.parametrize("attack", STUFFING, ids=_name)
    def test_of_keywords_passes_the_best_answer(self, attack, vectors):
        assert [(mine, best) for mine, best in places(attack, vectors) if mine < best] == []

    @pytest.mark.parametrize("attack", DECLARED, ids=_name)
    def test_of_categories_passes_the_best_answer(self, attack, vectors):
        assert [(mine, best) for mine, best in places(attack, vectors) if mine < best] == []

    @pytest.mark.parametrize("attack", PASTED, ids=_name)
    def test_of_a_pasted_statement_passes_the_best_answer_but_in_few_cases(self, attack, vectors):
        after = []
        for statement, best, mine in cases(vectors):
            ranking = order(statement, vectors, attack(mine, statement))
            after.append((_place(ranking, mine.key), _place(ranking, best.key)))

        assert sum(mine < best for mine, best in after) <= PASSING * len(after)
        assert sum(mine <= TEN for mine, _ in after) <= ENTERING * len(after)

    @pytest.mark.parametrize("attack", COPIES, ids=_name)
    def test_copied_from_a_competitor_passes_the_competitor(self, attack, vectors):
        assert [(mine, best) for mine, best in places(attack, vectors) if mine < best] == []


def test_the_attackers_do_not_answer_and_the_statements_are_answered():
    """Else nothing above says anything."""
    for statement, best, attacker in cases(False):
        before = order(statement, False)
        assert before[0] == best.key
        assert _place(before, attacker.key) > FAR
        assert attacker.category not in (best.category, *best.also)


@pytest.mark.parametrize("attack", [*STUFFING, *DECLARED], ids=_name)
def test_keywords_and_categories_gain_no_places(attack):
    gains = [gain(case, attack(case[2], case[1]), False) for case in cases(False)]

    assert median(gains) <= 0
    assert sum(one > TEN for one in gains) <= GAINING * len(gains)
