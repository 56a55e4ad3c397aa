"""The organisations somebody belongs to: the list, a new one, one's page, its details, leaving."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.accounts.models import Organisation, OrganisationKind, User
from catalogue.accounts.roles import Role
from catalogue.accounts.scopes import is_operator
from catalogue.common import tax_codes
from catalogue.common.errors import DomainError
from catalogue.organisations import people, registering
from catalogue.organisations.models import Membership
from catalogue.organisations.names import LONGEST_QUERY, find, name_of_today
from catalogue.organisations.requests import Claim, JoinRequest
from catalogue.vetting.querysets import may_review
from catalogue.web.forms import carried_out

from .forms import DetailsForm

FORM = require_http_methods(["GET", "HEAD", "POST"])
_KINDS = (OrganisationKind.VENDOR, OrganisationKind.AGENCY)


def caller(request: HttpRequest) -> User:
    """Return who is signed in; the pages here let nobody else in."""
    return cast(User, request.user)


@never_cache
@login_required
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Those one belongs to, and what one has asked for."""
    user = caller(request)
    memberships = Membership.objects.filter(user=user).select_related("organisation")
    context = {
        "memberships": memberships.order_by("organisation__name", "pk"),
        "claims": Claim.objects.made_by(user).select_related("organisation", "document")[:20],
        "join_requests": JoinRequest.objects.made_by(user).select_related("organisation")[:20],
        "operator": is_operator(user),
        "reviews": may_review(user),
    }
    return render(request, "catalogue/organisations/mine.html", context)


@never_cache
@login_required
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Look for it first: what is there is joined or claimed, not written anew."""
    user, typed = caller(request), request.GET.get("q", "").replace("\0", "")[:LONGEST_QUERY].strip()
    if tax_codes.is_personal(typed):
        messages.error(request, _("Không tìm được tổ chức bằng mã số thuế 12 số, vì đó là số định danh của cá nhân."))
        return redirect("organisation-choose")
    found = find(Organisation.objects.findable(), typed) if typed else []
    unclaimed = set(
        Organisation.objects.unclaimed().filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True)
    )
    mine = set(Organisation.objects.read_by(user).values_list("pk", flat=True))
    context = {
        "typed": typed,
        "longest": LONGEST_QUERY,
        "found": [{"organisation": row, "unclaimed": row.pk in unclaimed, "mine": row.pk in mine} for row in found],
        "kinds": [{"value": kind.value, "label": kind.label} for kind in _KINDS],
        "name_of_today": name_of_today(typed) if typed else "",
    }
    return render(request, "catalogue/organisations/choose.html", context)


@never_cache
@login_required
@FORM
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Write down one that is not there yet."""
    user = caller(request)
    known = {"doanh-nghiep": OrganisationKind.VENDOR, "co-quan": OrganisationKind.AGENCY}
    chosen = known[kind]
    form = DetailsForm(chosen, request.POST or None, initial={"name": request.GET.get("ten", "")[:LONGEST_QUERY]})
    if request.method == "POST" and form.is_valid():
        try:
            organisation = registering.register(chosen, form.details(), by=user, now=timezone.now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect("organisation", organisation.key)
    context = {"form": form, "kind": chosen, "domain": registering.free_domain(user)}
    return _form(request, "catalogue/organisations/new.html", form, context)


@never_cache
@login_required
@require_safe
def organisation(request: HttpRequest, key: str) -> HttpResponse:
    """One of one's own: what it says of itself, how far it has come, what one may do."""
    user = caller(request)
    row = get_object_or_404(Organisation.objects.read_by(user).select_related("province", "parent"), key=key)
    membership = Membership.objects.get(organisation=row, user=user)
    return render(request, "catalogue/organisations/one.html", {"organisation": row, **rights(row, membership)})


@never_cache
@login_required
@FORM
def details(request: HttpRequest, key: str) -> HttpResponse:
    user = caller(request)
    row = get_object_or_404(Organisation.objects.described_by(user), key=key)
    form = DetailsForm(row.kind, request.POST or None, organisation=row)
    if carried_out(
        request, form, lambda by, now: registering.describe(row, form.details(), by=by, now=now),
        _("Đã lưu thông tin của tổ chức."),
    ):  # fmt: skip
        return redirect("organisation", row.key)
    return _form(request, "catalogue/organisations/details.html", form, {"organisation": row, "form": form})


@never_cache
@login_required
@require_POST
def ask_again(request: HttpRequest, key: str) -> HttpResponse:
    row = get_object_or_404(Organisation.objects.described_by(caller(request)), key=key)
    try:
        registering.ask_again(row, by=caller(request), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã gửi lại cho người vận hành."))
    return redirect("organisation", row.key)


@never_cache
@login_required
@FORM
def leave(request: HttpRequest, key: str) -> HttpResponse:
    """Ask first; only an owner can let one in again."""
    user = caller(request)
    row = get_object_or_404(Organisation.objects.read_by(user), key=key)
    if request.method == "POST":
        try:
            people.leave(row, by=user, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("organisation", row.key)
        messages.success(request, _("Bạn đã rời %(name)s.") % {"name": row.name})
        return redirect("organisations")
    return render(request, "catalogue/organisations/leave.html", {"organisation": row})


def rights(organisation: Organisation, membership: Membership) -> dict[str, Any]:
    """Return what a member's page needs to know of what they may do."""
    owns = membership.role in Role.managing()
    return {"membership": membership, "owns": owns, "manages": owns and organisation.is_active}


def _form(request: HttpRequest, template: str, form: DetailsForm, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=400 if form.errors else 200)
