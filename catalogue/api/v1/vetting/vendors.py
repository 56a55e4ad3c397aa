"""What a vendor reads and does about the vetting of its own product."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.api.v1.products.base import OfVendor
from catalogue.api.v1.products.shapes import CONFLICT, NOT_THERE
from catalogue.documents.models import Document
from catalogue.platforms.models import Platform
from catalogue.vetting import challenges, services
from catalogue.vetting.challenges import Appeal
from catalogue.vetting.models import Answer, Submission

from . import examples, shapes

_ANSWERS = Answer.objects.select_related("criterion", "document").prefetch_related("clarifications__document")


class OfProduct(OfVendor):
    """404 also for what a viewer may read and not do."""

    def open_one(self, key: str, slug: str) -> Submission:
        """Return the submission that is not decided yet, for who may write for the vendor."""
        return get_object_or_404(_shown(self.written(key, slug)).open())

    def told_of(self, submission: Submission, status: int = 200) -> Response:
        row = _shown(submission.platform).get(pk=submission.pk)
        return Response(shapes.OwnSubmissionSerializer(row).data, status=status)

    def paper(self, platform: Platform, pk: UUID | None) -> Document | None:
        """Return a file of the vendor; another's is not there."""
        rows = Document.objects.visible_to(self.user).filter(organisation=platform.vendor_id)
        return get_object_or_404(rows, pk=pk) if pk else None


def _shown(platform: Platform) -> Any:
    rows = platform.submissions.select_related("platform__vendor", "revision")
    return rows.prefetch_related(Prefetch("answers", _ANSWERS), "steps")


class Vetting(OfProduct):
    @extend_schema(
        operation_id="vendor_vetting_retrieve",
        responses={200: shapes.VendorVettingSerializer, **NOT_THERE},
        examples=[examples.OWN],
    )
    def get(self, request: Request, key: str, slug: str) -> Response:
        """How the vetting stands, and what can be appealed against; every member may read it."""
        platform = self.read(key, slug)
        rows = _shown(platform)
        against = challenges.open_to_vendor(platform, timezone.now())
        told = {
            "submission": rows.open().first() or rows.order_by("-opened_at", "-pk").first(),
            "appealable": [
                {
                    "submission": one.pk if isinstance(one, Submission) else None,
                    "challenge": None if isinstance(one, Submission) else one.pk,
                }
                for one in against
            ],
            "appeals": Appeal.objects.of_platform(platform),
        }
        return Response(shapes.VendorVettingSerializer(told).data)

    @extend_schema(
        operation_id="vendor_vetting_begin",
        request=None,
        responses={201: shapes.OwnSubmissionSerializer, **CONFLICT},
        examples=[examples.BEGUN],
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Begin a submission of what is public, or return the draft that was begun; editors and owners."""
        platform = get_object_or_404(Platform.objects.listed(), pk=self.written(key, slug).pk)
        return self.told_of(services.begin(platform, by=self.user, now=timezone.now()), status=201)


class OwnAnswer(OfProduct):
    @extend_schema(
        operation_id="vendor_vetting_explain",
        request=shapes.ExplanationSerializer,
        responses={200: shapes.OwnSubmissionSerializer, **CONFLICT},
        examples=[examples.EXPLANATION, examples.OWN_SUBMISSION],
    )
    def put(self, request: Request, key: str, slug: str, pk: int) -> Response:
        """Say something about one criterion, while it is a draft; editors and owners."""
        submission = self.open_one(key, slug)
        one, sent = get_object_or_404(submission.answers, pk=pk), self.body(shapes.ExplanationSerializer)
        document = self.paper(submission.platform, sent["document"])
        services.explain(one, text=sent["text"], document=document, by=self.user)
        return self.told_of(submission)


class Submit(OfProduct):
    @extend_schema(
        operation_id="vendor_vetting_submit",
        request=None,
        responses={200: shapes.OwnSubmissionSerializer, **CONFLICT},
        examples=[examples.OWN_SUBMISSION],
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Hand it in; editors and owners."""
        submission = self.open_one(key, slug)
        services.submit(submission, by=self.user, now=timezone.now())
        return self.told_of(submission)


class Replies(OfProduct):
    @extend_schema(
        operation_id="vendor_vetting_answer",
        request=shapes.RepliesSerializer,
        responses={200: shapes.OwnSubmissionSerializer, **CONFLICT},
        examples=[examples.REPLIES, examples.OWN_SUBMISSION],
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Reply to all that was asked; editors and owners."""
        submission, sent = self.open_one(key, slug), self.body(shapes.RepliesSerializer)
        replies = {
            one["clarification"]: services.Reply(one["text"], self.paper(submission.platform, one["document"]))
            for one in sent["replies"]
        }
        services.answer(submission, replies=replies, by=self.user, now=timezone.now())
        return self.told_of(submission)


class Withdraw(OfProduct):
    @extend_schema(
        operation_id="vendor_vetting_withdraw",
        request=None,
        responses={200: shapes.OwnSubmissionSerializer, **CONFLICT},
        examples=[examples.OWN_SUBMISSION],
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Take it back, with the text that was handed in with it; editors and owners."""
        submission = self.open_one(key, slug)
        services.withdraw(submission, by=self.user, now=timezone.now())
        return self.told_of(submission)


class OwnAppeal(OfProduct):
    @extend_schema(
        operation_id="vendor_vetting_appeal",
        request=shapes.VendorAppealSerializer,
        responses={201: shapes.AppealSerializer, **CONFLICT},
        examples=[examples.VENDOR_APPEAL, examples.APPEAL],
    )
    def post(self, request: Request, key: str, slug: str) -> Response:
        """Ask for a third person, once and in time; editors and owners."""
        platform, sent = self.written(key, slug), self.body(shapes.VendorAppealSerializer)
        reason, now = sent["reason"], timezone.now()
        if "submission" in sent:
            submission = get_object_or_404(platform.submissions, pk=sent["submission"])
            made = challenges.appeal_decision(submission, reason=reason, by=self.user, now=now)
        else:
            lost = platform.challenges.filter(outcome=challenges.Outcome.UPHELD)
            one = get_object_or_404(lost, pk=sent["challenge"])
            made = challenges.appeal_outcome(one, reason=reason, by=self.user, now=now)
        return Response(shapes.AppealSerializer(made).data, status=201)
