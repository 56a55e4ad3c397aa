"""Text that people type and others read: as it is, never as a page."""

import re
import unicodedata

from django.utils.translation import gettext as _

from .errors import DomainError
from .text import one_line

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_MARKUP = re.compile(r"<\s*[/!?]?\s*[a-zA-Z]|<!--|javascript:", re.IGNORECASE)
# Control characters but tab and line feed, and those that turn the direction of what follows.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class NotPlainText(DomainError):
    """The text holds markup or characters nobody sees."""

    code = "not_plain_text"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(_("Chỉ viết chữ thường, không dùng thẻ HTML hay ký tự ẩn."))


class TooLong(DomainError):
    code = "too_long"

    def __init__(self, field: str, most: int) -> None:
        self.field = field
        super().__init__(_("Hãy viết gọn lại, nhiều nhất %(most)d ký tự.") % {"most": most})


def plain(text: str, field: str, most: int, *, lines: bool = False) -> str:
    """Return the text composed (NFC) and trimmed, on one line unless `lines`. Raises NotPlainText, TooLong."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    if _MARKUP.search(composed) or _UNSEEN.search(composed):
        raise NotPlainText(field)
    given = composed.strip() if lines else one_line(composed)
    if len(given) > most:
        raise TooLong(field, most)
    return given


def names_address(text: str) -> bool:
    """Say whether the text holds an e-mail address, which names a person."""
    return bool(_ADDRESS.search(text))
