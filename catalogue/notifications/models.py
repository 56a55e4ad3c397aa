"""The outbox: what is to be told to whom, written in the transaction of what happened."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import User
from catalogue.common.models import one_of

from .kinds import KINDS, Group, Kind, Pace
from .states import State


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self, now: datetime) -> NoticeQuerySet:
        """What a worker may send by itself now, the longest waiting first."""
        return self.filter(state=State.WAITING, digest=False, due_at__lte=now).order_by("due_at")

    def due_for_digest(self, now: datetime) -> NoticeQuerySet:
        return self.filter(state=State.WAITING, digest=True, due_at__lte=now)

    def move(self, target: State, **changes: Any) -> int:
        """Take the step for those of these rows that may take it; return how many did. The guard is this one UPDATE."""
        return self.filter(state__in=target.sources).update(state=target, **changes)


class Notice(models.Model):
    """One mail to one person. Deleted with the account of its reader.

    The id is chosen here and is part of the mail's Message-ID, which therefore is the same at every attempt.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("loại"), max_length=40)
    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="notices", verbose_name=_("người nhận")
    )
    email = models.EmailField(_("thư điện tử"), blank=True)  # of somebody without an account
    language = models.CharField(_("ngôn ngữ"), max_length=5)  # of somebody without an account; an account has its own
    about = models.CharField(_("về việc"), max_length=100, blank=True)  # the same thing is told to a person once
    context = models.JSONField(_("nội dung"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    digest = models.BooleanField(_("gộp"), default=False)
    bundle = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="parts", verbose_name=_("thư gộp")
    )
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.WAITING, editable=False)
    created_at = models.DateTimeField(_("lúc ghi"), default=timezone.now)
    due_at = models.DateTimeField(_("gửi từ lúc"))
    sent_at = models.DateTimeField(_("lúc gửi"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("số lần gửi"), default=0)
    sender = models.CharField(max_length=80, blank=True)  # whose hands it is or was in: see outbox.py
    lease_until = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(_("lỗi"), max_length=200, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = _("thông báo")
        ordering = ("-created_at", "id")
        indexes = (
            models.Index(name="notice_open", fields=["state", "due_at"], condition=Q(state__in=["waiting", "sending"])),
        )
        constraints = (
            one_of("state", State, "notice_state_known"),
            models.CheckConstraint(
                name="notice_has_one_reader", condition=Q(user__isnull=False, email="") | Q(user=None) & ~Q(email="")
            ),
            models.CheckConstraint(
                name="notice_sending_is_leased", condition=~Q(state="sending") | Q(lease_until__isnull=False)
            ),
            models.CheckConstraint(name="notice_sent_is_dated", condition=~Q(state="sent") | Q(sent_at__isnull=False)),
            models.CheckConstraint(
                name="notice_bundled_has_bundle", condition=~Q(state="bundled") | Q(bundle__isnull=False)
            ),
            models.UniqueConstraint(
                name="notice_once_to_user",
                fields=["user", "kind", "about"],
                condition=~Q(about="") & Q(user__isnull=False),
            ),
            models.UniqueConstraint(
                name="notice_once_to_email", fields=["email", "kind", "about"], condition=~Q(about="") & ~Q(email="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} · {self.id}"

    @property
    def kind_of(self) -> Kind:
        return KINDS[self.kind]

    @property
    def address(self) -> str:
        """Where it goes: the address that the reader's account has today."""
        return self.user.email if self.user else self.email

    @property
    def reader_language(self) -> str:
        return self.user.language if self.user else self.language


class NoticeChoiceQuerySet(models.QuerySet["NoticeChoice"]):
    def pace(self, user: User, group: Group) -> Pace:
        """Return what the person chose for the group; at once, where nothing was chosen."""
        chosen = self.filter(user=user, group=group).values_list("pace", flat=True).first()
        return Pace(chosen) if chosen else Pace.IMMEDIATE

    def paces(self, user: User) -> dict[Group, Pace]:
        chosen = dict(self.filter(user=user).values_list("group", "pace"))
        return {group: Pace(chosen.get(group, Pace.IMMEDIATE)) for group in Group}

    def choose(self, user: User, paces: Mapping[Group, Pace]) -> None:
        for group, pace in paces.items():
            self.update_or_create(user=user, group=group, defaults={"pace": pace})


class NoticeChoice(models.Model):
    """How soon one person wants to be told of one group of things."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_choices")
    group = models.CharField(max_length=20)  # a Group; without choices, so that a new one is no migration
    pace = models.CharField(max_length=10, choices=Pace)

    objects = NoticeChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("lựa chọn nhận thông báo")
        verbose_name_plural = _("lựa chọn nhận thông báo")
        constraints = (
            one_of("pace", Pace, "notice_choice_pace_known"),
            models.UniqueConstraint(name="notice_choice_once", fields=["user", "group"]),
        )

    def __str__(self) -> str:
        return f"{self.group}: {self.pace}"
