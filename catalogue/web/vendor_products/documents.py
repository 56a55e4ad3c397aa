"""Taking documents in, and the one address that gives them out: to those who may see them, as a download that no browser
opens in the site.
"""

from typing import cast
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalogue.accounts.models import User
from catalogue.documents import services as documents
from catalogue.documents.models import Document
from catalogue.documents.serving import download
from catalogue.documents.uploading import sent
from catalogue.platforms.models import Platform
from catalogue.vetting import papers

from .steps import member_of


def taken_in(request: HttpRequest, platform: Platform, name: str = "file") -> Document | None:
    """Return the document that came with the form, None when none came. Raises BadDocument, ScannerUnreachable."""
    upload = sent(request, name)
    if upload is None:
        return None
    return documents.keep(
        platform.vendor, name=upload.name or "", content=upload.read(), by=cast(User, request.user), now=timezone.now()
    )


@require_safe
@never_cache
def document_file(request: HttpRequest, pk: UUID) -> FileResponse:
    """The bytes as they came in."""
    user, document = member_of(request), get_object_or_404(Document, pk=pk)
    if not Document.objects.visible_to(user).filter(pk=pk).exists() and not papers.may_open(user, document):
        raise Http404
    return download(document)
