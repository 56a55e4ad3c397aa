"""Is a statement of `solves` a customer's problem, or an advertisement? Rules with reasons, no verdict by taste.

Measured on the 1,365 statements of the seeds and on a list of slogans (tests/catalogue/platforms/test_slogans.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from catalogue.common.text import canonical

FEWEST_WORDS = 6  # fewer say no situation
_SHORTEST_NAME = 4  # letters; a shorter name is a word like any other, unless it is written in capitals


class Reason(StrEnum):
    SHORT = "short"
    SUPERLATIVE = "superlative"
    NAMES_PRODUCT = "names_product"
    SELLER_SPEAKS = "seller_speaks"
    NO_PROBLEM = "no_problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a statement reads like an advertisement; `found` is what gives it away, in the statement's own spelling."""

    reason: Reason
    found: str = ""

    @property
    def refused(self) -> bool:
        """Whether it must be rewritten before a product is handed in; else it is advice, which an honest sentence may get."""
        return self.reason != Reason.NO_PROBLEM

    @property
    def sentence(self) -> str:
        sentence = {
            Reason.SHORT: _("Câu còn ngắn quá: hãy kể ai gặp việc gì, vướng ở đâu."),
            Reason.SUPERLATIVE: _("“%(found)s” là lời khen. Hãy bỏ đi và kể điều khách hàng đang vướng."),
            Reason.NAMES_PRODUCT: _(
                "“%(found)s” là tên sản phẩm hoặc doanh nghiệp. Khách hàng chưa biết tên này khi nêu bài toán."
            ),
            Reason.SELLER_SPEAKS: _(
                "“%(found)s” là lời người bán. Hãy viết bằng lời của khách hàng, trước khi họ mua."
            ),
            Reason.NO_PROBLEM: _("Câu chưa nói điều gì đang thiếu, khó, chậm, sai hoặc cần làm."),
        }[self.reason]
        return sentence % {"found": self.found} if self.found else sentence


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(canonical, alternatives))})(?!\w)")


