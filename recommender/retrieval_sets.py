"""Public retrieval sets: the engine's retrieval on other people's questions, beside plain BM25.

A set is a folder in the layout of BEIR: corpus.jsonl, queries.jsonl, qrels/test.tsv, and about.yaml, which says what it
is. A passage is indexed as a listing's description, with nothing else of a listing: no `solves`, no category.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from . import vectors
from .engine.index import Index
from .engine.metrics import RELEVANT
from .engine.pipeline import WEIGHTS, rank
from .engine.semantic import Embedder, Vectors, passages, text_key
from .engine.types import Assurance, Document
from .evaluation import BadProblems, Judged, Ranker, measure, plain_bm25, run

MEASURES = ("ndcg@10", "recall@10", "mrr")
BATCH = 32  # passages embedded at once
_BY_WORDS = {"lexical": 1.0, "semantic": 0.0, "need": 0.0}
_BY_BOTH = {**WEIGHTS, "need": 0.0}  # no category, so nothing speaks for or against one


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Passages by id, questions with the passages that answer them, and what about.yaml says."""

    name: str
    about: Mapping[str, Any]
    passages: Mapping[str, str]
    questions: tuple[Judged, ...]


def read_set(folder: Path) -> RetrievalSet:
    """Read a set. Any score above 0 counts as relevant. Raises BadProblems naming the file that is wrong."""
    about = _about(folder / "about.yaml")
    texts = {row["_id"]: row["text"] for row in _rows(folder / "corpus.jsonl")}
    relevant = _qrels(folder / "qrels" / "test.tsv")
    if strangers := {key for keys in relevant.values() for key in keys} - texts.keys():
        raise BadProblems(f"{folder}: qrels name passages that are not there: {', '.join(sorted(strangers))}")
    questions = tuple(
        Judged(row["_id"], row["text"], dict.fromkeys(relevant[row["_id"]], RELEVANT), none=False)
        for row in _rows(folder / "queries.jsonl")
        if row["_id"] in relevant
    )
    if not questions:
        raise BadProblems(f"{folder} has no question with an answer")
    return RetrievalSet(folder.name, about, texts, questions)


def read_sets(folder: Path) -> list[RetrievalSet]:
    """Read every set of a folder, by name. Raises BadProblems when one is wrong, or there is none."""
    folders = sorted(path.parent for path in folder.glob("*/about.yaml"))
    if not folders:
        raise BadProblems(f"{folder} holds no retrieval set: a folder with about.yaml")
    return [read_set(one) for one in folders]


def _about(path: Path) -> dict[str, Any]:
    try:
        about = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {
            "title": str(about["title"]), "licence": str(about["licence"]), "source": str(about["source"]),
            "vi": str(about["label"]["vi"]), "en": str(about["label"]["en"]),
        }  # fmt: skip
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise BadProblems(f"{path} cannot be used: {error}") from error


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a JSONL file, each with a text and an id."""
    try:
        for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            row = json.loads(line)
            if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("_id", "text")):
                raise BadProblems(f"{path}: line {at} needs an `_id` and a `text`")
            yield row
    except (OSError, ValueError) as error:
        raise BadProblems(f"{path} cannot be read: {error}") from error


def _qrels(path: Path) -> dict[str, list[str]]:
    """Return the relevant passages of each question."""
    relevant: dict[str, list[str]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if int(row["score"]) > 0:
                    relevant.setdefault(row["query-id"], []).append(row["corpus-id"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadProblems(f"{path} cannot be used: {error!r}") from error
    return relevant


def judge(of: RetrievalSet, site: Index, embedder: Embedder | None) -> dict[str, Any]:
    """Return what each way of searching reaches, with and without marks.

    site: lends its abbreviations and the centre of its vectors.
    """
    return {
        "name": of.name, **of.about, "passages": len(of.passages), "questions": len(of.questions),
        "ways": {
            name: {
                "marked": _measured(of.questions, ranker, unmark=False),
                "unmarked": _measured(of.questions, ranker, unmark=True),
            }
            for name, ranker in ways(of, site, embedder).items()
        },
    }  # fmt: skip


def ways(of: RetrievalSet, site: Index, embedder: Embedder | None) -> dict[str, Ranker]:
    """Return the rankers that are compared; that with vectors only where there are vectors."""
    documents = [_document(key, text) for key, text in sorted(of.passages.items())]
    made = _embedded({text for document in documents for text in passages(document)}, embedder) if embedder else {}

    def find(keys: Iterable[str]) -> Vectors:
        wanted = list(keys)
        return {
            **vectors.find(key for key in wanted if key not in made),
            **{key: made[key] for key in wanted if key in made},
        }

    index = Index.build(documents, site.knowledge, find, model=embedder.name if embedder else "")
    found: dict[str, Ranker] = {"plain": plain_bm25(documents), "words": partial(rank, index=index, weights=_BY_WORDS)}
    if index.centre is not None:
        found["vectors"] = partial(rank, index=index, embedder=embedder, weights=_BY_BOTH)
    return found


def _document(key: str, text: str) -> Document:
    """A vendor of its own, since one vendor gets at most four of the first ten places."""
    # Vetted: who wrote a passage sells nothing, so the rules for claims (see `engine.claims`) are not asked of it.
    return Document(
        key=key, name="", vendor=key, vendor_name="", category="", description=text, assurance=Assurance.VETTED
    )


def _embedded(texts: Iterable[str], embedder: Embedder) -> dict[str, Any]:
    """Return the vectors of these texts by key. They are not kept: they are no part of the catalogue."""
    ordered = sorted(texts)
    made = {}
    for start in range(0, len(ordered), BATCH):
        some = ordered[start : start + BATCH]
        rows = embedder.passages(some)
        made.update({text_key(text, embedder.name): row for text, row in zip(some, rows, strict=True)})
    return made


def _measured(questions: Sequence[Judged], ranker: Ranker, *, unmark: bool) -> dict[str, Any]:
    measured = measure(run(questions, ranker, unmark=unmark))
    return {name: {"value": measured[name], "interval": measured["intervals"][name]} for name in MEASURES}
