"""Why a listing is not among the results, and the smallest change of what was asked that would let it in.

The statement is scored again on the index as it is. Every obstacle is named, the one that decides first; a change is
only told when the listing would then truly be a result, however many others the same change lets in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from . import pipeline
from .constraints import BUDGET, CONFIRMED, DEPLOYMENT, failures
from .explain import explain
from .index import Index
from .pipeline import Scored, score
from .read import read
from .semantic import Embedder
from .types import Assurance, Document, Required, Unmet


class Obstacle(StrEnum):
    """What keeps a listing out of the results, in the order in which it decides."""

    NOT_LISTED = "not_listed"
    ABSTAINED = "abstained"
    RELEVANCE = "relevance"
    DISCONTINUED = "discontinued"
    REQUIREMENT = "requirement"
    ASSURANCE = "assurance"
    CONFIRMED = "confirmed"
    VENDOR_LIMIT = "vendor_limit"
    TOP = "top"


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked besides the statement: all that a change can change."""

    required: Required
    min_assurance: Assurance
    top: int


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What was found of one listing. Without obstacles it is a result, at `position`.

    rank: among all `candidates` by score, from 1; None when it is no candidate at all. score_needed: to be an answer.
    failed: the requirements it fails. change: what to ask instead, None when no such change lets it in.
    missing: what of the statement the listing does not mention, where relevance is what it lacks.
    """

    key: str
    document: Document | None
    obstacles: tuple[Obstacle, ...]
    candidates: int = 0
    rank: int | None = None
    score: float = 0.0
    score_needed: float = 0.0
    position: int | None = None
    failed: tuple[Unmet, ...] = ()
    change: Asking | None = None
    missing: tuple[Unmet, ...] = field(default=())


def explain_absence(
    key: str,
    text: str,
    index: Index,
    embedder: Embedder | None = None,
    *,
    required: Required,
    min_assurance: Assurance,
    top: int,
    most: int,
) -> WhyNot:
    """Say why the listing `key` is not among the `top` results. most: the largest `top` one may ask for."""
    scored = score(read(text, index.expander), index, embedder)
    document = _listed(index, key)
    if document is None:
        return WhyNot(key, None, (Obstacle.NOT_LISTED,), len(scored.documents))
    asking = Asking(required, min_assurance, top)
    place = next((at for at, one in enumerate(scored.documents) if one.key == key), None)
    needed = pipeline.WORTH_SHOWING * float(scored.scores[0]) if len(scored.scores) else 0.0
    reached = 0.0 if place is None else float(scored.scores[place])
    worth = [at for at, value in enumerate(scored.scores.tolist()) if value >= needed]
    failed = _failed(document, required)
    obstacles = tuple(_obstacles(scored, place, worth, document, failed, asking))
    settled = {Obstacle.ABSTAINED, Obstacle.RELEVANCE, Obstacle.DISCONTINUED}.intersection(obstacles)
    missing: tuple[Unmet, ...] = ()
    if Obstacle.RELEVANCE in obstacles:
        as_it_counts = document if place is None else scored.documents[place]  # without what it quotes
        _, missing = explain(as_it_counts, scored.statement, scored.query, meant=scored.meant)
    return WhyNot(
        key,
        document,
        obstacles,
        candidates=len(scored.documents),
        rank=None if place is None else place + 1,
        score=reached,
        score_needed=needed,
        position=None if obstacles or place is None else _position(scored, worth, asking, place),
        failed=failed,
        change=_change(scored, worth, place, document, failed, asking, most)
        if obstacles and not settled and place is not None
        else None,
        missing=missing,
    )


def near_misses(
    text: str,
    index: Index,
    embedder: Embedder | None = None,
    *,
    required: Required,
    min_assurance: Assurance,
    top: int,
    within: int,
) -> dict[str, Obstacle]:
    """Return those of the `within` nearest listings that are no result, each with the obstacle that decides first.

    Nothing came near where the engine abstains. The statement is scored once, however many listings there are.
    """
    scored = score(read(text, index.expander), index, embedder)
    if pipeline._sure(scored)[1]:
        return {}
    asking = Asking(required, min_assurance, top)
    needed = pipeline.WORTH_SHOWING * float(scored.scores[0])
    worth = [at for at, value in enumerate(scored.scores.tolist()) if value >= needed]
    found: dict[str, Obstacle] = {}
    for place, document in enumerate(scored.documents[:within]):
        failed = _failed(document, required)
        if first := next(_obstacles(scored, place, worth, document, failed, asking), None):
            found[document.key] = first
    return found


def _listed(index: Index, key: str) -> Document | None:
    if index.delta and key in index.delta.place:
        return index.delta.document(index.delta.place[key])
    row = index.base.place.get(key)
    return None if row is None or row in index.hidden else index.base.document(row)


def _obstacles(
    scored: Scored, place: int | None, worth: list[int], document: Document, failed: tuple[Unmet, ...], asking: Asking
) -> Iterator[Obstacle]:
    if pipeline._sure(scored)[1]:
        yield Obstacle.ABSTAINED
    if place is None or place not in worth:
        yield Obstacle.RELEVANCE
    if not document.available:
        yield Obstacle.DISCONTINUED
    if failed:
        yield Obstacle.REQUIREMENT
    if document.assurance < asking.min_assurance:
        yield Obstacle.ASSURANCE
    if _unconfirmed(document, asking.required):
        yield Obstacle.CONFIRMED
    plain = _fitting(scored, worth, asking)
    if place is not None and place in plain and _position(scored, worth, asking, place) > asking.top:
        yield Obstacle.VENDOR_LIMIT if plain.index(place) < asking.top else Obstacle.TOP


def _failed(document: Document, required: Required) -> tuple[Unmet, ...]:
    """Return the requirements that it fails; being offered no more, and confirmed too long ago, are obstacles of their own."""
    return tuple(one for one in failures(document, required) if one.known and one.code not in ("status", CONFIRMED))


def _unconfirmed(document: Document, required: Required) -> bool:
    return any(one.code == CONFIRMED for one in failures(document, required))


def _fitting(scored: Scored, places: Sequence[int], asking: Asking) -> list[int]:
    return pipeline.fitting(scored, places, asking.required, asking.min_assurance)


def _position(scored: Scored, worth: list[int], asking: Asking, place: int) -> int:
    """Return where among the results a listing that fits would stand, were all of them shown; from 1."""
    return pipeline._spread_vendors(scored, _fitting(scored, worth, asking)).index(place) + 1


def _change(
    scored: Scored,
    worth: list[int],
    place: int,
    document: Document,
    failed: tuple[Unmet, ...],
    asking: Asking,
    most: int,
) -> Asking | None:
    """Return the least that must be asked otherwise, None when even that does not let the listing in."""
    required = asking.required
    codes = {unmet.code for unmet in failed}
    if BUDGET in codes and document.price_min is not None:
        required = replace(required, budget_vnd_max=document.price_min)
    if DEPLOYMENT in codes and document.deployment:
        required = replace(required, deployment=required.deployment | {document.deployment[0]})
    if _unconfirmed(document, required):
        required = replace(required, confirmed_since=None)
    changed = Asking(required, min(asking.min_assurance, document.assurance), asking.top)
    if not _fitting(scored, [place], changed):
        return None
    position = _position(scored, worth, changed, place)
    return replace(changed, top=max(asking.top, position)) if position <= most else None
