"""Marks put back on statements typed without them."""

from hypothesis import given
from hypothesis import strategies as st

from catalogue.common.text import canonical, fold
from recommender.engine.restore import Restorer
from recommender.engine.types import Abbreviation, Knowledge, Leaf

TEXTS = [
    "phần mềm kế toán cho trường học",
    "phần mềm quản lý kho",
    "kê khai thuế qua mạng",
    "kế hoạch thu học phí",
    "người dân phân loại rác",
]


class TestRestore:
    restorer = Restorer(TEXTS)

    def test_a_syllable_is_spelt_as_it_is_after_the_one_before(self):
        assert self.restorer.restore("phan mem ke toan") == "phần mềm kế toán"
        assert self.restorer.restore("nguoi dan phan loai rac") == "người dân phân loại rác"
        assert self.restorer.restore("ke khai thue") == "kê khai thuế"

    def test_what_no_text_has_and_what_stands_between_stays(self):
        assert self.restorer.restore("Phan mem POS, ke toan (2025)!") == "phần mềm pos, kế toán (2025)!"

    def test_marks_that_were_typed_do_not_mislead_it(self):
        assert self.restorer.restore("phan mềm kê toan") == "phần mềm kế toán"

    def test_nothing_known_changes_nothing(self):
        assert Restorer([]).restore("phan mem ke toan") == "phan mem ke toan"
        assert self.restorer.restore("") == ""

    @given(st.text(max_size=60))
    def test_only_marks_and_case_change(self, text):
        assert fold(self.restorer.restore(text)) == fold(canonical(text))


def test_it_learns_from_needs_terms_labels_examples_and_long_forms():
    knowledge = Knowledge(
        (Leaf("kho", "Kho vận", ("giao hàng chậm",), ("tồn kho",)),),
        (Abbreviation("BHYT", ("bảo hiểm y tế",)),),
        ("sửa đường",),
    )
    restorer = Restorer.of(knowledge)

    for text in ("kho vận", "giao hàng chậm", "tồn kho", "bảo hiểm y tế", "sửa đường"):
        assert restorer.restore(fold(text)) == text
