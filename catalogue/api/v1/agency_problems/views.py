"""The endpoints: 404 for whomever scope gives nothing, through the services that the pages use."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.api.v1.products.base import ByScope, VersionSerializer, sent
from catalogue.api.v1.products.shapes import CONFLICT, NOT_THERE
from catalogue.platforms.content import ContentInvalid
from catalogue.problems import judging, services, writing
from catalogue.problems.coaching import coach
from catalogue.problems.content import STEPS, Step, of_problem
from catalogue.problems.models import Problem
from catalogue.problems.querysets import agencies_read_by, agencies_written_by, may_moderate
from catalogue.problems.reusing import already_there
from catalogue.problems.states import State

from . import shapes


class OfAgency(ByScope):
    """What the caller's agencies have; `written_one` only for editors and owners."""

    def read_one(self, key: str, slug: str) -> Problem:
        return get_object_or_404(
            Problem.objects.read_by_members(self.user).select_related("agency"), agency__key=key, slug=slug
        )

    def written_one(self, key: str, slug: str) -> Problem:
        return get_object_or_404(
            Problem.objects.written_by(self.user).select_related("agency"), agency__key=key, slug=slug
        )

    def answer(self, problem: Problem, status: int = 200) -> Response:
        return Response(shapes.OwnProblemSerializer(problem, context={"request": self.request}).data, status=status)


class Problems(OfAgency):
    @extend_schema(
        operation_id="agency_problems_list",
        responses={200: shapes.CARDS, **NOT_THERE},
        examples=[shapes.LIST],
    )
    def get(self, request: Request, key: str) -> Response:
        """The agency's problems, drafts among them; every member may read them."""
        agency = get_object_or_404(agencies_read_by(self.user), key=key)
        rows = Problem.objects.filter(agency=agency).select_related("agency").order_by("-updated_at", "-pk")
        return self.pages(request, rows, shapes.OwnCardSerializer)

    @extend_schema(
        operation_id="agency_problems_start",
        request=shapes.StartProblemSerializer,
        responses={201: shapes.OwnProblemSerializer, **CONFLICT},
        examples=[shapes.START, shapes.ONE],
    )
    def post(self, request: Request, key: str) -> Response:
        """Begin a draft that nobody outside the agency sees; editors and owners."""
        agency = get_object_or_404(agencies_written_by(self.user), key=key)
        problem = writing.start(agency, by=self.user, now=timezone.now(), **self.body(shapes.StartProblemSerializer))
        answer = self.answer(problem, status=201)
        answer["Location"] = reverse("api:agency-problem", args=[key, problem.slug])
        return answer


class OneProblem(OfAgency):
    @extend_schema(
        operation_id="agency_problems_retrieve",
        responses={200: shapes.OwnProblemSerializer, **NOT_THERE},
        examples=[shapes.ONE],
    )
    def get(self, request: Request, key: str, slug: str) -> Response:
        """The problem with all that is written, what is missing and its grade; every member may read it."""
        return self.answer(self.read_one(key, slug))

    @extend_schema(operation_id="agency_problems_discard", responses={204: None, **CONFLICT})
    def delete(self, request: Request, key: str, slug: str) -> Response:
        """Delete a draft; editors and owners. What was ever published stays."""
        writing.discard(self.written_one(key, slug), by=self.user, now=timezone.now())
        return Response(status=204)


class OneStep(OfAgency):
    step: Step = "need"

    def get(self, request: Request, key: str, slug: str) -> Response:
        """The step as it is saved; every member may read it."""
        return self.step_answer(self.read_one(key, slug))

    def patch(self, request: Request, key: str, slug: str) -> Response:
        """Save the step; what is left out stays. Editors and owners."""
        problem = self.written_one(key, slug)
        values, version = sent(request)
        if unknown := values.keys() - set(STEPS[self.step]):
            raise ContentInvalid({name: [_("Bước này không có trường đó.")] for name in sorted(unknown)})
        return self.step_answer(writing.edit(problem, step=self.step, values=values, version=version, by=self.user))

    def step_answer(self, problem: Problem) -> Response:
        said = of_problem(problem).model_dump(mode="json")
        return Response({"version": problem.version, **{field: said[field] for field in STEPS[self.step]}})


def step_view(step: Step) -> type[OneStep]:
    """Return the endpoint of one step, described as it is checked."""
    shape = cast(Any, shapes.shape_of(step))
    described = extend_schema_view(
        get=extend_schema(operation_id=f"agency_problems_step_{step}", responses={200: shape, **NOT_THERE}),
        patch=extend_schema(
            operation_id=f"agency_problems_step_{step}_save",
            request=shape,
            responses={200: shape, **CONFLICT},
            examples=[shapes.CONFLICTED],
        ),
    )
    view: type[OneStep] = described(type(f"Problem{step.title()}Step", (OneStep,), {"step": step}))
    return view


class Coach(OfAgency):
    @extend_schema(
        operation_id="agency_problems_coach",
        responses={200: shapes.ReviewSerializer, **NOT_THERE},
        examples=[shapes.REVIEW],
    )
    def get(self, request: Request, key: str, slug: str) -> Response:
        """What a firm needs to know and is missing, what keeps firms away, and the grade; every member."""
        return Response(shapes.told_review(coach(self.read_one(key, slug))))


