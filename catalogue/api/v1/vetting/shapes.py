"""Shapes: what is told of a submission, a challenge and an appeal, to whom; and what is sent."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.documents.models import Document
from catalogue.platforms.choices import MistakeAbout
from catalogue.vetting.challenges import Appeal, Challenge, Outcome, token_of
from catalogue.vetting.models import LONGEST_TEXT, Answer, Clarification, Finding, Step, Submission
from catalogue.vetting.states import Action, Proposal, State, Verdict

_NUMBER: Any = {"min_value": 1, "max_value": 2**63 - 1}  # of a row


class PaperSerializer(serializers.ModelSerializer[Document]):
    """A file of the vendor."""

    class Meta:
        model = Document
        fields = ("id", "name", "media_type", "size")
        read_only_fields = fields


class ClarificationSerializer(serializers.ModelSerializer[Clarification]):
    """A question, and its reply."""

    document = PaperSerializer(allow_null=True, read_only=True)

    class Meta:
        model = Clarification
        fields = ("id", "question", "asked_at", "reply", "replied_at", "document")
        read_only_fields = fields


class OwnAnswerSerializer(serializers.ModelSerializer[Answer]):
    """What the vendor says of a criterion. What was concluded, and why, is told once the submission is decided."""

    criterion = serializers.CharField(source="criterion.key", read_only=True)
    question = serializers.CharField(source="criterion.question", read_only=True)
    mandatory = serializers.BooleanField(source="criterion.mandatory", read_only=True)
    document = PaperSerializer(allow_null=True, read_only=True)
    verdict = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()
    clarifications = ClarificationSerializer(many=True, read_only=True)

    class Meta:
        model = Answer
        fields: tuple[str, ...] = (
            "id", "criterion", "question", "mandatory", "text", "document", "verdict", "note", "clarifications",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields

    @extend_schema_field(serializers.ChoiceField(Verdict.choices))
    def get_verdict(self, answer: Answer) -> str:
        return str(answer.verdict if self._is_told else Verdict.OPEN.value)

    @extend_schema_field(serializers.CharField())
    def get_note(self, answer: Answer) -> str:
        return answer.note if self._is_told else ""

    @property
    def _is_told(self) -> bool:
        return bool(self.context["decided"])


class ConcludedAnswerSerializer(OwnAnswerSerializer):
    """What the vendor says of a criterion, and what the reviewer concluded."""

    verdict = serializers.ChoiceField(Verdict.choices, read_only=True)  # type: ignore[assignment]
    note = serializers.CharField(read_only=True)  # type: ignore[assignment]

    class Meta(OwnAnswerSerializer.Meta):
        fields = (*OwnAnswerSerializer.Meta.fields, "concluded_on", "holds_until")
        read_only_fields = fields


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """What an automatic check found; never a verdict. `passed`: null when it could not be checked."""

    facts = serializers.DictField(read_only=True)

    class Meta:
        model = Finding
        fields = ("code", "passed", "facts", "found_at")
        read_only_fields = fields


class OwnStepSerializer(serializers.ModelSerializer[Step]):
    action = serializers.ChoiceField(Action.choices, read_only=True)
    state = serializers.ChoiceField(State.choices, read_only=True)

    class Meta:
        model = Step
        fields: tuple[str, ...] = ("action", "state", "at")
        read_only_fields: tuple[str, ...] = fields


class StepSerializer(OwnStepSerializer):
    by = serializers.CharField(source="by.email", default=None, allow_null=True, read_only=True)

    class Meta(OwnStepSerializer.Meta):
        fields = (*OwnStepSerializer.Meta.fields, "by", "note")
        read_only_fields = fields


_CARD = (
    "id", "platform", "platform_name", "vendor", "state", "renews", "revision", "submitted_at", "moved_at", "due_on",
    "valid_until",
)  # fmt: skip


class SubmissionCardSerializer(serializers.ModelSerializer[Submission]):
    """A submission in a reviewer's list. `risk`: how many findings speak against it."""

    platform = serializers.CharField(source="platform.slug", read_only=True)
    platform_name = serializers.CharField(source="platform.name", read_only=True)
    vendor = serializers.CharField(source="platform.vendor.key", read_only=True)
    state = serializers.ChoiceField(State.choices, read_only=True)
    revision = serializers.IntegerField(
        source="revision.number",
        default=None,
        allow_null=True,
        read_only=True,
        help_text="null: what is public as it is",
    )
    renews = serializers.IntegerField(source="renews_id", allow_null=True, read_only=True, help_text="its number")
    reviewer = serializers.CharField(source="reviewer.email", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Submission
        fields: tuple[str, ...] = (*_CARD, "risk", "reviewer")
        read_only_fields: tuple[str, ...] = fields


class SubmissionSerializer(SubmissionCardSerializer):
    """A submission with all a reviewer needs to judge it."""

    proposal = serializers.ChoiceField(Proposal.choices, allow_blank=True, read_only=True)
    decided_by = serializers.CharField(source="decided_by.email", default=None, allow_null=True, read_only=True)
    answers = ConcludedAnswerSerializer(many=True, read_only=True)
    findings = FindingSerializer(many=True, read_only=True)
    steps = StepSerializer(many=True, read_only=True)

    class Meta(SubmissionCardSerializer.Meta):
        fields = (
            *SubmissionCardSerializer.Meta.fields, "proposal", "proposal_note", "decided_by", "decided_at", "reason",
            "answers", "findings", "steps",
        )  # fmt: skip
        read_only_fields = fields


class OwnSubmissionSerializer(SubmissionCardSerializer):
    """A submission as its vendor sees it: not by whom it is examined, nor what machines found."""

    reviewer = None  # type: ignore[assignment]
    answers = serializers.SerializerMethodField()
    steps = OwnStepSerializer(many=True, read_only=True)

    class Meta(SubmissionCardSerializer.Meta):
        fields = (*_CARD, "decided_at", "reason", "answers", "steps")
        read_only_fields = fields

    @extend_schema_field(OwnAnswerSerializer(many=True))
    def get_answers(self, submission: Submission) -> Any:
        context = {"decided": submission.decided_at is not None}
        return OwnAnswerSerializer(submission.answers.all(), many=True, context=context).data


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(
        max_length=LONGEST_TEXT, help_text="public in the register where it decides; names nobody"
    )


class NoteSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(
        max_length=LONGEST_TEXT, required=False, allow_blank=True, default="", help_text="for reviewers"
    )


class ProposalSerializer(serializers.Serializer[Any]):
    proposal = serializers.ChoiceField([(one.value, one.label) for one in (Proposal.ACCEPT, Proposal.REJECT)])
    note = serializers.CharField(max_length=LONGEST_TEXT)


class ConclusionSerializer(serializers.Serializer[Any]):
    """What was found about one criterion. `note` is needed when it is not met or does not apply."""

    verdict = serializers.ChoiceField(Verdict.choices)
    note = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True, default="")


