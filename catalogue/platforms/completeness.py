"""How much of what an agency asks of a product its content answers: a percentage, with the list behind it.

A weight is how early and how often an officer asks (docs/quality-help.md says where each comes from). An honest "no" is an
answer: only what is left open costs points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .choices import Answer, Maker, PricingModel, SourceOwner, Status
from .content import FEWEST_SOLVES, Content, words

FEWEST_CAPABILITIES = 3
FEWEST_DESCRIPTION = 40  # words; nine tenths of the seed catalogue's descriptions have more


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that agencies ask. field: where it is answered, as in `Content`. points: what the answer counts."""

    field: str
    points: int
    what: Any
    why: Any
    is_answered: Callable[[Content], bool]


@dataclass(frozen=True, slots=True)
class Completeness:
    """answered, open: the questions, those that count most first. percent: the points of the answered ones, 0 to 100."""

    percent: int
    answered: tuple[Question, ...]
    open: tuple[Question, ...]


def has_price(content: Content) -> bool:
    """Say whether an officer finds a price: that of a package, or that nothing has to be paid."""
    return content.pricing_model == PricingModel.FREE or any(one.price_min is not None for one in content.packages)


QUESTIONS = (
    Question(
        "solves", 12, _("Bài toán giải quyết"),
        _("Cơ quan tìm bằng bài toán của mình; hệ thống gợi ý đọc các câu này trước hết."),
        lambda content: len(content.solves) >= FEWEST_SOLVES,
    ),
    Question(
        "packages", 12, _("Giá của ít nhất một gói"),
        _("Không có giá thì cơ quan không lập được dự toán, cũng không lọc được theo kinh phí."),
        has_price,
    ),
    Question(
        "evidence", 12, _("Bằng chứng"),
        _("Mặc định hệ thống gợi ý chỉ giới thiệu sản phẩm có bằng chứng được đọc và ghi nhận."),
        lambda content: any(one.url or one.document for one in content.evidence),
    ),
    Question(
        "capabilities", 8, _("Chức năng"),
        _("Cán bộ đối chiếu từng yêu cầu với từng chức năng."),
        lambda content: len(content.capabilities) + len(content.common_capabilities) >= FEWEST_CAPABILITIES,
    ),
    Question(
        "deployment", 8, _("Cách triển khai"),
        _("Nhiều cơ quan chỉ được thuê, hoặc chỉ được cài tại chỗ."),
        lambda content: bool(content.deployment),
    ),
    Question(
        "security_level", 8, _("Cấp độ an toàn hệ thống"),
        _("Hệ thống của cơ quan phải được phê duyệt cấp độ trước khi chạy."),
        lambda content: content.security_level is not None,
    ),
    Question(
        "exit_terms", 8, _("Lấy lại dữ liệu, ngừng sử dụng"),
        _("Cơ quan cần biết trước cách rời đi để không bị phụ thuộc."),
        lambda content: bool(content.export_formats or content.exit_terms),
    ),
    Question(
        "data_in_vietnam", 7, _("Nơi đặt dữ liệu"),
        _("Nhiều loại dữ liệu của cơ quan phải đặt tại Việt Nam."),
        lambda content: content.data_in_vietnam != Answer.UNKNOWN,
    ),
    Question(
        "customers", 7, _("Khách hàng đang dùng"),
        _("Cán bộ muốn hỏi một nơi đã dùng trước khi đề xuất."),
        lambda content: bool(content.customers),
    ),
    Question(
        "support_commitment", 6, _("Cam kết hỗ trợ và nơi liên hệ"),
        _("Hồ sơ mua sắm phải nêu bảo hành, hỗ trợ; người hỏi phải biết gọi ai."),
        lambda content: content.support_commitment != Answer.UNKNOWN
        and bool(content.support_phone or content.support_email),
    ),
    Question(
        "designed_by", 5, _("Ai thiết kế, ai giữ mã nguồn"),
        _("Là căn cứ để xét ưu tiên hàng trong nước."),
        lambda content: content.designed_by != Maker.UNKNOWN and content.source_owner != SourceOwner.UNKNOWN,
    ),
    Question(
        "connections", 5, _("Kết nối hoặc tiêu chuẩn đáp ứng"),
        _("Sản phẩm phải làm việc được với hệ thống cơ quan đang có."),
        lambda content: bool(content.connections or content.standards),
    ),
    Question(
        "description", 5, _("Mô tả đủ rõ"),
        _("Vài dòng chưa đủ để cán bộ hình dung sản phẩm chạy thế nào."),
        lambda content: words(content.description) >= FEWEST_DESCRIPTION,
    ),
    Question(
        "summary", 4, _("Tóm tắt"),
        _("Câu này đứng trong danh sách gợi ý và danh mục."),
        lambda content: bool(content.summary),
    ),
    Question(
        "status", 3, _("Tình trạng cung cấp"),
        _("Cán bộ cần biết sản phẩm còn bán hay đã ngừng."),
        lambda content: content.status != Status.UNKNOWN,
    ),
)  # fmt: skip


def completeness(content: Content) -> Completeness:
    """Return which questions the content answers. Of equal weight, the order of QUESTIONS decides."""
    ordered = sorted(QUESTIONS, key=lambda question: -question.points)
    answered = tuple(question for question in ordered if question.is_answered(content))
    points = sum(question.points for question in answered)
    return Completeness(
        100 * points // sum(question.points for question in QUESTIONS),
        answered,
        tuple(question for question in ordered if question not in answered),
    )
