"""A vendor's side of a vetting: where it stands, until when who must do what, questions to answer, the result with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.accounts.models import User
from catalogue.common.errors import DomainError
from catalogue.documents.models import Document
from catalogue.platforms.models import Platform
from catalogue.vetting import services
from catalogue.vetting.models import LONGEST_TEXT, Answer, Clarification, Submission
from catalogue.vetting.services import Reply
from catalogue.vetting.states import Action, State
from catalogue.web.forms import SheetForm, carried_out

from .documents import taken_in
from .steps import address, read_platform, trail, written_platform

FORM = require_http_methods(["GET", "HEAD", "POST"])
_FILE_HINT = gettext_lazy("PDF, PNG, JPEG hoặc DOCX, nhiều nhất 10 MB. Chỉ doanh nghiệp và người thẩm định mở được.")
# Who must do what next, said to a vendor; a decided one speaks for itself.
_NEXT: dict[State, Any] = {
    State.DRAFT: gettext_lazy("Doanh nghiệp soạn giải trình cho từng tiêu chí rồi nộp. Chưa ai ngoài doanh nghiệp thấy hồ sơ này."),
    State.SUBMITTED: gettext_lazy("Một người thẩm định sẽ nhận hồ sơ."),
    State.IN_REVIEW: gettext_lazy("Người thẩm định đang xem từng tiêu chí, có thể hỏi thêm."),
    State.CLARIFICATION: gettext_lazy("Doanh nghiệp trả lời mọi câu hỏi bên dưới; quá hạn mà không trả lời, hồ sơ sẽ bị đóng."),
    State.TO_DECIDE: gettext_lazy("Một người thứ hai sẽ quyết định."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion as its vendor sees it: the conclusion only once it is decided, or taken over from the last time."""

    answer: Answer
    told: bool
    clarifications: Sequence[Clarification]
    url: str


def _read(request: HttpRequest, key: str, slug: str) -> tuple[Platform, bool]:
    platform = read_platform(request, key, slug)
    return platform, Platform.objects.written_by(cast(User, request.user)).filter(pk=platform.pk).exists()


def _here(platform: Platform) -> str:
    return address("vendor-vetting", platform)


