"""The real seed catalogue as the engine's documents and knowledge, read without a database."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from recommender.engine.types import Abbreviation, Assurance, Document, Knowledge, Leaf, Synonyms

SEEDS = Path(__file__).parents[3] / "seeds"


def read(name: str) -> Any:
    return yaml.load((SEEDS / name).read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe)


@cache
def documents() -> tuple[Document, ...]:
    """Return every product, ordered by key."""
    rows = sorted(read("platforms.yaml")["platforms"], key=lambda row: row["key"])
    return tuple(
        Document(
            key=row["key"],
            name=row["name"],
            vendor=row["vendor"],
            vendor_name=row["vendor"],
            category=row["category"],
            also=tuple(sorted(row.get("also") or ())),
            summary=row["summary"],
            description=row["description"],
            capabilities=tuple(row["capabilities"]),
            solves=tuple(row["solves"]),
            customers=tuple(row["customers"]),
            deployment=tuple(row["deployment"]),
            assurance=Assurance.PUBLIC_RECORD if row["evidence"] else Assurance.LISTED,
            available=row["status"] != "discontinued",
        )
        for row in rows
    )


@cache
def knowledge() -> Knowledge:
    needs = read("leaf_needs.yaml")["leaves"]
    leaves = [leaf for group in read("categories.yaml")["categories"] for leaf in group["leaves"]]
    return Knowledge(
        tuple(
            Leaf(
                leaf["key"],
                leaf["label"]["vi"],
                tuple(needs.get(leaf["key"], {}).get("needs", ())),
                tuple(needs.get(leaf["key"], {}).get("terms", ())),
                tuple((other["leaf"], other["weight"]) for other in needs.get(leaf["key"], {}).get("related", ())),
            )
            for leaf in sorted(leaves, key=lambda leaf: leaf["key"])
        ),
        tuple(
            Abbreviation(
                spelling,
                tuple(row["expansions"]),
                {meaning: tuple(words) for meaning, words in (row.get("contexts") or {}).items()},
                row.get("default"),
            )
            for row in read("abbreviations.yaml")["abbreviations"]
            for spelling in [row["short"], *(row.get("also") or ())]
        ),
        tuple(row["text"] for row in read("out_of_scope.yaml")["statements"]),
        (
            *(
                Synonyms(tuple(row["terms"]), tuple(row["terms"]), close=row["kind"] != "related")
                for row in read("synonyms.yaml")["groups"]
            ),
            *(
                Synonyms(tuple(row[one]), tuple(row[other]), close=False)
                for row in read("concepts.yaml")["concepts"]
                for one, other in (("problem", "capability"), ("capability", "problem"))
            ),
        ),
    )
