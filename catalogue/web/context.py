"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

_LABELS = {"vi": "Tiếng Việt", "en": "English"}  # each in its own language, so that its readers find it


def language_links(request: HttpRequest) -> dict[str, object]:
    """Offer this very page in every language; a page that has none, in its own address only."""
    if request.resolver_match is None:
        return {}
    here = request.get_full_path()
    links = [
        {
            "code": code,
            "label": _LABELS[code],
            "url": translate_url(here, code),
            "address": request.build_absolute_uri(
                translate_url(request.path, code)
            ),  # the page, whatever was asked of it
            "current": code == get_language(),
        }
        for code, _ in settings.LANGUAGES
    ]
    return {
        "language_links": links,
        "canonical_url": request.build_absolute_uri(request.path),
        "site_url": request.build_absolute_uri("/")[:-1],
    }
