"""Firms ask in private; the agency answers in public, and nobody learns who asked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self, cast

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation, User
from catalogue.accounts.scopes import Caller
from catalogue.audit.record import record
from catalogue.common import working_days

from . import telling
from .models import Problem
from .refusals import AlreadyAnswered, NotOpen, QuestionsOver, said_in
from .states import State

LONGEST_QUESTION = 1_000  # characters
LONGEST_ANSWER = 3_000
DAYS_BEFORE = 3  # working days before closing that are left for answers


class Question(models.Model):
    """What a firm asked. Who asked is kept for the notice alone: neither the agency nor the public is shown it."""

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="questions", verbose_name=_("bài toán"))
    vendor = models.ForeignKey(Organisation, models.PROTECT, related_name="questions", verbose_name=_("doanh nghiệp"))
    asked_at = models.DateTimeField(_("lúc hỏi"))
    text = models.TextField(_("câu hỏi"), max_length=LONGEST_QUESTION)
    wording = models.TextField(_("câu hỏi như công bố"), max_length=LONGEST_QUESTION, blank=True)
    answer = models.TextField(_("trả lời"), max_length=LONGEST_ANSWER, blank=True)
    answered_at = models.DateTimeField(_("lúc trả lời"), null=True)

    class QuerySet(models.QuerySet["Question"]):
        def answered(self) -> Self:
            """Those that everybody may read, as they were published."""
            return self.filter(answered_at__isnull=False).order_by("answered_at", "pk")

        def waiting(self) -> Self:
            return self.filter(answered_at__isnull=True).order_by("asked_at", "pk")

        def answered_by_caller(self, user: Caller) -> Self:
            """Those the caller may answer, for the agency."""
            return self.filter(problem__agency__in=Organisation.objects.edited_by(user))

        def asked_by_vendors_of(self, user: Caller) -> Self:
            return self.filter(vendor__in=Organisation.objects.read_by(user))

    objects = QuerySet.as_manager()

    class Meta:
        verbose_name = _("câu hỏi về bài toán")
        verbose_name_plural = _("câu hỏi về bài toán")
        ordering = ("problem", "asked_at", "pk")
        constraints = (
            models.CheckConstraint(name="question_asks_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="question_answer_is_whole",
                condition=Q(answered_at__isnull=True, answer="", wording="")
                | Q(answered_at__isnull=False) & ~Q(answer="") & ~Q(wording=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.problem} · {self.pk}"


def last_day(problem: Problem) -> date:
    """Return the last day on which firms may ask of a posted problem: some working days before closing."""
    return last_day_before(cast(datetime, problem.closes_at))


def last_day_before(closes_at: datetime) -> date:
    return working_days.add(timezone.localdate(closes_at), -DAYS_BEFORE)


@transaction.atomic
def ask(problem: Problem, *, vendor: Organisation, text: str, by: User, now: datetime) -> Question:
    """Ask about an open problem; the caller checked that `by` writes for the vendor and sees the problem.

    Raises TextMissing, TextTooLong, NotOpen, QuestionsOver.
    """
    said = said_in(text, "text", LONGEST_QUESTION)
    current = Problem.objects.open(now).filter(pk=problem.pk).first()
    if current is None:
        raise NotOpen
    last = last_day(current)
    if timezone.localdate(now) > last:
        raise QuestionsOver(date_format(last, "SHORT_DATE_FORMAT"))
    made = Question.objects.create(problem=problem, vendor=vendor, asked_at=now, text=said)
    record("question.asked", made, by=by, at=now, problem=problem.slug)
    telling.tell_agency(problem, "asked", at=now)
    return made


@transaction.atomic
def answer(question: Question, *, answer: str, wording: str = "", by: User, now: datetime) -> None:
    """Answer in public. wording: the question as it is published, where it has to be told in other words.

    Raises TextMissing, TextTooLong, AlreadyAnswered, NotOpen once the problem has ended or was withdrawn.
    """
    told = said_in(answer, "answer", LONGEST_ANSWER)
    published = said_in(wording or question.text, "wording", LONGEST_QUESTION)
    alive = Q(problem__state__in=[State.PUBLISHED, State.CLOSED])
    rows = Question.objects.filter(alive, pk=question.pk, answered_at__isnull=True)
    won = rows.update(answer=told, wording=published, answered_at=now)
    question.refresh_from_db()
    if not won:
        raise AlreadyAnswered if question.answered_at else NotOpen
    record("question.answered", question, by=by, at=now, problem=question.problem.slug)
    telling.tell_vendor(question.vendor, question.problem, "answered", at=now)
