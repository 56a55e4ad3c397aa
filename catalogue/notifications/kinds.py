"""Every kind of notice the site sends, in one place. A new one: a line here, and templates/emails/NAME.txt and NAME.html."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    """What a person chooses for at once."""

    ACCOUNT = "account", _("Tài khoản và quyền của bạn")
    ORGANISATIONS = "organisations", _("Tổ chức của bạn")
    VETTING = "vetting", _("Thẩm định sản phẩm")
    PROBLEMS = "problems", _("Bài toán của cơ quan")
    OPERATIONS = "operations", _("Vận hành danh mục")


class Pace(models.TextChoices):
    """How soon a person wants to be told."""

    IMMEDIATE = "immediate", _("Gửi ngay")
    DAILY = "daily", _("Gộp thành một thư mỗi ngày")
    OFF = "off", _("Không gửi")


@dataclass(frozen=True)
class Kind:
    """One kind of notice. What it may not do, no choice of a person changes."""

    name: str  # of its templates, and in every row of it
    group: Group
    label: str | Promise  # what it tells, for the page where people choose
    may_digest: bool = False  # can wait for the next daily mail
    may_switch_off: bool = False  # nothing is lost for who never reads it
    always_digest: bool = False  # never a mail of its own

    def pace(self, chosen: Pace) -> Pace:
        """Return the pace this kind takes where a person chose `chosen` for its group."""
        if chosen is Pace.OFF and self.may_switch_off:
            return Pace.OFF
        waits = self.always_digest or (chosen is Pace.DAILY and self.may_digest)
        return Pace.DAILY if waits else Pace.IMMEDIATE


DIGEST = Kind("digest", Group.ACCOUNT, _("Thư gộp hằng ngày"))

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        DIGEST,
        Kind("organisation_invited", Group.ORGANISATIONS, _("Lời mời tham gia một tổ chức")),
        Kind("join_asked", Group.ORGANISATIONS, _("Có người xin tham gia tổ chức bạn quản lý"), may_digest=True),
        Kind("request_answered", Group.ORGANISATIONS, _("Trả lời cho yêu cầu bạn đã gửi")),
        Kind("membership_changed", Group.ORGANISATIONS, _("Vai trò của bạn trong một tổ chức thay đổi")),
        Kind("vetting_news", Group.VETTING, _("Hồ sơ thẩm định của sản phẩm bạn quản lý có tin mới")),
        Kind("challenge_news", Group.VETTING, _("Phản đối có kết quả")),
        Kind("appeal_news", Group.VETTING, _("Khiếu nại có kết quả")),
        Kind("vetting_work", Group.VETTING, _("Có việc cho người thẩm định"), may_digest=True),
        Kind("problem_news", Group.PROBLEMS, _("Bài toán của cơ quan bạn được đăng hoặc bị trả lại")),
        Kind("problem_to_moderate", Group.PROBLEMS, _("Có bài toán chờ bộ quản lý xem"), may_digest=True),
        Kind("proposal_news", Group.PROBLEMS, _("Bài toán mà doanh nghiệp bạn hỏi, trả lời hoặc được mời có tin mới")),
        Kind("proposal_work", Group.PROBLEMS, _("Bài toán của cơ quan bạn có việc chờ"), may_digest=True),
        Kind(
            "problem_fits",
            Group.PROBLEMS,
            _("Bài toán mới mà sản phẩm đã thẩm định của doanh nghiệp bạn có vẻ hợp; luôn trong thư gộp"),
            may_digest=True,
            may_switch_off=True,
            always_digest=True,
        ),
        Kind(
            "search_found",
            Group.PROBLEMS,
            _("Bài toán mới khớp tìm kiếm đã lưu của doanh nghiệp bạn; luôn trong thư gộp"),
            may_digest=True,
            may_switch_off=True,
            always_digest=True,
        ),
        Kind("decision_asked", Group.OPERATIONS, _("Có tổ chức hoặc yêu cầu chờ người vận hành"), may_digest=True),
        Kind(
            "mistake_reported",
            Group.OPERATIONS,
            _("Có người báo sai sót trên trang của một sản phẩm"),
            may_digest=True,
            may_switch_off=True,
        ),
    )
}


def kinds_of(group: Group) -> list[Kind]:
    return [kind for kind in KINDS.values() if kind.group is group]


def paces_of(group: Group) -> list[Pace]:
    """Return what can be chosen for a group: what at least one of its kinds can do."""
    kinds = kinds_of(group)
    return [
        Pace.IMMEDIATE,
        *([Pace.DAILY] if any(kind.may_digest for kind in kinds) else []),
        *([Pace.OFF] if any(kind.may_switch_off for kind in kinds) else []),
    ]
