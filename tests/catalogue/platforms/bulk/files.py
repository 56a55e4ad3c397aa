"""Workbooks and CSV files made here, good ones and bad ones."""

import io
import zipfile

from openpyxl import Workbook

HEADINGS = ("Mã sản phẩm", "Tên sản phẩm", "Nhóm chính", "Tóm tắt")
PUBLICCODE = """
publiccodeYmlVersion: "0.4"
name: Medusa
url: https://example.com/medusa.git
landingURL: https://example.com/medusa
platforms: [web, android]
softwareType: standalone/web
categories: [video-conferencing, whistleblowing, gamification]
developmentStatus: stable
usedBy: [UBND tỉnh A]
roadmap: https://example.com/roadmap
description:
  en:
    shortDescription: Paperless meetings
    longDescription: Long text.
    features: [Vote]
  vi:
    localisedName: Họp Medusa
    shortDescription: Họp không giấy
    longDescription: |
      **Gửi** tài liệu, [biểu quyết](https://a.vn).

      - Điểm danh
    features: [Biểu quyết, Điểm danh, biểu quyết]
    screenshots: [a.png]
legal:
  license: AGPL-3.0-or-later
  repoOwner: A
maintenance:
  type: contract
  contacts: [{name: Margaret, email: m@example.com}]
localisation:
  localisationReady: true
  availableLanguages: [vi, en, sl-IT-nedis]
dependsOn:
  open: [{name: PostgreSQL, version: "16"}]
"""
BOMB = b"<a>" + b"\0" * 40_000_000 + b"</a>"


def workbook(*rows, sheet="Sản phẩm", headings=HEADINGS, **others) -> bytes:
    """Return a workbook with one sheet of these rows, and others by title: each a list of rows, the headings first."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, content in {sheet: [headings, *rows], **others}.items():
        page = book.create_sheet(title)
        for row in content:
            page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, replace=lambda name, body: body, add=None) -> bytes:
    """Return an archive with its parts changed, and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, replace(part.filename, old.read(part.filename)))
        for name, body in (add or {}).items():
            new.writestr(name, body)
    return out.getvalue()


def bomb() -> bytes:
    """Return a workbook of 40 kB that unpacks to 40 MB."""
    return repacked(workbook(("", "Họp A")), add={"xl/media/image1.xml": BOMB})


def many_parts() -> bytes:
    return repacked(workbook(("", "Họp A")), add={f"xl/x/{n}.xml": b"<a/>" for n in range(3_000)})


def wide_bomb() -> bytes:
    """Return a workbook whose parts are each below the ratio of one bomb, and together are not."""
    return repacked(workbook(("", "Họp A")), add={f"xl/y{n}.xml": b"<a>" + b" " * 990_000 + b"</a>" for n in range(40)})


def with_entities() -> bytes:
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>'
    return repacked(
        workbook(("", "Họp A")),
        lambda name, body: laughs + body.split(b"?>", 1)[-1] if name == "xl/worksheets/sheet1.xml" else body,
    )


def with_entities_in_utf16() -> bytes:
    def change(name, body):
        if name != "xl/worksheets/sheet1.xml":
            return body
        text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        return (text + body.decode().split("?>", 1)[-1]).encode("utf-16")

    return repacked(workbook(("", "Họp A")), change)


def far_row() -> bytes:
    """Return a workbook that claims a row where none can be."""
    return repacked(
        workbook(("", "Họp A")),
        lambda name, body: (
            body.replace(b'<row r="2"', b'<row r="99999999999"').replace(b'r="B2"', b"")
            if "worksheets/sheet1" in name
            else body
        ),
    )


def body_of(answer) -> bytes:
    """Return what a download holds. Read to its end it is closed, as a server closes it."""
    return b"".join(answer.streaming_content)
