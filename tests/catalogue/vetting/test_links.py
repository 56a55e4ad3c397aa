"""Asking an address: what is said of each answer, and that nobody can point the site at its own network.

A real server on loopback answers; loopback is let in by name of each test, never by default.
"""

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from catalogue.vetting import links
from catalogue.vetting.links import Seen, Trouble, is_public, look


def loopback(address: links.IPAddress) -> bool:
    return address.is_loopback or is_public(address)


class Site(BaseHTTPRequestHandler):
    """Answers by what the path asks for."""

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        self.server.asked.append((self.command, self.path, self.headers["Host"]))
        kind, _, rest = self.path.lstrip("/").partition("/")
        if kind == "slow":
            self.server.over.wait(20)
        elif kind == "drip":
            self.drip()
        elif kind == "hangs-up-on-head" and self.command == "HEAD":
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            kind, rest = ("302", self.path) if kind == "again" else (kind, rest)
            status = 405 if kind == "no-head" and self.command == "HEAD" else int(kind) if kind.isdigit() else 200
            self.send_response(status)
            if rest:
                self.send_header("Location", rest)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(b"x" * 100_000)

    def drip(self):
        """Send a header that never ends, a byte at a time: no single wait is long."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for _ in range(200):
            try:
                self.wfile.write(b"x")
            except OSError:
                return
            if self.server.over.wait(0.05):
                return

    def log_message(self, *args):
        pass


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A client that hangs up is what the tests are about."""


@pytest.fixture
def site():
    server = Quiet(("127.0.0.1", 0), Site)
    server.asked, server.over = [], threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def names(monkeypatch):
    """Names that lead where a test says, and which were asked for; numbers are left to the system."""
    real, known, asked = socket.getaddrinfo, {}, []

    def resolve(host, port, *args, **kwargs):
        if host not in known:
            return real(host, port, *args, **{**kwargs, "flags": socket.AI_NUMERICHOST})
        asked.append(host)
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in known[host]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    known["asked"] = asked
    return known


class TestWhatIsSaidOfAnAnswer:
    @pytest.mark.parametrize(
        ("status", "alive"),
        [(200, True), (204, True), (404, False), (410, False), (400, False), (401, None), (403, None), (429, None), (500, None), (503, None)],
    )  # fmt: skip
    def test_by_its_status(self, site, status, alive):
        seen = look(f"{site.url}/{status}", allow=loopback)

        assert (seen.status, seen.trouble, seen.alive) == (status, None, alive)

    def test_a_page_that_answers_head_is_asked_once(self, site):
        look(f"{site.url}/page?q=khám bệnh", allow=loopback)

        assert [row[:2] for row in site.asked] == [("HEAD", "/page?q=kh%C3%A1m%20b%E1%BB%87nh")]

    @pytest.mark.parametrize("path", ["no-head", "hangs-up-on-head"])
    def test_one_that_refuses_head_is_asked_for_the_page(self, site, path):
        assert look(f"{site.url}/{path}", allow=loopback).alive is True
        assert [row[0] for row in site.asked] == ["HEAD", "GET"]

    def test_redirects_are_followed_to_where_they_end(self, site):
        seen = look(f"{site.url}/301/{site.url}/302//200", allow=loopback)

        assert (seen.status, seen.alive) == (200, True)
        assert seen.final.endswith("/200")

    def test_three_redirects_are_enough_and_four_are_too_many(self, site):
        hops = f"{site.url}/200"
        for at in range(4):
            assert look(hops, allow=loopback).alive is True, f"{at} redirects"
            hops = f"{site.url}/302/{hops}"

        seen = look(hops, allow=loopback)

        assert (seen.alive, seen.trouble) == (False, Trouble.TOO_MANY_REDIRECTS)

    def test_a_loop_ends(self, site):
        assert look(f"{site.url}/again", allow=loopback).trouble == Trouble.TOO_MANY_REDIRECTS
        assert len(site.asked) == links.MOST_REDIRECTS + 1

    @pytest.mark.parametrize("path", ["slow", "drip"])
    def test_a_server_that_keeps_one_waiting_is_left_in_time(self, site, path, monkeypatch):
        monkeypatch.setattr(links, "TIMEOUT_S", 0.4)
        began = time.monotonic()

        seen = look(f"{site.url}/{path}", allow=loopback)

        assert (seen.alive, seen.trouble) == (False, Trouble.TIMEOUT)
        assert time.monotonic() - began < 3

    def test_nobody_listening_is_no_connection(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]

        assert look(f"http://127.0.0.1:{port}/", allow=loopback).trouble == Trouble.NO_CONNECTION

    def test_a_certificate_of_nobody_is_said(self, tmp_path, names):
        server = Quiet(("127.0.0.1", 0), Site)
        server.asked, server.over = [], threading.Event()
        server.socket = self_signed(tmp_path).wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        names["trang.example"] = ["127.0.0.1"]

        seen = look(f"https://trang.example:{server.server_port}/", allow=loopback)
        server.shutdown()
        server.server_close()
        thread.join()

        assert (seen.alive, seen.trouble, server.asked) == (False, Trouble.CERTIFICATE, [])


