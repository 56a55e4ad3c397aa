"""Find platforms by the words somebody types: with marks or without, to the half-typed word, past small slips.

This is for looking something up in the list. A problem told in sentences is for the recommender, which weighs meaning.
Every process keeps its own index of the public listings in memory and, before it answers, reads what changed since.
"""

from __future__ import annotations

import difflib
import math
import re
import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise

from catalogue.common.text import canonical, fold
from catalogue.lexicon.models import Abbreviation

from . import changes
from .models import Platform

# What a word is worth where it stands. Each place is worth twice the next: a name outranks any summary.
NAME, VENDOR, CATEGORY, SUMMARY, REST = 16, 8, 4, 2, 1
BEGINNING, UNMARKED, LONG_FORM, SLIP = 0.7, 0.8, 0.9, 0.5  # what a match is worth that is not the word itself
SHORTEST_SLIP, LONGEST_SLIP = 4, 24  # letters; with fewer, one letter more or less is another word
SHORT = 3  # a word this short that is a word itself is the beginning of others only in names
MOST_WORDS = 24
ENOUGH = 0.6  # of what was asked for, by rarity, when nothing has all of it
_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-ZĐ])|(?<=[A-Z])(?=[A-Z][a-z])")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"

Matches = dict[int, float]  # primary key of a platform: what the match is worth


@dataclass(frozen=True)
class Answer:
    """Who was found, and how what was typed was understood."""

    scores: Matches
    corrected: tuple[tuple[str, str], ...] = ()  # (typed, meant)
    missing: tuple[str, ...] = ()  # words that stand in no listing
    partial: bool = False  # nothing has every word; these have the most telling ones


@dataclass(frozen=True)
class Listing:
    """How one platform is found. Texts are folded words between single spaces."""

    pk: int
    texts: tuple[tuple[int, str], ...]
    words: Mapping[str, int]


@dataclass
class Term:
    """One thing that was asked for: a word, or the short form of several."""

    typed: str
    matches: Matches
    corrected: str = ""
    rarity: float = field(default=0.0)


