"""The course of a problem: its states, the moves between them, and how it can end."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a problem stands. Everything after the draft is public, and stays so."""

    DRAFT = "draft", _("Bản nháp")
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
        return [state for state in cls if state != cls.DRAFT]


MOVES: dict[State, set[State]] = {
    State.DRAFT: {State.PUBLISHED},
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


class Sort(TextChoices):
    CLOSING = "closing", _("Hạn gần nhất")
    NEWEST = "newest", _("Mới đăng nhất")
