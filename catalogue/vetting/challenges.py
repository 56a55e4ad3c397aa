"""Anybody may say that a claim of a listing is wrong, and is answered in a set time; the outcome is public.

Who is refused, by a decision or by the outcome of a challenge, may appeal once; a third person decides.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Self, cast

from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import User
from catalogue.accounts.scopes import Caller
from catalogue.audit.record import record
from catalogue.common.models import one_of
from catalogue.notifications.send import notify
from catalogue.platforms.choices import MistakeAbout
from catalogue.platforms.models import Platform
from catalogue.register import chain
from catalogue.register.states import EntryKind

from . import news, services
from .errors import AlreadyAppealed, IllegalOutcome, NotYours, SamePerson, TooLate
from .models import LONGEST_TEXT, Submission
from .querysets import may_review
from .service_levels import due
from .states import Action, State
from .texts import told

APPEAL_DAYS = 30  # calendar days after an outcome in which one may appeal
AGAINST_VENDOR = (State.REJECTED, State.SUSPENDED, State.REVOKED)


class Outcome(models.TextChoices):
    OPEN = "open", _("Chờ trả lời")
    UPHELD = "upheld", _("Có cơ sở")
    DISMISSED = "dismissed", _("Không có cơ sở")


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def for_reviewers(self, user: Caller) -> Self:
        return self.all() if may_review(user) else self.none()

    def open(self) -> Self:
        return self.filter(outcome=Outcome.OPEN).order_by("due_on", "pk")

    def late(self, today: date) -> Self:
        return self.filter(outcome=Outcome.OPEN, due_on__lt=today)

    def public(self) -> Self:
        """Those with an outcome, the latest first: what anybody may read of them."""
        return self.exclude(outcome=Outcome.OPEN).order_by("-answered_at", "-pk")


class Challenge(models.Model):
    """A doubt about what a listing says. Its reason and its answer are public; who raised it is not."""

    platform = models.ForeignKey(Platform, models.PROTECT, related_name="challenges", verbose_name=_("nền tảng"))
    about = models.CharField(_("phần bị nghi ngờ"), max_length=20, choices=MistakeAbout)
    reason = models.TextField(_("lý do"), max_length=LONGEST_TEXT)
    source = models.URLField(_("trang chứng minh"), max_length=500, blank=True)
    email = models.EmailField(_("thư điện tử để trả lời"), blank=True)  # forgotten once nothing can follow
    by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("người phản đối")
    )
    made_at = models.DateTimeField(_("lúc gửi"))
    due_on = models.DateField(_("hạn trả lời"))
    outcome = models.CharField(_("kết quả"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    answer = models.TextField(_("trả lời"), max_length=LONGEST_TEXT, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người trả lời")
    )
    answered_at = models.DateTimeField(_("lúc trả lời"), null=True, blank=True)
    suspends = models.BooleanField(_("tạm dừng hiệu lực thẩm định"), default=False)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        verbose_name = _("phản đối")
        verbose_name_plural = _("phản đối")
        ordering = ("-made_at", "-pk")
        constraints = (
            one_of("outcome", Outcome, "challenge_outcome_known"),
            one_of("about", MistakeAbout, "challenge_about_known"),
            models.CheckConstraint(name="challenge_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="challenge_answered_says_why",
                condition=Q(outcome="open", answered_at__isnull=True)
                | ~Q(outcome="open") & ~Q(answer="") & Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="challenge_suspends_when_upheld", condition=Q(suspends=False) | Q(outcome="upheld")
            ),
        )

    def __str__(self) -> str:
        return f"{self.platform} · {self.get_about_display()}"

    def ends_on(self) -> date | None:
        """Return the last day on which one may appeal against the outcome."""
        return _last_day(self.answered_at)


class AppealQuerySet(models.QuerySet["Appeal"]):
    def for_reviewers(self, user: Caller) -> Self:
        """Those that this reviewer may decide on: a third person, who had no part in what is appealed against."""
        if not may_review(user):
            return self.none()
        # Who suspended or revoked decided too, and is named only by the step.
        decided = Submission.objects.filter(steps__by=user.pk, steps__action__in=[Action.SUSPEND, Action.REVOKE])
        return self.exclude(
            Q(submission__reviewer=user.pk)
            | Q(submission__decided_by=user.pk)
            | Q(submission__in=decided.values("pk"))
            | Q(challenge__answered_by=user.pk)
        )

    def of_platform(self, platform: Platform) -> Self:
        """Those about a decision on this product, or about a challenge to it, the latest first."""
        about = Q(submission__platform=platform) | Q(challenge__platform=platform)
        return self.filter(about).select_related("submission__platform", "challenge__platform")

    def open(self) -> Self:
        return self.filter(outcome=Outcome.OPEN).order_by("due_on", "pk")

    def late(self, today: date) -> Self:
        return self.filter(outcome=Outcome.OPEN, due_on__lt=today)


class Appeal(models.Model):
    """A request that a third person looks at a decision, or at the outcome of a challenge."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, blank=True, related_name="appeals", verbose_name=_("về hồ sơ")
    )
    challenge = models.ForeignKey(
        Challenge, models.PROTECT, null=True, blank=True, related_name="appeals", verbose_name=_("về phản đối")
    )
    reason = models.TextField(_("lý do"), max_length=LONGEST_TEXT)
    by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("người khiếu nại")
    )
    made_at = models.DateTimeField(_("lúc gửi"))
    due_on = models.DateField(_("hạn trả lời"))
    outcome = models.CharField(_("kết quả"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    answer = models.TextField(_("trả lời"), max_length=LONGEST_TEXT, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người quyết định")
    )
    decided_at = models.DateTimeField(_("lúc quyết định"), null=True, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("khiếu nại")
        verbose_name_plural = _("khiếu nại")
        ordering = ("-made_at", "-pk")
        constraints = (
            one_of("outcome", Outcome, "appeal_outcome_known"),
            models.CheckConstraint(name="appeal_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="appeal_about_one_thing",
                condition=Q(submission__isnull=False, challenge__isnull=True)
                | Q(submission__isnull=True, challenge__isnull=False),
            ),
            models.CheckConstraint(
                name="appeal_decided_says_why",
                condition=Q(outcome="open", decided_at__isnull=True)
                | ~Q(outcome="open") & ~Q(answer="") & Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.UniqueConstraint(fields=["submission"], name="one_appeal_per_submission"),
            models.UniqueConstraint(fields=["challenge"], name="one_appeal_per_challenge"),
        )

    def __str__(self) -> str:
        return str(self.submission or self.challenge)

    @property
    def platform(self) -> Platform:
        return cast(Submission | Challenge, self.submission or self.challenge).platform


@transaction.atomic
def challenge(
    platform: Platform, *, about: str, reason: str, source: str = "", email: str = "", by: User | None, now: datetime
) -> Challenge:
    """Raise a doubt about a listing. Raises ReasonMissing, NamesPerson."""
    made = Challenge.objects.create(
        platform=platform, about=about, reason=told(reason), source=source, email="" if by else email, by=by,
        made_at=now, due_on=due("challenge", timezone.localdate(now)),
    )  # fmt: skip
    record("challenge.made", made, by=by, at=now, platform=platform.slug, about=about)
    for user in news.reviewers():
        notify("vetting_work", to=user, at=now, what="challenge", **_facts(platform, made.pk, made.due_on))
    return made


@transaction.atomic
def settle(one: Challenge, *, upheld: bool, answer: str, suspends: bool, by: User, now: datetime) -> None:
    """Answer a challenge; where it is founded, the vetting of the product can be suspended at once.

    Raises ReasonMissing, NotYours, ConflictOfInterest, IllegalOutcome when it is answered already, and SamePerson when the
    vetting that would be suspended was examined by the same reviewer.
    """
    services.may_decide(by)
    answer = told(answer, "answer")
    standing = one.platform.submissions.standing().first()
    won = Challenge.objects.filter(pk=one.pk, outcome=Outcome.OPEN).update(
        outcome=Outcome.UPHELD if upheld else Outcome.DISMISSED,
        answer=answer, answered_by=by, answered_at=now, suspends=upheld and suspends and standing is not None,
    )  # fmt: skip
    one.refresh_from_db()
    if not won:
        raise IllegalOutcome
    if one.suspends and standing is not None and standing.state == State.VETTED:
        services.suspend(standing, reason=answer, by=by, now=now)
    kind = EntryKind.CHALLENGE_UPHELD if upheld else EntryKind.CHALLENGE_DISMISSED
    facts = {"challenge": one.pk, "about": one.about, "reason": one.reason, "answer": answer, "suspends": one.suspends}
    _enter(kind, one.platform, facts, now)
    record("challenge.settled", one, by=by, at=now, outcome=one.outcome, suspends=one.suspends)
    _tell_challenger(one, str(one.outcome), now)
    for writer in news.writers(one.platform.vendor_id):
        notify("challenge_news", to=writer, at=now, what=one.outcome, link="", **_facts(one.platform, one.pk, None))


@transaction.atomic
def appeal_decision(submission: Submission, *, reason: str, by: User, now: datetime) -> Appeal:
    """Ask for a third person, by who writes for the vendor. Raises NotYours, TooLate, AlreadyAppealed, ReasonMissing."""
    if not Platform.objects.written_by(by).filter(pk=submission.platform_id).exists():
        raise NotYours
    if submission.state not in AGAINST_VENDOR:
        raise IllegalOutcome
    return _appeal(reason, since=submission.moved_at, by=by, now=now, submission=submission)


@transaction.atomic
def appeal_outcome(one: Challenge, *, reason: str, by: User | None, now: datetime) -> Appeal:
    """Ask for a third person, by who raised the challenge or who writes for the vendor; the caller checked which."""
    if one.outcome == Outcome.OPEN or one.answered_at is None:
        raise IllegalOutcome
    return _appeal(reason, since=one.answered_at, by=by, now=now, challenge=one)


def _appeal(reason: str, *, since: datetime, by: User | None, now: datetime, **about: Any) -> Appeal:
    reason, today = told(reason), timezone.localdate(now)
    last = _last_day(since)
    if last is not None and today > last:
        raise TooLate
    made, fresh = Appeal.objects.get_or_create(
        **about, defaults={"reason": reason, "by": by, "made_at": now, "due_on": due("appeal", today)}
    )
    if not fresh:
        raise AlreadyAppealed
    record("appeal.made", made, by=by, at=now, platform=made.platform.slug)
    for user in news.reviewers():
        if Appeal.objects.for_reviewers(user).filter(pk=made.pk).exists():
            notify("vetting_work", to=user, at=now, what="appeal", **_facts(made.platform, made.pk, made.due_on))
    return made


@transaction.atomic
def decide(one: Appeal, *, upheld: bool, answer: str, by: User, now: datetime) -> None:
    """Decide on an appeal, as a third person.

    Upheld: a suspended vetting has its effect again; what was rejected or revoked may be handed in anew at once and is
    vetted by others; a challenge that was dismissed is founded after all, and the other way round.
    Raises ReasonMissing, NotYours, ConflictOfInterest, SamePerson, IllegalOutcome when it is decided already.
    """
    services.may_decide(by)
    if not Appeal.objects.for_reviewers(by).filter(pk=one.pk).exists():
        raise SamePerson
    answer = told(answer, "answer")
    won = Appeal.objects.filter(pk=one.pk, outcome=Outcome.OPEN).update(
        outcome=Outcome.UPHELD if upheld else Outcome.DISMISSED, answer=answer, decided_by=by, decided_at=now
    )
    one.refresh_from_db()
    if not won:
        raise IllegalOutcome
    kind = EntryKind.APPEAL_UPHELD if upheld else EntryKind.APPEAL_DISMISSED
    facts: dict[str, Any] = {"appeal": one.pk, "reason": one.reason, "answer": answer}
    facts |= {"submission": one.submission_id} if one.submission_id else {"challenge": one.challenge_id}
    _enter(kind, one.platform, facts, now)
    record("appeal.decided", one, by=by, at=now, outcome=one.outcome)
    if upheld:
        _turn_round(one, answer, by, now)
    for writer in news.writers(one.platform.vendor_id):
        notify("appeal_news", to=writer, at=now, what=one.outcome, **_facts(one.platform, one.pk, None))
    if one.challenge is not None:
        _tell_challenger(one.challenge, f"appeal_{one.outcome}", now)


def _turn_round(one: Appeal, answer: str, by: User, now: datetime) -> None:
    if one.submission is not None:
        if one.submission.state == State.SUSPENDED:
            services.reinstate(one.submission, reason=answer, by=by, now=now)
        return
    doubted = cast(Challenge, one.challenge)
    founded = doubted.outcome == Outcome.DISMISSED
    standing = one.platform.submissions.standing().first()
    if not founded and doubted.suspends and standing is not None and standing.state == State.SUSPENDED:
        services.reinstate(standing, reason=answer, by=by, now=now)
    Challenge.objects.filter(pk=doubted.pk).update(
        outcome=Outcome.UPHELD if founded else Outcome.DISMISSED, suspends=False
    )


def of_platform(platform: Platform) -> list[Challenge]:
    """Return the challenges with an outcome, the latest first: what a product's page shows."""
    return list(platform.challenges.public().prefetch_related("appeals"))


def is_open_to_appeal(one: Challenge, *, by_challenger: bool, now: datetime) -> bool:
    """Say whether who raised it, or else the vendor, lost by the outcome and may still ask for a third person."""
    lost = Outcome.DISMISSED if by_challenger else Outcome.UPHELD
    last = one.ends_on()
    return one.outcome == lost and last is not None and timezone.localdate(now) <= last and not one.appeals.exists()


def open_to_vendor(platform: Platform, now: datetime) -> list[Submission | Challenge]:
    """Return what the vendor may still appeal against: the last decision, and outcomes of challenges, that went against it."""
    found: list[Submission | Challenge] = []
    decided = platform.submissions.decided().order_by("-moved_at", "-pk").first()
    if decided is not None and decided.state in AGAINST_VENDOR and not decided.appeals.exists():
        last = _last_day(decided.moved_at)
        if last is not None and timezone.localdate(now) <= last:
            found.append(decided)
    rows = platform.challenges.public().select_related("platform")
    return [*found, *(one for one in rows if is_open_to_appeal(one, by_challenger=False, now=now))]


_SALT = "challenge"


def token_of(one: Challenge) -> str:
    """Return what proves in a mail's link that its reader raised the challenge."""
    return signing.dumps(one.pk, salt=_SALT)


def by_token(token: str) -> Challenge | None:
    """Return the challenge that a link was made for, None for a link that we did not make."""
    try:
        number = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return Challenge.objects.select_related("platform__vendor").filter(pk=number).first()


def forget_addresses(now: datetime) -> int:
    """Forget the addresses of challengers to whom nothing more can happen; return of how many."""
    over = now - timedelta(days=APPEAL_DAYS + 1)
    rows = Challenge.objects.exclude(email="").filter(answered_at__lt=over)
    return rows.exclude(appeals__outcome=Outcome.OPEN).update(email="")


def _tell_challenger(one: Challenge, what: str, now: datetime) -> None:
    to = one.by or one.email
    if to:
        notify(
            "challenge_news", to=to, language=settings.LANGUAGE_CODE if not one.by else "", at=now, what=what,
            link=token_of(one), **_facts(one.platform, one.pk, one.ends_on()),
        )  # fmt: skip


def _facts(platform: Platform, number: int, day: date | None) -> dict[str, Any]:
    return {
        "number": number,
        "name": platform.name,
        "product": platform.slug,
        "vendor": platform.vendor.key,
        "due_on": day.isoformat() if day else None,
        "until_on": None,
        "reason": "",
    }


def _enter(kind: EntryKind, platform: Platform, facts: dict[str, Any], now: datetime) -> None:
    chain.append(kind, platform=platform.slug, vendor=platform.vendor.key, at=now, facts=facts)


def _last_day(since: datetime | None) -> date | None:
    return timezone.localdate(since) + timedelta(days=APPEAL_DAYS) if since else None
