"""What kind of file this is, told by its content; and everything that keeps it from being one of the four kinds we take.

A name or a type that a browser sent is never believed. A file that is two kinds at once, or holds more than what a reader
of its kind would show, is refused: nobody needs one as evidence.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import ParseError, fromstring

from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from catalogue.common.errors import DomainError

from .models import BIGGEST, MediaType

# The harmless text that every virus scanner finds; kept in two parts so that none finds it here. Source: eicar.org.
_EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_MOST_PIXELS = 60_000_000
_MOST_PARTS = 2_000  # of an archive
_MOST_UNPACKED = 100 * 1024 * 1024  # bytes of an archive
_HIGHEST_RATIO = 200  # unpacked to packed, of one part; text documents stay far below
_MOST_OBJECTS = 100_000  # of a PDF
# What makes a PDF do something, or carry another file. Source: ISO 32000-2, 7.11, 12.6.4, 13.
_ACTIVE_KEYS = {"/JS", "/JavaScript", "/AA", "/Launch", "/EmbeddedFiles", "/EmbeddedFile", "/RichMedia", "/XFA", "/EF"}
_ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/RichMediaExecute"}


class BadDocument(DomainError):
    """A file that is not taken; the sentence says why and what to do."""

    code, field = "bad_document", "file"


def media_type(content: bytes) -> MediaType:
    """Return what the bytes are. Raises BadDocument for anything that is not exactly one of the kinds we take."""
    if not content:
        raise BadDocument(_("Tệp rỗng."))
    if len(content) > BIGGEST:
        raise too_big()
    _refuse_virus_test(content)
    for kind, begins, check in _KINDS:
        if content.startswith(begins):
            if kind != MediaType.DOCX and zipfile.is_zipfile(io.BytesIO(content)):
                raise _two_at_once()
            check(content)
            return kind
    raise BadDocument(
        _("Chỉ nhận PDF, PNG, JPEG và DOCX. Tệp này không phải một trong bốn loại đó, dù tên ghi thế nào.")
    )


def too_big() -> BadDocument:
    return BadDocument(_("Tệp lớn quá: nhiều nhất 10 MB."))


def _two_at_once() -> BadDocument:
    return BadDocument(_("Trong tệp còn giấu một tệp khác. Hãy lưu lại tài liệu rồi tải lên bản mới."))


def _broken() -> BadDocument:
    return BadDocument(_("Tệp hỏng hoặc không đọc được. Hãy mở thử, lưu lại rồi tải lên bản mới."))


def _refuse_virus_test(content: bytes) -> None:
    if _EICAR in content:
        raise BadDocument(_("Tệp chứa mã mà máy quét vi-rút nhận ra, nên không được nhận."))


def _png(content: bytes) -> None:
    """A PNG is its signature and chunks; the file ends with the chunk IEND. Source: W3C PNG, 5.2 and 5.3."""
    at = 8
    while at + 12 <= len(content):
        length, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        at += 12 + length
        if name == b"IEND":
            break
    else:
        raise _broken()
    if at != len(content):
        raise _two_at_once()
    _picture(content, "PNG")


def _jpeg(content: bytes) -> None:
    """A JPEG is marker segments; the first EOI outside of them ends it. Source: ITU-T T.81, annex B."""
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            raise _broken()
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == 0xD9:
            break
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xDA:  # coded data up to the next marker that is neither a stuffed byte nor a restart
            follows = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]").search(content, at)
            if not follows:
                raise _broken()
            at = follows.start()
    if content[at : at + 2] != b"\xff\xd9":
        raise _broken()
    if content[at + 2 :].strip(b"\x00"):
        raise _two_at_once()
    _picture(content, "JPEG")


def _picture(content: bytes, form: str) -> None:
    if b"%PDF-" in content[:1024]:  # where a reader of PDF would still look for it
        raise _two_at_once()
    too_many = BadDocument(_("Ảnh có quá nhiều điểm ảnh: nhiều nhất 60 triệu."))
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise too_many
            image.verify()
        with Image.open(io.BytesIO(content), formats=[form]) as image:
            image.load()
    except (
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:  # far too many: Pillow says so first
        raise too_many from error
    except (OSError, ValueError, SyntaxError, zlib.error) as error:
        raise _broken() from error


def _pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-1024:]:
        raise _broken()
    if content[content.rindex(b"%%EOF") + 5 :].strip(b"\r\n \t\x00"):
        raise _two_at_once()
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise BadDocument(_("PDF có mật khẩu thì người thẩm định không đọc được. Hãy bỏ mật khẩu rồi tải lên lại."))
        if not len(reader.pages):
            raise _broken()
        active = any(_is_active(one) for one in _objects(reader))
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        RecursionError,
        zlib.error,
        OSError,
    ) as error:
        raise _broken() from error
    if active:
        raise BadDocument(
            _("PDF có mã lệnh, tệp đính kèm hoặc biểu mẫu gửi đi. Hãy in lại thành PDF (Print to PDF) rồi tải lên.")
        )


def _objects(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Yield every dictionary that the file holds, those in compressed streams too, whether a page leads to it or not."""
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    if len(numbers) > _MOST_OBJECTS:
        raise BadDocument(_("PDF phức tạp quá. Hãy in lại thành PDF (Print to PDF) rồi tải lên."))
    waiting: list[Any] = [
        reader.trailer,
        *(IndirectObject(number, 0, reader).get_object() for number in sorted(numbers)),
    ]
    while waiting:
        one = waiting.pop()
        if isinstance(one, DictionaryObject):  # a stream is one, too
            yield one
            waiting += [value for value in one.values() if not isinstance(value, IndirectObject)]
        elif isinstance(one, ArrayObject):
            waiting += [value for value in one if not isinstance(value, IndirectObject)]


