"""The steps in which a problem is written: their addresses and order, how far each has come, and the page of one."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from catalogue.accounts.models import User
from catalogue.common.errors import DomainError
from catalogue.platforms.content import ContentInvalid
from catalogue.problems import writing
from catalogue.problems.coaching import coach
from catalogue.problems.content import LABELS, MUST, STEP_TITLES, STEPS, Step, Written, missing, of_problem, written
from catalogue.problems.errors import EditConflict, UnknownKeys
from catalogue.problems.models import Problem
from catalogue.problems.states import State
from catalogue.web.vendor_products.steps import Progress, member_of, sent_version

from .forms import FORMS, ProblemQuestions, form_of
from .reading import lines, shown_review

SLUGS: dict[Step, str] = {
    "need": "ten",
    "today": "hien-nay",
    "affected": "ai-gap",
    "outcome": "ket-qua",
    "requirements": "yeu-cau",
    "money": "ngan-sach",
    "dates": "thoi-gian",
    "weights": "cham-diem",
    "reuse": "da-co-chua",
    "reach": "cach-dang",
}
_BY_SLUG = {slug: step for step, slug in SLUGS.items()}
LEADS: dict[Step, Any] = {
    "today": gettext_lazy("Doanh nghiệp cần hiểu việc của cơ quan bạn trước khi nghĩ cách giải."),
    "requirements": gettext_lazy(
        "Doanh nghiệp trả lời từng câu: có, một phần, không. Câu nào không kiểm tra được thì bỏ."
    ),
    "reuse": gettext_lazy("Nhà nước làm nền tảng dùng chung để mỗi nơi khỏi mua lại một lần."),
}
_LABELS = {
    "done": gettext_lazy("Xong"),
    "lacking": gettext_lazy("Còn thiếu"),
    "begun": gettext_lazy("Đã có nội dung"),
    "untouched": gettext_lazy("Chưa làm"),
}


class ProblemStepConverter:
    """A step's name in an address."""

    regex = "|".join(_BY_SLUG)

    def to_python(self, value: str) -> Step:
        return _BY_SLUG[value]

    def to_url(self, value: Step) -> str:
        return SLUGS[value]


def address(name: str, problem: Problem, **more: Any) -> str:
    return reverse(name, kwargs={"key": problem.agency.key, "slug": problem.slug, **more})


def trail(problem: Problem) -> list[dict[str, str]]:
    return [
        {"label": _("Bài toán của cơ quan"), "url": reverse("agency-problems", args=[problem.agency.key])},
        {"label": problem.title, "url": address("agency-problem", problem)},
    ]


def read_problem(request: HttpRequest, key: str, slug: str) -> Problem:
    """Return the problem, if the visitor belongs to its agency."""
    rows = Problem.objects.read_by_members(member_of(request)).select_related("agency", "edited_by")
    return get_object_or_404(rows, agency__key=key, slug=slug)


def written_problem(request: HttpRequest, key: str, slug: str) -> Problem:
    """Return the problem, if the visitor may write it."""
    rows = Problem.objects.written_by(member_of(request)).select_related("agency", "edited_by")
    return get_object_or_404(rows, agency__key=key, slug=slug)


def draft_problem(request: HttpRequest, key: str, slug: str) -> Problem:
    """Return it only while it can be written."""
    problem = written_problem(request, key, slug)
    if problem.state not in State.writable():
        raise Http404
    return problem


def progress(problem: Problem, said: Written) -> list[Progress]:
    lacking = set(missing(said))
    return [_progress(problem, said, step, lacking) for step in STEPS]


def _progress(problem: Problem, said: Written, step: Step, lacking: set[str]) -> Progress:
    fields = STEPS[step]
    filled = any(getattr(said, field) not in ("", None, []) for field in fields)
    optional = not any(field in MUST for field in fields)
    seen = step in problem.saved or step == "need"
    state = "done" if filled and (seen or not optional) else "untouched"
    if any(field in lacking for field in fields):
        state = "lacking" if seen else "untouched"
    url = address("agency-problem-step", problem, step=step)
    return Progress(step, str(STEP_TITLES[step]), state, str(_LABELS[state]), optional, url)