class Index:
    """The words of all listings at one number of the change sequence. Never changes; see `current`."""

    def __init__(
        self, sequence: int, listings: Mapping[str, Listing], long_forms: Mapping[str, list[tuple[str, ...]]]
    ) -> None:
        self.sequence = sequence
        self.listings = listings
        self.long_forms = long_forms
        self._by_pk = {listing.pk: listing for listing in listings.values()}
        postings: defaultdict[str, dict[int, int]] = defaultdict(dict)
        for listing in listings.values():
            for word, weight in listing.words.items():
                postings[word][listing.pk] = weight
        self._postings = dict(postings)
        self._vocabulary = sorted(self._postings)

    def search(self, text: str) -> Answer:
        """Return the listings that have every word, or, when none has, those with most of what was asked for."""
        terms = self._read(text)
        if not terms:
            return Answer({})
        corrected = tuple((term.typed, term.corrected) for term in terms if term.corrected)
        missing = tuple(term.typed for term in terms if not term.matches)
        found = set.intersection(*(set(term.matches) for term in terms))
        partial = not found
        if partial:
            found = self._most_of(terms)
        phrase = " ".join(_WORD.findall(fold(canonical(text))))
        scores = {pk: self._score(pk, terms, phrase) for pk in found}
        return Answer(scores, corrected, missing, partial and bool(found))

    def similar(self, word: str, most: int = 3) -> list[str]:
        """Return words of listings that look like this one, as listings write them."""
        plain = fold(canonical(word))
        first = plain[:1]
        near = self._vocabulary[bisect_left(self._vocabulary, first) : bisect_left(self._vocabulary, first + "\uffff")]
        pool = [known for known in near if first and known.isascii() and len(known) >= SHORT]
        return [self._spelling(known) for known in difflib.get_close_matches(plain, pool, most, 0.7)]

    def _read(self, text: str) -> list[Term]:
        """Return what is asked for. The last word may be half typed, unless a space follows it."""
        pieces = text.split()
        terms: list[Term] = []
        for at, piece in enumerate(pieces):
            last = at == len(pieces) - 1 and not text[-1].isspace()
            words = _WORD.findall(canonical(piece))
            long_forms = self.long_forms.get(_compact(piece), [])
            if long_forms:
                terms.append(self._short_form(piece, words, long_forms, beginning=last))
            else:
                terms += [self._word(word, beginning=last and word is words[-1]) for word in words]
        if len(terms) > 1 and len(terms[-1].typed) == 1 and not terms[-1].matches:
            terms.pop()  # one letter of a word to come
        terms = terms[:MOST_WORDS]
        self._join(terms)
        for term in terms:
            term.rarity = math.log(1 + len(self.listings) / (1 + len(term.matches)))
        return terms

    def _word(self, word: str, *, beginning: bool) -> Term:
        plain = fold(word)
        for form, worth in ((word, 1.0), (plain, UNMARKED)):
            found = self._begun(form) if beginning else self._postings.get(form, {})
            if found:
                return Term(word, {pk: weight * worth for pk, weight in found.items()})
        return self._slipped(word, plain, beginning=beginning)

    def _begun(self, word: str) -> Mapping[int, float]:
        """Return the matches of a word that may be half typed. One letter is a word, or the beginning of a name."""
        whole = self._postings.get(word, {})
        if len(word) == 1 and whole:
            return whole
        least = NAME if len(word) == 1 else VENDOR if whole and len(word) <= SHORT else 0
        found: Matches = dict(whole)
        for longer in self._beginning_with(word):
            for pk, weight in self._postings[longer].items():
                if weight >= least:
                    found[pk] = max(found.get(pk, 0), weight * BEGINNING)
        return found

    def _slipped(self, word: str, plain: str, *, beginning: bool) -> Term:
        """Return the matches of the known words that are one slip of the keyboard away."""
        if not SHORTEST_SLIP <= len(plain) <= LONGEST_SLIP or not plain.isascii():
            return Term(word, {})
        near = {other for other in _one_slip_from(plain) if other in self._postings}
        if not near and beginning:
            near = {longer for other in _one_slip_from(plain) for longer in self._beginning_with(other)}
        found: Matches = {}
        for other in near:
            for pk, weight in self._postings[other].items():
                found[pk] = max(found.get(pk, 0), weight * SLIP)
        meant = max(sorted(near), key=lambda other: len(self._postings[other]), default="")
        return Term(word, found, self._spelling(meant) if meant else "")

    def _short_form(self, piece: str, words: list[str], long_forms: list[tuple[str, ...]], *, beginning: bool) -> Term:
        """Return the matches of the short form itself and of every long one, all of whose words a listing must have."""
        found: Matches = {}
        for form, worth in ((tuple(words), 1.0), *((long_form, LONG_FORM) for long_form in long_forms)):
            each = [
                self._begun(word) if beginning and form == tuple(words) else self._postings.get(word, {})
                for word in form
            ]
            together = set.intersection(*map(set, each)) if each else set()
            for pk in together:
                found[pk] = max(found.get(pk, 0), worth * min(matches[pk] for matches in each))
        return Term(piece, found)

    def _join(self, terms: list[Term]) -> None:
        """Let "zalo pay" find what writes itself ZaloPay."""
        for one, other in pairwise(terms):
            joined = self._postings.get(fold(one.typed + other.typed).lower(), {})
            for term in (one, other):
                for pk, weight in joined.items():
                    term.matches[pk] = max(term.matches.get(pk, 0), weight)

    def _most_of(self, terms: list[Term]) -> set[int]:
        asked = sum(term.rarity for term in terms)
        had: defaultdict[int, float] = defaultdict(float)
        for term in terms:
            for pk in term.matches:
                had[pk] += term.rarity
        return {pk for pk, share in had.items() if share >= ENOUGH * asked}

    def _score(self, pk: int, terms: list[Term], phrase: str) -> float:
        """Weigh the words by rarity and place, and again where they stand together; most where they are the name."""
        total = sum(term.rarity * term.matches.get(pk, 0) for term in terms)
        asked = sum(term.rarity for term in terms)
        for weight, text in self._by_pk[pk].texts:
            at = text.find(f" {phrase}")
            if at >= 0:
                return total + asked * weight * (2 if text == f" {phrase} " else 1 if at else 1.5)
        return total

    def _beginning_with(self, word: str) -> Iterator[str]:
        for at in range(bisect_left(self._vocabulary, word), len(self._vocabulary)):
            if not self._vocabulary[at].startswith(word):
                return
            yield self._vocabulary[at]

    def _spelling(self, plain: str) -> str:
        """Return how listings most often write a word that is known without its marks."""
        return max(self._spellings.get(plain, ()), key=lambda form: len(self._postings[form]), default=plain)

    @cached_property
    def _spellings(self) -> Mapping[str, list[str]]:
        """The ways in which listings write each word, by the word without marks."""
        spelt: defaultdict[str, list[str]] = defaultdict(list)
        for form in self._vocabulary:
            if not form.isascii():
                spelt[_plain(form)].append(form)
        return spelt


