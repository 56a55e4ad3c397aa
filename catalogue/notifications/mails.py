"""A notice as a mail: text and HTML, in its reader's language, with the same Message-ID at every attempt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from email.headerregistry import Address
from email.utils import formatdate, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from .kinds import DIGEST, KINDS
from .models import Notice
from .unsubscribing import token_for


def compose(notice: Notice) -> EmailMultiAlternatives:
    """Return the mail. Raises TemplateDoesNotExist or a template's own error, never half a mail."""
    with translation.override(notice.reader_language):
        stop = _stop_address(notice)
        context = {**_frame(notice), "stop": stop, "choices": f"{settings.SITE_URL}{reverse('notice-choices')}"}
        if notice.kind == DIGEST.name:
            context["parts"] = [
                _part(part) for part in notice.parts.select_related("user").order_by("created_at", "id")
            ]
        subject, text = _subject_and_text(render_to_string(f"emails/{notice.kind}.txt", context))
        html = render_to_string(f"emails/{notice.kind}.html", {**context, "subject": subject})
    mail = EmailMultiAlternatives(
        subject, text, settings.MAIL_FROM, [notice.address], headers=dict(_headers(notice, stop))
    )
    mail.attach_alternative(html, "text/html")
    return mail


def draft(kind: str, *, language: str, at: datetime, **context: object) -> EmailMultiAlternatives:
    """Return the mail that `notify` would send, for who wants to read it before. Nothing is kept."""
    return compose(Notice(kind=kind, language=language, context=context, created_at=at, due_at=at))


def _frame(notice: Notice) -> dict[str, Any]:
    """Return what every template of a notice gets."""
    return {
        **_thawed(notice.context),
        "base": "emails/base",
        "site": settings.SITE_URL,
        "reader": notice.user,
        "LANGUAGE_CODE": notice.reader_language,
    }


def _part(notice: Notice) -> dict[str, str]:
    """Return a notice as it stands in a daily mail: the same templates without the frame of a mail."""
    context = {**_frame(notice), "base": "emails/part"}
    subject, text = _subject_and_text(render_to_string(f"emails/{notice.kind}.txt", context))
    return {"subject": subject, "text": text, "html": render_to_string(f"emails/{notice.kind}.html", context)}


def _subject_and_text(rendered: str) -> tuple[str, str]:
    """Split what a text template gives: the subject is its first line."""
    subject, _, text = rendered.strip().partition("\n")
    return " ".join(subject.split()), text.strip() + "\n"


def _thawed(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the context with its times and dates as such again; they end in `_at` and `_on`."""
    return {name: _value(name, value) for name, value in context.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, str) and name.endswith("_at"):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and name.endswith("_on"):
        return date.fromisoformat(value)
    return value


def _stop_address(notice: Notice) -> str:
    """Return the page that switches off what this mail may be switched off of, "" when it may not."""
    if notice.user is None:
        return ""
    kinds = {KINDS[part.kind] for part in notice.parts.all()} if notice.kind == DIGEST.name else {notice.kind_of}
    groups = sorted({kind.group for kind in kinds if kind.may_switch_off})
    return f"{settings.SITE_URL}{reverse('notice-stop', args=[token_for(notice.user, groups)])}" if groups else ""


def _headers(notice: Notice, stop: str) -> Iterable[tuple[str, str]]:
    yield "Message-ID", f"<{notice.pk}@{_domain()}>"
    yield "Date", formatdate(notice.created_at.timestamp())
    yield "Auto-Submitted", "auto-generated"
    if stop:
        yield "List-Unsubscribe", f"<{stop}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _domain() -> str:
    return Address(addr_spec=parseaddr(settings.MAIL_FROM)[1]).domain or "localhost"
