"""What a vendor is told of a text, with the reason; and how much of what agencies ask it answers."""

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalogue.platforms.completeness import QUESTIONS, completeness
from catalogue.platforms.content import Content, ContentInvalid, parse
from catalogue.platforms.likeness import Copy, near_copies
from catalogue.platforms.originals import note_statement
from catalogue.platforms.quality import LONGEST_PARAGRAPH, LONGEST_SENTENCE, Code, Severity, hints
from tests.support.factories import LeafFactory, PlatformFactory

PRICED = {"packages": [{"name": "Xã", "unit": "agency", "period": "year", "price_min": 12_000_000}]}
EVIDENCE = {"evidence": [{"kind": "other", "title": "Bài báo", "url": "https://example.vn/bai"}]}
SENTENCE = "Cán bộ xã gửi báo cáo tuần lên huyện mà không phải chép lại số liệu từ sổ giấy sang bảng tính."
NEED = "Trạm y tế gọi điện hỏi từng nhà xem trẻ nào chưa tiêm, tối mới chép lại vào sổ."


def of(**values) -> Content:
    return parse({"name": "Họp Giấy", **PRICED, **values})


def codes(content: Content, **more) -> list[Code]:
    return [hint.code for hint in hints(content, **more)]


def test_a_plain_text_with_a_price_gets_no_advice():
    assert hints(of(summary="Họp không giấy cho hội đồng nhân dân.", description="Gửi tài liệu, điểm danh.")) == []


def test_every_hint_says_what_to_do_and_why():
    content = parse(
        {
            "name": "Họp Giấy",
            "summary": "NỀN TẢNG HỌP SỐ TỐT NHẤT dùng KHCN.",
            "description": f"{'chữ ' * LONGEST_PARAGRAPH}. Hết.",
            "solves": ["Giải pháp hàng đầu giúp doanh nghiệp bứt phá."],
        }
    )
    found = hints(content, copies=[Copy("summary", "Câu giống", "Họp Khác")])

    assert {hint.code for hint in found} == set(Code)
    assert all(hint.message and hint.why for hint in found)
    assert found == sorted(found, key=lambda hint: hint.severity != Severity.SERIOUS)


class TestPrice:
    def test_is_missed_where_no_package_has_one(self):
        unpriced = {"packages": [{"name": "Xã", "unit": "agency", "period": "year"}]}

        assert Code.NO_PRICE in codes(parse({"name": "Họp", **unpriced}))
        assert Code.NO_PRICE in codes(parse({"name": "Họp"}))

    def test_is_not_missed_of_what_is_free(self):
        assert Code.NO_PRICE not in codes(parse({"name": "Họp", "pricing_model": "free"}))


class TestPraise:
    @pytest.mark.parametrize(
        "text",
        [
            "Nền tảng số 1 Việt Nam về họp.", "Giải pháp hàng đầu cho xã.", "Là đơn vị duy nhất tại Việt Nam làm việc này.",
            "Bảo mật tuyệt đối cho dữ liệu.", "Nhanh nhất thị trường.", "Nền tảng họp đầu tiên tại Việt Nam.",
        ],
    )  # fmt: skip
    def test_needs_evidence(self, text):
        assert Code.SUPERLATIVE in codes(of(summary=text))
        assert Code.SUPERLATIVE not in codes(of(summary=text, **EVIDENCE))

    @pytest.mark.parametrize(
        "text",
        [
            "Mỗi người có một mã định danh duy nhất.", "Gửi tờ khai đầu tiên trong năm phút.",
            "Mã địa chỉ số 12 ký tự.", "Cần thanh toán ít nhất một lần.",
        ],
    )  # fmt: skip
    def test_is_not_what_only_sounds_like_it(self, text):
        assert Code.SUPERLATIVE not in codes(of(summary=text))

    def test_in_a_list_names_the_item(self):
        (hint,) = hints(of(capabilities=["Chấm công", "Nhận diện tốt nhất"]))

        assert (hint.field, hint.example) == ("capabilities.1", "Nhận diện tốt nhất")


class TestReading:
    def test_a_sentence_may_be_as_long_as_the_limit(self):
        assert codes(of(description="chữ " * LONGEST_SENTENCE)) == []
        assert codes(of(description="chữ " * (LONGEST_SENTENCE + 1))) == [Code.LONG_SENTENCE]

    def test_lines_break_a_wall(self):
        block = " ".join(["Một câu ngắn gọn thôi."] * 30)

        assert codes(of(description=block)) == [Code.WALL_OF_TEXT]
        assert codes(of(description=block.replace(". ", ".\n"))) == []

    def test_capitals_are_a_name_up_to_three_words(self):
        assert codes(of(summary="Do VIỆN TIN HỌC làm cho xã.")) == []
        assert codes(of(summary="Do VIỆN TIN HỌC SỐ làm cho xã.")) == [Code.CAPITALS]

    @pytest.mark.parametrize(
        "text",
        [
            "Hệ thống cảnh báo sớm (HTCBS) cho xã.",
            "HTCBS (hệ thống cảnh báo sớm) cho xã.",
            "Xuất PDF, đăng nhập OTP.",
            "Rất NHẤT và đủ ĐỒ cho kỳ XII.",
        ],
    )
    def test_an_abbreviation_that_is_explained_or_well_known_is_none(self, text):
        assert codes(of(summary=text)) == []

    def test_an_abbreviation_is_named_once(self):
        (hint,) = hints(of(summary="HTCBS cho xã.", description="HTCBS chạy trên điện thoại."))

        assert (hint.code, hint.field) == (Code.ABBREVIATION, "summary")
        assert "HTCBS" in hint.message

    def test_what_the_office_knows_and_what_the_vendor_is_called_needs_no_explanation(self):
        content = of(summary="UBND xã dùng HTCBS của VNCS.")

        assert codes(content, known=["UBND", "HTCBS"], names=["Công ty VNCS"]) == []


