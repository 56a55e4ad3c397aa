"""What the endpoints take and give."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from catalogue.accounts.models import FirmSize
from catalogue.problems import judging, proposals
from catalogue.problems.amendments import Amendment
from catalogue.problems.evaluation import MOST_POINTS, Aftermath, Aspect, Code, Delivered, Evaluator, PaidFor, Reason
from catalogue.problems.models import LONGEST_REASON, LONGEST_TEXT, Problem
from catalogue.problems.offers import LONGEST_EVIDENCE, LONGEST_NOTE, MOST_PIECES, Meets
from catalogue.problems.proposals import Proposal, Stage
from catalogue.problems.questions import LONGEST_ANSWER, LONGEST_QUESTION, Question
from catalogue.problems.states import Ending

OFFER = {
    "product": "hop-bac",
    "replies": [{"requirement": 12, "answer": "yes", "evidence": "Đã chạy ở 12 phường của tỉnh Mẫu từ 2025."}],
    "lines": [{"package": "Cơ bản", "quantity": 42, "periods": 12, "unit_price": 50000}],
    "stated_total": None,
    "price_note": "",
    "delivery": "Hai tuần, có người trực trong tháng đầu.",
    "trial": "Dùng thử ba tháng.",
}
SCORE = {
    "letter": "A",
    "aspect": "fit",
    "requirement": 12,
    "points": 4,
    "reason": "Có biên bản nghiệm thu của 12 phường.",
}
QUESTION = {"id": 7, "question": "Có máy chủ riêng không?", "answer": "Không, thuê ngoài.", "answered_at": "2026-11-27T09:00:00+07:00"}  # fmt: skip
TOLD = {"letter": "A", "requirement": 12, "code": "met", "note": ""}


def example(name: str, value: Any) -> Any:
    """Return the decorator that gives a shape its example."""
    return extend_schema_serializer(examples=[OpenApiExample(name, value)])


@example("Answered", QUESTION)
class QuestionSerializer(serializers.ModelSerializer[Question]):
    """An answered question, as everybody reads it. Who asked is nowhere in it."""

    question = serializers.CharField(source="wording", read_only=True)

    class Meta:
        model = Question
        fields = ("id", "question", "answer", "answered_at")
        read_only_fields = fields


@example("Waiting", {"id": 7, "problem": "hop-khong-giay-7k3qz9", "text": "Có máy chủ riêng không?",
                     "asked_at": "2026-11-26T09:00:00+07:00", "answer": "", "answered_at": None})  # fmt: skip
class OwnQuestionSerializer(serializers.ModelSerializer[Question]):
    """A question for the agency that answers it, or of the vendor that asked it."""

    problem = serializers.CharField(source="problem.slug", read_only=True)

    class Meta:
        model = Question
        fields = ("id", "problem", "text", "asked_at", "answer", "answered_at")
        read_only_fields = fields


@example("A question", {"vendor": "sao-bac", "text": "Có máy chủ riêng không?"})
class QuestionAskedSerializer(serializers.Serializer[Any]):
    vendor = serializers.SlugField(help_text="key of the vendor one writes for")
    text = serializers.CharField(max_length=LONGEST_QUESTION)


@example("An answer", {"answer": "Không, thuê ngoài.", "wording": ""})
class AnswerSerializer(serializers.Serializer[Any]):
    answer = serializers.CharField(max_length=LONGEST_ANSWER)
    wording = serializers.CharField(
        max_length=LONGEST_QUESTION, required=False, allow_blank=True,
        help_text="the question as it is published, where it names who asked",
    )  # fmt: skip


@example(
    "Closing later",
    {"id": 3, "reason": "Nhiều doanh nghiệp hỏi.", "made_at": "2026-11-27T09:00:00+07:00",
     "changes": [{"field": "outcome", "before": "Không in giấy.", "after": "Không in giấy, không gửi tay."}]},
)  # fmt: skip
class AmendmentSerializer(serializers.ModelSerializer[Amendment]):
    class ChangeSerializer(serializers.Serializer[Any]):
        field = serializers.CharField(help_text="today, affected, outcome, closes_at, or requirement-N")
        before = serializers.CharField()
        after = serializers.CharField()

    changes = ChangeSerializer(many=True, read_only=True)

    class Meta:
        model = Amendment
        fields = ("id", "reason", "made_at", "changes")
        read_only_fields = fields


@example("Other words, and closing later", {"texts": {"outcome": "Không in giấy, không gửi tay."},
                                            "closes_at": "2026-12-30T17:00:00+07:00", "reason": "Doanh nghiệp hỏi."})  # fmt: skip
class AmendSerializer(serializers.Serializer[Any]):
    texts = serializers.DictField(child=serializers.CharField(max_length=LONGEST_TEXT), required=False)
    closes_at = serializers.DateTimeField(required=False, allow_null=True, help_text="later than now, never earlier")
    reason = serializers.CharField(max_length=LONGEST_REASON)
    seen = serializers.IntegerField(
        required=False,
        min_value=0,
        help_text="how many amendments there were when it was read; 409 where another was made since",
    )


class ProposalReplySerializer(serializers.Serializer[Any]):
    requirement = serializers.IntegerField(help_text="number of the requirement")
    answer = serializers.ChoiceField(Meets.choices, allow_blank=True)
    evidence = serializers.CharField(allow_blank=True, max_length=LONGEST_EVIDENCE, help_text="at most 100 words")


class LineSerializer(serializers.Serializer[Any]):
    package = serializers.CharField(max_length=100, help_text="name of a package of the product")
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_PIECES)
    periods = serializers.IntegerField(
        min_value=1, max_value=MOST_PIECES, help_text="months or years, as the package is counted"
    )
    unit_price = serializers.IntegerField(min_value=0, help_text="dong; not above the listing's")


@example("An offer", OFFER)
class ProposalOfferSerializer(serializers.Serializer[Any]):
    product = serializers.SlugField(allow_blank=True, max_length=100)
    replies = ProposalReplySerializer(many=True)
    lines = LineSerializer(many=True)
    stated_total = serializers.IntegerField(allow_null=True, min_value=0, help_text="dong; instead of lines")
    price_note = serializers.CharField(allow_blank=True, max_length=LONGEST_NOTE)
    delivery = serializers.CharField(allow_blank=True, max_length=LONGEST_NOTE)
    trial = serializers.CharField(allow_blank=True, max_length=LONGEST_NOTE)


@example("First save", {"version": 0, "content": OFFER})
class SaveSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=0, help_text="the one that was read; 0 for the first save")
    content = ProposalOfferSerializer()


@example("What was read", {"version": 3})
class ProposalVersionSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=0)


class ProposalCardSerializer(serializers.ModelSerializer[Proposal]):
    """A proposal in its vendor's list."""

    problem = serializers.CharField(source="problem.slug", read_only=True)
    title = serializers.CharField(source="problem.title", read_only=True)
    stage = serializers.ChoiceField(Stage.choices, read_only=True)
    closes_at = serializers.DateTimeField(source="problem.closes_at", read_only=True)

    class Meta:
        model = Proposal
        fields: tuple[str, ...] = ("problem", "title", "stage", "version", "saved_at", "submitted_at", "closes_at")
        read_only_fields: tuple[str, ...] = fields


