"""Answering a recorded run again, from the catalogue as it was: is the list the same, and if not, why not?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from typing import Any

from . import history, vectors
from .answer import required_from_json, to_json
from .engine.index import ENGINE_VERSION
from .engine.pipeline import recommend
from .engine.semantic import Embedder, EmbedderDown
from .engine.types import Assurance
from .models import Run

LISTS = ("results", "also_listed")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which another platform stands now; None where the list is shorter."""

    part: str  # results | also_listed | bundle
    place: int
    recorded: str | None
    replayed: str | None


@dataclass(frozen=True, slots=True)
class Replay:
    """What came out. answer: as `recommend --json` gives it, None when the catalogue of then is not kept.

    points: the most by which the score of a platform at an unchanged place differs (0 to 1). reasons: what is not now
    as it was then; said only where the list is not the same.
    """

    run: Run
    answer: dict[str, Any] | None
    differences: tuple[Difference, ...]
    points: float
    reasons: tuple[str, ...]

    @property
    def same(self) -> bool:
        return (
            self.answer is not None
            and not self.differences
            and _nothing(self.answer, self.run) == _nothing(self.run.answer, self.run)
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "run": str(self.run.pk),
            "same": self.same,
            "engine": self.run.engine,
            "abstained": {"recorded": self.run.abstained, "replayed": self.answer and self.answer["abstained"]},
            "recorded": _keys(self.run.answer),
            "replayed": _keys(self.answer) if self.answer else None,
            "differences": [asdict(difference) for difference in self.differences],
            "points": round(self.points, 4),
            "reasons": list(self.reasons),
        }


def replay(run: Run) -> Replay:
    """Answer the run's statement again, with what the engine knew then. Records nothing."""
    engine = run.engine
    try:
        kept = history.at(engine["catalogue_sequence"], engine["model"])
    except history.Unkept:
        return Replay(run, None, (), 0.0, (_UNKEPT, *_reasons(run, None)))
    index = kept.index(vectors.find)
    embedder = _embedder(run)
    reasons = _reasons(run, len(index))

    def answered(by: Embedder | None) -> dict[str, Any]:
        level, required = Assurance.parse(run.min_assurance), required_from_json(run.required)
        found = recommend(run.statement, index, by, required=required, min_assurance=level, top=run.top)
        return to_json(run.statement, found, index, required, 0.0)

    try:
        answer = answered(embedder)
    except EmbedderDown as trouble:
        reasons.append(f"the embedding server does not answer ({trouble}); replayed by words alone")
        answer = answered(None)
    differences = tuple(_differences(run.answer, answer))
    found = Replay(run, answer, differences, _points(run.answer, answer), ())
    return found if found.same else replace(found, reasons=tuple(reasons or [_UNKNOWN]))


_UNKEPT = "the catalogue of that moment is not kept, or in a form that this engine cannot read"
_UNKNOWN = "nothing recorded explains it: code, calibration or kept vectors changed under the same engine version"


def _embedder(run: Run) -> Embedder | None:
    """Return the embedder that the run used, None when it used none or this machine has another."""
    embedder = vectors.embedder() if "semantic" in run.engine["signals"] else None
    return embedder if embedder is not None and embedder.name == run.engine["model"] else None


def _reasons(run: Run, platforms: int | None) -> list[str]:
    """Say what is not now as it was then."""
    engine, reasons = run.engine, []
    if engine["version"] != ENGINE_VERSION:
        reasons.append(f"engine {engine['version']} gave the recorded list, this is {ENGINE_VERSION}")
    if "semantic" in engine["signals"] and _embedder(run) is None:
        embedder = vectors.embedder()
        here = f"has {embedder.name}" if embedder else "has no embedder"
        reasons.append(f"the recorded list used vectors of {engine['model']}, this machine {here}: by words alone")
    if platforms is not None and platforms != engine["platforms"]:
        reasons.append(f"the catalogue of then had {engine['platforms']} listings, {platforms} are kept")
    if engine["vectors_missing"]:
        reasons.append(f"{engine['vectors_missing']} listings waited for vectors then")
    return reasons


def _nothing(answer: dict[str, Any], run: Run) -> tuple[bool, str | None]:
    """Return whether nothing fits, and why: of answers given before reasons were, only the first is compared."""
    why = answer.get("why_no_result") if "why_no_result" in run.answer else None
    return answer["abstained"], why and why["code"]


def _keys(answer: dict[str, Any]) -> dict[str, list[str]]:
    kept = {part: [hit["platform"] for hit in answer[part]] for part in LISTS}
    if "bundle" in answer:  # answers given before there were bundles have none to compare
        kept["bundle"] = [member["platform"] for member in (answer["bundle"] or {"members": []})["members"]]
    return kept


def _differences(recorded: dict[str, Any], replayed: dict[str, Any]) -> Iterator[Difference]:
    before, now = _keys(recorded), _keys(replayed)
    for part in before:
        for place, (one, other) in enumerate(zip_longest(before[part], now[part]), start=1):
            if one != other:
                yield Difference(part, place, one, other)


def _points(recorded: dict[str, Any], replayed: dict[str, Any]) -> float:
    return max(
        (
            abs(one["score"] - other["score"])
            for part in LISTS
            for one, other in zip(recorded[part], replayed[part], strict=False)
            if one["platform"] == other["platform"]
        ),
        default=0.0,
    )
