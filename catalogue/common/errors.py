"""Refusals: expected, with a sentence for the person who asked."""


class DomainError(Exception):
    """A rule of the domain refuses what was asked. `str()` is for people; `code` is for programs.

    `field` names the one entry that has to be put right, "" when it is not about one.
    """

    code = "refused"
    field = ""
