"""Shapes: what is told of an agency's own problems, and what is sent. Fields of a content are those of `problems.content`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema_field
from rest_framework import serializers

from catalogue.api.contents import Shape, whole
from catalogue.api.errors import MEDIA_TYPE
from catalogue.api.v1.organisations.base import paged
from catalogue.api.v1.problems import ProblemCardSerializer
from catalogue.api.v1.proposals.shapes import AftermathSerializer
from catalogue.problems.coach import Kind, Review, Rule
from catalogue.problems.coaching import coach
from catalogue.problems.content import STEPS, Step, Written, missing, of_problem
from catalogue.problems.evaluation import Result
from catalogue.problems.models import LONGEST_REASON, Problem
from catalogue.problems.requirements import LONGEST_VOLUME, Joiner
from catalogue.problems.returns import Return
from catalogue.problems.shared import SharedPlatform
from catalogue.problems.states import State

CONTENT: Any = whole(Written)
_VERSION = {"type": "integer", "minimum": 1, "description": "of the draft: counts its saves"}


def shape_of(step: Step) -> Shape:
    """Return what is sent and answered of a step. What is left out of a PATCH stays."""
    return Shape(f"Problem{step.title()}Step", Written, STEPS[step], ("version",), {"version": _VERSION})


class StartProblemSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    categories = serializers.ListField(child=serializers.CharField(), default=list)


class ProblemReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True, default="")


class MeTooSerializer(serializers.Serializer[Any]):
    agency = serializers.CharField(help_text="key of the caller's agency")
    volume = serializers.CharField(max_length=LONGEST_VOLUME, allow_blank=True, default="")


class JoinedSerializer(serializers.ModelSerializer[Joiner]):
    agency = serializers.CharField(source="agency.name", read_only=True)

    class Meta:
        model = Joiner
        fields = ("agency", "volume", "joined_at")
        read_only_fields = fields


class CoachFindingSerializer(serializers.Serializer[Any]):
    rule = serializers.ChoiceField(choices=[one.value for one in Rule])
    kind = serializers.ChoiceField(choices=[one.value for one in Kind])
    ok = serializers.BooleanField()
    weight = serializers.IntegerField()
    field = serializers.CharField()
    say = serializers.CharField()
    why = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField(), help_text="what in the text it rests on")


class ReviewSerializer(serializers.Serializer[Any]):
    """The coach's grade before publication, with the rules that made it."""

    grade = serializers.ChoiceField(choices=list("ABCDE"))
    share = serializers.FloatField()
    findings = CoachFindingSerializer(many=True)


class ReturnSerializer(serializers.ModelSerializer[Return]):
    """One time that the ministry returned the problem. `side`: as what somebody decided; no person is named."""

    class Meta:
        model = Return
        fields = ("submitted_at", "returned_at", "side", "reason")
        read_only_fields = fields


class OwnProblemSerializer(serializers.ModelSerializer[Problem]):
    """A problem as its agency sees it. `missing` names what must be filled in before it can be sent in."""

    key = serializers.CharField(source="slug", read_only=True)
    number = serializers.CharField(read_only=True)
    agency = serializers.CharField(source="agency.key", read_only=True)
    state = serializers.SerializerMethodField()
    content = serializers.SerializerMethodField()
    constraints = serializers.JSONField(read_only=True)
    missing = serializers.SerializerMethodField()
    grade = serializers.SerializerMethodField()
    joiners = JoinedSerializer(many=True, read_only=True)
    returns = ReturnSerializer(many=True, read_only=True)

    class Meta:
        model = Problem
        fields = (
            "key", "number", "agency", "state", "version", "content", "constraints", "run", "missing", "grade", "reason",
            "submitted_at", "posted_at", "closes_at", "ended_at", "joiners", "returns",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=State.choices))
    def get_state(self, problem: Problem) -> str:
        return problem.stage_at(timezone.now()).value

    @extend_schema_field(CONTENT)
    def get_content(self, problem: Problem) -> dict[str, Any]:
        return of_problem(problem).model_dump(mode="json")

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=list(Written.model_fields))))
    def get_missing(self, problem: Problem) -> list[str]:
        return missing(of_problem(problem)) if problem.state in State.writable() else []

    @extend_schema_field(serializers.ChoiceField(choices=list("ABCDE")))
    def get_grade(self, problem: Problem) -> str:
        return coach(problem).grade


class OwnCardSerializer(serializers.ModelSerializer[Problem]):
    """One of the agency's problems, and where it stands."""

    key = serializers.CharField(source="slug", read_only=True)
    number = serializers.CharField(read_only=True)
    agency = serializers.CharField(source="agency.key", read_only=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Problem
        fields = ("key", "number", "agency", "title", "state", "reason", "submitted_at", "closes_at", "updated_at")
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=State.choices))
    def get_state(self, problem: Problem) -> str:
        return problem.stage_at(timezone.now()).value


CARDS = paged(OwnCardSerializer)


