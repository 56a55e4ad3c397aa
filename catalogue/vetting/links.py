"""Whether a page of the web answers, asked so that nobody can make the site ask its own network.

Every name is resolved once at each hop; a host with any address that is not public is refused, and the connection goes to
the address that was looked at, never to the name again (which could answer differently the second time).
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from threading import Timer
from urllib.parse import quote, urljoin, urlsplit

TIMEOUT_S = 5.0  # for one answer, all of it: whoever sends a byte a second does not hold a worker
MOST_REDIRECTS = 3
_USER_AGENT = "nen-tang-viet-link-check/1"
_MOVED = frozenset({301, 302, 303, 307, 308})
_WEB_PORTS = (80, 443)
_FIRST_FREE_PORT = 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address stands in the last 32 bits
# Somebody is there and will not say more to a machine: whether a reader gets the page cannot be told.
_UNTOLD = frozenset({401, 403, 405, 406, 429, 999})
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class Trouble(StrEnum):
    """Why there is no answer."""

    NO_ADDRESS = "no_address"  # the address cannot be one of a public page
    UNKNOWN_HOST = "unknown_host"
    NOT_PUBLIC = "not_public"  # it leads into a private network
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    NO_CONNECTION = "no_connection"
    TOO_MANY_REDIRECTS = "too_many_redirects"


@dataclass(frozen=True, slots=True)
class Seen:
    """What an address answered. status: of the last hop, None without one. final: where that was."""

    url: str
    status: int | None = None
    trouble: Trouble | None = None
    final: str = ""

    @property
    def alive(self) -> bool | None:
        """Whether a reader finds a page there; None when the answer does not tell."""
        if self.status is None:
            return False
        if self.status in _UNTOLD or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return None
        return self.status < HTTPStatus.BAD_REQUEST


class _Stopped(Exception):
    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble


def is_public(address: IPAddress) -> bool:
    """Say whether an address is one of the public internet, also when another is written inside it."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None and not is_public(inside):
            return False
    return address.is_global and not address.is_multicast


def look(url: str, *, allow: Callable[[IPAddress], bool] = is_public) -> Seen:
    """Ask an address for its page, HEAD first, then GET where HEAD says no. Never raises for what the other side does.

    allow: which addresses may be connected to; tests let loopback in.
    """
    at = url
    try:
        for _hop in range(MOST_REDIRECTS + 1):
            status, location = _ask(at, allow)
            if status not in _MOVED or not location:
                return Seen(url, status, final=at)
            try:
                at = urljoin(at, location)
            except ValueError:
                raise _Stopped(Trouble.NO_ADDRESS) from None
        raise _Stopped(Trouble.TOO_MANY_REDIRECTS)
    except _Stopped as stopped:
        return Seen(url, trouble=stopped.trouble, final=at)


def _ask(url: str, allow: Callable[[IPAddress], bool]) -> tuple[int, str]:
    """Return the status of one hop and where it leads on, "" when nowhere."""
    secure, host, port, path = _parts(url)
    address = _address(host, port, allow)
    try:
        answer = _request("HEAD", secure, host, port, address, path)
        if answer[0] < HTTPStatus.BAD_REQUEST:
            return answer
    except _Stopped as stopped:
        if stopped.trouble != Trouble.NO_CONNECTION:  # some servers hang up on a HEAD
            raise
    return _request("GET", secure, host, port, address, path)


def _parts(url: str) -> tuple[bool, str, int, str]:
    """Return whether it is https, host, port, and path with query."""
    try:
        split = urlsplit(url)
        host = (split.hostname or "").encode("idna").decode()
        port = split.port or (443 if split.scheme == "https" else 80)
    except ValueError:  # a port that is none, a broken IPv6 address, a name that no host can have
        raise _Stopped(Trouble.NO_ADDRESS) from None
    if split.scheme not in ("http", "https") or not host or "@" in split.netloc:
        raise _Stopped(Trouble.NO_ADDRESS)
    if port < _FIRST_FREE_PORT and port not in _WEB_PORTS:  # no page stands on the port of a mail or name server
        raise _Stopped(Trouble.NO_ADDRESS)
    path = quote(split.path or "/", safe="/%:=&~+!$,;'@()*[]")
    query = quote(split.query, safe="/?%:=&~+!$,;'@()*[]")
    return split.scheme == "https", host, port, f"{path}?{query}" if query else path


def _address(host: str, port: int, allow: Callable[[IPAddress], bool]) -> str:
    """Return the address to connect to. Raises when the host has one that is not allowed, or none."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise _Stopped(Trouble.UNKNOWN_HOST) from None
    if not found or not all(allow(ipaddress.ip_address(address)) for address in found):
        raise _Stopped(Trouble.NOT_PUBLIC if found else Trouble.UNKNOWN_HOST)
    return next((address for address in found if ":" not in address), found[0])  # not every server speaks IPv6


def _request(method: str, secure: bool, host: str, port: int, address: str, path: str) -> tuple[int, str]:
    """Return status and Location of one answer. Nothing of its body is read."""
    over = time.monotonic() + TIMEOUT_S
    connection = (_Secure if secure else _Plain)(host, port, address)
    end = Timer(TIMEOUT_S, connection.hang_up)
    end.daemon = True
    end.start()
    try:
        connection.request(method, path, headers={"User-Agent": _USER_AGENT, "Accept": "*/*", "Connection": "close"})
        answer = connection.getresponse()
        if time.monotonic() >= over:  # what ends because we hung up looks complete
            raise TimeoutError
        return answer.status, answer.getheader("Location") or ""
    except ssl.SSLCertVerificationError:
        raise _Stopped(Trouble.CERTIFICATE) from None
    except http.client.InvalidURL:
        raise _Stopped(Trouble.NO_ADDRESS) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = isinstance(error, TimeoutError) or time.monotonic() >= over
        raise _Stopped(Trouble.TIMEOUT if late else Trouble.NO_CONNECTION) from None
    finally:
        end.cancel()
        connection.close()


class _Plain(http.client.HTTPConnection):
    """A connection to one address, whatever its host's name says."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT_S)

    def hang_up(self) -> None:
        """Wake whoever reads: closing alone does not."""
        try:
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has ended by itself


class _Secure(_Plain):
    """The same under TLS: the certificate must be of the host's name."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        # In two steps, so that `hang_up` reaches a handshake too.
        self.sock = _trust().wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
