"""The evaluation of a problem: for its agency's editors, and for those whom they named."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.accounts.models import User
from catalogue.api.v1.organisations.base import SignedIn
from catalogue.problems import judging
from catalogue.problems.evaluation import AgreedScore, Panel, Score
from catalogue.problems.judging import Given, Told
from catalogue.problems.models import Problem
from catalogue.problems.refusals import NotOfTheAgency
from catalogue.problems.states import Ending

from . import shapes


class Evaluating(SignedIn):
    def led(self, slug: str) -> Problem:
        """Return a problem of an agency one writes for."""
        return get_object_or_404(Problem.objects.written_by(self.user).posted(), slug=slug)

    def judged(self, slug: str) -> Problem:
        """Return a problem that one was named to evaluate."""
        return get_object_or_404(judging.judged_by(self.user), slug=slug)

    def panel(self, problem: Problem, status: int = 200) -> Response:
        panel = get_object_or_404(Panel.objects.filter(problem=problem))
        body = {
            "blind": panel.blind, "opened_at": panel.opened_at, "opened": panel.opened,
            "may_read": judging.may_read(problem, self.user), "names_shown": judging.names_shown(problem),
            "silent_days": judging.silent_days(problem, timezone.now()),
            "evaluators": panel.evaluators.select_related("user"),
        }  # fmt: skip
        return Response(shapes.PanelSerializer(body).data, status=status)

    def given(self) -> list[Given]:
        return [Given(**one) for one in self.body(shapes.ScoresSerializer)["scores"]]

    def marks(self, problem: Problem, rows: QuerySet[Any]) -> Response:
        """Answer with points as they are sent in; there is nothing for who may not read the proposals."""
        if not judging.may_read(problem, self.user):
            raise Http404
        letters = {pk: letter for letter, pk in judging.letters(problem).items()}
        kept = [
            Given(letters[one.proposal_id], one.aspect, one.points, one.reason, one.requirement_id)
            for one in rows.filter(proposal__in=letters)
        ]
        scores = sorted(kept, key=lambda one: (one.letter, one.aspect, one.requirement or 0))
        return Response(shapes.ScoresSerializer({"scores": scores}).data)


class OnePanel(Evaluating):
    @extend_schema(operation_id="problem_evaluation", responses=shapes.PanelSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """How far the evaluation has come."""
        return self.panel(get_object_or_404(judging.worked_on_by(self.user), slug=slug))

    @extend_schema(
        operation_id="problem_evaluation_convene",
        request=shapes.ConveneSerializer,
        responses={201: shapes.PanelSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Name who evaluates, or more of them; editors of the agency."""
        problem, sent = self.led(slug), self.body(shapes.ConveneSerializer)
        users = list(User.objects.filter(memberships__organisation=problem.agency, memberships__in=sent["members"]))
        if len(users) < len(set(sent["members"])):
            raise NotOfTheAgency
        judging.convene(problem, users=users, blind=sent["blind"], by=self.user, now=timezone.now())
        return self.panel(problem, status=201)


class Open(Evaluating):
    @extend_schema(operation_id="problem_evaluation_open", request=None, responses=shapes.OpenedSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Open all envelopes together, once, after the closing time; editors of the agency."""
        opened = judging.open_(self.led(slug), by=self.user, now=timezone.now())
        return Response(shapes.OpenedSerializer({"opened": opened}).data)


class Declare(Evaluating):
    @extend_schema(operation_id="problem_evaluation_declare", request=shapes.DeclareSerializer, responses={204: None})
    def post(self, request: Request, slug: str) -> Response:
        """Say whether one has a conflict of interest, before anything is shown."""
        problem, sent = self.judged(slug), self.body(shapes.DeclareSerializer)
        judging.declare(problem, **sent, by=self.user, now=timezone.now())
        return Response(status=204)


class Read(Evaluating):
    @extend_schema(operation_id="problem_evaluation_proposals", responses=shapes.ReadSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The proposals: for evaluators without a conflict, and for the agency's members once there is an outcome."""
        problem = get_object_or_404(judging.read_by(self.user), slug=slug)
        return Response(shapes.ReadSerializer(judging.opened(problem, by=self.user), many=True).data)


class Scores(Evaluating):
    @extend_schema(operation_id="problem_evaluation_scores", responses=shapes.ScoresSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """One's own scores, as far as they are kept; never another evaluator's."""
        return self.marks(self.judged(slug), Score.objects.filter(evaluator__user=self.user))

    @extend_schema(operation_id="problem_evaluation_score", request=shapes.ScoresSerializer, responses={204: None})
    def put(self, request: Request, slug: str) -> Response:
        """Keep one's own scores; those that are left out stay."""
        judging.score(self.judged(slug), given=self.given(), by=self.user, now=timezone.now())
        return Response(status=204)


class Finish(Evaluating):
    @extend_schema(operation_id="problem_evaluation_finish", request=None, responses={204: None})
    def post(self, request: Request, slug: str) -> Response:
        """Say that one's own scores are whole; they stand from then on."""
        judging.finish(self.judged(slug), by=self.user, now=timezone.now())
        return Response(status=204)


class Agree(Evaluating):
    @extend_schema(operation_id="problem_evaluation_agreement", responses=shapes.ScoresSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """What the evaluators agreed on, as far as it is kept; for those of them without a conflict."""
        return self.marks(self.judged(slug), AgreedScore.objects.all())

    @extend_schema(operation_id="problem_evaluation_agree", request=shapes.ScoresSerializer, responses={204: None})
    def put(self, request: Request, slug: str) -> Response:
        """Keep what the evaluators agreed on, after each has scored alone."""
        judging.agree(self.judged(slug), given=self.given(), by=self.user, now=timezone.now())
        return Response(status=204)


class Decide(Evaluating):
    @extend_schema(operation_id="problem_decide", request=shapes.DecideSerializer, responses=shapes.OutcomeSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Tell what came of it, and each firm why, requirement by requirement; editors of the agency."""
        problem, sent = self.led(slug), self.body(shapes.DecideSerializer)
        told = [Told(**one) for one in sent.pop("told")]
        sent["ending"] = Ending(sent["ending"])
        judging.decide(problem, **sent, told=told, by=self.user, now=timezone.now())
        problem.refresh_from_db()
        return Response(shapes.outcome_of(problem))


class LookBack(Evaluating):
    @extend_schema(
        operation_id="problem_look_back", request=shapes.LookBackSerializer, responses={201: shapes.OutcomeSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Say afterwards whether it was delivered, and whether one would choose it again; editors of the agency."""
        problem, sent = self.led(slug), self.body(shapes.LookBackSerializer)
        judging.look_back(problem, **sent, by=self.user, now=timezone.now())
        return Response(shapes.outcome_of(problem), status=201)
