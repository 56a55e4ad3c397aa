"""What vetting refuses, each with a sentence for the person who asked."""

from django.utils.translation import gettext as _

from catalogue.common.errors import DomainError

from .states import Action, State


class IllegalMove(DomainError):
    """The submission is not in a state in which this can be done, or somebody else was faster."""

    code = "illegal_move"

    def __init__(self, state: State, action: Action) -> None:
        told = {"state": state.label, "action": action.label}
        super().__init__(_("Hồ sơ đang ở bước “%(state)s”, không thể %(action)s.") % told)


class NotYours(DomainError):
    """Somebody else holds the submission, or must decide on it."""

    code = "not_yours"

    def __init__(self) -> None:
        super().__init__(_("Người khác đang giữ hồ sơ này."))


class SamePerson(DomainError):
    """Who examined a submission does not decide on it."""

    code = "same_person"

    def __init__(self) -> None:
        super().__init__(_("Người đã thẩm định hồ sơ không được quyết định. Cần một người khác."))


class ConflictOfInterest(DomainError):
    """A reviewer who speaks for a vendor examines nobody's product."""

    code = "conflict_of_interest"

    def __init__(self) -> None:
        super().__init__(_("Bạn đang đại diện cho một doanh nghiệp cung cấp nên không được thẩm định sản phẩm."))


class ReasonMissing(DomainError):
    """This is never done without saying why."""

    code = "reason_missing"

    def __init__(self, field: str = "reason") -> None:
        self.field = field
        super().__init__(_("Hãy ghi lý do."))


class NamesPerson(DomainError):
    """What is public for good names nobody."""

    code = "names_person"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(
            _("Đừng ghi địa chỉ thư điện tử: nội dung này được ghi vào sổ đăng ký công khai và không sửa được nữa.")
        )


class NothingAsked(DomainError):
    code = "nothing_asked"

    def __init__(self) -> None:
        super().__init__(_("Hãy ghi câu hỏi cho ít nhất một tiêu chí."))


class Unanswered(DomainError):
    """Each question gets an answer before the submission goes on."""

    code = "unanswered"

    def __init__(self, criteria: list[str]) -> None:
        self.criteria = criteria
        super().__init__(_("Hãy trả lời mọi câu hỏi: %(criteria)s.") % {"criteria": "; ".join(criteria)})


class Undecided(DomainError):
    """Criteria are still open, so nothing can be proposed."""

    code = "undecided"

    def __init__(self, criteria: list[str]) -> None:
        self.criteria = criteria
        super().__init__(_("Còn tiêu chí chưa kết luận: %(criteria)s.") % {"criteria": "; ".join(criteria)})


class MandatoryNotMet(DomainError):
    """A product that misses what is mandatory cannot be accepted."""

    code = "mandatory_not_met"

    def __init__(self, criteria: list[str]) -> None:
        self.criteria = criteria
        super().__init__(
            _("Chưa đạt tiêu chí bắt buộc nên không thể công nhận: %(criteria)s.") % {"criteria": "; ".join(criteria)}
        )


class AlreadyOpen(DomainError):
    """One submission of a product at a time."""

    code = "already_open"

    def __init__(self) -> None:
        super().__init__(_("Sản phẩm này đã có một hồ sơ đang xử lý."))


class NoCriteria(DomainError):
    """Nothing can be examined where no criteria are in force."""

    code = "no_criteria"

    def __init__(self) -> None:
        super().__init__(_("Chưa có bộ tiêu chí nào còn hiệu lực."))


class TooLate(DomainError):
    """The time in which this could be done is over."""

    code = "too_late"

    def __init__(self) -> None:
        super().__init__(_("Đã hết hạn làm việc này."))


class IllegalOutcome(DomainError):
    """It is answered already, or nothing was decided that one could appeal against."""

    code = "illegal_outcome"

    def __init__(self) -> None:
        super().__init__(_("Việc này đã có kết quả, hoặc chưa có quyết định nào để khiếu nại."))


class AlreadyAppealed(DomainError):
    """One appeal against a decision."""

    code = "already_appealed"

    def __init__(self) -> None:
        super().__init__(_("Quyết định này đã bị khiếu nại một lần."))
