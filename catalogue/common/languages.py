"""Texts that are kept in both languages."""

from django.utils.translation import get_language


def in_readers_language(vietnamese: str, english: str) -> str:
    return english if (get_language() or "").startswith("en") else vietnamese
