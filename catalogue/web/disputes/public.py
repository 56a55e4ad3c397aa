"""Raise a challenge, and read what came of it by the link that proves who raised it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.accounts.models import User
from catalogue.common.errors import DomainError
from catalogue.platforms.models import Platform
from catalogue.vetting import challenges
from catalogue.vetting.service_levels import due
from catalogue.web.throttles import AddressThrottle

from .forms import AppealForm, ChallengeForm
from .shown import challenge_lines

FORM = require_http_methods(["GET", "HEAD", "POST"])


class ChallengeThrottle(AddressThrottle):
    scope = "challenges"


@FORM
def challenge(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. What is sent is answered in a set time; the page that follows is the sender's own."""
    platform = get_object_or_404(Platform.objects.listed().select_related("vendor"), slug=slug)
    user = request.user if isinstance(request.user, User) else None
    form = ChallengeForm(request.POST if request.method == "POST" else None, signed_in=user is not None)
    status, wait = 200, 0
    if request.method == "POST":
        status = 400
        if form.is_valid():
            if form.cleaned_data["honeypot"]:  # who fills what nobody sees is a program, and is told nothing
                return HttpResponseRedirect(f"{platform.get_absolute_url()}#phan-doi", status=303)
            wait = ChallengeThrottle().wait_for(request)
            if wait:
                form.add_error(
                    None, _("Bạn đã gửi nhiều phản đối trong một giờ. Hãy gửi tiếp sau; nội dung vẫn còn dưới đây.")
                )
                status = 429
            else:
                try:
                    made = challenges.challenge(platform, by=user, now=timezone.now(), **form.told())
                except DomainError as refusal:
                    form.refuse(refusal)
                else:
                    address = reverse("challenge-answered", args=[challenges.token_of(made)])
                    return HttpResponseRedirect(address, status=303)
    context = {
        "platform": platform,
        "trail": [{"label": platform.name, "url": platform.get_absolute_url()}],
        "form": form,
        "due_on": due("challenge", timezone.localdate()),
        "appeal_days": challenges.APPEAL_DAYS,
    }
    answer = render(request, "disputes/challenge.html", context, status=status)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


@never_cache
@FORM
def answered(request: HttpRequest, token: str) -> HttpResponse:
    """What came of a challenge, for who raised it; where it was dismissed also the appeal, once and in time."""
    one = challenges.by_token(token)
    if one is None:
        raise Http404
    now = timezone.now()
    may_appeal = challenges.is_open_to_appeal(one, by_challenger=True, now=now)
    form = AppealForm(request.POST if request.method == "POST" and may_appeal else None) if may_appeal else None
    status, refused = 200, ""
    if request.method == "POST":
        status = 400
        if form is None:
            refused, status = _("Không còn khiếu nại được nữa."), 409
        elif form.is_valid():
            user = request.user if isinstance(request.user, User) and one.by_id == request.user.pk else None
            try:
                challenges.appeal_outcome(one, reason=form.cleaned_data["reason"], by=user, now=now)
            except DomainError as refusal:
                form.refuse(refusal)
            else:
                return redirect("challenge-answered", token=token)
    context = {
        "challenge": challenge_lines(one),
        "platform": one.platform,
        "form": form,
        "ends_on": one.ends_on(),
        "refused": refused,
        "told_by_mail": bool(one.by_id or one.email),
    }
    return render(request, "disputes/answered.html", context, status=status)
