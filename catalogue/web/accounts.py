"""A person's own pages: what the account is, and where it is signed in."""

from typing import cast

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.accounts.forms import ProfileForm
from catalogue.accounts.models import Organisation, User
from catalogue.accounts.sessions import device, end_sessions, shortened
from catalogue.accounts.tokens import ApiToken
from catalogue.vetting.querysets import may_review


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The account at a glance, with a way to change each part."""
    user = cast(User, request.user)
    factors = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    context = {
        "organisations": Organisation.objects.read_by(user).order_by("name").values_list("name", flat=True),
        "factors": factors,
        "session_count": len(UserSession.objects.purge_and_list(user)),
        "token_count": ApiToken.objects.of(user).usable(timezone.now()).count(),
        "provider": settings.SOCIALACCOUNT_PROVIDERS,
        "connected": SocialAccount.objects.filter(user=user).exists(),
        "reviews": may_review(user),
    }
    return render(request, "account/home.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, and the language of mails."""
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=cast(User, request.user).pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Đã lưu."))
        return redirect("account")
    return render(request, "account/profile.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where this account is signed in, this device first, then the last seen."""
    rows = [
        {
            "pk": row.pk,
            "device": device(row.user_agent),
            "address": shortened(row.ip),
            "began": row.created_at,
            "seen": row.last_seen_at,
            "current": row.is_current(),
        }
        for row in UserSession.objects.purge_and_list(cast(User, request.user))
    ]
    rows.sort(key=lambda row: (row["current"], row["seen"]), reverse=True)
    return render(request, "account/sessions.html", {"sessions": rows})


@login_required
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one session of one's own, or all the others."""
    user = cast(User, request.user)
    if request.POST.get("which") == "others":
        end_sessions(user, but=request.session.session_key)
        messages.success(request, _("Đã kết thúc mọi phiên khác."))
    else:
        number = request.POST.get("session", "")
        row = get_object_or_404(UserSession, user=user, pk=number if number.isdecimal() and len(number) < 19 else 0)
        row.end()
        messages.success(request, _("Đã kết thúc phiên đăng nhập."))
    return redirect("account-sessions")


@require_safe
def locked(request: HttpRequest) -> HttpResponse:
    """What to do when an account was locked because nobody used it."""
    return render(request, "account/locked.html")
