"""What is entered in the register, and what it says of a product today."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EntryKind(TextChoices):
    """What was decided."""

    VETTED = "vetted", _("Đạt thẩm định")
    REJECTED = "rejected", _("Không đạt thẩm định")
    WITHDRAWN = "withdrawn", _("Rút hồ sơ")
    LAPSED = "lapsed", _("Đóng hồ sơ vì không trả lời")
    SUSPENDED = "suspended", _("Tạm dừng hiệu lực")
    REINSTATED = "reinstated", _("Khôi phục hiệu lực")
    REVOKED = "revoked", _("Thu hồi kết quả")
    EXPIRED = "expired", _("Hết hiệu lực")
    CHALLENGE_UPHELD = "challenge_upheld", _("Phản đối có cơ sở")
    CHALLENGE_DISMISSED = "challenge_dismissed", _("Phản đối không có cơ sở")
    APPEAL_UPHELD = "appeal_upheld", _("Chấp nhận khiếu nại")
    APPEAL_DISMISSED = "appeal_dismissed", _("Không chấp nhận khiếu nại")

    @property
    def grants(self) -> bool:
        """Whether a product is vetted from this entry on; such an entry says until when, in `facts["until"]`."""
        return self in (EntryKind.VETTED, EntryKind.REINSTATED)


class Standing(TextChoices):
    """How a product stands."""

    VETTED = "vetted", _("Đã thẩm định")
    SUSPENDED = "suspended", _("Tạm dừng hiệu lực")
    EXPIRED = "expired", _("Đã hết hạn thẩm định")
    REVOKED = "revoked", _("Đã bị thu hồi")
    NEVER = "never", _("Chưa thẩm định")


# The latest of these entries says how a product stands. The others are about an application, a challenge or an appeal:
# what follows from those for the product is an entry of its own.
LEADS_TO = {
    EntryKind.VETTED: Standing.VETTED,
    EntryKind.REINSTATED: Standing.VETTED,
    EntryKind.SUSPENDED: Standing.SUSPENDED,
    EntryKind.EXPIRED: Standing.EXPIRED,
    EntryKind.REVOKED: Standing.REVOKED,
}
