"""To the identity provider and back: allauth's way, and a page instead of an error when the provider does not answer."""

import logging
from collections.abc import Callable

from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

logger = logging.getLogger(__name__)


def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _or_a_page(views.login, request, provider_id)


def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _or_a_page(views.callback, request, provider_id)


def _or_a_page(
    step: Callable[[HttpRequest, str], HttpResponse], request: HttpRequest, provider_id: str
) -> HttpResponse:
    try:
        return step(request, provider_id)
    except RequestException:
        logger.exception("the identity provider does not answer")
        return render(request, "socialaccount/authentication_error.html", status=503)
