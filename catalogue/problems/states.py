"""The course of a problem: its states, the moves between them, and how it can end."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a problem stands. Once published it stays readable, whatever becomes of it."""

    DRAFT = "draft", _("Bản nháp")
    MODERATION = "moderation", _("Chờ bộ quản lý xem")
    RETURNED = "returned", _("Bộ quản lý trả lại")
    PUBLISHED = "published", _("Đang nhận trả lời")
    CLOSED = "closed", _("Hết hạn, chờ kết quả")
    ENDED = "ended", _("Đã có kết quả")
    WITHDRAWN = "withdrawn", _("Đã rút")

    @property
    def sources(self) -> list[State]:
        """The states from which this one may be entered."""
        return [state for state, targets in MOVES.items() if self in targets]

    @classmethod
    def public(cls) -> list[State]:
        return [state for state in cls if state not in (cls.DRAFT, cls.MODERATION, cls.RETURNED)]

    @classmethod
    def writable(cls) -> list[State]:
        """The states in which the agency still writes it."""
        return [cls.DRAFT, cls.RETURNED]


MOVES: dict[State, set[State]] = {
    State.DRAFT: {State.PUBLISHED, State.MODERATION},
    State.MODERATION: {State.PUBLISHED, State.RETURNED, State.DRAFT},  # back to the draft when the agency takes it back
    State.RETURNED: {State.PUBLISHED, State.MODERATION},
    State.PUBLISHED: {State.CLOSED, State.WITHDRAWN},
    State.CLOSED: {State.ENDED},
    State.ENDED: set(),
    State.WITHDRAWN: set(),
}


class Ending(TextChoices):
    """What became of a problem. Whichever it is, the reason is told."""

    AWARDED = "awarded", _("Đã chọn được sản phẩm")
    TRIAL = "trial", _("Cho dùng thử trước khi quyết định")
    NONE_SUITABLE = "none_suitable", _("Không có trả lời nào phù hợp")
    CANCELLED = "cancelled", _("Cơ quan không làm nữa")


class Route(TextChoices):
    """How a problem came here."""

    DIRECT = "direct", _("Cơ quan tự đăng")
    MINISTRY = "ministry", _("Gửi qua bộ quản lý")


class Mode(TextChoices):
    """How the agency means to get what it needs."""

    RENT_READY = "rent_ready", _("Thuê dịch vụ sẵn có")
    RENT_CUSTOM = "rent_custom", _("Thuê dịch vụ theo yêu cầu riêng")
    BUY = "buy", _("Mua")
    ORDER = "order", _("Đặt hàng")


class Visibility(TextChoices):
    """Who reads a published problem, besides its agency and the ministry."""

    PUBLIC = "public", _("Mọi người")
    VETTED_VENDORS = "vetted_vendors", _("Doanh nghiệp có sản phẩm đã thẩm định trong nhóm nhu cầu")
    INVITED = "invited", _("Doanh nghiệp được mời")
    MINISTRY = "ministry", _("Chỉ bộ quản lý")


class RequirementKind(TextChoices):
    MUST = "must", _("Bắt buộc")
    NICE = "nice", _("Nên có")


class Sort(TextChoices):
    CLOSING = "closing", _("Hạn gần nhất")
    NEWEST = "newest", _("Mới đăng nhất")