# Praise that no customer speaks of a trouble of his own with.
_PRAISE = _words(
    r"hàng đầu", r"số (?:1|một)", r"no\.? ?1", r"tốt nhất", r"ưu việt", r"vượt trội", r"đột phá", r"đẳng cấp", r"hoàn hảo",
    r"tiên phong", r"tân tiến nhất", r"hiện đại nhất", r"tiên tiến nhất", r"mạnh mẽ nhất", r"duy nhất trên thị trường",
    r"toàn diện nhất", r"thông minh nhất", r"uy tín nhất", r"chuyên nghiệp nhất", r"siêu (?:việt|tốc)", r"xuất sắc",
    r"thần tốc", r"tuyệt vời", r"hoàn toàn mới", r"(?:công nghệ|trí tuệ nhân tạo|giải pháp) thế hệ mới", r"tối ưu nhất", r"nhanh nhất", r"rẻ nhất", r"dễ dàng nhất",
    r"không thể thiếu", r"world[- ]class", r"best[- ]in[- ]class", r"all[- ]in[- ]one", r"đỉnh cao", r"giải thưởng",
    r"thân thiện", r"dễ sử dụng", r"tốc độ cao", r"bảo mật (?:nhiều lớp|cao|tuyệt đối)",
)  # fmt: skip
# The seller's voice: he offers, promises, calls to act.
_SELLER = _words(
    r"chúng tôi (?:cung cấp|mang|tự hào|cam kết|giúp|sẽ giúp|đồng hành|hỗ trợ|luôn)", r"giải pháp của chúng tôi", r"quý khách",
    r"giúp (?:bạn|quý|doanh nghiệp|cơ quan|khách hàng|tổ chức|người dùng)", r"mang (?:đến|lại) (?:cho|giải pháp|trải nghiệm|giá trị|sự|hiệu quả)",
    r"nâng tầm", r"bứt phá", r"chinh phục", r"trải nghiệm ngay", r"liên hệ ngay", r"đăng ký ngay", r"dùng thử (?:ngay|miễn phí)", r"khám phá (?:ngay|sức mạnh|giải pháp|cách mạng)",
    r"đồng hành cùng", r"giải pháp (?:toàn diện|tối ưu|thông minh|số 1|trọn gói cho|chuyển đổi số|đồng bộ)", r"trong tầm tay",
    r"chỉ (?:với|cần) (?:một|1|vài) (?:cú )?(?:chạm|nhấp|click|nút bấm)", r"kiến tạo", r"vươn tầm", r"dẫn đầu", r"khơi (?:nguồn|mở)", r"lựa chọn (?:tin cậy|hàng đầu|thông minh)",
    r"đối tác (?:tin cậy|chiến lược)", r"được (?:tin dùng|tin tưởng)", r"hệ sinh thái", r"tương lai số", r"kỷ nguyên", r"hãy", r"tự hào", r"cam kết (?:mang|đem|hài lòng|chất lượng)",
    r"tối ưu (?:hóa )?(?:hiệu suất|hiệu quả|vận hành|chi phí|quy trình)", r"tích hợp (?:ai|trí tuệ nhân tạo) (?:giúp|để|mạnh|tiên)",
    r"nền tảng (?:\w+ ){0,4}(?:toàn diện|thông minh|ưu việt|dẫn|cho phép|giúp)",
)  # fmt: skip
# What a trouble, a lack or a wish is told with.
_TROUBLE = _words(
    r"không", r"chưa", r"chẳng", r"chả", r"khó", r"thiếu", r"mất", r"phải", r"chậm", r"sai", r"nhầm", r"lẫn", r"trễ", r"muộn", r"lâu",
    r"bị", r"lo", r"sợ", r"ngại", r"tốn", r"đắt", r"rườm rà", r"phiền", r"rối", r"quá tải", r"ùn", r"tắc", r"nghẽn", r"thất thoát",
    r"thất lạc", r"lộ", r"giả", r"gian", r"lừa", r"rủi ro", r"sự cố", r"hỏng", r"lỗi", r"cũ", r"lạc hậu", r"thủ công", r"giấy", r"excel", r"sổ tay",
    r"rời rạc", r"phân tán", r"trùng", r"chồng chéo", r"bỏ sót", r"sót", r"quên", r"tràn", r"kém", r"yếu", r"thấp", r"ít", r"hết", r"vắng",
    r"cạn", r"nghèo", r"nhỏ lẻ", r"xa", r"dài", r"đông", r"nhiều", r"mỗi (?:lần|người|nơi|đơn vị|khi|ngày|tuần|tháng|phòng|xã|cửa)", r"vẫn", r"còn", r"mới", r"toàn", r"tự", r"đi lại", r"chờ", r"đợi", r"hỏi", r"than",
    r"khiếu nại", r"kêu", r"phàn nàn", r"bức xúc", r"tranh chấp", r"vi phạm", r"xử phạt", r"tai nạn", r"ô nhiễm", r"ngập", r"cháy", r"bệnh",
    r"cần", r"muốn", r"mong", r"tìm", r"yêu cầu", r"bắt buộc", r"được giao", r"chỉ tiêu", r"theo (?:quy định|chỉ đạo|kế hoạch|đề án|nghị)", r"đề nghị", r"làm sao", r"thế nào", r"bao giờ", r"ở đâu",
    r"lại", r"hai lần", r"vất vả", r"nguy hiểm", r"lãng phí", r"quá", r"chỉ (?:có|mấy|bán|thích)", r"bỏ lọt", r"lọt", r"kẻ xấu", r"nhiễm", r"tê liệt",
    r"vướng", r"bí", r"loay hoay", r"lúng túng", r"bất tiện", r"bỏ dở", r"bỏ ngỏ", r"tồn đọng", r"ứ đọng", r"dồn", r"đứt", r"gián đoạn", r"treo", r"nặng", r"rớt", r"ế",
)  # fmt: skip
# How an office writes a task it was given: it begins with what is to be done.
_TASK = re.compile(
    r"(?:"
    + "|".join(
        map(
            canonical,
            (
                r"triển khai", r"xây dựng", r"mua", r"đầu tư", r"trang bị", r"thuê", r"lập", r"tổ chức", r"thúc đẩy", r"đưa", r"làm", r"quản lý",
                r"số hóa", r"kết nối", r"thay thế", r"thay", r"nâng cấp", r"hình thành", r"thiết lập", r"ứng dụng", r"cung cấp", r"hỗ trợ",
                r"tăng cường", r"phát triển", r"bảo đảm", r"đảm bảo", r"theo dõi", r"giám sát", r"kiểm soát", r"kiểm tra", r"đánh giá", r"thực hiện",
                r"phục vụ", r"tạo", r"mở", r"chuyển", r"hoàn thiện", r"công khai", r"tiếp nhận", r"rà soát", r"thí điểm", r"đào tạo", r"tập huấn",
                r"chuẩn hóa", r"đồng bộ", r"phân tích", r"dự báo", r"cảnh báo", r"phòng", r"giảm", r"rút ngắn", r"huy động", r"quảng bá", r"bán", r"vận hành",
            ),
        )
    )
    + r")(?!\w)"
)  # fmt: skip


def findings(text: str, names: Iterable[str] = ()) -> list[Finding]:
    """Return every reason why a statement reads like an advertisement; none for a customer's problem.

    names: of the product and its vendor.
    """
    return list(_find(text, names))


def _find(text: str, names: Iterable[str]) -> Iterator[Finding]:
    told = canonical(text)
    if len(told.split()) < FEWEST_WORDS:
        yield Finding(Reason.SHORT)
    for reason, pattern in ((Reason.SUPERLATIVE, _PRAISE), (Reason.SELLER_SPEAKS, _SELLER)):
        if match := pattern.search(told):
            yield Finding(reason, match[0])
    for name in names:
        short = len(name.strip()) < _SHORTEST_NAME
        known, where = (name.strip(), text) if short else (canonical(name).strip(), told)
        if (known.isupper() or not short) and re.search(rf"(?<!\w){re.escape(known)}(?!\w)", where):
            yield Finding(Reason.NAMES_PRODUCT, name.strip())
            break
    if not (_TROUBLE.search(told) or _TASK.match(told)):
        yield Finding(Reason.NO_PROBLEM)
