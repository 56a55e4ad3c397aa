"""A file somebody brought in: kept from the check to the decision, and afterwards what came of it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation, OrganisationKind
from catalogue.common.models import one_of
from catalogue.organisations.models import Role

KEPT = timedelta(days=1)  # a file that nobody decides on is forgotten


class ImportState(models.TextChoices):
    CHECKED = "checked", _("Đã kiểm tra, chờ quyết định")
    DONE = "done", _("Đã nhập")


class ImportQuerySet(models.QuerySet["Import"]):
    def written_by(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Files of the vendors that the user may write for."""
        return self.filter(
            organisation__kind=OrganisationKind.VENDOR,
            organisation__memberships__user=user.pk,
            organisation__memberships__role__in=Role.editing(),
        )

    def waiting(self) -> Self:
        return self.filter(state=ImportState.CHECKED)

    def forgotten(self, now: datetime) -> Self:
        """Those that nobody decided on in time."""
        return self.waiting().filter(created_at__lt=now - KEPT)


class Import(models.Model):
    """One file, as rows of text; the file itself is never kept.

    `tables` and `notes` are emptied once it is done. `result`: {"created": [slugs], "changed": [slugs], "unchanged": count}.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="imports", verbose_name=_("doanh nghiệp")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("người nhập")
    )
    file_name = models.CharField(_("tên tệp"), max_length=150)
    state = models.CharField(
        _("tình trạng"), max_length=10, choices=ImportState, default=ImportState.CHECKED, editable=False
    )
    tables = models.JSONField(_("các dòng"), default=dict)  # {table: [[number, {column: text}, {column: fault}]]}
    notes = models.JSONField(_("điều cần biết"), default=list)  # list of sentences
    result = models.JSONField(_("kết quả"), default=dict)
    created_at = models.DateTimeField(_("lúc tải lên"))
    done_at = models.DateTimeField(_("lúc nhập"), null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần nhập dữ liệu")
        verbose_name_plural = _("lần nhập dữ liệu")
        ordering = ("-created_at", "pk")
        constraints = (
            one_of("state", ImportState, "import_state_known"),
            models.CheckConstraint(
                name="import_done_is_dated",
                condition=Q(state="checked", done_at__isnull=True) | Q(state="done", done_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} · {self.file_name}"

    @property
    def is_done(self) -> bool:
        return self.state == ImportState.DONE
