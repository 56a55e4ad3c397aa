"""Refusals: expected, with a sentence for the person who asked."""


class DomainError(Exception):
    """A rule of the domain refuses what was asked. `str()` is for people; `code` is for programs."""

    code = "refused"