class AlreadyThere(OfAgency):
    @extend_schema(
        operation_id="agency_problems_already_there",
        responses={200: shapes.AlreadyThereSerializer, **NOT_THERE},
    )
    def get(self, request: Request, key: str, slug: str) -> Response:
        """Similar public problems of other agencies, and national or shared platforms; every member."""
        found = already_there(self.read_one(key, slug))
        context = {"request": request, "won": judging.chosen_of(found.problems)}
        return Response(shapes.AlreadyThereSerializer(found, context=context).data)


class Submit(OfAgency):
    @extend_schema(
        operation_id="agency_problems_submit",
        request=VersionSerializer,
        responses={200: shapes.OwnProblemSerializer, **CONFLICT},
        examples=[shapes.VERSION, shapes.WAITING],
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Post it, or hand it to the ministry, as its route says, as it was at `version`; editors and owners."""
        problem = self.written_one(key, slug)
        _fields, version = sent(request)
        return self.answer(writing.send_in(problem, version=version, by=self.user, now=timezone.now()))


class TakeBack(OfAgency):
    @extend_schema(
        operation_id="agency_problems_take_back",
        request=None,
        responses={200: shapes.OwnProblemSerializer, **CONFLICT},
        examples=[shapes.ONE],
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Take it back from the ministry before it was looked at; editors and owners."""
        problem = self.written_one(key, slug)
        writing.take_back(problem, by=self.user, now=timezone.now())
        return self.answer(problem)


class Withdraw(OfAgency):
    @extend_schema(
        operation_id="agency_problems_withdraw",
        request=shapes.ProblemReasonSerializer,
        responses={200: shapes.OwnProblemSerializer, **CONFLICT},
        examples=[shapes.REASON],
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Take an open problem back, with a reason that is published; editors and owners."""
        problem = self.written_one(key, slug)
        writing.withdraw(problem, by=self.user, now=timezone.now(), **self.body(shapes.ProblemReasonSerializer))
        return self.answer(problem)


class Join(OfAgency):
    @extend_schema(
        operation_id="problems_join",
        request=shapes.MeTooSerializer,
        responses={200: shapes.JoinedSerializer, **CONFLICT},
        examples=[shapes.JOIN],
    )
    def put(self, request: Request, slug: str) -> Response:
        """Say “me too” for an agency of the caller's, or say its volume anew; editors and owners."""
        problem = self._seen(slug)
        asked = self.body(shapes.MeTooSerializer)
        agency = get_object_or_404(agencies_written_by(self.user), key=asked["agency"])
        joiner = writing.join(problem, agency=agency, volume=asked["volume"], by=self.user, now=timezone.now())
        return Response(shapes.JoinedSerializer(joiner).data)

    @extend_schema(
        operation_id="problems_leave",
        parameters=[OpenApiParameter("agency", str, required=True, description="key of the caller's agency")],
        responses={204: None, **NOT_THERE},
    )
    def delete(self, request: Request, slug: str) -> Response:
        """Take the “me too” back; editors and owners."""
        agency = get_object_or_404(agencies_written_by(self.user), key=request.query_params.get("agency", ""))
        writing.leave(self._seen(slug), agency=agency, by=self.user, now=timezone.now())
        return Response(status=204)

    def _seen(self, slug: str) -> Problem:
        if not agencies_written_by(self.user).exists():
            raise Http404
        return get_object_or_404(Problem.objects.visible_to(self.user).posted(), slug=slug)


class OfMinistry(OfAgency):
    """For who moderates; everybody else is told that there is nothing."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not may_moderate(request.user):
            raise Http404

    def sent_through(self, slug: str) -> Problem:
        return get_object_or_404(Problem.objects.moderated_by(self.user).select_related("agency"), slug=slug)


class Moderation(OfMinistry):
    @extend_schema(
        operation_id="moderation_list",
        responses={200: shapes.CARDS, **NOT_THERE},
        examples=[shapes.LIST],
    )
    def get(self, request: Request) -> Response:
        """What waits for the ministry, the longest first."""
        rows = Problem.objects.moderated_by(self.user).filter(state=State.MODERATION).select_related("agency")
        return self.pages(request, rows.order_by("submitted_at", "pk"), shapes.OwnCardSerializer)


class Moderated(OfMinistry):
    @extend_schema(
        operation_id="moderation_retrieve",
        responses={200: shapes.OwnProblemSerializer, **NOT_THERE},
        examples=[shapes.WAITING],
    )
    def get(self, request: Request, slug: str) -> Response:
        """One problem as its agency wrote it."""
        return self.answer(self.sent_through(slug))


class ModeratedPublish(OfMinistry):
    @extend_schema(
        operation_id="moderation_publish",
        request=None,
        responses={200: shapes.OwnProblemSerializer, **CONFLICT},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Publish it. Working days that it waited are added to the time for answers."""
        problem = self.sent_through(slug)
        services.publish_for_agency(problem, by=self.user, now=timezone.now())
        return self.answer(problem)


class ModeratedReturn(OfMinistry):
    @extend_schema(
        operation_id="moderation_return",
        request=shapes.ProblemReasonSerializer,
        responses={200: shapes.OwnProblemSerializer, **CONFLICT},
        examples=[shapes.REASON],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Have the agency write it anew, with the reason."""
        problem = self.sent_through(slug)
        services.return_to_agency(
            problem, by=self.user, now=timezone.now(), **self.body(shapes.ProblemReasonSerializer)
        )
        return self.answer(problem)
