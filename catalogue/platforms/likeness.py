"""Sentences of a content that another vendor's listing, or a published statement, said before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.common import copies
from catalogue.common.reading import sentences

from . import originals
from .content import Content
from .models import Platform


@dataclass(frozen=True, slots=True)
class Copy:
    """A sentence of the content that was public before. field: as in `Content`, "solves.2" for one of a list.

    name: of the product that said it; "" when that is not listed any more, or an agency's statement said it.
    """

    field: str
    text: str
    name: str


def near_copies(platform: Platform, content: Content) -> list[Copy]:
    """Return the sentences that would count as somebody else's if the content were public now."""
    before = {one.key: one.original for one in originals.would_borrow(platform, content)}
    return [
        Copy(field, passage.text, _name(before[passage.key]))
        for field, text in texts_of(content)
        for passage in copies.passages_of(text)
        if passage.key in before
    ]


def _name(original: Platform | None) -> str:
    return original.name if original and original.listed_at and not original.retired_at else ""


def texts_of(content: Content) -> Iterator[tuple[str, str]]:
    """Yield what is written in sentences, with its field."""
    yield from (("summary", content.summary), ("description", content.description))
    yield from ((f"solves.{at}", text) for at, text in enumerate(content.solves))


def sentences_of(content: Content) -> Iterator[tuple[str, str]]:
    """Yield each sentence with its field."""
    return ((field, sentence) for field, text in texts_of(content) for sentence in sentences(text))
