"""The moves of a submission: each on a page that says what will happen, and shows the mail that it sends."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from catalogue.accounts.models import User
from catalogue.common.errors import DomainError
from catalogue.vetting import news, outcomes, services
from catalogue.vetting.errors import NothingAsked
from catalogue.vetting.models import Submission
from catalogue.vetting.service_levels import due
from catalogue.vetting.states import Action, State

from .access import reviewed, reviewers_only
from .forms import AcceptForm, DeedForm, ProposalForm, PublicReasonForm, QuestionsForm, ReasonForm


@dataclass(frozen=True, slots=True)
class Deed:
    """One move as a page: where it stands, what it asks for, what it leads to."""

    slug: str
    title: Any
    consequence: Any
    form: type[DeedForm]
    button: Any
    final: bool = False  # cannot be undone, so one reads first what will be sent


DEEDS: dict[Action, Deed] = {
    Action.ASK: Deed(
        "hoi", gettext_lazy("Hỏi doanh nghiệp"),
        gettext_lazy("Hồ sơ chờ doanh nghiệp trả lời mọi câu hỏi; trong lúc đó không ghi kết luận được. Câu hỏi đã gửi thì không rút lại được."),
        QuestionsForm, gettext_lazy("Gửi câu hỏi"), final=True,
    ),
    Action.PROPOSE: Deed(
        "de-xuat", gettext_lazy("Đề xuất quyết định"),
        gettext_lazy("Hồ sơ chuyển sang một người thẩm định khác để quyết định. Người đó có thể trả lại cho bạn."),
        ProposalForm, gettext_lazy("Chuyển cho người thứ hai"),
    ),
    Action.GIVE_BACK: Deed(
        "tra-hang-cho", gettext_lazy("Trả hồ sơ về hàng chờ"),
        gettext_lazy("Người khác sẽ nhận hồ sơ này. Các kết luận đã ghi được giữ lại. Chỉ người thẩm định đọc được lý do."),
        ReasonForm, gettext_lazy("Trả về hàng chờ"),
    ),
    Action.ACCEPT: Deed(
        "cong-nhan", gettext_lazy("Công nhận"),
        gettext_lazy("Nội dung được công bố, sản phẩm mang dấu “Đã thẩm định” và quyết định ghi vào sổ đăng ký công khai. Việc này không hoàn tác được, chỉ có thể tạm dừng hoặc thu hồi."),
        AcceptForm, gettext_lazy("Công nhận"), final=True,
    ),
    Action.REJECT: Deed(
        "khong-cong-nhan", gettext_lazy("Không công nhận"),
        gettext_lazy("Hồ sơ đóng lại, nội dung trả về doanh nghiệp, quyết định ghi vào sổ đăng ký công khai cùng lý do từng tiêu chí. Việc này không hoàn tác được; doanh nghiệp có quyền khiếu nại."),
        PublicReasonForm, gettext_lazy("Không công nhận"), final=True,
    ),
    Action.SEND_BACK: Deed(
        "xem-lai", gettext_lazy("Đề nghị xem lại"),
        gettext_lazy("Hồ sơ về lại người đã thẩm định, cùng lý do của bạn. Doanh nghiệp không được báo."),
        ReasonForm, gettext_lazy("Trả lại người thẩm định"),
    ),
    Action.REINSTATE: Deed(
        "khoi-phuc", gettext_lazy("Khôi phục hiệu lực"),
        gettext_lazy("Sản phẩm lại mang dấu “Đã thẩm định” đến hết hạn cũ; việc này ghi vào sổ đăng ký công khai."),
        PublicReasonForm, gettext_lazy("Khôi phục hiệu lực"), final=True,
    ),
    Action.REVOKE: Deed(
        "thu-hoi", gettext_lazy("Thu hồi"),
        gettext_lazy("Sản phẩm mất dấu “Đã thẩm định” ngay; việc này ghi vào sổ đăng ký công khai và không hoàn tác được."),
        PublicReasonForm, gettext_lazy("Thu hồi"), final=True,
    ),
}  # fmt: skip
_BY_SLUG = {deed.slug: action for action, deed in DEEDS.items()}


class DeedConverter:
    """A move's name in an address."""

    regex = "|".join(_BY_SLUG)

    def to_python(self, value: str) -> Action:
        return _BY_SLUG[value]

    def to_url(self, value: Action) -> str:
        return DEEDS[value].slug


