"""Taking a file in: looked at, scanned, kept once."""

import hashlib
import re
import unicodedata
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalogue.accounts.models import Organisation, User

from .checking import media_type
from .models import Document
from .scanning import scan

_LONGEST_NAME = 120
_UNWANTED = re.compile(r'[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069<>:"|?*]')


def keep(organisation: Organisation, *, name: str, content: bytes, by: User, now: datetime) -> Document:
    """Return the document of these bytes, kept under a random name; the one that is there when the vendor sent them before.

    Raises BadDocument and ScannerUnreachable; then nothing is kept.
    """
    kind = media_type(content)
    digest = hashlib.sha256(content).hexdigest()
    known = Document.objects.filter(organisation=organisation, sha256=digest).first()
    if known:
        return known
    document = Document(
        organisation=organisation,
        name=plain_name(name, kind.extension),
        media_type=kind,
        size=len(content),
        sha256=digest,
        scanned=scan(content),
        uploaded_by=by,
        uploaded_at=now,
    )
    document.file.save("", ContentFile(content), save=False)
    storage, stored = document.file.storage, document.file.name or ""
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError:  # the same bytes came in twice at once
        storage.delete(stored)
        return Document.objects.get(organisation=organisation, sha256=digest)
    except BaseException:
        storage.delete(stored)
        raise
    return document


def discard(document: Document) -> None:
    """Forget a document that no evidence names, its bytes after the commit."""
    storage, stored = document.file.storage, document.file.name or ""
    document.delete()
    transaction.on_commit(partial(storage.delete, stored))


def plain_name(name: str, extension: str) -> str:
    """Return a name to show: no path, nothing that steers a terminal or a reader, and the ending that the content has."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = _UNWANTED.sub("", last).rsplit(".", 1)[0].strip(" .")[:_LONGEST_NAME]
    return f"{stem or _('tai-lieu')}.{extension}"
