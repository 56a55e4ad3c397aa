"""Judging the recommender by problems with known answers: the numbers behind `evaluate` and docs/evaluation.md."""

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

import yaml

from catalogue.common.errors import DomainError
from catalogue.common.text import fold

from .engine.abbreviations import Expander
from .engine.index import ENGINE_VERSION, Index
from .engine.lexical import K1, B
from .engine.metrics import RELEVANT, hit, ndcg, percentile, recall, reciprocal_rank
from .engine.pipeline import rank
from .engine.semantic import Embedder
from .engine.text import is_marked
from .engine.types import Document

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
        "plain BM25 on lower-case words": plain_bm25(documents),
        "+ canonical syllables, folded bigrams, routing by marks": partial(rank, index=untold, weights=words),
        "+ each product's `solves`": partial(rank, index=unexpanded, weights=words),
        "+ abbreviations expanded": partial(rank, index=index, weights=words),
    }
    if embedder is not None:
        rankers["+ vectors"] = partial(rank, index=index, embedder=embedder, weights=both)
    rankers["+ prior of the category leaves (all steps)"] = partial(rank, index=index, embedder=embedder)
    rankers["all steps, without vectors"] = partial(rank, index=index)
    return rankers


def to_markdown(problems: Sequence[Judged], index: Index, embedder: Embedder | None) -> str:
    """Return docs/evaluation.md: what each step adds, and the slices of the whole."""
    columns = ("ndcg@10", "recall@10", "mrr", "p@1", "hit@3")

    def row(name: str, measured: Mapping[str, Any], *more: str) -> str:
        return f"| {name} | {' | '.join([*(_number(measured[column]) for column in columns), *more])} |"

    lines = [
        "# How good the recommender is",
        "",
        f"Written by `make evaluate`: engine {ENGINE_VERSION}, {len(index)} listed products, "
        f"{len(problems)} judged problems (`seeds/problems_dev.yaml`), vectors of {index.stamp.model or 'no model'}.",
        "Every listed product is judged, whatever its assurance. Gain is 2^grade − 1; p@1, hit@3, MRR and recall count",
        "grade 2 and above. The problems are for development: nothing was fitted to them, and they are few, so differences",
        "below 0.02 are noise. An experienced officer who read every listing reached nDCG@10 0.89.",
        "",
        "## What each step contributes",
        "",
        f"| step | {' | '.join(columns)} | typed without marks: nDCG@10 |",
        f"|---|{'---|' * (len(columns) + 1)}",
    ]
    for name, ranker in steps(index, embedder).items():
        stripped = measure(run(problems, ranker, unmark=True))["ndcg@10"]
        lines.append(row(name, measure(run(problems, ranker)), _number(stripped)))
    whole = report(problems, partial(rank, index=index, embedder=embedder))
    lines += ["", "## Slices", "", f"| slice | {' | '.join(columns)} | n |", f"|---|{'---|' * (len(columns) + 1)}"]
    lines += [row(name, part, str(part["n"])) for name, part in {"all": whole, **whole["slices"]}.items()]
    refused = whole["abstention"]["abstained"]
    lines += [
        "",
        "## Abstention",
        "",
        f"Of {len(problems)} problems the engine refuses {refused}; {sum(p.none for p in problems)} have no product that",
        "fits at grade 2. Those are near misses (the right kind of product, not the right product) and are answered with",
        "what is not covered. Far-off statements are told apart by example: `manage.py calibrate` prints how well.",
        "",
    ]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
