"""Whom an open problem could concern: vendors whose vetted products fit are told once, why, and what they do not speak of."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from catalogue.accounts.models import Organisation
from catalogue.notifications.send import notify
from catalogue.problems import telling
from catalogue.problems.models import Problem
from catalogue.problems.states import Visibility

from . import services, store
from .engine.explain import explain
from .engine.index import Index
from .engine.pipeline import recommend, score
from .engine.read import read
from .engine.semantic import Embedder, EmbedderDown
from .engine.types import Assurance, Document, Hit, Required

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fit:
    """A vendor's product that answers a problem best. why: sentences of its listing; missed: requirements it does not meet
    or does not speak of, as the agency wrote them.
    """

    vendor: str
    product: str
    name: str
    why: tuple[str, ...]
    missed: tuple[str, ...]


def tell(now: datetime) -> int:
    """Tell the vendors of every open problem, and return how many notices were asked for. Who was told is not told again."""
    told = 0
    for problem in Problem.objects.open(now).exclude(visibility=Visibility.MINISTRY).prefetch_related("requirements"):
        with transaction.atomic():
            told += sum(_tell(problem, fit, now) for fit in fits(problem))
    return told


def _tell(problem: Problem, fit: Fit, now: datetime) -> int:
    """Tell those who write for a vendor, where it may read the problem and has no part in it yet."""
    vendor = Organisation.objects.filter(key=fit.vendor)
    if not telling.may_read(vendor, problem) or telling.concerned(problem).filter(key=fit.vendor).exists():
        return 0
    writers = telling.writers(vendor)
    for user in writers:
        notify(
            "problem_fits", to=user, about=f"problem:{problem.pk}:fits:{fit.vendor}", at=now,
            title=problem.title, slug=problem.slug, product=fit.name, why=list(fit.why), missed=list(fit.missed),
        )  # fmt: skip
    return len(writers)


def fits(problem: Problem) -> list[Fit]:
    """Return of each vendor the vetted product that fits best, best first; empty where the engine abstains."""
    index = store.store().current()
    embedder = services.embedder_of(index)
    try:
        return list(_fits(problem, index, embedder))
    except EmbedderDown as trouble:
        logger.warning("no vector for a problem; matched by words alone", extra={"trouble": str(trouble)})
        return list(_fits(problem, index, None))


def _fits(problem: Problem, index: Index, embedder: Embedder | None) -> Iterator[Fit]:
    said = "\n".join((problem.title, problem.outcome, problem.today))[: settings.STATEMENT_MAX_LENGTH]
    found = recommend(
        said, index, embedder, required=Required(), min_assurance=Assurance.VETTED, top=services.MOST_RESULTS
    )
    best: dict[str, Hit] = {}
    for hit in () if found.abstained else found.results:
        best.setdefault(hit.document.vendor, hit)
    for vendor, hit in best.items():
        document = hit.document
        why = tuple(reason.text for reason in hit.reasons if reason.field != "category")
        missed = tuple(one.text for one in problem.requirements.all() if _misses(document, one.text, index, embedder))
        yield Fit(vendor, document.key, document.name, why, missed)


def _misses(document: Document, requirement: str, index: Index, embedder: Embedder | None) -> bool:
    """Say whether something of a requirement stands nowhere in the listing, read as a statement of its own."""
    scored = score(read(requirement, index.expander), index, embedder)
    _, unmet = explain(document, scored.statement, scored.query, meant=scored.meant)
    return bool(unmet)
