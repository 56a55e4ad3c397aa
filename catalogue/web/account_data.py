"""A copy of what is held on a person, and leaving."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.accounts import personal_data
from catalogue.accounts.deletion import ask_deletion, erased_from
from catalogue.accounts.models import User
from catalogue.common.errors import DomainError


@never_cache
@login_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What is held, why, for how long, and what can be done about it."""
    return render(request, "account/data.html")


@never_cache
@login_required
@reauthentication_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything held on whoever asks, as a file."""
    now = timezone.now()
    copy = personal_data.copy_of(cast(User, request.user), now)
    answer = JsonResponse(copy, encoder=DjangoJSONEncoder, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="du-lieu-ca-nhan-{now:%Y-%m-%d}.json"'
    return answer


@never_cache
@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Ask before an account is closed; close it once that is confirmed."""
    user, now = cast(User, request.user), timezone.now()
    refusal = personal_data.refusal(user)
    if request.method == "POST":
        try:
            ask_deletion(user, now=now)
        except DomainError as why:
            refusal = why
        else:
            logout(request)
            return redirect("account-deletion-asked")
    context = {"refusal": refusal, "erased_on": erased_from(now)}
    return render(request, "account/delete.html", context, status=409 if request.method == "POST" else 200)


@require_safe
def deletion_asked(request: HttpRequest) -> HttpResponse:
    """What happens now, and how to take it back."""
    return render(request, "account/deletion_asked.html", {"erased_on": erased_from(timezone.now())})
