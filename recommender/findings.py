"""What an evaluation found, as data and as a page: docs/evaluation.json and docs/evaluation.md.

No clock in either: the same engine on the same data writes the same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from catalogue.platforms.models import Category

from . import retrieval_sets
from .engine.index import ENGINE_VERSION, Index
from .engine.metrics import ndcg
from .engine.pipeline import rank
from .engine.semantic import Embedder
from .evaluation import MEASURES, RESAMPLES, Judged, Outcome, interval, measure, run, slices, steps

AN_OFFICER = 0.89  # nDCG@10 of an experienced officer who read every listing
WORST = 10
FIRST_WORDS = 12
FIRST_PLACES = 10
TYPED = ("marked", "unmarked")
SIZES = {"1": range(1, 2), "2-4": range(2, 5), "5+": range(5, 1_000_000)}  # listed products of a vendor


def gather(problems: Sequence[Judged], index: Index, embedder: Embedder | None, source: str) -> dict[str, Any]:
    """Measure everything that the page shows. source: the name of the file of problems."""
    ranker = partial(rank, index=index, embedder=embedder)
    outcomes = run(problems, ranker)
    return {
        "engine": ENGINE_VERSION,
        "model": index.stamp.model,
        "platforms": len(index),
        "problems": len(problems),
        "source": source,
        "officer": {"ndcg@10": AN_OFFICER},
        "whole": _measured(outcomes),
        "slices": {name: _measured(some) for name, some in slices(outcomes, ranker).items()},
        "steps": {
            name: {
                **_measured(run(problems, step)),
                "unmarked": measure(run(problems, step, unmark=True))["ndcg@10"],
            }
            for name, step in steps(index, embedder).items()
        },
        "abstention": {**measure(outcomes)["abstention"], "none": sum(problem.none for problem in problems)},
        "groups": _groups(outcomes),
        "worst": _worst(outcomes),
        "vendors": _vendors(outcomes, index),
    }


def _measured(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    measured = measure(outcomes)
    return {
        "n": measured["n"],
        "measures": {name: {"value": measured[name], "interval": measured["intervals"][name]} for name in MEASURES},
    }


def _scored(outcomes: Sequence[Outcome]) -> Iterator[tuple[Outcome, float]]:
    """Yield the outcomes that have an nDCG@10, with it."""
    for outcome in outcomes:
        if any(outcome.problem.judgements.values()):
            yield outcome, ndcg(outcome.ranking, outcome.problem.judgements)


def _groups(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Return the mean nDCG@10 by the group of the leaf that a problem is about, worst first."""
    parents = {leaf.key: leaf.parent for leaf in Category.objects.leaves_only().select_related("parent")}
    values: dict[Category, list[float]] = {}
    for outcome, value in _scored(outcomes):
        group = parents.get(outcome.problem.gold[0]) if outcome.problem.gold else None
        if group is not None:
            values.setdefault(group, []).append(value)
    rows = [
        {
            "group": group.key, "vi": group.label_vi, "en": group.label_en,
            "n": len(of), "ndcg@10": round(sum(of) / len(of), 4), "interval": interval(of),
        }
        for group, of in values.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["ndcg@10"], row["group"]))


