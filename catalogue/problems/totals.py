"""From agreed points to an order: the arithmetic of an evaluation, and nothing else.

Total, 0 to 100: each of the three aspects gives its weight times its share of the most points. The share for fit is the mean
over the requirements, in which one that must be met counts twice one that is nice to have.

Who has the same total is ordered by the share for requirements that must be met, then by the lower price, then by who handed
in earlier. The rule is on the page of every problem before anybody answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

MUST_COUNTS = 2
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Scored:
    """One proposal with its agreed points, 0 to `most`. fit: (must be met?, points) of each requirement."""

    key: int
    fit: Sequence[tuple[bool, int]]
    price: int
    delivery: int
    amount: int  # dong
    handed_in: datetime


@dataclass(frozen=True, slots=True)
class Weights:
    """What each aspect counts; together 100."""

    fit: int
    price: int
    delivery: int


def totals(scored: Sequence[Scored], weights: Weights, most: int) -> Mapping[int, Decimal]:
    """Return the total of each by its key, best first; equals in the order of the tie rule."""
    exact = {one.key: _total(one, weights, most) for one in scored}
    ordered = sorted(scored, key=lambda one: (-exact[one.key], -_musts(one), one.amount, one.handed_in, one.key))
    return {one.key: _rounded(exact[one.key]) for one in ordered}


def _total(one: Scored, weights: Weights, most: int) -> Fraction:
    counted = [(MUST_COUNTS if must else 1, points) for must, points in one.fit]
    base = sum(n for n, _ in counted)
    fit = Fraction(sum(n * points for n, points in counted), base) if base else Fraction(0)
    return (weights.fit * fit + weights.price * one.price + weights.delivery * one.delivery) / most


def _musts(one: Scored) -> Fraction:
    points = [points for must, points in one.fit if must]
    return Fraction(sum(points), len(points)) if points else Fraction(0)


def _rounded(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_CENT, ROUND_HALF_UP)
