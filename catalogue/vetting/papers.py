"""Which documents a reviewer may open: those that a submission names, and no other of the same vendor."""

from __future__ import annotations

from django.db.models import Q

from catalogue.accounts.scopes import Caller
from catalogue.documents.models import Document

from .models import Submission


def may_open(user: Caller, document: Document) -> bool:
    """Say whether a submission that this reviewer may see names the document."""
    rows = Submission.objects.for_reviewers(user).filter(platform__vendor=document.organisation_id)
    named = Q(answers__document=document) | Q(answers__clarifications__document=document)
    if rows.filter(named | Q(platform__evidence__document=document)).exists():
        return True
    texts = rows.exclude(revision=None).values_list("revision__content__evidence", flat=True)
    return any(piece.get("document") == str(document.pk) for evidence in texts for piece in evidence or ())