_index: Index | None = None
_lock = threading.Lock()


def current() -> Index:
    """Return the index of the catalogue as it stands now. Costs one query while nothing has changed."""
    global _index
    known, sequence = _index, changes.current_sequence()
    if known is not None and known.sequence == sequence:
        return known
    with _lock:
        _index = _follow(_index, sequence)
        return _index


def slugs(text: str) -> list[str]:
    """Return the keys of the listings that have every word typed."""
    index = current()
    answer = index.search(text)
    return [] if answer.partial else [slug for slug, listing in index.listings.items() if listing.pk in answer.scores]


def forget() -> None:
    """Read everything anew at the next search: the database is another one."""
    global _index
    with _lock:
        _index = None


def _follow(known: Index | None, sequence: int) -> Index:
    if known is not None and known.sequence <= sequence:
        # What is read below may be newer than `last`; then it is read once more the next time.
        last, slugs = changes.since(known.sequence)
        if changes.EVERYTHING not in slugs:
            kept = {slug: listing for slug, listing in known.listings.items() if slug not in set(slugs)}
            return Index(last, kept | _listings(slugs), known.long_forms)
    return Index(sequence, _listings(), _long_forms())


def _listings(slugs: Iterable[str] | None = None) -> dict[str, Listing]:
    rows = Platform.objects.listed().for_cards()
    if slugs is not None:
        rows = rows.filter(slug__in=list(slugs))
    return {row.slug: _listing(row) for row in rows}


def _listing(row: Platform) -> Listing:
    categories = [row.category, *row.also.all()]
    groups = [row.category.parent] if row.category.parent else []
    places = (
        (NAME, [row.name, _CAMEL.sub(" ", row.name)]),
        (VENDOR, [row.vendor.short_name, row.vendor.name]),
        (CATEGORY, [label for category in [*categories, *groups] for label in (category.label_vi, category.label_en)]),
        (SUMMARY, [row.summary]),
        (REST, [*row.capabilities, *row.solves, row.description]),
    )
    words: dict[str, int] = {}
    texts = []
    for weight, parts in places:
        for part in parts:
            found = _WORD.findall(canonical(part))
            plain = [_plain(word) for word in found]
            texts.append((weight, f" {' '.join(plain)} "))
            glued = ["".join(plain)] if weight >= VENDOR else []
            for word in (*found, *plain, *glued):
                words.setdefault(word, weight)  # the best place comes first
    return Listing(row.pk, tuple(texts), words)


def _long_forms() -> dict[str, list[tuple[str, ...]]]:
    forms: dict[str, list[tuple[str, ...]]] = {}
    for entry in Abbreviation.objects.all():
        meanings = [tuple(_WORD.findall(canonical(meaning))) for meaning in entry.expansions]
        for short in (entry.short, *entry.also):
            forms.setdefault(_compact(short), []).extend(meaning for meaning in meanings if meaning)
    return forms


@lru_cache(maxsize=50_000)
def _plain(word: str) -> str:
    return fold(word)


def _compact(text: str) -> str:
    return "".join(_WORD.findall(fold(canonical(text))))


def _one_slip_from(word: str) -> Iterator[str]:
    """Yield every spelling with one letter left out, swapped with the next, mistaken, or added."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            if tail:
                yield head + letter + tail[1:]
            yield head + letter + tail
