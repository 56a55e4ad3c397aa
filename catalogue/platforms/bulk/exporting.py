"""Taking out everything a vendor entered: what stands now in the tables that can be brought in again, and all that was."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.accounts.models import Organisation
from catalogue.documents.models import Document
from catalogue.platforms.content import Content, ContentInvalid, parse
from catalogue.platforms.editing import standing
from catalogue.platforms.models import Platform
from catalogue.platforms.publishing import content_of
from catalogue.platforms.reading import LABELS, lines
from catalogue.platforms.revisions import Revision

from .cells import Names, harmless
from .columns import DOCUMENTS, EVIDENCE, PACKAGES, PRODUCTS, REVISIONS
from .sheets import XLSX, Saved, Sheet, Value, heading, row_of, write_csvs, write_xlsx

FORMAT = 1  # of the JSON file; one more when a reader of the old would be wrong
_CHUNK = 100  # platforms read at once
_IN_MEMORY = 2_000_000  # bytes of a file


@dataclass(frozen=True)
class Kind:
    """One kind of file that everything can be saved as."""

    extension: str
    media_type: str
    write: Callable[[Organisation, IO[bytes]], None]


def _platforms(vendor: Organisation) -> Iterator[Platform]:
    """Yield the vendor's products, drafts and retired ones too, with all revisions, oldest first."""
    revisions = Prefetch("revisions", Revision.objects.order_by("number"))
    rows = Platform.objects.filter(vendor=vendor).select_related("category").prefetch_related(revisions)
    for platform in rows.order_by("name", "pk").iterator(chunk_size=_CHUNK):
        platform.vendor = vendor
        yield platform


def sheets(vendor: Organisation) -> Iterator[Sheet]:
    """Yield every table of the export: first those that can be brought in again."""
    names = Names.read()
    now = [(platform.slug, _standing(platform)) for platform in _platforms(vendor)]
    said = [(slug, content.as_json()) for slug, content in now if content]
    yield Sheet(
        PRODUCTS.name,
        str(PRODUCTS.title),
        [heading(column) for column in PRODUCTS.columns],
        (row_of(PRODUCTS, slug, values, names) for slug, values in said),
    )
    for table in (PACKAGES, EVIDENCE):
        yield Sheet(
            table.name,
            str(table.title),
            [heading(column) for column in table.columns],
            (row_of(table, slug, item, names) for slug, values in said for item in values[table.field]),
        )
    yield Sheet("revisions", str(REVISIONS), _revision_headings(), _revision_rows(vendor))
    yield Sheet("documents", str(DOCUMENTS), _document_headings(), _document_rows(vendor))


def _standing(platform: Platform) -> Content | None:
    """Return what the vendor's text is now; None when what is public no longer fits the form, and nobody revised it yet."""
    try:
        return standing(platform)
    except ContentInvalid:
        return None


def _revision_headings() -> list[str]:
    about = [_("Mã sản phẩm"), _("Bản số"), _("Tình trạng"), _("Bắt đầu"), _("Sửa sau cùng"), _("Nộp"), _("Quyết định"), _("Lý do")]  # fmt: skip
    return [*about, *(str(LABELS[key]) for key in Content.model_fields)]


def _revision_rows(vendor: Organisation) -> Iterator[list[Value]]:
    for platform in _platforms(vendor):
        for revision in platform.revisions.all():
            days = (revision.created_at, revision.edited_at, revision.submitted_at, revision.decided_at)
            content = parse(revision.content)
            yield [
                harmless(platform.slug),
                revision.number,
                harmless(str(revision.get_state_display())),
                *(_moment(day) for day in days),
                harmless(revision.reason),
                *(harmless("\n".join(lines(content, key))) for key in Content.model_fields),
            ]


def _document_headings() -> list[str]:
    return [_("Mã tệp"), _("Tên tệp"), _("Loại"), _("Dung lượng (byte)"), _("SHA-256"), _("Đã quét vi-rút"), _("Tải lên")]  # fmt: skip


def _document_rows(vendor: Organisation) -> Iterator[list[Value]]:
    for document in Document.objects.filter(organisation=vendor).order_by("uploaded_at", "pk").iterator():
        scanned = _("Có") if document.scanned else _("Không")
        name = harmless(document.name)
        yield [str(document.pk), name, document.media_type, document.size, document.sha256, scanned, _moment(document.uploaded_at)]  # fmt: skip


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""


def write_json(vendor: Organisation, to: IO[bytes]) -> None:
    """Write one object: format, vendor, products (now, public, every revision), documents. A product at a time."""

    def put(text: str) -> None:
        to.write(text.encode())

    put(f'{{"format": {FORMAT}, "exported_at": {json.dumps(_moment(timezone.now()))}, ')
    put(
        f'"vendor": {_dumped({"key": vendor.key, "name": vendor.name, "short_name": vendor.short_name})}, "products": ['
    )
    for at, platform in enumerate(_platforms(vendor)):
        put(f"{',' if at else ''}\n{_dumped(_product(platform))}")
    put('\n], "documents": [')
    for at, document in enumerate(Document.objects.filter(organisation=vendor).order_by("uploaded_at", "pk")):
        put(f"{',' if at else ''}\n{_dumped(_document(document))}")
    put("\n]}\n")


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _product(platform: Platform) -> dict[str, Any]:
    now = _standing(platform)
    return {
        "key": platform.slug,
        "listed_at": _moment(platform.listed_at),
        "retired_at": _moment(platform.retired_at),
        "now": now.as_json() if now else None,
        "public": _public(platform),
        "revisions": [
            {
                "number": revision.number,
                "state": revision.state,
                "begun_from": revision.base_number,
                "created_at": _moment(revision.created_at),
                "edited_at": _moment(revision.edited_at),
                "submitted_at": _moment(revision.submitted_at),
                "decided_at": _moment(revision.decided_at),
                "reason": revision.reason,
                "content": revision.content,
            }
            for revision in platform.revisions.all()
        ],
    }


def _public(platform: Platform) -> dict[str, Any] | None:
    if platform.listed_at is None or platform.retired_at is not None:
        return None
    try:
        return content_of(platform).as_json()
    except ContentInvalid:
        return None


def _document(document: Document) -> dict[str, Any]:
    return {
        "id": str(document.pk),
        "name": document.name,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
        "scanned": document.scanned,
        "uploaded_at": _moment(document.uploaded_at),
    }


def export(vendor: Organisation, kind: str, *, day: date) -> Saved:
    """Return everything of a vendor as a file of one of the KINDS; a long one lies on the disk while it is sent."""
    chosen = KINDS[kind]
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (whoever gives it out closes it)
    chosen.write(vendor, file)
    file.seek(0)
    return Saved(file, chosen.media_type, f"{vendor.key}-{day.isoformat()}.{kind}")


KINDS = {
    kind.extension: kind
    for kind in (
        Kind("xlsx", XLSX, lambda vendor, to: write_xlsx(sheets(vendor), to)),
        Kind("zip", "application/zip", lambda vendor, to: write_csvs(sheets(vendor), to)),
        Kind("json", "application/json", write_json),
    )
}
