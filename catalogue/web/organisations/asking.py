"""What somebody outside asks for: to be let in, to speak for an organisation; and what they answer when invited."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from catalogue.accounts.models import Organisation, User
from catalogue.common.errors import DomainError
from catalogue.documents import services as documents
from catalogue.documents import uploading
from catalogue.documents.checking import BadDocument
from catalogue.documents.scanning import ScannerUnreachable
from catalogue.organisations import claiming, inviting, joining
from catalogue.organisations.invitations import Invitation
from catalogue.organisations.requests import Claim, JoinRequest
from catalogue.web.forms import carried_out

from .forms import AskByTaxCodeForm, AskForm, ClaimForm
from .mine import FORM, caller


@never_cache
@login_required
@FORM
def join(request: HttpRequest, key: str) -> HttpResponse:
    """Ask an organisation's owners to be let in."""
    organisation = get_object_or_404(Organisation.objects.findable(), key=key)
    form = AskForm(request.POST or None)
    if carried_out(request, form, lambda by, now: joining.ask(organisation, by=by, now=now, **form.cleaned_data)):
        return _sent(request)
    context = {"organisation": organisation, "form": form}
    return render(request, "catalogue/organisations/join.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
@FORM
def join_by_tax_code(request: HttpRequest) -> HttpResponse:
    """The same, of an organisation that has no page yet."""
    form = AskByTaxCodeForm(request.POST or None)

    def ask(by: User, now: datetime) -> None:
        joining.ask_by_tax_code(form.cleaned_data["tax_code"], by=by, message=form.cleaned_data["message"], now=now)

    if carried_out(request, form, ask):
        return _sent(request)
    return render(request, "catalogue/organisations/join.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@login_required
@FORM
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """Ask to speak for an organisation that nobody speaks for."""
    organisation = get_object_or_404(Organisation.objects.findable(), key=key)
    open_to_claims = Organisation.objects.unclaimed().filter(pk=organisation.pk).exists()
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, now = caller(request), timezone.now()
        try:
            with transaction.atomic():
                sent = claiming.claim(organisation, by=by, now=now, **form.said())
                if upload := uploading.sent(request):
                    documents.keep(sent, name=upload.name or "", content=upload.read(), by=by, now=now)
        except (BadDocument, ScannerUnreachable) as refusal:
            form.add_error("file", str(refusal))
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _sent(request)
    context = {"organisation": organisation, "form": form, "open_to_claims": open_to_claims}
    return render(request, "catalogue/organisations/claim.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
@require_POST
def withdraw(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    """Take back what one has asked for."""
    user, now = caller(request), timezone.now()
    try:
        if what == "nhan-quan-ly":
            claiming.withdraw(get_object_or_404(Claim.objects.made_by(user), pk=pk), by=user, now=now)
        else:
            joining.withdraw(get_object_or_404(JoinRequest.objects.made_by(user), pk=pk), by=user, now=now)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã rút yêu cầu."))
    return redirect("organisations")


@never_cache
@login_required
@FORM
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation, shown by name only to whom it was sent; a link that no longer works leads nowhere."""
    user, now = caller(request), timezone.now()
    row = get_object_or_404(Invitation.objects.with_token(token).select_related("organisation"))
    mine, refused = inviting.is_for(row, user), ""
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "decline":
                inviting.decline(row, by=user, now=now)
                messages.success(request, _("Đã từ chối lời mời."))
                return redirect("organisations")
            inviting.accept(row, by=user, now=now)
        except DomainError as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Chào mừng bạn đến với %(name)s.") % {"name": row.organisation.name})
            return redirect("organisation", row.organisation.key)
    context = {"invitation": row if mine else None, "expired": row.has_expired(now), "refused": refused, "token": token}
    return render(request, "catalogue/organisations/invitation.html", context, status=409 if refused else 200)


def _sent(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Đã gửi yêu cầu. Bạn sẽ nhận được thư khi có trả lời."))
    return redirect("organisations")
