"""Keys for a person's own programs."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from catalogue.accounts.models import User
from catalogue.accounts.tokens import ApiToken, Scope
from catalogue.common.errors import DomainError

LASTS = ((30, gettext_lazy("30 ngày")), (90, gettext_lazy("90 ngày")), (365, gettext_lazy("một năm")))


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Tên"),
        max_length=100,
        help_text=gettext_lazy("Chương trình nào dùng mã này, ví dụ: báo cáo hằng tháng."),
        error_messages={"required": gettext_lazy("Hãy đặt tên cho mã truy cập.")},
    )
    scope = forms.ChoiceField(label=gettext_lazy("Phạm vi"), choices=Scope.choices, initial=Scope.READ)
    days = forms.TypedChoiceField(label=gettext_lazy("Dùng được trong"), choices=LASTS, coerce=int, initial=90)


@never_cache
@login_required
@reauthentication_required(allow_get=True)
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens there are, and a new one: shown once, in the answer to the form that made it."""
    user, now = cast(User, request.user), timezone.now()
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                secret = ApiToken.objects.issue(
                    user, name=form.cleaned_data["name"], scope=Scope(form.cleaned_data["scope"]),
                    days=form.cleaned_data["days"], now=now,
                )  # fmt: skip
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            form = TokenForm()
    rows = [
        {"token": row, "works": row.revoked_at is None and row.expires_at > now} for row in ApiToken.objects.of(user)
    ]
    context = {"form": form, "secret": secret, "tokens": rows}
    return render(request, "account/tokens.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """End one token of one's own. That cannot be undone, and needs no second look: a new one is made in a moment."""
    number = request.POST.get("token", "")
    mine = ApiToken.objects.of(cast(User, request.user))
    token = get_object_or_404(mine, pk=number if number.isdecimal() and len(number) < 19 else 0)
    mine.filter(pk=token.pk).revoke(timezone.now())
    messages.success(request, _("Đã thu hồi mã truy cập “%(name)s”.") % {"name": token.name})
    return redirect("account-tokens")
