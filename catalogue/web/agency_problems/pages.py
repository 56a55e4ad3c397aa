"""An agency's problems, the task list of one, its check before it is sent in, and taking it back."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.accounts.models import User
from catalogue.common.errors import DomainError
from catalogue.platforms.content import ContentInvalid
from catalogue.problems import writing
from catalogue.problems.coaching import coach
from catalogue.problems.content import LABELS, STEP_TITLES, STEPS, Written, missing, of_problem, step_of
from catalogue.problems.errors import UnknownKeys
from catalogue.problems.models import Problem
from catalogue.problems.querysets import agencies_read_by, agencies_written_by
from catalogue.problems.states import Route, State
from catalogue.web.paging import numbered, page_of, ways
from catalogue.web.vendor_products.steps import member_of, sent_version

from .forms import ReasonForm, StartForm
from .reading import lines, shown_review
from .steps import address, draft_problem, progress, read_problem, trail, written_problem


@require_safe
def problems(request: HttpRequest, key: str) -> HttpResponse:
    """All of the agency, those that nobody else sees among them, what was touched last first."""
    user, now = member_of(request), timezone.now()
    agency = get_object_or_404(agencies_read_by(user), key=key)
    page = page_of(
        request, Problem.objects.filter(agency=agency).select_related("agency").order_by("-updated_at", "-pk")
    )
    url = reverse("agency-problems", args=[key])
    context = {
        "agency": agency,
        "rows": [{"problem": one, "stage": one.stage_at(now), "url": address("agency-problem", one)} for one in page],
        "pages": ways(page, lambda number: f"{url}{numbered(number)}"),
        "may_write": agencies_written_by(user).filter(pk=agency.pk).exists(),
    }
    return render(request, "agency/problems.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_problem(request: HttpRequest, key: str) -> HttpResponse:
    """A name and what it is about; everything else is written in steps."""
    agency = get_object_or_404(agencies_written_by(member_of(request)), key=key)
    form = StartForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        form.is_valid()
        try:
            problem = writing.start(agency, **form.values(), by=cast(User, request.user), now=timezone.now())
        except (ContentInvalid, UnknownKeys) as refusal:
            form.refuse(refusal.fields)
            status = 400
        else:
            return redirect(address("agency-problem", problem))
    trail = [{"label": _("Bài toán của cơ quan"), "url": reverse("agency-problems", args=[key])}]
    return render(request, "agency/new.html", {"agency": agency, "form": form, "trail": trail}, status=status)


@require_safe
def problem(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """The task list while it is written; then where it stands."""
    found, now = read_problem(request, key, slug), timezone.now()
    said = of_problem(found)
    writable = found.state in State.writable()
    steps = progress(found, said) if writable else []
    context = {
        "problem": found,
        "trail": trail(found)[:1],
        "stage": found.stage_at(now),
        "writable": writable,
        "steps": steps,
        "done": sum(step.state == "done" for step in steps),
        "goes_on": next((step for step in steps if step.state != "done"), None),
        "ready": writable and not missing(said),
        "found": shown_review(coach(found, said)) if writable else None,
        "may_write": _may_write(request, found),
        "posted": found.state in State.public(),
        "open": found.stage_at(now) == State.PUBLISHED,
        "returns": found.returns.all(),
        "joiners": found.joiners.select_related("agency") if not writable else [],
    }
    return render(request, "agency/problem.html", context)


def _may_write(request: HttpRequest, problem: Problem) -> bool:
    return Problem.objects.written_by(request.user).filter(pk=problem.pk).exists()


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """All that was written on one page, with the grade; sending in is the button below."""
    posting = request.method == "POST"
    found = (draft_problem if posting else read_problem)(request, key, slug)
    refusal, status = "", 200
    if posting:
        try:
            writing.send_in(found, version=sent_version(request) or -1, by=cast(User, request.user), now=timezone.now())
        except DomainError as problem:
            refusal, status = str(problem), 409
            found.refresh_from_db()
        else:
            return redirect(address("agency-problem", found))
    said = of_problem(found)
    writable = found.state in State.writable()
    context = {
        "problem": found,
        "trail": trail(found),
        "groups": groups(found, said),
        "lacking": [
            {"text": LABELS[field], "url": address("agency-problem-step", found, step=step_of(field))}
            for field in missing(said)
        ],
        "found": shown_review(coach(found, said)),
        "refusal": refusal,
        "direct": found.route == Route.DIRECT,
        "writable": writable,
        "may_write": writable and _may_write(request, found),
    }
    return render(request, "agency/check.html", context, status=status)


def groups(problem: Problem, said: Written) -> list[dict[str, Any]]:
    """Return what was written, by steps."""
    lacking = set(missing(said))
    return [
        {
            "title": STEP_TITLES[step],
            "url": address("agency-problem-step", problem, step=step),
            "rows": [
                {"label": LABELS[field], "lines": lines(said, field), "lacking": field in lacking} for field in fields
            ],
        }
        for step, fields in STEPS.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Ask, then take back: a draft is given up, what waits for the ministry becomes a draft, what is open is withdrawn."""
    found = written_problem(request, key, slug)
    form, refusal = ReasonForm(request.POST if request.method == "POST" else None), ""
    stage = found.stage_at(timezone.now())
    if request.method == "POST":
        form.is_valid()
        by, now = cast(User, request.user), timezone.now()
        try:
            if stage in State.writable():
                writing.discard(found, by=by, now=now)
                return redirect("agency-problems", found.agency.key)
            if stage == State.MODERATION:
                writing.take_back(found, by=by, now=now)
            else:
                writing.withdraw(found, reason=form.cleaned_data.get("reason", ""), by=by, now=now)
        except DomainError as problem:
            refusal = str(problem)
        else:
            return redirect(address("agency-problem", found))
    title, consequence, button = _taking_back(stage)
    context = {
        "problem": found,
        "trail": trail(found),
        "title": title,
        "consequence": consequence,
        "button": button,
        "form": form if stage not in (*State.writable(), State.MODERATION) else None,
        "back": address("agency-problem", found),
        "refusal": refusal,
    }
    return render(request, "agency/take_back.html", context, status=409 if refusal else 200)


def _taking_back(stage: State) -> tuple[str, str, str]:
    if stage in State.writable():
        return _("Xóa bản nháp này?"), _("Bản nháp mất hẳn, không lấy lại được."), _("Xóa bản nháp")
    if stage == State.MODERATION:
        return (
            _("Lấy lại để sửa?"),
            _("Bài toán ra khỏi hàng chờ của bộ quản lý và thành bản nháp. Nội dung giữ nguyên."),
            _("Lấy lại"),
        )
    return (
        _("Rút bài toán?"),
        _("Doanh nghiệp không trả lời được nữa. Bài toán vẫn đọc được, kèm lý do rút."),
        _("Rút bài toán"),
    )
