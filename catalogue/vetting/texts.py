"""Reasons, questions and answers: most of them are entered in a register that nobody can correct later."""

from __future__ import annotations

from catalogue.common.plain import names_address, plain

from .errors import NamesPerson, ReasonMissing
from .models import LONGEST_TEXT


def told(text: str, field: str = "reason") -> str:
    """Return what is said, as it may stand in the register. Raises ReasonMissing, NamesPerson, NotPlainText, TooLong."""
    said = plain(text.replace("\t", " "), field, LONGEST_TEXT, lines=True)
    if not said:
        raise ReasonMissing(field)
    if names_address(said):
        raise NamesPerson(field)
    return said
