"""Nodes of data for machines: a fact that is not known is left out, never guessed."""

from typing import Any


def known(node: dict[str, Any]) -> dict[str, Any]:
    """Return the node without what says nothing. Zero and "no" say something."""
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}
