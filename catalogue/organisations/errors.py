"""Why something about an organisation and its people is refused, in words for who asked."""

from django.utils.translation import gettext_lazy as _

from catalogue.common.errors import DomainError


class _Refusal(DomainError):
    """A refusal with one sentence."""

    sentence: object = ""

    def __init__(self, sentence: object = "") -> None:
        super().__init__(str(sentence or self.sentence))


class AlreadyRegistered(_Refusal):
    """The tax code or the name is taken. It says what to do, not who is there."""

    code = "already_registered"

    def __init__(self, field: str, sentence: object) -> None:
        self.field = field
        super().__init__(sentence)


class LastOwner(_Refusal):
    code = "last_owner"
    sentence = _("Tổ chức phải còn ít nhất một chủ quản. Hãy giao quyền chủ quản cho người khác trước.")


class AlreadyMember(_Refusal):
    code = "already_member"
    sentence = _("Người này đã là thành viên của tổ chức.")


class AlreadyInvited(_Refusal):
    code = "already_invited"
    sentence = _("Địa chỉ này đã có một lời mời đang chờ. Bạn có thể gửi lại hoặc thu hồi lời mời đó.")


class AlreadyAsked(_Refusal):
    code = "already_asked"
    sentence = _("Bạn đã gửi yêu cầu này và yêu cầu đang chờ trả lời.")


class AlreadyDecided(_Refusal):
    code = "already_decided"
    sentence = _("Việc này đã được quyết định rồi.")


class InvitationClosed(_Refusal):
    code = "invitation_closed"
    sentence = _("Lời mời này đã được trả lời, thu hồi hoặc gửi lại bằng một liên kết khác.")


class InvitationExpired(_Refusal):
    code = "invitation_expired"
    sentence = _("Lời mời này đã hết hạn. Hãy nhờ chủ quản của tổ chức gửi lại.")


class AnotherAddress(_Refusal):
    code = "another_address"
    sentence = _("Lời mời gửi tới một địa chỉ khác. Hãy đăng nhập bằng tài khoản đã xác nhận địa chỉ nhận lời mời.")


class CannotBeClaimed(_Refusal):
    code = "cannot_be_claimed"
    sentence = _("Tổ chức này đã có người quản lý. Bạn có thể gửi yêu cầu tham gia.")


class NobodyToAsk(_Refusal):
    code = "nobody_to_ask"
    sentence = _("Tổ chức này chưa có người quản lý. Bạn có thể yêu cầu nhận quản lý.")


class NotActive(_Refusal):
    code = "not_active"
    sentence = _("Tổ chức này chưa được xác nhận nên chưa làm được việc này.")


class NoLongerThere(_Refusal):
    code = "no_longer_there"
    sentence = _("Người này không còn là thành viên của tổ chức.")


class NoLongerAllowed(_Refusal):
    code = "no_longer_allowed"
    sentence = _("Bạn không còn là chủ quản của tổ chức này.")


class OwnRequest(_Refusal):
    code = "own_request"
    sentence = _("Yêu cầu của chính bạn phải do người khác quyết định.")


class ReasonMissing(_Refusal):
    code = "reason_missing"
    field = "reason"
    sentence = _("Hãy viết lý do, để người gửi biết phải làm gì tiếp.")


class TooMany(_Refusal):
    """A day's allowance is used up."""

    code = "too_many"
    sentence = _("Hôm nay bạn đã gửi quá nhiều. Hãy gửi tiếp vào ngày mai.")


class Incomplete(_Refusal):
    """What was entered contradicts itself, in one field."""

    code = "incomplete"

    def __init__(self, field: str, sentence: object) -> None:
        self.field = field
        super().__init__(sentence)
