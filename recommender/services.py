"""The recommender's use cases: answer a statement and record it, keep the index in step."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from prometheus_client import Counter, Histogram

from catalogue.common.errors import DomainError
from catalogue.platforms import changes

from . import store, vectors
from .answer import required_from_json, required_to_json, to_json
from .engine.index import Index
from .engine.pipeline import recommend
from .engine.read import clean
from .engine.semantic import Embedder, EmbedderDown
from .engine.types import Assurance, Required
from .engine.whynot import WhyNot, explain_absence
from .models import Run

logger = logging.getLogger(__name__)
ANSWERS = Counter("recommendations", "Statements answered", ["outcome"])
ANSWER_SECONDS = Histogram("recommendation_seconds", "Time to answer a statement", buckets=(0.01, 0.03, 0.1, 0.3, 1, 3))
SHORTEST = 3  # letters or digits; less cannot be a problem
MOST_RESULTS = 50
FEW = 20  # platforms whose vectors may be made inside a request, when there is no worker


class StatementRefused(DomainError):
    """The text cannot be a statement of a problem."""

    code = "statement_refused"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an agency asks. Raises nothing; `check` does.

    parent: the run that this one asks again with other requirements, "" for a question of its own.
    """

    statement: str
    top: int = 10
    min_assurance: Assurance = Assurance.PUBLIC_RECORD
    required: Required = field(default_factory=Required)
    parent: str = ""

    @classmethod
    def again(cls, run: Run) -> Asked:
        """Return what was asked in a run, to be asked again."""
        required = required_from_json(run.required)
        return cls(run.statement, run.top, Assurance.parse(run.min_assurance), required, str(run.pk))


def check(statement: str) -> str:
    """Return the statement, cleaned of what cannot be seen. Raises StatementRefused with a sentence for people."""
    text = clean(statement.replace("\r\n", "\n")).strip()
    if not text:
        raise StatementRefused(_("Hãy viết bài toán của cơ quan bạn vào ô này."))
    if len(text) > settings.STATEMENT_MAX_LENGTH:
        raise StatementRefused(
            ngettext_lazy(
                "Bài toán dài quá %(most)d ký tự; hãy tóm lại phần cần giải quyết.",
                "Bài toán dài quá %(most)d ký tự; hãy tóm lại phần cần giải quyết.",
                settings.STATEMENT_MAX_LENGTH,
            )
            % {"most": settings.STATEMENT_MAX_LENGTH}
        )
    if sum(char.isalnum() for char in text) < SHORTEST:
        raise StatementRefused(_("Hãy viết ít nhất vài từ: ai gặp vấn đề gì, cần đạt điều gì."))
    return text


def answer(asked: Asked) -> dict[str, Any]:
    """Answer a statement, unrecorded: the shape of `recommend --json`."""
    statement = check(asked.statement)
    started = time.perf_counter()
    index = store.store().current()
    find = partial(
        recommend, statement, index, required=asked.required, min_assurance=asked.min_assurance, top=asked.top
    )
    try:
        found = find(embedder_of(index))
    except EmbedderDown as trouble:
        logger.warning("no vector for a statement; answered by words alone", extra={"trouble": str(trouble)})
        found = find(None)
    seconds = time.perf_counter() - started
    ANSWER_SECONDS.observe(seconds)
    ANSWERS.labels("abstained" if found.abstained else "answered").inc()
    given = to_json(statement, found, index, asked.required, round(seconds * 1000, 1))
    return {**given, "parent": asked.parent or None}


def embedder_of(index: Index) -> Embedder | None:
    """Return the embedder whose vectors the index holds, None when there is no such pair."""
    embedder = vectors.embedder()
    return embedder if embedder is not None and embedder.name == index.stamp.model else None


def answer_and_record(asked: Asked) -> Run:
    """Answer a statement and keep the answer."""
    given = answer(asked)
    return Run.objects.create(
        statement=given["query"],
        top=asked.top,
        min_assurance=asked.min_assurance.key,
        required=required_to_json(asked.required),
        engine=given["engine"],
        abstained=given["abstained"],
        answer=given,
        took_ms=given["took_ms"],
    )


def why_not(run: Run, slug: str) -> WhyNot:
    """Say why a platform is not in the answer of a run, asked again of the catalogue as it stands."""
    asked = Asked.again(run)
    index = store.store().current()
    find = partial(
        explain_absence, slug, asked.statement, index,
        required=asked.required, min_assurance=asked.min_assurance, top=asked.top, most=MOST_RESULTS,
    )  # fmt: skip
    try:
        return find(embedder_of(index))
    except EmbedderDown as trouble:
        logger.warning("no vector for a statement; answered by words alone", extra={"trouble": str(trouble)})
        return find(None)


def follow_catalogue(slugs: list[str]) -> None:
    """Make the vectors that these platforms still lack, then let this process's index take in every change."""
    if store.fill_vectors(slugs):
        changes.record(slugs, [])  # the listings read differently now: everyone who follows takes them in again
    store.store().current()


def announce(slugs: list[str], send: Callable[[list[str]], Any]) -> None:
    """Tell the workers of a change. Without a broker the next answer still reads it, so nothing is lost."""
    if settings.CELERY_TASK_ALWAYS_EAGER and (changes.EVERYTHING in slugs or len(slugs) > FEW):
        return  # minutes of work in this very process: `build_index` does it
    try:
        send(slugs)
    except Exception:  # noqa: BLE001 (any broker trouble: the change itself is committed and will be seen)
        logger.warning("the broker does not answer; the index follows at the next answer")
