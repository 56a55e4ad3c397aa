"""Taking time, and what is kept of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from recommender.engine.metrics import ndcg, percentile

T = TypeVar("T")
FEWEST = 3  # statements a slow engine answers whatever its time is
Say = Callable[[str], None]
Asked = Sequence[tuple[str, str]]  # statements, each with the key of the listing sought


@dataclass
class Answers:
    """How long one engine took for each statement of a kind, in milliseconds, and the nDCG@10 of each answer."""

    took_ms: list[float] = field(default_factory=list)
    gains: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return percentile(self.took_ms, 0.5)

    @property
    def ndcg(self) -> float:
        return sum(self.gains) / len(self.gains)

    def first(self, statements: int) -> Answers:
        return Answers(self.took_ms[:statements], self.gains[:statements])

    def to_json(self) -> dict[str, float | int]:
        return {
            "p50_ms": round(self.p50, 2),
            "p99_ms": round(percentile(self.took_ms, 0.99), 2),
            "ndcg": round(self.ndcg, 4),
            "queries": len(self.took_ms),
        }


def answered(statements: Asked, best: Callable[[str], Sequence[str]], seconds: float) -> Answers:
    """Ask one statement after the other until the time is over, but at least three. best: statement → keys, best first."""
    answers, until = Answers(), time.monotonic() + seconds
    for statement, key in statements:
        if len(answers.gains) >= FEWEST and time.monotonic() > until:
            break
        took, keys = timed(partial(best, statement))
        answers.took_ms.append(took)
        answers.gains.append(ndcg(keys, {key: 1}))
    return answers


def timed(call: Callable[[], T]) -> tuple[float, T]:
    """Return the milliseconds a call took, and what it returned."""
    started = time.perf_counter()
    result = call()
    return (time.perf_counter() - started) * 1000, result
