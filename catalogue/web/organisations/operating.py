"""What operators decide: whether an agency is one, and who speaks for a page. Everybody else is told that there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalogue.accounts.models import Organisation
from catalogue.accounts.scopes import is_operator
from catalogue.common.errors import DomainError
from catalogue.organisations import claiming, registering
from catalogue.organisations.models import Membership
from catalogue.organisations.requests import Claim
from catalogue.web.paging import page_of, ways

from .forms import ReasonForm
from .mine import FORM, caller

_AGENCIES, _CLAIMS = "trang-co-quan", "trang-nhan-quan-ly"  # the parameters that name a page of each list


def operators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let operators in, ask who is there to sign in, and tell others that there is nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_operator(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(login_required(guarded))


@operators_only
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the longest waiting first: two lists, each with its own pages."""
    agencies = Organisation.objects.for_operators(request.user).waiting()
    claims = Claim.objects.for_operators(request.user).waiting().select_related("organisation")
    pages = {
        name: page_of(request, rows.order_by("created_at", "pk"), parameter=name)
        for name, rows in ((_AGENCIES, agencies), (_CLAIMS, claims))
    }
    stand = {name: page.number for name, page in pages.items()}

    def ways_of(name: str, label: str) -> dict[str, Any]:
        return ways(pages[name], lambda number: f"?{urlencode({**stand, name: number})}", label=label)

    context = {
        "agencies": pages[_AGENCIES],
        "agency_ways": ways_of(_AGENCIES, _("Cơ quan chờ xác nhận")),
        "claims": pages[_CLAIMS],
        "claim_ways": ways_of(_CLAIMS, _("Yêu cầu nhận quản lý")),
    }
    return render(request, "catalogue/organisations/queue.html", context)


@operators_only
@FORM
def agency(request: HttpRequest, key: str) -> HttpResponse:
    """One agency that waits: who asks, with which addresses; yes, or no and why."""
    rows = Organisation.objects.for_operators(request.user).waiting().select_related("province")
    row = get_object_or_404(rows, key=key)
    form, answer = _decision(request, row, registering.approve, registering.refuse)
    if answer:
        return answer
    owners = Membership.objects.filter(organisation=row).select_related("user")
    context = {"organisation": row, "owners": owners, "form": form}
    return render(request, "catalogue/organisations/decide_agency.html", context, status=_status(form))


@operators_only
@FORM
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim with its proof; yes, or no and why."""
    rows = Claim.objects.for_operators(request.user).waiting().select_related("organisation", "user", "document")
    row = get_object_or_404(rows, pk=pk)
    form, answer = _decision(request, row, claiming.accept, claiming.refuse)
    if answer:
        return answer
    others = Claim.objects.waiting().filter(organisation=row.organisation_id).exclude(pk=row.pk).count()
    context = {"claim": row, "others": others, "form": form, "comes_from": claiming.comes_from(row)}
    return render(request, "catalogue/organisations/decide_claim.html", context, status=_status(form))


def _decision(
    request: HttpRequest, row: Any, accept: Callable[..., object], refuse: Callable[..., object]
) -> tuple[ReasonForm, HttpResponse | None]:
    """Say yes, or no and why, where that was sent; return the form, and the answer when the decision was taken."""
    refusing = request.POST.get("decision") == "refuse"
    form = ReasonForm(request.POST if refusing else None)
    if request.method != "POST" or (refusing and not form.is_valid()):
        return form, None
    try:
        if refusing:
            refuse(row, by=caller(request), now=timezone.now(), **form.cleaned_data)
        else:
            accept(row, by=caller(request), now=timezone.now())
    except DomainError as refusal:
        if refusing:
            form.refuse(refusal)
        else:
            messages.error(request, str(refusal))
        return form, None
    messages.success(request, _("Đã ghi quyết định và báo cho người gửi."))
    return form, redirect("operate-organisations")


def _status(form: ReasonForm) -> int:
    return 400 if form.errors else 200
