"""The agency's side: answers, amendments, who evaluates, opening, scoring, the outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.accounts.models import User
from catalogue.common.errors import DomainError
from catalogue.problems import amendments, judging, questions
from catalogue.problems.evaluation import AgreedScore, Evaluator, Mark, Panel, Score
from catalogue.problems.models import Problem
from catalogue.problems.questions import Question
from catalogue.problems.refusals import AmendedMeanwhile
from catalogue.problems.states import Ending, State
from catalogue.web.forms import SheetForm, carried_out

from .forms import AmendForm, AnswerForm, ConveneForm, DecideForm, DeclareForm, LookBackForm, MarksForm
from .showing import form_page, offer_in_words, sent_in, trail_of

FORM = require_http_methods(["GET", "HEAD", "POST"])


def _led(request: HttpRequest, slug: str) -> Problem:
    """Return a problem of an agency one writes for."""
    return get_object_or_404(Problem.objects.written_by(request.user).posted().select_related("agency"), slug=slug)


def _judged(request: HttpRequest, slug: str) -> Problem:
    """Return a problem that one was named to evaluate."""
    return get_object_or_404(judging.judged_by(request.user).select_related("agency"), slug=slug)


def _work(problem: Problem) -> str:
    return reverse("problem-work", args=[problem.slug])


def _form(request: HttpRequest, problem: Problem, form: SheetForm, **words: Any) -> HttpResponse:
    return form_page(request, problem, form, back=_work(problem), **words)


@never_cache
@login_required
@require_safe
def work(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits at the agency for one problem, and how far the evaluation has come."""
    user, now = cast(User, request.user), timezone.now()
    problem = get_object_or_404(judging.read_by(user), slug=slug)
    leads = Problem.objects.written_by(user).filter(pk=problem.pk).exists()
    panel = Panel.objects.filter(problem=problem).first()
    evaluator = Evaluator.objects.filter(panel=panel, user=user).first() if panel else None
    order = judging.ranking(problem)
    stage = problem.stage_at(now)
    shown = judging.opened(problem, by=user)
    context = {
        "problem": problem,
        "trail": trail_of(problem),
        "stage": stage,
        "leads": leads,
        "waiting": problem.questions.waiting() if leads else [],
        "panel": panel,
        "evaluators": panel.evaluators.select_related("user") if panel else [],
        "evaluator": evaluator,
        "may_amend": leads and stage == State.PUBLISHED,
        "may_convene": leads and stage in (State.PUBLISHED, State.CLOSED),
        "may_open": leads and panel is not None and panel.opened_at is None and stage == State.CLOSED,
        "may_declare": evaluator is not None and evaluator.declared_at is None,
        "may_score": bool(shown) and evaluator is not None and evaluator.finished_at is None and stage == State.CLOSED,
        "may_agree": evaluator is not None and evaluator.finished_at is not None and stage == State.CLOSED,
        "may_decide": leads and stage == State.CLOSED,
        "may_look_back": leads and problem.state == State.ENDED and judging.chosen(problem) is not None,
        "silent_days": judging.silent_days(problem, now),
        "opened": [{**_envelope(one, problem), "points": order.get(one.proposal.pk)} for one in shown],
    }
    return render(request, "proposals/work.html", context)


@never_cache
@login_required
@FORM
def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    problem = _led(request, slug)
    question = get_object_or_404(Question.objects.select_related("problem", "vendor"), problem=problem, pk=pk)
    form = AnswerForm(question, sent_in(request))
    if carried_out(
        request, form, lambda by, now: questions.answer(question, **form.cleaned_data, by=by, now=now),
        _("Đã trả lời công khai."),
    ):  # fmt: skip
        return redirect(_work(problem))
    return _form(request, problem, form, title=_("Trả lời câu hỏi"), button=_("Công bố trả lời"))


@never_cache
@login_required
@FORM
def amend(request: HttpRequest, slug: str) -> HttpResponse:
    problem = _led(request, slug)
    form, conflict = AmendForm(problem, sent_in(request)), []
    if request.method == "POST" and form.is_valid():
        try:
            amendments.amend(problem, **form.told(), by=cast(User, request.user), now=timezone.now())
        except AmendedMeanwhile as refusal:
            again = request.POST.copy()
            again["seen"] = str(problem.amendments.count())
            problem.refresh_from_db()
            form = AmendForm(problem, again)
            form.is_valid()
            conflict = form.other_words()
            form.refuse(refusal)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã sửa đổi. Doanh nghiệp đã hỏi, đang soạn hoặc được mời đều được báo."))
            return redirect(problem)
    note = _("Nội dung cũ và mới, cùng lý do, được công khai trên trang của bài toán.")
    return _form(
        request, problem, form, title=_("Sửa đổi bài toán"), button=_("Công bố sửa đổi"), note=note, conflict=conflict
    )


@never_cache
@login_required
@FORM
def convene(request: HttpRequest, slug: str) -> HttpResponse:
    """Name who evaluates, or more of them."""
    problem = _led(request, slug)
    members = list(problem.agency.memberships.select_related("user").order_by("user__full_name", "pk"))
    panel = Panel.objects.filter(problem=problem).first()
    named = set(panel.evaluators.values_list("user", flat=True)) if panel else set()
    initial = {
        "members": [str(one.pk) for one in members if one.user_id in named],
        "blind": panel.blind if panel else True,
    }
    form = ConveneForm(members, sent_in(request), initial=initial)

    def name(by: User, now: datetime) -> None:
        users = [one.user for one in members if str(one.pk) in form.cleaned_data["members"]]
        judging.convene(problem, users=users, blind=form.cleaned_data["blind"], by=by, now=now)

    if carried_out(request, form, name, _("Đã lập tổ chấm.")):
        return redirect(_work(problem))
    return _form(request, problem, form, title=_("Tổ chấm"), button=_("Lưu"))


