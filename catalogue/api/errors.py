"""Errors of the API: problem details (RFC 9457), from one handler."""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import resolve
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from catalogue.common.errors import DomainError

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
# A refusal of what was sent, who sent it, or how often; the others conflict with how things stand.
_DOMAIN_STATUS = {
    "statement_refused": 400,
    "bad_document": 400,
    "content_invalid": 400,
    "file_refused": 400,
    "incomplete": 400,
    "names_person": 400,
    "problem_incomplete": 400,
    "unknown_keys": 400,
    "volume_missing": 400,
    "not_plain_text": 400,
    "nothing_asked": 400,
    "reason_missing": 400,
    "rows_refused": 400,
    "text_missing": 400,
    "too_long": 400,
    "unanswered": 400,
    "wrong_tax_code": 400,
    "second_factor_needed": 403,
    "too_many": 429,
    "scanner_unreachable": 503,
}


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an expected error as problem details; None for any other, which is then a logged 500."""
    if isinstance(error, DomainError):
        details = list(_places(error))
        body = {**({"errors": details} if details else {}), **error.members}
        return _problem(_DOMAIN_STATUS.get(error.code, 409), error.code, str(error), body)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        body = {"errors": list(_flatten(error.detail))}
        return _problem(response.status_code, "invalid", "", body, response.headers)
    if isinstance(error, APIException):
        codes = error.get_codes()
        code = codes if isinstance(codes, str) else "invalid"
        return _problem(response.status_code, code, str(error.detail), headers=response.headers)
    if isinstance(error, PermissionDenied):
        return _problem(response.status_code, "permission_denied", _("Bạn không có quyền làm việc này."))
    return _problem(response.status_code, "not_found", _("Không có mục này, hoặc bạn không được xem."))


def fallback(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer an address the API does not have: without its last slash if that exists, else as a problem."""
    bare = request.path.rstrip("/")
    if bare != request.path and resolve(bare).func is not fallback:
        return HttpResponse(status=308, headers={"Location": request.get_full_path().replace(request.path, bare, 1)})
    detail = _("Không có địa chỉ này.")
    body = {"type": "about:blank", "title": "Not Found", "status": 404, "code": "not_found", "detail": detail}
    return JsonResponse(body, status=404, content_type=MEDIA_TYPE)


def _problem(status: int, code: str, detail: str, more: dict[str, Any] | None = None, headers: Any = None) -> Response:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code}
    if detail:
        body["detail"] = detail
    kept = {
        name: value for name, value in (headers or {}).items() if name in ("Retry-After", "WWW-Authenticate", "Allow")
    }
    return Response({**body, **(more or {})}, status=status, headers=kept, content_type=MEDIA_TYPE)


def _places(error: DomainError) -> Iterator[dict[str, str]]:
    """Yield {"field", "detail"} for each thing that was refused, with its place."""
    yield from getattr(error, "details", ())
    for field, sentences in error.fields.items():
        for sentence in sentences:
            yield {"field": field, "detail": sentence}
    if error.field:
        yield {"field": error.field, "detail": str(error)}


def _flatten(detail: Any, field: str = "") -> Any:
    """Yield {"field", "detail"} for every message, nested fields joined by dots."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _flatten(inner, f"{field}.{name}".strip("."))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flatten(inner, field)
    else:
        yield {"field": field.removesuffix("non_field_errors").rstrip("."), "detail": str(detail)}