class OutcomeReasonSerializer(serializers.ModelSerializer[Reason]):
    requirement = serializers.CharField(source="requirement.text", read_only=True)
    code = serializers.ChoiceField(Code.choices, read_only=True)

    class Meta:
        model = Reason
        fields = ("requirement", "code", "note")
        read_only_fields = fields


class ResultSerializer(serializers.Serializer[Any]):
    chosen = serializers.BooleanField()
    points = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    reasons = OutcomeReasonSerializer(many=True)


@example("Handed in", {"problem": "hop-khong-giay-7k3qz9", "title": "Họp không giấy", "stage": "submitted", "version": 3,
                       "saved_at": "2026-12-01T09:00:00+07:00", "submitted_at": "2026-12-02T09:00:00+07:00",
                       "closes_at": "2026-12-25T17:00:00+07:00", "content": OFFER, "total": 25200000, "result": None})  # fmt: skip
class ProposalSerializer(ProposalCardSerializer):
    """A proposal as those who write it read it. Nobody else is given it before the closing time."""

    content = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField(help_text="dong")
    result = serializers.SerializerMethodField(help_text="null until the agency decided")

    class Meta(ProposalCardSerializer.Meta):
        fields = (*ProposalCardSerializer.Meta.fields, "content", "total", "result")
        read_only_fields = fields

    @extend_schema_field(ProposalOfferSerializer)
    def get_content(self, proposal: Proposal) -> Any:
        return ProposalOfferSerializer(proposals.read_own(proposal, by=self.context["user"])).data

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_total(self, proposal: Proposal) -> int | None:
        return proposals.read_own(proposal, by=self.context["user"]).total

    @extend_schema_field(ResultSerializer(allow_null=True))
    def get_result(self, proposal: Proposal) -> Any:
        result = getattr(proposal, "result", None)
        reasons = result.reasons.select_related("requirement") if result else []
        return result and ResultSerializer({"chosen": result.chosen, "points": result.points, "reasons": reasons}).data


