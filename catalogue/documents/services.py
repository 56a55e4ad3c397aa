"""Taking a file in: looked at, scanned, kept once."""

import hashlib
import re
import unicodedata
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models.signals import post_delete
from django.utils.translation import gettext as _

from catalogue.accounts.models import Organisation, User
from catalogue.organisations.requests import Claim

from .checking import media_type
from .models import Document
from .scanning import scan

_LONGEST_NAME = 120
_UNWANTED = re.compile(r'[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069<>:"|?*]')


def connect() -> None:
    """The bytes go with the row, whoever deletes it."""
    post_delete.connect(_forget_bytes, sender=Document, dispatch_uid="document-bytes")


def keep(owner: Organisation | Claim, *, name: str, content: bytes, by: User, now: datetime) -> Document:
    """Return the document of these bytes, kept under a random name; the one that is there when the owner sent them before.

    Raises BadDocument and ScannerUnreachable; then nothing is kept.
    """
    kind = media_type(content)
    digest = hashlib.sha256(content).hexdigest()
    whose = {"claim" if isinstance(owner, Claim) else "organisation": owner}
    known = Document.objects.filter(sha256=digest, **whose).first()
    if known:
        return known
    document = Document(
        **whose,
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
        return Document.objects.get(sha256=digest, **whose)
    except BaseException:
        storage.delete(stored)
        raise
    return document


def _forget_bytes(sender: type[Document], instance: Document, **kwargs: Any) -> None:
    transaction.on_commit(partial(instance.file.storage.delete, instance.file.name or ""))


def plain_name(name: str, extension: str) -> str:
    """Return a name to show: no path, nothing that steers a terminal or a reader, and the ending that the content has."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = _UNWANTED.sub("", last).rsplit(".", 1)[0].strip(" .")[:_LONGEST_NAME]
    unnamed = _("tai-lieu")  # not within the braces: what stands there is not gathered
    return f"{stem or unnamed}.{extension}"
