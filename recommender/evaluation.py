"""Judging the recommender by problems with known answers: the numbers behind `evaluate`."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import log1p
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from catalogue.common.errors import DomainError
from catalogue.common.text import fold

from .engine.abbreviations import Expander
from .engine.index import Index
from .engine.lexical import K1, B
from .engine.metrics import RELEVANT, hit, ndcg, percentile, recall, reciprocal_rank
from .engine.pipeline import rank
from .engine.semantic import Embedder
from .engine.text import is_marked
from .engine.types import Document

SHORT, LONG = 20, 40  # syllables: a short statement has at most the first, a long one at least the second
RESAMPLES, SEED = 2_000, 16  # of the bootstrap
MEASURES = ("ndcg@10", "recall@10", "mrr", "p@1", "hit@3")
Ranker = Callable[[str], tuple[list[str], bool]]  # statement → keys best first, and whether it abstains


class BadProblems(DomainError):
    """The file of judged problems cannot be used."""

    code = "bad_problems"


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement with its known answers.

    none: no product fits, so abstaining is right. gold: the category leaves it is about, the surest first.
    """

    id: str
    text: str
    judgements: Mapping[str, int]
    none: bool
    gold: tuple[str, ...] = ()


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
        problems.append(Judged(str(row.get("id", at)), row["text"], grades, bool(row.get("none", False)), _gold(row)))
    return problems


def _gold(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the leaves that a problem is about: those of the highest grade, in the order of the file."""
    leaves = row.get("gold") or []
    best = max((leaf["grade"] for leaf in leaves), default=0)
    return tuple(leaf["category"] for leaf in leaves if leaf["grade"] == best)


def run(problems: Sequence[Judged], ranker: Ranker, *, unmark: bool = False) -> list[Outcome]:
    """Rank for every problem. unmark: type every statement without diacritics."""
    outcomes = []
    for problem in problems:
        text = fold(problem.text) if unmark else problem.text
        started = time.perf_counter()
        ranking, abstained = ranker(text)
        outcomes.append(Outcome(problem, ranking, abstained, (time.perf_counter() - started) * 1000))
    return outcomes


def scores(outcomes: Sequence[Outcome]) -> dict[str, list[float]]:
    """Return by measure one value a problem that can be scored by it (see design: grades above 0, or of 2 and more)."""
    graded = [outcome for outcome in outcomes if any(grade > 0 for grade in outcome.problem.judgements.values())]
    relevant = [o for o in graded if any(grade >= RELEVANT for grade in o.problem.judgements.values())]

    def each(over: Sequence[Outcome], score: Callable[[list[str], Mapping[str, int]], float]) -> list[float]:
        return [score(outcome.ranking, outcome.problem.judgements) for outcome in over]

    return {
        "ndcg@10": each(graded, ndcg),
        "recall@10": each(relevant, recall),
        "mrr": each(relevant, reciprocal_rank),
        "p@1": each(relevant, lambda ranking, grades: hit(ranking, grades, 1)),
        "hit@3": each(relevant, lambda ranking, grades: hit(ranking, grades, 3)),
    }


def interval(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the 95 % interval of the mean: percentiles of the means of resampled problems; None for fewer than two.

    The seed is fixed, so the same values give the same interval.
    Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    if len(values) < 2:
        return None
    sample = np.array(values)
    picks = np.random.default_rng(SEED).integers(len(sample), size=(RESAMPLES, len(sample)))
    low, high = np.quantile(sample[picks].mean(axis=1), (0.025, 0.975))
    return round(float(low), 4), round(float(high), 4)


def measure(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return every measure over these outcomes, with its interval; None where no statement can be scored."""
    by_measure = scores(outcomes)
    times = [outcome.took_ms for outcome in outcomes]
    return {
        **{name: round(sum(of) / len(of), 4) if of else None for name, of in by_measure.items()},
        "intervals": {name: interval(of) for name, of in by_measure.items()},
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


def slices(outcomes: Sequence[Outcome], ranker: Ranker) -> dict[str, list[Outcome]]:
    """Return the outcomes by slice, in the order of reports.

    no_diacritics is every statement stripped of its marks, typed_without_marks those that came without.
    """

    def where(wanted: Callable[[str], bool]) -> list[Outcome]:
        return [outcome for outcome in outcomes if wanted(outcome.problem.text)]

    return {
        "no_diacritics": run([outcome.problem for outcome in outcomes], ranker, unmark=True),
        "typed_without_marks": where(lambda text: not is_marked(text)),
        "short": where(lambda text: len(text.split()) <= SHORT),
        "long": where(lambda text: len(text.split()) >= LONG),
    }


def report(problems: Sequence[Judged], ranker: Ranker) -> dict[str, Any]:
    """Return the measures over all problems and by slice, in the shape of `evaluate --json`."""
    outcomes = run(problems, ranker)
    return {
        **measure(outcomes),
        "slices": {name: measure(some) for name, some in slices(outcomes, ranker).items()},
    }


def plain_bm25(documents: Sequence[Document]) -> Ranker:
    """Return what a search engine does out of the box: BM25 over lower-case words of the listing, without its solves."""
    texts = [
        [document.name, document.summary, document.description, *document.capabilities, *document.customers]
        for document in documents
    ]
    bags = [Counter(re.findall(r"\w+", " ".join(text).lower())) for text in texts]
    df = Counter(word for bag in bags for word in bag)
    average = sum(bag.total() for bag in bags) / len(bags)

    def score(words: list[str], bag: Counter[str]) -> float:
        norm = K1 * (1 - B + B * bag.total() / average)
        return sum(
            log1p((len(bags) - df[word] + 0.5) / (df[word] + 0.5)) * bag[word] * (K1 + 1) / (bag[word] + norm)
            for word in words
            if word in bag
        )

    def ranker(text: str) -> tuple[list[str], bool]:
        words = re.findall(r"\w+", text.lower())
        order = sorted(range(len(bags)), key=lambda row: (-score(words, bags[row]), documents[row].key))
        return [documents[row].key for row in order], False

    return ranker


def steps(index: Index, embedder: Embedder | None) -> dict[str, Ranker]:
    """Return the rankers of the ablation, each with one step more than the one before."""
    documents = sorted(index.documents(), key=lambda document: document.key)
    bare = [replace(document, solves=()) for document in documents]
    nothing: Callable[[Any], dict[str, Any]] = lambda keys: {}  # noqa: E731
    untold = Index.build(bare, replace(index.knowledge, abbreviations=()), nothing)
    unexpanded = replace(index, expander=Expander(()))
    words = {"lexical": 1.0, "semantic": 0.0, "need": 0.0}
    both = {**words, "semantic": 1.0}
    rankers: dict[str, Ranker] = {
        "plain": plain_bm25(documents),
        "syllables": partial(rank, index=untold, weights=words),
        "solves": partial(rank, index=unexpanded, weights=words),
        "abbreviations": partial(rank, index=index, weights=words),
    }
    if embedder is not None:
        rankers["vectors"] = partial(rank, index=index, embedder=embedder, weights=both)
    rankers["all"] = partial(rank, index=index, embedder=embedder)
    rankers["words_only"] = partial(rank, index=index)
    return rankers
