"""Fitting the engine's confidence: which statements have an answer, learned from the repository's own texts.

Positives are problems that the catalogue solves: of each product one `solves`, taken out of its listing first, so that
the listing does not simply quote it. Negatives are the examples out of scope, each judged
by the others. Judged problems are never looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalogue.common.text import fold

from .engine.index import Index
from .engine.pipeline import score
from .engine.read import read
from .engine.semantic import Embedder, Find

KEPT = 0.95  # share of answerable statements that must not be refused
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

    def without(self, texts: set[int]) -> Sample:
        return self._where(lambda text: text not in texts)

    def only(self, texts: set[int]) -> Sample:
        return self._where(lambda text: text in texts)

    def fit(self) -> Model:
        return fit(np.array(self.rows[0]), np.array(self.rows[1]))

    def _where(self, wanted: Callable[[int], bool]) -> Sample:
        some = Sample()
        for side in (0, 1):
            for row, text in zip(self.rows[side], self.texts[side], strict=True):
                if wanted(text):
                    some.add(side, text, row)
        return some


def calibrate(index: Index, embedder: Embedder | None, find: Find, progress: Callable[[], None]) -> dict[str, Model]:
    """Return the model by words only and that with meaning, if there is one; both fitted on texts with and without marks."""
    return {name: sample.fit() for name, sample in samples(index, embedder, find, progress).items()}


def samples(index: Index, embedder: Embedder | None, find: Find, progress: Callable[[], None]) -> dict[str, Sample]:
    """Return what each model is fitted on; no "semantic" where no statement has vectors."""
    lexical, semantic = Sample(), Sample()
    cases = [(text, other, 0) for text, other in _answerable(index, find)]
    cases += [(text, replace(index, outside=index.outside.without(text)), 1) for text in index.knowledge.outside]
    for number, (text, over, side) in enumerate(cases):
        for typed in dict.fromkeys([text, fold(text)]):
            statement = read(typed, over.expander)
            lexical.add(side, number, score(statement, over, None).signals.values(semantic=False))
            scored = score(statement, over, embedder)
            if scored.semantic:
                semantic.add(side, number, scored.signals.values(semantic=True))
        progress()
    return {"lexical": lexical, "semantic": semantic} if semantic.rows[0] else {"lexical": lexical}


def _answerable(index: Index, find: Find) -> Iterable[tuple[str, Index]]:
    """Yield one solve of every product that has some, and the index without it."""
    choose = np.random.default_rng(SEED)
    for document in sorted(index.documents(), key=lambda document: document.key):
        if document.solves and document.available:
            text = document.solves[int(choose.integers(len(document.solves)))]
            rest = replace(document, solves=tuple(other for other in document.solves if other != text))
            yield text, index.with_changes({document.key: rest}, index.stamp.sequence, find)


def fit(positives: Array, negatives: Array) -> Model:
    """Fit a ridge logistic regression in which both sides weigh the same, by Newton's method.

    positives, negatives: one row of signals a statement. The threshold keeps `KEPT` of the positives.
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
    threshold = float(np.quantile(answerable, 1 - KEPT))
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
