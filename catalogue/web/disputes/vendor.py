"""A vendor asks for a third person."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from catalogue.accounts.models import User
from catalogue.vetting import challenges
from catalogue.vetting.challenges import Appeal, Challenge
from catalogue.vetting.models import Submission
from catalogue.web.forms import carried_out
from catalogue.web.vendor_products.steps import address, trail, written_platform

from .forms import VendorAppealForm
from .public import FORM
from .shown import appeal_lines


@never_cache
@login_required
@FORM
def appeal(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """What can be appealed against, and the appeals that were made."""
    platform, now = written_platform(request, key, slug), timezone.now()
    rows = challenges.open_to_vendor(platform, now)
    form = VendorAppealForm(request.POST if request.method == "POST" else None, rows=rows) if rows else None
    if request.method == "POST" and form is None:
        raise Http404
    said = _("Đã nhận khiếu nại. Một người thứ ba sẽ quyết định và báo cho bạn.")
    if form and carried_out(request, form, lambda by, now: _appeal(*form.told(), by=by, now=now), said):
        return redirect(address("vendor-appeal", platform))
    made = Appeal.objects.of_platform(platform)
    context = {
        "platform": platform,
        "trail": trail(platform),
        "form": form,
        "appeals": [{**appeal_lines(one), "about": str(one)} for one in made],
        "days": challenges.APPEAL_DAYS,
    }
    return render(request, "disputes/vendor_appeal.html", context, status=400 if form and form.errors else 200)


def _appeal(row: Submission | Challenge, reason: str, *, by: User, now: datetime) -> None:
    if isinstance(row, Submission):
        challenges.appeal_decision(row, reason=reason, by=by, now=now)
    else:
        challenges.appeal_outcome(row, reason=reason, by=by, now=now)
