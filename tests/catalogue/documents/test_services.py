"""Files are kept once, under random names; a scanner is asked where there is one; what is too big leaves nothing behind."""

import io
import socket
import struct
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from catalogue.documents import services
from catalogue.documents.checking import BadDocument
from catalogue.documents.models import BIGGEST, Document
from catalogue.documents.scanning import ScannerUnreachable, scan
from tests.catalogue.documents.files import PDF, PNG
from tests.catalogue.platforms.test_editing import NOW
from tests.support.factories import UserFactory, VendorFactory


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "private"
    return settings.MEDIA_ROOT


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@contextmanager
def clamd(answer: bytes | None, *, heard: list[bytes] | None = None):
    """A real server that speaks INSTREAM as clamd does, once: takes chunks up to the empty one, then answers."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        client, _address = server.accept()
        with client, client.makefile("rb") as incoming:
            if answer is None:
                return
            command = incoming.read(len(b"zINSTREAM\0"))
            body = b""
            while length := struct.unpack("!L", incoming.read(4))[0]:
                body += incoming.read(length)
            if heard is not None:
                heard.extend([command, body])
            client.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
    finally:
        thread.join(5)
        server.close()


class TestScan:
    def test_without_a_scanner_nothing_is_said(self, settings):
        settings.CLAMD_URL = ""
        assert scan(PDF) is False

    def test_a_clean_file_went_over_whole(self, settings):
        heard: list[bytes] = []
        content = PNG * 5_000
        with clamd(b"stream: OK\0", heard=heard) as settings.CLAMD_URL:
            assert scan(content) is True
        assert heard == [b"zINSTREAM\0", content]

    def test_what_it_finds_is_refused(self, settings):
        with clamd(b"stream: Eicar-Test-Signature FOUND\0") as settings.CLAMD_URL, pytest.raises(BadDocument):
            scan(PDF)

    @pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"UNKNOWN COMMAND\0", None])
    def test_any_other_answer_is_no_answer(self, settings, answer):
        with clamd(answer) as settings.CLAMD_URL, pytest.raises(ScannerUnreachable):
            scan(PDF)

    def test_nobody_there_is_said_so(self, settings):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings.CLAMD_URL = f"tcp://127.0.0.1:{port}"
        with pytest.raises(ScannerUnreachable):
            scan(PDF)


@pytest.mark.django_db
class TestKeep:
    def keep(self, name: str = "a.pdf", content: bytes = PDF, **more):
        values = {"organisation": VendorFactory(), "by": UserFactory(), **more}
        organisation = values.pop("organisation")
        return services.keep(organisation, name=name, content=content, now=NOW, **values)

    def test_says_whether_it_was_scanned(self, settings):
        assert self.keep().scanned is False
        with clamd(b"stream: OK\0") as settings.CLAMD_URL:
            assert self.keep(content=PNG).scanned is True

    @pytest.mark.parametrize("answer", [None, b"stream: X FOUND\0"])
    def test_keeps_nothing_that_was_not_found_clean(self, settings, private_folder, answer):
        with clamd(answer) as settings.CLAMD_URL, pytest.raises((ScannerUnreachable, BadDocument)):
            self.keep()
        assert not Document.objects.exists()
        assert files(private_folder) == []

    def test_leaves_no_file_without_its_row(self, private_folder, monkeypatch):
        def breaks(*args, **kwargs):
            raise RuntimeError("the database went away")

        monkeypatch.setattr(Document, "save", breaks)
        with pytest.raises(RuntimeError):
            self.keep()
        assert files(private_folder) == []

    def test_forgets_the_bytes_with_the_row(self, private_folder, django_capture_on_commit_callbacks):
        document = self.keep()
        with django_capture_on_commit_callbacks(execute=True):
            document.delete()
        assert files(private_folder) == []

    def test_two_vendors_may_have_the_same_file_and_neither_hears_of_the_other(self):
        assert self.keep().pk != self.keep().pk

    @pytest.mark.parametrize(
        ("sent", "shown"),
        [
            ("../../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\x\\biên bản.docx", "biên bản.pdf"),
            ("/srv/a.pdf", "a.pdf"),
            ("a\u202efdp.exe", "afdp.pdf"),
            ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
            ("<img src=x>.pdf", "img src=x.pdf"),
            ("..", "tai-lieu.pdf"),
            ("", "tai-lieu.pdf"),
            ("x" * 500 + ".pdf", "x" * 120 + ".pdf"),
        ],
    )
    def test_a_name_is_shown_without_its_path_and_with_the_ending_of_its_content(self, sent, shown):
        assert self.keep(sent).name == shown


class Endless(io.RawIOBase):
    """A request body of the announced length that is made as it is read; counts what was read of it."""

    def __init__(self, head: bytes, length: int) -> None:
        self.head, self.left, self.read_so_far = head, length - len(head), 0

    def read(self, size: int = -1) -> bytes:
        size = min(size if size > 0 else 65_536, len(self.head) + self.left)
        part, self.head = self.head[:size], self.head[size:]
        more = min(size - len(part), self.left)
        self.left -= more
        self.read_so_far += len(part) + more
        return part + b"\0" * more


@pytest.mark.parametrize("announced", [10**9, BIGGEST + 500_000])
def test_an_upload_of_a_gigabyte_is_broken_off_and_nothing_lies_on_the_disk(announced, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    head = (
        b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nBien ban\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    )
    body = Endless(head, announced)
    environ = RequestFactory()._base_environ(
        REQUEST_METHOD="POST", CONTENT_TYPE="multipart/form-data; boundary=x", CONTENT_LENGTH=str(announced)
    )
    request = WSGIRequest({**environ, "wsgi.input": body})

    assert request.POST["title"] == "Bien ban"
    assert not request.FILES
    assert request.upload_too_big
    assert body.read_so_far < BIGGEST + 1_000_000
    assert files(tmp_path) == []
