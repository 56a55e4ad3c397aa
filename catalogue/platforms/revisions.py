"""What a vendor writes while the listed text stays public, and which of its fields somebody has to look at first."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.common.models import one_of

from .models import Platform


class RevisionState(models.TextChoices):
    DRAFT = "draft", _("Bản nháp")
    SUBMITTED = "submitted", _("Chờ thẩm định")
    PUBLISHED = "published", _("Đã công bố")
    RETURNED = "returned", _("Trả lại để sửa")
    WITHDRAWN = "withdrawn", _("Đã rút")

    @property
    def sources(self) -> list[RevisionState]:
        """The states from which this one may be entered."""
        return [state for state, targets in MOVES.items() if self in targets]

    @classmethod
    def open(cls) -> list[RevisionState]:
        """The states in which something may still become of a revision; a platform has at most one such."""
        return [state for state, targets in MOVES.items() if targets]


MOVES: dict[RevisionState, set[RevisionState]] = {
    RevisionState.DRAFT: {RevisionState.SUBMITTED, RevisionState.WITHDRAWN},
    RevisionState.SUBMITTED: {RevisionState.PUBLISHED, RevisionState.RETURNED, RevisionState.WITHDRAWN},
    RevisionState.PUBLISHED: set(),
    RevisionState.RETURNED: set(),  # what was returned is taken up again in a new revision, so the answer stays readable
    RevisionState.WITHDRAWN: set(),
}


class RevisionQuerySet(models.QuerySet["Revision"]):
    def open(self) -> Self:
        return self.filter(state__in=RevisionState.open())

    def waiting(self) -> Self:
        """Those that somebody has to decide on, longest waiting first."""
        return self.filter(state=RevisionState.SUBMITTED).order_by("submitted_at", "pk")

    def written_by(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those that the user may write: of vendors where the user edits."""
        return self.filter(platform__in=Platform.objects.written_by(user))

    def read_by_members(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those that the user may read: of the user's vendors."""
        return self.filter(platform__in=Platform.objects.read_by_members(user))


class Revision(models.Model):
    """A platform's text as its vendor would have it. `content` and `base_content` are of `content.Content`."""

    platform = models.ForeignKey(Platform, models.CASCADE, related_name="revisions", verbose_name=_("nền tảng"))
    number = models.PositiveIntegerField(_("số"))
    state = models.CharField(
        _("tình trạng"), max_length=12, choices=RevisionState, default=RevisionState.DRAFT, editable=False
    )
    content = models.JSONField(_("nội dung"))
    # What was public when the revision was begun: only what differs from it is applied when it is published.
    base_content = models.JSONField(_("nội dung lúc bắt đầu"))
    base_number = models.PositiveIntegerField(_("bắt đầu từ số"), null=True, blank=True)
    version = models.PositiveIntegerField(_("lần lưu"), default=1)  # one more with each save
    saved = models.JSONField(_("các bước đã lưu"), default=dict, blank=True)  # {step: version of its last save}
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("người bắt đầu")
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("người sửa sau cùng")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("người quyết định")
    )
    created_at = models.DateTimeField(_("lúc bắt đầu"))
    edited_at = models.DateTimeField(_("lúc sửa sau cùng"))
    submitted_at = models.DateTimeField(_("lúc nộp"), null=True, blank=True)
    decided_at = models.DateTimeField(_("lúc quyết định"), null=True, blank=True)
    reason = models.TextField(_("lý do"), blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("bản sửa")
        verbose_name_plural = _("bản sửa")
        ordering = ("platform", "-number")
        constraints = (
            one_of("state", RevisionState, "revision_state_known"),
            models.UniqueConstraint(name="revision_number_once", fields=["platform", "number"]),
            models.UniqueConstraint(
                name="one_open_revision_per_platform",
                fields=["platform"],
                condition=Q(state__in=["draft", "submitted"]),
            ),
            models.CheckConstraint(name="revision_counts_from_1", condition=Q(number__gte=1, version__gte=1)),
            models.CheckConstraint(
                name="revision_submitted_is_dated",
                condition=~Q(state__in=["submitted", "published", "returned"]) | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="revision_decided_is_dated",
                condition=Q(state__in=["draft", "submitted"], decided_at__isnull=True)
                | (~Q(state__in=["draft", "submitted"]) & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(name="revision_returned_says_why", condition=~Q(state="returned") | ~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"{self.platform} · {self.number} · {self.get_state_display()}"

    @property
    def is_draft(self) -> bool:
        return self.state == RevisionState.DRAFT


class FieldRule(models.Model):
    """Whether a change of one field of a listed platform waits for a review. A field without a rule does."""

    field = models.CharField(_("trường"), max_length=40, primary_key=True)
    material = models.BooleanField(_("phải thẩm định"), default=True)
    reason = models.CharField(_("lý do"), max_length=300)

    class Meta:
        verbose_name = _("trường phải thẩm định")
        verbose_name_plural = _("trường phải thẩm định")
        ordering = ("field",)
        constraints = (models.CheckConstraint(name="field_rule_says_why", condition=~Q(reason="")),)

    def __str__(self) -> str:
        return self.field
