"""Step 8: is there an answer at all? A calibrated probability, and the line below which the engine abstains.

Raw scores cannot be compared between statements, so the signals are shares: how much of the statement the best listing
covers, how near the nearest meaning is, how the statement stands to the known needs; its length says what share to
expect. Coefficients are fitted by `manage.py calibrate` on the repository's own data and kept in `calibration.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

CALIBRATION = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a statement once the candidates are scored.

    coverage: share of the statement's idf in the best of the first ten listings. density: best BM25 over the sum of idf.
    need: BM25 of the nearest known need over the sum of idf. length: log(1 + number of different terms).
    outside: BM25 of the nearest example out of scope over the sum of idf. similarity, outside_similarity: of the nearest
    listing and the nearest examples out of scope; need_similarity: of the nearest known needs (all 0 without vectors). agrees: 1 where the best
    listing is of the category that the statement seems to be about, else 0.
    """

    coverage: float
    density: float
    need: float
    length: float
    outside: float
    similarity: float
    outside_similarity: float
    need_similarity: float
    agrees: float

    def values(self, *, semantic: bool) -> list[float]:
        lexical = [self.coverage, self.density, self.need, self.length, self.outside]
        return [*lexical, self.similarity, self.outside_similarity] if semantic else lexical

    def scope(self, *, semantic: bool) -> list[float]:
        """Return the signals that say what kind of need it is, whatever products there are."""
        lexical = [self.need, self.length, self.outside]
        return [*lexical, self.need_similarity, self.outside_similarity] if semantic else lexical

    def met(self, *, semantic: bool) -> list[float]:
        """Return the signals that say whether a listed product meets the need, or only comes near."""
        lexical = [self.coverage, self.density, self.need, self.length, self.agrees]
        return [*lexical, self.similarity, self.outside_similarity, self.need_similarity] if semantic else lexical


def confidence(signals: Signals, *, semantic: bool) -> float:
    """Return the probability (0 to 1) that the catalogue holds an answer."""
    return _probability(_models()["semantic" if semantic else "lexical"], signals.values(semantic=semantic))


def digital(signals: Signals, *, semantic: bool) -> float:
    """Return the probability (0 to 1) that a digital platform could answer, whether or not one is listed."""
    return _probability(_models("scope")["semantic" if semantic else "lexical"], signals.scope(semantic=semantic))


def digital_threshold(*, semantic: bool) -> float:
    """Return the probability below which a statement that gets no answer is called out of scope."""
    return float(_models("scope")["semantic" if semantic else "lexical"]["threshold"])


def met(signals: Signals, *, semantic: bool) -> float:
    """Return the probability (0 to 1) that a listed product meets the need, and not only others of nearby categories."""
    return _probability(_models("met")["semantic" if semantic else "lexical"], signals.met(semantic=semantic))


def met_threshold(*, semantic: bool) -> float:
    """Return the probability below which an answer is given with a caution."""
    return float(_models("met")["semantic" if semantic else "lexical"]["threshold"])


def threshold(*, semantic: bool) -> float:
    """Return the confidence below which the engine abstains."""
    return float(_models()["semantic" if semantic else "lexical"]["threshold"])


def _probability(model: Mapping[str, Any], signals: list[float]) -> float:
    z = model["intercept"] + sum(weight * value for weight, value in zip(model["weights"], signals, strict=True))
    return 1 / (1 + exp(-max(-50.0, min(50.0, z))))


@cache
def _models(of: str = "models") -> Mapping[str, Mapping[str, Any]]:
    return json.loads(CALIBRATION.read_text())[of]