def _worst(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Return the problems that came out worst."""
    labels = {leaf.key: leaf for leaf in Category.objects.leaves_only()}
    ordered = sorted(_scored(outcomes), key=lambda pair: (round(pair[1], 9), pair[0].problem.id))[:WORST]
    rows = []
    for outcome, value in ordered:
        words = outcome.problem.text.split()
        leaves = [labels[key] for key in outcome.problem.gold if key in labels]
        rows.append(
            {
                "id": outcome.problem.id,
                "words": " ".join(words[:FIRST_WORDS]) + ("…" if len(words) > FIRST_WORDS else ""),
                "vi": [leaf.label_vi for leaf in leaves],
                "en": [leaf.label_en for leaf in leaves],
                "ndcg@10": round(value, 4),
            }
        )
    return rows


def _vendors(outcomes: Sequence[Outcome], index: Index) -> list[dict[str, Any]]:
    """Return by vendor size the share of the first ten places against the share of the catalogue."""
    vendor = {document.key: document.vendor for document in index.documents()}
    products = Counter(vendor.values())
    places = Counter(vendor[key] for outcome in outcomes for key in outcome.ranking[:FIRST_PLACES])
    rows = []
    for size, many in SIZES.items():
        firms = [firm for firm, count in products.items() if count in many]
        listed, placed = sum(products[firm] for firm in firms), sum(places[firm] for firm in firms)
        rows.append(
            {
                "size": size, "vendors": len(firms), "products": listed, "places": placed,
                "share_of_catalogue": round(listed / max(products.total(), 1), 4),
                "share_of_places": round(placed / max(places.total(), 1), 4),
            }
        )  # fmt: skip
    return rows


def write(found: Mapping[str, Any], page: Path) -> None:
    """Write the page, and the data beside it for the site's scoreboard."""
    page.write_text(to_markdown(found), encoding="utf-8")
    page.with_suffix(".json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


STEPS = {
    "plain": "plain BM25 on lower-case words",
    "syllables": "+ canonical syllables, folded bigrams, routing by marks",
    "solves": "+ each product's `solves`",
    "abbreviations": "+ abbreviations expanded",
    "vectors": "+ vectors",
    "all": "+ prior of the category leaves (all steps)",
    "words_only": "all steps, without vectors",
}


def to_markdown(found: Mapping[str, Any]) -> str:
    """Return docs/evaluation.md."""
    whole, refused = found["whole"], found["abstention"]
    return "\n".join(
        [
            "# How good the recommender is",
            "",
            f"Written by `make evaluate`: engine {found['engine']}, {found['platforms']} listed products, "
            f"{found['problems']} judged problems (`{found['source']}`), vectors of {found['model'] or 'no model'}.",
            "The site shows the same numbers at `/bang-diem/`, from `evaluation.json` beside this page.",
            "",
            "Every listed product is judged, whatever its assurance. Gain is 2^grade − 1; p@1, hit@3, MRR and recall count",
            "grade 2 and above. The problems are for development: steps were chosen with them in sight, so expect a little less",
            f"on others. In brackets the 95 % interval of the mean ({RESAMPLES:,} bootstrap resamples of the problems, fixed seed):",
            "two numbers whose intervals overlap widely may differ by luck.",
            f"An experienced officer who read every listing reached nDCG@10 {found['officer']['ndcg@10']}.",
            "",
            *_table("What each step contributes", ["step", *MEASURES, "typed without marks: nDCG@10"],
                    [[STEPS[name], *(_number(step["measures"][one]["value"]) for one in MEASURES), _number(step["unmarked"])]
                     for name, step in found["steps"].items()]),
            *_table("Slices", ["slice", *MEASURES, "n"],
                    [[name, *(_with_interval(part["measures"][one]) for one in MEASURES), str(part["n"])]
                     for name, part in {"all": whole, **found["slices"]}.items()]),
            *_table("By group of the category a problem is about", ["group", "nDCG@10", "n"],
                    [[row["en"], _with_interval({"value": row["ndcg@10"], "interval": row["interval"]}), str(row["n"])]
                     for row in found["groups"]]),
            *_table("The ten worst", ["problem", "begins", "is about", "nDCG@10"],
                    [[row["id"], _cell(row["words"]), "; ".join(row["en"]), _number(row["ndcg@10"])] for row in found["worst"]]),
            *_table("Small vendors and large ones",
                    ["products of the vendor", "vendors", "products", "of the catalogue", "of the first ten places"],
                    [[row["size"].replace("-", "–"), str(row["vendors"]), str(row["products"]),
                      f"{row['share_of_catalogue']:.1%}", f"{row['share_of_places']:.1%}"] for row in found["vendors"]]),
            *_public(found.get("public") or []),
            "## Abstention",
            "",
            f"Of {found['problems']} problems the engine refuses {refused['abstained']}; {refused['none']} have no product that",
            "fits at grade 2. Those are near misses (the right kind of product, not the right product) and are answered with",
            "what is not covered. How well far-off statements are told apart stands in [abstention.md](abstention.md).",
            "",
            *_understood(found.get("needs_check")),
            *_checked(found.get("abstention_check")),
        ]
    )  # fmt: skip


PUBLIC_WAYS = {
    "plain": "plain BM25 on lower-case words",
    "words": "the engine, by words only",
    "vectors": "the engine, by words and meaning",
}
CHECKED_WAYS = {"words": "by words only", "both": "by words and meaning, as the site answers"}
CHECKED_SHARES = {
    "precision": "precision: of the refused, those without an answer",
    "recall": "recall: of those without an answer, the refused",
    "far": "recall on the far-off",
    "near": "recall on near misses, which share words with digital platforms",
    "answered": "of those with an answer, the answered",
    "unmarked": "of those typed without marks, the rightly judged",
}


def _public(sets: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the section on public retrieval sets."""
    if not sets:
        return []
    lines = [
        "## Public retrieval sets",
        "",
        "Other people's questions and answers, sampled ([what was taken, and the licences](../evaluation/README.md)). They say how",
        "Vietnamese passages are found, not how well products are recommended: categories and `solves` play no part, and nothing",
        "was tuned to them. The samples are small, so compare a number only with the others of its table.",
        "",
    ]
    for one in sets:
        columns = ["", *retrieval_sets.MEASURES]
        columns += [f"without marks: {name}" for name in retrieval_sets.MEASURES]
        rows = [
            [
                PUBLIC_WAYS[way],
                *(_with_interval(of[typed][name]) for typed in TYPED for name in retrieval_sets.MEASURES),
            ]
            for way, of in one["ways"].items()
        ]
        lines += [
            *_table(
                f"{one['title']}: {one['questions']} questions, {one['passages']} passages", columns, rows, level=3
            ),
            f"Licence of the data: {one['licence']}. Source: {one['source']}",
            "",
        ]
    return lines


def _checked(check: Mapping[str, Any] | None) -> list[str]:
    """Return the section on statements that check abstention."""
    if check is None:
        return []
    ways = check["ways"]
    return [
        *_table("Abstention on statements that nothing was fitted to", ["", *(CHECKED_WAYS[way] for way in ways)],
                [[label, *(_with_interval(of[name]) for of in ways.values())] for name, label in CHECKED_SHARES.items()]),
        f"{check['outside']} statements that no product answers and {check['answerable']} that one does (`{check['source']}`), as",
        "offices write them: short and long, informal, misspelt, some without marks. They were written before any answer to them",
        "was seen, and neither the model nor a threshold looks at them. The precision holds for this mix of the two kinds; one",
        "author wrote them all, and that a product answers is judged by its leaf.",
        "",
        *(f"{CHECKED_WAYS[way].capitalize()}: let through {_listed(of['slipped'])}; wrongly refused {_listed(of['lost'])}."
          for way, of in ways.items()),
        "",
    ]  # fmt: skip


UNDERSTOOD = {
    "first": "the category stands first",
    "three": "the category is among the first three",
    "product": "the first product is of the category, or declares it",
}


def _understood(check: Mapping[str, Any] | None) -> list[str]:
    """Return the section on needs that were kept apart."""
    if check is None:
        return []
    ways = [(way, typed) for way in check["ways"] for typed in TYPED]
    columns = [CHECKED_WAYS[way] + (", typed without marks" if typed == "unmarked" else "") for way, typed in ways]
    return [
        *_table("Categories of needs that nothing was learned from", ["", *columns],
                [[label, *(_with_interval(check["ways"][way][typed][name]) for way, typed in ways)]
                 for name, label in UNDERSTOOD.items()]),
        f"{check['needs']} needs, four for each of {check['leaves']} categories (`{check['source']}`), written together with those",
        "the engine knows and then put aside. The weights of its readings were chosen on others, never on these. Each was written",
        "for one category; where two would do, the other counts as wrong.",
        "",
    ]  # fmt: skip


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(ids) or "none"


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], level: int = 2) -> list[str]:
    lines = [f"| {' | '.join(cells)} |" for cells in (columns, *rows)]
    return [f"{'#' * level} {title}", "", lines[0], f"|{'---|' * len(columns)}", *lines[1:], ""]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _with_interval(one: Mapping[str, Any]) -> str:
    if one["interval"] is None:
        return _number(one["value"])
    low, high = one["interval"]
    return f"{one['value']:.3f} ({low:.2f}–{high:.2f})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
