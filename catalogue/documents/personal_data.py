"""What somebody handed in to prove a claim. Evidence is its vendor's, and stays with it."""

from typing import Any

from catalogue.accounts import personal_data
from catalogue.accounts.models import User

from .models import Document


def register_own() -> None:
    personal_data.register(personal_data.Holding("claim_documents", _exported, _erased))


def _exported(user: User) -> list[dict[str, Any]]:
    fields = ("claim__organisation__name", "name", "media_type", "size", "sha256", "uploaded_at")
    return list(Document.objects.filter(claim__user=user).values(*fields))


def _erased(user: User) -> None:
    Document.objects.filter(claim__user=user).delete()
