"""Judging the recommender by problems with known answers: the numbers behind `evaluate` and docs/evaluation.md."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from catalogue.common.errors import DomainError
from catalogue.common.text import fold

from .engine.metrics import RELEVANT, hit, ndcg, percentile, recall, reciprocal_rank
from .engine.text import is_marked

SHORT, LONG = 20, 40  # syllables: a short statement has at most the first, a long one at least the second
Ranker = Callable[[str], tuple[list[str], bool]]  # statement → keys best first, and whether it abstains


class BadProblems(DomainError):
    """The file of judged problems cannot be used."""

    code = "bad_problems"


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement with its known answers. none: no product fits, so abstaining is right."""

    id: str
    text: str
    judgements: Mapping[str, int]
    none: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the ranker did with one problem."""

    problem: Judged
    ranking: list[str]
    abstained: bool
    took_ms: float


def read_problems(path: Path) -> list[Judged]:
    """Read a file like seeds/problems_dev.yaml. Raises BadProblems naming the row that is wrong."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadProblems(f"{path} cannot be read: {error}") from error
    rows = content.get("problems") if isinstance(content, dict) else None
    if not isinstance(rows, list) or not rows:
        raise BadProblems(f"{path} has no list `problems`")
    problems = []
    for at, row in enumerate(rows, start=1):
        grades = row.get("judgements") or {} if isinstance(row, dict) else None
        if not isinstance(grades, dict) or not isinstance(row.get("text"), str) or not row["text"].strip():
            raise BadProblems(f"{path}: problem {at} needs a `text` and `judgements`")
        if any(grade not in (0, 1, 2, 3) for grade in grades.values()):
            raise BadProblems(f"{path}: problem {row.get('id', at)} has a grade that is not 0, 1, 2 or 3")
        problems.append(Judged(str(row.get("id", at)), row["text"], grades, bool(row.get("none", False))))
    return problems


def run(problems: Sequence[Judged], ranker: Ranker, *, unmark: bool = False) -> list[Outcome]:
    """Rank for every problem. unmark: type every statement without diacritics."""
    outcomes = []
    for problem in problems:
        text = fold(problem.text) if unmark else problem.text
        started = time.perf_counter()
        ranking, abstained = ranker(text)
        outcomes.append(Outcome(problem, ranking, abstained, (time.perf_counter() - started) * 1000))
    return outcomes


def measure(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return every measure over these outcomes; None where no statement can be scored."""
    graded = [outcome for outcome in outcomes if any(grade > 0 for grade in outcome.problem.judgements.values())]
    relevant = [o for o in graded if any(grade >= RELEVANT for grade in o.problem.judgements.values())]
    times = [outcome.took_ms for outcome in outcomes]

    def mean(over: Sequence[Outcome], score: Callable[[list[str], Mapping[str, int]], float]) -> float | None:
        values = [score(outcome.ranking, outcome.problem.judgements) for outcome in over]
        return round(sum(values) / len(values), 4) if values else None

    return {
        "ndcg@10": mean(graded, ndcg),
        "recall@10": mean(relevant, recall),
        "mrr": mean(relevant, reciprocal_rank),
        "p@1": mean(relevant, lambda ranking, grades: hit(ranking, grades, 1)),
        "hit@3": mean(relevant, lambda ranking, grades: hit(ranking, grades, 3)),
        "abstention": _abstention(outcomes),
        "n": len(outcomes),
        "p50_ms": round(percentile(times, 0.5), 1),
        "p99_ms": round(percentile(times, 0.99), 1),
    }


def _abstention(outcomes: Sequence[Outcome]) -> dict[str, float | int | None]:
    """Precision: how often abstaining was right. Recall: how many statements with no answer were told so."""
    abstained = [outcome for outcome in outcomes if outcome.abstained]
    right = sum(outcome.problem.none for outcome in abstained)
    none = sum(outcome.problem.none for outcome in outcomes)
    return {
        "precision": round(right / len(abstained), 4) if abstained else None,
        "recall": round(right / none, 4) if none else None,
        "abstained": len(abstained),
    }


def report(problems: Sequence[Judged], ranker: Ranker) -> dict[str, Any]:
    """Return the measures over all problems and by slice, in the shape of `evaluate --json`.

    Slices: no_diacritics is every statement stripped of its marks, typed_without_marks those that came without.
    """
    outcomes = run(problems, ranker)
    size = {outcome.problem.id: len(outcome.problem.text.split()) for outcome in outcomes}
    slices = {
        "no_diacritics": run(problems, ranker, unmark=True),
        "typed_without_marks": [outcome for outcome in outcomes if not is_marked(outcome.problem.text)],
        "short": [outcome for outcome in outcomes if size[outcome.problem.id] <= SHORT],
        "long": [outcome for outcome in outcomes if size[outcome.problem.id] >= LONG],
    }
    return {**measure(outcomes), "slices": {name: measure(some) for name, some in slices.items()}}
