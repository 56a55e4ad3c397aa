"""What reviewers read and do, and the one thing operators do. Everybody else is told that there is nothing."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.accounts.scopes import is_operator
from catalogue.api.v1.organisations.base import SignedIn, paged
from catalogue.api.v1.products.shapes import CONFLICT, NOT_THERE
from catalogue.vetting import challenges, services
from catalogue.vetting.challenges import Appeal, Challenge
from catalogue.vetting.models import Answer, Submission
from catalogue.vetting.querysets import SubmissionQuerySet, may_review
from catalogue.vetting.states import Action, State, Verdict

from . import examples, shapes


class SubmissionFilter(django_filters.FilterSet):
    """Submissions by state, and those that are late or one's own. A state given several times widens the choice."""

    state = django_filters.MultipleChoiceFilter(choices=[one for one in State.choices if one[0] != State.DRAFT])
    late = django_filters.BooleanFilter(method="by_day", label="whether its step should have been done")
    mine = django_filters.BooleanFilter(method="by_reviewer", label="whether the caller took it")

    class Meta:
        model = Submission
        fields: list[str] = []

    def by_day(self, rows: SubmissionQuerySet, name: str, value: bool) -> QuerySet[Submission]:
        late = rows.late(timezone.localdate())
        return late if value else rows.exclude(pk__in=late.values("pk"))

    def by_reviewer(self, rows: SubmissionQuerySet, name: str, value: bool) -> QuerySet[Submission]:
        mine = {"reviewer": self.request.user.pk}
        return rows.filter(**mine) if value else rows.exclude(**mine)


class Reviewing(SignedIn):
    """404 for whom there is nothing: an empty list would say that there is one."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.is_let_in():
            raise Http404

    def is_let_in(self) -> bool:
        return may_review(self.user)

    def rows(self) -> SubmissionQuerySet:
        return Submission.objects.for_reviewers(self.user)

    def submission(self, pk: int) -> Submission:
        return get_object_or_404(self.rows().for_lists(), pk=pk)

    def told_of(self, pk: int) -> Response:
        """Answer with a submission as it stands now."""
        answers = Answer.objects.select_related("criterion", "document").prefetch_related("clarifications__document")
        rows = self.rows().for_lists().prefetch_related(Prefetch("answers", answers), "findings", "steps__by")
        return Response(shapes.SubmissionSerializer(rows.get(pk=pk)).data)


class WithOperators(Reviewing):
    """Operators read too: they keep the queue moving."""

    def is_let_in(self) -> bool:
        return super().is_let_in() or is_operator(self.user)

    def rows(self) -> SubmissionQuerySet:
        return super().rows() if may_review(self.user) else Submission.objects.for_operators(self.user)


class Submissions(WithOperators):
    filterset_class = SubmissionFilter

    @extend_schema(
        operation_id="vetting_submissions_list",
        parameters=[
            OpenApiParameter("state", str, many=True, enum=[one.value for one in State if one != State.DRAFT]),
            OpenApiParameter("late", bool, description="whether its step should have been done"),
            OpenApiParameter("mine", bool, description="whether the caller took it"),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses={200: paged(shapes.SubmissionCardSerializer), **CONFLICT},
        examples=[examples.SUBMISSIONS],
    )
    def get(self, request: Request) -> Response:
        """All that were handed in, the riskiest first, then the longest waiting; reviewers and operators."""
        rows = self.rows().for_lists().order_by("-risk", "submitted_at", "pk")
        chosen = SubmissionFilter(request.query_params, rows, request=request)
        if not chosen.is_valid():
            raise ValidationError(chosen.errors)
        return self.pages(request, chosen.qs, shapes.SubmissionCardSerializer)


class OneSubmission(WithOperators):
    @extend_schema(
        operation_id="vetting_submissions_retrieve",
        responses={200: shapes.SubmissionSerializer, **NOT_THERE},
        examples=[examples.SUBMISSION],
    )
    def get(self, request: Request, pk: int) -> Response:
        """A submission with answers, questions, findings and steps; reviewers and operators."""
        return self.told_of(self.submission(pk).pk)


class OneAnswer(Reviewing):
    @extend_schema(
        operation_id="vetting_submissions_conclude",
        request=shapes.ConclusionSerializer,
        responses={200: shapes.SubmissionSerializer, **CONFLICT},
        examples=[examples.CONCLUSION, examples.SUBMISSION],
    )
    def patch(self, request: Request, pk: int, answer: int) -> Response:
        """Write down what was found about one criterion; the reviewer who took it."""
        one = get_object_or_404(self.submission(pk).answers.select_related("criterion"), pk=answer)
        sent = self.body(shapes.ConclusionSerializer)
        services.conclude(one, verdict=Verdict(sent["verdict"]), note=sent["note"], by=self.user, now=timezone.now())
        return self.told_of(pk)


class Act(Reviewing):
    """One move of a submission. What each needs stands in `moves`."""

    action: Action
    shape: type[serializers.Serializer[Any]] | None = None

    def post(self, request: Request, pk: int) -> Response:
        submission = self.submission(pk)
        told = self.arguments(self.body(self.shape) if self.shape else {})
        getattr(services, self.action.value)(submission, by=self.user, now=timezone.now(), **told)
        return self.told_of(pk)

    def arguments(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Return what was sent, by the names that the service knows."""
        return sent


class Ask(Act):
    def arguments(self, sent: dict[str, Any]) -> dict[str, Any]:
        return {"questions": {one["answer"]: one["question"] for one in sent["questions"]}}


class Release(WithOperators, Act):
    def is_let_in(self) -> bool:
        return is_operator(self.user)

    def rows(self) -> SubmissionQuerySet:
        return Submission.objects.for_operators(self.user)


