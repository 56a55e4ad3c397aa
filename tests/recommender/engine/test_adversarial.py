"""No product text can buy rank: what a listing says of itself must not lift it where it does not belong.

The real seed catalogue, statements, and for each statement products that do not answer it (`crafting.Catalogue.cases`).
Each test rewrites such a listing the way somebody who wants places would, registers it after all the others, and looks
where it stands then. A place is one of the ten that an answer gives: below them nothing is shown, and a step from the
250th to the 230th of what nobody sees is none.
"""

from collections.abc import Sequence
from functools import cache
from statistics import median

import pytest

from tests.recommender.engine.crafting import (
    BULK,
    COPIED,
    DECLARED,
    FAR,
    PASTED,
    REWRITTEN,
    STUFFING,
    TEN,
    Attack,
    Case,
    Catalogue,
    in_its_category,
    place,
)  # fmt: skip
from tests.recommender.engine.samples import WordEmbedder
from tests.recommender.engine.seed_catalogue import read

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
# Statements on which no bound was chosen.
KEPT_APART = tuple(row["text"] for row in read("needs_check.yaml")["needs"][3::16])
GAINING = 0.2  # share of the cases in which keywords and categories may gain more than ten places (docs/ranking.md)
COPIES = (*COPIED, *REWRITTEN)


@cache
def catalogue(vectors: bool) -> Catalogue:
    return Catalogue(WordEmbedder() if vectors else None)


@cache
def cases(vectors: bool, kept_apart: bool = False) -> Sequence[Case]:
    """Return two cases a statement by words; with vectors, which cost more, one of every fifth statement."""
    if kept_apart:
        return list(catalogue(vectors).cases(KEPT_APART[:: 4 if vectors else 1], 1))
    return list(catalogue(vectors).cases(STATEMENTS[:: 5 if vectors else 1], 1 if vectors else 2))


def entered(attack: Attack, vectors: bool, *, published: bool = False, kept_apart: bool = False) -> list[str]:
    """Return whose listings the attack brings among the first ten."""
    return [
        f"{case.mine.key}: {case.statement}"
        for case in cases(vectors, kept_apart)
        if catalogue(vectors).gain(case, attack, published=published)[1] <= TEN
    ]


def passed(attack: Attack, vectors: bool) -> list[tuple[int, int]]:
    """Return the places of attacker and best answer wherever the attacker stands before it."""
    found = (catalogue(vectors).gain(case, attack)[1:] for case in cases(vectors))
    return [(mine, best) for mine, best in found if mine < best]


def _name(attack: Attack) -> str:
    return attack.__name__


@pytest.mark.parametrize("vectors", [False, True], ids=["words", "vectors"])
class TestNoText:
    @pytest.mark.parametrize("attack", BULK, ids=_name)
    def test_in_bulk_enters_the_first_ten(self, attack, vectors):
        assert entered(attack, vectors) == []

    @pytest.mark.parametrize("attack", [*STUFFING, *DECLARED], ids=_name)
    def test_of_keywords_and_categories_passes_the_best_answer(self, attack, vectors):
        assert passed(attack, vectors) == []

    @pytest.mark.parametrize("attack", COPIES, ids=_name)
    def test_of_a_competitor_enters_the_first_ten(self, attack, vectors):
        assert entered(attack, vectors) == []

    @pytest.mark.parametrize("attack", [in_its_category(copy) for copy in COPIES], ids=_name)
    def test_of_a_competitor_enters_the_first_ten_in_its_category(self, attack, vectors):
        assert entered(attack, vectors) == []

    @pytest.mark.parametrize("published", [True, False], ids=["published", "guessed"])
    @pytest.mark.parametrize("attack", PASTED, ids=_name)
    def test_of_the_statement_itself_enters_the_first_ten(self, attack, published, vectors):
        assert entered(attack, vectors, published=published) == []


@pytest.mark.parametrize("attack", [*COPIED, *map(in_its_category, COPIES)], ids=_name)
def test_copies_enter_no_answer_to_statements_that_chose_no_bound(attack):
    assert entered(attack, False, kept_apart=True) == []


@pytest.mark.parametrize("published", [True, False], ids=["published", "guessed"])
@pytest.mark.parametrize("attack", PASTED, ids=_name)
def test_pasting_enters_no_answer_to_statements_that_chose_no_bound(attack, published):
    assert entered(attack, False, published=published, kept_apart=True) == []


def test_the_attackers_do_not_answer_and_the_statements_are_answered():
    """Else nothing above says anything."""
    for case in (*cases(False), *cases(False, True)):
        before = catalogue(False).order(case.statement)
        assert before[0] == case.best.key
        assert place(before, case.mine.key) > FAR
        assert case.mine.category not in case.best.leaves


@pytest.mark.parametrize("attack", [*STUFFING, *DECLARED], ids=_name)
def test_keywords_and_categories_gain_no_places(attack):
    gains = [catalogue(False).gain(case, attack)[0] for case in cases(False)]

    assert median(gains) <= 0
    assert sum(one > TEN for one in gains) <= GAINING * len(gains)
