"""What listings declare of how two products connect: the other's name, a shared national system, an open interface.

Nothing is concluded. A pair of which nothing is declared is unknown, and a product that has an interface is only said
to have one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from catalogue.common.text import canonical, fold

from .constraints import named_systems
from .text import sentences
from .types import Connection, Declared, Document

_INTERFACE = re.compile(
    r"(?<!\w)(?:open ?api|rest(?:ful)? ?api|api|sdk|web ?service|webhook|sso|đăng nhập một lần|saml|oauth ?2?|openid|ldap|"
    r"hl7|fhir|dicom|mqtt|onvif|opc[- ]ua|xml|json|soap|chuẩn mở|tiêu chuẩn mở)s?(?!\w)",
    re.IGNORECASE,
)
_SHORTEST_NAME = 4  # letters; a shorter name is too often an ordinary word


def connections(documents: Sequence[Document]) -> tuple[Connection, ...]:
    """Return for every pair of products what is declared of it, in the order of the products."""
    return tuple(
        Connection((one.key, other.key), tuple(_declared(one, other))) for one, other in combinations(documents, 2)
    )


def _declared(one: Document, other: Document) -> Iterator[Declared]:
    for here, there in ((one, other), (other, one)):
        names = [there.name] if here.vendor == there.vendor else [there.name, there.vendor_name]
        for name in names:
            if sentence := _sentence_naming(here, name):
                yield Declared("names", here.key, name, sentence)
                break
    systems, others = _systems(one), _systems(other)
    for system in sorted(systems.keys() & others.keys()):
        yield Declared("system", one.key, system, systems[system])
        yield Declared("system", other.key, system, others[system])
    for here in (one, other):
        for sentence in _said(here):
            if match := _INTERFACE.search(sentence):
                yield Declared("interface", here.key, match[0], sentence)
                break
    if one.vendor == other.vendor:
        yield Declared("vendor", "", one.vendor_name)


def _said(document: Document) -> Iterator[str]:
    """Yield what a listing says of its own product; the problems it solves are its customers' words."""
    for text in (*document.capabilities, document.description, document.summary):
        yield from sentences(text) or ([text] if text else [])


def _sentence_naming(document: Document, name: str) -> str:
    wanted = fold(canonical(name)).lower()
    if sum(char.isalnum() for char in wanted) < _SHORTEST_NAME:
        return ""
    pattern = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    return next((said for said in _said(document) if pattern.search(fold(canonical(said)).lower())), "")


def _systems(document: Document) -> dict[str, str]:
    """Return the national systems that a listing names, each with the first sentence that does."""
    found: dict[str, str] = {}
    for sentence in _said(document):
        for system in named_systems(sentence):
            found.setdefault(system, sentence)
    return found
