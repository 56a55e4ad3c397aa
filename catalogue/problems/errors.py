"""Why a step of a problem is refused."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from catalogue.common.errors import DomainError

from .states import State


class IllegalMove(DomainError):
    """The problem stands where this step does not begin."""

    code = "illegal_move"

    def __init__(self, state: State, target: State) -> None:
        words = {"state": state.label, "target": target.label}
        super().__init__(
            _("Bài toán đang ở bước “%(state)s”, không thể chuyển sang “%(target)s”.") % words,
        )


class ReasonMissing(DomainError):
    """Nothing ends in silence."""

    code = "reason_missing"

    def __init__(self) -> None:
        super().__init__(_("Hãy ghi lý do; lý do được công bố cùng bài toán."))


class ProblemIncomplete(DomainError):
    """What a firm must know to answer is not there."""

    code = "problem_incomplete"

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(_("Chưa đăng được, còn thiếu: %(missing)s.") % {"missing": ", ".join(missing)})


class ClosingTimePast(DomainError):
    code = "closing_time_past"

    def __init__(self) -> None:
        super().__init__(_("Hạn trả lời phải ở sau lúc đăng."))


class StillOpen(DomainError):
    """Firms were promised the time until closing."""

    code = "still_open"

    def __init__(self) -> None:
        super().__init__(_("Bài toán chưa hết hạn trả lời. Muốn dừng sớm thì rút bài toán và ghi lý do."))