def address(submission: Submission, action: Action) -> str:
    return reverse("vetting-act", kwargs={"pk": submission.pk, "action": action})


def ways_on(submission: Submission, may: AbstractSet[Action]) -> list[dict[str, Any]]:
    """Return the moves that have a page and may be taken now; questions begin at the criteria they are about."""
    return [
        {"action": action.value, "title": deed.title, "url": address(submission, action)}
        for action, deed in DEEDS.items()
        if action in may and action != Action.ASK
    ]


@reviewers_only
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to examine it; who was slower is told."""
    submission = reviewed(request, pk)
    try:
        services.take(submission, by=cast(User, request.user), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Bạn đang giữ hồ sơ này."))
    return redirect(submission)


@reviewers_only
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, pk: int, action: Action) -> HttpResponse:
    """Say what is needed, read what will be sent, do it."""
    submission, deed = reviewed(request, pk), DEEDS[action]
    if action not in services.open_to(submission, cast(User, request.user)):
        messages.error(request, _("Lúc này bạn không làm được việc đó với hồ sơ này."))
        return redirect(submission)
    form = _form(request, submission, action, deed)
    if not form.fields:
        messages.error(request, str(NothingAsked()))
        return redirect(submission)
    if not form.is_bound or not form.is_valid() or "back" in request.POST:
        return _ask(request, submission, action, form)
    if deed.final and "confirmed" not in request.POST:
        return _ask(request, submission, action, form, mail=_mail(submission, action, form))
    try:
        do = getattr(services, action.value)
        do(submission, **form.told(), by=cast(User, request.user), now=timezone.now())
    except DomainError as refusal:
        form.refuse(refusal)
        return _ask(request, submission, action, form, status=409)
    messages.success(request, _("Đã ghi: %(what)s.") % {"what": action.label})
    return redirect(submission)


def _form(request: HttpRequest, submission: Submission, action: Action, deed: Deed) -> DeedForm:
    data = request.POST if request.method == "POST" else None
    if action == Action.ASK:
        chosen = (data or request.GET).getlist("tieu-chi")
        numbers = [int(one) for one in chosen if one.isascii() and one.isdigit() and len(one) < 19]
        answers = submission.answers.filter(pk__in=numbers).select_related("criterion")
        return QuestionsForm(data, answers=answers)
    return deed.form(data, initial=_drafted(submission, action))


def _drafted(submission: Submission, action: Action) -> dict[str, str]:
    """Return a first wording, from what was written about this submission already."""
    if action == Action.PROPOSE:
        missed = outcomes.reasons(submission)
        return {"note": "\n".join(missed), "proposal": "reject" if missed else "accept"}
    return {"reason": submission.proposal_note} if action == Action.REJECT else {}


def _mail(submission: Submission, action: Action, form: DeedForm) -> EmailMultiAlternatives:
    now = timezone.now()
    facts: dict[str, Any] = {"reason": form.told().get("reason", "")}
    if action == Action.ASK:
        facts["due_on"] = due(State.CLARIFICATION, timezone.localdate(now))
    if action == Action.ACCEPT:
        facts["until_on"] = services.holds_until(submission.answers.select_related("criterion"))
    if action == Action.REINSTATE:  # its reason is for the register alone
        facts["reason"] = ""
    return news.draft(submission, action, at=now, **facts)


def _ask(
    request: HttpRequest,
    submission: Submission,
    action: Action,
    form: DeedForm,
    *,
    mail: EmailMultiAlternatives | None = None,
    status: int = 200,
) -> HttpResponse:
    deed = DEEDS[action]
    if form.errors:
        status = status if status != 200 else 400
    context = {
        "submission": submission,
        "platform": submission.platform,
        "deed": deed,
        "form": form,
        "mail": mail,
        "asks": action == Action.ASK,
        "chosen": [name.partition("-")[2] for name in form.fields] if action == Action.ASK else [],
        "missed": outcomes.reasons(submission) if action == Action.REJECT else [],
    }
    return render(request, "desk/act.html", context, status=status)
