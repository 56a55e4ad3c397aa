"""Measures of a ranking against graded judgements.

Grades: 3 solves the need, 2 covers a substantial part, 1 marginal, absent 0.
A ranking is a list of keys, best first; judgements map a key to its grade.
"""

from collections.abc import Mapping, Sequence
from math import log2

RELEVANT = 2  # the lowest grade that counts as an answer, where a measure knows only yes and no

Judgements = Mapping[str, int]


def ndcg(ranking: Sequence[str], grades: Judgements, k: int = 10) -> float:
    """Return normalised discounted cumulative gain at k, with gain 2^grade − 1 and discount 1 / log2(rank + 1).

    Raises ValueError when nothing is judged above 0: there is no ideal order to compare with.
    Source: Burges et al., ICML 2005 (gain); Järvelin & Kekäläinen, TOIS 2002 (discount).
    """
    ideal = _dcg(sorted(grades.values(), reverse=True)[:k])
    if ideal == 0:
        raise ValueError("no judgement above 0")
    return _dcg([grades.get(key, 0) for key in ranking[:k]]) / ideal


def _dcg(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def recall(ranking: Sequence[str], grades: Judgements, k: int = 10) -> float:
    """Return the share of the relevant keys that stand in the first k. Raises ValueError when none is relevant."""
    relevant = _relevant(grades)
    return len(relevant.intersection(ranking[:k])) / len(relevant)


def hit(ranking: Sequence[str], grades: Judgements, k: int) -> float:
    """Return 1.0 when a relevant key stands in the first k, else 0.0. Raises ValueError when none is relevant."""
    return float(not _relevant(grades).isdisjoint(ranking[:k]))


def reciprocal_rank(ranking: Sequence[str], grades: Judgements) -> float:
    """Return 1 / rank of the first relevant key, 0.0 when it is not there. Raises ValueError when none is relevant."""
    relevant = _relevant(grades)
    return next((1 / rank for rank, key in enumerate(ranking, start=1) if key in relevant), 0.0)


def _relevant(grades: Judgements) -> set[str]:
    relevant = {key for key, grade in grades.items() if grade >= RELEVANT}
    if not relevant:
        raise ValueError("nothing is judged relevant")
    return relevant


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie, by linear interpolation; 0.0 when empty."""
    if not values:
        return 0.0
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
