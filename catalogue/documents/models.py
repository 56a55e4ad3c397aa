"""Files that are handed in as evidence: kept under random names, out of reach of any web server, served by one view."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation
from catalogue.accounts.scopes import Caller
from catalogue.common.models import one_of
from catalogue.organisations.requests import Claim

BIGGEST = 10 * 1024 * 1024  # bytes
READ_ALL = "catalogue.view_document"  # the permission of those who check evidence


class MediaType(models.TextChoices):
    PDF = "application/pdf", _("PDF")
    PNG = "image/png", _("Ảnh PNG")
    JPEG = "image/jpeg", _("Ảnh JPEG")
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _("Văn bản DOCX")

    @property
    def extension(self) -> str:
        return {MediaType.PDF: "pdf", MediaType.PNG: "png", MediaType.JPEG: "jpg", MediaType.DOCX: "docx"}[self]


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: Caller) -> Self:
        """Documents that the user may open: those of the user's vendors, and those of all for who checks evidence.

        What proves a claim is for who claims and for operators: the people of the organisation never see it.
        """
        checks = isinstance(user, PermissionsMixin) and user.has_perm(READ_ALL)
        evidence = Q(organisation__isnull=False) if checks else Q(organisation__in=Organisation.objects.read_by(user))
        claims = Claim.objects.made_by(user) | Claim.objects.for_operators(user)
        return self.filter(evidence | Q(claim__in=claims))


def random_name(document: "Document", name: str) -> str:
    """Return where a file is kept: nothing of the name it came under, two folders deep."""
    key = uuid.uuid4().hex
    return f"documents/{key[:2]}/{key}"


class Document(models.Model):
    """One file, of a vendor or of a claim. Its bytes never change; the same bytes are kept once a vendor."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="documents", verbose_name=_("doanh nghiệp")
    )
    claim = models.OneToOneField(
        Claim, models.CASCADE, null=True, related_name="document", verbose_name=_("yêu cầu nhận quản lý")
    )
    name = models.CharField(_("tên tệp"), max_length=150)  # as shown and offered for saving; never a path
    media_type = models.CharField(_("loại tệp"), max_length=100, choices=MediaType)
    size = models.PositiveIntegerField(_("dung lượng (byte)"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    file = models.FileField(_("tệp"), upload_to=random_name, max_length=200)
    scanned = models.BooleanField(_("đã quét vi-rút"), default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("người tải lên")
    )
    uploaded_at = models.DateTimeField(_("lúc tải lên"))

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("tệp bằng chứng")
        verbose_name_plural = _("tệp bằng chứng")
        ordering = ("-uploaded_at", "pk")
        constraints = (
            one_of("media_type", MediaType, "document_media_type_known"),
            models.CheckConstraint(
                name="document_of_vendor_or_claim",
                condition=Q(organisation__isnull=False, claim__isnull=True)
                | Q(organisation__isnull=True, claim__isnull=False),
            ),
            models.UniqueConstraint(name="document_once", fields=["organisation", "sha256"]),
            models.CheckConstraint(name="document_size_allowed", condition=Q(size__gte=1, size__lte=BIGGEST)),
            models.CheckConstraint(name="document_has_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="document_name_is_no_path",
                condition=~Q(name="") & ~Q(name__contains="/") & ~Q(name__contains="\\"),
            ),
        )

    def __str__(self) -> str:
        return self.name
