"""The engine's own words: what goes in, what comes out. All frozen; nothing here knows a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from typing import Any


class Assurance(IntEnum):
    """How far a product has been checked; higher includes lower."""

    LISTED = 0
    PUBLIC_RECORD = 1
    VETTED = 2

    @classmethod
    def parse(cls, name: str) -> Assurance:
        """Return the level of that name ("public_record"). Raises ValueError for any other text."""
        try:
            return cls[name.upper()]
        except KeyError:
            raise ValueError(f"unknown assurance level: {name!r}") from None

    @property
    def key(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Document:
    """One listed product, as the engine reads it. Money in Vietnamese dong."""

    key: str
    name: str
    vendor: str
    vendor_name: str
    category: str
    also: tuple[str, ...] = ()
    summary: str = ""
    description: str = ""
    capabilities: tuple[str, ...] = ()
    solves: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    deployment: tuple[str, ...] = ()
    price_min: int | None = None
    price_max: int | None = None
    assurance: Assurance = Assurance.LISTED
    assured_on: date | None = None
    available: bool = True
    borrowed: tuple[str, ...] = ()  # keys of passages that others said first, see `catalogue.common.copies`

    @property
    def leaves(self) -> tuple[str, ...]:
        """The category leaves that the listing declares, the main one first."""
        return (self.category, *self.also)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A category leaf and what is known of the needs behind it, in the words of those who have them."""

    key: str
    label: str
    needs: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    related: tuple[tuple[str, float], ...] = ()  # leaves whose products answer such needs too, and how far (0 to 1)


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Phrases of which one in a statement also looks for the others."""

    phrases: tuple[str, ...]
    means: tuple[str, ...]
    close: bool = True  # the same thing, not only what answers it


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form and what it stands for; with several meanings, words near it decide."""

    short: str
    expansions: tuple[str, ...]
    contexts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the engine knows besides the products: it changes seldom, and a change rebuilds the index.

    outside: examples of what agencies also ask for and no digital platform answers. synonyms: each group in both
    directions.
    """

    leaves: tuple[Leaf, ...] = ()
    abbreviations: tuple[Abbreviation, ...] = ()
    outside: tuple[str, ...] = ()
    synonyms: tuple[Synonyms, ...] = ()

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Knowledge:
        """Return what `dataclasses.asdict` was made from; what an older engine did not know yet is empty."""
        return cls(
            tuple(
                Leaf(
                    leaf["key"],
                    leaf["label"],
                    tuple(leaf["needs"]),
                    tuple(leaf["terms"]),
                    tuple((key, weight) for key, weight in leaf.get("related", ())),
                )
                for leaf in row["leaves"]
            ),
            tuple(
                Abbreviation(
                    entry["short"],
                    tuple(entry["expansions"]),
                    {meaning: tuple(words) for meaning, words in entry["contexts"].items()},
                    entry["default"],
                )
                for entry in row["abbreviations"]
            ),
            tuple(row["outside"]),
            tuple(
                Synonyms(tuple(group["phrases"]), tuple(group["means"]), group["close"])
                for group in row.get("synonyms", ())
            ),
        )


@dataclass(frozen=True, slots=True)
class Constraint:
    """A requirement read from the statement, with the words it came from, for the officer to confirm.

    start, end: where the words stand in the statement as typed, in characters.
    """

    kind: str
    value: int | str  # True for what is only said or not said (data_in_vietnam, offline)
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Required:
    """Requirements that the agency confirmed. What a listing does not say is unknown, never a failure."""

    deployment: frozenset[str] = frozenset()  # one of them is enough
    budget_vnd_max: int | None = None
    # No listing states these today, so they are asked for and stay unknown.
    users: int | None = None
    sites: int | None = None
    security_level: int | None = None
    deadline: str | None = None
    mode: str | None = None
    data_in_vietnam: bool = False
    # A listing that names them declares them.
    connections: frozenset[str] = frozenset()  # every one of them
    offline: bool = False
    confirmed_since: date | None = None  # somebody other than the vendor confirmed the listing on this day or later


@dataclass(frozen=True, slots=True)
class Statement:
    """An agency's problem after reading: what it asks of the index.

    text: canonical, abbreviations expanded. marked: typed with diacritics. clauses: its single needs.
    """

    raw: str
    text: str
    marked: bool
    terms: Mapping[str, int]
    clauses: tuple[str, ...]
    expanded: tuple[tuple[str, str], ...] = ()
    constraints: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a product is there: one sentence of its listing, and the words it shares with the statement.

    field: where the sentence stands (summary, description, capabilities, solves). marks: spans in `text`.
    need: the clause of the statement it answers. meant: the words of the need that the marked ones stand for, where they
    are not the same words.
    """

    field: str
    text: str
    need: str
    marks: tuple[tuple[int, int], ...] = ()
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Unmet:
    """What a product does not cover: a need without support, or a requirement it fails or leaves unknown."""

    code: str  # need | status | a field of Required
    text: str
    known: bool = True  # False: the listing does not say


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. `parts` add up to `score`, which only orders within a run (0 to 1)."""

    document: Document
    score: float
    parts: Mapping[str, float]
    reasons: tuple[Reason, ...] = ()
    unmet: tuple[Unmet, ...] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """One need, the member of a bundle that answers it, and the sentence of its listing that comes nearest.

    basis: "words", the listing says so in the need's own rare words; "category", the need is one of the product's category.
    """

    need: str
    platform: str
    basis: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Left:
    """One need that a bundle leaves open. why: nobody (no candidate answers it), limit (more members would), vague."""

    need: str
    why: str


@dataclass(frozen=True, slots=True)
class Declared:
    """Something a listing says, or that is known, of how two products connect.

    kind: names (one listing names the other product or its vendor), system (both name the same national system),
    interface (a listing names an open interface), vendor (both are of one vendor). platform: whose listing says so, ""
    for what is known of both. value: what is named.
    """

    kind: str
    platform: str
    value: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """What is declared of how two members connect; nothing declared means unknown, not impossible."""

    platforms: tuple[str, str]
    declared: tuple[Declared, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A product of a bundle, with its score in the whole statement."""

    document: Document
    score: float


