"""What the pages of a problem show of questions, amendments, answers and outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalogue.accounts.models import FirmSize, User
from catalogue.accounts.scopes import Caller
from catalogue.problems import amendments, judging, proposals, questions, telling
from catalogue.problems.amendments import Amendment
from catalogue.problems.models import Problem
from catalogue.problems.offers import Meets, Offer
from catalogue.problems.states import State
from catalogue.web.forms import SheetForm


def form_page(
    request: HttpRequest, problem: Problem, form: SheetForm, *, title: str, button: str, back: str, **more: Any
) -> HttpResponse:
    """Show a form about a problem; with what is wrong of it, where something is."""
    context = {
        "title": title, "lead": problem.title, "trail": trail_of(problem), "form": form, "button": button, "back": back,
        **more,
    }  # fmt: skip
    return render(request, "proposals/form.html", context, status=400 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


def public_side(problem: Problem, user: Caller, now: datetime) -> dict[str, Any]:
    """Return what everybody may know, and what the visitor may do here."""
    posted = problem.state in State.public()
    is_open = problem.stage_at(now) == State.PUBLISHED
    vendors = telling.who_may_answer(problem, user) if isinstance(user, User) and posted else []
    works = isinstance(user, User) and judging.worked_on_by(user).filter(pk=problem.pk).exists()
    odds = proposals.odds(problem) if posted else None
    last = questions.last_day(problem) if posted else None
    won = judging.chosen(problem) if problem.state == State.ENDED else None
    return {
        "questions": problem.questions.answered(),
        "ask_until": last,
        "may_ask": bool(vendors) and is_open and last is not None and timezone.localdate(now) <= last,
        "amendments": [(one, changes_of(one)) for one in problem.amendments.all()],
        "odds": odds,
        "odds_by_size": [
            {"label": label_of_size(one.size), "drafted": one.drafted, "submitted": one.submitted} for one in odds.by_size
        ] if odds else [],
        "answer_links": [
            {"label": one.short_name, "url": reverse("proposal", args=[one.key, problem.slug])} for one in vendors
        ] if posted else [],
        "work_url": reverse("problem-work", args=[problem.slug]) if works and posted else "",
        "silent_days": judging.silent_days(problem, now),
        "won": won,
        "aftermath": won.aftermath.all() if won else [],
    }  # fmt: skip


def label_of_size(size: str) -> str:
    """Say a size of `proposals.OfSize` in words."""
    others = {proposals.UNKNOWN: _("Chưa khai quy mô"), proposals.OTHER: _("Các quy mô còn lại")}
    return others.get(size) or str(FirmSize(size).label)


def changes_of(amendment: Amendment) -> list[Change]:
    """Return the changes of an amendment in words."""
    return [
        Change(amendments.label_of(one["field"]), _said(one["field"], one["before"]), _said(one["field"], one["after"]))
        for one in amendment.changes
    ]


def _said(field: str, text: str) -> str:
    if field != amendments.CLOSING:
        return text
    return date_format(timezone.localtime(datetime.fromisoformat(text)), "H:i, d/m/Y")


def offer_in_words(offer: Offer, problem: Problem, product: str) -> dict[str, Any]:
    """Return an offer as components/offer.html takes it."""
    replies = []
    for one in problem.requirements.all():
        reply = offer.reply_to(one.pk)
        said = Meets(reply.answer).label if reply.answer else _("Chưa trả lời")
        replies.append({"text": one.text, "answer": said, "evidence": reply.evidence})
    lines = [
        {"package": one.package, "quantity": one.quantity, "periods": one.periods, "unit_price": one.unit_price, "total": one.total}
        for one in offer.lines
    ]  # fmt: skip
    return {"product": product, "replies": replies, "lines": lines, "total": offer.total, "price_note": offer.price_note,
            "delivery": offer.delivery, "trial": offer.trial}  # fmt: skip


def sent_in(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, also when it is empty; None where nothing was."""
    return request.POST if request.method == "POST" else None


def trail_of(problem: Problem) -> list[dict[str, str]]:
    return [
        {"label": _("Các bài toán"), "url": reverse("problems")},
        {"label": problem.title, "url": problem.get_absolute_url()},
    ]
