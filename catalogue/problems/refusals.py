"""Why a step of asking, answering or evaluating is refused."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from catalogue.common.errors import DomainError


class NotOpen(DomainError):
    """The problem takes nothing in any more, by the database's clock, or not yet."""

    code = "not_open"

    def __init__(self) -> None:
        super().__init__(_("Bài toán không còn nhận trả lời: đã đến hạn, hoặc cơ quan đã rút."))


class QuestionsOver(DomainError):
    code = "questions_over"

    def __init__(self, day: str) -> None:
        super().__init__(_("Hạn gửi câu hỏi là hết ngày %(day)s.") % {"day": day})


class AlreadyAnswered(DomainError):
    code = "already_answered"

    def __init__(self) -> None:
        super().__init__(_("Câu hỏi này đã được trả lời; muốn nói thêm thì sửa đổi bài toán."))


class TextMissing(DomainError):
    code = "text_missing"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(_("Hãy viết nội dung."))


class TextTooLong(DomainError):
    code = "too_long"

    def __init__(self, field: str, most: int) -> None:
        self.field = field
        super().__init__(_("Nhiều nhất %(most)d ký tự.") % {"most": most})


class NothingChanged(DomainError):
    code = "nothing_changed"

    def __init__(self) -> None:
        super().__init__(_("Nội dung không khác bản đang công bố."))


class ClosingEarlier(DomainError):
    """Firms plan by the day they were told."""

    code = "closing_earlier"
    field = "closes_at"

    def __init__(self) -> None:
        super().__init__(_("Hạn trả lời chỉ được lùi về sau, không được sớm hơn hạn đã công bố."))


class CannotChange(DomainError):
    """An amendment names something that is not of this problem, or not to be amended."""

    code = "content_invalid"

    def __init__(self, name: str) -> None:
        self.field = name
        super().__init__(_("Không sửa đổi được mục “%(name)s”.") % {"name": name})


class OfferInvalid(DomainError):
    """What stands in a proposal cannot be taken so; `fields` says what of it."""

    code = "content_invalid"

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = {name: [sentence] for name, sentence in fields.items()}
        super().__init__(_("Hồ sơ chưa gửi được: %(what)s") % {"what": " ".join(dict.fromkeys(fields.values()))})


class AmendedMeanwhile(DomainError):
    """Somebody amended the problem after the writer had read it: what was read may be put back unawares."""

    code = "edit_conflict"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Đồng nghiệp vừa công bố một sửa đổi khác. Nội dung của bạn chưa công bố; hãy so với bản đang công bố, rồi gửi lại."
            )
        )


class ProposalChanged(DomainError):
    """A colleague saved meanwhile."""

    code = "edit_conflict"

    def __init__(self) -> None:
        super().__init__(_("Đồng nghiệp của bạn vừa lưu hồ sơ này. Hãy tải lại trang, rồi sửa tiếp."))


class WrongStep(DomainError):
    """The proposal or the panel stands where this step does not begin."""

    code = "illegal_move"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)


class TooFewEvaluators(DomainError):
    code = "too_few_evaluators"

    def __init__(self, least: int) -> None:
        super().__init__(_("Cần ít nhất %(least)d người chấm không có xung đột lợi ích.") % {"least": least})


class NotOfTheAgency(DomainError):
    code = "not_of_the_agency"

    def __init__(self) -> None:
        super().__init__(_("Người chấm phải là thành viên của cơ quan đăng bài toán."))


class ScoresMissing(DomainError):
    code = "scores_missing"

    def __init__(self, n: int) -> None:
        super().__init__(_("Còn %(n)d ô chưa chấm.") % {"n": n})


class ReasonsMissing(DomainError):
    """Nobody who answered is left without a reason for each requirement."""

    code = "reasons_missing"

    def __init__(self, n: int) -> None:
        super().__init__(_("Còn %(n)d yêu cầu chưa có lý do cho doanh nghiệp đã trả lời.") % {"n": n})


class NotFirst(DomainError):
    code = "not_first"
    field = "winner"

    def __init__(self) -> None:
        super().__init__(_("Chỉ chọn được hồ sơ đứng đầu theo điểm thống nhất và quy tắc khi bằng điểm."))


class PriceUnclear(DomainError):
    """An amount without what it was paid for compares with nothing, and the other way round."""

    code = "incomplete"
    field = "paid_for"

    def __init__(self) -> None:
        super().__init__(_("Ghi cả số tiền đã trả và trả cho kỳ nào, hoặc để trống cả hai."))


class SealCannotOpen(DomainError):
    code = "seal_broken"

    def __init__(self) -> None:
        super().__init__(_("Có hồ sơ không mở được niêm phong. Chưa hồ sơ nào được mở; hãy báo người vận hành."))


def said_in(text: str, field: str, most: int) -> str:
    """Return what was typed, without the space around it. Raises TextMissing, TextTooLong."""
    said = text.strip()
    if not said:
        raise TextMissing(field)
    if len(said) > most:
        raise TextTooLong(field, most)
    return said


class SearchEmpty(DomainError):
    """Everything there is would be found."""

    code = "search_empty"
    field = "text"

    def __init__(self) -> None:
        super().__init__(_("Hãy ghi từ cần tìm hoặc chọn nhóm nhu cầu."))


class TooManySearches(DomainError):
    code = "too_many_searches"

    def __init__(self, most: int) -> None:
        super().__init__(_("Nhiều nhất %(most)d tìm kiếm; hãy bỏ bớt cái không dùng.") % {"most": most})
