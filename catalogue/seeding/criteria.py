"""Sets of criteria: a version is added once, and then only read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from catalogue.platforms.models import Category
from catalogue.vetting.criteria import CriteriaSet, Criterion

from .files import BadSeeds, Problem, Row, unique
from .rows import Report, check

_DAYS = ("valid_from", "valid_to", "basis_from", "basis_to")


def load_criteria(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    """Add the versions that are new. Raises BadSeeds when one that is here already reads otherwise in the file."""
    rows: list[Row] = [{**row, "name": f"{row['key']} {row['version']}"} for row in content["sets"]]
    check(_problems(report.file, rows))
    groups = dict(Category.objects.groups().values_list("key", "pk"))
    known = {(one.key, one.version): one for one in CriteriaSet.objects.prefetch_related("criteria")}
    for row in rows:
        values = _dated({**row, "group_id": groups[row["group"]] if row["group"] else None})
        criteria = [_dated({**one, "position": at}) for at, one in enumerate(values.pop("criteria"))]
        for name in ("group", "name"):
            del values[name]
        here = known.get((row["key"], row["version"]))
        if here is None:
            _add(CriteriaSet, values, criteria, report.file, row["name"])
            report.added += 1
            continue
        check(_differences(here, values, criteria, report.file, row["name"]))
        report.unchanged += 1


def _problems(file: str, rows: list[Row]) -> Iterator[Problem]:
    groups = set(Category.objects.groups().values_list("key", flat=True))
    yield from unique(file, rows, "name")
    group_of: dict[str, str | None] = {}
    set_of: dict[str, str] = {}
    for row in rows:
        if row["group"] not in {None, *groups}:
            yield Problem(file, row["name"], f"group {row['group']!r} is not a group of the categories")
        if group_of.setdefault(row["key"], row["group"]) != row["group"]:
            yield Problem(file, row["name"], "stands for another group than an earlier version did")
        yield from unique(file, row["criteria"])
        for one in row["criteria"]:
            # A renewal finds the earlier answer by the key, so it asks one thing in one set.
            if set_of.setdefault(one["key"], row["key"]) != row["key"]:
                yield Problem(file, row["name"], f"criterion {one['key']!r} stands in {set_of[one['key']]!r} too")
    sets_of: defaultdict[str | None, set[str]] = defaultdict(set)
    for key, group in group_of.items():
        sets_of[group].add(key)
    for group, keys in sets_of.items():
        if len(keys) > 1:
            yield Problem(file, str(group or "-"), f"has more than one set: {', '.join(sorted(keys))}")


def _dated(row: Row) -> Row:
    return {name: date.fromisoformat(value) if value and name in _DAYS else value for name, value in row.items()}


def _add(model: type[CriteriaSet], values: Row, criteria: list[Row], file: str, key: str) -> None:
    one = model(**values)
    try:
        one.full_clean()
        one.save()
        for row in criteria:
            criterion = Criterion(criteria_set=one, **row)
            criterion.full_clean()
            criterion.save()
    except ValidationError as error:
        raise BadSeeds([Problem(file, key, "; ".join(error.messages))]) from error


def _differences(here: CriteriaSet, values: Row, criteria: list[Row], file: str, key: str) -> Iterator[Problem]:
    """Yield what the file would change of a version that decisions may already rest on."""
    changed = [name for name, value in values.items() if getattr(here, name) != value]
    kept = {one.key: one for one in here.criteria.all()}
    changed += [f"-{name}" for name in kept.keys() - {row["key"] for row in criteria}]
    for row in criteria:
        one = kept.get(row["key"])
        if one is None:
            changed.append(f"+{row['key']}")
        else:
            changed += [f"{row['key']}.{name}" for name, value in row.items() if getattr(one, name) != value]
    if changed:
        said = ", ".join(sorted(changed))
        yield Problem(file, key, f"is loaded already and never changes ({said}): write a new version")
