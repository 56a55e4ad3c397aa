"""The course of a submission: its states, what can be done in each, and who may do it. The whole rule, on one screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where the vetting of a product stands."""

    DRAFT = "draft", _("Đang soạn")
    SUBMITTED = "submitted", _("Chờ người thẩm định")
    IN_REVIEW = "in_review", _("Đang thẩm định")
    CLARIFICATION = "clarification", _("Chờ doanh nghiệp làm rõ")
    TO_DECIDE = "to_decide", _("Chờ người thứ hai quyết định")
    VETTED = "vetted", _("Đã thẩm định")
    SUSPENDED = "suspended", _("Tạm dừng hiệu lực")
    REJECTED = "rejected", _("Không đạt")
    WITHDRAWN = "withdrawn", _("Doanh nghiệp đã rút")
    LAPSED = "lapsed", _("Đóng vì không trả lời")
    EXPIRED = "expired", _("Hết hiệu lực")
    REPLACED = "replaced", _("Được thay bằng lần thẩm định sau")
    REVOKED = "revoked", _("Bị thu hồi")

    @classmethod
    def open(cls) -> list[State]:
        """Not decided yet; a product has at most one such submission."""
        return [cls.DRAFT, cls.SUBMITTED, cls.IN_REVIEW, cls.CLARIFICATION, cls.TO_DECIDE]

    @classmethod
    def standing(cls) -> list[State]:
        """Decided, and something still hangs on it; a product has at most one such submission."""
        return [cls.VETTED, cls.SUSPENDED]


class Actor(Enum):
    """Who may do something. No reviewer speaks for any vendor: who does is refused everywhere below."""

    VENDOR = auto()  # who may write for the vendor
    REVIEWER = auto()  # any reviewer
    HOLDER = auto()  # the reviewer who took it
    SECOND = auto()  # a reviewer other than the one who took it
    OPERATOR = auto()
    CLOCK = auto()  # the site itself, when a time is over


class Action(TextChoices):
    SUBMIT = "submit", _("Nộp hồ sơ")
    TAKE = "take", _("Nhận hồ sơ")
    GIVE_BACK = "give_back", _("Trả hồ sơ về hàng chờ")
    RELEASE = "release", _("Lấy hồ sơ khỏi người đang giữ")
    ASK = "ask", _("Yêu cầu làm rõ")
    ANSWER = "answer", _("Trả lời")
    PROPOSE = "propose", _("Đề xuất")
    SEND_BACK = "send_back", _("Trả lại người thẩm định")
    ACCEPT = "accept", _("Công nhận")
    REJECT = "reject", _("Không công nhận")
    WITHDRAW = "withdraw", _("Rút hồ sơ")
    LAPSE = "lapse", _("Đóng vì không trả lời")
    SUSPEND = "suspend", _("Tạm dừng hiệu lực")
    REINSTATE = "reinstate", _("Khôi phục hiệu lực")
    REVOKE = "revoke", _("Thu hồi")
    EXPIRE = "expire", _("Hết hiệu lực")
    REPLACE = "replace", _("Thay bằng lần sau")


@dataclass(frozen=True, slots=True)
class Move:
    """From which states an action leads to which, and who may take it."""

    sources: tuple[State, ...]
    target: State
    actor: Actor


S, A = State, Action
MOVES: dict[Action, Move] = {
    A.SUBMIT: Move((S.DRAFT,), S.SUBMITTED, Actor.VENDOR),
    A.TAKE: Move((S.SUBMITTED,), S.IN_REVIEW, Actor.REVIEWER),
    A.GIVE_BACK: Move((S.IN_REVIEW,), S.SUBMITTED, Actor.HOLDER),
    A.RELEASE: Move((S.IN_REVIEW, S.TO_DECIDE), S.SUBMITTED, Actor.OPERATOR),
    A.ASK: Move((S.IN_REVIEW,), S.CLARIFICATION, Actor.HOLDER),
    A.ANSWER: Move((S.CLARIFICATION,), S.IN_REVIEW, Actor.VENDOR),
    A.PROPOSE: Move((S.IN_REVIEW,), S.TO_DECIDE, Actor.HOLDER),
    A.SEND_BACK: Move((S.TO_DECIDE,), S.IN_REVIEW, Actor.SECOND),
    A.ACCEPT: Move((S.TO_DECIDE,), S.VETTED, Actor.SECOND),
    A.REJECT: Move((S.TO_DECIDE,), S.REJECTED, Actor.SECOND),
    A.WITHDRAW: Move(tuple(S.open()), S.WITHDRAWN, Actor.VENDOR),
    A.LAPSE: Move((S.CLARIFICATION,), S.LAPSED, Actor.CLOCK),
    A.SUSPEND: Move((S.VETTED,), S.SUSPENDED, Actor.SECOND),
    A.REINSTATE: Move((S.SUSPENDED,), S.VETTED, Actor.SECOND),
    A.REVOKE: Move((S.VETTED, S.SUSPENDED), S.REVOKED, Actor.SECOND),
    A.EXPIRE: Move((S.VETTED, S.SUSPENDED), S.EXPIRED, Actor.CLOCK),
    A.REPLACE: Move((S.VETTED, S.SUSPENDED), S.REPLACED, Actor.CLOCK),
}


class Verdict(TextChoices):
    """What a reviewer found about one criterion."""

    OPEN = "open", _("Chưa xem")
    MET = "met", _("Đạt")
    NOT_MET = "not_met", _("Không đạt")
    NOT_APPLICABLE = "not_applicable", _("Không áp dụng")


class Proposal(TextChoices):
    """What the first reviewer proposes to the second."""

    NONE = "", _("Chưa đề xuất")
    ACCEPT = "accept", _("Công nhận")
    REJECT = "reject", _("Không công nhận")
