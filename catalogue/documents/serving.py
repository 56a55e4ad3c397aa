"""Giving a document out so that no browser opens it inside the site."""

from django.http import FileResponse

from .models import Document


def download(document: Document) -> FileResponse:
    """Return the bytes as they came in, to be saved."""
    answer = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=document.name, content_type=document.media_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