class EvaluatorSerializer(serializers.ModelSerializer[Evaluator]):
    name = serializers.CharField(source="user.get_full_name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)

    class Meta:
        model = Evaluator
        fields = ("name", "email", "conflict", "declared_at", "finished_at")
        read_only_fields = fields


@example("Opened, not scored yet", {"blind": True, "opened_at": "2026-12-25T17:05:00+07:00", "opened": 2, "may_read": True,
    "names_shown": False, "silent_days": 0, "evaluators": [{"name": "Lan", "email": "lan@so.gov.vn", "conflict": False,
    "declared_at": "2026-12-25T17:10:00+07:00", "finished_at": None}], "order": []})  # fmt: skip
class PanelSerializer(serializers.Serializer[Any]):
    """The evaluation of one problem, for the agency's editors and its evaluators."""

    blind = serializers.BooleanField()
    opened_at = serializers.DateTimeField(allow_null=True)
    opened = serializers.IntegerField()
    may_read = serializers.BooleanField(help_text="whether who asks may read the proposals")
    names_shown = serializers.BooleanField()
    silent_days = serializers.IntegerField(allow_null=True)
    evaluators = EvaluatorSerializer(many=True)


@example("Two members", {"members": [12, 15], "blind": True})
class ConveneSerializer(serializers.Serializer[Any]):
    members = serializers.ListField(child=serializers.IntegerField(), help_text="numbers of memberships of the agency")
    blind = serializers.BooleanField(default=False)


@example("None", {"conflict": False, "note": ""})
class DeclareSerializer(serializers.Serializer[Any]):
    conflict = serializers.BooleanField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_REASON)


@example("How many", {"opened": 2})
class OpenedSerializer(serializers.Serializer[Any]):
    opened = serializers.IntegerField()


@example("Names hidden", {"letter": "A", "vendor": None, "content": {**OFFER, "product": ""}, "total": 25200000})
class ReadSerializer(serializers.Serializer[Any]):
    """A proposal as an evaluator reads it. `vendor` is null, and names are blotted out, in a blind pass."""

    letter = serializers.CharField()
    vendor = serializers.CharField(source="vendor.name", allow_null=True, default=None)
    content = ProposalOfferSerializer(source="offer")
    total = serializers.IntegerField(source="offer.total")


class GivenSerializer(serializers.Serializer[Any]):
    letter = serializers.CharField(max_length=4)
    aspect = serializers.ChoiceField(Aspect.choices)
    requirement = serializers.IntegerField(allow_null=True, default=None, help_text="for the aspect fit")
    points = serializers.IntegerField(min_value=0, max_value=MOST_POINTS)
    reason = serializers.CharField(max_length=LONGEST_REASON)


