"""The catalogue's change sequence: who follows it sees every change, in the order of commits.

A save of anything that a listing shows writes a `Change` in the same transaction; after the commit `changed` is sent.
It says what of the listing changed, so that readers can be told. Bulk updates go past Django's signals: whoever makes
one calls `record` too, with what changed where that is known.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import Signal
from django.utils import timezone

from catalogue.accounts.models import Organisation
from catalogue.lexicon.models import Abbreviation, Concept, OutsideExample, SynonymGroup

from . import changed_fields, originals
from .models import Category, CategoryPhrase, CategoryRelation, Change, ChangeCounter, Evidence, Platform
from .packages import Package
from .particulars import PlatformConnection

changed = Signal()  # after commit; sequence: int, slugs: list[str]
EVERYTHING = ""
Fields = Iterable[str] | None  # what a reader sees changed, None: nobody knows; see Change.fields
_batch: ContextVar[dict[str, set[str] | None] | None] = ContextVar("batch", default=None)


@dataclass(frozen=True, slots=True)
class Moment:
    """When a listing changed, and what of it; None where nobody knows."""

    at: datetime
    fields: list[str] | None


def record(slugs: Iterable[str], fields: Fields = None) -> int:
    """Write one change a platform (EVERYTHING for all) and return the last number."""
    known = None if fields is None else set(fields)
    return _record(dict.fromkeys(slugs, known))


@transaction.atomic
def _record(wanted: Mapping[str, set[str] | None]) -> int:
    batch = _batch.get()
    if batch is not None:
        for slug, fields in wanted.items():
            before = batch.get(slug, set())
            batch[slug] = None if fields is None or before is None else fields | before
    if batch is not None or not wanted:
        return current_sequence()
    ChangeCounter.objects.filter(pk=1).update(last=F("last") + len(wanted))
    last = ChangeCounter.objects.get(pk=1).last
    first = last - len(wanted) + 1
    Change.objects.bulk_create([
        Change(sequence=first + at, slug=slug, fields=None if fields is None else sorted(fields))
        for at, (slug, fields) in enumerate(wanted.items())
    ])  # fmt: skip
    transaction.on_commit(partial(_announce, last, list(wanted)))
    return last


@contextmanager
def batched() -> Iterator[None]:
    """Hold back the changes of a long piece of work, and write each once at its end. Use inside its transaction."""
    batch: dict[str, set[str] | None] = {}
    token = _batch.set(batch)
    try:
        yield
    finally:
        _batch.reset(token)
    _record({EVERYTHING: None} if EVERYTHING in batch else batch)


def current_sequence() -> int:
    """Return the number of the last committed change, 0 when there was none."""
    return ChangeCounter.objects.values_list("last", flat=True).get(pk=1)


def since(sequence: int) -> tuple[int, list[str]]:
    """Return the last number and the slugs that changed after `sequence`; EVERYTHING among them means just that."""
    rows = list(Change.objects.filter(sequence__gt=sequence).order_by("sequence").values_list("sequence", "slug"))
    return (rows[-1][0] if rows else sequence), list(dict.fromkeys(slug for _, slug in rows))


def latest_of(slug: str, most: int) -> list[Moment]:
    """Return when the platform last changed for a reader, latest first."""
    rows = Change.objects.filter(slug=slug).exclude(fields=[]).order_by("-sequence")
    return [Moment(at, fields) for at, fields in rows.values_list("at", "fields")[:most]]


def _announce(sequence: int, slugs: list[str]) -> None:
    changed.send(Change, sequence=sequence, slugs=slugs)


_FIELDS = {
    Evidence: changed_fields.EVIDENCE,
    Package: changed_fields.PACKAGES,
    PlatformConnection: changed_fields.CONNECTIONS,
}
# A change of these changes how every listing is found.
_KNOWLEDGE = (Category, CategoryPhrase, CategoryRelation, Abbreviation, SynonymGroup, Concept, OutsideExample)


def connect() -> None:
    """Watch the rows that listings are made of."""
    for sender in (Platform, Organisation):
        pre_save.connect(_before_row, sender=sender, dispatch_uid=f"before-change-{sender.__name__}")
    for model in (Platform, Evidence, Package, PlatformConnection, Organisation, *_KNOWLEDGE):
        for signal in (post_save, post_delete):
            signal.connect(_on_row, sender=model, dispatch_uid=f"change-{model.__name__}")
    m2m_changed.connect(_on_also, sender=Platform.also.through, dispatch_uid="change-also")


def _before_row(sender: type[Any], instance: Any, raw: bool = False, update_fields: Fields = None, **kw: Any) -> None:
    """Note on the row what its save is about to change, for the change that is written after it."""
    found = [] if raw else changed_fields.of_save(instance)
    instance._changing = [name for name in found if update_fields is None or name in update_fields]


def _on_row(sender: type[Any], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if raw:
        return
    if isinstance(instance, Platform):
        _on_platform(instance, **kwargs)
    elif isinstance(instance, Evidence | Package | PlatformConnection):
        record(_once_public(pk=instance.platform_id), [_FIELDS[type(instance)]])
    elif isinstance(instance, Organisation):
        record(_once_public(vendor=instance.pk), [changed_fields.VENDOR] if _taken(instance) else [])
    else:
        record([EVERYTHING])


def _taken(instance: Any) -> list[str]:
    """Return what was noted before the save, once: a deletion that follows changes nothing that is still there."""
    return instance.__dict__.pop("_changing", [])


def _once_public(**which: Any) -> list[str]:
    """Return the slugs of these platforms that are or were listed: a draft changes nothing that anybody follows."""
    return list(Platform.objects.filter(listed_at__isnull=False, **which).values_list("slug", flat=True))


def _on_platform(platform: Platform, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
    """Write down who said it first, from the day it is public, before anybody is told to read the listing again."""
    changing = originals.TEXTS | {"listed_at"}
    said = kwargs["signal"] is post_save and (update_fields is None or not changing.isdisjoint(update_fields))
    with transaction.atomic():
        if said and platform.listed_at:
            originals.note(platform, now=timezone.now())
        record([platform.slug] if platform.listed_at else [], _taken(platform))


def _on_also(sender: type[Any], instance: Any, action: str, **kwargs: Any) -> None:
    if action in ("post_add", "post_remove", "post_clear") and isinstance(instance, Platform):
        record(_once_public(pk=instance.pk), [changed_fields.ALSO])