class QuestionSerializer(serializers.Serializer[Any]):
    answer = serializers.IntegerField(**_NUMBER, help_text="number of the answer that it is about")
    question = serializers.CharField(max_length=LONGEST_TEXT)


class QuestionsSerializer(serializers.Serializer[Any]):
    questions = QuestionSerializer(many=True, allow_empty=False)


class ExplanationSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True)
    document = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="of the vendor's files")


class ReplySerializer(serializers.Serializer[Any]):
    clarification = serializers.IntegerField(**_NUMBER, help_text="number of the question")
    text = serializers.CharField(max_length=LONGEST_TEXT)
    document = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="of the vendor's files")


class RepliesSerializer(serializers.Serializer[Any]):
    """A reply to every question that is open."""

    replies = ReplySerializer(many=True, allow_empty=False)


# Challenges and appeals


class AppealSerializer(serializers.ModelSerializer[Appeal]):
    outcome = serializers.ChoiceField(Outcome.choices, read_only=True)

    class Meta:
        model = Appeal
        fields: tuple[str, ...] = (
            "id", "submission", "challenge", "reason", "made_at", "due_on", "outcome", "answer", "decided_at",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class DecidableAppealSerializer(AppealSerializer):
    platform = serializers.CharField(source="platform.slug", read_only=True)

    class Meta(AppealSerializer.Meta):
        fields = (*AppealSerializer.Meta.fields, "platform")
        read_only_fields = fields


class ChallengeSerializer(serializers.ModelSerializer[Challenge]):
    """A challenge as anybody may read it: never who raised it, nor who answered."""

    platform = serializers.CharField(source="platform.slug", read_only=True)
    about = serializers.ChoiceField(MistakeAbout.choices, read_only=True)
    source = serializers.CharField(read_only=True, help_text="address of a page, or empty")  # type: ignore[assignment]
    outcome = serializers.ChoiceField(Outcome.choices, read_only=True)
    appeals = AppealSerializer(many=True, read_only=True)

    class Meta:
        model = Challenge
        fields: tuple[str, ...] = (
            "id", "platform", "about", "reason", "source", "made_at", "due_on", "outcome", "answer", "answered_at",
            "suspends", "appeals",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class OpenChallengeSerializer(ChallengeSerializer):
    """A challenge before a reviewer."""


class RaisedSerializer(ChallengeSerializer):
    """One's own challenge. Whoever has `token` reads it at `challenges/{token}` and may appeal."""

    token = serializers.SerializerMethodField()
    appeal_until = serializers.DateField(
        source="ends_on",
        allow_null=True,
        read_only=True,
        help_text="the last day for an appeal, null without an answer",
    )

    class Meta(ChallengeSerializer.Meta):
        fields = (*ChallengeSerializer.Meta.fields, "token", "appeal_until")
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_token(self, challenge: Challenge) -> str:
        return token_of(challenge)


class RaiseSerializer(serializers.Serializer[Any]):
    """A doubt about a listing."""

    platform = serializers.CharField(max_length=80, help_text="key of a listed platform")
    about = serializers.ChoiceField(MistakeAbout.choices)
    reason = serializers.CharField(
        max_length=LONGEST_TEXT, min_length=10, help_text="public once it is answered; names nobody"
    )
    source = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")  # type: ignore[assignment]
    email = serializers.EmailField(
        required=False, allow_blank=True, default="", help_text="to be told; not used of who is signed in"
    )


class SettlementSerializer(serializers.Serializer[Any]):
    upheld = serializers.BooleanField()
    answer = serializers.CharField(max_length=LONGEST_TEXT, help_text="public; names nobody")
    suspends = serializers.BooleanField(
        required=False, default=False, help_text="whether the vetting of the product loses its effect at once"
    )


class DecisionSerializer(serializers.Serializer[Any]):
    upheld = serializers.BooleanField()
    answer = serializers.CharField(max_length=LONGEST_TEXT, help_text="public; names nobody")


class VendorAppealSerializer(serializers.Serializer[Any]):
    """Against a decision or the outcome of a challenge: one of the two, as `appealable` names it."""

    submission = serializers.IntegerField(**_NUMBER, required=False)
    challenge = serializers.IntegerField(**_NUMBER, required=False)
    reason = serializers.CharField(max_length=LONGEST_TEXT, help_text="entered in the register; names nobody")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("submission" in attrs) == ("challenge" in attrs):
            raise serializers.ValidationError("name a submission or a challenge")
        return attrs


class AppealableSerializer(serializers.Serializer[Any]):
    submission = serializers.IntegerField(allow_null=True, read_only=True)
    challenge = serializers.IntegerField(allow_null=True, read_only=True)


class VendorVettingSerializer(serializers.Serializer[Any]):
    """How the vetting of a product stands."""

    submission = OwnSubmissionSerializer(allow_null=True, read_only=True, help_text="the open one, else the last")
    appealable = AppealableSerializer(many=True, read_only=True)
    appeals = AppealSerializer(many=True, read_only=True)


class WaitingSerializer(serializers.Serializer[Any]):
    step = serializers.ChoiceField(
        ["submitted", "in_review", "clarification", "to_decide", "challenge", "appeal"], read_only=True
    )
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    days = serializers.IntegerField(allow_null=True, read_only=True, help_text="working days; null without a term")
    open = serializers.IntegerField(read_only=True)
    late = serializers.IntegerField(read_only=True)


class ClockSerializer(serializers.Serializer[Any]):
    """How many wait at each step, and how many of them are late."""

    on = serializers.DateField(read_only=True)
    steps = WaitingSerializer(many=True, read_only=True)