@never_cache
@login_required
@require_safe
def standing(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """The latest submission, or an earlier one that the address names."""
    platform, may_write = _read(request, key, slug)
    every = list(platform.submissions.order_by("-opened_at", "-pk"))
    wanted = request.GET.get("ho-so", "")
    if wanted and wanted not in {str(one.pk) for one in every}:
        raise Http404
    submission = next((one for one in every if str(one.pk) == wanted), every[0] if every else None)
    context = {
        "platform": platform,
        "trail": trail(platform),
        "submission": submission,
        "earlier": [one for one in every if one is not submission],
        "vetted": next((one for one in every if one.state in State.standing()), None),
        "may_write": may_write,
        "may_begin": may_write and _is_listed(platform) and not any(one.state in State.open() for one in every),
        "listed": _is_listed(platform),
        "urls": {
            name: address(f"vendor-vetting-{name}", platform) for name in ("begin", "submit", "withdraw", "answer")
        },
        "here": _here(platform),
    }
    if submission:
        context |= _course(submission, may_write)
    return render(request, "vendor/vetting.html", context)


def _is_listed(platform: Platform) -> bool:
    return platform.listed_at is not None and platform.retired_at is None


def _course(submission: Submission, may_write: bool) -> dict[str, Any]:
    decided = submission.decided_at is not None
    answers = submission.answers.select_related("criterion", "document").prefetch_related("clarifications__document")
    order = ("criterion__criteria_set__group__position", "criterion__criteria_set__key", "criterion__position")
    lines = [
        Line(
            answer=one,
            told=decided or one.taken_from_id is not None,
            clarifications=list(one.clarifications.all()),
            url=address("vendor-vetting-explain", submission.platform, pk=one.pk),
        )
        for one in answers.order_by(*order)
    ]
    state = State(submission.state)
    return {
        "lines": lines,
        "decided": decided,
        "late": submission.is_late(timezone.localdate()),
        "next": _NEXT.get(state, ""),
        "open": state in State.open(),
        "explains": may_write and state == State.DRAFT,
        "answers": may_write and state == State.CLARIFICATION,
        "taken_over": sum(line.answer.taken_from_id is not None for line in lines),
        "may_appeal": may_write and state in (State.REJECTED, State.SUSPENDED, State.REVOKED),
        "steps": submission.steps.order_by("at", "pk"),
        "shows_notes": {Action.REJECT, Action.SUSPEND, Action.REINSTATE, Action.REVOKE},
    }


@never_cache
@login_required
@require_POST
def begin(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Ask for a vetting of what is public; the draft can be filled in before it is handed in."""
    platform = written_platform(request, key, slug)
    if not _is_listed(platform):
        raise Http404
    try:
        services.begin(platform, by=cast(User, request.user), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect(_here(platform))


def _open(platform: Platform, state: State | None = None) -> Submission:
    """Return the submission that is open, in this state where one is named."""
    rows = platform.submissions.open() if state is None else platform.submissions.filter(state=state)
    submission: Submission = get_object_or_404(rows.select_related("revision"))
    submission.platform = platform
    return submission


@never_cache
@login_required
@require_POST
def submit(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Hand the draft in."""
    platform = written_platform(request, key, slug)
    try:
        services.submit(_open(platform), by=cast(User, request.user), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã nộp hồ sơ thẩm định."))
    return redirect(_here(platform))


@never_cache
@login_required
@FORM
def withdraw(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Ask, then take the submission back."""
    platform = written_platform(request, key, slug)
    submission, refusal = _open(platform), ""
    if request.method == "POST":
        try:
            services.withdraw(submission, by=cast(User, request.user), now=timezone.now())
        except DomainError as problem:
            refusal = str(problem)
        else:
            messages.success(request, _("Đã rút hồ sơ thẩm định."))
            return redirect(_here(platform))
    draft = submission.state == State.DRAFT
    context = {
        "platform": platform,
        "trail": [*trail(platform), _step(platform)],
        "title": _("Bỏ hồ sơ đang soạn?") if draft else _("Rút hồ sơ thẩm định?"),
        "what": platform.name,
        "consequence": _("Hồ sơ đóng lại; lần sau bắt đầu từ những gì đã viết. Trang công khai không thay đổi.")
        if draft
        else _(
            "Việc thẩm định dừng lại, và việc rút được ghi vào sổ đăng ký công khai. Lần sau bắt đầu từ những gì đã viết. Trang công khai không thay đổi."
        ),
        "button": _("Bỏ hồ sơ") if draft else _("Rút hồ sơ"),
        "fields": {},
        "back": _here(platform),
        "refusal": refusal,
    }
    return render(request, "vendor/confirm.html", context, status=409 if refusal else 200)


def _step(platform: Platform) -> dict[str, str]:
    return {"label": _("Thẩm định"), "url": _here(platform)}


class PapersForm(SheetForm):
    """Texts, each with a file of its own if one likes. `documents` are those that came with an earlier attempt."""

    def add(self, number: int, label: str, *, help_text: str, text: str = "") -> None:
        widget = forms.Textarea(attrs={"class": "sheet-input sheet-input--short", "rows": 5})
        self.fields[f"text-{number}"] = forms.CharField(
            label=label, help_text=help_text, initial=text, max_length=LONGEST_TEXT, required=False, widget=widget
        )
        self.fields[f"text-{number}"].sometimes_required = True  # type: ignore[attr-defined]
        file = forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.docx", "class": "input input--wide"})
        self.fields[f"file-{number}"] = forms.FileField(
            label=_("Tệp kèm theo"), help_text=_FILE_HINT, required=False, widget=file
        )


def _documents(
    request: HttpRequest, platform: Platform, form: PapersForm, numbers: Sequence[int]
) -> dict[int, Document | None]:
    """Take in what came; else what came before with the same form. Says at its field what is wrong with a file."""
    found: dict[int, Document | None] = {}
    for number in numbers:
        kept = "" if f"drop-{number}" in request.POST else request.POST.get(f"document-{number}", "")
        found[number] = _named(platform, kept)
        try:
            found[number] = taken_in(request, platform, f"file-{number}") or found[number]
        except DomainError as refusal:
            form.add_error(f"file-{number}", str(refusal))
    return found


def _named(platform: Platform, pk: str) -> Document | None:
    """Return the vendor's own document of this number, None for anything else."""
    try:
        return Document.objects.filter(organisation=platform.vendor_id, pk=UUID(pk)).first()
    except ValueError:
        return None


def _papers_page(
    request: HttpRequest, platform: Platform, form: PapersForm, held: dict[int, Document | None], **more: Any
) -> HttpResponse:
    context = {
        "platform": platform,
        "trail": [*trail(platform), _step(platform)],
        "form": form,
        "questions": [
            {"number": number, "text": form[f"text-{number}"], "file": form[f"file-{number}"], "document": document}
            for number, document in held.items()
        ],
        "back": _here(platform),
        **more,
    }
    return render(request, "vendor/vetting_papers.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
@FORM
def explain(request: HttpRequest, key: str, slug: str, pk: int) -> HttpResponse:
    """What the vendor says about one criterion, before the submission is handed in."""
    platform = written_platform(request, key, slug)
    rows = Answer.objects.select_related("criterion", "document").filter(submission=_open(platform, State.DRAFT))
    one = get_object_or_404(rows, pk=pk)
    form = PapersForm(request.POST if request.method == "POST" else None)
    form.add(one.pk, _("Giải trình"), help_text=_("Nêu điều cho thấy sản phẩm đạt tiêu chí này."), text=one.text)
    held: dict[int, Document | None] = {one.pk: one.document}
    if request.method == "POST" and form.is_valid():
        held = _documents(request, platform, form, [one.pk])

    def keep(by: User, _now: datetime) -> None:
        services.explain(one, text=form.cleaned_data[f"text-{one.pk}"], document=held[one.pk], by=by)

    if carried_out(request, form, keep):
        return redirect(f"{_here(platform)}#tc-{one.pk}")
    more = {"title": one.criterion.label, "lead": one.criterion.help, "button": _("Lưu")}
    return _papers_page(request, platform, form, held, **more)


@never_cache
@login_required
@FORM
def answer(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Reply to everything that was asked, at once."""
    platform = written_platform(request, key, slug)
    submission = _open(platform, State.CLARIFICATION)
    asked = list(
        Clarification.objects.filter(answer__submission=submission, replied_at=None).select_related("answer__criterion")
    )
    form = PapersForm(request.POST if request.method == "POST" else None)
    for one in asked:
        form.add(one.pk, one.question, help_text=one.answer.criterion.label)
    held: dict[int, Document | None] = {one.pk: None for one in asked}
    if request.method == "POST" and form.is_valid():
        held = _documents(request, platform, form, list(held))

    def send(by: User, now: datetime) -> None:
        said = form.cleaned_data
        replies = {number: Reply(said[f"text-{number}"], document) for number, document in held.items()}
        services.answer(submission, replies=replies, by=by, now=now)

    if carried_out(request, form, send, _("Đã gửi trả lời cho người thẩm định.")):
        return redirect(_here(platform))
    more = {
        "title": _("Trả lời người thẩm định"),
        "lead": _("Trả lời mọi câu hỏi rồi gửi một lần. Gửi xong thì không sửa được."),
        "button": _("Gửi trả lời"),
        "due_on": submission.due_on,
    }
    return _papers_page(request, platform, form, held, **more)