@never_cache
@login_required
@require_POST
def open_(request: HttpRequest, slug: str) -> HttpResponse:
    """Open all envelopes together."""
    problem = _led(request, slug)
    try:
        count = judging.open_(problem, by=cast(User, request.user), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã mở %(n)d hồ sơ cùng lúc; việc mở được ghi vào nhật ký.") % {"n": count})
    return redirect(_work(problem))


@never_cache
@login_required
@FORM
def declare(request: HttpRequest, slug: str) -> HttpResponse:
    problem = _judged(request, slug)
    form = DeclareForm(sent_in(request))

    def keep(by: User, now: datetime) -> None:
        conflict = form.cleaned_data["conflict"] == "yes"
        judging.declare(problem, conflict=conflict, note=form.cleaned_data["note"], by=by, now=now)

    if carried_out(request, form, keep):
        return redirect(_work(problem))
    return _form(request, problem, form, title=_("Cam kết về xung đột lợi ích"), button=_("Ghi cam kết"))


@never_cache
@login_required
@FORM
def score(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own points. Kept as often as one likes, until one says that they are whole."""
    problem, user, now = _judged(request, slug), cast(User, request.user), timezone.now()
    kept = {
        (one.proposal_id, one.aspect, one.requirement_id): one
        for one in Score.objects.filter(evaluator__user=user, proposal__problem=problem)
    }

    def keep(form: MarksForm) -> str:
        judging.score(problem, given=form.given(), by=user, now=now)
        if "finish" not in request.POST:
            return _("Đã lưu điểm.")
        judging.finish(problem, by=user, now=now)
        return _("Đã chấm xong.")

    return _marks(request, problem, kept, keep, title=_("Chấm hồ sơ"), finish=_("Lưu và báo đã chấm xong"))


@never_cache
@login_required
@FORM
def agree(request: HttpRequest, slug: str) -> HttpResponse:
    """What the evaluators agreed on."""
    problem, user, now = _judged(request, slug), cast(User, request.user), timezone.now()
    kept = {
        (one.proposal_id, one.aspect, one.requirement_id): one
        for one in AgreedScore.objects.filter(proposal__problem=problem)
    }

    def keep(form: MarksForm) -> str:
        judging.agree(problem, given=form.given(), by=user, now=now)
        return _("Đã lưu điểm thống nhất.")

    return _marks(request, problem, kept, keep, title=_("Điểm thống nhất"), finish="")


def _envelope(one: judging.Opened, problem: Problem) -> dict[str, Any]:
    """Return what an evaluator sees of one proposal; no names in a blind pass."""
    product = one.product.name if one.product else ""
    return {
        "letter": one.letter,
        "vendor": one.vendor.name if one.vendor else "",
        "offer": offer_in_words(one.offer, problem, product),
    }


def _marks(
    request: HttpRequest, problem: Problem, kept: dict[Any, Any], keep: Any, *, title: str, finish: str
) -> HttpResponse:
    shown = judging.opened(problem, by=cast(User, request.user))
    if not shown:
        raise Http404
    requirements = list(problem.requirements.all())
    letters = {one.proposal.pk: one.letter for one in shown}
    marks: dict[tuple[str, str, int | None], Mark] = {
        (letters[proposal], aspect, one): mark for (proposal, aspect, one), mark in kept.items()
    }
    form = MarksForm(list(letters.values()), requirements, marks, sent_in(request))
    if carried_out(request, form, lambda *_: messages.success(request, keep(form))):
        return redirect(_work(problem))
    context = {
        "problem": problem, "title": title, "trail": trail_of(problem), "form": form, "finish": finish, "back": _work(problem),
        "opened": [
            {**_envelope(one, problem), "fields": form.of(one.letter)} for one in shown
        ],
    }  # fmt: skip
    return render(request, "proposals/marks.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
@FORM
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    problem = _led(request, slug)
    letters = judging.letters(problem)
    first = next((letter for letter, pk in letters.items() if pk == next(iter(judging.ranking(problem)), None)), "")
    form = DecideForm(list(letters), first, list(problem.requirements.all()), sent_in(request))

    def end(by: User, now: datetime) -> None:
        ending, reason = Ending(form.cleaned_data["ending"]), form.cleaned_data["reason"]
        judging.decide(problem, ending=ending, reason=reason, winner=first, told=form.told(), by=by, now=now)

    if carried_out(
        request, form, end, _("Đã ghi kết quả. Mỗi doanh nghiệp đã trả lời nhận được lý do theo từng yêu cầu.")
    ):
        return redirect(problem)
    note = _(
        "Kết quả và lý do chung được công khai; lý do theo từng yêu cầu gửi riêng cho từng doanh nghiệp. Không hoàn tác được."
    )
    return _form(request, problem, form, title=_("Ghi kết quả"), button=_("Công bố kết quả"), note=note)


@never_cache
@login_required
@FORM
def look_back(request: HttpRequest, slug: str) -> HttpResponse:
    problem = _led(request, slug)
    form = LookBackForm(sent_in(request))

    def keep(by: User, now: datetime) -> None:
        judging.look_back(
            problem, **{**form.cleaned_data, "again": form.cleaned_data["again"] == "yes"}, by=by, now=now
        )

    if carried_out(request, form, keep, _("Đã ghi nhận xét.")):
        return redirect(problem)
    return _form(request, problem, form, title=_("Nhìn lại sau khi dùng"), button=_("Công bố nhận xét"))