def self_signed(folder) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "trang.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("trang.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


class TestOurOwnNetwork:
    @pytest.mark.parametrize(
        "host",
        [
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",  # noqa: S104 (asked, not bound)
            "255.255.255.255", "[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[ff02::1]", "[::ffff:127.0.0.1]",
            "[::ffff:169.254.169.254]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "2130706433", "0x7f.1", "127.1",
        ],
    )  # fmt: skip
    def test_is_never_asked(self, host):
        seen = look(f"http://{host}/")

        assert (seen.status, seen.trouble) == (None, Trouble.NOT_PUBLIC)

    def test_is_not_reached_by_a_name(self, site, names):
        names["trong-nha.example"] = ["127.0.0.1"]

        seen = look(f"http://trong-nha.example:{site.server_port}/")

        assert (seen.trouble, site.asked) == (Trouble.NOT_PUBLIC, [])

    def test_is_not_reached_by_a_name_that_has_a_public_address_too(self, names):
        names["nua-nay-nua-kia.example"] = ["203.162.0.1", "10.0.0.1"]

        assert look("http://nua-nay-nua-kia.example/").trouble == Trouble.NOT_PUBLIC

    def test_is_not_reached_by_a_redirect(self, site, names):
        """Only the first host is let in; where it sends us is looked at like any other address."""
        names["ngoai.example"], names["trong.example"] = ["127.0.0.1"], ["127.0.0.2"]
        first = ipaddress.ip_address("127.0.0.1")
        url = f"http://ngoai.example:{site.server_port}/302/http://trong.example:{site.server_port}/200"

        seen = look(url, allow=lambda address: address == first)

        assert seen.trouble == Trouble.NOT_PUBLIC
        assert seen.final.startswith("http://trong.example")
        assert [host.split(":")[0] for _, _, host in site.asked] == ["ngoai.example"]

    def test_a_name_is_resolved_once_and_the_address_that_was_checked_is_the_one_connected_to(self, site, names):
        names["doi-ten.example"] = ["127.0.0.1"]

        seen = look(f"http://doi-ten.example:{site.server_port}/200", allow=loopback)

        assert seen.alive is True
        assert names["asked"] == ["doi-ten.example"], "a second question could have another answer"
        assert site.asked == [("HEAD", "/200", f"doi-ten.example:{site.server_port}")]

    @pytest.mark.parametrize(
        "url",
        [
            "", "file:///etc/passwd", "ftp://example.vn/", "gopher://example.vn/", "http://", "http://[::1", "http:///x",
            "http://user:pass@example.vn/", "http://example.vn:99999/", "http://example.vn:25/", "http://example.vn:22/",
            "http://" + "a" * 300 + ".vn/", "javascript:alert(1)",
        ],
    )  # fmt: skip
    def test_what_is_no_address_of_a_page_is_not_asked(self, url, names):
        names["example.vn"] = ["127.0.0.1"]

        assert look(url, allow=loopback) == Seen(url, trouble=Trouble.NO_ADDRESS, final=url)
        assert names["asked"] == []

    def test_a_redirect_to_another_kind_of_address_is_not_followed(self, site):
        assert look(f"{site.url}/302/file:///etc/passwd", allow=loopback).trouble == Trouble.NO_ADDRESS

    def test_a_name_that_nobody_has_is_said(self, monkeypatch):
        def nobody(*args, **kwargs):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        monkeypatch.setattr(socket, "getaddrinfo", nobody)

        assert look("http://khong-co.example/").trouble == Trouble.UNKNOWN_HOST

    def test_a_line_break_in_an_address_adds_no_header(self, site):
        look(f"{site.url}/200%0d%0aX-Evil:%201", allow=loopback)
        look(f"{site.url}/200\r\nX-Evil: 1", allow=loopback)

        assert all("\n" not in path and "\r" not in path for _, path, _ in site.asked)

    @pytest.mark.parametrize("address", ["8.8.8.8", "203.162.0.1", "2001:4860:4860::8888"])
    def test_the_public_internet_is(self, address):
        assert is_public(ipaddress.ip_address(address))
