"""Questions, amendments and proposals: what firms and agencies say to each other until the closing time."""

from __future__ import annotations

from collections.abc import Callable

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.accounts.models import Organisation
from catalogue.api.v1.organisations.base import SignedIn, paged
from catalogue.problems import amendments, proposals, questions
from catalogue.problems.models import Problem
from catalogue.problems.proposals import Proposal
from catalogue.problems.questions import Question
from catalogue.problems.refusals import ProposalChanged

from . import shapes


class Public(SignedIn):
    """Everybody reads; writing is for who is signed in, within their scope."""

    permission_classes: tuple[type[BasePermission], ...] = (AllowAny,)

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD", "OPTIONS") and not request.user.is_authenticated:
            self.permission_denied(request)

    def problem(self, slug: str) -> Problem:
        return get_object_or_404(Problem.objects.visible_to(self.request.user).posted(), slug=slug)


class Questions(Public):
    @extend_schema(operation_id="problem_questions", responses=shapes.QuestionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The questions that were answered, in the order of the answers."""
        return Response(shapes.QuestionSerializer(self.problem(slug).questions.answered(), many=True).data)

    @extend_schema(
        operation_id="problem_ask",
        request=shapes.QuestionAskedSerializer,
        responses={201: shapes.OwnQuestionSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Ask in private, for a vendor one writes for. The agency is not told who asks."""
        sent = self.body(shapes.QuestionAskedSerializer)
        vendor = get_object_or_404(Organisation.objects.vendors().edited_by(self.user), key=sent["vendor"])
        problem = get_object_or_404(Problem.objects.answerable_by(vendor), slug=slug)
        made = questions.ask(problem, vendor=vendor, text=sent["text"], by=self.user, now=timezone.now())
        return Response(shapes.OwnQuestionSerializer(made).data, status=201)


class Amendments(Public):
    @extend_schema(operation_id="problem_amendments", responses=shapes.AmendmentSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """What was changed while the problem was open, the earliest first."""
        return Response(shapes.AmendmentSerializer(self.problem(slug).amendments.all(), many=True).data)

    @extend_schema(
        operation_id="problem_amend", request=shapes.AmendSerializer, responses={201: shapes.AmendmentSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Change a live problem; editors of its agency. Everyone concerned is told."""
        problem = get_object_or_404(Problem.objects.written_by(self.user).posted(), slug=slug)
        sent = self.body(shapes.AmendSerializer)
        made = amendments.amend(problem, **{"texts": {}, **sent}, by=self.user, now=timezone.now())
        return Response(shapes.AmendmentSerializer(made).data, status=201)


class Outcome(Public):
    @extend_schema(operation_id="problem_outcome", responses=shapes.OutcomeSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """How many answered, what came of it, and for how many days nothing has."""
        return Response(shapes.outcome_of(self.problem(slug)))


class OwnQuestions(SignedIn):
    @extend_schema(operation_id="organisation_questions", responses=paged(shapes.OwnQuestionSerializer))
    def get(self, request: Request, key: str) -> Response:
        """For an agency's editors the questions that wait for an answer; for a vendor's members those it asked."""
        own = get_object_or_404(Organisation.objects.read_by(self.user), key=key)
        asked = Question.objects.asked_by_vendors_of(self.user).filter(vendor=own).order_by("-asked_at", "-pk")
        waiting = Question.objects.answered_by_caller(self.user).filter(problem__agency=own).waiting()
        rows = (asked if own.kind == "vendor" else waiting).select_related("problem")
        return self.pages(request, rows, shapes.OwnQuestionSerializer)


class AnswerQuestion(SignedIn):
    @extend_schema(
        operation_id="organisation_question_answer",
        request=shapes.AnswerSerializer,
        responses=shapes.QuestionSerializer,
    )
    def post(self, request: Request, key: str, pk: int) -> Response:
        """Answer in public; editors of the agency."""
        rows = Question.objects.answered_by_caller(self.user).select_related("problem", "vendor")
        row = get_object_or_404(rows, problem__agency__key=key, pk=pk)
        questions.answer(row, **self.body(shapes.AnswerSerializer), by=self.user, now=timezone.now())
        return Response(shapes.QuestionSerializer(row).data)


class Proposals(SignedIn):
    @extend_schema(operation_id="organisation_proposals", responses=paged(shapes.ProposalCardSerializer))
    def get(self, request: Request, key: str) -> Response:
        """A vendor's proposals, those that close last first; its editors."""
        vendor = get_object_or_404(Organisation.objects.vendors().edited_by(self.user), key=key)
        rows = vendor.proposals.for_lists().order_by("-problem__closes_at", "-pk")
        return self.pages(request, rows, shapes.ProposalCardSerializer)


class OneProposal(SignedIn):
    def proposal(self, key: str, slug: str) -> Proposal:
        rows = Proposal.objects.written_by(self.user).for_lists().select_related("result")
        return get_object_or_404(rows, vendor__key=key, problem__slug=slug)

    def shown(self, proposal: Proposal) -> Response:
        return Response(shapes.ProposalSerializer(proposal, context={"user": self.user}).data)

    def moved(self, key: str, slug: str, move: Callable[..., object]) -> Response:
        """Take one step with the proposal as the caller read it."""
        row = self.proposal(key, slug)
        if self.body(shapes.ProposalVersionSerializer)["version"] != row.version:
            raise ProposalChanged
        move(row, by=self.user, now=timezone.now())
        return self.shown(row)

    @extend_schema(operation_id="organisation_proposal", responses=shapes.ProposalSerializer)
    def get(self, request: Request, key: str, slug: str) -> Response:
        """A proposal with its text, and its result once there is one."""
        return self.shown(self.proposal(key, slug))

    @extend_schema(
        operation_id="organisation_proposal_save", request=shapes.SaveSerializer, responses=shapes.ProposalSerializer
    )
    def put(self, request: Request, key: str, slug: str) -> Response:
        """Keep a draft, sealed; the first save begins it. What was handed in is taken back before."""
        vendor = get_object_or_404(Organisation.objects.vendors().edited_by(self.user), key=key)
        problem = get_object_or_404(Problem.objects.answerable_by(vendor), slug=slug)
        sent = self.body(shapes.SaveSerializer)
        return self.shown(proposals.save(problem, vendor=vendor, **sent, by=self.user, now=timezone.now()))


class SubmitProposal(OneProposal):
    http_method_names = ("post", "options")

    @extend_schema(
        operation_id="organisation_proposal_submit",
        request=shapes.ProposalVersionSerializer,
        responses=shapes.ProposalSerializer,
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Hand in what was read. Late is decided by the database's clock: 409 `not_open`."""
        return self.moved(key, slug, proposals.submit)


class WithdrawProposal(OneProposal):
    http_method_names = ("post", "options")

    @extend_schema(
        operation_id="organisation_proposal_withdraw",
        request=shapes.ProposalVersionSerializer,
        responses=shapes.ProposalSerializer,
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Take it back, until the closing time; it can be changed and handed in again."""
        return self.moved(key, slug, proposals.withdraw)
