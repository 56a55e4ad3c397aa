"""Mails about an account that no request asks for: allauth's own way of sending wants one."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from .models import User


def send(template: str, *, to: User, **context: Any) -> None:
    """Send the mail of this name (templates/account/email/) in the person's language."""
    with translation.override(to.language):
        known = {
            "user": to,
            "sign_in": address("account_login"),
            "current_site": {"domain": urlsplit(settings.SITE_URL).netloc},
            **context,
        }
        subject, body = (
            render_to_string(f"account/email/{template}_{part}.txt", known) for part in ("subject", "message")
        )
    send_mail(subject.strip(), body.strip() + "\n", None, [to.email])


def address(name: str) -> str:
    """Return the whole address of a page, in the language in use."""
    return settings.SITE_URL + reverse(name)
