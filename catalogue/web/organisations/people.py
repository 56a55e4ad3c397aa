"""The people of an organisation, seen by all of them, changed by its owners."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from catalogue.accounts.models import Organisation
from catalogue.common.errors import DomainError
from catalogue.organisations import inviting, joining, people
from catalogue.organisations.invitations import Invitation
from catalogue.organisations.models import Membership
from catalogue.organisations.requests import JoinRequest
from catalogue.web.forms import carried_out

from .forms import InviteForm, ReasonForm, RoleForm
from .mine import FORM, caller, rights

AT_ONCE = 50


@never_cache
@login_required
@FORM
def everyone(request: HttpRequest, key: str) -> HttpResponse:
    """Members; for owners also who is invited, who asks, and the form to invite."""
    user = caller(request)
    organisation = get_object_or_404(Organisation.objects.read_by(user), key=key)
    membership = Membership.objects.get(organisation=organisation, user=user)
    may = rights(organisation, membership)
    if request.method == "POST" and not may["manages"]:
        raise Http404
    form = InviteForm(request.POST or None) if may["manages"] else None
    if form and carried_out(
        request, form, lambda by, now: inviting.invite(organisation, by=by, now=now, **form.cleaned_data),
        _("Đã gửi lời mời."),
    ):  # fmt: skip
        return redirect("organisation-people", organisation.key)
    members = organisation.memberships.select_related("user").order_by("created_at", "pk")
    context = {
        "organisation": organisation,
        "page": Paginator(members, AT_ONCE).get_page(request.GET.get("trang")),
        "form": form,
        "invitations": organisation.invitations.open() if may["manages"] else [],
        "join_requests": organisation.join_requests.waiting().select_related("user") if may["manages"] else [],
        "now": timezone.now(),
        **may,
    }
    status = 400 if form and form.errors else 200
    return render(request, "catalogue/organisations/people.html", context, status=status)


@never_cache
@login_required
@FORM
def member(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """One member: another role, or one of the steps that ask first."""
    row = _member(request, key, pk)
    form = RoleForm(request.POST or None, initial={"role": row.role})
    if carried_out(
        request, form, lambda by, now: people.change_role(row, by=by, now=now, **form.cleaned_data),
        _("Đã đổi vai trò."),
    ):  # fmt: skip
        return redirect("organisation-people", key)
    context = {"organisation": row.organisation, "member": row, "form": form, "me": row.user == request.user}
    return render(request, "catalogue/organisations/member.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
@FORM
def remove(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Ask first, then take the member out."""
    row = _member(request, key, pk)
    if request.method == "POST":
        try:
            people.remove(row, by=caller(request), now=timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Đã đưa thành viên ra khỏi tổ chức."))
        return redirect(*(("organisations",) if row.user == request.user else ("organisation-people", key)))
    return render(request, "catalogue/organisations/remove.html", {"organisation": row.organisation, "member": row})


@never_cache
@login_required
@FORM
def transfer(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Ask first, then make the member owner in one's own place."""
    row = _member(request, key, pk)
    if row.user == request.user:
        raise Http404
    if request.method == "POST":
        try:
            people.transfer(row.organisation, to=row, by=caller(request), now=timezone.now())
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Đã giao quyền chủ quản. Bạn nay là biên tập."))
        return redirect("organisation-people", key)
    return render(request, "catalogue/organisations/transfer.html", {"organisation": row.organisation, "member": row})


@never_cache
@login_required
@require_POST
def invitation(request: HttpRequest, key: str, pk: int, action: str) -> HttpResponse:
    """Send one again, or take it back."""
    rows = Invitation.objects.managed_by(caller(request)).open().select_related("organisation")
    row = get_object_or_404(rows, organisation__key=key, pk=pk)
    done = {
        "gui-lai": (inviting.send_again, _("Đã gửi lại lời mời.")),
        "thu-hoi": (inviting.revoke, _("Đã thu hồi lời mời.")),
    }
    verb, said = done[action]
    try:
        verb(row, by=caller(request), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("organisation-people", key)


@never_cache
@login_required
@FORM
def join_request(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Let somebody in with a role, or say why not."""
    user = caller(request)
    rows = JoinRequest.objects.managed_by(user).waiting().select_related("organisation", "user")
    row = get_object_or_404(rows, organisation__key=key, pk=pk)
    refusing = request.POST.get("decision") == "refuse"
    role = RoleForm(request.POST if request.method == "POST" and not refusing else None, initial={"role": "viewer"})
    reason = ReasonForm(request.POST if refusing else None)
    form = reason if refusing else role
    decide = joining.refuse if refusing else joining.approve
    if carried_out(
        request, form, lambda by, now: decide(row, by=by, now=now, **form.cleaned_data), _("Đã trả lời yêu cầu.")
    ):
        return redirect("organisation-people", key)
    context = {"organisation": row.organisation, "asked": row, "role": role, "reason": reason, "form": form}
    return render(request, "catalogue/organisations/join_request.html", context, status=400 if form.errors else 200)


def _member(request: HttpRequest, key: str, pk: int) -> Membership:
    managed = Organisation.objects.managed_by(request.user)
    rows = Membership.objects.filter(organisation__in=managed).select_related("user", "organisation")
    return get_object_or_404(rows, organisation__key=key, pk=pk)
