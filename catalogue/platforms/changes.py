"""The catalogue's change sequence: who follows it sees every change, in the order of commits.

A save of anything that a listing shows writes a `Change` in the same transaction; after the commit `changed` is sent.
Bulk updates go past Django's signals: whoever makes one calls `record` too.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import Signal

from catalogue.accounts.models import Organisation
from catalogue.lexicon.models import Abbreviation, Concept, OutsideExample, SynonymGroup

from .models import Category, CategoryPhrase, CategoryRelation, Change, ChangeCounter, Evidence, Platform

changed = Signal()  # after commit; sequence: int, slugs: list[str]
EVERYTHING = ""
_batch: ContextVar[list[str] | None] = ContextVar("batch", default=None)


@transaction.atomic
def record(slugs: Iterable[str]) -> int:
    """Write one change a platform (EVERYTHING for all) and return the last number."""
    wanted = list(dict.fromkeys(slugs))
    batch = _batch.get()
    if batch is not None:
        batch.extend(wanted)
    if batch is not None or not wanted:
        return current_sequence()
    ChangeCounter.objects.filter(pk=1).update(last=F("last") + len(wanted))
    last = ChangeCounter.objects.get(pk=1).last
    first = last - len(wanted) + 1
    Change.objects.bulk_create([Change(sequence=first + at, slug=slug) for at, slug in enumerate(wanted)])
    transaction.on_commit(partial(_announce, last, wanted))
    return last


@contextmanager
def batched() -> Iterator[None]:
    """Hold back the changes of a long piece of work, and write each once at its end. Use inside its transaction."""
    batch: list[str] = []
    token = _batch.set(batch)
    try:
        yield
    finally:
        _batch.reset(token)
    record([EVERYTHING] if EVERYTHING in batch else batch)


def current_sequence() -> int:
    """Return the number of the last committed change, 0 when there was none."""
    return ChangeCounter.objects.values_list("last", flat=True).get(pk=1)


def since(sequence: int) -> tuple[int, list[str]]:
    """Return the last number and the slugs that changed after `sequence`; EVERYTHING among them means just that."""
    rows = list(Change.objects.filter(sequence__gt=sequence).order_by("sequence").values_list("sequence", "slug"))
    return (rows[-1][0] if rows else sequence), list(dict.fromkeys(slug for _, slug in rows))


def latest_of(slug: str, most: int) -> list[datetime]:
    """Return when the platform last changed, latest first."""
    return list(Change.objects.filter(slug=slug).order_by("-sequence").values_list("at", flat=True)[:most])


def _announce(sequence: int, slugs: list[str]) -> None:
    changed.send(Change, sequence=sequence, slugs=slugs)


# A change of these changes how every listing is found.
_KNOWLEDGE = (Category, CategoryPhrase, CategoryRelation, Abbreviation, SynonymGroup, Concept, OutsideExample)


def connect() -> None:
    """Watch the rows that listings are made of."""
    for model in (Platform, Evidence, Organisation, *_KNOWLEDGE):
        for signal in (post_save, post_delete):
            signal.connect(_on_row, sender=model, dispatch_uid=f"change-{model.__name__}")
    m2m_changed.connect(_on_also, sender=Platform.also.through, dispatch_uid="change-also")


def _on_row(sender: type[Any], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if raw:
        return
    if isinstance(instance, Platform):
        record([instance.slug])
    elif isinstance(instance, Evidence):
        record(Platform.objects.filter(pk=instance.platform_id).values_list("slug", flat=True))
    elif isinstance(instance, Organisation):
        record(Platform.objects.filter(vendor=instance.pk).values_list("slug", flat=True))
    else:
        record([EVERYTHING])


def _on_also(sender: type[Any], instance: Any, action: str, **kwargs: Any) -> None:
    if action in ("post_add", "post_remove", "post_clear") and isinstance(instance, Platform):
        record([instance.slug])
