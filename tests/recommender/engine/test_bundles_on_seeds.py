"""On the real catalogue, by words alone: two needs of different categories take two products, one category takes one."""

from itertools import islice

import numpy as np
import pytest

from recommender.engine.index import Index
from recommender.engine.pipeline import recommend
from recommender.engine.types import Assurance, Bundle

from .samples import no_vectors
from .seed_catalogue import documents, knowledge

PAIRS = 40


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(documents(), knowledge(), no_vectors)


def pairs():
    """Yield two leaves that have products, any two, always the same."""
    have = {document.category for document in documents() if document.assurance >= Assurance.PUBLIC_RECORD}
    leaves = [leaf for leaf in knowledge().leaves if leaf.key in have and len(leaf.terms) >= 4]
    choose = np.random.default_rng(16)
    while True:
        one, other = choose.choice(len(leaves), 2, replace=False)
        yield leaves[one], leaves[other]


def covered(bundle: Bundle | None) -> set[str]:
    of = (
        {member.document.key: {member.document.category, *member.document.also} for member in bundle.members}
        if bundle
        else {}
    )
    return set().union(*of.values())


def test_two_needs_take_two_products_and_one_need_takes_one(index):
    right = wrong = needless = 0
    for one, other in islice(pairs(), PAIRS):
        first, second = ", ".join(one.terms[:2]), ", ".join(other.terms[:2])
        bundle = recommend(f"Cần {first}; ngoài ra cần thêm {second}.", index).bundle
        right += bundle is not None and one.key in covered(bundle) and other.key in covered(bundle)
        wrong += bundle is not None and not {one.key, other.key} & covered(bundle)
        needless += recommend(f"Cần {first}; ngoài ra cần thêm {', '.join(one.terms[2:4])}.", index).bundle is not None

    assert right >= 0.5 * PAIRS, f"{right} right, {wrong} wrong, {needless} needless"
    assert wrong <= 0.1 * PAIRS
    assert needless <= 0.1 * PAIRS