def test_solves_that_advertise_are_told_apart_by_how_bad_it_is():
    content = of(solves=["Giải pháp hàng đầu cho mọi cơ quan.", "Đọc tin tức bằng điện thoại vào buổi sáng hằng ngày."])

    found = [(hint.field, hint.severity) for hint in hints(content) if hint.code == Code.SLOGAN]

    assert found == [("solves.0", Severity.SERIOUS), ("solves.1", Severity.ADVICE)]


@given(st.text(max_size=200), st.lists(st.text(max_size=60), max_size=3))
def test_no_text_stops_the_check(text, items):
    try:
        content = of(description=text, capabilities=items)
    except ContentInvalid:  # said twice, or too much: it never becomes a content
        return

    assert all(hint.message for hint in hints(content))


class TestCompleteness:
    def test_goes_from_nothing_to_all(self):
        assert completeness(parse({"name": "Họp"})).percent == 0

        whole = completeness(
            of(
                **EVIDENCE,
                summary="Họp không giấy.",
                description="chữ " * 40,
                solves=[f"Bài toán số {n}" for n in range(4)],
                capabilities=["Một", "Hai", "Ba"],
                customers=["Tỉnh A"],
                status="active",
                deployment=["saas"],
                data_in_vietnam="no",  # an honest no is an answer
                security_level=3,
                standards=["TCVN 1"],
                export_formats=["CSV"],
                designed_by="vietnamese",
                source_owner="open_source",
                support_commitment="yes",
                support_phone="024 3943 1234",
            )
        )

        assert (whole.percent, whole.open) == (100, ())

    def test_lists_what_is_open_the_weightiest_first(self):
        found = completeness(of(summary="Họp không giấy."))

        assert {one.field for one in found.answered} == {"packages", "summary"}
        assert [one.points for one in found.open] == sorted((one.points for one in found.open), reverse=True)
        assert len(found.answered) + len(found.open) == len(QUESTIONS)

    def test_asks_only_for_what_a_content_has(self):
        assert {question.field for question in QUESTIONS} <= set(Content.model_fields)


@pytest.mark.django_db
class TestNearCopies:
    @pytest.fixture
    def leaf(self):
        return LeafFactory(key="online-meetings")

    @pytest.fixture
    def mine(self, leaf):
        return PlatformFactory(category=leaf, listed_at=None)

    def content(self, **values):
        return of(category="online-meetings", **values)

    def test_are_found_though_a_word_differs(self, leaf, mine):
        PlatformFactory(slug="khac", name="Khác", category=leaf, description=f"Mở đầu. {SENTENCE}")

        found = near_copies(mine, self.content(solves=["Ngắn.", SENTENCE.replace("Cán bộ xã", "Cán bộ phường")]))

        assert [(copy.field, copy.name) for copy in found] == [("solves.1", "Khác")]

    @pytest.mark.parametrize("text", ["Họp không giấy cho xã.", SENTENCE[:30], "Điều hoàn toàn khác mà không ai nói tới ở đâu cả."])  # fmt: skip
    def test_are_no_short_or_other_sentences(self, leaf, mine, text):
        PlatformFactory(category=leaf, description=SENTENCE, summary="Họp không giấy cho xã.")

        assert near_copies(mine, self.content(summary=text)) == []

    def test_are_not_looked_for_in_drafts_or_own_products(self, leaf, mine):
        PlatformFactory(category=leaf, description=SENTENCE, listed_at=None)
        PlatformFactory(category=leaf, description=SENTENCE, vendor=mine.vendor)

        assert near_copies(mine, self.content(description=SENTENCE)) == []

    def test_are_found_in_other_categories_too(self, mine):
        PlatformFactory(name="Khác", description=SENTENCE)

        assert [copy.name for copy in near_copies(mine, self.content(description=SENTENCE))] == ["Khác"]

    def test_are_no_sentences_that_the_vendor_said_first(self, leaf, mine):
        PlatformFactory(category=leaf, description=SENTENCE, vendor=mine.vendor)
        PlatformFactory(category=leaf, description=SENTENCE)

        assert near_copies(mine, self.content(description=SENTENCE)) == []

    def test_name_nobody_who_is_not_listed(self, leaf, mine):
        gone = PlatformFactory(name="Đã Rút", category=leaf, description=SENTENCE)
        gone.retired_at = timezone.now()
        gone.save()
        note_statement(NEED, key="tiem-chung", now=timezone.now())

        found = near_copies(mine, self.content(description=SENTENCE, solves=[NEED]))

        assert [(copy.field, copy.name) for copy in found] == [("description", ""), ("solves.0", "")]
        told = [hint.message for hint in hints(of(), copies=found)]
        assert len(told) == 2
        assert all("đã đăng trước" in message for message in told)

    def test_cost_the_same_however_many_listings(self, leaf, mine, django_assert_num_queries):
        for _ in range(5):
            PlatformFactory(category=leaf, description=SENTENCE)

        with django_assert_num_queries(6):
            assert len(near_copies(mine, self.content(description=SENTENCE))) == 1
