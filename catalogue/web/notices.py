"""How a person is told: the choices of an account, and the page behind the last line of a mail."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from catalogue.accounts.models import User
from catalogue.notifications.kinds import Group, Pace, kinds_of, paces_of
from catalogue.notifications.models import NoticeChoice
from catalogue.notifications.unsubscribing import read, stop

_METHODS = require_http_methods(["GET", "HEAD", "POST"])


class ChoicesForm(forms.Form):
    """One choice a group, of what the group can do; groups without a choice are not asked."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = NoticeChoice.objects.paces(user)
        for group in asked():
            paces = paces_of(group)
            self.fields[group] = forms.ChoiceField(
                label=group.label,
                choices=[(pace.value, pace.label) for pace in paces],
                initial=chosen[group] if chosen[group] in paces else Pace.IMMEDIATE,
                error_messages={
                    "required": gettext_lazy("Hãy chọn một cách nhận."),
                    "invalid_choice": gettext_lazy("Hãy chọn một trong các cách nhận."),
                },
            )

    def paces(self) -> dict[Group, Pace]:
        return {Group(name): Pace(value) for name, value in self.cleaned_data.items()}


def asked() -> list[Group]:
    """Return the groups in which there is something to choose."""
    return [group for group in Group if len(paces_of(group)) > 1]


@never_cache
@login_required
@_METHODS
def choices(request: HttpRequest) -> HttpResponse:
    """The choices of whoever is signed in; nobody reaches another's."""
    user = cast(User, request.user)
    form = ChoicesForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        NoticeChoice.objects.choose(user, form.paces())
        messages.success(request, _("Đã lưu cách nhận thông báo."))
        return redirect("notice-choices")
    groups = [
        {
            "field": form[group],
            "digested": [kind.label for kind in kinds_of(group) if kind.may_digest],
            "kinds": [kind.label for kind in kinds_of(group)],
        }
        for group in asked()
    ]
    context = {
        "form": form,
        "groups": groups,
        "always": [kind.label for group in Group for kind in kinds_of(group) if not kind.may_switch_off],
        "email": user.email,
    }
    return render(request, "catalogue/notice_choices.html", context, status=400 if form.errors else 200)


@csrf_exempt  # the mail program of the reader posts here, with the address of the mail as its only permission
@never_cache
@_METHODS
def stop_notices(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and on a POST switch off; mail programs POST at once (RFC 8058). Looking at the address changes nothing."""
    known = read(token)
    if known is None:
        raise Http404
    user, groups = known
    done = request.method == "POST"
    if done:
        stop(user, groups)
    context = {"groups": [group.label for group in groups], "done": done}
    return render(request, "catalogue/notice_stop.html", context)