@dataclass(frozen=True, slots=True)
class Bundle:
    """The smallest set of products that answers every need that can be answered, where no single one does."""

    members: tuple[Member, ...]
    covers: tuple[Cover, ...]
    left: tuple[Left, ...]
    connections: tuple[Connection, ...]


class NoResult(StrEnum):
    """Why there is no result."""

    OUTSIDE = "outside"  # nothing that a digital platform answers
    NO_PRODUCT = "no_product"  # a digital need that no listed product meets
    BELOW_ASKED = "below_asked"  # there are products, below the asked assurance or a confirmed requirement


@dataclass(frozen=True, slots=True)
class Why:
    """Why there is no result. digital: how likely it is a digital need, 0 to 1. category: the nearest leaf, "" for none.

    nearest: the candidate with the highest score, where no product meets the need; missing: what of the statement its
    listing does not mention.
    """

    code: NoResult
    digital: float
    category: str = ""
    nearest: Document | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The whole answer to one statement.

    needs: category leaves the statement seems to be about, with shares that add up to 1.
    met: how likely a listed product meets the need, 0 to 1; doubtful: so little that the answer needs a caution.
    results meet what was asked; also_listed are relevant but below the asked assurance or a confirmed requirement.
    """

    statement: Statement
    abstained: bool
    confidence: float
    needs: tuple[tuple[str, float], ...]
    results: tuple[Hit, ...]
    also_listed: tuple[Hit, ...]
    signals: tuple[str, ...]
    bundle: Bundle | None = None
    why: Why | None = None  # there is no result
    met: float = 0.0
    doubtful: bool = False