def _is_active(one: DictionaryObject) -> bool:
    if isinstance(one, StreamObject) and one.get("/Type") == "/EmbeddedFile":
        return True
    return bool(_ACTIVE_KEYS & one.keys()) or str(one.raw_get("/S") if "/S" in one else "") in _ACTIVE_ACTIONS


# What reading a ZIP file of XML raises that is cut short, garbled or packed in a way that is not known here.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ParseError,
)  # fmt: skip


def _docx(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_archive(content, archive)
            _word(archive)
    except (*DAMAGED, KeyError) as error:
        raise _broken() from error


def check_archive(content: bytes, archive: zipfile.ZipFile) -> None:
    """Raise BadDocument for what an unpacker would choke on, and bytes that belong to no part. Source: APPNOTE.TXT 4.3."""
    parts = archive.infolist()
    if archive.comment or not content[-22:].startswith(b"PK\x05\x06"):
        raise _two_at_once()
    if min((part.header_offset for part in parts), default=-1) != 0:
        raise _two_at_once()
    too_much = BadDocument(_("Tệp giải nén ra quá lớn nên không được nhận."))
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise too_much
    names = [part.filename for part in parts]
    if len(set(names)) != len(names) or any(name.startswith(("/", "\\")) or ".." in name.split("/") for name in names):
        raise _broken()
    for part in parts:
        if part.flag_bits & 0x1:
            raise _broken()
        if part.file_size > _HIGHEST_RATIO * max(part.compress_size, 1) and part.file_size > 1_000_000:
            raise too_much


def _word(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if not {"[Content_Types].xml", "word/document.xml"} <= names:
        raise BadDocument(_("Chỉ nhận PDF, PNG, JPEG và DOCX. Tệp này là một tệp nén khác."))
    macros = BadDocument(_("Văn bản có macro hoặc tệp nhúng. Hãy lưu lại thành DOCX thường, hoặc in thành PDF."))
    if any(re.search(r"(?i)vbaproject|vbadata|activex|/embeddings/|oleobject", name) for name in names):
        raise macros
    total = 0
    for name in sorted(names):
        body = archive.read(name)  # its size was declared; a part that unpacks to more is a BadZipFile
        total += len(body)
        _refuse_virus_test(body)
        if name == "[Content_Types].xml" and re.search(rb"(?i)macroenabled|vbaproject|oleobject", body):
            raise macros
        if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in body[:4096]:
            raise _broken()
        if name.endswith(".rels"):
            _relations(body, macros)
    fromstring(archive.read("word/document.xml"))  # noqa: S314 (no DOCTYPE, so no entity to expand)


def _relations(body: bytes, macros: BadDocument) -> None:
    """Refuse what is fetched from elsewhere when the document is opened; a link that a reader clicks is harmless."""
    for relation in fromstring(body):  # noqa: S314 (no DOCTYPE, so no entity to expand)
        kind = relation.get("Type", "").rsplit("/", 1)[-1].lower()
        if kind in ("oleobject", "vbaproject", "attachedtemplate", "frame", "subdocument", "control", "package") or (
            relation.get("TargetMode") == "External" and kind != "hyperlink"
        ):
            raise macros


_KINDS: tuple[tuple[MediaType, bytes, Callable[[bytes], None]], ...] = (
    (MediaType.PDF, b"%PDF-", _pdf),
    (MediaType.PNG, b"\x89PNG\r\n\x1a\n", _png),
    (MediaType.JPEG, b"\xff\xd8\xff", _jpeg),
    (MediaType.DOCX, b"PK\x03\x04", _docx),
)
