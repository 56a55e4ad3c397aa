"""How far the engine's confidence can be trusted: docs/abstention.md, judged on texts that the fit had not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .calibration import KEPT, NEEDS_TRIED, SEED, UNDOUBTED, Array, MetSample, Sample, ScopeSample, auc
from .engine.index import ENGINE_VERSION, Index
from .engine.pipeline import UNSERVED

FOLDS = 5
BINS = 10
TITLES = {"lexical": "By words only", "semantic": "By words and meaning"}
COLOURS = {"lexical": "#8a5a00", "semantic": "#0b5654"}


@dataclass(frozen=True, slots=True)
class Bin:
    """The statements whose confidence lies between two tenths. Both sides weigh the same, as in the fit."""

    answerable: int
    outside: int
    said: float  # mean confidence
    true: float  # share that is answerable


@dataclass(frozen=True, slots=True)
class Judged:
    """Confidence of statements that the model which gave it had not seen (five folds, each text in one)."""

    auc: float
    kept: float
    let_through: float
    error: float  # mean distance of said and true over the statements (expected calibration error)
    bins: tuple[Bin | None, ...]  # None: no statement


def judge(sample: Sample) -> Judged:
    """Cross-validate: fit on four fifths of the texts, judge the last fifth, five times."""
    folds = _folds(sample)
    sure: tuple[list[Array], list[Array]] = ([], [])
    passed: tuple[list[bool], list[bool]] = ([], [])
    for fold in folds:
        model, rest = sample.without(fold).fit(), sample.only(fold)
        for side in (0, 1):
            confidence = model.confidence(rest.rows[side])
            sure[side].append(confidence)
            passed[side].extend((confidence >= model.threshold).tolist())
    answerable, outside = np.concatenate(sure[0]), np.concatenate(sure[1])
    bins = tuple(_bins(answerable, outside))
    weights = _weights(bins, len(answerable), len(outside))
    error = sum(weight * abs(one.said - one.true) for weight, one in zip(weights, bins, strict=True) if one)
    kept, let_through = (sum(of) / len(of) for of in passed)
    return Judged(auc(answerable, outside), kept, let_through, error, bins)


@dataclass(frozen=True, slots=True)
class JudgedScope:
    """How well two reasons for no answer are told apart, by models that had not seen the statement.

    needs, outside: share told rightly, of all; refused: the same and the number, of those that get no answer.
    """

    auc: float
    needs: float
    outside: float
    refused: tuple[tuple[float, int], tuple[float, int]]


def judge_scope(sample: ScopeSample) -> JudgedScope:
    """Cross-validate, as `judge` does."""
    chances: tuple[list[Array], list[Array]] = ([], [])
    right: tuple[list[bool], list[bool]] = ([], [])
    refused: tuple[list[bool], list[bool]] = ([], [])
    for fold in _folds(sample):
        rest, model = sample.only(fold), sample.without(fold).fit()
        for side in (0, 1):
            chance = model.confidence(rest.rows[side])
            chances[side].append(chance)
            right[side].extend(((chance >= model.threshold) == (side == 0)).tolist())
            refused[side].extend(rest.refused[side])
    among = [[one for one, no in zip(right[side], refused[side], strict=True) if no] for side in (0, 1)]
    shares = [(sum(some) / max(len(some), 1), len(some)) for some in among]
    needs, outside = (sum(of) / len(of) for of in right)
    return JudgedScope(auc(*(np.concatenate(side) for side in chances)), needs, outside, (shares[0], shares[1]))


def _folds(sample: Sample) -> list[set[int]]:
    """Deal the texts of each side into folds; a text with its unmarked twin stays together."""
    folds: list[set[int]] = [set() for _ in range(FOLDS)]
    choose = np.random.default_rng(SEED)
    for side in (0, 1):
        for at, text in enumerate(choose.permutation(sorted(set(sample.texts[side])))):
            folds[at % FOLDS].add(int(text))
    return folds


def _bins(answerable: Array, outside: Array) -> list[Bin | None]:
    bins: list[Bin | None] = []
    for at in range(BINS):
        mine, others = (side[np.minimum(np.floor(side * BINS), BINS - 1) == at] for side in (answerable, outside))
        weight, other_weight = len(mine) / len(answerable), len(others) / len(outside)
        whole = weight + other_weight
        if whole == 0:
            bins.append(None)
            continue
        said = (mine.sum() / len(answerable) + others.sum() / len(outside)) / whole
        bins.append(Bin(len(mine), len(others), float(said), weight / whole))
    return bins


def _weights(bins: Sequence[Bin | None], answerable: int, outside: int) -> list[float]:
    return [0.0 if one is None else (one.answerable / answerable + one.outside / outside) / 2 for one in bins]


def write(
    samples: Mapping[str, Sample],
    scope: Mapping[str, ScopeSample],
    nearby: Mapping[str, MetSample],
    index: Index,
    page: Path,
) -> None:
    """Write the page, and its picture beside it."""
    judged = {name: judge(sample) for name, sample in samples.items()}
    told = {name: judge_scope(sample) for name, sample in scope.items()}
    near = {name: judge(sample) for name, sample in nearby.items()}
    page.write_text(to_markdown(samples, judged, told, near, index, page.with_suffix(".svg").name), encoding="utf-8")
    page.with_suffix(".svg").write_text(to_svg(judged), encoding="utf-8")


def to_markdown(
    samples: Mapping[str, Sample],
    judged: Mapping[str, Judged],
    told: Mapping[str, JudgedScope],
    near: Mapping[str, Judged],
    index: Index,
    picture: str,
) -> str:
    """Return docs/abstention.md."""
    lines = [
        "# How well it knows when nothing fits",
        "",
        f"Written by `manage.py calibrate --report docs/abstention.md`: engine {ENGINE_VERSION}, {len(index)} listed products,",
        f"{len(index.knowledge.outside)} examples out of scope. No judged problem is looked at.",
        "",
        "The engine refuses to recommend below a confidence, and the confidence is meant as a probability: of the statements",
        "that get 0.8, about 80 of 100 should have an answer in the catalogue. Answerable statements are one `solves` of each",
        "product, taken out of its listing first; the others are the examples out of scope, each judged by the rest. Both kinds",
        "weigh the same. The model by words only also reads each text without its marks.",
        "",
        f"“Cross-validated” is the honest column: the texts are dealt into {FOLDS} folds, and each is judged by a model that saw",
        "only the other four. A text and its twin without marks stay in one fold.",
        "",
        "| | by words only, fitted | cross-validated | by words and meaning, fitted | cross-validated |",
        "|---|---|---|---|---|",
    ]  # fmt: skip
    fitted = {name: sample.fit() for name, sample in samples.items()}

    def row(title: str, mine: str, seen: Mapping[str, float], unseen: Mapping[str, float]) -> str:
        cells = [format(of[name], mine) if name in of else "–" for name in TITLES for of in (seen, unseen)]
        return f"| {title} | {' | '.join(cells)} |"

    lines += [
        row("AUC: how often an answerable statement is the surer of two", ".3f",
            {name: model.auc for name, model in fitted.items()}, {name: one.auc for name, one in judged.items()}),
        row("answerable statements that are answered", ".1%",
            dict.fromkeys(fitted, KEPT), {name: one.kept for name, one in judged.items()}),
        row("statements out of scope that slip through", ".1%",
            {name: model.let_through for name, model in fitted.items()},
            {name: one.let_through for name, one in judged.items()}),
        row("threshold", ".3f", {name: model.threshold for name, model in fitted.items()}, {}),
        row("mean distance of confidence and truth", ".3f", {}, {name: one.error for name, one in judged.items()}),
        "",
        f"![Confidence against truth, in tenths: the nearer to the diagonal, the better]({picture})",
        "",
    ]  # fmt: skip
    for name, one in judged.items():
        lines += [
            f"## {TITLES[name]}",
            "",
            "| confidence | answerable | out of scope | mean confidence | share answerable |",
            "|---|---|---|---|---|",
        ]
        for at, tenth in enumerate(one.bins):
            between = f"{at / BINS:.1f}–{(at + 1) / BINS:.1f}"
            if tenth is None:
                lines.append(f"| {between} | 0 | 0 | – | – |")
            else:
                numbers = f"{tenth.answerable} | {tenth.outside} | {tenth.said:.2f} | {tenth.true:.2f}"
                lines.append(f"| {between} | {numbers} |")
        lines.append("")
    return "\n".join([*lines, *_scope_lines(told), *_near_lines(near)])


def _near_lines(near: Mapping[str, Judged]) -> list[str]:
    lines = [
        "## Near misses",
        "",
        "The right kind of product but not the right product shares words and meaning with the catalogue, so it gets a high",
        "confidence and is answered, with what is not covered. A third model asks whether a listed product meets the need. It",
        "is fitted on the problems above, asked of the catalogue as it is, against the same problems asked of a catalogue",
        f"without any product of their category. Below the line that {UNDOUBTED:.0%} of the met stay above, the answer says that",
        "the catalogue may not hold the right product. Neighbours often do part of the work, so it is a caution, no refusal.",
        "Cross-validated as above:",
        "",
        "| | AUC | met, without a caution | only nearby, with a caution | mean distance of probability and truth |",
        "|---|---|---|---|---|",
    ]
    for name, one in near.items():
        numbers = f"{one.auc:.3f} | {one.kept:.1%} | {1 - one.let_through:.1%} | {one.error:.3f}"
        lines.append(f"| {TITLES[name].lower()} | {numbers} |")
    return [*lines, ""]


def _scope_lines(told: Mapping[str, JudgedScope]) -> list[str]:
    lines = [
        "## Why nothing fits",
        "",
        "A statement without an answer is either out of scope, or a digital need that no listed product meets; the page, the",
        "API and the command say which. A second model tells them apart by the statement alone: how near it is to the known",
        "needs of the categories, how near to the examples out of scope, and its length. It is fitted on",
        f"{NEEDS_TRIED} needs of each category, each taken out of it and asked of a catalogue without any product of that category,",
        "against the examples out of scope. Its line stands where both kinds are told equally well among the statements that",
        "get no answer: only they are judged by it, and they are the needs that look least like one, so they are harder.",
        "Cross-validated as above:",
        "",
        "| | AUC | needs told rightly | out of scope told rightly | of needs without an answer | of out of scope without an answer |",
        "|---|---|---|---|---|---|",
    ]
    for name, one in told.items():
        among = " | ".join(f"{share:.0%} of {count}" for share, count in one.refused)
        lines.append(f"| {TITLES[name].lower()} | {one.auc:.3f} | {one.needs:.1%} | {one.outside:.1%} | {among} |")
    lines += [
        "",
        f"A statement clearly about one category (share of {UNSERVED} or more) of which no listing comes near also gets no answer, for",
        "that reason. Most needs of an emptied category are still answered, with products of its neighbours and with what they",
        "do not cover.",
        "",
    ]
    return lines


def to_svg(judged: Mapping[str, Judged]) -> str:
    """Return the reliability curves: confidence to the right, truth upwards."""
    left, top, side = 60, 20, 320

    def at(said: float, true: float) -> tuple[str, str]:
        return f"{left + side * said:.1f}", f"{top + side * (1 - true):.1f}"

    text = 'font-family="sans-serif" font-size="13" fill="#1c2524"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 {top + side + 60}" role="img">',
        "<title>Confidence against truth</title>",
        '<rect width="100%" height="100%" fill="#fffefb"/>',
        f'<rect x="{left}" y="{top}" width="{side}" height="{side}" fill="none" stroke="#75807b"/>',
        f'<line x1="{left}" y1="{top + side}" x2="{left + side}" y2="{top}" stroke="#75807b" stroke-dasharray="5 4"/>',
    ]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x, y = at(tick, tick)
        parts.append(f'<text x="{x}" y="{top + side + 20}" text-anchor="middle" {text}>{tick:g}</text>')
        parts.append(f'<text x="{left - 8}" y="{float(y) + 4:.1f}" text-anchor="end" {text}>{tick:g}</text>')
    middle = left + side // 2
    parts.append(f'<text x="{middle}" y="{top + side + 45}" text-anchor="middle" {text}>mean confidence</text>')
    parts.append(f'<text x="16" y="{top + side // 2}" text-anchor="middle" transform="rotate(-90 16 {top + side // 2})" {text}>share answerable</text>')  # fmt: skip
    for row, (name, one) in enumerate(judged.items()):
        points = [at(tenth.said, tenth.true) for tenth in one.bins if tenth]
        line = " ".join(f"{x},{y}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{COLOURS[name]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="4" fill="{COLOURS[name]}"/>' for x, y in points]
        line_at = top + 20 + 24 * row
        parts.append(f'<rect x="{left + side + 20}" y="{line_at - 10}" width="12" height="12" fill="{COLOURS[name]}"/>')
        parts.append(f'<text x="{left + side + 40}" y="{line_at}" {text}>{TITLES[name]}</text>')
    return "\n".join([*parts, "</svg>", ""])
