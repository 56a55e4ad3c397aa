"""Asking a ClamAV daemon about a file, by its INSTREAM protocol (clamd(8): chunks of <length><bytes>, a zero length ends).

Own code: the clients on PyPI were last released in 2014 (clamd) or are for asyncio alone (pyvalve).
"""

import socket
import struct
from contextlib import closing
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from catalogue.common.errors import DomainError

from .checking import BadDocument

_CHUNK = 64 * 1024  # bytes
_PATIENCE = 30  # seconds
_PORT = 3310


class ScannerUnreachable(DomainError):
    """The virus scanner that the site is told to ask does not answer; no file is taken meanwhile."""

    code = "scanner_unreachable"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Máy quét vi-rút đang không trả lời nên chưa nhận được tệp. Phần đã điền vẫn còn; hãy thử lại sau ít phút."
            )
        )


def scan(content: bytes) -> bool:
    """Return whether a scanner found the file clean; False when the site has none.

    Raises BadDocument when it found something, ScannerUnreachable when it should be there and does not answer.
    """
    if not settings.CLAMD_URL:
        return False
    try:
        answer = _ask(settings.CLAMD_URL, content)
    except OSError as error:
        raise ScannerUnreachable from error
    if answer == "stream: OK":
        return True
    if answer.endswith(" FOUND"):
        raise BadDocument(_("Máy quét vi-rút tìm thấy mã độc trong tệp, nên tệp không được nhận."))
    raise ScannerUnreachable  # "INSTREAM size limit exceeded. ERROR" and the like: it did not look


def _ask(url: str, content: bytes) -> str:
    address = urlsplit(url)
    with closing(
        socket.create_connection((address.hostname or "", address.port or _PORT), timeout=_PATIENCE)
    ) as daemon:
        daemon.sendall(b"zINSTREAM\0")
        for at in range(0, len(content), _CHUNK):
            part = content[at : at + _CHUNK]
            daemon.sendall(struct.pack("!L", len(part)) + part)
        daemon.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and (part := daemon.recv(4096)):
            answer += part
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()
