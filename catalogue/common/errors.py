"""Refusals: expected, with a sentence for the person who asked."""

from typing import Any


class DomainError(Exception):
    """A rule of the domain refuses what was asked. `str()` is for people; `code` is for programs.

    `field` names the one entry that has to be put right, "" when it is not about one; `fields`, of some refusals, gives the
    sentences by entry. `members` is what a program needs besides to go on.
    """

    code = "refused"
    field = ""
    fields: dict[str, list[str]] = {}
    members: dict[str, Any] = {}