def next_address(problem: Problem, step: Step) -> str:
    order = list(STEPS)
    at = order.index(step) + 1
    return (
        address("agency-problem-check", problem)
        if at == len(order)
        else address("agency-problem-step", problem, step=order[at])
    )


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, key: str, slug: str, step: Step) -> HttpResponse:
    """One step. It is saved by its button, and while one types where there are scripts."""
    problem = draft_problem(request, key, slug)
    said = of_problem(problem)
    if request.method != "POST":
        return _page(request, problem, step, form_of(step, said))
    form = form_of(step, said, request.POST)
    form.is_valid()
    try:
        saved = writing.edit(
            problem, step=step, values=form.values(), version=sent_version(request), by=cast(User, request.user)
        )
    except (ContentInvalid, UnknownKeys) as refusal:
        form.refuse(refusal.fields)
        return _saved(request, None, refusal) or _page(request, problem, step, form, status=400)
    except EditConflict as conflict:
        return _saved(request, None, conflict) or _conflict(request, problem, step, form, conflict)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _saved(request, None, refusal) or _page(request, problem, step, form, status=409)
    whereto = address("agency-problem", problem) if "list" in request.POST else next_address(problem, step)
    return _saved(request, saved, None) or redirect(whereto)


def _saved(request: HttpRequest, problem: Problem | None, refusal: DomainError | None) -> HttpResponse | None:
    """Answer a save that the page made by itself; None when a person pressed the button."""
    if not getattr(request, "htmx", False):
        return None
    context = {
        "version": problem.version if problem else None,
        "at": date_format(timezone.localtime(), "H:i"),
        "refusal": _("Chưa tự lưu: %(reason)s") % {"reason": refusal} if refusal else "",
    }
    return render(request, "vendor/saved.html", context)


def _page(
    request: HttpRequest,
    problem: Problem,
    step: Step,
    form: ProblemQuestions,
    *,
    status: int = 200,
    conflict: dict[str, Any] | None = None,
    version: int | None = None,
) -> HttpResponse:
    order = list(STEPS)
    context = {
        "problem": problem,
        "trail": trail(problem),
        "title": str(STEP_TITLES[step]),
        "lead": LEADS.get(step, ""),
        "at": order.index(step) + 1,
        "of": len(order),
        "form": form,
        "version": version or problem.version,
        "list_url": address("agency-problem", problem),
        "coach_url": f"{address('agency-problem-coach', problem)}?buoc={SLUGS[step]}",
        "reuse_url": address("agency-problem-reuse", problem) if step == "reuse" else "",
        "found": shown_review(coach(problem)),
        "conflict": conflict,
    }
    return render(request, "agency/step.html", context, status=status)


def _conflict(
    request: HttpRequest, problem: Problem, step: Step, form: ProblemQuestions, conflict: EditConflict
) -> HttpResponse:
    """Show what is saved beside what was sent; the form holds what was sent, and its button saves that over the other."""
    problem.refresh_from_db()
    saved = of_problem(problem)
    rows = [{"label": LABELS[field], "lines": lines(saved, field)} for field in STEPS[step] if field in conflict.theirs]
    told = {"sentence": str(conflict), "rows": rows}
    return _page(request, problem, step, form, status=409, conflict=told, version=conflict.version)


@require_POST
def coach_panel(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """What the coach says of the problem with what stands in one step's form, saved or not. Writes nothing."""
    problem = draft_problem(request, key, slug)
    step = _BY_SLUG.get(request.GET.get("buoc", ""))
    if step is None:
        raise Http404
    said = of_problem(problem)
    form = FORMS[step](request.POST)
    form.is_valid()
    with suppress(ContentInvalid):  # while half a number is typed, what is saved is looked at
        said = written({**said.model_dump(), **form.values()})
    return render(request, "agency/coach_panel.html", {"found": shown_review(coach(problem, said))})
