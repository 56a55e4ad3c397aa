"""One submission: each criterion with what speaks for it beside the question, and what may be done now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalogue.accounts.models import User
from catalogue.common.errors import DomainError
from catalogue.platforms.content import Content, parse
from catalogue.platforms.differences import differences
from catalogue.platforms.reading import LABELS, evidence_line, lines
from catalogue.vetting import checks, precedents, services
from catalogue.vetting.models import Answer, Clarification, Finding, Step, Submission
from catalogue.vetting.precedents import Precedent
from catalogue.vetting.states import MOVES, Action, Actor, Verdict

from .access import reviewed, reviewers_only
from .deciding import ways_on
from .forms import VerdictForm


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence in a line, with where it can be opened."""

    line: str
    url: str
    document: UUID | None


@dataclass(frozen=True, slots=True)
class Item:
    """One criterion of the checklist."""

    number: int
    answer: Answer
    fields: Sequence[tuple[str, list[str]]]
    evidence: Sequence[Piece]
    clarifications: Sequence[Clarification]
    reasons: Sequence[str]
    past: Sequence[Precedent]
    form: VerdictForm
    basis_in_force: bool | None


@reviewers_only
@require_safe
def submission_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist."""
    return _page(request, reviewed(request, pk))


@reviewers_only
@require_POST
def conclude(request: HttpRequest, pk: int, answer: int) -> HttpResponse:
    """Keep what was found about one criterion; where there are scripts that criterion alone is answered."""
    submission = reviewed(request, pk)
    one = get_object_or_404(submission.answers.select_related("criterion"), pk=answer)
    form = VerdictForm(one, request.POST)
    refused = 400
    if form.is_valid():
        said = {"verdict": Verdict(form.cleaned_data["verdict"]), "note": form.cleaned_data["note"]}
        try:
            services.conclude(one, **said, by=cast(User, request.user), now=timezone.now())
        except DomainError as refusal:
            form.add_error("note" if refusal.code == "reason_missing" else None, str(refusal))
            refused = 400 if refusal.code == "reason_missing" else 409
        else:
            refused = 0
    if getattr(request, "htmx", False):
        item = next(item for item in _items(submission, {one.pk: form} if refused else {}) if item.answer.pk == one.pk)
        may = services.open_to(submission, cast(User, request.user))
        context = {
            "submission": submission,
            "item": item,
            "saved": not refused,
            **_writing(may),
            **_progress(submission),
        }
        return render(request, "desk/concluded.html", context)
    if refused:
        return _page(request, submission, {one.pk: form}, status=refused)
    return redirect(f"{submission.get_absolute_url()}#tc-{one.pk}")


@reviewers_only
@require_POST
def examine(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the automatic checks run once more, or because no worker did. They ask other servers, so not in this request."""
    submission = reviewed(request, pk)
    services.have_examined(submission.pk)
    messages.success(request, _("Đang kiểm tra. Tải lại trang sau ít phút để xem kết quả."))
    return redirect(f"{submission.get_absolute_url()}#kiem-tra")


def _page(
    request: HttpRequest, submission: Submission, forms: Mapping[int, VerdictForm] | None = None, *, status: int = 200
) -> HttpResponse:
    user = cast(User, request.user)
    may = services.open_to(submission, user)
    context = {
        "submission": submission,
        "platform": submission.platform,
        "late": submission.is_late(timezone.localdate()),
        "mine": submission.reviewer_id == user.pk,
        "items": _items(submission, forms or {}),
        **_writing(may),
        "takes": Action.TAKE in may,
        "ways": ways_on(submission, may),
        "findings": [_finding(one) for one in submission.findings.all()],
        **_compared(submission),
        "steps": [_step(one, submission) for one in submission.steps.select_related("by").order_by("at", "pk")],
        "refused": bool(forms),
        **_progress(submission),
    }
    return render(request, "desk/submission.html", context, status=status)


def _compared(submission: Submission) -> dict[str, Any]:
    """Return what differs from the text that was vetted last; where none was, from what the public sees."""
    before, content = precedents.last_vetted(submission), services.content_under_review(submission)
    if before is not None:
        return {"compared_with": "vetted", "differences": differences(before, content)}
    revision = submission.revision
    if (
        revision is None or submission.platform.listed_at is None
    ):  # what is public is what is vetted, or nothing is public
        return {"compared_with": "", "differences": []}
    return {"compared_with": "public", "differences": differences(parse(revision.base_content), content)}


def _step(one: Step, submission: Submission) -> dict[str, Any]:
    """Name reviewers, who answer for what they did; of a vendor's people only the vendor."""
    if MOVES[Action(one.action)].actor is Actor.VENDOR:
        who = submission.platform.vendor.short_name
    else:
        who = (one.by.full_name or one.by.email) if one.by else ""
    return {"step": one, "who": who}


def _finding(one: Finding) -> dict[str, Any]:
    return {"passed": one.passed, "sentence": checks.sentence(checks.Found(one.code, one.passed, one.facts))}


def _writing(may: AbstractSet[Action]) -> dict[str, bool]:
    return {"writes": Action.PROPOSE in may, "asks": Action.ASK in may}


def _progress(submission: Submission) -> dict[str, int]:
    verdicts = list(submission.answers.values_list("verdict", flat=True))
    return {"done": sum(verdict != Verdict.OPEN for verdict in verdicts), "of": len(verdicts)}


def _items(submission: Submission, forms: Mapping[int, VerdictForm]) -> list[Item]:
    """Return the checklist in the order of the criteria. forms: those that were sent and refused, by answer."""
    answers = list(
        submission.answers.select_related("criterion__criteria_set", "document", "taken_from__submission")
        .prefetch_related("clarifications__document")
        .order_by("criterion__criteria_set__group__position", "criterion__criteria_set__key", "criterion__position")
    )
    keys = [one.criterion.key for one in answers]
    reasons, past = precedents.standing_reasons(keys), precedents.past_decisions(submission)
    content, today = services.content_under_review(submission), timezone.localdate()
    return [
        Item(
            number=number,
            answer=one,
            fields=[(str(LABELS[field]), lines(content, field)) for field in one.criterion.fields],
            evidence=_evidence(content, one.criterion.evidence_kinds),
            clarifications=list(one.clarifications.all()),
            reasons=reasons.get(one.criterion.key, []),
            past=past.get(one.criterion.key, []),
            form=forms.get(one.pk) or VerdictForm(one),
            basis_in_force=one.criterion.basis_in_force(today),
        )
        for number, one in enumerate(answers, start=1)
    ]


def _evidence(content: Content, kinds: Sequence[str]) -> list[Piece]:
    return [Piece(evidence_line(one), one.url, one.document) for one in content.evidence if one.kind in kinds]
