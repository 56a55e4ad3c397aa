"""Why a step of a problem is refused."""

from collections.abc import Iterable, Sequence
from typing import Any

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


class ResponderUntold(DomainError):
    """A firm handed in an answer and has no reasons yet."""

    code = "reasons_missing"

    def __init__(self) -> None:
        super().__init__(
            _("Có doanh nghiệp đã trả lời mà chưa có lý do theo từng yêu cầu. Hãy ghi kết quả ở trang chấm hồ sơ.")
        )


class NotWritable(DomainError):
    """It was sent in; what firms or the ministry read does not change under their eyes."""

    code = "not_writable"

    def __init__(self) -> None:
        super().__init__(_("Bài toán đã gửi đi nên không sửa được nữa. Muốn sửa thì lấy lại trước."))


class EditConflict(DomainError):
    """Somebody else saved this step after the writer had opened it. Nothing was written."""

    code = "edit_conflict"

    def __init__(self, *, theirs: dict[str, Any], yours: dict[str, Any], version: int) -> None:
        self.theirs, self.yours, self.version = theirs, yours, version
        self.members = {"theirs": theirs, "yours": yours, "version": version}
        super().__init__(_("Người khác vừa lưu phần này. Nội dung của bạn chưa ghi đè lên gì cả."))


class Outdated(DomainError):
    """Somebody saved something after who sends in had read it."""

    code = "outdated"

    def __init__(self, version: int) -> None:
        self.members = {"version": version}
        super().__init__(_("Nội dung vừa được người khác sửa. Hãy xem lại trước khi gửi."))


class UnknownKeys(DomainError):
    """A key that names nothing that can be chosen."""

    code = "unknown_keys"

    def __init__(self, field: str, keys: Iterable[str]) -> None:
        sentence = _("Không có mục nào tên là: %(keys)s.") % {"keys": ", ".join(sorted(keys))}
        self.field, self.fields = field, {field: [sentence]}
        super().__init__(sentence)


class NotOpen(DomainError):
    """Only an open problem can be joined."""

    code = "not_open"

    def __init__(self) -> None:
        super().__init__(_("Bài toán không còn nhận trả lời nên không tham gia được nữa."))


class OwnProblem(DomainError):
    code = "own_problem"

    def __init__(self) -> None:
        super().__init__(_("Chỉ cơ quan khác, không phải cơ quan đã đăng, tham gia được."))


class VolumeMissing(DomainError):
    code = "volume_missing"
    field = "volume"

    def __init__(self) -> None:
        super().__init__(_("Hãy ghi quy mô của cơ quan bạn, bằng con số, tối đa 300 ký tự."))
