"""The one address that gives a document out: to those who may see it, as a download that no browser opens in the site."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalogue.documents.models import Document

from .steps import member_of


@require_safe
@never_cache
def document_file(request: HttpRequest, pk: UUID) -> FileResponse:
    """The bytes as they came in."""
    document = get_object_or_404(Document.objects.visible_to(member_of(request)).distinct(), pk=pk)
    answer = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=document.name, content_type=document.media_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