@example("One cell", {"scores": [SCORE]})
class ScoresSerializer(serializers.Serializer[Any]):
    scores = GivenSerializer(many=True)


class ToldSerializer(serializers.Serializer[Any]):
    letter = serializers.CharField(max_length=4)
    requirement = serializers.IntegerField()
    code = serializers.ChoiceField(Code.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_REASON, default="")


@example("One is chosen", {"ending": "awarded", "winner": "A", "reason": "Đáp ứng tốt nhất.", "told": [TOLD]})
class DecideSerializer(serializers.Serializer[Any]):
    ending = serializers.ChoiceField(Ending.choices)
    winner = serializers.CharField(required=False, allow_blank=True, max_length=4, default="")
    reason = serializers.CharField(max_length=LONGEST_REASON)
    told = ToldSerializer(many=True, required=False, default=list)


@example("Delivered", {"delivered": "yes", "again": True, "note": "", "paid": 450000000, "paid_for": "whole"})
class LookBackSerializer(serializers.Serializer[Any]):
    delivered = serializers.ChoiceField(Delivered.choices)
    again = serializers.BooleanField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_REASON)
    paid = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, help_text="đồng with tax; public, with `paid_for`"
    )
    paid_for = serializers.ChoiceField(PaidFor.choices, required=False, allow_blank=True)


class AftermathSerializer(serializers.ModelSerializer[Aftermath]):
    class Meta:
        model = Aftermath
        fields = ("delivered", "again", "note", "paid", "paid_for", "said_at")
        read_only_fields = fields


class OfSizeSerializer(serializers.Serializer[Any]):
    """`other`: firms of several sizes, too few of each to be told apart."""

    size = serializers.ChoiceField(
        [*FirmSize.choices, (proposals.UNKNOWN, "not declared"), (proposals.OTHER, "of the others")]
    )
    drafted = serializers.IntegerField()
    submitted = serializers.IntegerField()


@example("Chosen", {"ending": "awarded", "reason": "Đáp ứng tốt nhất.", "ended_at": "2027-01-08T10:00:00+07:00", "drafted": 1,
    "submitted": 2, "by_size": [], "silent_days": None, "vendor": "sao-bac", "product": "hop-bac",
    "aftermath": [{"delivered": "yes", "again": True, "note": "", "paid": 450000000, "paid_for": "whole", "said_at": "2027-07-01T10:00:00+07:00"}]})  # fmt: skip
class OutcomeSerializer(serializers.Serializer[Any]):
    """What everybody may know: never a price of a proposal, never who answered and was not chosen."""

    ending = serializers.ChoiceField(Ending.choices, allow_blank=True)
    reason = serializers.CharField()
    ended_at = serializers.DateTimeField(allow_null=True)
    drafted = serializers.IntegerField(help_text="proposals that were begun and not handed in")
    submitted = serializers.IntegerField()
    by_size = OfSizeSerializer(
        many=True, help_text="by what firms declare of their size; empty where a group would be of fewer than three"
    )
    silent_days = serializers.IntegerField(allow_null=True, help_text="days since the closing time without an outcome")
    vendor = serializers.CharField(allow_null=True)
    product = serializers.CharField(allow_null=True)
    aftermath = AftermathSerializer(many=True)


def outcome_of(problem: Problem) -> dict[str, Any]:
    now, won = timezone.now(), judging.chosen(problem)
    counted = proposals.odds(problem)
    return OutcomeSerializer(
        {
            "ending": problem.ending, "reason": problem.reason, "ended_at": problem.ended_at,
            "drafted": counted.drafted, "submitted": counted.submitted, "by_size": counted.by_size,
            "silent_days": judging.silent_days(problem, now),
            "vendor": won.proposal.vendor.key if won else None,
            "product": won.product.slug if won and won.product else None,
            "aftermath": won.aftermath.all() if won else [],
        }
    ).data  # fmt: skip
