"""A vendor's side: asking, its proposals, and one proposal."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.accounts.models import Organisation, User
from catalogue.common.errors import DomainError
from catalogue.platforms.models import Platform
from catalogue.problems import proposals, questions, telling
from catalogue.problems.models import Problem
from catalogue.problems.offers import Offer
from catalogue.problems.proposals import Proposal, Stage
from catalogue.problems.states import State
from catalogue.web.forms import carried_out

from .forms import AskForm, OfferForm
from .showing import form_page, offer_in_words, sent_in, trail_of

FORM = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@login_required
@FORM
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask in private, for a vendor one writes for."""
    user = cast(User, request.user)
    problem = get_object_or_404(Problem.objects.visible_to(user).posted(), slug=slug)
    vendors = {one.key: one for one in telling.who_may_answer(problem, user)}
    if not vendors:
        raise Http404
    form = AskForm(list(vendors.values()), sent_in(request))

    def put(by: User, now: datetime) -> None:
        vendor = vendors[form.cleaned_data["vendor"]]
        questions.ask(problem, vendor=vendor, text=form.cleaned_data["text"], by=by, now=now)

    if carried_out(request, form, put, _("Đã gửi câu hỏi. Bạn sẽ nhận được thư khi có trả lời công khai.")):
        return redirect(problem)
    back = problem.get_absolute_url()
    return form_page(request, problem, form, title=_("Hỏi về bài toán"), button=_("Gửi câu hỏi"), back=back)


@never_cache
@login_required
@require_safe
def own_proposals(request: HttpRequest, key: str) -> HttpResponse:
    """A vendor's proposals, those that close last first."""
    vendor = get_object_or_404(Organisation.objects.vendors().edited_by(request.user), key=key)
    rows = vendor.proposals.for_lists().select_related("result").order_by("-problem__closes_at", "-pk")
    return render(request, "proposals/list.html", {"organisation": vendor, "proposals": rows})


@never_cache
@login_required
@FORM
def proposal(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Write, hand in, take back; afterwards read it, and the result."""
    user, now = cast(User, request.user), timezone.now()
    vendor = get_object_or_404(Organisation.objects.vendors().edited_by(user), key=key)
    problem = get_object_or_404(Problem.objects.answerable_by(vendor), slug=slug)
    row = Proposal.objects.filter(problem=problem, vendor=vendor).select_related("result").first()
    offer = proposals.read_own(row, by=user) if row else Offer()
    is_open = problem.stage_at(now) == State.PUBLISHED
    writable = is_open and (row is None or row.stage in Stage.writable())
    sent = request.POST if request.method == "POST" and "withdraw" not in request.POST else None
    form = OfferForm(problem, vendor, offer, sent)
    status = 200
    if request.method == "POST":
        try:
            if sent is None:
                proposals.withdraw(
                    get_object_or_404(Proposal.objects.filter(problem=problem, vendor=vendor)), by=user, now=now
                )
                messages.success(request, _("Đã rút hồ sơ. Sửa rồi nộp lại được cho đến hạn trả lời."))
                return redirect("proposal", vendor.key, problem.slug)
            if form.is_valid():
                version = request.POST.get("version", "")
                number = int(version) if version.isascii() and version.isdigit() else 0
                saved = proposals.save(problem, vendor=vendor, content=form.content(), version=number, by=user, now=now)
                row = saved
                if "submit" in request.POST:
                    proposals.submit(saved, by=user, now=now)
                    messages.success(
                        request, _("Đã nộp. Không ai đọc được hồ sơ trước hạn trả lời, kể cả người vận hành.")
                    )
                else:
                    messages.success(request, _("Đã lưu bản nháp, có niêm phong."))
                return redirect("proposal", vendor.key, problem.slug)
        except DomainError as refusal:
            form.refuse(refusal) if sent is not None else messages.error(request, str(refusal))
            status = 400 if refusal.fields else 409
        else:
            status = 400
    product = Platform.objects.filter(slug=offer.product).first()
    result = getattr(row, "result", None)
    context = {
        "organisation": vendor,
        "problem": problem,
        "proposal": row,
        "stage": Stage(row.stage).label if row else "",
        "version": row.version if row else 0,
        "is_open": is_open,
        "writable": writable,
        "withdrawable": is_open and row is not None and row.stage == Stage.SUBMITTED,
        "form": form,
        "offer": offer_in_words(offer, problem, product.name if product else offer.product),
        "result": result,
        "reasons": result.reasons.select_related("requirement") if result else [],
        "trail": trail_of(problem),
    }
    return render(request, "proposals/proposal.html", context, status=status)