class SharedPlatformSerializer(serializers.ModelSerializer[SharedPlatform]):
    class Meta:
        model = SharedPlatform
        fields = ("key", "name", "owner", "does", "basis", "sources")
        read_only_fields = fields


class AlreadySolvedSerializer(ProblemCardSerializer):
    """A similar problem: why it ended as it did, what was chosen, and what its agency said of that afterwards.

    context: won, the results as `judging.chosen_of` returns them.
    """

    vendor = serializers.SerializerMethodField(help_text="key; null where nothing was chosen")
    product = serializers.SerializerMethodField(help_text="key; null where nothing was chosen")
    aftermath = serializers.SerializerMethodField()

    class Meta(ProblemCardSerializer.Meta):
        fields = (*ProblemCardSerializer.Meta.fields, "ending", "reason", "vendor", "product", "aftermath")
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_vendor(self, problem: Problem) -> str | None:
        won = self._won(problem)
        return won.proposal.vendor.key if won else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_product(self, problem: Problem) -> str | None:
        won = self._won(problem)
        return won.product.slug if won and won.product else None

    @extend_schema_field(AftermathSerializer(many=True))
    def get_aftermath(self, problem: Problem) -> Any:
        won = self._won(problem)
        return AftermathSerializer(won.aftermath.all() if won else [], many=True).data

    def _won(self, problem: Problem) -> Result | None:
        won: dict[int, Result] = self.context["won"]
        return won.get(problem.pk)


class AlreadyThereSerializer(serializers.Serializer[Any]):
    """Public problems of other agencies, the nearest first, and what the State runs for all offices."""

    problems = AlreadySolvedSerializer(many=True)
    platforms = SharedPlatformSerializer(many=True)


def told_review(found: Review) -> dict[str, Any]:
    return {
        "grade": found.grade,
        "share": found.share,
        "findings": [
            {
                "rule": one.rule.value,
                "kind": one.kind.value,
                "ok": one.ok,
                "weight": one.weight,
                "field": one.field,
                "say": str(one.say),
                "why": str(one.why),
                "words": list(one.words),
            }
            for one in found.findings
        ],
    }


_BEGUN = Written(title="Họp không giấy ở phường", categories=["paperless-meetings"]).model_dump(mode="json")
_ONE = {
    "key": "hop-khong-giay-o-phuong-7k3qz9", "number": "7K3QZ9", "agency": "so-y-te", "state": "draft", "version": 1,
    "content": _BEGUN, "constraints": {}, "run": "", "missing": ["today", "affected", "outcome", "must", "mode", "closes_at", "not_reuse"],
    "grade": "E", "reason": "", "submitted_at": None, "posted_at": None, "closes_at": None, "ended_at": None, "joiners": [], "returns": [],
}  # fmt: skip
_CARD = {
    "key": _ONE["key"], "number": "7K3QZ9", "agency": "so-y-te", "title": "Họp không giấy ở phường", "state": "draft",
    "reason": "", "submitted_at": None, "closes_at": None, "updated_at": "2026-11-26T09:00:00+07:00",
}  # fmt: skip
LIST = OpenApiExample(
    "Problems of an agency", {"count": 1, "next": None, "previous": None, "results": [_CARD]}, response_only=True
)
START = OpenApiExample("Begin", {"title": _BEGUN["title"], "categories": ["paperless-meetings"]}, request_only=True)
ONE = OpenApiExample("A draft", _ONE, response_only=True)
WAITING = OpenApiExample(
    "Before the ministry",
    {**_ONE, "state": "moderation", "missing": [], "submitted_at": "2026-11-26T09:00:00+07:00"},
    response_only=True,
)
VERSION = OpenApiExample("As it was read", {"version": 1}, request_only=True)
REASON = OpenApiExample("Why", {"reason": "Chưa nêu số người gặp việc này."}, request_only=True)
JOIN = OpenApiExample("Me too", {"agency": "so-y-te", "volume": "45 trạm y tế"}, request_only=True)
CONFLICTED = OpenApiExample(
    "Somebody else saved this step",
    {
        "type": "about:blank", "title": "Conflict", "status": 409, "code": "edit_conflict",
        "detail": "Người khác vừa lưu phần này. Nội dung của bạn chưa ghi đè lên gì cả.",
        "theirs": {"today": "Bản của Lan."}, "yours": {"today": "Bản của Minh."}, "version": 2,
    },
    response_only=True, status_codes=["409"], media_type=MEDIA_TYPE,
)  # fmt: skip
REVIEW = OpenApiExample(
    "A grade",
    {
        "grade": "D", "share": 0.5,
        "findings": [
            {
                "rule": "budget", "kind": "needed", "ok": False, "weight": 2, "field": "budget_max", "say": "Ngân sách",
                "why": "Không có khoảng tiền, doanh nghiệp đoán; người đoán cao và người đoán thấp đều mất công.", "words": [],
            }
        ],
    },
    response_only=True,
)  # fmt: skip