_REASON = (shapes.ReasonSerializer, examples.REASON)
_MOVES: dict[Action, tuple[type[serializers.Serializer[Any]] | None, OpenApiExample | None, type[Act], str]] = {
    Action.TAKE: (None, None, Act, "Begin to examine it."),
    Action.GIVE_BACK: (*_REASON, Act, "Put it back into the queue; the reviewer who took it."),
    Action.ASK: (
        shapes.QuestionsSerializer, examples.QUESTIONS, Ask, "Ask the vendor about criteria; the reviewer who took it.",
    ),
    Action.PROPOSE: (
        shapes.ProposalSerializer, examples.PROPOSAL, Act, "Hand it to a second person; the reviewer who took it.",
    ),
    Action.SEND_BACK: (*_REASON, Act, "Have the first person look again; a second person."),
    Action.ACCEPT: (shapes.NoteSerializer, examples.NOTE, Act, "Vet the product; a second person."),
    Action.REJECT: (*_REASON, Act, "Refuse the product; a second person."),
    Action.SUSPEND: (*_REASON, Act, "Stop the effect of a vetting for now; anybody but who examined it."),
    Action.REINSTATE: (*_REASON, Act, "Give a suspended vetting its effect again; anybody but who examined it."),
    Action.REVOKE: (*_REASON, Act, "End a vetting for good; anybody but who examined it."),
    Action.RELEASE: (*_REASON, Release, "Take it from a reviewer who cannot go on; operators only."),
}  # fmt: skip


def moves() -> dict[str, Any]:
    """Return an endpoint for each move, by its place in the address."""
    found: dict[str, Any] = {}
    for action, (shape, example, base, does) in _MOVES.items():
        view: Any = type(f"{action.name.title()}Move", (base,), {"action": action, "shape": shape})
        described = extend_schema(
            operation_id=f"vetting_submissions_{action.value}",
            description=does,
            request=shape,
            responses={200: shapes.SubmissionSerializer, **CONFLICT},
            examples=[*([example] if example else []), examples.SUBMISSION],
        )
        found[action.value.replace("_", "-")] = extend_schema_view(post=described)(view).as_view()
    return found


class OpenChallenges(Reviewing):
    @extend_schema(
        operation_id="vetting_challenges_list",
        responses={200: paged(shapes.OpenChallengeSerializer), **NOT_THERE},
        examples=[examples.OPEN_CHALLENGES],
    )
    def get(self, request: Request) -> Response:
        """Challenges that wait for an answer, what is due first before the rest; reviewers."""
        rows = Challenge.objects.for_reviewers(self.user).open().select_related("platform").prefetch_related("appeals")
        return self.pages(request, rows, shapes.OpenChallengeSerializer)


class OneChallenge(Reviewing):
    def challenge(self, pk: int) -> Challenge:
        return get_object_or_404(Challenge.objects.for_reviewers(self.user).select_related("platform__vendor"), pk=pk)

    @extend_schema(
        operation_id="vetting_challenges_retrieve",
        responses={200: shapes.OpenChallengeSerializer, **NOT_THERE},
        examples=[examples.CHALLENGE],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One challenge; reviewers."""
        return Response(shapes.OpenChallengeSerializer(self.challenge(pk)).data)


class SettleChallenge(OneChallenge):
    http_method_names = ("post", "options")

    @extend_schema(
        operation_id="vetting_challenges_settle",
        request=shapes.SettlementSerializer,
        responses={200: shapes.OpenChallengeSerializer, **CONFLICT},
        examples=[examples.SETTLEMENT, examples.SETTLED],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say whether it is founded, and why; reviewers."""
        one = self.challenge(pk)
        challenges.settle(one, by=self.user, now=timezone.now(), **self.body(shapes.SettlementSerializer))
        return Response(shapes.OpenChallengeSerializer(one).data)


class OpenAppeals(Reviewing):
    @extend_schema(
        operation_id="vetting_appeals_list",
        responses={200: paged(shapes.DecidableAppealSerializer), **NOT_THERE},
        examples=[examples.APPEALS],
    )
    def get(self, request: Request) -> Response:
        """Open appeals that the caller may decide on: who had a part in what they are against is told of none."""
        rows = Appeal.objects.for_reviewers(self.user).open()
        rows = rows.select_related("submission__platform", "challenge__platform")
        return self.pages(request, rows, shapes.DecidableAppealSerializer)


class OneAppeal(Reviewing):
    def appeal(self, pk: int) -> Appeal:
        rows = Appeal.objects.for_reviewers(self.user)
        return get_object_or_404(
            rows.select_related("submission__platform__vendor", "challenge__platform__vendor"), pk=pk
        )

    @extend_schema(
        operation_id="vetting_appeals_retrieve",
        responses={200: shapes.DecidableAppealSerializer, **NOT_THERE},
        examples=[examples.ONE_APPEAL],
    )
    def get(self, request: Request, pk: int) -> Response:
        """One appeal; a third person."""
        return Response(shapes.DecidableAppealSerializer(self.appeal(pk)).data)


class DecideAppeal(OneAppeal):
    http_method_names = ("post", "options")

    @extend_schema(
        operation_id="vetting_appeals_decide",
        request=shapes.DecisionSerializer,
        responses={200: shapes.DecidableAppealSerializer, **CONFLICT},
        examples=[examples.DECISION, examples.ONE_APPEAL],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Decide on it; a third person."""
        one = self.appeal(pk)
        challenges.decide(one, by=self.user, now=timezone.now(), **self.body(shapes.DecisionSerializer))
        return Response(shapes.DecidableAppealSerializer(one).data)
