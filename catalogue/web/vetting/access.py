"""Who comes in here: reviewers. Everybody else is told that there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from catalogue.vetting.models import Submission
from catalogue.vetting.querysets import may_review


def reviewers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let reviewers in, ask who is not signed in to do so, and tell others that there is nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may_review(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(login_required(guarded))


def reviewed(request: HttpRequest, pk: int) -> Submission:
    """Return the submission, if the visitor may see it."""
    return get_object_or_404(Submission.objects.for_reviewers(request.user).for_lists(), pk=pk)
