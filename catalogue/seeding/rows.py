"""What every loader of a seed file does with its rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model

from .files import BadSeeds, Problem, Row
from .models import SeedRow

M = TypeVar("M", bound=Model)


@dataclass(slots=True)
class Report:
    """What loading one file did."""

    file: str
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


def changed(report: Report, rows: list[Row], *more: Any, key: str = "key") -> Iterator[Row]:
    """Yield the rows that the file changed since they were loaded last, and remember each once it is loaded.

    more: what else of the file a row depends on.
    """
    known = dict(SeedRow.objects.filter(file=report.file).values_list("key", "digest"))
    for row in rows:
        digest = blake2b(json.dumps([row, *more], sort_keys=True).encode(), digest_size=16).hexdigest()
        if known.get(row[key]) == digest:
            report.unchanged += 1
            continue
        yield row
        SeedRow.objects.update_or_create(file=report.file, key=row[key], defaults={"digest": digest})


def save(model: type[M], report: Report, lookup: dict[str, Any], values: dict[str, Any], key: str) -> M:
    """Add the row or write it over. Raises BadSeeds when the model refuses a value."""
    row = model._default_manager.filter(**lookup).first()
    if row is None:
        row = model(**lookup)
        report.added += 1
    else:
        report.updated += 1
    for name, value in values.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise BadSeeds([Problem(report.file, key, "; ".join(error.messages))]) from error
    row.save()
    return row


def replace(owner: models.Manager[M], wanted: list[dict[str, Any]]) -> None:
    """Make the owner's rows be just these. What stays as it was is not touched, so that it is no change."""
    missing = list(wanted)
    for row in owner.all():
        same = next((values for values in missing if all(getattr(row, name) == values[name] for name in values)), None)
        if same is None:
            row.delete()
        else:
            missing.remove(same)
    for values in missing:
        owner.create(**values)


def check(problems: Iterator[Problem]) -> None:
    found = list(problems)
    if found:
        raise BadSeeds(found)
