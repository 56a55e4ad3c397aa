"""Fitting the engine's confidence from the repository's own texts: is there an answer, and if not, why not?

Positives are problems that the catalogue solves: of each product one `solves`, taken out of its listing first, so that
the listing does not simply quote it. Negatives are the examples out of scope, each judged
by the others. Why there is none is a second question, of statements alone: needs of a category, on a catalogue without
any product of it, against the same examples out of scope. Whether what is listed meets the need is a third: the same
problems asked of the catalogue as it is, and of one without any product of the category. Judged problems are never looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from catalogue.common.text import fold

from .engine.confidence import Signals, confidence, threshold
from .engine.index import Index
from .engine.leaves import LeafModel
from .engine.pipeline import score
from .engine.read import read
from .engine.semantic import Embedder, Find
from .engine.types import Document

KEPT = 0.95  # share of answerable statements that must not be refused
UNDOUBTED = 0.9  # share of them that must be answered without a caution
NEEDS_TRIED = 5  # of each category, for the second question
RIDGE = 1.0
SEED = 16
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """A logistic model of the signals, and how it did on the texts it was fitted on."""

    intercept: float
    weights: list[float]
    threshold: float
    auc: float
    let_through: float

    def to_json(self) -> dict[str, Any]:
        numbers = {name: round(getattr(self, name), 4) for name in ("intercept", "threshold", "auc", "let_through")}
        return {**numbers, "weights": [round(weight, 4) for weight in self.weights]}

    def confidence(self, rows: list[list[float]]) -> Array:
        """Return the probability that there is an answer, one a row of signals."""
        return 1 / (1 + np.exp(-(self.intercept + np.array(rows, float).reshape(-1, len(self.weights)) @ self.weights)))


@dataclass(slots=True)
class Sample:
    """Signals, one row a statement, answerable (0) or not (1). texts: which text each row came from, by number."""

    rows: tuple[list[list[float]], list[list[float]]] = field(default_factory=lambda: ([], []))
    texts: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))

    def add(self, side: int, text: int, row: list[float]) -> None:
        self.rows[side].append(row)
        self.texts[side].append(text)

    def add_signals(self, side: int, text: int, signals: Signals, *, semantic: bool) -> None:
        self.add(side, text, signals.values(semantic=semantic))

    def without(self, texts: set[int]) -> Self:
        return self._where(lambda text: text not in texts)

    def only(self, texts: set[int]) -> Self:
        return self._where(lambda text: text in texts)

    def fit(self) -> Model:
        return fit(np.array(self.rows[0]), np.array(self.rows[1]))

    def _where(self, wanted: Callable[[int], bool]) -> Self:
        some = type(self)()
        for side in (0, 1):
            for row, text in zip(self.rows[side], self.texts[side], strict=True):
                if wanted(text):
                    some.add(side, text, row)
        return some


S = TypeVar("S", bound=Sample)
Case = tuple[str, Index]  # a statement, and the index that does not hold its answer


@dataclass(slots=True)
class ScopeSample(Sample):
    """Signals of needs that no product meets (0) and of statements out of scope (1). refused: whether none gets an answer."""

    refused: tuple[list[bool], list[bool]] = field(default_factory=lambda: ([], []))

    def add_signals(self, side: int, text: int, signals: Signals, *, semantic: bool) -> None:
        self.add(side, text, signals.scope(semantic=semantic))
        self.refused[side].append(confidence(signals, semantic=semantic) < threshold(semantic=semantic))

    def fit(self) -> Model:
        """Fit as usual, then put the line where it does equally well on both kinds among those that get no answer.

        Only they are ever judged by it, and they are the needs that look least like one.
        """
        model = super(ScopeSample, self).fit()
        needs, outside = (
            model.confidence([row for row, refused in zip(self.rows[side], self.refused[side], strict=True) if refused])
            for side in (0, 1)
        )
        if not len(needs) or not len(outside):
            return replace(model, threshold=0.5)
        lines = np.unique(np.concatenate([needs, outside]))
        line = min(lines, key=lambda line: (abs((needs < line).mean() - (outside >= line).mean()), line))
        return replace(model, threshold=float(line), let_through=float((outside >= line).mean()))

    def _where(self, wanted: Callable[[int], bool]) -> Self:
        some = super(ScopeSample, self)._where(wanted)
        for side in (0, 1):
            for text, refused in zip(self.texts[side], self.refused[side], strict=True):
                if wanted(text):
                    some.refused[side].append(refused)
        return some


def calibrate(index: Index, embedder: Embedder | None, find: Find, progress: Callable[[], None]) -> dict[str, Model]:
    """Return the model by words only and that with meaning, if there is one; both fitted on texts with and without marks."""
    return {name: sample.fit() for name, sample in samples(index, embedder, find, progress).items()}


@dataclass(slots=True)
class MetSample(Sample):
    """Signals of statements of which a product is listed (0), and of the same kind without any of its category (1)."""

    def add_signals(self, side: int, text: int, signals: Signals, *, semantic: bool) -> None:
        self.add(side, text, signals.met(semantic=semantic))

    def fit(self) -> Model:
        return fit(np.array(self.rows[0]), np.array(self.rows[1]), kept=UNDOUBTED)


def met_samples(
    index: Index, embedder: Embedder | None, find: Find, progress: Callable[[], None]
) -> dict[str, MetSample]:
    """Return what the models of the third question are fitted on: does a product meet the need, or only come near?"""
    cases = chain(_side(0, _answerable(index, find)), _side(1, _emptied(index, find)))
    return _gathered(MetSample, cases, embedder, progress, unmarked=False)


def _emptied(index: Index, find: Find) -> Iterable[Case]:
    """Yield the same problems as `_answerable`, and the index without any product of the category."""
    emptied: dict[str, Index] = {}
    for document, text in _problems(index):
        if document.category not in emptied:
            emptied[document.category] = _without_category(index, document.category, find)
        yield text, emptied[document.category]


def _without_category(index: Index, leaf: str, find: Find) -> Index:
    gone = {one.key: None for one in index.documents() if leaf in one.leaves}
    return index.with_changes(gone, index.stamp.sequence, find)


def scope_samples(
    index: Index, embedder: Embedder | None, find: Find, progress: Callable[[], None]
) -> dict[str, ScopeSample]:
    """Return what the models of the second question are fitted on: needs without a product (0), statements out of scope (1).

    No "semantic" where no statement has vectors.
    """
    cases = chain(_side(0, _unmet(index, find)), _side(1, _outside(index)))
    return _gathered(ScopeSample, cases, embedder, progress)


def _unmet(index: Index, find: Find) -> Iterable[Case]:
    """Yield some needs of every category, and the index without the need and without the products of the category."""
    choose = np.random.default_rng(SEED)
    model, knowledge = index.leaves, index.knowledge
    first = 0
    for leaf in knowledge.leaves:
        rest = _without_category(index, leaf.key, find)
        for at in sorted(choose.permutation(len(leaf.needs))[:NEEDS_TRIED].tolist()):
            needs = tuple(need for other, need in enumerate(leaf.needs) if other != at)
            leaves = tuple(replace(one, needs=needs) if one.key == leaf.key else one for one in knowledge.leaves)
            vectors = None
            if model.need_vectors is not None and model.term_vectors is not None:
                vectors = np.concatenate([np.delete(model.need_vectors, first + at, axis=0), model.term_vectors])
            known = replace(knowledge, leaves=leaves)
            yield leaf.needs[at], replace(rest, knowledge=known, leaves=LeafModel.of(known, vectors))
        first += len(leaf.needs)


def samples(index: Index, embedder: Embedder | None, find: Find, progress: Callable[[], None]) -> dict[str, Sample]:
    """Return what each model is fitted on; no "semantic" where no statement has vectors."""
    cases = chain(_side(0, _answerable(index, find)), _side(1, _outside(index)))
    return _gathered(Sample, cases, embedder, progress)


def _outside(index: Index) -> Iterable[Case]:
    """Yield every example out of scope, and the index without it."""
    return ((text, replace(index, outside=index.outside.without(text))) for text in index.knowledge.outside)


def _side(side: int, cases: Iterable[Case]) -> Iterable[tuple[str, Index, int]]:
    return ((text, over, side) for text, over in cases)  # one by one: hundreds of indexes would fill gigabytes


def _gathered(
    kind: type[S],
    cases: Iterable[tuple[str, Index, int]],
    embedder: Embedder | None,
    progress: Callable[[], None],
    *,
    unmarked: bool = True,
) -> dict[str, S]:
    """Score every case, by words only and with meaning. cases: text, index, side. unmarked: also without its marks."""
    lexical, semantic = kind(), kind()
    for number, (text, over, side) in enumerate(cases):
        for typed in dict.fromkeys([text, fold(text)] if unmarked else [text]):
            statement = read(typed, over.expander)
            lexical.add_signals(side, number, score(statement, over, None).signals, semantic=False)
            scored = score(statement, over, embedder)
            if scored.semantic:
                semantic.add_signals(side, number, scored.signals, semantic=True)
        progress()
    return {"lexical": lexical, "semantic": semantic} if semantic.rows[0] else {"lexical": lexical}


def _answerable(index: Index, find: Find) -> Iterable[Case]:
    """Yield one solve of every product that has some, and the index without it."""
    for document, text in _problems(index):
        rest = replace(document, solves=tuple(other for other in document.solves if other != text))
        yield text, index.with_changes({document.key: rest}, index.stamp.sequence, find)


def _problems(index: Index) -> Iterable[tuple[Document, str]]:
    """Yield every product that can be had and says what it solves, and one of its solves."""
    choose = np.random.default_rng(SEED)
    for document in sorted(index.documents(), key=lambda document: document.key):
        if document.solves and document.available:
            yield document, document.solves[int(choose.integers(len(document.solves)))]


def fit(positives: Array, negatives: Array, *, kept: float = KEPT) -> Model:
    """Fit a ridge logistic regression in which both sides weigh the same, by Newton's method.

    positives, negatives: one row of signals a statement. The threshold keeps that share of the positives.
    """
    signals = np.vstack([positives, negatives])
    mean, spread = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    design = np.column_stack([np.ones(len(signals)), (signals - mean) / spread])
    wanted = np.concatenate([np.ones(len(positives)), np.zeros(len(negatives))])
    half = len(signals) / 2
    weight = np.concatenate([np.full(len(part), half / len(part)) for part in (positives, negatives)])
    penalty = RIDGE * np.diag([0.0] + [1.0] * signals.shape[1])
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        guess = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (weight * (wanted - guess)) - penalty @ beta
        hessian = (design * (weight * guess * (1 - guess))[:, None]).T @ design + penalty
        beta = beta + np.linalg.solve(hessian, gradient)
    guess = 1 / (1 + np.exp(-design @ beta))
    answerable, rest = guess[: len(positives)], guess[len(positives) :]
    threshold = float(np.quantile(answerable, 1 - kept))
    slopes = beta[1:] / spread
    return Model(
        float(beta[0] - slopes @ mean),
        slopes.tolist(),
        threshold,
        auc(answerable, rest),
        float((rest >= threshold).mean()),
    )


def auc(answerable: Array, rest: Array) -> float:
    """Return how often an answerable statement is surer than another one; a tie counts half."""
    surer, equal = answerable[:, None] > rest[None], answerable[:, None] == rest[None]
    return float(surer.mean() + 0.5 * equal.mean())
