"""A customer's problem, or an advertisement."""

import pytest
import yaml
from django.conf import settings

from catalogue.platforms.slogans import Reason, findings

SEEDS = settings.BASE_DIR / "seeds"
SLOGANS = [
    "Giải pháp chuyển đổi số toàn diện hàng đầu Việt Nam cho mọi cơ quan.",
    "Nâng tầm quản trị doanh nghiệp của bạn trong kỷ nguyên số.",
    "Phần mềm số 1 về quản lý văn bản, được hơn 1.000 cơ quan tin dùng.",
    "Chúng tôi cung cấp hệ sinh thái dịch vụ số đồng bộ cho chính quyền.",
    "Hãy trải nghiệm ngay sức mạnh của trí tuệ nhân tạo thế hệ mới.",
    "Mang đến trải nghiệm tuyệt vời cho người dân và doanh nghiệp.",
    "Giúp cơ quan tối ưu hiệu suất và tiết kiệm chi phí vận hành.",
    "Bứt phá doanh thu chỉ với một cú chạm trên điện thoại.",
    "Đối tác tin cậy của các bộ, ngành, địa phương trên cả nước.",
    "Công nghệ đột phá, bảo mật vượt trội, giao diện thân thiện.",
    "Nền tảng quản trị thông minh cho phép điều hành mọi lúc mọi nơi.",
    "Cam kết mang lại giá trị bền vững cho khách hàng.",
    "Sản phẩm đạt nhiều giải thưởng uy tín trong và ngoài nước.",
    "Giao diện đẹp, tốc độ cao, bảo mật nhiều lớp, dễ sử dụng.",
    "Dẫn đầu xu hướng chính quyền số với công nghệ tiên tiến nhất.",
    "HọpViệt biến phòng họp của cơ quan thành không gian không giấy.",
    "Đăng ký ngay hôm nay để nhận ưu đãi cho năm đầu tiên.",
    "Kiến tạo tương lai số cho đô thị và con người Việt Nam.",
    "Giải pháp tối ưu",
    "Phần mềm họp không giấy hoàn hảo nhất",
]
HONEST = [
    "Mỗi kỳ họp in hàng nghìn trang tài liệu, sửa một chỗ là in lại từ đầu.",
    "Chúng tôi là xã vùng cao, mạng yếu, họp với huyện lúc nào cũng đứt tiếng.",
    "Triển khai họp không giấy cho Hội đồng nhân dân theo kế hoạch chuyển đổi số của tỉnh.",
    "Muốn dùng thử vài tuần rồi mới quyết định thuê cả năm.",
]


@pytest.mark.parametrize("slogan", SLOGANS)
def test_a_slogan_is_told_with_a_reason(slogan):
    found = findings(slogan, ["HọpViệt"])

    assert found
    assert all(finding.sentence for finding in found)


@pytest.mark.parametrize("problem", HONEST)
def test_a_problem_in_a_customers_words_passes(problem):
    assert findings(problem, ["HọpViệt", "Công ty Họp Việt"]) == []


def test_of_the_seeds_at_least_95_in_100_pass_and_99_need_no_rewriting():
    vendors = {row["key"]: row for row in yaml.safe_load((SEEDS / "vendors.yaml").read_text())["vendors"]}
    rows = yaml.safe_load((SEEDS / "platforms.yaml").read_text())["platforms"]
    found = [
        findings(text, [row["name"], vendors[row["vendor"]]["name"], vendors[row["vendor"]]["short_name"]])
        for row in rows
        for text in row["solves"]
    ]

    assert sum(not one for one in found) / len(found) >= 0.95
    assert sum(not any(finding.refused for finding in one) for one in found) / len(found) >= 0.99


def test_a_name_that_is_a_short_word_is_no_name_unless_in_capitals():
    assert findings("Mỗi kỳ họp in hàng nghìn trang, sửa lại từ đầu.", ["Họp", "FPT"]) == []
    assert [f.reason for f in findings("Xã cần FPT làm phần mềm họp từ xa", ["FPT"])] == [Reason.NAMES_PRODUCT]


def test_names_are_found_however_marks_are_placed_and_not_inside_other_words():
    assert [f.reason for f in findings("Xã cần HoaSen để họp với huyện từng tháng", ["hoasen"])] == [
        Reason.NAMES_PRODUCT
    ]
    assert findings("Xã cần hoasenia để họp với huyện từng tháng", ["hoasen"]) == []
