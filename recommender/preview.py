"""How the recommender would read a draft, and for which of the needs it knows the draft would be shown.

The draft is put into an index of this one answer. Nothing is recorded, the index that others ask stays as it is, and what
is said of other products stands in their public listings.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

import numpy as np

from catalogue.platforms.content import Content
from catalogue.platforms.models import Platform

from . import corpus, services, store, vectors
from .engine import pipeline
from .engine.explain import explain
from .engine.index import Index
from .engine.pipeline import Scored, score
from .engine.read import read
from .engine.selfreading import SelfReading, read_itself
from .engine.semantic import Embedder, EmbedderDown, Matrix, Vectors, passages, text_key
from .engine.types import Assurance, Document, Leaf, Required, Statement

logger = logging.getLogger(__name__)
MOST_NEEDS = 40
FEW_NEEDS = 12  # while somebody types
OF_OWN = 0.6  # share of the needs that are of the category itself; the others are of categories near it
FIRST_TEN = 10
NEARLY = 20  # the last place from which a few words more or less decide
_REMEMBERED = 4096  # vectors of texts, a few MB: a draft is looked at again after every sentence


class Standing(StrEnum):
    SHOWN = "shown"
    NEARLY = "nearly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Ahead:
    """The public listing that holds the last place shown, and its sentence for the need."""

    key: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Placed:
    """One known need of a category. place: among the listings of the same standing towards the default question, from 1;
    None where the draft is not near enough to be an answer at all. missing: what of the need the draft does not speak of.
    """

    need: str
    category: str
    standing: Standing
    place: int | None = None
    missing: tuple[str, ...] = ()
    ahead: Ahead | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """recommended: whether the draft's level lets it among the results of a question with the default level; else it stands
    among those listed apart. labels: of the categories, by key. by_meaning: whether vectors took part.
    """

    reading: SelfReading
    needs: tuple[Placed, ...]
    recommended: bool
    by_meaning: bool
    labels: dict[str, str]

    def of(self, standing: Standing) -> list[Placed]:
        return [one for one in self.needs if one.standing == standing]


def preview(platform: Platform, content: Content, *, most: int = MOST_NEEDS) -> Preview:
    """Read a draft as the engine would, and place it among what is public for `most` needs of its categories."""
    index = store.store().current()
    document = corpus.draft_document(platform, content)
    embedder = services.embedder_of(index)
    try:
        return _preview(document, index, _Remembering(embedder) if embedder else None, most)
    except EmbedderDown as trouble:
        logger.warning("no vector for a preview; read by words alone", extra={"trouble": str(trouble)})
        return _preview(document, index, None, most)


def _preview(document: Document, index: Index, embedder: Embedder | None, most: int) -> Preview:
    find: Callable[[Iterable[str]], Vectors] = vectors.find if embedder is None else _Finder(document, embedder)
    with_draft = index.with_changes({document.key: document}, index.stamp.sequence, find)
    asked = [(leaf, read(need, index.expander)) for leaf, need in _needs(document, index, most)]
    needs = tuple(_placed(document, leaf, statement, with_draft, embedder) for leaf, statement in asked)
    return Preview(
        read_itself(document, index.reader),
        needs,
        document.available and document.assurance >= Assurance.PUBLIC_RECORD,
        embedder is not None and index.centre is not None,
        dict(index.labels),
    )


def _needs(document: Document, index: Index, most: int) -> Iterator[tuple[str, str]]:
    """Yield (leaf, need): those of the main category first, then in turn those of the others it declares or is near to."""
    leaves = {leaf.key: leaf for leaf in index.knowledge.leaves}
    main = leaves.get(document.category, Leaf("", ""))
    near = [key for key, _weight in sorted(main.related, key=lambda one: -one[1])]
    others = [leaves[key] for key in dict.fromkeys([*document.also, *near]) if key in leaves and key != main.key]
    own = [(main.key, need) for need in main.needs]
    rounds = max((len(leaf.needs) for leaf in others), default=0)
    theirs = [(leaf.key, leaf.needs[at]) for at in range(rounds) for leaf in others if at < len(leaf.needs)]
    room = max(round(OF_OWN * most), most - len(theirs))
    yield from [*own[:room], *theirs][:most]


def _placed(document: Document, leaf: str, statement: Statement, index: Index, embedder: Embedder | None) -> Placed:
    need, scored = statement.raw, score(statement, index, embedder)
    mine = next((at for at, one in enumerate(scored.documents) if one.key == document.key), None)
    if mine is None or pipeline._sure(scored)[1]:
        return Placed(need, leaf, Standing.NOT)
    worth = np.flatnonzero(scored.scores >= pipeline.WORTH_SHOWING * scored.scores[0]).tolist()
    meets = pipeline.fitting(scored, worth, Required(), Assurance.PUBLIC_RECORD)
    group = meets if mine in meets else sorted({*worth}.difference(meets))
    if mine not in group:
        return Placed(need, leaf, Standing.NOT, missing=_missing(mine, scored))
    order = pipeline._spread_vendors(scored, group)
    place = order.index(mine) + 1
    if place <= FIRST_TEN:
        return Placed(need, leaf, Standing.SHOWN, place)
    standing = Standing.NEARLY if place <= NEARLY else Standing.NOT
    last = scored.documents[order[FIRST_TEN - 1]]
    return Placed(need, leaf, standing, place, _missing(mine, scored), _ahead(last, scored))


def _missing(place: int, scored: Scored) -> tuple[str, ...]:
    """Return what of the need a listing does not speak of, as it counts: without what it quotes."""
    _, unmet = explain(scored.documents[place], scored.statement, scored.query, meant=scored.meant)
    return tuple(gap.text for gap in unmet)


def _ahead(document: Document, scored: Scored) -> Ahead:
    reasons, _ = explain(document, scored.statement, scored.query, meant=scored.meant)
    return Ahead(document.key, document.name, reasons[0].text)


class _Finder:
    """Finds the kept vectors, and makes those of the draft, which are kept nowhere."""

    def __init__(self, document: Document, embedder: Embedder) -> None:
        self._texts = {text_key(text, embedder.name): text for text in passages(document)}
        self._embedder = embedder

    def __call__(self, keys: Iterable[str]) -> Vectors:
        wanted = list(keys)
        found = dict(vectors.find(wanted))
        lacking = [key for key in wanted if key not in found and key in self._texts]
        if lacking:
            made = self._embedder.passages([self._texts[key] for key in lacking])
            found.update(zip(lacking, made, strict=True))
        return found


class _Remembering:
    """An embedder that this process asks only once for a text: the needs of a category are the same for every draft."""

    _kept: OrderedDict[tuple[str, str, str], Matrix] = OrderedDict()
    _lock = Lock()

    def __init__(self, embedder: Embedder) -> None:
        self._embedder, self.name = embedder, embedder.name

    def queries(self, texts: Sequence[str]) -> Matrix:
        return self._each("query", texts, self._embedder.queries)

    def passages(self, texts: Sequence[str]) -> Matrix:
        return self._each("passage", texts, self._embedder.passages)

    def _each(self, kind: str, texts: Sequence[str], make: Callable[[Sequence[str]], Matrix]) -> Matrix:
        keys = [(self.name, kind, text) for text in texts]
        with self._lock:
            have = {key: self._kept[key] for key in keys if key in self._kept}
        lacking = [key for key in dict.fromkeys(keys) if key not in have]
        if lacking:
            have.update(zip(lacking, make([text for _, _, text in lacking]), strict=True))
        with self._lock:
            for key in keys:
                self._kept[key] = have[key]
                self._kept.move_to_end(key)
            while len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)
        return np.array([have[key] for key in keys], np.float32)
